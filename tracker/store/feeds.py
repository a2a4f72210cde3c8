"""What a poll looks up: whose address it is, and the bytes that lie ready. Columns only, no objects.

A test entry stands in one subscription alone, so it is no part of the calendar's export but goes with the poll.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from tracker.store import exports
from tracker.store.accounts import UserRow
from tracker.store.calendars import CalendarRow
from tracker.store.exports import ExportRow
from tracker.store.subscriptions import SubscriptionRow, live, owner_may_read


@dataclass(frozen=True)
class Polled:
    """What a poll needs to know before it sends any bytes. `etag` is None where nothing has been exported yet."""

    subscription_id: UUID
    calendar_id: UUID
    language: str
    test_entry_at: dt.datetime | None
    etag: str | None
    last_modified: dt.datetime | None


# Built once: SQLAlchemy takes longer to build it than the database to answer it.
_POLLED = (
    select(
        SubscriptionRow.id,
        SubscriptionRow.calendar_id,
        CalendarRow.language,
        SubscriptionRow.test_entry_at,
        ExportRow.etag,
        ExportRow.last_modified,
    )
    .join(CalendarRow, CalendarRow.id == SubscriptionRow.calendar_id)
    .outerjoin(ExportRow, ExportRow.calendar_id == SubscriptionRow.calendar_id)
    .outerjoin(UserRow, UserRow.id == SubscriptionRow.user_id)
    .where(SubscriptionRow.token_hash == bindparam("token_hash"), *live(), owner_may_read())
)


def polled(session: Session, token_hash: str) -> Polled | None:
    """What an address leads to; None where it is unknown or revoked, or its owner has left or may no longer read it."""
    row = session.execute(_POLLED, {"token_hash": token_hash}).one_or_none()
    return Polled(*row) if row else None


def exported(session: Session, calendar_id: UUID) -> exports.Served | None:
    """The bytes to send, in pieces, with the tag and the moment that belong to just these."""
    return exports.served(session, calendar_id)
