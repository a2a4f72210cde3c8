"""A month or a year of the list: its days, the ones before and after, and which activities stand on which day. Pure."""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from tracker.domain.activity_lines import Lasting
from tracker.domain.dates import HistoricDate
from tracker.domain.entries import days_of

A = TypeVar("A", bound=Lasting)


@dataclass(frozen=True)
class Span:
    """One month, or with `month` 0 one year."""

    year: int
    month: int = 0

    @staticmethod
    def parse(text: str, *, monthly: bool, today: date) -> "Span":
        """`2026-11` or `2026`; today's where nothing can be read. A year's month is its first, if it is asked for."""
        match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2}))?", text)
        year, month = (int(match[1]), int(match[2] or 0)) if match else (0, 0)
        if not 1 <= year <= 9998 or month > 12:
            year, month = today.year, today.month
        return Span(year, (month or (today.month if year == today.year else 1)) if monthly else 0)

    @property
    def months(self) -> tuple[date, ...]:
        return tuple(date(self.year, month, 1) for month in ([self.month] if self.month else range(1, 13)))

    @property
    def first(self) -> date:
        return self.months[0]

    @property
    def last(self) -> date:
        month = self.months[-1].month
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def when(self) -> HistoricDate:
        return HistoricDate.parse(str(self))

    @property
    def before(self) -> "Span | None":
        return self._containing(self.first - timedelta(days=1)) if self.first.year > 1 or self.month > 1 else None

    @property
    def after(self) -> "Span | None":
        return self._containing(self.last + timedelta(days=1)) if self.year < 9998 or 0 < self.month < 12 else None

    def _containing(self, day: date) -> "Span":
        return Span(day.year, day.month if self.month else 0)

    def weeks(self) -> list[list[date | None]]:
        """The days of a month by weeks from Monday on; None stands where a week's day is in another month."""
        days = calendar.monthcalendar(self.year, self.month)
        return [[date(self.year, self.month, day) if day else None for day in week] for week in days]

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}" if self.month else f"{self.year:04}"


def by_day(span: Span, activities: Iterable[A]) -> dict[date, list[A]]:
    """Which activities stand on which day: each of theirs, where those are known; none that nobody knows."""
    found: dict[date, list[A]] = {}
    first, last = span.first, span.last
    for activity in activities:
        stands = days_of(activity.start, activity.end)
        if stands is None or not stands.day_known:
            continue
        day, until = max(stands.first, first), min(stands.last, last)
        while day <= until:
            found.setdefault(day, []).append(activity)
            day += timedelta(days=1)
    return found
