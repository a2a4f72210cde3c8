"""The map of the partnerships: how each stood in a year, what it was called then, and where its name finds room. Pure.

A year shows how things stood at its end; the year that runs, how they stand today. Of a twinning whose date nobody
knows, past years show no link: none is made up for it (R3).
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from tracker.domain import world
from tracker.domain.dates import HistoricDate
from tracker.domain.twins import Level, State, Twin
from tracker.i18n import N_

FIRST_YEAR: Final = 1944
"""The first twinning of the world."""


class Link(StrEnum):
    """How a city was linked to the hub at a time."""

    IN_FORCE = "in_force"
    RESTING = "resting"
    ENDED = "ended"
    PLANNED = "planned"
    UNKNOWN = "unknown"
    NONE = "none"


LINKED: Final = frozenset({Link.IN_FORCE, Link.RESTING, Link.UNKNOWN})
"""What counts as linked: neither what has ended nor what is still to come."""
LINKS: Final = {
    Link.IN_FORCE: N_("agreement in force"),
    Link.RESTING: N_("official contacts resting"),
    Link.ENDED: N_("agreement ended"),
    Link.PLANNED: N_("planned"),
    Link.UNKNOWN: N_("linked, state not known"),
    Link.NONE: N_("not linked yet"),
}
_STANDS: Final = {State.ENDED: Link.ENDED, State.PLANNED: Link.PLANNED, State.IN_FORCE: Link.IN_FORCE}
_MUCH: Final = (1, 2, 4, 8)


def link_in(twin: Twin, year: int, today: dt.date) -> Link:
    """How the city was linked at the end of a year, or is linked today."""
    began = _began(twin)
    if year < today.year and (began is None or began > year):
        return Link.NONE
    day = min(dt.date(year, 12, 31), today)
    agreement = twin.state(Level.AGREEMENT, day).state
    official = twin.state(Level.OFFICIAL, day).state
    if agreement in (State.ENDED, State.PLANNED):
        return _STANDS[agreement]
    if official in (State.RESTING, State.ENDED):
        return Link.RESTING
    # What came to an end later was in force until then.
    if agreement is State.UNKNOWN and any(s.level is Level.AGREEMENT and s.state is State.ENDED for s in twin.states):
        return Link.IN_FORCE
    return _STANDS.get(agreement, Link.UNKNOWN)


def thickness(activities: int) -> int:
    """How thick the arc is drawn: 0 for a year without activities, at most 4."""
    return sum(activities >= least for least in _MUCH)


def changes(twin: Twin, first: int, today: dt.date) -> list[tuple[int, Link]]:
    """The years from which on the city is linked in another way than before, from `first` on."""
    found: list[tuple[int, Link]] = []
    for year in range(first, today.year + 1):
        link = link_in(twin, year, today)
        if not found or found[-1][1] is not link:
            found.append((year, link))
    return found


def names(twin: Twin, first: int, today: dt.date, language: str) -> list[tuple[int, str]]:
    """The years from which on the city has another name, with that name (R4)."""
    if not twin.former_names:
        return [(first, twin.name(language))]
    found: list[tuple[int, str]] = []
    for year in range(first, today.year + 1):
        name = name_in(twin, year, today, language)
        if not found or found[-1][1] != name:
            found.append((year, name))
    return found


def name_in(twin: Twin, year: int, today: dt.date, language: str) -> str:
    """What the city was called at the end of a year."""
    return twin.name_at(min(dt.date(year, 12, 31), today), language)


def _began(twin: Twin) -> int | None:
    """The year from which on the partners count, else the first of its dates."""
    primary = [d.date for d in twin.dates if d.primary] or [d.date for d in twin.dates]
    days = [day for text in primary if (day := HistoricDate.parse(text).earliest)]
    return min(days).year if days else None


@dataclass(frozen=True)
class Label:
    """Where a name stands: beside its city, at the side where it is in nobody's way."""

    x: float
    y: float
    anchor: Literal["start", "end", "middle"]


def labels(
    wanted: Iterable[tuple[str, world.Point, str]], taken: Sequence[world.Point], size: float, sheet: world.Box
) -> dict[str, Label]:
    """A place for each name that finds one, the first ones first; `wanted` has key, point and the longest name.

    How wide a name is, is reckoned: nobody knows the reader's fonts. Whoever finds no room is told by the list.
    """
    placed: list[world.Box] = [world.Box(x - 1, y - 1, 2, 2) for x, y in taken]
    found: dict[str, Label] = {}
    for key, point, name in wanted:
        for label, box in _beside(point, name, size):
            own = world.Box(point[0] - 1, point[1] - 1, 2, 2)
            if sheet.holds(box) and not any(box.meets(other) for other in placed if other != own):
                found[key] = label
                placed.append(box)
                break
    return found


def _beside(point: world.Point, name: str, size: float) -> Iterator[tuple[Label, world.Box]]:
    x, y, gap, wide = *point, size * 0.55, len(name) * size * 0.56
    middle = y + size * 0.35
    for down in (0.0, -0.75 * size, 0.75 * size):
        yield Label(x + gap, middle + down, "start"), world.Box(x + gap, middle + down - 0.8 * size, wide, size)
        yield Label(x - gap, middle + down, "end"), world.Box(x - gap - wide, middle + down - 0.8 * size, wide, size)
    for down in (-0.6 * size, 1.25 * size):
        yield Label(x, y + down, "middle"), world.Box(x - wide / 2, y + down - 0.8 * size, wide, size)
