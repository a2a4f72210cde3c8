"""A task as a mail program takes it over (iTIP, RFC 5546; iMIP, RFC 6047): a VTODO that is asked of one person.

As a REQUEST, since it is somebody's to do: a PUBLISH would only show it, and it names nobody. iTIP asks for a DTSTART
and a PRIORITY besides (0: none is meant); the task can be done from the day of `stamp` on, and RFC 5545 wants its DUE
to be later than that.
"""

import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import quote

from tracker.outputs.ical import PRODUCT

METHOD, COMPONENT = "REQUEST", "VTODO"
_LONGEST = 75
"""Octets of a line (RFC 5545, 3.1)."""
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def todo(
    uid: str,
    summary: str,
    due: dt.date,
    url: str,
    organizer: str,
    attendee: str,
    sequence: int,
    stamp: dt.datetime,
) -> str:
    """The iTIP object. `sequence` rises when the day moves, under the same `uid`; the people are mail addresses."""
    start = min(stamp.date(), due - dt.timedelta(days=1))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"METHOD:{METHOD}",
        f"BEGIN:{COMPONENT}",
        f"UID:{_text(uid)}",
        f"DTSTAMP:{stamp.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{sequence}",
        f"SUMMARY:{_text(summary)}",
        f"DTSTART;VALUE=DATE:{start:%Y%m%d}",
        f"DUE;VALUE=DATE:{due:%Y%m%d}",
        f"URL:{quote(url, safe=_URL_SIGNS)}",
        "PRIORITY:0",
        "STATUS:NEEDS-ACTION",
        f"ORGANIZER;CN=tracker:{_mailto(organizer)}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:{_mailto(attendee)}",
        f"END:{COMPONENT}",
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


_URL_SIGNS = ":/?#[]@!$&'()*+,;=%~"


def _text(value: str) -> str:
    """A TEXT on one line, with its escapes."""
    plain = " ".join(_CONTROLS.sub(" ", value).split())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@!$&*+=~')}"


def _folded(line: str) -> Iterator[str]:
    """A line cut where it grows too long, never within a letter."""
    part = ""
    for letter in line:
        if len(f"{part}{letter}".encode()) > _LONGEST:
            yield part
            part = " "
        part += letter
    yield part
