"""Whose turn it is to travel, and how visits between two cities balance over some years. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.activities import Direction
from tracker.domain.dates import HistoricDate


class Turn(StrEnum):
    """Who owes a visit: those of the hub, those of the twin, or nobody."""

    HUB = "hub"
    TWIN = "twin"
    NOBODY = "nobody"


@dataclass(frozen=True)
class YearOfVisits:
    """Visits begun in a year, by way; those both ways count in both."""

    year: int
    to_hub: int
    from_hub: int


def whose_turn(last_to_hub: str | None, last_from_hub: str | None) -> Turn:
    """Whoever was visited last owes the counter-visit. Dates in EDTF; a visit both ways is the last of both.

    Nobody does where the dates do not tell which came last, as of 2019 and October 2019.
    """
    if last_to_hub is None and last_from_hub is None:
        return Turn.NOBODY
    if last_to_hub is None or last_from_hub is None:
        return Turn.HUB if last_from_hub is None else Turn.TWIN
    there, back = (HistoricDate.parse(text) for text in (last_to_hub, last_from_hub))
    if _is_before(back, there):
        return Turn.HUB
    return Turn.TWIN if _is_before(there, back) else Turn.NOBODY


def _is_before(one: HistoricDate, other: HistoricDate) -> bool:
    """Whether it was surely over before the other began."""
    return bool(one.latest and other.earliest and one.latest < other.earliest)


def years_of_visits(counted: Mapping[tuple[int, str], int], first: int, last: int) -> list[YearOfVisits]:
    """Each year from the last to the first, also those without a visit; `counted` by year and direction."""
    both = Direction.MUTUAL.value
    return [
        YearOfVisits(
            year,
            counted.get((year, Direction.TO_HUB.value), 0) + counted.get((year, both), 0),
            counted.get((year, Direction.FROM_HUB.value), 0) + counted.get((year, both), 0),
        )
        for year in range(last, first - 1, -1)
    ]
