"""Deliveries as rows: outgoing messages with every attempt to send them. Nothing that failed is ever deleted.

`next_try_at` is also the lease of one that is being sent: when it has run out, its worker is gone and another takes the
message up, with the same Message-ID.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    func,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from tracker.domain.deliveries import LEASE, Channel, DeliveryStatus, Outcome, Sort
from tracker.domain.reminders import SkipReason
from tracker.store.base import Base, Instant, Json

_WAITING = (DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value)


class DeliveryRow(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(f"channel IN ({', '.join(repr(c.value) for c in Channel)})", "channel_known"),
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in DeliveryStatus)})", "status_known"),
        CheckConstraint("tries >= 0", "tries_not_negative"),
        Index("ix_deliveries_status_next_try_at", "status", "next_try_at"),
        Index("ix_deliveries_created_at_id", "created_at", "id"),
        Index("ix_deliveries_user_id", "user_id"),
        Index("ix_deliveries_subscription_id", "subscription_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What it is made for, such as "reminder:17": nothing is ever delivered twice for the same."""
    sort: Mapped[str] = mapped_column(String(20), default=Sort.REMINDER.value, server_default=Sort.REMINDER.value)
    channel: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    subscription_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscriptions.id", ondelete="SET NULL"))
    """Of a change: the calendar in which it would be seen too late."""
    recipient: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    """The finished message as its channel's output module reads it, so that every try sends the same."""
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20), default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    """Since it was queued, or queued again by hand; `attempts` has them all."""
    next_try_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """After this it is of no more use."""
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    attempts: Mapped[list["DeliveryAttemptRow"]] = relationship(
        order_by="DeliveryAttemptRow.number", cascade="all, delete-orphan"
    )


class DeliveryAttemptRow(Base):
    __tablename__ = "delivery_attempts"
    __table_args__ = (CheckConstraint(f"outcome IN ({', '.join(repr(o.value) for o in Outcome)})", "outcome_known"),)

    delivery_id: Mapped[int] = mapped_column(ForeignKey("deliveries.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    begun_at: Mapped[dt.datetime] = mapped_column(Instant)
    outcome: Mapped[str] = mapped_column(String(20))
    error: Mapped[str] = mapped_column(Text, default="")


def claim_next(session: Session, now: dt.datetime) -> DeliveryRow | None:
    """Lock the message that has waited longest of those whose time has come; None where there is none left."""
    return session.scalar(
        select(DeliveryRow)
        .where(DeliveryRow.status.in_(_WAITING), DeliveryRow.next_try_at <= now)
        .order_by(DeliveryRow.next_try_at, DeliveryRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def begin_attempt(session: Session, row: DeliveryRow, now: dt.datetime) -> int:
    """Take a claimed message for the time of the lease; returns the number of the attempt."""
    row.status, row.next_try_at, row.tries = DeliveryStatus.SENDING.value, now + LEASE, row.tries + 1
    last = session.scalar(select(func.max(DeliveryAttemptRow.number)).where(DeliveryAttemptRow.delivery_id == row.id))
    number = (last or 0) + 1
    session.add(DeliveryAttemptRow(delivery_id=row.id, number=number, begun_at=now, outcome=Outcome.BEGUN.value))
    session.flush()
    return number


def locked(session: Session, delivery_id: int) -> DeliveryRow | None:
    """One message with its attempts, held until this unit of work ends."""
    return session.scalar(
        select(DeliveryRow).where(DeliveryRow.id == delivery_id).with_for_update().options(_with_attempts())
    )


def is_made(session: Session, key: str) -> bool:
    return session.scalar(select(DeliveryRow.id).where(DeliveryRow.key == key)) is not None


def withdraw(session: Session, subscription_id: UUID, stem: str) -> None:
    """Let go what has not left of a subscription's messages whose keys begin so: a newer one says it better."""
    waiting = (
        DeliveryRow.subscription_id == subscription_id,
        DeliveryRow.key.startswith(stem, autoescape=True),
        DeliveryRow.status == DeliveryStatus.QUEUED.value,
    )
    skipped = {"status": DeliveryStatus.SKIPPED.value, "reason": SkipReason.WITHDRAWN.value}
    session.execute(update(DeliveryRow).where(*waiting).values(skipped))


def listed(
    session: Session,
    *,
    status: DeliveryStatus | None = None,
    before: tuple[dt.datetime, int] | None = None,
    limit: int = 50,
) -> list[DeliveryRow]:
    """Deliveries with their attempts, the newest first, from behind the cursor `before` = (created_at, id) on."""
    query = select(DeliveryRow).options(_with_attempts())
    if status is not None:
        query = query.where(DeliveryRow.status == status.value)
    if before is not None:
        at, last = before
        query = query.where((DeliveryRow.created_at < at) | ((DeliveryRow.created_at == at) & (DeliveryRow.id < last)))
    return list(session.scalars(query.order_by(DeliveryRow.created_at.desc(), DeliveryRow.id.desc()).limit(limit)))


def counted_by_status(session: Session) -> dict[str, int]:
    """How many there are of each status."""
    rows = session.execute(select(DeliveryRow.status, func.count()).group_by(DeliveryRow.status))
    return {status: int(count) for status, count in rows}


def _with_attempts() -> Any:
    return selectinload(DeliveryRow.attempts)
