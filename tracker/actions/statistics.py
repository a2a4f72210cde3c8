"""What the database knows of its own tables, renewed as they grow."""

import datetime as dt

from tracker.store import event_log
from tracker.store.base import renew_statistics
from tracker.store.unit_of_work import Database

_FEW = 100
"""Events: fewer than this since the last time change nothing worth counting."""


def keep_statistics(database: Database, known: int, now: dt.datetime) -> int:
    """Renew them where the log has grown by a tenth since it ended at `known`; where it ended the last time."""
    with database.reading() as session:
        end = event_log.end_of_log(session)
    if end - known < max(_FEW, known // 10):
        return known
    with database.unit("system", now) as unit:
        renew_statistics(unit.session)
    return end
