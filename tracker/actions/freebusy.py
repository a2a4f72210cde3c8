"""The free/busy times of a subscribed calendar, worked out when somebody asks: they are few and seldom asked for."""

import datetime as dt

from tracker.actions.feeds import poll
from tracker.actions.occurrences import local_day
from tracker.domain.freebusy import joined, window
from tracker.outputs.freebusy import render_freebusy
from tracker.store import freebusy as store
from tracker.store.calendars import CalendarRow
from tracker.store.unit_of_work import Database


def freebusy(database: Database, token: str, now: dt.datetime) -> bytes | None:
    """The times behind an address, from a month ago to a year ahead; None where there is no such address."""
    address = poll(database, token, now)
    if address is None:
        return None
    today = local_day(now)
    within = window(today)
    with database.reading() as session:
        choice = session.get_one(CalendarRow, address.calendar_id).choice.on(today)
        found = store.taken(session, choice, today, within)
    # It changes with the calendar, and with the day on which the window moves on; never from one poll to the next.
    moved = dt.datetime.combine(today, dt.time(), dt.UTC)
    stamp = max(moved, address.last_modified or moved)
    return render_freebusy(address.calendar_id, stamp, within, joined(found, within))
