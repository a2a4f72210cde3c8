"""Every table, imported in one place, so that migrations and tests see the whole schema."""

from tracker.store import (
    accounts,
    activities,
    bounces,
    calendars,
    chats,
    deliveries,
    entries,
    event_log,
    exports,
    heartbeats,
    occasions,
    reminders,
    rules,
    subscriptions,
    tasks,
    twins,
    uploads,
    zones,
)
from tracker.store.base import Base

TABLES = (
    accounts, activities, bounces, calendars, chats, deliveries, entries, event_log, exports, heartbeats, occasions,
    reminders, rules, subscriptions, tasks, twins, uploads, zones,
)  # fmt: skip
METADATA = Base.metadata
