"""Every table, imported in one place, so that migrations and tests see the whole schema."""

from tracker.store import (
    accounts,
    activities,
    calendars,
    deliveries,
    entries,
    event_log,
    exports,
    heartbeats,
    occasions,
    reminders,
    subscriptions,
    twins,
    uploads,
    zones,
)
from tracker.store.base import Base

TABLES = (
    accounts, activities, calendars, deliveries, entries, event_log, exports, heartbeats, occasions, reminders,
    subscriptions, twins, uploads, zones,
)  # fmt: skip
METADATA = Base.metadata
