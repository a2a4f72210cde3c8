"""The rules of observances: "02-02" (every 2 February) and "last sunday of april".

A rule is read once into a frozen value that answers on which day it falls in a year; the arithmetic of weekdays is
dateutil's.
"""

import calendar
import dataclasses
import re
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import FR, MO, SA, SU, TH, TU, WE, relativedelta

from tracker.domain.dates import InvalidDate
from tracker.i18n import N_

_NOT_A_RULE = N_("“{value}” is not a rule for a day of the year. Write 02-02 or last sunday of april.")

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


def parse_rule(text: str) -> FixedDay | NthWeekday:
    """Read a rule; raise `InvalidRule` saying what would be right."""
    plain = " ".join(text.lower().split())
    if match := _FIXED.fullmatch(plain):
        month, day = int(match[1]), int(match[2])
        # Every day of a leap year, 29 February too.
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000, month)[1]:
            return FixedDay(month, day)
    if match := _FLOATING.fullmatch(plain):
        return NthWeekday(_NTH[match[1]], _WEEKDAYS[match[2]].weekday, _MONTHS[match[3]])
    raise InvalidRule(text, _NOT_A_RULE)
