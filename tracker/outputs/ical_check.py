"""Rendered entries read by two independent programs before anybody gets them: icalendar, and `ical`, which is strict.

One bad line makes some programs drop a whole calendar, so bytes that do not read back are never exported.
"""

from collections.abc import Sequence
from typing import Final

from ical.calendar_stream import IcsCalendarStream
from ical.exceptions import CalendarParseError
from icalendar import Calendar

from tracker.outputs.ical import CALENDAR_END

_HEAD: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tracker//check//EN\r\n"


class Unreadable(ValueError):
    """A program could not read what was rendered, or read something else."""


def check_entries(entries: Sequence[bytes], uid: str, above: bytes = b"") -> None:
    """Raise `Unreadable` unless both programs read all entries, each with the uid. `above` are the zones they name."""
    check_calendar(b"".join([_HEAD, above, *entries, CALENDAR_END]), [uid] * len(entries))


def check_calendar(body: bytes, uids: Sequence[str]) -> None:
    """Raise `Unreadable` unless both programs read the calendar and find entries with just these uids."""
    for name, read in (("icalendar", _by_icalendar), ("ical", _by_ical)):
        try:
            found = read(body)
        except (ValueError, CalendarParseError, KeyError, TypeError, AttributeError) as fault:
            raise Unreadable(f"{name}: {fault}") from fault
        if found != list(uids):
            raise Unreadable(f"{name} reads {len(found)} entries of {len(uids)}")


def _by_icalendar(body: bytes) -> list[str]:
    calendar = Calendar.from_ical(body)
    broken = [fault for component in calendar.walk() for fault in component.errors]
    if broken:
        raise ValueError(f"{broken[0][0]}: {broken[0][1]}")
    return [str(event["UID"]) for event in calendar.walk("VEVENT")]


def _by_ical(body: bytes) -> list[str]:
    return [event.uid for event in IcsCalendarStream.calendar_from_ics(body.decode()).events]
