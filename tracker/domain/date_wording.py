"""The words for dates in English, German and Russian: "May 1960", "im Mai 1960", "с мая 1960 года".

A date is worded from its first day and its precision, so that nothing finer than what is known can slip into a text.
Names of months and the order of day and month come from CLDR. What CLDR does not know (seasons, decades, the phrases
round a date with their prepositions and cases) are messages of the catalogues, a whole phrase each, because German
and Russian inflect what English leaves alone. Values of `dates.HistoricDate` are worded here and nowhere else.
"""

import re
from datetime import date
from enum import StrEnum

from babel import Locale
from babel.dates import format_date, format_skeleton

from tracker.i18n import N_, gettext, known_language


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    DECADE = "decade"
    CENTURY = "century"
    INTERVAL = "interval"


class Form(StrEnum):
    """The phrase a date is put in."""

    PLAIN = "plain"  # May 1960
    IN = "in"  # in May 1960
    SINCE = "since"  # since May 1960
    UNTIL = "until"  # until May 1960
    ABOUT = "about"  # about May 1960


# English is written the British way (28 November 1988), as the twin cities' own English pages do.
_LOCALES = {"en": Locale("en", "GB"), "de": Locale("de"), "ru": Locale("ru")}

_PHRASES: dict[tuple[Form, Precision], str] = {
    (Form.PLAIN, Precision.DAY): N_("{day} {year}"),
    (Form.PLAIN, Precision.MONTH): N_("{Month} {year}"),
    (Form.PLAIN, Precision.YEAR): N_("{year}"),
    (Form.PLAIN, Precision.DECADE): N_("{year}s"),
    (Form.PLAIN, Precision.CENTURY): N_("{ordinal} century"),
    (Form.IN, Precision.DAY): N_("on {day} {year}"),
    (Form.IN, Precision.YEAR): N_("in {year}"),
    (Form.IN, Precision.DECADE): N_("in the {year}s"),
    (Form.IN, Precision.CENTURY): N_("in the {ordinal} century"),
    (Form.SINCE, Precision.DAY): N_("since {day} {year}"),
    (Form.SINCE, Precision.MONTH): N_("since {month} {year}"),
    (Form.SINCE, Precision.YEAR): N_("since {year}"),
    (Form.SINCE, Precision.DECADE): N_("since the {year}s"),
    (Form.SINCE, Precision.CENTURY): N_("since the {ordinal} century"),
    (Form.UNTIL, Precision.DAY): N_("until {day} {year}"),
    (Form.UNTIL, Precision.MONTH): N_("until {month} {year}"),
    (Form.UNTIL, Precision.YEAR): N_("until {year}"),
    (Form.UNTIL, Precision.DECADE): N_("until the {year}s"),
    (Form.UNTIL, Precision.CENTURY): N_("until the {ordinal} century"),
    (Form.ABOUT, Precision.DAY): N_("about {day} {year}"),
    (Form.ABOUT, Precision.MONTH): N_("about {month} {year}"),
    (Form.ABOUT, Precision.YEAR): N_("about {year}"),
    (Form.ABOUT, Precision.DECADE): N_("about the {year}s"),
    (Form.ABOUT, Precision.CENTURY): N_("about the {ordinal} century"),
}

# By the month they begin in. A winter runs over the turn of the year, so it names both.
_SEASONS: dict[Form, dict[int, str]] = {
    Form.PLAIN: {
        3: N_("spring {year}"),
        6: N_("summer {year}"),
        9: N_("autumn {year}"),
        12: N_("winter {year}/{next_year}"),
    },
    Form.IN: {
        3: N_("in spring {year}"),
        6: N_("in summer {year}"),
        9: N_("in autumn {year}"),
        12: N_("in winter {year}/{next_year}"),
    },
    Form.SINCE: {
        3: N_("since spring {year}"),
        6: N_("since summer {year}"),
        9: N_("since autumn {year}"),
        12: N_("since winter {year}/{next_year}"),
    },
    Form.UNTIL: {
        3: N_("until spring {year}"),
        6: N_("until summer {year}"),
        9: N_("until autumn {year}"),
        12: N_("until winter {year}/{next_year}"),
    },
    Form.ABOUT: {
        3: N_("about spring {year}"),
        6: N_("about summer {year}"),
        9: N_("about autumn {year}"),
        12: N_("about winter {year}/{next_year}"),
    },
}

# Russian puts the month into a case ("в мае") that CLDR has no list of.
_IN_MONTHS = (
    N_("in January {year}"),
    N_("in February {year}"),
    N_("in March {year}"),
    N_("in April {year}"),
    N_("in May {year}"),
    N_("in June {year}"),
    N_("in July {year}"),
    N_("in August {year}"),
    N_("in September {year}"),
    N_("in October {year}"),
    N_("in November {year}"),
    N_("in December {year}"),
)

_FROM_TO_SAME_YEAR = {
    Precision.DAY: N_("from {start_day} to {end_day} {year}"),
    Precision.MONTH: N_("from {start_month} to {end_Month} {year}"),
}
_FROM_TO = {
    Precision.DAY: N_("from {start_day} {start_year} to {end_day} {year}"),
    Precision.MONTH: N_("from {start_month} {start_year} to {end_Month} {year}"),
    Precision.YEAR: N_("from {start_year} to {year}"),
}


def phrase(form: Form, precision: Precision, first: date, language: str) -> str:
    """The date that begins on `first` and is known to `precision`, in the phrase asked for."""
    if precision is Precision.SEASON:
        message = _SEASONS[form][first.month]
    elif precision is Precision.MONTH and form is Form.IN:
        message = _IN_MONTHS[first.month - 1]
    else:
        message = _PHRASES[form, precision]
    return gettext(language, message, **_values(first, language))


def from_to(first: date, last: date, precision: Precision, language: str) -> str | None:
    """Two dates of one precision in a sentence, "from 31 January to 3 February 2018"; None where no such phrase is."""
    messages = _FROM_TO_SAME_YEAR if first.year == last.year else _FROM_TO
    if precision not in messages:
        return None
    start = {f"start_{key}": value for key, value in _values(first, language).items()}
    end = {f"end_{key}": value for key, value in _values(last, language).items()}
    return gettext(
        language,
        messages[precision],
        year=_year(last),
        ru_from=_russian_from(first),
        **{**start, **end},
    )


def compressed(first: date, last: date, precision: Precision, language: str) -> str | None:
    """Two dates of one precision as CLDR shortens them, "31 January – 3 February 2018"; None where CLDR has no way."""
    locale = _LOCALES[known_language(language)]
    skeleton = {Precision.DAY: "yMMMd", Precision.MONTH: "yMMMM", Precision.YEAR: "y"}.get(precision)
    if skeleton is None:
        return None
    differs = "y" if first.year != last.year else "M" if first.month != last.month else "d"
    # CLDR gives the pattern with short months and lets the caller widen them; its Russian "г." and thin spaces are
    # left out because single dates are worded without them.
    start, end = (
        re.sub(r"\s*г\.", "", pattern.replace("MMMM", "MMM").replace("MMM", "MMMM"))
        for pattern in locale.interval_formats[skeleton][differs]
    )
    text = format_date(first, start, locale) + format_date(last, end, locale)
    return text.replace("\u2009", " ")


def month_of_year(year: int, month: int, language: str) -> str:
    """ "May 1960" """
    return phrase(Form.PLAIN, Precision.MONTH, date(year, month, 1), language)


def uncertain(text: str, language: str) -> str:
    return gettext(language, N_("{date} (uncertain)"), date=text)


def approximately(text: str, language: str) -> str:
    return gettext(language, N_("{date} (approximately)"), date=text)


def beginning_unknown(text: str, language: str) -> str:
    """Add that nobody knows when it began (an open beginning has none)."""
    return gettext(language, N_("{date} (beginning unknown)"), date=text)


def end_unknown(text: str, language: str) -> str:
    """Add that nobody knows when it ended (what is open still goes on)."""
    return gettext(language, N_("{date} (end unknown)"), date=text)


def english_ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 112th."""
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _values(day: date, language: str) -> dict[str, object]:
    """Everything a phrase may ask for: `month` inflected as beside a day, `Month` as standing alone."""
    locale = _LOCALES[known_language(language)]
    century = (day.year // 100) + 1
    return {
        "year": _year(day),
        "next_year": f"{(day.year + 1) % 100:02}",
        "day": format_skeleton("MMMMd", day, locale=locale),
        "month": locale.months["format"]["wide"][day.month],
        "Month": locale.months["stand-alone"]["wide"][day.month],
        "number": century,
        "ordinal": english_ordinal(century),
        "roman": roman(century),
        "ru_from": _russian_from(day),
    }


def _year(day: date) -> str:
    return str(day.year)


def _russian_from(day: date) -> str:
    """«со 2 мая» («со второго»), but «с 3 мая»."""
    return "со" if day.day == 2 else "с"


def roman(number: int) -> str:
    """XX for the 20th century, as Russian writes it."""
    digits = {90: "XC", 50: "L", 40: "XL", 10: "X", 9: "IX", 5: "V", 4: "IV", 1: "I"}
    text = ""
    for value, sign in digits.items():
        text += sign * (number // value)
        number %= value
    return text


__all__ = [
    "Form",
    "Precision",
    "approximately",
    "beginning_unknown",
    "compressed",
    "end_unknown",
    "english_ordinal",
    "from_to",
    "month_of_year",
    "phrase",
    "roman",
    "uncertain",
]
