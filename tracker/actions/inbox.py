"""A person's inbox: what they were reminded of, and that they have seen it. No event: it is nobody else's business."""

import datetime as dt

from tracker.store import ledger
from tracker.store.unit_of_work import Database


def mark_read(database: Database, user_id: int, now: dt.datetime, reminder_id: int | None = None) -> int:
    """Note that somebody has seen one of their reminders, or all; how many that they had not seen before."""
    person = f"user:{user_id}"
    with database.reading() as session:
        if not ledger.unread(session, person, now):
            return 0
    with database.unit(person, now) as unit:
        return ledger.mark_read(unit.session, person, now, reminder_id)
