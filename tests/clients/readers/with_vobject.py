"""Prints a calendar's entries as vobject reads them: the library of vdirsyncer, Radicale and CalDAV servers."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import vobject


def told(time: Any) -> str:
    return time.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if isinstance(time, dt.datetime) else str(time)


def entry(event: Any) -> dict[str, Any]:
    start = event.dtstart.value
    end = event.dtend.value if hasattr(event, "dtend") else start
    return {
        "uid": event.uid.value,
        "summary": event.summary.value,
        "start": told(start),
        "end": told(end),
        "zone": event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", ["UTC"])[0]
        if isinstance(start, dt.datetime)
        else None,
        "status": event.status.value,
        "sequence": int(event.sequence.value),
        "related_to": event.related_to.value if hasattr(event, "related_to") else None,
    }


calendar = vobject.readOne(Path(sys.argv[1]).read_bytes().decode())
json.dump([entry(event) for event in calendar.vevent_list], sys.stdout)
