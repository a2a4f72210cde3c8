"""The rules of observances: "02-02" (every 2 February), "last sunday of april", "49 days before orthodox easter".

A rule is read once into a frozen value that answers on which day it falls in a year; the arithmetic of weekdays and the
computus of both Easters are dateutil's. A year in which the day is moved, or not kept, stands beside the rule.
"""

import calendar
import dataclasses
import re
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from dateutil.easter import EASTER_JULIAN, EASTER_WESTERN, easter
from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from tracker.domain.dates import InvalidDate
from tracker.i18n import N_

_NOT_A_RULE = N_(
    "“{value}” is not a rule for a day of the year."
    " Write 02-02, last sunday of april, easter or 49 days before orthodox easter."
)
_TOO_FAR = N_(
    "“{value}” lies too far from Easter. At most {before} days before it and {after} days after it can be counted."
)
_NOT_A_DAY_OF = N_("“{value}” is not a day of {year}. A day can be moved within its year only.")
_NOT_A_YEAR = N_("“{value}” is not a year. Write it in four digits, such as 2027.")

_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_WEEKDAYS = {
    "monday": MO, "tuesday": TU, "wednesday": WE, "thursday": TH, "friday": FR, "saturday": SA, "sunday": SU,
}  # fmt: skip
_MONTHS = {
    "january": 1, "february": 2, "march": 3, "april": 4, "may": 5, "june": 6,
    "july": 7, "august": 8, "september": 9, "october": 10, "november": 11, "december": 12,
}  # fmt: skip
_FIXED = re.compile("([0-9]{2})-([0-9]{2})")
_FLOATING = re.compile(f"({'|'.join(_NTH)}) ({'|'.join(_WEEKDAYS)}) of ({'|'.join(_MONTHS)})")
_BY_EASTER = re.compile("(?:([0-9]{1,3}) days? (before|after) )?(orthodox )?easter")
_MOST_BEFORE, _MOST_AFTER = 70, 150
"""Further than any feast lies from Easter, and near enough that its day is always one of the same year."""


class InvalidRule(InvalidDate):
    """`text` is no rule we know."""


class LeapDayPolicy(StrEnum):
    """Where what belongs to 29 February is kept in other years. People disagree, so it is a setting."""

    FEB_28 = "feb_28"
    MAR_1 = "mar_1"


@dataclasses.dataclass(frozen=True)
class FixedDay:
    """The same day each year."""

    month: int
    day: int

    def on(self, year: int, leap_day: LeapDayPolicy) -> date:
        if (self.month, self.day) == (2, 29) and not calendar.isleap(year):
            return date(year, 2, 28) if leap_day is LeapDayPolicy.FEB_28 else date(year, 3, 1)
        return date(year, self.month, self.day)


@dataclasses.dataclass(frozen=True)
class NthWeekday:
    """The nth (or, with -1, the last) of a weekday in a month; Monday is 0."""

    nth: int
    weekday: int
    month: int

    def on(self, year: int, leap_day: LeapDayPolicy) -> date:  # noqa: ARG002 - asked like a fixed day
        weekday = (MO, TU, WE, TH, FR, SA, SU)[self.weekday](self.nth)
        return date(year, self.month, 1) + relativedelta(day=31 if self.nth < 0 else 1, weekday=weekday)


@dataclasses.dataclass(frozen=True)
class ByEaster:
    """So many days after Easter, or with a number below zero before it; `orthodox`: by the Julian computus."""

    days: int
    orthodox: bool

    def on(self, year: int, leap_day: LeapDayPolicy) -> date:  # noqa: ARG002 - asked like a fixed day
        feast = _orthodox_easter(year) if self.orthodox else easter(year, EASTER_WESTERN)
        return feast + timedelta(days=self.days)


def _orthodox_easter(year: int) -> date:
    """In the Gregorian calendar. By ourselves: dateutil's own conversion ends with the year 4099."""
    behind = year // 100 - year // 400 - 2
    return easter(year, EASTER_JULIAN) + timedelta(days=behind)


def parse_rule(text: str) -> FixedDay | NthWeekday | ByEaster:
    """Read a rule; raise `InvalidRule` saying what would be right."""
    plain = " ".join(text.lower().split())
    if match := _FIXED.fullmatch(plain):
        month, day = int(match[1]), int(match[2])
        # Every day of a leap year, 29 February too.
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1]:
            return FixedDay(month, day)
    if match := _FLOATING.fullmatch(plain):
        return NthWeekday(_NTH[match[1]], _WEEKDAYS[match[2]].weekday, _MONTHS[match[3]])
    if match := _BY_EASTER.fullmatch(plain):
        days = int(match[1] or 0) * (-1 if match[2] == "before" else 1)
        if not -_MOST_BEFORE <= days <= _MOST_AFTER:
            raise InvalidRule(text, _TOO_FAR, before=_MOST_BEFORE, after=_MOST_AFTER)
        return ByEaster(days, orthodox=match[3] is not None)
    raise InvalidRule(text, _NOT_A_RULE)


def moved_days(moved: Mapping[str, str | None]) -> dict[int, date | None]:
    """The years of `{"2027": "2027-05-02", "2028": null}`, each with its day or None, in order.

    Raises `InvalidRule` where a year is none, or a day is not one of its year.
    """
    return {int(year): _moved_day(year, moved[year]) for year in sorted(moved, key=_year)}


def _year(text: str) -> int:
    if not re.fullmatch("[0-9]{4}", text) or int(text) < date.min.year:
        raise InvalidRule(text, _NOT_A_YEAR)
    return int(text)


def _moved_day(year: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.year != int(year):
        raise InvalidRule(text, _NOT_A_DAY_OF, year=year)
    return day
