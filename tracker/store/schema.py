"""Every table, imported in one place, so that migrations and tests see the whole schema."""

from tracker.store import accounts, activities, event_log, heartbeats, occasions, twins
from tracker.store.base import Base

TABLES = (accounts, activities, event_log, heartbeats, occasions, twins)
METADATA = Base.metadata
