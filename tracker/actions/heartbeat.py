"""The workers' sign of life, written by the clock's tick itself."""

import datetime as dt

from tracker.store.heartbeats import TICK, HeartbeatRow
from tracker.store.unit_of_work import Database


def beat(database: Database, now: dt.datetime) -> None:
    """Note that a worker carried out a tick at `now`."""
    with database.unit("system", now) as unit:
        row = unit.session.get(HeartbeatRow, TICK)
        if row is None:
            unit.session.add(HeartbeatRow(name=TICK, at=now))
        else:
            row.at = now
