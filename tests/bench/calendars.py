"""From a change to the calendar's bytes, and what one entry costs, beside icalendar's own serialisation."""

import datetime as dt
import itertools
import tempfile
from collections.abc import Iterator

from icalendar import Calendar, Event

from tests.bench.records import ME, fill, installation
from tests.bench.report import Row, median
from tracker.actions.activities import revise_activity
from tracker.actions.calendars import create_calendar
from tracker.actions.exports import export_calendars
from tracker.bootstrap import Tracker
from tracker.consumers.reading import behind, consume
from tracker.domain.calendars import Entry, Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import ReviseActivity
from tracker.outputs.ical import render_entry
from tracker.store.activities import ActivityFilter, listed
from tracker.store.calendars import ExportRow

TIMES = 7


def change_to_feed(counts: tuple[int, ...]) -> Iterator[Row]:
    """One activity is changed: until the bytes of a calendar that holds it, among `count` others, are ready."""
    for count in counts:
        with tempfile.TemporaryDirectory() as home, installation({"TRACKER_HOME": home}) as made:
            fill(made, count)
            selection = Selection(language="de")
            calendar = create_calendar(made.database, CalendarChoice(selection), ME, made.clock())
            export_calendars(made.database, made.clock())
            body = _exported(made, calendar)
            changes = itertools.count()
            ours = median(lambda made=made, changes=changes: _change(made, next(changes)), TIMES)  # type: ignore[misc]
            assert _exported(made, calendar) != body, "the change did not reach the calendar"
            parsed = Calendar.from_ical(body)
            yardstick = median(parsed.to_ical, TIMES)
            note = f"{body.count(b'BEGIN:VEVENT'):,} entries, {len(body) / 1e6:.1f} MB"
            yield Row(f"change to feed, {count:,} activities", ours * 1e3, yardstick * 1e3, "ms",
                      "icalendar: to_ical of the whole calendar", note)  # fmt: skip


def rendering() -> Iterator[Row]:
    """One entry to bytes."""
    stamp = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
    entries = [
        Entry(
            uid=f"{number}@bench", sequence=3, stamp=stamp, created=stamp, language="de",
            summary=f"Besuch einer Delegation aus Köln in Wolgograd, Nummer {number}",
            description="Empfang im Rathaus; Kranzniederlegung auf dem Mamajew-Hügel. " * 4,
            location="Wolgograd, Платформа 1", categories=("Delegation", "Köln"), color="royalblue",
            url="https://tracker.example.org/activities/1",
            start=dt.datetime.fromisoformat("2026-05-03T10:00"), end=None, timezone="Europe/Volgograd",
        )
        for number in range(500)
    ]  # fmt: skip
    ours = median(lambda: [render_entry(entry) for entry in entries], TIMES)
    yardstick = median(lambda: [_by_icalendar(entry) for entry in entries], TIMES)
    micro = 1e6 / len(entries)
    yield Row("rendering one entry", ours * micro, yardstick * micro, "µs", "icalendar: Event.add and to_ical")


def _change(made: Tracker, number: int) -> None:
    """Change one activity's title, and do what the worker does with it."""
    now = made.clock() + dt.timedelta(minutes=number + 1)
    with made.database.reading() as session:
        row = listed(session, ActivityFilter(kinds=("delegation",)), limit=1)[0]
        activity = row.to_activity()
    content = activity.content().model_copy(update={"title": {"de": f"Geändert {number}", "en": f"Changed {number}"}})
    revise_activity(made.database, ReviseActivity(activity.id, content, activity.version), ME, now)
    by_name = {consumer.name: consumer for consumer in made.consumers}
    for name, shard in behind(made.database, made.consumers):
        consume(made.database, by_name[name], shard, now)
    export_calendars(made.database, now)


def _exported(made: Tracker, calendar: object) -> bytes:
    with made.database.reading() as session:
        return session.get_one(ExportRow, calendar).body


def _by_icalendar(entry: Entry) -> bytes:
    """The same properties the way icalendar's documentation shows."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.stamp)
    event.add("last-modified", entry.stamp)
    event.add("created", entry.created)
    event.add("summary", entry.summary, parameters={"LANGUAGE": entry.language})
    event.add("description", entry.description, parameters={"LANGUAGE": entry.language})
    event.add("location", entry.location, parameters={"LANGUAGE": entry.language})
    event.add("categories", list(entry.categories))
    event.add("dtstart", entry.start)
    event.add("status", entry.status.value)
    event.add("transp", "OPAQUE")
    event.add("class", entry.access_class.value)
    event.add("color", entry.color)
    event.add("url", entry.url)
    rendered: bytes = event.to_ical()
    return rendered
