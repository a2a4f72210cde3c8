"""Every table, imported in one place, so that migrations and tests see the whole schema."""

from typing import Any

from tracker.store import (
    accounts,
    activities,
    addresses,
    bounces,
    bulk,
    calendars,
    chats,
    deliveries,
    dossiers,
    drafts,
    editions,
    entries,
    event_log,
    exports,
    files,
    heartbeats,
    logins,
    occasions,
    organisation,
    partners,
    receipts,
    reminders,
    report_jobs,
    report_readers,
    report_texts,
    rules,
    saved_views,
    search,
    subscriptions,
    tasks,
    twins,
    uploads,
    zones,
)
from tracker.store.base import Base

TABLES = (
    accounts, activities, addresses, bounces, bulk, calendars, chats, deliveries, dossiers, drafts, editions,
    entries, event_log, exports, files, heartbeats, logins, occasions, organisation, partners, receipts, reminders,
    report_jobs, report_readers, report_texts, rules, saved_views, search, subscriptions, tasks, twins, uploads, zones,
)  # fmt: skip
METADATA = Base.metadata


def is_compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Whether models and database are compared in this: a database's own index of words has no model."""
    return not (name or "").startswith(search.INDEX) if kind in ("table", "index") else True
