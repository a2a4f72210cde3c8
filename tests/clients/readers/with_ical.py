"""Prints a calendar's entries as the strict library `ical` reads them: the one of Home Assistant."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event


def read(calendar: bytes) -> list[Event]:
    (found,) = IcsCalendarStream.from_ics(calendar.decode()).calendars
    return found.events


def told(time: dt.date) -> str:
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(time, dt.datetime) else str(time)


def entry(event: Event) -> dict[str, Any]:
    return {
        "uid": event.uid,
        "summary": event.summary,
        "start": told(event.start),
        "end": told(event.end),
        "zone": str(event.start.tzinfo) if isinstance(event.start, dt.datetime) else None,
        "status": event.status,
        "sequence": event.sequence,
        "related_to": event.related_to[0].uid if event.related_to else None,
    }


if __name__ == "__main__":
    json.dump([entry(event) for event in read(Path(sys.argv[1]).read_bytes())], sys.stdout)
