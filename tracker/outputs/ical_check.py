"""Rendered entries read by two independent programs before anybody gets them: icalendar, and `ical`, which is strict.

One bad line makes some programs drop a whole calendar, so bytes that do not read back are never exported. An entry is
read in all its languages at once: the first as a whole, of the others what differs, since reading is what costs most.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from icalendar import Calendar

from tracker.late import Late
from tracker.outputs.ical import CALENDAR_END

# Half a second to load, and most commands render nothing.
ical = Late("ical.calendar_stream")
ical_exceptions = Late("ical.exceptions")

_HEAD: Final = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tracker//check//EN\r\n"
_LINE: Final = re.compile(rb"[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*")
"""A line with what it is folded into."""
_NEEDED: Final = (b"BEGIN:", b"END:", b"UID:", b"DTSTAMP:", b"DTSTART:", b"DTSTART;")


class Unreadable(ValueError):
    """A program could not read what was rendered, or read something else."""


def check_entries(entries: Sequence[bytes], uid: str, above: bytes = b"") -> None:
    """Raise `Unreadable` unless both programs read all entries, each with the uid. `above` are the zones they name."""
    check_calendar(b"".join([_HEAD, above, *_differing(entries), CALENDAR_END]), [uid] * len(entries))


def _differing(entries: Sequence[bytes]) -> Iterator[bytes]:
    """The entries without the lines that an entry before has word for word, save those that no entry can do without."""
    seen = set[bytes]()
    for entry in entries:
        own, alarm, rest = entry.partition(b"BEGIN:VALARM")
        lines = _LINE.findall(own)
        if not seen or b"".join(lines) != own:
            yield entry
        else:
            fresh = (line for line in lines if line not in seen or line.startswith(_NEEDED))
            yield b"".join([*fresh, alarm, rest])
        seen.update(lines)


def check_calendar(body: bytes, uids: Sequence[str]) -> None:
    """Raise `Unreadable` unless both programs read the calendar and find entries with just these uids."""
    for name, read in (("icalendar", _by_icalendar), ("ical", _by_ical)):
        try:
            found = read(body)
        except (ValueError, ical_exceptions.CalendarParseError, KeyError, TypeError, AttributeError) as fault:
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
    return [event.uid for event in ical.IcsCalendarStream.calendar_from_ics(body.decode()).events]
