"""A half-year and what stands in it: by month and day, and apart from that what is known less exactly.

Nothing is put on a day that nobody recorded: known to the month it heads its month, known to the season or year it
stands in a line of its own, and what began earlier is told as such. Pure.
"""

import dataclasses
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

from tracker.domain.activity_lines import Lasting
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.entries import days_of

_MONTHS = 6


@dataclasses.dataclass(frozen=True)
class HalfYear:
    """January to June (`half` 1) or July to December (2) of a year."""

    year: int
    half: int

    @staticmethod
    def of(day: date) -> "HalfYear":
        return HalfYear(day.year, 1 if day.month <= _MONTHS else 2)

    @property
    def months(self) -> tuple[date, ...]:
        """The first of each of its months."""
        start = 1 + _MONTHS * (self.half - 1)
        return tuple(date(self.year, month, 1) for month in range(start, start + _MONTHS))

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def span(self) -> HistoricDate:
        """As a date that can be worded: "January – June 2027"."""
        return HistoricDate.parse(f"{self.months[0]:%Y-%m}/{self.months[-1]:%Y-%m}")

    @property
    def before(self) -> "HalfYear | None":
        """The half-year before; None where the calendar begins."""
        return None if self.first == date.min else HalfYear.of(self.first - timedelta(days=1))

    @property
    def after(self) -> "HalfYear | None":
        return None if self.last == date.max else HalfYear.of(self.last + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.half}"


class Stretch(Protocol):
    """Some months in a row: a half-year, a year, one month."""

    @property
    def months(self) -> tuple[date, ...]: ...
    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date: ...


class Comes(Protocol):
    """Something that comes round, such as an occasion."""

    @property
    def when(self) -> HistoricDate: ...


A = TypeVar("A", bound=Lasting)
T = TypeVar("T", bound=Comes)


@dataclasses.dataclass(frozen=True)
class Month(Generic[A, T]):
    """One month: what reaches into it from before, what has no day in it, and its days."""

    first: date
    carried: tuple[A, ...]
    undated: tuple[A | T, ...]
    days: tuple[tuple[date, tuple[A | T, ...]], ...]

    @property
    def is_empty(self) -> bool:
        return not (self.carried or self.undated or self.days)


@dataclasses.dataclass(frozen=True)
class Arranged(Generic[A, T]):
    """A half-year's months that hold anything, what is known less exactly than to the month, and what goes on."""

    months: tuple[Month[A, T], ...]
    vague: tuple[A | T, ...]
    going_on: tuple[A, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.months or self.vague or self.going_on)


def arrange(half: Stretch, activities: Iterable[A], occasions: Iterable[T]) -> Arranged[A, T]:
    """Put what falls into a half-year in its place. Within a day occasions come first; else the order given is kept."""
    carried: list[A] = []
    undated: dict[date, list[A | T]] = {}
    days: dict[date, list[A | T]] = {}
    vague: list[A | T] = []
    going_on: list[A] = []
    for come in occasions:
        if come.when.exact_day is not None:
            days.setdefault(come.when.exact_day, []).append(come)
        elif come.when.precision is Precision.MONTH and come.when.earliest:
            undated.setdefault(come.when.earliest, []).append(come)
        else:
            vague.append(come)
    for activity in activities:
        stands = days_of(activity.start, activity.end)
        if stands is not None and half.first <= stands.first <= half.last:
            (days if stands.day_known else undated).setdefault(stands.first, []).append(activity)
        elif stands is not None and stands.day_known and not stands.begins:
            carried.append(activity)
        elif stands is not None or activity.latest is None:
            going_on.append(activity)
        else:
            vague.append(activity)
    months = [
        Month(
            first,
            tuple(carried) if first == half.first else (),
            tuple(undated.get(first, ())),
            tuple((day, tuple(days[day])) for day in sorted(days) if day.replace(day=1) == first),
        )
        for first in half.months
    ]
    return Arranged(tuple(month for month in months if not month.is_empty), tuple(vague), tuple(going_on))
