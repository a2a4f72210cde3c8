"""Exporting calendars: the stored bytes of their entries joined, compressed, and kept for whoever polls.

A poll is a look-up; all the work is done here, once per change however many changes came together. Nothing is parsed or
rendered: entries were rendered when they changed.
"""

import datetime as dt
import gzip
import uuid
from uuid import UUID

from tracker.actions.occurrences import local_day, refresh_occurrences
from tracker.domain.activities import Visibility
from tracker.domain.calendars import KIND_STYLES, CalendarHead, Selection
from tracker.domain.choices import CalendarChoice, title
from tracker.domain.twins import Twin
from tracker.outputs.ical import join_calendar, strong_etag
from tracker.outputs.ical_zones import FIRST_YEAR
from tracker.store import calendars as store
from tracker.store import entries
from tracker.store import twins as twin_store
from tracker.store.unit_of_work import Database, Unit

_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}
_NAMESPACE = uuid.UUID("5b0e6f52-6c43-5d6b-9a4e-3f5c1a7d2e90")
"""Of the uids of calendars that are written out without being saved: the same choice, the same uid."""


def export_calendars(database: Database, now: dt.datetime) -> int:
    """Export what changed; returns how many calendars have new bytes."""
    refresh_occurrences(database, now)
    mark_touched(database, now)
    with database.reading() as session:
        waiting = store.stale_ids(session)
    return sum(_export_stale(database, calendar_id, now) for calendar_id in waiting)


def mark_touched(database: Database, now: dt.datetime) -> None:
    """Mark every calendar stale that shows, or showed, an entry that has changed since the last look."""
    today = local_day(now)
    with database.reading() as session:
        if not entries.is_touched(session):
            return
    with database.unit("system", now) as unit:
        states = entries.states(unit.session, entries.take_touches(unit.session))
        choices = {row.id: row.choice.on(today) for row in store.calendars(unit.session)}
        stale = [key for key, choice in choices.items() if any(choice.holds(state) for state in states)]
        store.mark_stale(unit.session, stale, now)


def export_calendar(unit: Unit, calendar: store.CalendarRow) -> bool:
    """Join a calendar's entries and keep the bytes; False where they are what they were."""
    body, count = _joined(unit, calendar.choice, str(calendar.id))
    calendar.stale_since, calendar.counted_from = None, local_day(unit.now).year
    row = unit.session.get(store.ExportRow, calendar.id)
    etag = strong_etag(body)
    if row is not None and row.etag == etag:
        return False
    # To the second, as the header has it, and always later than before: else a change within one second goes unseen.
    moment = unit.now.replace(microsecond=0)
    if row is None:
        row = store.ExportRow(calendar_id=calendar.id, last_modified=moment)
        unit.session.add(row)
    else:
        row.last_modified = max(moment, row.last_modified + dt.timedelta(seconds=1))
    row.body, row.etag, row.entries = body, etag, count
    row.body_gzip = gzip.compress(body, compresslevel=6, mtime=0)
    return True


def feed_bytes(
    database: Database,
    selection: Selection,
    now: dt.datetime,
    base_url: str = "",
    level: Visibility = Visibility.PUBLIC,
) -> bytes:
    """The calendar of a selection that nobody has saved, from the stored entries."""
    refresh_occurrences(database, now)
    choice = CalendarChoice(selection, level)
    with database.reading() as session:
        found = entries.chosen(session, choice)
        known = twin_store.load_all(session)
    return _join(choice, found, known, str(uuid.uuid5(_NAMESPACE, choice.key)), base_url)


def _export_stale(database: Database, calendar_id: UUID, now: dt.datetime) -> bool:
    with database.unit("system", now) as unit:
        # Held first and read after: what is committed later finds the mark gone and sets it anew.
        calendar = store.claim_stale(unit.session, calendar_id)
        return calendar is not None and export_calendar(unit, calendar)


def _joined(unit: Unit, choice: CalendarChoice, uid: str) -> tuple[bytes, int]:
    now_chosen = choice.on(local_day(unit.now))
    found = entries.chosen(unit.session, now_chosen)
    return _join(choice, found, twin_store.load_all(unit.session), uid), len(found)


def _join(
    choice: CalendarChoice, found: list[entries.Stored], known: dict[str, Twin], uid: str, base_url: str = ""
) -> bytes:
    language = choice.selection.language
    url = f"{base_url}/calendar" if base_url else ""
    head = CalendarHead(uid=uid, name=title(choice, known, _LABELS), language=language, url=url)
    timed = [entry for entry in found if entry.timezone]
    first_year = min([FIRST_YEAR, *(entry.first.year for entry in timed)])
    return join_calendar(head, (entry.body for entry in found), {e.timezone for e in timed if e.timezone}, first_year)
