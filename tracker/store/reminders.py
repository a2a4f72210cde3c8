"""The ledger of reminders: one row per rule, subject, year, lead, person and channel, whatever happens.

The unique key holds the year and not the day, so that a date corrected after its mail has left moves what is still to
come and never sends the same year twice. Status: planned, claimed (there is a delivery), sent, skipped, failed.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import (
    CheckConstraint,
    CursorResult,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.reminders import Planned, ReminderStatus, SkipReason
from tracker.store.base import Base, Instant

_SLICE = 500
"""Rows written by one statement: both databases limit the parameters of one."""

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


def at_stake(session: Session, first: dt.datetime) -> list[ReminderRow]:
    """Everything still planned or withdrawn, and whatever was or is due from `first` on."""
    return list(
        session.scalars(
            select(ReminderRow)
            .where(or_(_not_left(), ReminderRow.due_at >= first), ReminderRow.year >= first.year)
            .order_by(ReminderRow.id)
        )
    )


def add_missing(session: Session, wanted: list[Planned], now: dt.datetime) -> int:
    """Add rows for those there are none of; a second beat adding the same at once adds nothing."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    added = 0
    for at in range(0, len(wanted), _SLICE):
        rows = [_values(planned, now) for planned in wanted[at : at + _SLICE]]
        written = insert(ReminderRow).values(rows).on_conflict_do_nothing().returning(ReminderRow.id)
        # Counted by what comes back: PostgreSQL's driver does not tell how many rows such a statement has written.
        added += len(session.scalars(written).all())
    return added


def move(session: Session, row_id: int, planned: Planned) -> int:
    """Let one that has not left be due when `planned` says; 0 where it has left meanwhile."""
    return _count(
        session.execute(
            update(ReminderRow)
            .where(ReminderRow.id == row_id, _not_left())
            .values(when=planned.when, due_at=planned.due_at, status=ReminderStatus.PLANNED.value, reason="")
        )
    )


def withdraw(session: Session, ids: Iterable[int]) -> int:
    """Skip those that no longer hold, unless they have left meanwhile."""
    return sum(
        _count(
            session.execute(
                update(ReminderRow)
                .where(ReminderRow.id == row_id, ReminderRow.status == ReminderStatus.PLANNED.value)
                .values(status=ReminderStatus.SKIPPED.value, reason=SkipReason.WITHDRAWN.value)
            )
        )
        for row_id in ids
    )


def claim_due(session: Session, now: dt.datetime, limit: int) -> list[ReminderRow]:
    """Lock the next that are due, past those another worker holds."""
    return list(
        session.scalars(
            select(ReminderRow)
            .where(ReminderRow.status == ReminderStatus.PLANNED.value, ReminderRow.due_at <= now)
            .order_by(ReminderRow.due_at, ReminderRow.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )


def settle(session: Session, delivery_id: int, outcome: DeliveryStatus, reason: SkipReason | None, error: str) -> None:
    """Tell the reminder, if the delivery was made for one, what became of it."""
    session.execute(
        update(ReminderRow)
        .where(ReminderRow.delivery_id == delivery_id)
        .values(status=_SETTLED[outcome].value, reason=reason.value if reason else "", error=error)
    )


def _not_left() -> Any:
    withdrawn = (ReminderRow.status == ReminderStatus.SKIPPED.value) & (
        ReminderRow.reason == SkipReason.WITHDRAWN.value
    )
    return or_(ReminderRow.status == ReminderStatus.PLANNED.value, withdrawn)


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


def _count(result: object) -> int:
    return cast("CursorResult[Any]", result).rowcount
