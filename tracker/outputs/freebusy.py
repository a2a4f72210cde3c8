"""Free/busy times as a VFREEBUSY (RFC 5545 3.6.4): hours in UTC and nothing else, so nobody learns what fills them.

Written by hand: no line is longer than 75 octets, and there is no text that could need folding or escaping.
"""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from tracker.domain.freebusy import Span, Taken
from tracker.outputs.ical import PRODUCT


def render_freebusy(calendar_id: UUID, stamp: dt.datetime, within: Span, taken: Iterable[Taken]) -> bytes:
    """The whole object. `taken` in order and apart from each other; `stamp` is the last change, never the moment."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "BEGIN:VFREEBUSY",
        f"UID:{calendar_id}",
        # Whose time it is must be said (RFC 5545 3.8.4.3); it is a calendar's, no person's.
        f"ORGANIZER:{calendar_id.urn}",
        f"DTSTAMP:{_instant(stamp)}",
        f"DTSTART:{_instant(within[0])}",
        f"DTEND:{_instant(within[1])}",
        *(f"FREEBUSY;FBTYPE={_kind(one)}:{_instant(one.begin)}/{_instant(one.end)}" for one in taken),
        "END:VFREEBUSY",
        "END:VCALENDAR",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode()


def _kind(one: Taken) -> str:
    return "BUSY-TENTATIVE" if one.tentative else "BUSY"


def _instant(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"
