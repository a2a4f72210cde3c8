"""The event log, the consumers' bookmarks in it, and the events parked after too many failures.

The log is only ever appended to (by the unit of work). A consumer reads on from its bookmark per shard and moves it in
the transaction that writes its own rows: effectively once.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.events import SHARDS, Event, EventType, shard_of
from tracker.store.base import Base, Instant, Json

MAX_TRIES = 5
BIG = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only in a column declared INTEGER."""


class EventRow(Base):
    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_shard_position", "shard", "position"),
        Index("ix_events_subject_position", "subject", "position"),
    )

    position: Mapped[int] = mapped_column(BIG, Identity(), primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger)
    type: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[dt.datetime] = mapped_column(Instant)

    def to_event(self) -> Event:
        return Event(self.position, EventType(self.type), self.subject, self.data, self.actor, self.at)


class BookmarkRow(Base):
    """How far a consumer has read a shard, and how often the next event has failed there."""

    __tablename__ = "bookmarks"
    __table_args__ = (CheckConstraint("tries >= 0", "tries_not_negative"),)

    consumer: Mapped[str] = mapped_column(String(40), primary_key=True)
    shard: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    position: Mapped[int] = mapped_column(BIG, default=0)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(Instant)
    error: Mapped[str | None] = mapped_column(Text)


class ParkedEventRow(Base):
    """An event a consumer could not take in after five tries: shown to administrators, retried on request."""

    __tablename__ = "parked_events"

    consumer: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(ForeignKey("events.position"), primary_key=True)
    error: Mapped[str] = mapped_column(Text)
    parked_at: Mapped[dt.datetime] = mapped_column(Instant)


def new_row(type_: EventType, subject: str, data: Mapping[str, Any], actor: str, now: dt.datetime) -> EventRow:
    return EventRow(shard=shard_of(subject), type=type_.value, subject=subject, data=dict(data), actor=actor, at=now)


def read_on(session: Session, shard: int, after: int, limit: int) -> list[Event]:
    """The next events of a shard, in order. Complete up to the last one returned: see `unit_of_work`."""
    rows = session.scalars(
        select(EventRow)
        .where(EventRow.shard == shard, EventRow.position > after)
        .order_by(EventRow.position)
        .limit(limit)
    )
    return [row.to_event() for row in rows]


def read_all(session: Session, after: int = 0, limit: int = 1000) -> list[Event]:
    """The log over all shards from a position on, in the one total order."""
    rows = session.scalars(select(EventRow).where(EventRow.position > after).order_by(EventRow.position).limit(limit))
    return [row.to_event() for row in rows]


def history(session: Session, subject: str) -> list[Event]:
    """Everything that happened to one subject, oldest first."""
    rows = session.scalars(select(EventRow).where(EventRow.subject == subject).order_by(EventRow.position))
    return [row.to_event() for row in rows]


def ages(session: Session, subjects: Iterable[str]) -> dict[str, tuple[int, dt.datetime]]:
    """How many events there are of each subject, and the moment of the last one."""
    found: dict[str, tuple[int, dt.datetime]] = {}
    wanted = sorted(set(subjects))
    for at in range(0, len(wanted), 500):
        query = select(EventRow.subject, func.count(), func.max(EventRow.at)).group_by(EventRow.subject)
        for subject, events, last in session.execute(query.where(EventRow.subject.in_(wanted[at : at + 500]))):
            found[subject] = events, last
    return found


def last_change(session: Session, types: Iterable[EventType]) -> dt.datetime | None:
    """The moment of the last event of these types."""
    query = select(func.max(EventRow.at)).where(EventRow.type.in_([type_.value for type_ in types]))
    return session.scalar(query)


def end_of_log(session: Session) -> int:
    return session.scalar(select(func.max(EventRow.position))) or 0


def ends_by_shard(session: Session) -> dict[int, int]:
    """Each shard's last position; one index look-up per shard, where a GROUP BY would walk through the whole log."""
    last = select(func.max(EventRow.position))
    ends = session.execute(select(*(last.where(EventRow.shard == shard).scalar_subquery() for shard in range(SHARDS))))
    return {shard: end for shard, end in enumerate(ends.one()) if end is not None}


def bookmarks(session: Session) -> Sequence[BookmarkRow]:
    return session.scalars(select(BookmarkRow).order_by(BookmarkRow.consumer, BookmarkRow.shard)).all()


def behind(session: Session) -> list[tuple[str, int]]:
    """The bookmarks that are not at the end of their shard, as (consumer, shard)."""
    end = select(func.max(EventRow.position)).where(EventRow.shard == BookmarkRow.shard).scalar_subquery()
    query = select(BookmarkRow.consumer, BookmarkRow.shard).where(BookmarkRow.position < end)
    return [(consumer, shard) for consumer, shard in session.execute(query)]


def claim_bookmarks(session: Session, consumer: str, shards: Collection[int], most: int = SHARDS) -> list[BookmarkRow]:
    """Lock bookmarks for this unit of work, save those another worker holds (SQLite has one writer anyway)."""
    query = select(BookmarkRow).where(BookmarkRow.consumer == consumer, BookmarkRow.shard.in_(shards))
    return list(session.scalars(query.order_by(BookmarkRow.shard).limit(most).with_for_update(skip_locked=True)))


def parked(session: Session) -> list[tuple[ParkedEventRow, Event]]:
    rows = session.execute(
        select(ParkedEventRow, EventRow)
        .join(EventRow, EventRow.position == ParkedEventRow.position)
        .order_by(ParkedEventRow.position)
    )
    return [(row, event.to_event()) for row, event in rows]
