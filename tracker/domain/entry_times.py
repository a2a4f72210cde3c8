"""When something is by the clocks of all its cities: "Köln 18:00–20:00 / Wolgograd 20:00–22:00".

For a line in an entry's description, since most programs show a time by their owner's clock alone. Names are those of
the day (R4), formats are CLDR's. Pure.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from tracker.domain.details import zones
from tracker.domain.twins import HUB, Twin
from tracker.i18n import known_language

_WEEK = 7


def both_times(
    start: date | datetime,
    end: date | datetime | None,
    timezone: str | None,
    twins: tuple[str, ...],
    known: Mapping[str, Twin],
    day: date | None,
    language: str,
) -> str:
    """One line with the clock of each twin and, last, the hub's; cities whose clocks agree share one. "" for days."""
    if not isinstance(start, datetime) or timezone is None:
        return ""
    clocks: dict[str, list[str]] = {}
    for city in [*(known[slug] for slug in twins if slug in known), HUB]:
        if city.timezone in zones():
            clock = _clock(start, end if isinstance(end, datetime) else None, timezone, city.timezone, language)
            sharing = clocks.pop(clock, []) if city is HUB else clocks.setdefault(clock, [])
            clocks[clock] = [*sharing, city.name_at(day, language)]
    return " / ".join(f"{', '.join(names)} {clock}" for clock, names in clocks.items())


def _clock(start: datetime, end: datetime | None, timezone: str, there: str, language: str) -> str:
    """The span by the clock `there`; a day that is not the one before it in the line is said."""
    begin = _by_clock(start, timezone, there)
    said = _time(begin, start.date(), language)
    return f"{said}–{_time(_by_clock(end, timezone, there), begin.date(), language)}" if end and end > start else said


def _by_clock(time: datetime, timezone: str, there: str) -> datetime:
    return time.replace(tzinfo=ZoneInfo(timezone)).astimezone(ZoneInfo(there))


def _time(time: datetime, expected: date, language: str) -> str:
    # Twenty-four hours in every language: two clocks beside each other shall differ in nothing but the hour.
    language = known_language(language)
    clock = format_skeleton("Hm", time, tzinfo=time.tzinfo, locale=language)
    distance = abs((time.date() - expected).days)
    if not distance:
        return clock
    # Within a week the weekday says enough.
    day = (
        format_date(time, "EEE", language) if distance < _WEEK else format_skeleton("MEd", time.date(), locale=language)
    )
    return f"{day} {clock}"
