"""The ledger of reminders: one row per rule, subject, year, lead, person and channel, whatever happens.

The unique key holds the year and not the day, so that a date corrected after its mail has left moves what is still to
come and never sends the same year twice. Status: planned, claimed (there is a delivery), sent, skipped, failed.
"""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.reminders import Planned, ReminderStatus, SkipReason
from tracker.store.base import Base, Instant

_LOCK = 0x7265_6D69
"""PostgreSQL advisory locks under this number hold a person's due rows (the letters of "remi")."""

_SETTLED = {
    DeliveryStatus.SENT: ReminderStatus.SENT,
    DeliveryStatus.FAILED: ReminderStatus.FAILED,
    DeliveryStatus.SKIPPED: ReminderStatus.SKIPPED,
    DeliveryStatus.QUEUED: ReminderStatus.CLAIMED,
}


class ReminderRow(Base):
    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("rule", "subject", "year", "lead", "person", "channel", name="uq_reminders_once"),
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in ReminderStatus)})", "status_known"),
        CheckConstraint("status <> 'skipped' OR reason <> ''", "reason_given"),
        Index("ix_reminders_status_due_at", "status", "due_at"),
        Index("ix_reminders_person_status_due_at", "person", "status", "due_at"),
        Index("ix_reminders_subject_year", "subject", "year"),
        Index("ix_reminders_due_at", "due_at"),
        Index("ix_reminders_delivery_id", "delivery_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    rule: Mapped[str] = mapped_column(String(60))
    """A rule's key; no foreign key, since the row outlives a rule that is removed, as it does its subject."""
    subject: Mapped[str] = mapped_column(String(200))
    """What it is about: an occasion's key, "activity:<uuid>", "twin:cologne", "outlook"."""
    year: Mapped[int] = mapped_column(SmallInteger)
    lead: Mapped[str] = mapped_column(String(20))
    person: Mapped[str] = mapped_column(String(260))
    """Whom it is for: "user:3", "mail:town@example.org", "chat:2"."""
    channel: Mapped[str] = mapped_column(String(20), default=Channel.MAIL.value)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    when: Mapped[str] = mapped_column(String(40))
    """The day, month or year it is about, in EDTF."""
    due_at: Mapped[dt.datetime] = mapped_column(Instant)
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20), default="")
    """Why it was skipped: a `SkipReason`."""
    error: Mapped[str] = mapped_column(Text, default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    """Several share one where they left as one digest."""
    read_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When the person saw it in their inbox."""
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    @property
    def planned(self) -> Planned:
        return Planned(
            self.rule, self.subject, self.year, self.lead, self.person, self.channel, self.when, self.due_at,
            self.user_id,
        )  # fmt: skip

    def skip(self, reason: SkipReason) -> None:
        self.status, self.reason = ReminderStatus.SKIPPED.value, reason.value


class PlanRow(Base):
    """The one row of what the plan was last made from, so that a clock that finds nothing new costs one look."""

    __tablename__ = "reminder_plan"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    made_of: Mapped[str] = mapped_column(String(200))


def add_missing(session: Session, wanted: list[Planned], now: dt.datetime) -> int:
    """Add rows for those there are none of; a second beat adding the same at once adds nothing."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    if not wanted:
        return 0
    # Counted by what comes back: PostgreSQL's driver does not tell how many rows such a statement has written.
    statement = insert(ReminderRow).on_conflict_do_nothing().returning(ReminderRow.id)
    return len(session.execute(statement, [_values(planned, now) for planned in wanted]).all())


def is_any_due(session: Session, now: dt.datetime) -> bool:
    """Whether there is anything to do: one look through an index, without a lock."""
    return session.scalar(select(ReminderRow.id).where(*_due(now)).limit(1)) is not None


def people_due(session: Session, now: dt.datetime, but: Collection[str], limit: int) -> list[str]:
    """To whom something is due, those first who have waited longest; none of those whom another worker holds."""
    query = select(ReminderRow.person).where(*_due(now), ReminderRow.person.not_in(but))
    found = session.scalars(query.order_by(ReminderRow.due_at, ReminderRow.id).limit(limit))
    return list(dict.fromkeys(found))


def claim_due(session: Session, person: str, now: dt.datetime) -> list[ReminderRow]:
    """Lock all that is due to one person, in the order in which it was planned; none where another worker has them.

    Held by the person and not by the row: two workers would otherwise make two digests of one morning.
    """
    if not _hold(session, person):
        return []
    query = select(ReminderRow).where(ReminderRow.person == person, *_due(now)).order_by(ReminderRow.id)
    return list(session.scalars(query.with_for_update()))


def settle(session: Session, delivery_id: int, outcome: DeliveryStatus, reason: SkipReason | None, error: str) -> None:
    """Tell the reminder, if the delivery was made for one, what became of it."""
    session.execute(
        update(ReminderRow)
        .where(ReminderRow.delivery_id == delivery_id)
        .values(status=_SETTLED[outcome].value, reason=reason.value if reason else "", error=error)
    )


def settle_all(session: Session, delivery_ids: Collection[int], outcome: DeliveryStatus) -> None:
    """Tell the reminders that those deliveries were made for what became of them."""
    session.execute(
        update(ReminderRow)
        .where(ReminderRow.delivery_id.in_(delivery_ids))
        .values(status=_SETTLED[outcome].value, reason="", error="")
    )


def _due(now: dt.datetime) -> tuple[Any, Any]:
    return ReminderRow.status == ReminderStatus.PLANNED.value, ReminderRow.due_at <= now


def _hold(session: Session, person: str) -> bool:
    """Keep others off a person's rows until this unit of work ends. SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    number = int.from_bytes(hashlib.blake2b(person.encode(), digest_size=4).digest(), signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK, number))))


def _values(planned: Planned, now: dt.datetime) -> dict[str, Any]:
    return {
        "rule": planned.rule,
        "subject": planned.subject,
        "year": planned.year,
        "lead": planned.lead,
        "person": planned.person,
        "channel": planned.channel,
        "user_id": planned.user_id,
        "when": planned.when,
        "due_at": planned.due_at,
        "status": ReminderStatus.PLANNED.value,
        "reason": "",
        "error": "",
        "created_at": now,
    }
