"""Organisations that took part in something: who is named as an organiser, or as an institution of an exchange."""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, func, select, true, union
from sqlalchemy.orm import Session

from tracker.domain.activities import Kind, Side
from tracker.domain.figures import Partner, Scope
from tracker.store.activity_rows import ActivityRow
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, held_by_us, key_of, things

BLOCK = "partners"


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:  # noqa: ARG001 -- as every block has it
    """One row for each organisation that a held activity of our own names, though it be named twice there."""
    chosen = (held_by_us(), asked_for(scope), spans.is_now)
    organisers = things(ActivityRow.organisers)
    institutions = things(ActivityRow.details, "$.institutions")
    named = union(
        select(ActivityRow.id, *_named(organisers.c.value)).join(organisers, true()).where(*chosen),
        select(ActivityRow.id, *_named(institutions.c.value))
        .join(institutions, true())
        .where(ActivityRow.kind == Kind.EXCHANGE.value, *chosen),
    ).subquery()
    return select(named.c.id, named.c.name, named.c.side)


def _named(value: Any) -> tuple[Any, Any]:
    return value["name"].as_string().label("name"), value["side"].as_string().label("side")


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    each = contributions(scope, spans).subquery()
    return select(each.c.name, each.c.side, func.count().label("activities")).group_by(each.c.name, each.c.side)


def partner_figures(session: Session, scope: Scope, spans: Spans) -> tuple[Partner, ...]:
    found = [
        Partner(
            key=key_of(BLOCK, name=row.name, side=row.side), name=row.name, side=Side(row.side),
            activities=row.activities,
        )
        for row in session.execute(_query(*alike(scope, spans)), spans.days)
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.activities, one.name, one.side)))
