"""How many activities: by kind, sub-kind, twin, direction, month and status, one query for all of them.

The database counts the finest cells, of which there are few however many activities there are; they are added up here.
Twins stand apart, since an activity with two of them counts with each.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Row, Select, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.activities import Direction, Kind, Status
from tracker.domain.figures import (
    ActivityFigures,
    ByDirection,
    ByKind,
    ByMonth,
    ByStatus,
    BySubtype,
    ByTwin,
    Number,
    Scope,
)
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, beside, held_by_us, key_of, own

BLOCK = "activities"
_DIMENSIONS = ("own", "status", "kind", "subtype", "direction", "month", "twin")
_HELD = {"own": "yes", "status": Status.HELD}


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:
    """One row for an activity that counts in either span; with the dimension `twin` one for each of its twins."""
    query = select(
        ActivityRow.id, own(), ActivityRow.status, ActivityRow.kind, ActivityRow.subtype, ActivityRow.direction,
        func.coalesce(ActivityRow.begins_month, "").label("month"), *spans.both,
    ).where(asked_for(scope), spans.either)  # fmt: skip
    if "twin" in dimensions:
        query = beside(query.add_columns(ActivityTwinRow.twin), ActivityTwinRow, spans.of_either(ActivityTwinRow))
        if scope.twins:  # of another twin these would be a part only: what it did together with one of them
            query = query.where(ActivityTwinRow.twin.in_(scope.twins))
    return query


def activity_figures(session: Session, scope: Scope, spans: Spans) -> ActivityFigures:
    rows = session.execute(_query(*alike(scope, spans)), spans.days).all()
    cells = [row for row in rows if row.twin == ""]
    held = _Cells(spans, [row for row in cells if row.own == "yes" and row.status == Status.HELD], _HELD)
    ours = _Cells(spans, [row for row in cells if row.own == "yes"], {"own": "yes"})
    others = [row for row in cells if row.own == "no" and row.status == Status.HELD]
    with_twins = _Cells(spans, [row for row in rows if row.twin != ""], _HELD)
    return ActivityFigures(
        held=held.all(),
        others=_Cells(spans, others, {"own": "no", "status": Status.HELD}).all(),
        by_status=tuple(ByStatus(status=Status(s), number=n) for (s,), n in ours.by("status", order=tuple(Status))),
        by_kind=tuple(ByKind(kind=Kind(k), number=n) for (k,), n in held.by("kind", order=tuple(Kind))),
        by_subtype=tuple(
            BySubtype(kind=Kind(k), subtype=s, number=n) for (k, s), n in held.by("kind", "subtype", order=tuple(Kind))
        ),
        by_twin=tuple(ByTwin(twin=t, number=n) for (t,), n in with_twins.by("twin")),
        by_direction=tuple(
            ByDirection(direction=Direction(d), number=n) for (d,), n in held.by("direction", order=tuple(Direction))
        ),
        by_month=tuple(ByMonth(month=m or None, number=n) for (m,), n in held.by("month")),
    )


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> CompoundSelect[*tuple[Any, ...]]:
    """The cells of all activities, and below them those of each twin."""
    cell = contributions(scope, spans).cte("cell")
    names = [cell.c[name] for name in _DIMENSIONS[:-1]]
    cells = select(*names, literal("").label("twin"), *_sums(cell)).group_by(*names)
    each = contributions(scope, spans, {"twin"}).where(held_by_us()).subquery()
    alike = [literal(text).label(name) for name, text in _HELD.items()]
    blank = [literal("").label(name.name) for name in names[2:]]
    return union_all(cells, select(*alike, *blank, each.c.twin, *_sums(each)).group_by(each.c.twin))


def _sums(cell: FromClause) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return func.sum(cell.c.now).label("now"), func.sum(cell.c.before).label("before")


class _Cells:
    """Cells of one sort, with the dimensions that all of them share."""

    def __init__(self, spans: Spans, rows: Sequence[Row[Any]], shared: Mapping[str, str]) -> None:
        self.spans, self.rows, self.shared = spans, rows, shared

    def all(self) -> Number:
        return self._number({}, sum(row.now for row in self.rows), sum(row.before for row in self.rows))

    def by(self, *names: str, order: Sequence[str] = ()) -> list[tuple[tuple[str, ...], Number]]:
        """The numbers by some dimensions: the first of them in the given order, the rest as texts; empty ones last."""
        now, before = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
        # Looked up by place: there are a thousand cells, and they are gone through for each of the tables.
        places, numbers = [_DIMENSIONS.index(name) for name in names], len(_DIMENSIONS)
        for row in self.rows:
            values = tuple([row[place] for place in places])
            now[values] += row[numbers]
            before[values] += row[numbers + 1]

        def place(values: tuple[str, ...]) -> tuple[Any, ...]:
            return (order.index(values[0]) if order else 0, *((value == "", value) for value in values))

        return [
            (values, self._number(dict(zip(names, values, strict=True)), now[values], before[values]))
            for values in sorted(now, key=place)
        ]

    def _number(self, more: Mapping[str, str], now: int, before: int) -> Number:
        return self.spans.number(key_of(BLOCK, **self.shared, **more), int(now), int(before))
