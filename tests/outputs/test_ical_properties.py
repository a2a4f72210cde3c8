# ruff: noqa: DTZ001 - wall times are what is tested
"""Whatever the domain accepts as an activity, three libraries read back from our bytes as what it meant.

icalendar is lenient, `ical` refuses a whole calendar for one fault (Home Assistant uses it), vobject reads zones by our
VTIMEZONE alone. vobject does not go together with our packages and runs as a program of its own, over many at once.
"""

import datetime as dt
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pydantic import ValidationError

from tests.calendars import COLOGNE, COVENTRY
from tests.clients import feed, programs
from tests.clients.feed import Read, meant
from tests.clients.readers import with_ical
from tests.clients.readers.with_ical import told
from tracker.domain.activities import Activity
from tracker.domain.calendars import Entry
from tracker.domain.entries import Numbering, activity_entry
from tracker.domain.twins import Twin

TWINS = {twin["slug"]: Twin.model_validate(twin) for twin in (COLOGNE, COVENTRY)}
ZONES = [
    "Europe/Volgograd", "Europe/Berlin", "Europe/London", "Africa/Cairo", "Asia/Yerevan", "Asia/Kolkata", "Asia/Tokyo",
    "America/New_York", "UTC",
]  # fmt: skip
BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
RARELY = settings(
    max_examples=25,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

# Signs that calendar files treat apart come often, and so do those that end a line somewhere.
texts = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(';,:"\\\n\r\t=^nN\x0b\x85\u2028Жж🕊'), max_size=80
)
titles = texts.filter(lambda text: text.strip() != "")
days = st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31))
walls = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2036, 12, 31)).map(lambda wall: wall.replace(microsecond=0))
# Where clocks change: what they show twice, what they never show, and what stands close by.
changes = st.sampled_from(
    [
        (dt.datetime(2018, 10, 28, 2, 30), "Europe/Volgograd"),
        (dt.datetime(2020, 12, 27, 1, 30), "Europe/Volgograd"),
        (dt.datetime(2026, 3, 29, 2, 30), "Europe/Berlin"),
        (dt.datetime(2026, 10, 25, 2, 30), "Europe/Berlin"),
        (dt.datetime(2026, 10, 25, 1, 30), "Europe/London"),
        (dt.datetime(2026, 11, 1, 1, 30), "America/New_York"),
    ]
)
times = st.tuples(walls, st.sampled_from(ZONES)) | st.tuples(changes, st.integers(-90, 90)).map(
    lambda drawn: (drawn[0][0] + dt.timedelta(minutes=drawn[1]), drawn[0][1])
)
lengths = st.none() | st.timedeltas(dt.timedelta(0), dt.timedelta(days=400))


@st.composite
def spans(draw: st.DrawFn) -> dict[str, Any]:
    """A month, some days, or times of some clock."""
    length = draw(lengths)
    if draw(st.booleans()):
        first = draw(days)
        if draw(st.booleans()) and length is None:
            return {"start": f"{first:%Y-%m}"}
        last = first + length if length is not None else None
        return {"start": str(first), "end": str(last) if last else None}
    start, zone = draw(times)
    end = start + dt.timedelta(seconds=int(length.total_seconds())) if length is not None else None
    return {"start": start.isoformat(), "end": end.isoformat() if end else None, "timezone": zone}


@st.composite
def entries(draw: st.DrawFn) -> Entry:
    """The entry of any activity, in any language."""
    content = {
        "kind": draw(st.sampled_from(["exchange", "aid_shipment", "festival", "delegation", "milestone"])),
        "status": draw(st.sampled_from(["planned", "confirmed", "held", "cancelled", "postponed"])),
        "reason": draw(texts),
        "title": draw(st.dictionaries(st.sampled_from(["en", "de", "ru", "ar", "ta"]), titles, min_size=1, max_size=2)),
        "description": draw(st.dictionaries(st.sampled_from(["en", "de"]), texts, max_size=1)),
        "twins": draw(st.lists(st.sampled_from(sorted(TWINS)), min_size=1, unique=True)),
        "place": draw(texts | st.just("Köln")),
        "leaders": [{"name": draw(texts), "office": draw(texts)}],
        "visibility": draw(st.sampled_from(["public", "members", "staff"])),
        **draw(spans()),
    }
    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    id_ = draw(st.uuids())
    try:
        activity = Activity.model_validate(
            content | {"id": id_, "version": 1, "created_at": moment, "changed_at": moment}
        )
    except ValidationError:
        assume(False)
    numbering = Numbering(f"{id_}@tracker", draw(st.integers(0, 2**31 - 1)), moment, moment)
    entry = activity_entry(activity, TWINS, draw(st.sampled_from(["en", "de", "ru"])), numbering)
    assert entry is not None, "each of these has a month at least"
    return entry


calendars = st.lists(entries(), min_size=1, max_size=12, unique_by=lambda entry: entry.uid)


def cleaned(text: str) -> str:
    """What a calendar may hold of a text: one kind of line break, and no other controls."""
    return "".join(c for c in BREAKS.sub("\n", text) if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def expected(entry: Entry) -> Read:
    return replace(meant(entry), summary=cleaned(entry.summary).replace("\n", " "))


def in_order(read: Iterable[Read]) -> list[Read]:
    return sorted(read, key=lambda entry: entry.uid)


def by_icalendar(event: Any) -> Read:
    start, end = event["DTSTART"].dt, event.get("DTEND", event["DTSTART"]).dt
    zone = str(start.tzinfo) if isinstance(start, dt.datetime) else None
    return Read(event["UID"], event["SUMMARY"], told(start), told(end), zone, event["STATUS"], event["SEQUENCE"])


@RARELY
@given(calendars)
def test_icalendar_reads_what_was_meant(entries: list[Entry]) -> None:
    parsed: Any = Calendar.from_ical(feed.body(entries))

    events = parsed.walk("VEVENT")
    assert [fault for part in [parsed, *events] for fault in part.errors] == []
    assert in_order(map(by_icalendar, events)) == in_order(map(expected, entries))
    assert {str(event["UID"]): (event.get("DESCRIPTION", ""), event.get("LOCATION", "")) for event in events} == {
        entry.uid: (cleaned(entry.description), cleaned(entry.location)) for entry in entries
    }


@RARELY
@given(calendars)
def test_a_strict_reader_reads_what_was_meant(entries: list[Entry]) -> None:
    events = with_ical.read(feed.body(entries))

    assert in_order(Read(**with_ical.entry(event)) for event in events) == in_order(map(expected, entries))
    assert {event.uid: (event.description or "", event.location or "") for event in events} == {
        entry.uid: (cleaned(entry.description), cleaned(entry.location)) for entry in entries
    }


@settings(RARELY, max_examples=6)
@given(calendars)
def test_a_reader_that_trusts_our_zones_alone_reads_what_was_meant(entries: list[Entry]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        calendar = Path(folder) / "any.ics"
        calendar.write_bytes(feed.body(entries))

        read = programs.read_by_library("vobject", calendar, Path(folder))

    assert in_order(read) == in_order(map(expected, entries))
