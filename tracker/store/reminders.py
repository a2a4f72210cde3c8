"""The ledger of reminders: one row per rule, subject, year, lead, person and channel, whatever happens.

The unique key holds the year and not the day, so that a date corrected after its mail has left moves what is still to
come and never sends the same year twice. Status: planned, claimed (there is a delivery), sent, skipped, failed.
"""

import datetime as dt
import hashlib
import itertools
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Insert,
    Integer,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Update,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.reminders import Planned, ReminderStatus, SkipReason
from tracker.store.base import Base, Instant

_LOCK = 0x7265_6D69
"""PostgreSQL advisory locks under this number hold a person's due rows (the letters of "remi")."""

_COUNTED = {"preserve_rowcount": True}
"""So that an insert tells how many rows it has added."""

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


class PlanRow(Base):
    """The one row of what the plan was last made from, so that a clock that finds nothing new costs one look."""

    __tablename__ = "reminder_plan"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    made_of: Mapped[str] = mapped_column(String(200))


def planned_of_activity(session: Session, activity_id: UUID) -> list[tuple[str, dt.datetime]]:
    """Which rules will remind of an activity or one of its parts, and when: each once, however many people it tells."""
    subject = f"activity:{activity_id}"
    about = or_(ReminderRow.subject == subject, ReminderRow.subject.like(f"{subject}:%"))
    query = select(ReminderRow.rule, func.min(ReminderRow.due_at).label("due")).group_by(
        ReminderRow.rule, ReminderRow.lead
    )
    query = query.where(about, ReminderRow.status == ReminderStatus.PLANNED.value)
    return [(rule, due) for rule, due in session.execute(query.order_by("due", ReminderRow.rule))]


def add_missing(session: Session, wanted: Sequence[Planned], now: dt.datetime) -> int:
    """Add rows for those there are none of; a second beat adding the same at once adds nothing. Returns how many.

    Thousands go in one statement: on PostgreSQL as a list for each column. In JSON, which is written in a fifth of the
    time that the driver needs for an array.
    """
    if not wanted:
        return 0
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        return connection.execute(_from_lists(wanted, now), execution_options=_COUNTED).rowcount
    statement = sqlite.insert(ReminderRow).on_conflict_do_nothing()
    new = _new(now)
    values = [{**dict(zip(_PLANNED, _values(planned), strict=True)), **new} for planned in wanted]
    return connection.execute(statement, values, execution_options=_COUNTED).rowcount


def _from_lists(wanted: Sequence[Planned], now: dt.datetime) -> Insert:
    table, new = ReminderRow.__table__, _new(now)
    *others, moments = zip(*map(_values, wanted), strict=True)
    lists = [*others, [moment.astimezone(dt.UTC).isoformat() for moment in moments]]
    # Several of these functions in one SELECT go side by side, row by row.
    given = (
        cast(func.json_array_elements_text(literal(values, postgresql.JSON)), table.c[name].type)
        for name, values in zip(_PLANNED, lists, strict=True)
    )
    rows = select(*given, *(literal(value, table.c[name].type) for name, value in new.items()))
    return postgresql.insert(ReminderRow).from_select([*_PLANNED, *new], rows).on_conflict_do_nothing()


# Built once, since every tick asks it. The index gives the rows in this order, however many lie ahead.
_WAITING = (
    select(ReminderRow.person)
    .where(ReminderRow.status == ReminderStatus.PLANNED.value, ReminderRow.due_at <= bindparam("now", type_=Instant))
    .order_by(ReminderRow.due_at, ReminderRow.id)
    .limit(bindparam("most", type_=Integer))
)


def people_due(session: Session, now: dt.datetime, but: Collection[str], most: tuple[int, int]) -> list[str]:
    """To whom something is due, those first who have waited longest; none of those whom another worker holds.

    At most so many people, and no more of them than have so many rows; one at least, however many rows they have.
    """
    most_people, most_rows = most
    query = _WAITING.where(ReminderRow.person.not_in(but)) if but else _WAITING
    found = session.scalars(query, {"now": now, "most": most_people})
    waiting = list(dict.fromkeys(found))
    if len(waiting) < 2:
        return waiting
    rows = select(ReminderRow.person, func.count()).where(ReminderRow.person.in_(waiting), *_due(now))
    counted = {person: int(count) for person, count in session.execute(rows.group_by(ReminderRow.person))}
    up_to = itertools.accumulate(counted.get(person, 0) for person in waiting)
    return waiting[: max(1, sum(total <= most_rows for total in up_to))]


def claim_due(session: Session, people: Collection[str], now: dt.datetime) -> dict[str, list[ReminderRow]]:
    """Lock all that is due to those people, but for whom others hold; each person's in the order of its planning."""
    held = _hold(session, people)
    query = select(ReminderRow).where(ReminderRow.person.in_(held), *_due(now)).order_by(ReminderRow.id)
    found: dict[str, list[ReminderRow]] = {}
    for row in session.scalars(query.with_for_update()):
        found.setdefault(row.person, []).append(row)
    return found


def claim(session: Session, leaving: Sequence[tuple[int, int]]) -> None:
    """Note of rows with which delivery each leaves."""
    statement = (
        update(ReminderRow)
        .where(ReminderRow.id == bindparam("row"))
        .values(status=ReminderStatus.CLAIMED.value, delivery_id=bindparam("delivery"))
    )
    _each(session, statement, [{"row": row, "delivery": delivery} for row, delivery in leaving])


def skip(session: Session, ids: Collection[int], reason: SkipReason) -> None:
    _all(session, ids, {"status": ReminderStatus.SKIPPED.value, "reason": reason.value})


def put_off(session: Session, ids: Collection[int], until: dt.datetime) -> None:
    _all(session, ids, {"due_at": until})


def fail(session: Session, failed: Sequence[tuple[int, str]]) -> None:
    """Note of rows why each could not leave."""
    statement = (
        update(ReminderRow)
        .where(ReminderRow.id == bindparam("row"))
        .values(status=ReminderStatus.FAILED.value, error=bindparam("fault"))
    )
    _each(session, statement, [{"row": row, "fault": fault} for row, fault in failed])


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


def _hold(session: Session, people: Collection[str]) -> list[str]:
    """Those of them whom nobody else holds; others are kept off their rows until this unit ends.

    Held by the person and not by the row: two workers would otherwise make two digests of one morning. SQLite has one
    writer anyway.
    """
    if session.get_bind().dialect.name != "postgresql" or not people:
        return list(people)
    numbers = select(func.unnest(array([_number(person) for person in people])).label("number")).subquery()
    query = select(numbers.c.number).where(func.pg_try_advisory_xact_lock(_LOCK, numbers.c.number))
    held = set(session.scalars(query))
    return [person for person in people if _number(person) in held]


def _number(person: str) -> int:
    """A person as PostgreSQL names a lock: two who share a number wait for each other, and that is all."""
    return int.from_bytes(hashlib.blake2b(person.encode(), digest_size=4).digest(), signed=True)


def _each(session: Session, statement: Update, values: list[dict[str, Any]]) -> None:
    """The same statement for many rows, sent in one go. On the connection: the session would count rows one by one."""
    if values:
        session.connection().execute(statement, values)


def _all(session: Session, ids: Collection[int], values: dict[str, Any]) -> None:
    chosen = update(ReminderRow).where(ReminderRow.id.in_(ids)).values(values)
    session.execute(chosen.execution_options(synchronize_session=False))


_PLANNED = ("rule", "subject", "year", "lead", "person", "channel", "user_id", "when", "due_at")


def _values(planned: Planned) -> tuple[Any, ...]:
    return (
        planned.rule, planned.subject, planned.year, planned.lead, planned.person, planned.channel, planned.user_id,
        planned.when, planned.due_at,
    )  # fmt: skip


def _new(now: dt.datetime) -> dict[str, Any]:
    """What all rows have that have just been planned."""
    return {"status": ReminderStatus.PLANNED.value, "reason": "", "error": "", "created_at": now}
