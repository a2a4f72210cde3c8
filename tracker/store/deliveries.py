"""Deliveries as rows: outgoing messages with every attempt to send them. Nothing that failed is ever deleted.

`next_try_at` is also the lease of one that is being sent: when it has run out, its worker is gone and another takes the
message up, with the same Message-ID.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
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
    bindparam,
    false,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from tracker.domain.deliveries import LEASE, Channel, DeliveryStatus, Outcome, Sort
from tracker.domain.reminders import SkipReason
from tracker.store import subscriptions  # noqa: F401 -- a command that loads little would not know the table named below
from tracker.store.base import Base, Instant, Json

_TWICE = text("maybe_twice")
_WAITING = (DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value)


def _message_id(context: DefaultExecutionContext) -> str:
    """Of a mail; what goes to a chat has none."""
    parameters = context.get_current_parameters()  # type: ignore[no-untyped-call]  # SQLAlchemy gives it no types
    return str(parameters["payload"].get("message_id", ""))


class DeliveryRow(Base):
    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint(f"channel IN ({', '.join(repr(c.value) for c in Channel)})", "channel_known"),
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in DeliveryStatus)})", "status_known"),
        CheckConstraint("tries >= 0", "tries_not_negative"),
        # What is due is taken from the beginning of this, however much lies behind it.
        Index("ix_deliveries_due", "channel", "status", "next_try_at", "id"),
        Index("ix_deliveries_status", "status"),
        Index("ix_deliveries_message_id", "message_id"),
        Index("ix_deliveries_maybe_twice", "maybe_twice", sqlite_where=_TWICE, postgresql_where=_TWICE),
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
    message_id: Mapped[str] = mapped_column(String(255), default=_message_id)
    """By which a mail that comes back is known."""
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
    maybe_twice: Mapped[bool] = mapped_column(default=False, server_default=false())
    """It was sent after a try that was cut off, of which nobody knows whether the server had taken it."""

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


@dataclass(frozen=True)
class Left:
    """A message that has left with an attempt. `doubtful`: another attempt may have left too."""

    delivery_id: int
    number: int
    at: dt.datetime
    doubtful: bool


def add_all(session: Session, new: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Add messages in as few statements as will hold them; their numbers, by key."""
    query = insert(DeliveryRow).returning(DeliveryRow.key, DeliveryRow.id)
    return {row.key: row.id for row in session.execute(query, [dict(values) for values in new])}


def claim(session: Session, channel: Channel, now: dt.datetime, limit: int) -> list[DeliveryRow]:
    """Lock what has waited longest of those whose time has come, past those another worker holds."""
    found: list[DeliveryRow] = []
    for status in _WAITING:  # one after the other, so that each is read off the index in its order
        query = (
            select(DeliveryRow)
            .where(DeliveryRow.channel == channel.value, DeliveryRow.status == status, DeliveryRow.next_try_at <= now)
            .order_by(DeliveryRow.next_try_at, DeliveryRow.id)
            .limit(limit - len(found))
            .with_for_update(skip_locked=True)
        )
        found += session.scalars(query)
        if len(found) == limit:
            break
    return found


def begin_attempts(session: Session, rows: Sequence[DeliveryRow], now: dt.datetime) -> dict[int, int]:
    """Take claimed messages for the time of the lease; returns the number of the attempt, by the message's id."""
    last = session.execute(
        select(DeliveryAttemptRow.delivery_id, func.max(DeliveryAttemptRow.number))
        .where(DeliveryAttemptRow.delivery_id.in_([row.id for row in rows]))
        .group_by(DeliveryAttemptRow.delivery_id)
    )
    known = {delivery_id: int(number) for delivery_id, number in last}
    numbers = {row.id: known.get(row.id, 0) + 1 for row in rows}
    if not rows:
        return numbers
    taken = {"status": DeliveryStatus.SENDING.value, "next_try_at": now + LEASE, "tries": DeliveryRow.tries + 1}
    chosen = update(DeliveryRow).where(DeliveryRow.id.in_(numbers)).values(taken)
    session.execute(chosen.execution_options(synchronize_session=False))
    attempts = [
        {"delivery_id": id_, "number": number, "begun_at": now, "outcome": Outcome.BEGUN.value, "error": ""}
        for id_, number in numbers.items()
    ]
    session.connection().execute(insert(DeliveryAttemptRow), attempts)
    return numbers


def begin_attempt(session: Session, row: DeliveryRow, now: dt.datetime) -> int:
    """The same for one message: the number of the attempt."""
    return begin_attempts(session, [row], now)[row.id]


def locked(session: Session, delivery_id: int) -> DeliveryRow | None:
    """One message with its attempts, held until this unit of work ends."""
    return next(iter(locked_all(session, [delivery_id])), None)


def locked_all(session: Session, ids: Collection[int]) -> list[DeliveryRow]:
    """Messages with their attempts, held until this unit of work ends; in one order, so that nobody waits in a ring."""
    query = select(DeliveryRow).where(DeliveryRow.id.in_(ids)).order_by(DeliveryRow.id)
    return list(session.scalars(query.with_for_update().options(_with_attempts())))


def hold(session: Session, ids: Collection[int]) -> None:
    """Keep others off these messages until this unit of work ends; in one order, as `locked_all`."""
    session.execute(select(DeliveryRow.id).where(DeliveryRow.id.in_(ids)).order_by(DeliveryRow.id).with_for_update())


def outcomes_of(session: Session, ids: Collection[int]) -> dict[tuple[int, int], Outcome]:
    """How every attempt at these messages stands, by message and number."""
    rows = session.execute(
        select(DeliveryAttemptRow.delivery_id, DeliveryAttemptRow.number, DeliveryAttemptRow.outcome)
        .where(DeliveryAttemptRow.delivery_id.in_(ids))
        .order_by(DeliveryAttemptRow.delivery_id, DeliveryAttemptRow.number)
    )
    return {(delivery_id, number): Outcome(outcome) for delivery_id, number, outcome in rows}


def note_sent(session: Session, left: Sequence[Left]) -> None:
    """Note of messages that they have left, and with which attempt."""
    if not left:
        return
    attempt = (
        update(DeliveryAttemptRow)
        .where(DeliveryAttemptRow.delivery_id == bindparam("row"), DeliveryAttemptRow.number == bindparam("attempt"))
        .values(outcome=Outcome.SENT.value)
    )
    message = (
        update(DeliveryRow)
        .where(DeliveryRow.id == bindparam("row"))
        .values(
            status=DeliveryStatus.SENT.value,
            sent_at=func.coalesce(DeliveryRow.sent_at, bindparam("moment", type_=DeliveryRow.sent_at.type)),
            last_error="",
            maybe_twice=or_(DeliveryRow.maybe_twice, bindparam("doubtful", type_=DeliveryRow.maybe_twice.type)),
        )
    )
    # On the connection: the session would send them one by one, to count what each has changed.
    connection = session.connection()
    connection.execute(attempt, [{"row": one.delivery_id, "attempt": one.number} for one in left])
    connection.execute(message, [{"row": one.delivery_id, "moment": one.at, "doubtful": one.doubtful} for one in left])


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


def by_message_id(session: Session, message_id: str) -> DeliveryRow | None:
    """The mail that left under this Message-ID, as it was given in its header."""
    if not message_id:
        return None
    return session.scalar(select(DeliveryRow).where(DeliveryRow.message_id == message_id).limit(1))


def counted_maybe_twice(session: Session) -> int:
    """How many have left of which nobody knows whether they arrived once or twice."""
    return session.scalar(select(func.count()).where(DeliveryRow.maybe_twice)) or 0


def count_failed(session: Session) -> int:
    """How many were given up, and wait for somebody to look."""
    query = select(func.count()).select_from(DeliveryRow).where(DeliveryRow.status == DeliveryStatus.FAILED.value)
    return session.scalar(query) or 0


def counted_by_status(session: Session) -> dict[str, int]:
    """How many there are of each status."""
    rows = session.execute(select(DeliveryRow.status, func.count()).group_by(DeliveryRow.status))
    return {status: int(count) for status, count in rows}


def _with_attempts() -> Any:
    return selectinload(DeliveryRow.attempts)
