"""Words to begin a letter of greeting with, in the twin's own language, and the letter as text.

The words that ship stand in `data/greetings.toml`, read once per process; the house's own templates are handed in. What
is made here is a draft that people change; nothing is looked through for braces after that.
"""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_skeleton

from tracker.domain.date_wording import Precision, english_ordinal
from tracker.domain.dates import HistoricDate
from tracker.domain.greetings import Standing, Template, fill_in
from tracker.domain.occasion_wording import title_of
from tracker.domain.occasions import OccasionKind, Occurrence
from tracker.domain.reminders import title_of_occurrence
from tracker.domain.twins import Twin
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES

_DATA = Path(__file__).parent.parent / "data" / "greetings.toml"


@dataclass(frozen=True)
class Tongue:
    """A language letters are written in: its own name, its locale, and the words of the house in it.

    `founding` words the anniversary of a founding where the catalogues do not, `first` is its ordinal of 1. `dated`
    says how place and day stand in one line.
    """

    tag: str
    own_name: str
    locale: str
    hub: str
    house: str
    templates: Mapping[Standing, Template]
    addressees: Mapping[Standing, str]
    founding: str = ""
    ordinal: str = "{n}."
    first: str = ""
    dated: str = "{place}, {date}"


@dataclass(frozen=True)
class Draft:
    """A letter to begin with. The first line of its `sender` is what the house is called, the rest its address."""

    language: str
    addressee: str
    sender: str
    subject: str
    body: str


@cache
def tongues() -> Mapping[str, Tongue]:
    """The languages there are words in, by their tags."""
    return {tag: _tongue(tag, words) for tag, words in _shipped()["languages"].items()}


def language_for(twin: str, come: Occurrence) -> str:
    """The language a twin is written to in on an occasion: its own, unless that has no words for the occasion."""
    tag = str(_shipped()["twins"].get(twin, DEFAULT_LANGUAGE))
    return tag if tag in tongues() and _can_word(tag, come) else DEFAULT_LANGUAGE


def languages_for(come: Occurrence) -> list[Tongue]:
    """The languages in which this occasion can be written of."""
    return [tongue for tag, tongue in tongues().items() if _can_word(tag, come)]


def begin(
    come: Occurrence,
    twin: Twin,
    twins: Mapping[str, Twin],
    tag: str,
    standing: Standing,
    template: Template | None,
    *,
    name: str,
    sender: str = "",
) -> Draft:
    """A letter of that occasion to that twin, from the house's own template or else from the one that ships.

    `name` is who writes, `sender` the house with its address; empty: what the language calls it.
    """
    tongue = tongues()[tag]
    values = _values(come, twin, twins, tongue)
    addressee = fill_in(tongue.addressees[standing], values)
    sender = sender or tongue.house
    # Under the letter its name is enough: the address stands at the head.
    filled = {**values, "addressee": addressee, "sender": sender.split("\n")[0].strip(), "name": name}
    words = template or tongue.templates[standing]
    subject = " ".join(fill_in(words.subject, filled).split())
    return Draft(tag, addressee, sender, subject, fill_in(words.body, filled))


def _values(come: Occurrence, twin: Twin, twins: Mapping[str, Twin], tongue: Tongue) -> dict[str, str]:
    values = {
        "hub": tongue.hub,
        "twin": _name_in(twin, tongue.tag),
        "date": _date(come.when, tongue.locale),
        "years": str(come.number or ""),
        "ordinal": _ordinal(come.number, tongue),
        "since": _date(come.occasion.date, tongue.locale) if come.occasion.date else "",
    }
    occasion = fill_in(tongue.founding, values) if tongue.founding else title_of_occurrence(come, tongue.tag, twins)
    return {**values, "occasion": occasion[:1].upper() + occasion[1:]}


def _can_word(tag: str, come: Occurrence) -> bool:
    """Titles are kept in the languages of the pages alone; a founding needs none."""
    founding = come.occasion.kind in (OccasionKind.TWINNING, OccasionKind.AGREEMENT) and come.number is not None
    return tag in LANGUAGES or (founding and not title_of(come.occasion, DEFAULT_LANGUAGE))


def _name_in(twin: Twin, tag: str) -> str:
    """Today's name; in a language the registry has no names in, as the city calls itself."""
    own = twin.local_name.partition(" / ")[0] if _shipped()["twins"].get(twin.slug) == tag else ""
    return twin.names.get(tag) or own or twin.name(DEFAULT_LANGUAGE)


def _ordinal(number: int | None, tongue: Tongue) -> str:
    if number is None:
        return ""
    if tongue.tag == DEFAULT_LANGUAGE:
        return english_ordinal(number)
    return tongue.first if number == 1 and tongue.first else tongue.ordinal.format(n=number)


def _date(date: HistoricDate, locale: str) -> str:
    """A date as exactly as it is known: 28 November 2026, November 2026, 2026."""
    first = date.earliest
    if first is None:
        return ""
    match date.precision:
        case Precision.DAY:
            return format_date(first, "long", locale=locale)
        case Precision.MONTH:
            return format_skeleton("yMMMM", dt.datetime.combine(first, dt.time()), locale=locale)
        case _:
            return str(first.year)


def _tongue(tag: str, words: Mapping[str, Any]) -> Tongue:
    letters = {standing: words[standing.value] for standing in Standing}
    return Tongue(
        tag=tag,
        templates={standing: Template(letter["subject"], letter["body"]) for standing, letter in letters.items()},
        addressees={standing: letter["addressee"] for standing, letter in letters.items()},
        **{name: text for name, text in words.items() if name not in set(Standing)},
    )


@cache
def _shipped() -> Mapping[str, Any]:
    return tomllib.loads(_DATA.read_text(encoding="utf-8"))
