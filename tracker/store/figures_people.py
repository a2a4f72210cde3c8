"""How many people, each label by itself (R9): nothing is added but what bears the same word, side, flow and basis.

Which crowd a word belongs to is asked when the sums are there, since only the domain knows; so whoever stayed where
they were is put under no flow here, whatever direction the activity had.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    FromClause,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from tracker.domain.activities import Basis, Bound, Direction, Kind, Side, Status
from tracker.domain.crowds import STAYED, crowd_of
from tracker.domain.figures import Crowd, Flow, PeopleFigures, PeopleLine, Scope, Tally
from tracker.store.activity_rows import ActivityRow, CountRow
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, beside, held_by_us, key_of, own

BLOCK = "people"
WITHOUT = "without_numbers"
TRAVELLING = (Kind.EXCHANGE.value, Kind.FESTIVAL.value, Kind.DELEGATION.value)
"""The kinds whose direction is that of people: goods are sent, and a message of greeting has a direction, too."""


_CROWDS = {crowd: place for place, crowd in enumerate(Crowd)}
_BASES = {basis: place for place, basis in enumerate(Basis)}
_FLOWS = {flow: place for place, flow in enumerate(Flow)}


def travelling(scope: Scope, direction: Any) -> ColumnElement[str]:
    """Who travelled, from the report's side. A number of those who were visited is no number of travellers."""
    away, home = (Side.TWIN, Side.HUB) if scope.viewpoint is Side.TWIN else (Side.HUB, Side.TWIN)
    out, into = (Direction.TO_HUB, Direction.FROM_HUB)[:: 1 if away is Side.TWIN else -1]
    side = func.coalesce(CountRow.side, "")
    return case(
        (direction == Direction.NONE.value, Flow.NONE.value),
        (direction == Direction.ELSEWHERE.value, Flow.ELSEWHERE.value),
        (and_(direction == out.value, side != home.value), Flow.OUT.value),
        (and_(direction == into.value, side != away.value), Flow.IN.value),
        (direction != Direction.MUTUAL.value, Flow.NONE.value),
        (side == away.value, Flow.OUT.value),
        (side == home.value, Flow.IN.value),
        else_=Flow.MUTUAL.value,
    )


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:
    """One row for each number that a held activity gives."""
    if WITHOUT in dimensions:
        return without_numbers(scope, spans)
    flow = case((ActivityRow.kind.in_(TRAVELLING), travelling(scope, ActivityRow.direction)), else_=Flow.NONE.value)
    query = (
        select(
            ActivityRow.id, own(), CountRow.of, func.coalesce(CountRow.side, "").label("side"), flow.label("flow"),
            CountRow.basis, CountRow.bound, CountRow.value, *spans.both,
        )
        .where(ActivityRow.status == Status.HELD.value, asked_for(scope), spans.either)
    )  # fmt: skip
    return beside(query, CountRow, spans.of_either(CountRow))


def without_numbers(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    """One row for each held activity of our own that says of nobody that they came."""
    came = exists().where(
        CountRow.activity_id == ActivityRow.id, CountRow.basis == Basis.ACTUAL.value, spans.of_either(CountRow)
    )
    silent = select(ActivityRow.id, literal("yes").label(WITHOUT), *spans.both)
    return silent.where(held_by_us(), ~came, asked_for(scope), spans.either)


def condition(dimensions: dict[str, str]) -> dict[str, str]:
    """The dimensions by which the rows behind a line are found: for those who stayed there is no flow in them."""
    if crowd_of(dimensions.get("of", "")) in STAYED:
        return {name: value for name, value in dimensions.items() if name != "flow"}
    return dimensions


def people_figures(session: Session, scope: Scope, spans: Spans) -> PeopleFigures:
    rows = session.execute(_query(*alike(scope, spans)), spans.days).all()
    lines: dict[tuple[str, ...], list[Row[Any]]] = {}
    for row in rows:
        if row.of is not None:
            told = Flow.NONE.value if crowd_of(row.of) in STAYED else row.flow
            lines.setdefault((row.of, row.side, told, row.basis, row.own), []).append(row)
    without = next(row for row in rows if row.of is None)
    return PeopleFigures(
        lines=tuple(sorted((_line(spans, named, some) for named, some in lines.items()), key=_place)),
        without_numbers=spans.number(
            key_of(BLOCK, **{WITHOUT: "yes"}), int(without.activities_now or 0), int(without.activities_before or 0)
        ),
    )


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> CompoundSelect[*tuple[Any, ...]]:
    """The sums by label, and one row more for the activities without any number."""
    each = contributions(scope, spans).subquery()
    label = (each.c.own, each.c.of, each.c.side, each.c.flow, each.c.basis)
    # An activity that gives two numbers of one label is one activity. Ids first: they are sorted by far the quickest.
    by_activity = (
        select(*label, each.c.now, each.c.before, *(_of_bound(each, bound) for bound in Bound))
        .group_by(each.c.id, *label, each.c.now, each.c.before)
        .subquery()
    )
    one = by_activity.c
    label = (one.own, one.of, one.side, one.flow, one.basis)
    sums = [
        func.sum(one[bound.value] * one[when]).label(f"{bound.value}_{when}")
        for when in ("now", "before")
        for bound in Bound
    ]
    activities = [func.sum(one[when]).label(f"activities_{when}") for when in ("now", "before")]
    silent = without_numbers(scope, spans).subquery()
    nothing = [null() for _ in (*label, *sums)]
    return union_all(
        select(*label, *sums, *activities).group_by(*label),
        select(*nothing, func.sum(silent.c.now), func.sum(silent.c.before)),
    )


def _of_bound(each: FromClause, bound: Bound) -> ColumnElement[int]:
    return func.sum(case((each.c.bound == bound.value, each.c.value), else_=0)).label(bound.value)


def _line(spans: Spans, named: tuple[str, ...], rows: Sequence[Row[Any]]) -> PeopleLine:
    of, side, told, basis, ours = named
    return PeopleLine(
        key=key_of(BLOCK, of=of, side=side, flow=told, basis=basis, own=ours),
        crowd=crowd_of(of),
        of=of,
        side=Side(side) if side else None,
        flow=Flow(told),
        basis=Basis(basis),
        own=ours == "yes",
        now=_tally(rows, "now"),
        before=_tally(rows, "before") if spans.before else None,
    )


def _tally(rows: Sequence[Row[Any]], when: str) -> Tally:
    """Of rows that no activity shares: each has one direction, and they differ in nothing else."""
    names = [*(bound.value for bound in Bound), "activities"]
    return Tally(**{name: sum(int(getattr(row, f"{name}_{when}")) for row in rows) for name in names})


def _place(line: PeopleLine) -> tuple[Any, ...]:
    return (
        _CROWDS[line.crowd], not line.own, _BASES[line.basis], _FLOWS[line.flow],
        line.of, line.side or "",
    )  # fmt: skip
