"""Prints a calendar's entries as libical reads them: the library of Evolution, GNOME Calendar and KOrganizer.

Run by the system's Python, since Debian's python3-gi is in no package registry.
"""

import json
import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("ICalGLib", "3.0")
from gi.repository import ICalGLib  # noqa: E402 - the version has to be chosen first

UTC = ICalGLib.Timezone.get_utc_timezone()


def told(time: Any) -> str:
    time = time if time.is_date() else time.convert_to_zone(UTC)
    day = f"{time.get_year():04}-{time.get_month():02}-{time.get_day():02}"
    return day if time.is_date() else f"{day}T{time.get_hour():02}:{time.get_minute():02}:{time.get_second():02}Z"


def entry(event: Any) -> dict[str, Any]:
    start, end = event.get_dtstart(), event.get_dtend()
    related = event.get_first_property(ICalGLib.PropertyKind.RELATEDTO_PROPERTY)
    return {
        "uid": event.get_uid(),
        "summary": event.get_summary(),
        "start": told(start),
        "end": told(start if end.is_null_time() else end),
        "zone": None if start.is_date() else start.get_tzid() or "UTC",
        "status": event.get_status().value_nick.upper(),
        "sequence": event.get_sequence(),
        "related_to": related.get_relatedto() if related else None,
    }


calendar = ICalGLib.Component.new_from_string(Path(sys.argv[1]).read_bytes().decode())
assert calendar.count_errors() == 0, f"libical finds {calendar.count_errors()} errors"
entries, event = [], calendar.get_first_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
while event:
    entries.append(entry(event))
    event = calendar.get_next_component(ICalGLib.ComponentKind.VEVENT_COMPONENT)
json.dump(entries, sys.stdout)
