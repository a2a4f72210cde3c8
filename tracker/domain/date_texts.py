"""Dates as people write them: "Mai 1960", "3.5.1960", "осенью 2013", "1990er", "since 2002", "about 1957".

Whatever language the page is in, all three are read, in every case and abbreviation: a sheet from Cologne is imported
by a Russian account. What can be read in two ways, or only by guessing a century, is refused with both readings or
with what would be right. Whatever `dates` and `date_wording` say is understood again as the same date.
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from babel import Locale

from tracker.domain import date_wording as wording
from tracker.domain.dates import OPEN, HistoricDate, InvalidDate
from tracker.i18n import LANGUAGES, N_

_NOT_UNDERSTOOD = N_("“{value}” is not understood as a date. Write a date like 28.11.1988, May 1960, 1944 or 1990s.")
_TWO_DIGITS = N_("“{value}”: write the year with four digits, as in 1960 or 1990s.")
_TWO_READINGS = N_("“{value}” may be {first} or {second}. Write the month as a word, or {iso_first} or {iso_second}.")
_MONTH_TOO_SHORT = N_("“{value}”: {month} has {days} days.")
_NO_SUCH_MONTH = N_("“{value}”: there is no month {month}, months are 1 to 12.")

_LONGEST = 120  # characters; no date needs more, and a pasted page is not worth reading

_EDTF = re.compile(r"(?:\.\.|[0-9X]{4}(?:-[0-9X]{2}){0,2}[?~%]?)?(?:/(?:\.\.|[0-9X]{4}(?:-[0-9X]{2}){0,2}[?~%]?)?)?")
_DAYS = {
    "today": 0, "heute": 0, "сегодня": 0,
    "yesterday": -1, "gestern": -1, "вчера": -1,
    "tomorrow": 1, "morgen": 1, "завтра": 1,
}  # fmt: skip
_SEASONS = {
    21: "spring frühling frühlings frühjahr frühjahrs fruehling fruehjahr весна весны весне весну весной весною",
    22: "summer sommer sommers лето лета лету летом лете",
    23: "autumn fall herbst herbsts herbstes осень осени осенью",
    24: "winter winters зима зимы зиме зиму зимой зимою",
}
_WINTER = 24
# Beside CLDR's: Austrian names, spellings without umlaut, and Russian abbreviations that are shorter still.
_MORE_MONTHS = {"jänner": 1, "feber": 2, "фев": 2, "maerz": 3, "сен": 9, "ноя": 11}


def _words(*words: str) -> str:
    return r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)\.?"


_NOISE = re.compile(
    _words("the", "of", "in", "on", "im", "am", "an", "ins", "den", "dem", "der", "des", "die", "das", "zum", "anno")
    + "|" + _words("years?", "jahr(?:e|en|es)?", "в", "во", "год(?:а|у|ы|ов|ах)?", "гг?")
)  # fmt: skip
_ABOUT = re.compile(
    r"(?:~|" + _words("um", "ca", "circa", "etwa", "ungefähr", "gegen", "rund", "about", "around", "approx")
    + "|" + _words("approximately", "около", "примерно", "приблизительно", "ок") + r"|c\.)\s*"
)  # fmt: skip
_SINCE = re.compile(_words("since", "seit", "ab", "начиная с", "с", "со") + r"\s*")
_UNTIL = re.compile(_words("until", "till", "bis", "до", "по") + r"\s*")
_FROM = re.compile(_words("from", "von", "vom", "с", "со") + r"\s*")
_STILL = re.compile(
    _words("today", "now", "(?:the )?present", "ongoing", "heute", "jetzt", "сегодня")
    + "|" + _words("(?:настоящее|наст\\.?) время", r"н\.? ?в")
)  # fmt: skip
# A hyphen joins two dates between blanks, between two years, or between two days; else it belongs to a date.
_JOINT = re.compile(
    r"\s*[–—]\s*|\s+-\s+|(?<=[0-9]{4})-(?=[0-9]{4}(?![0-9]))|(?<=[0-9]{4})-(?=[^\W\d]{3})|(?<=[0-9]\.)-(?=[0-9])"
    r"|(?<=^[0-9])-(?=[0-9]{1,2}\.? ?[^\W\d])|(?<=^[0-9]{2})-(?=[0-9]{1,2}\.? ?[^\W\d])"
    r"|(?<=[^\W\d]{3})-(?=[^\W\d]{3})|\s+(?:to|till|until|bis|по|до)\s+"
)

_NAME = r"([^\W\d_]+)\.?"
_NO_YEAR = re.compile(rf"(?:[0-9]{{1,2}}\.?\s)?{_NAME}")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s?([./-])\s?([0-9]{1,2})\s?\2\s?([0-9]{1,4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_MONTH_NUMBER = re.compile(r"([0-9]{1,2})[./]([0-9]{4})")
_DAY_NAME = re.compile(rf"([0-9]{{1,2}})(?:\.|st|nd|rd|th|-?го|-?е)?\s?{_NAME},?\s?([0-9]{{1,4}})")
_NAME_DAY = re.compile(rf"{_NAME}\s([0-9]{{1,2}})(?:\.|st|nd|rd|th)?,?\s([0-9]{{1,4}})")
_NAME_YEAR = re.compile(rf"{_NAME},?\s'?([0-9]{{2,4}})(?:/([0-9]{{2}}|[0-9]{{4}}))?")
_YEAR_NAME = re.compile(rf"([0-9]{{4}}),?\s{_NAME}")
_DECADE = re.compile(r"'?([0-9]{4}|[0-9]{2})\s?(?:'?s|ern?|-?(?:е|х|ые|ых))")
_CENTURY = re.compile(
    r"([ivxlc]+|[0-9]{1,2})(?:st|nd|rd|th|\.|-?й|-?го|-?м)?\s?(?:century|c\.|jahrhunderts?|jhd?t?\.?|века?|веке|столети[еяи])"
)


def understand(text: str, language: str, today: date) -> HistoricDate:
    """The date that `text` says; `InvalidDate` with a reason worded for `language` where there is none.

    `today` is what "heute" and "yesterday" are counted from. No year is ever guessed from it.
    """
    return _Reader(text, language).read(today)


class _Reader:
    """Reads one text; keeps it and the reader's language for the reasons."""

    def __init__(self, text: str, language: str) -> None:
        self.text = " ".join(text.split())
        self.language = language

    def read(self, today: date) -> HistoricDate:
        if not self.text or _EDTF.fullmatch(self.text.upper()):
            return HistoricDate.parse(self.text.upper())
        if len(self.text) > _LONGEST:
            raise InvalidDate(self.text[:_LONGEST] + "…", _NOT_UNDERSTOOD)
        plain = re.sub("(?<=[0-9])(?=г)", " ", self.text.casefold()).rstrip(" ,;")
        if plain in _DAYS:
            return HistoricDate.of_day(today + timedelta(days=_DAYS[plain]))
        try:
            return HistoricDate.parse(self._edtf(plain))
        except InvalidDate as error:
            raise InvalidDate(self.text, error.reason, **error.values) from None

    def _edtf(self, plain: str) -> str:
        """The EDTF of a whole text: one date, two joined, or one with an open or unknown end."""
        plain, open_end = _without_suffix(plain, _suffixes("end"))
        plain, open_start = _without_suffix(plain, _suffixes("beginning"))
        sides = [side for side in _JOINT.split(_FROM.sub("", plain, count=1) if _FROM.match(plain) else plain) if side]
        if len(sides) == 2:
            return self._two(*sides)
        if match := _SINCE.match(plain):
            return f"{self._one(plain[match.end() :])}/{'' if open_end else OPEN}"
        if match := _UNTIL.match(plain):
            return f"{'' if open_start else OPEN}/{self._one(plain[match.end() :])}"
        return self._one(plain)

    def _two(self, left: str, right: str) -> str:
        """Two dates, of which the first may leave to the second what both have in common ("28.–31. Januar 2018")."""
        if _STILL.fullmatch(right):
            return f"{self._one(left)}/{OPEN}"
        end = self._one(right)
        year, month = end[:4], end[5:7]
        if re.fullmatch(r"[0-9]{1,2}\.?", left) and month:
            return f"{self._day(int(year), int(month), int(left.rstrip('.')))}/{end}"
        if re.fullmatch(r"[0-9]{1,2}\.[0-9]{1,2}\.", left):
            left += year
        elif (match := _NO_YEAR.fullmatch(left)) and (match[1] in _months() or match[1] in _seasons()):
            left = f"{left} {year}"
        return f"{self._one(left)}/{end}"

    def _one(self, plain: str) -> str:
        """The EDTF of one date with its signs for about and uncertain."""
        plain, uncertain = _without_suffix(plain, (*_suffixes("uncertain"), "?"))
        plain, approximate = _without_suffix(plain, (*_suffixes("approximately"), "~"))
        if match := _ABOUT.match(plain):
            plain, approximate = plain[match.end() :], True
        plain = " ".join(_NOISE.sub(" ", plain).split()).strip(" ,")
        sign = {(True, False): "?", (False, True): "~", (True, True): "%"}.get((uncertain, approximate), "")
        return self._simple(plain) + sign

    def _simple(self, plain: str) -> str:
        if re.fullmatch("[0-9]{4}(-[0-9]{2}){0,2}", plain):
            return plain
        for pattern, reading in (
            (_DAY_FIRST, self._day_first),
            (_YEAR_FIRST, lambda y, _, m, d: self._day(int(y), int(m), int(d))),
            (_MONTH_NUMBER, lambda m, y: self._month(int(y), int(m))),
            (_DAY_NAME, lambda d, name, y: self._named_day(y, name, d)),
            (_NAME_DAY, lambda name, d, y: self._named_day(y, name, d)),
            (_NAME_YEAR, self._named_part),
            (_YEAR_NAME, lambda y, name: self._named_part(name, y, None)),
            (_DECADE, self._decade),
            (_CENTURY, self._century),
        ):
            if match := pattern.fullmatch(plain):
                return reading(*match.groups())
        raise self._refuse(_TWO_DIGITS if re.fullmatch("'?[0-9]{2}", plain) else _NOT_UNDERSTOOD)

    def _day_first(self, first: str, sign: str, second: str, year: str) -> str:
        """3.5.1960 is German or Russian; 5/3/1960 is read one way in London and another in Cleveland."""
        y, a, b = self._year(year), int(first), int(second)
        if sign == "." or b > 12 < a or a == b:
            return self._day(y, b, a)
        if a > 12 or b > 12:
            return self._day(y, min(a, b), max(a, b))
        british, american = HistoricDate.parse(self._day(y, b, a)), HistoricDate.parse(self._day(y, a, b))
        raise self._refuse(
            _TWO_READINGS,
            first=british.display(self.language),
            second=american.display(self.language),
            iso_first=british.edtf,
            iso_second=american.edtf,
        )

    def _named_day(self, year: str, name: str, day: str) -> str:
        if name not in _months():
            raise self._refuse(_NOT_UNDERSTOOD)
        return self._day(self._year(year), _months()[name], int(day))

    def _named_part(self, name: str, year: str, second_year: str | None) -> str:
        """A month or a season; a winter may name both of its years ("Winter 2013/14")."""
        unit = _months().get(name) or _seasons().get(name)
        if unit is None:
            raise self._refuse(_NOT_UNDERSTOOD)
        y = self._year(year)
        if second_year and (unit != _WINTER or int(second_year) not in (y + 1, (y + 1) % 100)):
            raise self._refuse(_NOT_UNDERSTOOD)
        return f"{y:04}-{unit:02}"

    def _decade(self, year: str) -> str:
        if len(year) == 2:
            raise self._refuse(_TWO_DIGITS)
        if not year.endswith("0"):
            raise self._refuse(_NOT_UNDERSTOOD)
        return f"{year[:3]}X"

    def _century(self, number: str) -> str:
        century = int(number) if number.isdigit() else _romans().get(number, 0)
        if not 2 <= century <= 99:  # the first begins with a year 0, which no calendar here has
            raise self._refuse(_NOT_UNDERSTOOD)
        return f"{century - 1:02}XX"

    def _year(self, digits: str) -> int:
        if len(digits) != 4:
            raise self._refuse(_TWO_DIGITS)
        return int(digits)

    def _month(self, year: int, month: int) -> str:
        if not 1 <= month <= 12:
            raise self._refuse(_NO_SUCH_MONTH, month=month)
        return f"{year:04}-{month:02}"

    def _day(self, year: int, month: int, day: int) -> str:
        year_and_month = self._month(year, month)
        days = calendar.monthrange(year, month)[1] if year else 31
        if not 1 <= day <= days:
            raise self._refuse(_MONTH_TOO_SHORT, month=wording.month_of_year(year, month, self.language), days=days)
        return f"{year_and_month}-{day:02}"

    def _refuse(self, reason: str, **values: object) -> InvalidDate:
        return InvalidDate(self.text, reason, **values)


def _without_suffix(plain: str, suffixes: tuple[str, ...]) -> tuple[str, bool]:
    for suffix in suffixes:
        if plain.endswith(suffix):
            return plain.removesuffix(suffix).rstrip(), True
    return plain, False


@cache
def _suffixes(sort: str) -> tuple[str, ...]:
    """What `date_wording` adds to a date, in each language."""
    add: dict[str, Callable[[str, str], str]] = {
        "uncertain": wording.uncertain,
        "approximately": wording.approximately,
        "beginning": wording.beginning_unknown,
        "end": wording.end_unknown,
    }
    return tuple(add[sort]("", language).strip().casefold() for language in LANGUAGES)


@cache
def _months() -> dict[str, int]:
    """Every name of a month, in small letters and without a full stop."""
    names = dict(_MORE_MONTHS)
    for tag in ("en", "en_GB", "de", "ru"):
        locale = Locale.parse(tag)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    names[name.casefold().rstrip(".")] = number
    for number, name in Locale("ru").months["stand-alone"]["wide"].items():
        names |= dict.fromkeys(_russian_cases(name), number)
    return names


def _russian_cases(name: str) -> list[str]:
    """CLDR has январь and января; here are январю, январем, январём, январе."""
    stem, endings = (name[:-1], ("ю", "ем", "ём", "е")) if name[-1] in "ьй" else (name, ("у", "ом", "е"))
    return [stem + ending for ending in endings]


@cache
def _seasons() -> dict[str, int]:
    return {name: season for season, names in _SEASONS.items() for name in names.split()}


@cache
def _romans() -> dict[str, int]:
    return {wording.roman(number).lower(): number for number in range(1, 100)}
