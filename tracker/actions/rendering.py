"""Writing an entry: its standing, and its bytes in every language and every way it can stand in a calendar.

Done once per change. Two programs read the bytes back before they are kept; what they refuse is noted at the entry and
shown, and the last good bytes stay in force: one bad entry costs nobody a calendar.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable

import structlog

from tracker.domain.activities import Visibility
from tracker.domain.calendars import Entry
from tracker.domain.choices import Standing
from tracker.domain.entries import Numbering, busy_entry, farewell_entry
from tracker.i18n import LANGUAGES
from tracker.outputs.ical import alarm_head, render_entry, with_alarms
from tracker.outputs.ical_check import check_entries
from tracker.outputs.ical_zones import vtimezone
from tracker.store import entries as store
from tracker.store.entries import Bodies, EntryRow, Placed
from tracker.store.unit_of_work import Unit

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True)
class Drafts:
    """An entry in one language (None: it has none), and with the clocks of all its cities (None: no different)."""

    entry: Entry | None = None
    both_times: Entry | None = None


def write_entry(unit: Unit, row: EntryRow, standing: Standing, draft: Callable[[str], Drafts], today: dt.date) -> None:
    """Put an entry's standing and bytes into its row. The row's sequence and stamp must be the new ones already."""
    try:
        drafts = {language: draft(language) for language in LANGUAGES}
        bodies = {language: _bodies(row, standing, language, given) for language, given in drafts.items()}
        placed = _placed(next((given.entry for given in drafts.values() if given.entry), None), standing)
        _check(row.uid, list(bodies.values()), placed.timezone)
    # KeyError: a zone that the zone data does not know. OverflowError: a clock in the year 1 or 9999.
    except (ValueError, KeyError, OverflowError) as refused:
        log.error("entry refused", entry=row.uid, fault=str(refused))
        _keep_last_good(unit, row, standing, str(refused), today)
        return
    store.write_standing(unit.session, row, standing, placed, today)
    store.write_bodies(row, bodies)


def _bodies(row: EntryRow, standing: Standing, language: str, drafts: Drafts) -> Bodies:
    entry = drafts.entry if standing.now is not None else None
    numbering = Numbering(row.uid, row.sequence, row.stamp)
    farewell = render_entry(farewell_entry(standing.formerly, language, numbering)) if standing.formerly else None
    if entry is None or standing.now is None:
        return Bodies(farewell=farewell)
    hidden = standing.now.visibility is not Visibility.PUBLIC
    return Bodies(
        body=render_entry(entry),
        both_times=render_entry(drafts.both_times) if drafts.both_times else None,
        busy=render_entry(busy_entry(entry)) if hidden else None,
        farewell=farewell,
        alarm=None if standing.gone_on else alarm_head(entry),
    )


def _placed(entry: Entry | None, standing: Standing) -> Placed:
    if entry is None or standing.now is None:
        return Placed()
    starts_at, ends_at = entry.instants
    return Placed(entry.timezone, starts_at, ends_at, opaque=not entry.transparent)


def _check(uid: str, bodies: Iterable[Bodies], timezone: str | None) -> None:
    rendered = [
        with_alarms(body.body, body.alarm, (60,), timed=timezone is not None) if body.body and body.alarm else body.body
        for body in bodies
    ]
    others = [part for body in bodies for part in (body.both_times, body.busy, body.farewell)]
    check_entries([part for part in (*rendered, *others) if part], uid, vtimezone(timezone) if timezone else b"")


def _keep_last_good(unit: Unit, row: EntryRow, standing: Standing, fault: str, today: dt.date) -> None:
    before = row.standing.now
    if before is None or standing.now is None or standing.now.visibility is not before.visibility:
        # The last good bytes were written for other readers.
        store.write_standing(unit.session, row, standing, Placed(), today)
        store.write_bodies(row, dict.fromkeys(LANGUAGES, Bodies()))
    row.fault = fault
