"""HistoricDate: a date as exactly as it is known, no more (1944, 1960-05, autumn 2013, 1990s, since 2002).

Its text is EDTF (ISO 8601-2, levels 0 and 1); `edtf` reads what is no plain day, month or year. The first and last
possible day are reckoned here: that package gives any February 29 days and pads what is approximate. An interval may
stand between any two of the dates we know by themselves (`199X/2003`, which strict level 1 leaves out), since an
activity may have begun in the nineties. A day that nobody recorded is never made up: not in words, not in `sort_key`.
"""

import calendar
import dataclasses
import re
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Literal

from tracker.domain import date_wording as wording
from tracker.domain.date_wording import Form, Precision
from tracker.errors import FieldProblem
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext
from tracker.late import Late

edtf = Late("edtf")
kinds = Late("edtf.parser.parser_classes")

OPEN: Final = ".."

_NOT_A_DATE = N_("“{value}” is not a date. Write 1988-11-28, 1960-05, 1944, 199X, 2013-23 (autumn 2013) or 2002/..")
_EMPTY = N_("There is no date. Write 1988-11-28, 1960-05, 1944, 199X, 2013-23 (autumn 2013) or 2002/..")
_NO_SUCH_MONTH = N_(
    "“{value}”: there is no month {month}. Months are 01 to 12; 21 is spring, 22 summer, 23 autumn, 24 winter."
)
_NO_SUCH_DAY = N_("“{value}”: there is no day {day}, {month} has {days} days.")
_YEAR_UNKNOWN = N_("“{value}”: the year must be known at least to the century, as in 19XX, 199X or 1990.")
_YEAR_RANGE = N_("“{value}”: the year must lie between 0001 and 9999.")
_TIME = N_("“{value}”: write the day without a time, as in 1988-11-28.")
_BACKWARDS = N_("“{value}” ends before it begins. Write the earlier date first, as in 1994/2002.")
_BOUNDLESS = N_("“{value}” has neither beginning nor end. Name one of them, as in 2002/..")


class InvalidDate(ValueError):
    """`text` is no date we accept; `reason` is a message id that may use `{value}` and the keys of `values`."""

    def __init__(self, text: str, reason: str, **values: object) -> None:
        super().__init__(gettext(DEFAULT_LANGUAGE, reason, value=text, **values))
        self.text = text
        self.reason = reason
        self.values = values

    def message(self, language: str) -> str:
        return gettext(language, self.reason, value=self.text, **self.values)

    def problem(self, field: str) -> FieldProblem:
        """The fault as one of a field of outside data."""
        return FieldProblem(field, self.text, self.reason, self.values)


@dataclasses.dataclass(frozen=True)
class HistoricDate:
    """A date, a span of dates, or part of one, known to `precision`.

    `earliest` and `latest` are the first and last day it can be; None stands for an open or unknown end. A sign for
    approximate or uncertain does not widen them: how far "about" reaches nobody has said.
    """

    edtf: str
    earliest: date | None
    latest: date | None
    precision: Precision
    uncertain: bool = False
    approximate: bool = False

    @staticmethod
    def parse(text: str) -> "HistoricDate":
        """Read EDTF; raise `InvalidDate` saying what would be right."""
        return _parse(text.strip())

    @staticmethod
    def of_day(day: date) -> "HistoricDate":
        return HistoricDate(day.isoformat(), day, day, Precision.DAY)

    @staticmethod
    def span(start: "HistoricDate", end: "HistoricDate | Literal['..'] | None") -> "HistoricDate":
        """The one date of something that has a start and perhaps an end; `..` as end: it still goes on."""
        if end is None:
            return start
        return _parse(f"{start.edtf}/{end if isinstance(end, str) else end.edtf}")

    @property
    def is_interval(self) -> bool:
        return self.precision is Precision.INTERVAL

    @property
    def ends(self) -> "tuple[HistoricDate | None, HistoricDate | None]":
        """Start and end; None where that end is open or unknown. A date that is no interval is both."""
        if not self.is_interval:
            return self, self
        start, _, end = self.edtf.partition("/")
        return (
            HistoricDate.parse(start) if start not in ("", OPEN) else None,
            HistoricDate.parse(end) if end not in ("", OPEN) else None,
        )

    @property
    def exact_day(self) -> date | None:
        """The day, where it is one and is known without doubt."""
        if self.precision is Precision.DAY and not self.approximate and not self.uncertain:
            return self.earliest
        return None

    @cached_property
    def sort_key(self) -> str:
        """Digits that sort as text (in any collation) by beginning, and the broader before the narrower within it.

        Units that are not known are 00, which no day or month can be; then comes the last possible day, inverted.
        """
        start = self.ends[0]
        begins = start._digits() if start else "00000000"
        ends = 99_999_999 - int(f"{self.latest:%Y%m%d}") if self.latest else 0
        return f"{begins}{ends:08}{self.uncertain + 2 * self.approximate}"

    def contains(self, other: "HistoricDate") -> bool:
        """Whether whatever `other` can be, this can be too."""
        begins = self.earliest is None or (other.earliest is not None and self.earliest <= other.earliest)
        ends = self.latest is None or (other.latest is not None and other.latest <= self.latest)
        return begins and ends

    def display(self, language: str) -> str:
        """Standing alone: "May 1960", "1990er Jahre", «осень 2013», "since 2002", "about 1957"."""
        return _displayed(self, language)

    def in_sentence(self, language: str) -> str:
        """Saying when: "in May 1960", "in den 1990er Jahren", «осенью 2013 года»."""
        return self._interval(language, Form.IN) if self.is_interval else self._simple(language, Form.IN)

    def since(self, language: str) -> str:
        """Saying from when on: "since 3 March 2022", "seit dem 3. März 2022", «с 3 марта 2022 года»."""
        start = self.ends[0]
        return start._edge(language, Form.SINCE) if start else self.display(language)

    @property
    def _first(self) -> date:
        if self.earliest is None:
            raise ValueError(f"{self.edtf} has no first day")
        return self.earliest

    def _digits(self) -> str:
        """The beginning as far as it is known, with 00 for the rest."""
        day = self._first
        known = {Precision.DAY: 8, Precision.MONTH: 6, Precision.SEASON: 6}.get(self.precision, 4)
        return f"{day.year:04}{day:%m%d}"[:known].ljust(8, "0")

    def _simple(self, language: str, form: Form) -> str:
        text = wording.phrase(Form.ABOUT if self.approximate else form, self.precision, self._first, language)
        return wording.uncertain(text, language) if self.uncertain else text

    def _edge(self, language: str, form: Form) -> str:
        """As beginning or end of something: "since 1990 (approximately)"."""
        text = wording.phrase(form, self.precision, self._first, language)
        if self.approximate:
            text = wording.approximately(text, language)
        return wording.uncertain(text, language) if self.uncertain else text

    def _interval(self, language: str, form: Form) -> str:
        start, end = self.ends
        if start and end:
            return _closed(start, end, language, form)
        if start:
            text = start._edge(language, Form.SINCE)
            return text if self.edtf.endswith(OPEN) else wording.end_unknown(text, language)
        if end:
            text = end._edge(language, Form.UNTIL)
            return text if self.edtf.startswith(OPEN) else wording.beginning_unknown(text, language)
        return self.edtf


@lru_cache(maxsize=8192)
def _displayed(date: HistoricDate, language: str) -> str:
    """Kept, as CLDR's patterns are slow and a list says the same dates at every look."""
    return date._interval(language, Form.PLAIN) if date.is_interval else date._simple(language, Form.PLAIN)


def _closed(start: HistoricDate, end: HistoricDate, language: str, form: Form) -> str:
    plain = not (start.approximate or start.uncertain or end.approximate or end.uncertain)
    if plain and start.precision is end.precision and start.earliest and end.earliest:
        word = wording.from_to if form is Form.IN else wording.compressed
        if text := word(start.earliest, end.earliest, start.precision, language):
            return text
    return f"{start.display(language)} – {end.display(language)}"


@lru_cache(maxsize=4096)
def _parse(text: str) -> HistoricDate:
    """Cached, as the package's grammar takes milliseconds and a sheet names the same years again and again."""
    if not text:
        raise InvalidDate(text, _EMPTY)
    if "/" in text:
        return _parse_interval(text)
    base = text[:-1] if text[-1] in "?~%" else text
    sign = text[len(base) :]
    found = _parse_day(base, text) or _parse_month_or_year(base) or _parse_by_grammar(base, text)
    if not sign:
        return found
    return dataclasses.replace(
        found, edtf=found.edtf + sign, uncertain=sign in {"?", "%"}, approximate=sign in {"~", "%"}
    )


def _parse_interval(text: str) -> HistoricDate:
    start_text, _, end_text = text.partition("/")
    if "/" in end_text:
        raise InvalidDate(text, _NOT_A_DATE)
    start, end = (None if part in ("", OPEN) else _parse(part) for part in (start_text, end_text))
    if start is None and end is None:
        raise InvalidDate(text, _BOUNDLESS)
    if start and start == end:
        return start
    if start and end and start._first > end._first and not end.contains(start):
        raise InvalidDate(text, _BACKWARDS)
    parts = [part for part in (start, end) if part]
    return HistoricDate(
        edtf=f"{start.edtf if start else start_text}/{end.edtf if end else end_text}",
        earliest=start.earliest if start else None,
        latest=end.latest if end else None,
        precision=Precision.INTERVAL,
        uncertain=any(part.uncertain for part in parts),
        approximate=any(part.approximate for part in parts),
    )


def _parse_day(base: str, text: str) -> HistoricDate | None:
    """A whole day without the grammar, by far the most frequent date; None where `base` is written otherwise."""
    match = re.fullmatch("([0-9]{4})-([0-9]{2})-([0-9]{2})", base)
    if not match:
        return None
    year, month, day = map(int, match.groups())
    if year == 0:
        raise InvalidDate(text, _YEAR_RANGE)
    if not 1 <= month <= 12:
        raise InvalidDate(text, _NO_SUCH_MONTH, month=match[2])
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise InvalidDate(text, _NO_SUCH_DAY, day=match[3], month=f"{match[1]}-{match[2]}", days=days)
    return HistoricDate.of_day(date(year, month, day))


def _parse_month_or_year(base: str) -> HistoricDate | None:
    """1960-05 or 1960 without the grammar: a registry names fifty of them, and each program would read them anew."""
    match = re.fullmatch("([0-9]{4})(?:-(0[1-9]|1[0-2]))?", base)
    if not match or int(match[1]) == 0:
        return None
    return _part_of_year(int(match[1]), match[2]) if match[2] else _whole_years(match[1])


def _parse_by_grammar(base: str, text: str) -> HistoricDate:
    """Everything written with more signs than digits and a hyphen, and everything that is wrong."""
    try:
        part = edtf.parse_edtf(base)
    except edtf.EDTFParseException:
        raise _refusal(base, text) from None
    if type(part) not in (kinds.Date, kinds.Season, kinds.Unspecified):
        raise _refusal(base, text)
    # A month or day that is said to be unknown is the same as one not said: 1999-XX is 1999.
    year, _, unit = re.sub("(-XX)+$", "", str(part)).partition("-")
    if not re.fullmatch("[0-9]{3}[0-9X]|[0-9]{2}XX", year) or ("X" in year and unit):
        raise _refusal(base, text)
    if int(year.replace("X", "0")) == 0:
        raise InvalidDate(text, _YEAR_RANGE)
    if year == "9999" and unit == "24":  # that winter ends in a year no calendar here has
        raise InvalidDate(text, _YEAR_RANGE)
    return _part_of_year(int(year), unit) if unit else _whole_years(year)


def _whole_years(year: str) -> HistoricDate:
    precision = {0: Precision.YEAR, 1: Precision.DECADE, 2: Precision.CENTURY}[year.count("X")]
    first, last = int(year.replace("X", "0")), int(year.replace("X", "9"))
    return HistoricDate(year, date(first, 1, 1), date(last, 12, 31), precision)


def _part_of_year(year: int, unit: str) -> HistoricDate:
    """A month (01 to 12) or a season (21 to 24); the winter of a year is the one that begins in its December."""
    if int(unit) <= 12:
        first = last = int(unit)
        precision = Precision.MONTH
    else:
        first = 3 * (int(unit) - 20)
        last = first + 2
        precision = Precision.SEASON
    last_year, last_month = (year, last) if last <= 12 else (year + 1, last - 12)
    days = calendar.monthrange(last_year, last_month)[1]
    return HistoricDate(f"{year:04}-{unit}", date(year, first, 1), date(last_year, last_month, days), precision)


def _refusal(base: str, text: str) -> InvalidDate:
    """Why the grammar cannot read `base`, or reads what has no place here (level 2, times, years without century)."""
    if match := re.fullmatch("[0-9]{4}-([0-9]{2})", base):
        return InvalidDate(text, _NO_SUCH_MONTH, month=match[1])
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}[T ].*", base):
        return InvalidDate(text, _TIME)
    if re.fullmatch("-[0-9]{4}.*|Y-?[0-9]+.*", base):
        return InvalidDate(text, _YEAR_RANGE)
    if re.match("X|[0-9]XXX", base):
        return InvalidDate(text, _YEAR_UNKNOWN)
    return InvalidDate(text, _NOT_A_DATE)


__all__ = ["OPEN", "HistoricDate", "InvalidDate", "Precision"]
