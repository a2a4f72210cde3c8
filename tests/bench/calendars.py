"""From a change to the calendar's bytes, and what one entry costs, beside icalendar's own serialisation."""

import datetime as dt
import statistics
import tempfile
from collections.abc import Iterator
from uuid import UUID

from icalendar import Calendar, Event
from sqlalchemy import select

from tests.bench.many import fill_up
from tests.bench.records import ME, installation
from tests.bench.report import Row, median, once
from tracker.actions.activities import revise_activity
from tracker.actions.calendars import create_calendar
from tracker.actions.exports import export_calendars
from tracker.actions.feeds import whole
from tracker.actions.rendering import Drafts, write_entry
from tracker.bootstrap import Tracker
from tracker.consumers.reading import read_on
from tracker.domain.activities import Activity
from tracker.domain.calendars import Entry, Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import ReviseActivity
from tracker.domain.entries import Numbering, activity_entry, uid_of
from tracker.outputs.ical import render_entry
from tracker.store import twins
from tracker.store.activity_rows import ActivityRow
from tracker.store.entries import EntryRow, locked_entry

TIMES = 7
WARM_UPS = 3
_AT_MOST = 10_000
"""So many entries icalendar is given to write; it needs as long for each of them in a calendar of any size."""
_END_OF_ENTRY = b"END:VEVENT\r\n"


def change_to_feed(counts: tuple[int, ...]) -> Iterator[Row]:
    """One title is changed: from the commit until the bytes of a calendar of `count` entries are ready."""
    for count in counts:
        with tempfile.TemporaryDirectory() as home, installation({"TRACKER_HOME": home}) as made:
            fill_up(made, count)
            choice = CalendarChoice(Selection(language="de", occasions=()))
            calendar = create_calendar(made.database, choice, ME, made.clock())
            export_calendars(made.database, made.clock())
            before = _exported(made, calendar)
            rounds = [_change(made, number) for number in range(WARM_UPS + TIMES)][WARM_UPS:]
            ours, write = (statistics.median(taken) for taken in zip(*rounds, strict=True))
            body = _exported(made, calendar)
        assert body.count(b"BEGIN:VEVENT") == count
        assert body != before, "the change did not reach the calendar"
        yardstick, note = _by_icalendar_whole(body, count)
        yield Row(f"change to calendar, {count:,} entries", ours * 1e3, yardstick * 1e3, "ms",
                  "icalendar: to_ical of the whole calendar", f"{len(body) / 1e6:.1f} MB{note}")  # fmt: skip
        yield Row("    of it writing the entry in three languages", write * 1e3, None, "ms",
                  "the same at every size", "rendered, and read back by two programs")  # fmt: skip


def _by_icalendar_whole(body: bytes, count: int) -> tuple[float, str]:
    """The seconds icalendar takes for all entries, and what must be said about it: of very many it is given a part.

    It would need a quarter of an hour and more memory than there is to read 100,000, only to write them.
    """
    part = min(count, _AT_MOST)
    entries = body.split(_END_OF_ENTRY)
    parsed = Calendar.from_ical(_END_OF_ENTRY.join([*entries[:part], b"END:VCALENDAR\r\n"]))
    assert len(parsed.walk("VEVENT")) == part
    seconds = median(parsed.to_ical, TIMES if part < _AT_MOST else 3) * count / part
    return seconds, "" if part == count else f"; icalendar: {part:,} of them, times {count / part:g}"


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


def _change(made: Tracker, number: int) -> tuple[float, float]:
    """Change a title, then do what the worker does with it; the seconds of that, and of writing its entry alone."""
    now = made.clock() + dt.timedelta(minutes=number + 1)
    with made.database.reading() as session:
        of_kind = select(EntryRow.subject).where(EntryRow.kind == "delegation", EntryRow.first.is_not(None))
        chosen = UUID(session.scalars(of_kind.order_by(EntryRow.uid).limit(1)).one())
        activity = session.get_one(ActivityRow, chosen).to_activity()
    content = activity.content().model_copy(update={"title": {"de": f"Geändert {number}", "en": f"Changed {number}"}})
    revise_activity(made.database, ReviseActivity(activity.id, content, activity.version), ME, now)

    def work() -> None:
        while read_on(made.database, made.consumers, now):
            pass
        assert export_calendars(made.database, now) == 1

    return once(work), _writing(made, activity.model_copy(update={"title": content.title}), now)


def _writing(made: Tracker, activity: Activity, now: dt.datetime) -> float:
    with made.database.unit("bench", now) as unit:
        known = twins.current(unit.session)
        row = locked_entry(unit.session, uid_of(activity.id), str(activity.id))
        numbering = Numbering(row.uid, row.sequence, row.stamp, activity.created_at)

        def draft(language: str) -> Drafts:
            return Drafts(activity_entry(activity, known, language, numbering, base_url="http://127.0.0.1:8000"))

        return once(lambda: write_entry(unit, row, row.standing, draft, now.date()))


def _exported(made: Tracker, calendar: UUID) -> bytes:
    exported = whole(made.database, calendar)
    assert exported is not None
    return exported.body


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
