"""The event log, the consumers' bookmarks in it, and the events parked after too many failures.

The log is only ever appended to (by the unit of work). A consumer reads on from its bookmark per shard and moves it in
the transaction that writes its own rows: effectively once.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
    and_,
    func,
    or_,
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


_COLUMNS = (EventRow.position, EventRow.type, EventRow.subject, EventRow.data, EventRow.actor, EventRow.at)


def new_row(type_: EventType, subject: str, data: Mapping[str, Any], actor: str, now: dt.datetime) -> EventRow:
    return EventRow(shard=shard_of(subject), type=type_.value, subject=subject, data=dict(data), actor=actor, at=now)


def read_on(session: Session, after: Mapping[int, int], limit: int) -> list[Event]:
    """The next events of some shards from a position in each on, in order, complete up to the last one returned.

    See `unit_of_work`. The smallest position stands there once more: nobody shall walk through the log from its start.
    """
    if not after:
        return []
    of_shards = or_(*(and_(EventRow.shard == shard, EventRow.position > seen) for shard, seen in after.items()))
    query = select(*_COLUMNS).where(of_shards, EventRow.position > min(after.values()))
    rows = session.execute(query.order_by(EventRow.position).limit(limit))
    return [Event(position, EventType(type_), *rest) for position, type_, *rest in rows]


def read_all(session: Session, after: int = 0, limit: int = 1000) -> list[Event]:
    """The log over all shards from a position on, in the one total order."""
    rows = session.scalars(select(EventRow).where(EventRow.position > after).order_by(EventRow.position).limit(limit))
    return [row.to_event() for row in rows]


def newest(session: Session, types: Collection[EventType], *, after: int, limit: int, but: str) -> list[Event]:
    """The last events of some types behind a position, the newest first, without what they carry; not `but` by one."""
    chosen = and_(EventRow.type.in_([type_.value for type_ in types]), EventRow.actor != but)
    query = select(EventRow.position, EventRow.type, EventRow.subject, EventRow.actor, EventRow.at)
    rows = session.execute(
        query.where(EventRow.position > after, chosen).order_by(EventRow.position.desc()).limit(limit)
    )
    return [Event(row.position, EventType(row.type), row.subject, {}, row.actor, row.at) for row in rows]


def history(session: Session, subject: str) -> list[Event]:
    """Everything that happened to one subject, oldest first."""
    rows = session.scalars(select(EventRow).where(EventRow.subject == subject).order_by(EventRow.position))
    return [row.to_event() for row in rows]


def histories(session: Session, subjects: Iterable[str]) -> dict[str, list[Event]]:
    """Likewise for several subjects; read in slices, since both databases limit a statement's parameters."""
    found: dict[str, list[Event]] = {}
    wanted = sorted(set(subjects))
    for at in range(0, len(wanted), 500):
        of_these = EventRow.subject.in_(wanted[at : at + 500])
        for row in session.scalars(select(EventRow).where(of_these).order_by(EventRow.position)):
            found.setdefault(row.subject, []).append(row.to_event())
    return found


@dataclass(frozen=True)
class Looked:
    """What of the log somebody wants to see, newest first; empty means all."""

    types: tuple[EventType, ...] = ()
    actor: str = ""
    first: dt.datetime | None = None
    last: dt.datetime | None = None
    """The first moment, and the first one that is too late."""
    before: int | None = None
    """Only what stands before this position."""


def looked_up(session: Session, looked: Looked, limit: int) -> list[Event]:
    query = select(*_COLUMNS)
    if looked.types:
        query = query.where(EventRow.type.in_([type_.value for type_ in looked.types]))
    if looked.actor:
        query = query.where(EventRow.actor == looked.actor)
    if looked.first:
        query = query.where(EventRow.at >= looked.first)
    if looked.last:
        query = query.where(EventRow.at < looked.last)
    if looked.before is not None:
        query = query.where(EventRow.position < looked.before)
    rows = session.execute(query.order_by(EventRow.position.desc()).limit(limit))
    return [Event(position, EventType(type_), *rest) for position, type_, *rest in rows]


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


def last_moment(session: Session) -> dt.datetime | None:
    """The moment of the last event there is; None in an empty log."""
    return session.scalar(select(EventRow.at).order_by(EventRow.position.desc()).limit(1))


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


def count_parked(session: Session) -> int:
    """How many events wait for an administrator."""
    return session.scalar(select(func.count()).select_from(ParkedEventRow)) or 0
