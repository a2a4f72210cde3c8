"""Money by purpose, funder and currency: whole cents added by the database, nothing ever converted here."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tracker.domain.figures import MoneyFigures, MoneyLine, Scope
from tracker.store.activity_rows import ActivityRow, MoneyRow
from tracker.store.base import Fixed
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, held_by_us, key_of

BLOCK = "money"


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:  # noqa: ARG001 -- as every block has it
    """One row for each sum that a held activity of our own tells of."""
    return (
        select(ActivityRow.id, MoneyRow.role, MoneyRow.funder, MoneyRow.currency, MoneyRow.amount, *spans.both)
        .join(MoneyRow, MoneyRow.activity_id == ActivityRow.id)
        .where(held_by_us(), asked_for(scope), spans.either, spans.of_either(MoneyRow))
    )


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    each = contributions(scope, spans).subquery()
    label = (each.c.role, each.c.funder, each.c.currency)
    # An activity that names two sums of one line is one activity.
    by_activity = (
        select(*label, each.c.now, each.c.before, func.sum(each.c.amount).label("amount"))
        .group_by(each.c.id, *label, each.c.now, each.c.before)
        .subquery()
    )
    one = by_activity.c
    return select(
        one.role, one.funder, one.currency,
        func.sum(one.amount * one.now, type_=Fixed(2)).label("now"),
        func.sum(one.amount * one.before, type_=Fixed(2)).label("before"),
        func.sum(one.now).label("activities"),
    ).group_by(one.role, one.funder, one.currency)  # fmt: skip


def money_figures(session: Session, scope: Scope, spans: Spans) -> MoneyFigures:
    lines = [
        MoneyLine(
            key=key_of(BLOCK, role=row.role, funder=row.funder, currency=row.currency),
            role=row.role,
            funder=row.funder,
            currency=row.currency,
            now=row.now,
            before=row.before if spans.before else None,
            activities=int(row.activities),
        )
        for row in session.execute(_query(*alike(scope, spans)), spans.days)
    ]
    return MoneyFigures(lines=tuple(sorted(lines, key=lambda line: (line.role, line.funder, line.currency))), rates=())
