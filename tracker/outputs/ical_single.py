"""A few entries as a file to take into a calendar by hand, beside the calendars that programs subscribe to.

Its head says nothing but what is required: given a name, Outlook and Apple's Calendar make a new calendar of it
instead of adding the entries to the one that is there.
"""

from collections.abc import Iterable

from tracker.outputs.ical import CALENDAR_END, PRODUCT
from tracker.outputs.ical_zones import FIRST_YEAR, vtimezone

_HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\nCALSCALE:GREGORIAN\r\n".encode()


def entries_file(entries: Iterable[bytes], zones: Iterable[str], first_year: int = FIRST_YEAR) -> bytes:
    """Rendered entries with the zones they name, in the order given; `first_year` is that of the earliest time."""
    return b"".join([_HEAD, *(vtimezone(zone, first_year) for zone in sorted(set(zones))), *entries, CALENDAR_END])
