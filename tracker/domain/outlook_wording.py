"""The words for what is in an occasion's way, and for where: "Public holiday (Germany): Ascension Day".

Names of countries and cities stand uninflected, as in `occasion_wording`: no phrase needs their case.
"""

from collections.abc import Mapping
from typing import Any

from babel import Locale
from babel.dates import get_day_names

from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occurrence
from tracker.domain.outlook import Clash, Collision, Foreseen, week_of
from tracker.domain.reminders import note_on, title_of_occurrence
from tracker.domain.twins import HUB, Twin
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, gettext

_SAME_DAY = N_("On the same day: {title}")
_SAME_WEEK = N_("Both in the week from {day}: {title} ({when})")
_SAME_MONTH = N_("Perhaps in one week, only the month is known: {title} ({when})")
_HOLIDAY = N_("Public holiday ({place}): {name}")
_WEEKEND = N_("On a weekend: {weekday}")
_WEEKEND_THERE = N_("On a weekend ({place}): {weekday}")


def collision_words(found: Foreseen, collision: Collision, language: str, twins: Mapping[str, Twin]) -> str:
    """One of the collisions of an occasion come round, in `language`."""
    come = found.come
    match collision.clash:
        case Clash.SAME_WEEK | Clash.SAME_MONTH:
            return _beside(come, collision.other or come, language, twins)
        case Clash.PUBLIC_HOLIDAY:
            names = collision.holiday.names if collision.holiday else {}
            name = names.get(language) or names.get(DEFAULT_LANGUAGE) or ""
            local = collision.holiday is not None and collision.holiday.local
            return gettext(language, _HOLIDAY, place=_places(collision, language, twins, local=local), name=name)
        case Clash.WEEKEND:
            message = _WEEKEND if collision.everywhere else _WEEKEND_THERE
            weekday = get_day_names("wide", locale=language)[come.on.weekday()] if come.on else ""
            return gettext(language, message, place=_places(collision, language, twins), weekday=weekday)


def collision_document(found: Foreseen, collision: Collision, twins: Mapping[str, Twin]) -> dict[str, Any]:
    """The same for programs: what collides by keys and places, and in words in each language."""
    other = collision.other
    return {
        "clash": collision.clash.value,
        "key": other.occasion.key if other else None,
        "on": other.when.edtf if other else None,
        "places": list(collision.places),
        "holiday": dict(collision.holiday.names) if collision.holiday else None,
        "words": {language: collision_words(found, collision, language, twins) for language in LANGUAGES},
    }


def state_words(come: Occurrence, language: str, twins: Mapping[str, Twin]) -> str:
    """How the partnership stands then, where that must be said (R1); of several cities nothing is said at once."""
    named = [twins[slug] for slug in come.occasion.twins if slug in twins]
    return note_on(named[0], come.when.latest, language) if len(named) == 1 and come.when.latest else ""


def _beside(come: Occurrence, other: Occurrence, language: str, twins: Mapping[str, Twin]) -> str:
    title, when = title_of_occurrence(other, language, twins), other.when.display(language)
    begins = week_of(come, other)
    if begins is None:
        return gettext(language, _SAME_MONTH, title=title, when=when)
    if come.on == other.on:
        return gettext(language, _SAME_DAY, title=title)
    day = HistoricDate.of_day(begins).display(language)
    return gettext(language, _SAME_WEEK, day=day, title=title, when=when)


def _places(collision: Collision, language: str, twins: Mapping[str, Twin], *, local: bool = False) -> str:
    """The countries, each once; the city itself where only its region keeps the day."""
    named = [HUB if slug == HUB.slug else twins[slug] for slug in collision.places if slug == HUB.slug or slug in twins]
    return ", ".join(dict.fromkeys(twin.name(language) if local else country_of(twin, language) for twin in named))


def country_of(twin: Twin, language: str) -> str:
    """The label that the house shows instead of the country (R14), else the country's name as CLDR has it."""
    label = twin.country_label.get(language) or twin.country_label.get(DEFAULT_LANGUAGE)
    return label or str(Locale(language).territories.get(twin.country, twin.country))
