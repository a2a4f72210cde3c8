"""The span of time a report is about: a year, most often, or another span of whole days.

Its text is what people type and what stands in addresses: `2018`, `2018-07..2019-06`, `2018-09-01..2018-12-24`. Pure.
"""

import calendar
import dataclasses
from datetime import date

from tracker.domain.dates import HistoricDate, InvalidDate, Precision
from tracker.errors import FieldProblem
from tracker.i18n import N_

_NOT_A_PERIOD = N_("“{value}” is not a span of time. Write 2018, 2018-07..2019-06 or 2018-09-01..2018-12-24.")
_BACKWARDS = N_("“{value}” ends before it begins. Write the earlier day first, as in 2018-07..2019-06.")
_EXACT = frozenset({Precision.DAY, Precision.MONTH, Precision.YEAR})


class InvalidPeriod(ValueError):
    """`text` is no period; `reason` is a message id that may use `{value}`."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text}: {reason}")
        self.text, self.reason = text, reason

    def problem(self, field: str) -> FieldProblem:
        return FieldProblem(field, self.text, self.reason)


@dataclasses.dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @staticmethod
    def of_year(year: int) -> "Period":
        return Period(date(year, 1, 1), date(year, 12, 31))

    @staticmethod
    def parse(text: str) -> "Period":
        """Raise `InvalidPeriod` where `text` names no span of whole days."""
        begin, dots, end = text.strip().partition("..")
        first, last = _bound(text, begin), _bound(text, end if dots else begin)
        if first.earliest is None or last.latest is None:
            raise InvalidPeriod(text, _NOT_A_PERIOD)
        if last.latest < first.earliest:
            raise InvalidPeriod(text, _BACKWARDS)
        return Period(first.earliest, last.latest)

    @property
    def year(self) -> int | None:
        """The calendar year it is; None where it is another span."""
        return self.first.year if self == Period.of_year(self.first.year) else None

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period | None":
        """The same days of the year before, to compare with; None where the calendar begins."""
        if self.first.year == date.min.year:
            return None
        return Period(_year_earlier(self.first), _year_earlier(self.last))

    @property
    def after(self) -> "Period | None":
        """The calendar year, or twelve months, that follow; None where the calendar ends."""
        if self.last.year >= date.max.year - 1:
            return None
        begin = date.fromordinal(self.last.toordinal() + 1)
        return Period(
            begin, date.fromordinal(begin.replace(year=begin.year + 1, day=min(begin.day, 28)).toordinal() - 1)
        )

    def __str__(self) -> str:
        if self.year is not None:
            return f"{self.year:04}"
        last_of_month = calendar.monthrange(self.last.year, self.last.month)[1]
        if self.first.day == 1 and self.last.day == last_of_month:
            return f"{self.first:%Y-%m}..{self.last:%Y-%m}"
        return f"{self.first.isoformat()}..{self.last.isoformat()}"


def _bound(text: str, part: str) -> HistoricDate:
    try:
        found = HistoricDate.parse(part.strip())
    except InvalidDate as fault:
        raise InvalidPeriod(text, _NOT_A_PERIOD) from fault
    if found.precision not in _EXACT or found.uncertain or found.approximate:
        raise InvalidPeriod(text, _NOT_A_PERIOD)
    return found


def _year_earlier(day: date) -> date:
    """29 February has no counterpart: the last of that month stands for it, so that whole months stay whole."""
    year = day.year - 1
    if day.day == calendar.monthrange(day.year, day.month)[1]:
        return day.replace(year=year, day=calendar.monthrange(year, day.month)[1])
    return day.replace(year=year)
