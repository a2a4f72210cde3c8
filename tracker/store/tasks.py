"""What reminders ask somebody to do, the letters written for it, and their templates."""

import datetime as dt
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
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
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.reminders import Planned, ReminderStatus, SkipReason
from tracker.domain.tasks import LetterStatus, TaskStatus
from tracker.store.base import Base, Instant
from tracker.store.entries import insert_if_missing
from tracker.store.reminders import ReminderRow, add_missing


class TaskRow(Base):
    """One thing to do, whoever is reminded of it: made with the first of its reminders."""

    __tablename__ = "tasks"
    __table_args__ = (
        UniqueConstraint("rule", "subject", "year", name="uq_tasks_once"),
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in TaskStatus)})", "status_known"),
        CheckConstraint("status <> 'claimed' OR user_id IS NOT NULL", "claimed_by_somebody"),
        Index("ix_tasks_status_when", "status", "when"),
        Index("ix_tasks_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    year: Mapped[int] = mapped_column(SmallInteger)
    when: Mapped[str] = mapped_column(String(40))
    """The day or month it is about, in EDTF."""
    status: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"))
    """Who has taken it on, or did it."""
    claimed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    done_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


class LetterRow(Base):
    """A greeting, as it is being written or as it was sent."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint(f"status IN ({', '.join(repr(s.value) for s in LetterStatus)})", "status_known"),
        UniqueConstraint("task_id", "twin"),
        Index("ix_letters_twin_year", "twin", "year"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    task_id: Mapped[int] = mapped_column(ForeignKey("tasks.id", ondelete="CASCADE"))
    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug"))
    year: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(8))
    recipient: Mapped[str] = mapped_column(String(255), default="")
    """The mail address it goes to; empty where it is printed."""
    addressee: Mapped[str] = mapped_column(Text, default="")
    """Name and office at the head of the letter, as many lines as it takes."""
    sender: Mapped[str] = mapped_column(Text, default="")
    """The house in whose name it is written."""
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    sent_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id"))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="SET NULL"))
    """The activity that its sending was logged as."""
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


class LetterTemplateRow(Base):
    """The house's own words for a greeting in one language; the shipped ones hold where there is no row."""

    __tablename__ = "letter_templates"

    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    standing: Mapped[str] = mapped_column(String(10), primary_key=True)
    """For which state of the partnership: a `Standing`."""
    version: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


def held_by(session: Session, user_id: int) -> list[TaskRow]:
    """What somebody has taken on and not done yet."""
    mine = TaskRow.user_id == user_id, TaskRow.status == TaskStatus.CLAIMED.value
    return list(session.scalars(select(TaskRow).where(*mine).order_by(TaskRow.id)))


def task_of(session: Session, rule: str, subject: str, year: int) -> TaskRow | None:
    return session.scalar(select(TaskRow).where(TaskRow.rule == rule, TaskRow.subject == subject, TaskRow.year == year))


def ensure_open(session: Session, rule: str, subject: str, year: int, when: str, now: dt.datetime) -> TaskRow:
    """The task of a rule and a matter, made open where there is none; `when` (EDTF) follows a date that was moved.

    Two workers that ask at once get the same row: the second waits for the first.
    """
    values = {
        "version": 1, "rule": rule, "subject": subject, "year": year, "when": when,
        "status": TaskStatus.OPEN.value, "created_at": now,
    }  # fmt: skip
    insert_if_missing(session, TaskRow, values)
    row = session.scalars(
        select(TaskRow).where(TaskRow.rule == rule, TaskRow.subject == subject, TaskRow.year == year)
    ).one()
    if row.when != when:
        row.when, row.version = when, row.version + 1
    return row


def undone(session: Session, from_year: int) -> list[TaskRow]:
    """What is open or taken on, of that year and later; the caller puts it in order of its days."""
    waiting = (TaskStatus.OPEN.value, TaskStatus.CLAIMED.value)
    return list(
        session.scalars(
            select(TaskRow).where(TaskRow.status.in_(waiting), TaskRow.when >= str(from_year)).order_by(TaskRow.id)
        )
    )


def done(session: Session, limit: int) -> list[TaskRow]:
    """What was done last, the newest first."""
    query = select(TaskRow).where(TaskRow.status == TaskStatus.DONE.value)
    return list(session.scalars(query.order_by(TaskRow.done_at.desc(), TaskRow.id.desc()).limit(limit)))


def of_activity(session: Session, activity_id: UUID) -> list[TaskRow]:
    """What reminders of an activity or one of its parts ask somebody to do, in the order of their days."""
    subject = f"activity:{activity_id}"
    about = or_(TaskRow.subject == subject, TaskRow.subject.like(f"{subject}:%"))
    return list(session.scalars(select(TaskRow).where(about).order_by(TaskRow.when, TaskRow.id)))


def letters_of(session: Session, task_id: int) -> list[LetterRow]:
    """The letters of a task, one for each twin that has been written to."""
    return list(session.scalars(select(LetterRow).where(LetterRow.task_id == task_id).order_by(LetterRow.id)))


def letter_of(session: Session, task_id: int, twin: str, *, lock: bool = False) -> LetterRow | None:
    """The letter to a twin; `lock` holds it until this unit of work ends."""
    query = select(LetterRow).where(LetterRow.task_id == task_id, LetterRow.twin == twin)
    return session.scalar(query.with_for_update() if lock else query)


def former_letter(session: Session, twin: str, year: int) -> LetterRow | None:
    """What was sent to a twin last, in the latest year before."""
    query = select(LetterRow).where(
        LetterRow.twin == twin, LetterRow.year < year, LetterRow.status == LetterStatus.SENT.value
    )
    return session.scalar(query.order_by(LetterRow.year.desc(), LetterRow.sent_at.desc()).limit(1))


def last_sender(session: Session, language: str) -> str:
    """What the house called itself last in that language; empty where it has written nothing in it."""
    query = select(LetterRow.sender).where(LetterRow.language == language)
    return session.scalar(query.order_by(LetterRow.changed_at.desc(), LetterRow.id.desc()).limit(1)) or ""


def templates(session: Session) -> dict[tuple[str, str], LetterTemplateRow]:
    """The house's own templates, by language and standing."""
    return {(row.language, row.standing): row for row in session.scalars(select(LetterTemplateRow))}


def remind_on(session: Session, planned: Planned, now: dt.datetime) -> None:
    """Let there be a reminder that people asked for; one of the same day that was put off itself holds again."""
    add_missing(session, [planned], now)
    session.execute(
        update(ReminderRow)
        .where(*_of(planned), ReminderRow.lead == planned.lead, ReminderRow.status == ReminderStatus.SKIPPED.value)
        .values(status=ReminderStatus.PLANNED.value, reason="", when=planned.when, due_at=planned.due_at)
    )


def put_off(session: Session, until: Planned, now: dt.datetime) -> None:
    """Let what this person was told of the task so far count as seen, and skip what is planned before `until`."""
    told = (ReminderRow.due_at <= now, ReminderRow.read_at.is_(None))
    session.execute(update(ReminderRow).where(*_of(until), *told).values(read_at=now))
    # Another day that was chosen before goes too, whenever it is.
    before = or_(ReminderRow.due_at < until.due_at, ReminderRow.lead.like("snooze:%"))
    waiting = (ReminderRow.status == ReminderStatus.PLANNED.value, before, ReminderRow.lead != until.lead)
    skipped = {"status": ReminderStatus.SKIPPED.value, "reason": SkipReason.SNOOZED.value}
    session.execute(update(ReminderRow).where(*_of(until), *waiting).values(skipped))


def _of(planned: Planned) -> tuple[ColumnElement[bool], ...]:
    return (
        ReminderRow.rule == planned.rule,
        ReminderRow.subject == planned.subject,
        ReminderRow.year == planned.year,
        ReminderRow.person == planned.person,
        ReminderRow.channel == planned.channel,
    )
