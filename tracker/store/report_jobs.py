"""Documents being made, as rows that a worker takes up; and mailings, which the clock finds by `due_at`.

`lease_until` says until when a worker has it: when that has run out, the worker is gone and another takes the job up.
"""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, SmallInteger, String, Text, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.activities import Visibility
from tracker.domain.editions import Form
from tracker.store.base import Base, Instant, Json

LEASE = dt.timedelta(minutes=5)
MOST_TRIES = 3
_LEVELS = ", ".join(repr(v.value) for v in Visibility)


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_OPEN = (JobState.WAITING.value, JobState.RUNNING.value)


class JobRow(Base):
    """One document being made. `wanted` is the order; what is shown of it is `progress` in percent and a `step`."""

    __tablename__ = "report_jobs"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in JobState)})", "state_known"),
        CheckConstraint(f"level IN ({_LEVELS})", "level_known"),
        CheckConstraint("progress BETWEEN 0 AND 100", "progress_percent"),
        Index("ix_report_jobs_state_lease_until", "state", "lease_until"),
        Index("ix_report_jobs_user_id_changed_at", "user_id", "changed_at"),
        Index("ix_report_jobs_mailing_id", "mailing_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    wanted: Mapped[dict[str, Any]] = mapped_column(Json)
    level: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    mailing_id: Mapped[UUID | None] = mapped_column(ForeignKey("report_mailings.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(10))
    progress: Mapped[int] = mapped_column(SmallInteger, default=0)
    step: Mapped[str] = mapped_column(String(40), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[dt.datetime] = mapped_column(Instant)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("report_editions.id"))
    document_id: Mapped[int | None] = mapped_column(ForeignKey("report_documents.id"))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)


class MailingRow(Base):
    """A report that goes to a list of addresses once a year. `due_at` is None as long as it is switched off."""

    __tablename__ = "report_mailings"
    __table_args__ = (
        CheckConstraint(f"form IN ({', '.join(repr(f.value) for f in Form)})", "form_known"),
        Index("ix_report_mailings_due_at", "due_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    """Never another's again: deliveries are known by it."""
    version: Mapped[int] = mapped_column(Integer)
    reader: Mapped[str] = mapped_column(ForeignKey("report_readers.slug"))
    twin: Mapped[str] = mapped_column(String(80), default="")
    form: Mapped[str] = mapped_column(String(10))
    languages: Mapped[list[str]] = mapped_column(Json)
    month: Mapped[int] = mapped_column(SmallInteger)
    day: Mapped[int] = mapped_column(SmallInteger)
    addresses: Mapped[list[str]] = mapped_column(Json)
    edition: Mapped[bool] = mapped_column(default=True)
    """Whether an edition is frozen for it; else a draft goes out."""
    enabled: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)


def claim_job(session: Session, now: dt.datetime) -> JobRow | None:
    """The job that has waited longest, or whose worker is gone; locked, past those another worker holds."""
    query = select(JobRow).where(JobRow.state.in_(_OPEN), JobRow.lease_until <= now)
    order = query.order_by(JobRow.lease_until, JobRow.created_at, JobRow.id).limit(1)
    return session.scalar(order.with_for_update(skip_locked=True))


def is_waiting(session: Session, now: dt.datetime) -> bool:
    query = select(JobRow.id).where(JobRow.state.in_(_OPEN), JobRow.lease_until <= now)
    return session.scalar(query.limit(1)) is not None


def jobs_of(session: Session, user_id: int, since: dt.datetime) -> list[JobRow]:
    """A person's jobs that moved since then, the oldest first."""
    mine = (JobRow.user_id == user_id, JobRow.changed_at >= since)
    return list(session.scalars(select(JobRow).where(*mine).order_by(JobRow.changed_at, JobRow.id)))


def mailings(session: Session) -> list[MailingRow]:
    return list(session.scalars(select(MailingRow).order_by(MailingRow.month, MailingRow.day, MailingRow.id)))


def is_mailing_due(session: Session, now: dt.datetime) -> bool:
    return (
        session.scalar(select(MailingRow.id).where(MailingRow.enabled, MailingRow.due_at <= now).limit(1)) is not None
    )


def due_mailings(session: Session, now: dt.datetime) -> list[MailingRow]:
    """Those whose day has come; locked, past those another worker holds."""
    query = select(MailingRow).where(MailingRow.enabled, MailingRow.due_at <= now).order_by(MailingRow.id)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def last_jobs(session: Session, mailing_ids: Collection[UUID]) -> dict[UUID, JobRow]:
    """The newest job of each mailing."""
    query = select(JobRow).where(JobRow.mailing_id.in_(mailing_ids)).order_by(JobRow.created_at, JobRow.id)
    return {row.mailing_id: row for row in session.scalars(query) if row.mailing_id is not None}
