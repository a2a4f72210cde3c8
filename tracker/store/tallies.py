"""How many activities each choice of a filter would leave, told beside the choice.

A choice is counted with all the other filters as they stand: "Delegation (12)" is what pressing it would show. One
grouped statement counts kind, status, direction, decade, whose activity it is and who may see it together, in the
order of an index that holds all of them; cities are counted by a second one, since an activity can have several.
Places, purposes and what is missing have a statement each.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker.domain.counts_for import purpose_of
from tracker.domain.search import fold
from tracker.store.activities import ActivityFilter, counted, lacks, narrowed
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow

Cell = tuple[str, str, str, int | None, bool, str]
_ELSEWHERE = frozenset({"numbers"})
_NAMES = ("kind", "status", "direction", "decade", "own", "level")


@dataclass(frozen=True)
class Tallies:
    """The numbers beside the choices, and how many there are with all filters."""

    total: int
    kind: Mapping[str, int] = field(default_factory=dict)
    status: Mapping[str, int] = field(default_factory=dict)
    direction: Mapping[str, int] = field(default_factory=dict)
    decade: Mapping[int, int] = field(default_factory=dict)
    own: Mapping[bool, int] = field(default_factory=dict)
    level: Mapping[str, int] = field(default_factory=dict)
    twin: Mapping[str, int] = field(default_factory=dict)


def tallies(session: Session, chosen: ActivityFilter) -> Tallies:
    """All of them but those of cities, which `of_cities` adds."""
    cells = _cells(session, replace(chosen, kinds=(), statuses=(), directions=(), decades=(), own=None, levels=()))
    wanted: tuple[Collection[object], ...] = (
        chosen.kinds, chosen.statuses, chosen.directions, chosen.decades,
        () if chosen.own is None else (chosen.own,), chosen.levels,
    )  # fmt: skip
    sums: tuple[Counter[Any], ...] = tuple(Counter() for _ in _NAMES)
    total = 0
    for cell, number in cells:
        outside = [place for place, among in enumerate(wanted) if among and cell[place] not in among]
        if not outside:
            total += number
        for place, sum_ in enumerate(sums):
            if outside in ([], [place]) and cell[place] is not None:
                sum_[cell[place]] += number
    by = dict(zip(_NAMES, sums, strict=True))
    return Tallies(total, **by)


def of_cities(counted: Tallies, times: Mapping[str, Mapping[int | None, int]]) -> Tallies:
    """With the numbers of cities, out of those by city and time."""
    return replace(counted, twin={twin: sum(numbers.values()) for twin, numbers in times.items()})


def by_twin_and_time(session: Session, chosen: ActivityFilter, decade: int | None) -> dict[str, dict[int | None, int]]:
    """For each twin how many began in which decade, or in which year of one; None: not known so closely.

    Also what cities alone are counted by: SQLite takes half as long for both together, since it then reads both tables
    in the order of ids, not one of them in that of cities.
    """
    time = ActivityRow.begun_decade if decade is None else ActivityRow.begun_year
    asked = select(time, ActivityTwinRow.twin, func.count())
    asked = asked.join(ActivityTwinRow, ActivityRow.id == ActivityTwinRow.activity_id)
    found: dict[str, dict[int | None, int]] = {}
    for when, twin, number in session.execute(narrowed(asked, chosen).group_by(time, ActivityTwinRow.twin)):
        found.setdefault(twin, {})[when] = number
    return found


def places(session: Session, chosen: ActivityFilter, most: int, also: Collection[str] = ()) -> dict[str, int]:
    """The places most activities were at, and those of `also`, in the order of their names."""
    asked: Any = select(ActivityRow.place, func.count()).where(ActivityRow.place != "")
    rows = session.execute(narrowed(asked, chosen).group_by(ActivityRow.place))
    numbers: Counter[str] = Counter({row[0]: row[1] for row in rows})
    offered = {*also, *(place for place, _ in numbers.most_common(most))}
    return {place: numbers[place] for place in sorted(offered, key=fold)}


def purposes(session: Session, chosen: ActivityFilter) -> dict[str, int]:
    """What activities count for, however it was written."""
    asked: Any = select(ActivityRow.counts_for, func.count())
    rows = session.execute(narrowed(asked, chosen).group_by(ActivityRow.counts_for))
    numbers: Counter[str] = Counter()
    # By the whole list, of which there are a few: an activity with two spellings of a purpose counts once.
    for typed, number in rows:
        numbers.update(dict.fromkeys(map(purpose_of, typed), number))
    return dict(numbers)


def missing(session: Session, chosen: ActivityFilter, *whats: str) -> dict[str, int]:
    """How many of those chosen lack each of these as well: each one taken narrows further, as they add up.

    What stands in another table is counted apart: it is looked up in indexes, and would hold up the walk through the
    rows, which takes SQLite half as long without it.
    """
    of_rows = [what for what in whats if what not in _ELSEWHERE]
    asked: Any = select(*(func.coalesce(func.sum(case((lacks(what), 1), else_=0)), 0) for what in of_rows))
    numbers = dict(zip(of_rows, session.execute(narrowed(asked, chosen)).one(), strict=True)) if of_rows else {}
    for what in _ELSEWHERE.intersection(whats):
        numbers[what] = counted(session, replace(chosen, missing=(*chosen.missing, what)))
    return {what: numbers[what] for what in whats}


def _cells(session: Session, chosen: ActivityFilter) -> list[tuple[Cell, int]]:
    # In the order of the index: nothing has to be sorted to be grouped.
    columns = (ActivityRow.kind, ActivityRow.status, ActivityRow.direction, ActivityRow.owner,
               ActivityRow.begun_decade, ActivityRow.visibility)  # fmt: skip
    asked: Any = select(*columns, func.count())
    rows = session.execute(narrowed(asked, chosen).group_by(*columns))
    return [
        ((kind, status, direction, decade, owner == "", level), number)
        for kind, status, direction, owner, decade, level, number in rows
    ]
