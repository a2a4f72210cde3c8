"""A calendar file (RFC 5545) as plain entries: read strictly, repetitions told one by one, no person taken along.

What is damaged is refused with its line, or with its entry and property; nothing is mended silently. Time zones go by
their names (IANA or Windows), never by the rules a file brings along: a time is stored as one on the wall in a zone.
One of the modules that may import icalendar (`outputs.ical` writes calendars), the only one for recurring_ical_events.
"""

import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import recurring_ical_events
from icalendar import Calendar, Event, vDDDLists, vDDDTypes, vDuration, vRecur, vText
from icalendar.error import GloballyUniqueTZIDGuessed
from icalendar.prop import vBroken
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from tracker.i18n import N_, NP_
from tracker.intake.ical_entries import CalendarFile, FileEntry, LeftOut, Remark
from tracker.intake.ical_lines import Block, read_blocks
from tracker.intake.problems import CellProblem, InvalidCalendar, cell_problem

MOST_TIMES = 500
"""Of each repeating entry, so many times at most become activities."""

BACK, AHEAD = timedelta(days=365), timedelta(days=730)

_EXAMPLES = {
    "DTSTART": "20261128T180000",
    "DTEND": "20261128T200000",
    "RECURRENCE-ID": "20261128T180000",
    "EXDATE": "20261128T180000",
    "RDATE": "20261128T180000",
    "DURATION": "PT2H",
    "RRULE": "FREQ=WEEKLY;COUNT=10",
}
_BROKEN = N_("“{value}” is not what {name} may hold. Right would be, for example, {example}.")
_BROKEN_OTHER = N_(
    "“{value}” is not what {name} may hold. Export the calendar anew, or take this line out of the file."
)
_DAMAGED = N_("A line of this entry is damaged: {value}")
_MISSING = N_("This is missing and must be given.")
_TWICE = N_("{name} stands here {n} times, but may stand only once.")
_SAME_UID = N_("“{value}” stands in entry {row} already; every entry needs a UID of its own.")
_NO_ZONE = N_(
    "“{value}” is not a time zone that is known by its name. Name it like Europe/Berlin in the program it comes from."
)
_TWO_SORTS = N_("“{value}” must be a whole day where DTSTART is one, and a time where DTSTART is a time.")
_TWO_ENDS = N_("DTEND stands here too. An entry has an end or a duration, not both.")
_NOT_A_STATUS = N_("“{value}” is not a status. Choose one of: {allowed}.")
_TOO_OFTEN = N_("“{value}” repeats more than once a day. Enter such an activity once, with its beginning and its end.")
_NO_RULE = N_("“{value}” makes no repetition. Right would be, for example, {example}.")

_NONE_IN_WINDOW = N_("It repeats, but never between {first} and {last}; nothing of it is taken in.")
_TOO_MANY_TIMES = N_(
    "It repeats more than {most} times between {first} and {last}; only the first {most} are taken in."
)
_FLOATING = NP_(
    "{n} entry names no time zone; its times were taken for those of {zone}.",
    "{n} entries name no time zone; their times were taken for those of {zone}.",
)
_WORLD_TIME = NP_(
    "{n} entry is given in world time (UTC); its times were turned into those of {zone}.",
    "{n} entries are given in world time (UTC); their times were turned into those of {zone}.",
)
_PERSONS = NP_(
    "{n} entry names persons who invite or take part; they are not taken in.",
    "{n} entries name persons who invite or take part; they are not taken in.",
)
_REPEATING = NP_(
    "{n} entry repeats: each of its times from {first} to {last} becomes an activity of its own, {most} at most.",
    "{n} entries repeat: each of their times from {first} to {last} becomes an activity of its own, {most} at most "
    "of each.",
)
_OTHERS = NP_(
    "{n} task or note is not taken in; only entries of a calendar are.",
    "{n} tasks or notes are not taken in; only entries of a calendar are.",
)

_SORTS = {
    "DTSTART": (vDDDTypes,),
    "DTEND": (vDDDTypes,),
    "RECURRENCE-ID": (vDDDTypes,),
    "DURATION": (vDuration, vDDDTypes),
    "EXDATE": (vDDDLists,),
    "RDATE": (vDDDLists,),
    "RRULE": (vRecur,),
}
_ONCE = (
    "UID", "DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "CLASS", "URL",
    "RECURRENCE-ID", "RRULE",
)  # fmt: skip
_TIMES = ("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE", "EXDATE")
_STATUSES = ("TENTATIVE", "CONFIRMED", "CANCELLED")
_WORLD = frozenset({"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"})
_YEARS = range(1000, 3000)


def read_calendar(name: str, data: bytes, today: date, zone: str, world_zone: str) -> CalendarFile:
    """Read a file; `InvalidCalendar` with every fault. Times without a zone are in `zone`, UTC becomes `world_zone`."""
    blocks, others = read_blocks(name, data)
    with warnings.catch_warnings():
        # `/vendor/Europe/Berlin`: taken for what it says, by `_zone` as well.
        warnings.simplefilter("ignore", GloballyUniqueTZIDGuessed)
        found = [_Found(block) for block in blocks]
    problems = [problem for one in found for problem in one.problems()] or list(_repeated_uids(found))
    if problems:
        raise InvalidCalendar(problems)
    reader = _Reader(today, zone, world_zone)
    entries = tuple(entry for group in _by_uid(found) for entry in reader.entries(group))
    if reader.problems:
        raise InvalidCalendar(reader.problems)
    remarks = [*reader.remarks(found), Remark(_OTHERS, others, {})]
    return CalendarFile(entries, tuple(reader.left_out), tuple(remark for remark in remarks if remark.n))


class _Found:
    """One VEVENT as it stands in the file, with its faults."""

    def __init__(self, block: Block) -> None:
        self.number, self.cancelled = block.number, block.cancelled
        try:
            self.event: Any = Event.from_ical(block.text)
        except Exception as fault:  # the package lets through whatever its parts raise on a value that does not belong
            raise InvalidCalendar([cell_problem(self.number, "", fault, _DAMAGED)]) from fault

    @property
    def uid(self) -> str:
        return str(self.event.get("UID", "")).strip()

    @property
    def recurrence(self) -> str:
        return _moment_key(self.event["RECURRENCE-ID"].dt) if "RECURRENCE-ID" in self.event else ""

    @property
    def repeats(self) -> bool:
        return "RRULE" in self.event or "RDATE" in self.event

    def problems(self) -> list[CellProblem]:
        """What is wrong with the properties; what they mean together is looked at only where each can be read."""
        found = list(self._unreadable()) or list(self._impossible())
        return [cell_problem(self.number, name, value, reason, values) for name, value, reason, values in found]

    def _unreadable(self) -> Iterator[tuple[str, str, str, dict[str, object]]]:
        for name, message in self.event.errors:
            if name is None:
                yield "", message, _DAMAGED, {}
                continue
            reason = _BROKEN if name in _EXAMPLES else _BROKEN_OTHER
            yield name, self.raw(name), reason, {"name": name, "example": _EXAMPLES.get(name)}
        for name in _ONCE:
            if isinstance(self.event.get(name), list):
                yield name, self.raw(name), _TWICE, {"name": name, "n": len(self.event[name])}
        for name, sort in _SORTS.items():
            for value in _listed(self.event.get(name)):
                if not isinstance(value, (*sort, vBroken)):  # what a VALUE that does not belong here made of it
                    yield name, self.raw(name), _BROKEN, {"name": name, "example": _EXAMPLES[name]}
        for name in ("UID", "DTSTART"):
            if not self.event.get(name) and None not in dict(self.event.errors):
                yield name, "", _MISSING, {}
        for name in _TIMES:
            for tzid in _tzids(self.event.get(name)):
                if _zone(tzid) is None:
                    yield name, tzid, _NO_ZONE, {}

    def _impossible(self) -> Iterator[tuple[str, str, str, dict[str, object]]]:
        event = self.event
        start, end = event["DTSTART"].dt, event["DTEND"].dt if "DTEND" in event else None
        since = event["RECURRENCE-ID"].dt if "RECURRENCE-ID" in event else None
        for name, moment in (("DTSTART", start), ("DTEND", end), ("RECURRENCE-ID", since)):
            if moment is not None and not (isinstance(moment, date) and moment.year in _YEARS):
                yield name, self.raw(name), _BROKEN, {"name": name, "example": _EXAMPLES[name]}
        if end is not None and isinstance(start, datetime) != isinstance(end, datetime):
            yield "DTEND", self.raw("DTEND"), _TWO_SORTS, {}
        if "DURATION" in event and end is not None:
            yield "DURATION", self.raw("DURATION"), _TWO_ENDS, {}
        elif "DURATION" in event and not (
            isinstance(event["DURATION"].dt, timedelta) and event["DURATION"].dt >= timedelta(0)
        ):
            yield "DURATION", self.raw("DURATION"), _BROKEN, {"name": "DURATION", "example": "PT2H"}
        if str(event.get("STATUS", "CONFIRMED")).upper() not in _STATUSES:
            yield "STATUS", str(event["STATUS"]), _NOT_A_STATUS, {"allowed": _STATUSES}
        if "RRULE" in event:
            rule = event["RRULE"]
            if rule.get("INTERVAL", [1]) < [1] or "FREQ" not in rule:
                yield "RRULE", self.raw("RRULE"), _NO_RULE, {"example": _EXAMPLES["RRULE"]}
            # Written out, such a rule can fill the memory.
            several = any(len(rule.get(part, ())) > 1 for part in ("BYHOUR", "BYMINUTE", "BYSECOND"))
            if several or set(rule.get("FREQ", ())) & {"HOURLY", "MINUTELY", "SECONDLY"}:
                yield "RRULE", self.raw("RRULE"), _TOO_OFTEN, {}

    def raw(self, name: str | None) -> str:
        """A property's value as the file writes it."""
        value = self.event.get(name) if name else None
        value = value[0] if isinstance(value, list) else value
        if value is None or isinstance(value, vText):  # a broken one is kept as text, as it stands
            return str(value or "")
        written = value.to_ical()
        return written.decode() if isinstance(written, bytes) else str(written)


class _Reader:
    """Turns what was found into entries; gathers what is left out and what must be said."""

    def __init__(self, today: date, zone: str, world_zone: str) -> None:
        self.first, self.last = today - BACK, today + AHEAD
        self.zone, self.world_zone = zone, world_zone
        self.left_out: list[LeftOut] = []
        self.problems: list[CellProblem] = []

    def entries(self, group: list[_Found]) -> Iterator[FileEntry]:
        """The entries of one UID: as they stand, or each time of those that repeat."""
        main = next((one for one in group if not one.recurrence), None)
        if main is None or not main.repeats:
            for one in group:
                yield self._entry(one, one.event, one.recurrence)
            return
        changed = {one.recurrence: one for one in group if one.recurrence}
        times = self._times(main, group)
        window: dict[str, object] = {"first": self.first, "last": self.last, "most": MOST_TIMES}
        if not times:
            self.left_out.append(LeftOut(main.number, _title(main.event), _NONE_IN_WINDOW, window))
        if len(times) > MOST_TIMES:
            self.left_out.append(LeftOut(main.number, _title(main.event), _TOO_MANY_TIMES, window))
        for time in times[:MOST_TIMES]:
            recurrence = _moment_key(time["RECURRENCE-ID"].dt)
            yield self._entry(changed.get(recurrence, main), time, recurrence)

    def remarks(self, found: list[_Found]) -> list[Remark]:
        starts = [one.event["DTSTART"] for one in found]
        window: dict[str, object] = {"first": self.first, "last": self.last, "most": MOST_TIMES}
        return [
            Remark(_REPEATING, sum(one.repeats for one in found), window),
            Remark(_FLOATING, sum(_is_floating(start) for start in starts), {"zone": self.zone}),
            Remark(_WORLD_TIME, sum(_is_world_time(start) for start in starts), {"zone": self.world_zone}),
            Remark(_PERSONS, sum("ATTENDEE" in one.event or "ORGANIZER" in one.event for one in found), {}),
        ]

    def _times(self, main: _Found, group: list[_Found]) -> list[Any]:
        rule = main.event.get("RRULE")
        calendar = Calendar()
        for one in group:
            calendar.add_component(one.event)
        try:
            times = list(recurring_ical_events.of(calendar).between(self.first, self.last))
            return sorted(times, key=lambda time: _moment_key(time["RECURRENCE-ID"].dt))
        except Exception:  # the package lets through whatever its parts raise on a rule that is well written but absurd
            name = "RRULE" if rule else "RDATE"
            self.problems.append(
                cell_problem(main.number, name, main.raw(name), _NO_RULE, {"example": _EXAMPLES[name]})
            )
            return []

    def _entry(self, found: _Found, event: Any, recurrence: str) -> FileEntry:
        start, end, zone = self._span(event)
        status = "CANCELLED" if found.cancelled else str(event.get("STATUS", "CONFIRMED")).upper()
        return FileEntry(
            number=found.number,
            uid=found.uid,
            recurrence=recurrence,
            title=_title(event),
            title_language=_language(event.get("SUMMARY")),
            description=str(event.get("DESCRIPTION", "")).strip(),
            description_language=_language(event.get("DESCRIPTION")),
            place=" ".join(str(event.get("LOCATION", "")).split()),
            start=start,
            end=end,
            zone=zone,
            status=status,
            access_class=str(event.get("CLASS", "")).upper(),
            categories=tuple(_categories(event.get("CATEGORIES"))),
            url=str(event.get("URL", "")).strip(),
        )

    def _span(self, event: Any) -> tuple[str, str | None, str | None]:
        """Start, end and zone. The day a whole-day entry ends before (RFC 5545) becomes the last day it covers."""
        begin = event["DTSTART"].dt
        duration = event["DURATION"].dt if "DURATION" in event else None
        if not isinstance(begin, datetime):
            until = event["DTEND"].dt if "DTEND" in event else begin + timedelta(days=duration.days if duration else 1)
            last = begin if until == begin else until - timedelta(days=1)
            return begin.isoformat(), last.isoformat() if last != begin else None, None
        zone, start = self._on_the_wall(event["DTSTART"])
        end = start + (duration or timedelta(0))
        if "DTEND" in event:
            end_zone, end = self._on_the_wall(event["DTEND"])
            if end_zone != zone:
                end = end.replace(tzinfo=ZoneInfo(end_zone)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        return _minutes(start), _minutes(end) if end != start else None, zone

    def _on_the_wall(self, value: Any) -> tuple[str, datetime]:
        moment: datetime = value.dt
        if _is_floating(value):
            return self.zone, moment
        if _is_world_time(value):
            return self.world_zone, moment.astimezone(ZoneInfo(self.world_zone)).replace(tzinfo=None)
        return _zone(value.params["TZID"]) or self.zone, moment.replace(tzinfo=None)


def _by_uid(found: list[_Found]) -> Iterable[list[_Found]]:
    groups: dict[str, list[_Found]] = {}
    for one in found:
        groups.setdefault(one.uid, []).append(one)
    return groups.values()


def _repeated_uids(found: list[_Found]) -> Iterator[CellProblem]:
    known: dict[tuple[str, str], int] = {}
    for one in found:
        first = known.setdefault((one.uid, one.recurrence), one.number)
        if first != one.number:
            yield cell_problem(one.number, "UID", one.uid, _SAME_UID, {"row": first})


def _moment_key(moment: date) -> str:
    """One spelling for one time of a series, whichever zone an entry tells it in."""
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}" if moment.tzinfo else f"{moment:%Y%m%dT%H%M%S}"


def _minutes(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def _is_floating(value: Any) -> bool:
    return isinstance(value.dt, datetime) and value.dt.tzinfo is None and "TZID" not in value.params


def _is_world_time(value: Any) -> bool:
    tzid = value.params.get("TZID")
    aware = isinstance(value.dt, datetime) and value.dt.tzinfo is not None
    return aware and (tzid is None or _zone(tzid) in _WORLD)


def _listed(values: Any) -> list[Any]:
    """The values of a property, however often it stands there."""
    return values if isinstance(values, list) else [] if values is None else [values]


def _tzids(values: Any) -> Iterator[str]:
    for value in _listed(values):
        if tzid := getattr(value, "params", {}).get("TZID"):
            yield str(tzid)


@cache
def _zone(tzid: str) -> str | None:
    """The IANA name of a zone as programs name it: so, as Windows does, or behind the name of its maker."""
    clean = tzid.strip("/ ")
    parts = clean.split("/")
    tails = ["/".join(parts[at:]) for at in range(1, len(parts))] if tzid.startswith("/") else []
    names = (clean, WINDOWS_TO_OLSON.get(clean, ""), *tails)
    return next((name for name in names if name in _all_zones()), None)


@cache
def _all_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _title(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())


def _language(value: Any) -> str:
    """The language a text is marked with, without its country."""
    tag = str(value.params.get("LANGUAGE", "")) if value is not None else ""
    primary = tag.replace("_", "-").partition("-")[0].lower()
    return primary if re.fullmatch("[a-z]{2,3}", primary) else ""


def _categories(values: Any) -> Iterator[str]:
    for value in _listed(values):
        yield from (str(category).strip() for category in getattr(value, "cats", ()))
