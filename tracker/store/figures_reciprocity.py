"""How visits balance: journeys out and guests in of each twin, in the span and over some years that end with it.

An activity may give several numbers of the same people (20 travellers, 15 of them pupils). None are added: those of the
first crowd that it tells of count, travellers before all others, and never those who stayed where they were.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, FromClause, Row, Select, case, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker.domain.activities import Basis, Bound, Direction, Side
from tracker.domain.crowds import crowd_of
from tracker.domain.figures import Crowd, Flow, Reciprocity, Scope, Tally, Visits
from tracker.domain.periods import Period
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow
from tracker.store.figures_people import TRAVELLING, travelling
from tracker.store.figures_scope import (
    KEPT,
    Spans,
    alike,
    asked_for,
    begun,
    beside,
    day,
    held_by_us,
    is_short,
    key_of,
    within,
)
from tracker.store.figures_silent import newest, start_of
from tracker.store.twins import TwinRow

BLOCK = "reciprocity"
_TRAVELLED = (Crowd.TRAVELLERS, Crowd.YOUNG, Crowd.OTHERS, Crowd.HELPERS)
_OVER = (day("over_first"), day("now_last"))
_BOTH_WAYS = (Direction.TO_HUB.value, Direction.FROM_HUB.value, Direction.MUTUAL.value)


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:  # noqa: ARG001 -- as every block has it
    """One row for each visit and each twin it was with or to."""
    query = _visits(scope).where(spans.is_now).add_columns(ActivityRow.id, ActivityTwinRow.twin)
    return beside(query, ActivityTwinRow, spans.of_now(ActivityTwinRow))


def _visits(scope: Scope) -> Select[*tuple[Any, ...]]:
    query = (
        select()
        .select_from(ActivityRow)
        .where(ActivityRow.kind.in_(TRAVELLING), ActivityRow.direction.in_(_BOTH_WAYS), held_by_us(), asked_for(scope))
    )
    return query.where(ActivityTwinRow.twin.in_(scope.twins)) if scope.twins else query


def reciprocity_figures(session: Session, scope: Scope, spans: Spans, years: int) -> tuple[Reciprocity, ...]:
    found: dict[str, list[Row[Any]]] = defaultdict(list)
    over = _over(spans.now, years)
    query = _query(*alike(scope, spans), is_short(over))
    for row in session.execute(query, {**spans.days, "over_first": over.first}):
        if row.part != "earlier" or row.newest:
            found[row.twin].append(row)
    return tuple(_of_twin(scope, twin, years, found[twin]) for twin in sorted(found))


def _over(now: Period, years: int) -> Period:
    first = now
    for _ in range(years - 1):
        first = first.before or first
    return Period(first.first, now.last)


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans, short: bool) -> CompoundSelect[*tuple[Any, ...]]:
    """Visits by twin and direction, people by twin, flow and label, and the last visits where those years had none."""
    now = case((spans.is_now, 1), else_=0).label("now")
    visits = _visits(scope).add_columns(
        ActivityRow.id, ActivityTwinRow.twin, ActivityRow.direction, now, newest().label("newest")
    )
    visits = visits.where(begun(*_OVER, short=short))
    each = beside(visits, ActivityTwinRow, within(ActivityTwinRow, *_OVER)).cte("visit")
    numbers = _numbers(func.sum(each.c.now), func.count(), *[literal(0)] * 6)
    by_way = select(
        literal("visits").label("part"), each.c.twin, each.c.direction.label("way"), literal("").label("of"),
        literal("").label("labels"), *numbers, func.max(each.c.newest).label("newest"),
    ).group_by(each.c.twin, each.c.direction).cte("by_way")  # fmt: skip
    earlier = (_earlier(scope, by_way, way) for way in _BOTH_WAYS[:2])
    return union_all(select(by_way), _people(scope, each), *earlier)


def _people(scope: Scope, visit: FromClause) -> Select[*tuple[Any, ...]]:
    """Sums by label, beside all labels of the activity and way, so that one of them can be chosen."""
    flow = travelling(scope, visit.c.direction).label("flow")
    one = (visit.c.id, visit.c.twin, flow)
    query = (
        select(
            visit.c.twin, visit.c.now, flow, CountRow.of, CountRow.bound, CountRow.value,
            func.aggregate_strings(CountRow.of, "\n").over(partition_by=one).label("labels"),
            func.row_number().over(partition_by=(*one, CountRow.of), order_by=CountRow.place).label("number"),
        )
        .select_from(visit)
    )  # fmt: skip
    came = CountRow.basis == Basis.ACTUAL.value
    each = beside(query, CountRow, came, within(CountRow, *_OVER), to=visit.c.id).subquery()
    gave = case((each.c.number == 1, 1), else_=0)
    sums = [
        func.sum(case((each.c.bound == bound.value, each.c.value * times), else_=0))
        for times in (each.c.now, 1)
        for bound in Bound
    ]
    label = (each.c.twin, each.c.flow, each.c.of, each.c.labels)
    numbers = _numbers(func.sum(gave * each.c.now), func.sum(gave), *sums)
    return select(literal("people"), *label, *numbers, literal("")).group_by(*label)


def _numbers(now: Any, over: Any, *sums: Any) -> list[ColumnElement[Any]]:
    """How many activities, and their people by bound: in the span, and over the years."""
    names = [f"{bound.value}_{when}" for when in ("now", "over") for bound in Bound]
    return [now.label("now"), over.label("over"), *(one.label(name) for one, name in zip(sums, names, strict=True))]


def _earlier(scope: Scope, visits: FromClause, way: str) -> Select[*tuple[Any, ...]]:
    """The newest visit that way of each twin that had none in those years."""
    ways = (way, Direction.MUTUAL.value)
    lately = select(visits.c.twin).where(visits.c.way.in_(ways))
    newest_one = (
        _visits(scope)
        .join(ActivityTwinRow, ActivityTwinRow.activity_id == ActivityRow.id)
        .add_columns(func.max(newest()))
        .where(ActivityTwinRow.twin == TwinRow.slug, ActivityRow.direction.in_(ways))
        .where(ActivityRow.begins_by < _OVER[0])
        .correlate(TwinRow)
        .scalar_subquery()
    )
    zero = [literal(0)] * 8
    query = select(literal("earlier"), TwinRow.slug, literal(way), *[literal("")] * 2, *zero, newest_one)
    query = query.where(TwinRow.slug.not_in(lately))
    return query.where(TwinRow.slug.in_(scope.twins)) if scope.twins else query


def _of_twin(scope: Scope, twin: str, years: int, rows: list[Row[Any]]) -> Reciprocity:
    people = [row for row in rows if row.part == "people" and row.of == _told(row.labels)]
    out, into = _BOTH_WAYS[:2] if scope.viewpoint is Side.TWIN else _BOTH_WAYS[1::-1]
    visits = [row for row in rows if row.part == "visits"]

    def balance(when: str) -> Visits:
        return Visits(
            out=sum(int(getattr(row, when)) for row in _way(visits, out)),
            into=sum(int(getattr(row, when)) for row in _way(visits, into)),
            people_out=_tally([row for row in people if row.way == Flow.OUT], when),
            people_in=_tally([row for row in people if row.way == Flow.IN], when),
        )

    last = {way: max((row.newest for row in _way(rows, way) if row.newest), default=None) for way in (out, into)}
    return Reciprocity(
        key=key_of(BLOCK, twin=twin),
        twin=twin,
        now=balance("now"),
        years=years,
        over_years=balance("over"),
        last_out=start_of(last[out]),
        last_in=start_of(last[into]),
    )


def _way(rows: list[Row[Any]], way: str) -> Iterator[Row[Any]]:
    """Visits one way; those both ways are among them."""
    return (row for row in rows if row.part != "people" and row.way in (way, Direction.MUTUAL))


@lru_cache(maxsize=4096)
def _told(labels: str) -> str | None:
    """Which of an activity's labels says how many travelled; None where all stayed."""
    going = [label for label in labels.split("\n") if crowd_of(label) in _TRAVELLED]
    return min(going, key=lambda label: (_TRAVELLED.index(crowd_of(label)), label), default=None)


def _tally(rows: list[Row[Any]], when: str) -> Tally:
    sums = {bound.value: sum(int(getattr(row, f"{bound.value}_{when}")) for row in rows) for bound in Bound}
    return Tally(**sums, activities=sum(int(getattr(row, when)) for row in rows))
