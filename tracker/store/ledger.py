"""Looking into the ledger of reminders: what is planned, what became of it, and a person's inbox.

Reading only, save for the note that somebody has seen what is theirs; planning and sending stand in `reminders`.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.orm import Session, selectinload

from tracker.domain.reminders import ReminderStatus, SkipReason
from tracker.domain.why import Entry
from tracker.store.deliveries import DeliveryRow
from tracker.store.reminders import ReminderRow

UNREAD_FOR = dt.timedelta(days=366)
"""What nobody has looked at for a year no longer asks to be."""
MOST_UNREAD = 100
"""More are not counted: nobody wants to know it more exactly."""

Cursor = tuple[dt.datetime, int]
"""The moment a row is due, and its number."""

_ARRIVED = (ReminderStatus.CLAIMED.value, ReminderStatus.SENT.value, ReminderStatus.FAILED.value)
_KEPT_BACK = (SkipReason.UNSUBSCRIBED.value, SkipReason.MAIL_PAUSED.value, SkipReason.TOO_LATE.value)
"""Of what did not leave, that which the person would have wanted to know all the same."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """Which rows; an empty field is no bound."""

    person: str = ""
    rule: str = ""
    statuses: tuple[ReminderStatus, ...] = ()
    until: dt.datetime | None = None


def row_of(session: Session, reminder_id: int) -> ReminderRow | None:
    return session.get(ReminderRow, reminder_id)


def coming(session: Session, wanted: Wanted, after: Cursor | None, limit: int) -> list[ReminderRow]:
    """Those in the order in which they are due, from behind the cursor on."""
    query = _chosen(wanted)
    if after:
        at, last = after
        query = query.where(or_(ReminderRow.due_at > at, and_(ReminderRow.due_at == at, ReminderRow.id > last)))
    return list(session.scalars(query.order_by(ReminderRow.due_at, ReminderRow.id).limit(limit)))


def gone(session: Session, wanted: Wanted, before: Cursor | None, limit: int) -> list[ReminderRow]:
    """Those that were due last first, from behind the cursor on."""
    return _newest_first(session, _chosen(wanted), before, limit)


def inbox(session: Session, person: str, before: Cursor | None, limit: int) -> list[ReminderRow]:
    """What a person was reminded of, whether or not a mail could tell them, the newest first."""
    return _newest_first(session, select(ReminderRow).where(*_arrived(person)), before, limit)


def unread(session: Session, person: str, now: dt.datetime) -> int:
    """How many in a person's inbox they have not looked at, up to `MOST_UNREAD`; one walk through an index."""
    some = select(ReminderRow.id).where(*_unread(person), ReminderRow.due_at > now - UNREAD_FOR).limit(MOST_UNREAD)
    return session.scalar(select(func.count()).select_from(some.subquery())) or 0


def mark_read(session: Session, person: str, now: dt.datetime, reminder_id: int | None = None) -> int:
    """Note that a person has seen one, or all; how many that were not seen before."""
    chosen = [*_unread(person), *([ReminderRow.id == reminder_id] if reminder_id is not None else [])]
    changed = session.execute(update(ReminderRow).where(*chosen).values(read_at=now).returning(ReminderRow.id))
    return len(changed.all())


def deliveries_of(session: Session, rows: Collection[ReminderRow]) -> dict[int, DeliveryRow]:
    """The deliveries that rows left with, by number."""
    ids = {row.delivery_id for row in rows if row.delivery_id is not None}
    found = session.scalars(select(DeliveryRow).where(DeliveryRow.id.in_(ids))) if ids else ()
    return {row.id: row for row in found}


def delivery_of(session: Session, delivery_id: int) -> DeliveryRow | None:
    """One delivery with its attempts."""
    query = select(DeliveryRow).where(DeliveryRow.id == delivery_id).options(selectinload(DeliveryRow.attempts))
    return session.scalar(query)


def rows_in(session: Session, delivery_id: int) -> int:
    """How many reminders left with one delivery."""
    return session.scalar(select(func.count()).where(ReminderRow.delivery_id == delivery_id)) or 0


def entries(session: Session, person: str, subjects: Collection[str], year: int) -> list[Entry]:
    """What the ledger says of some matters of a year and one person."""
    rows = list(
        session.scalars(
            select(ReminderRow)
            .where(ReminderRow.person == person, ReminderRow.year == year, ReminderRow.subject.in_(subjects))
            .order_by(ReminderRow.due_at, ReminderRow.id)
        )
    )
    sent = deliveries_of(session, rows)
    return [entry_of(row, sent.get(row.delivery_id or 0)) for row in rows]


def subjects_of_activity(session: Session, person: str, activity_id: object, year: int) -> list[str]:
    """Under which names an activity stands in a person's rows of a year: itself, and the stages of a shipment."""
    stem = f"activity:{activity_id}"
    query = select(ReminderRow.subject).where(
        ReminderRow.person == person, ReminderRow.year == year, ReminderRow.subject.startswith(stem, autoescape=True)
    )
    return list(session.scalars(query.distinct().order_by(ReminderRow.subject)))


def entry_of(row: ReminderRow, delivery: DeliveryRow | None) -> Entry:
    """A row as it explains itself."""
    return Entry(
        id=row.id,
        rule=row.rule,
        subject=row.subject,
        year=row.year,
        lead=row.lead,
        status=ReminderStatus(row.status),
        due_at=row.due_at,
        reason=SkipReason(row.reason) if row.reason else None,
        error=row.error,
        sent_at=delivery.sent_at if delivery else None,
    )


def people_named(session: Session) -> list[str]:
    """Everybody who stands in the ledger."""
    return list(session.scalars(select(ReminderRow.person).distinct().order_by(ReminderRow.person)))


def _chosen(wanted: Wanted) -> Select[ReminderRow]:
    query = select(ReminderRow)
    if wanted.person:
        query = query.where(ReminderRow.person == wanted.person)
    if wanted.rule:
        query = query.where(ReminderRow.rule == wanted.rule)
    if wanted.statuses:
        query = query.where(ReminderRow.status.in_([status.value for status in wanted.statuses]))
    if wanted.until:
        query = query.where(ReminderRow.due_at <= wanted.until)
    return query


def _newest_first(session: Session, query: Select[ReminderRow], before: Cursor | None, limit: int) -> list[ReminderRow]:
    if before:
        at, last = before
        query = query.where(or_(ReminderRow.due_at < at, and_(ReminderRow.due_at == at, ReminderRow.id < last)))
    return list(session.scalars(query.order_by(ReminderRow.due_at.desc(), ReminderRow.id.desc()).limit(limit)))


def _arrived(person: str) -> tuple[Any, ...]:
    kept_back = and_(ReminderRow.status == ReminderStatus.SKIPPED.value, ReminderRow.reason.in_(_KEPT_BACK))
    return ReminderRow.person == person, or_(ReminderRow.status.in_(_ARRIVED), kept_back)


def _unread(person: str) -> tuple[Any, ...]:
    return (*_arrived(person), ReminderRow.read_at.is_(None))
