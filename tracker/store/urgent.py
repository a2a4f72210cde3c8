"""What must be looked up to tell of a late change: entries that begin soon, their readers, and what these have seen.

Selects only. What readers have seen is the newest export, as long as a change is only noted.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.calendars import OCCASION
from tracker.store.accounts import UserRow
from tracker.store.calendars import CalendarRow
from tracker.store.entries import SLOT_BITS, EntryRow, Touch, by_uids
from tracker.store.exports import ExportPartRow, ExportRow
from tracker.store.subscriptions import SubscriptionClientRow, SubscriptionRow, owner_may_read


@dataclass(frozen=True)
class Reader:
    """Somebody who wants to be told, and what they read."""

    subscription: SubscriptionRow
    calendar: CalendarRow
    user: UserRow


def begin_soon(
    session: Session, touched: Collection[Touch], first: dt.datetime, last: dt.datetime, changed_after: dt.datetime
) -> list[EntryRow]:
    """Those of the touched entries of activities that begin between `first` and `last`, or did before the change.

    Each activity stands before its parts.
    """
    if not touched:
        return []
    beginning = select(EntryRow.uid).where(EntryRow.starts_at > first, EntryRow.starts_at <= last)
    soon = set(session.scalars(beginning)) & {touch.uid for touch in touched}
    soon |= {touch.uid for touch in touched if touch.began is not None and first < touch.began <= last}
    rows = [row for row in by_uids(session, soon) if row.kind != OCCASION and row.stamp > changed_after]
    return sorted(rows, key=lambda row: (row.subject, row.part, row.uid))


def readers(session: Session) -> list[Reader]:
    """Whoever is told of late changes, of all subscriptions that some program has read."""
    query = (
        select(SubscriptionRow, CalendarRow, UserRow)
        .join(CalendarRow, CalendarRow.id == SubscriptionRow.calendar_id)
        .join(UserRow, UserRow.id == SubscriptionRow.user_id)
        .where(SubscriptionRow.mail_urgent, SubscriptionRow.revoked_at.is_(None), UserRow.active, owner_may_read())
        .where(SubscriptionRow.id.in_(select(SubscriptionClientRow.subscription_id)))
        .order_by(SubscriptionRow.id)
    )
    return [Reader(*row) for row in session.execute(query)]


def exported_entry(session: Session, calendar_id: UUID, entry: EntryRow) -> bytes | None:
    """An entry as it stands in the newest export of a calendar; None where it does not."""
    shift = SLOT_BITS - (session.scalar(select(ExportRow.bits).where(ExportRow.calendar_id == calendar_id)) or 0)
    body = session.scalar(
        select(ExportPartRow.body).where(
            ExportPartRow.calendar_id == calendar_id, ExportPartRow.part == entry.slot >> shift
        )
    )
    ends = b"END:VEVENT\r\n"
    mine = f"\r\nUID:{entry.uid}\r\n".encode()
    pieces = (body or b"").split(ends)
    # A long uid is folded.
    found = next((piece for piece in pieces if mine in piece.replace(b"\r\n ", b"")), None)
    return None if found is None else found[found.index(b"BEGIN:VEVENT") :] + ends
