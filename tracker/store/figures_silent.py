"""Twins with which there was nothing in the span: nothing that may have begun in it, and nothing that went on.

Whose activity it was and whether anybody has confirmed it makes no difference here, nor what a report asks for besides
twins: a city is not silent because what was done with it is left out of a report.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, false, func, select, union
from sqlalchemy.orm import Session

from tracker.domain.activity_matters import PLANNED_LINK, TOOK_PLACE
from tracker.domain.figures import Scope, Silent
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow
from tracker.store.figures_scope import KEPT, Spans, alike, carried, day, may_be_read
from tracker.store.twins import TwinRow

_WIDTH = 17
"""Of the part of a sort key that every date has."""


def silent_figures(session: Session, scope: Scope, spans: Spans, heard_of: Collection[str] = ()) -> tuple[Silent, ...]:
    """Of all twins but those `heard_of`, with which there was something for sure; most often that leaves few to ask."""
    asked = {**spans.days, "heard_of": sorted(heard_of)}
    rows = session.execute(_query(*alike(scope, spans)), asked).all()
    return tuple(Silent(twin=row.slug, last=start_of(row.last)) for row in sorted(rows, key=lambda row: row.slug))


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, _spans: Spans) -> Select[*tuple[Any, ...]]:
    # Told once each: what a database need not expect to be long, it keeps and looks up.
    alive = union(*(_with_twin(scope).where(one).distinct() for one in (_may_begin(), *carried())))
    last = (
        _with_twin(scope)
        .with_only_columns(func.max(newest()))
        .where(ActivityTwinRow.twin == TwinRow.slug, ActivityRow.begins_by < day("now_first"))
        .correlate(TwinRow)
        .scalar_subquery()
    )
    # A CASE keeps the order: by itself a database would look who is alive before it drops those heard of.
    unheard = case((TwinRow.slug.in_(bindparam("heard_of", expanding=True)), false()), else_=TwinRow.slug.not_in(alive))
    query = select(TwinRow.slug, last.label("last")).where(TwinRow.link != PLANNED_LINK, unheard)
    if scope.twins:
        query = query.where(TwinRow.slug.in_(scope.twins))
    return query.order_by(TwinRow.slug)


def newest() -> ColumnElement[str]:
    """A text whose greatest is that of the activity that began last; `start_of` reads its start from it."""
    return func.substr(ActivityRow.sort_key, 1, _WIDTH) + ActivityRow.start


def start_of(text: str | None) -> str | None:
    return text[_WIDTH:].partition("T")[0] if text else None


def _with_twin(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = select(ActivityTwinRow.twin).join(ActivityRow, ActivityRow.id == ActivityTwinRow.activity_id)
    return query.where(may_be_read(scope), ActivityRow.status.in_(TOOK_PLACE))


def _may_begin() -> ColumnElement[bool]:
    """A record of the year counts in none of its halves, but neither half may be called silent for it."""
    first, year = day("now_first"), day("year_last")
    return and_(
        ActivityRow.begins_by.between(first, year),
        ActivityTwinRow.begins_by.between(first, year),
        ActivityRow.earliest <= day("now_last"),
    )
