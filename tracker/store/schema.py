"""Every table, imported in one place, so that migrations and tests see the whole schema."""

from tracker.store import (
    accounts,
    activities,
    calendars,
    deliveries,
    entries,
    event_log,
    heartbeats,
    occasions,
    reminders,
    twins,
)
from tracker.store.base import Base

TABLES = (accounts, activities, calendars, deliveries, entries, event_log, heartbeats, occasions, reminders, twins)
METADATA = Base.metadata
