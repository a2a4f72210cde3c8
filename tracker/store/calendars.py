"""Calendars with their exported bytes, and the subscriptions that read them.

A calendar is a saved choice of entries (see `entries`); its bytes lie ready, so that a poll is a look-up.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    Uuid,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.store.accounts import UserRow
from tracker.store.base import Base, Instant, Json
from tracker.store.entries import LEVELS, insert_if_missing


class CalendarRow(Base):
    """A saved selection; equal ones share a row. `stale_since`: its exported bytes may no longer be right."""

    __tablename__ = "calendars"
    __table_args__ = (
        CheckConstraint(f"visibility IN ({LEVELS})", "never_confidential"),
        Index("ix_calendars_stale_since", "stale_since"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    twins: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    language: Mapped[str] = mapped_column(String(8))
    occasions: Mapped[bool]
    first: Mapped[dt.date | None] = mapped_column(Date)
    last: Mapped[dt.date | None] = mapped_column(Date)
    visibility: Mapped[str] = mapped_column(String(20))
    years_back: Mapped[int | None] = mapped_column(SmallInteger)
    years_ahead: Mapped[int | None] = mapped_column(SmallInteger)
    counted_from: Mapped[int | None] = mapped_column(SmallInteger)
    """The year its moving bounds were counted from when it was exported."""
    stale_since: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    @property
    def moves(self) -> bool:
        """Whether its bounds move with the year."""
        return self.years_back is not None or self.years_ahead is not None

    @property
    def choice(self) -> CalendarChoice:
        selection = Selection(
            tuple(self.twins), tuple(self.kinds), self.language, self.occasions, self.first, self.last
        )
        return CalendarChoice(selection, Visibility(self.visibility), self.years_back, self.years_ahead)


class SubscriptionRow(Base):
    """A secret address of a calendar; only its hash is kept, so a stolen database opens nothing."""

    __tablename__ = "subscriptions"
    __table_args__ = (
        Index("ix_subscriptions_user_id", "user_id"),
        Index("ix_subscriptions_calendar_id", "calendar_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_fetch_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_agent: Mapped[str] = mapped_column(String(200), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


class ExportRow(Base):
    """A calendar's bytes as they are sent, plain and compressed."""

    __tablename__ = "exports"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    body_gzip: Mapped[bytes] = mapped_column(LargeBinary)
    etag: Mapped[str] = mapped_column(String(80))
    last_modified: Mapped[dt.datetime] = mapped_column(Instant)
    entries: Mapped[int] = mapped_column(Integer)


def calendars(session: Session) -> list[CalendarRow]:
    """All of them, always in one order, so that those who mark several at once never wait for each other crosswise."""
    return list(session.scalars(select(CalendarRow).order_by(CalendarRow.id)))


def mark_stale(session: Session, ids: Iterable[UUID], now: dt.datetime) -> None:
    for calendar_id in ids:
        fresh = (CalendarRow.id == calendar_id) & CalendarRow.stale_since.is_(None)
        session.execute(update(CalendarRow).where(fresh).values(stale_since=now))


def stale_ids(session: Session) -> list[UUID]:
    query = select(CalendarRow.id).where(CalendarRow.stale_since.is_not(None))
    return list(session.scalars(query.order_by(CalendarRow.stale_since, CalendarRow.id)))


def claim_stale(session: Session, calendar_id: UUID) -> CalendarRow | None:
    """Hold a stale calendar for exporting; None where another worker has it or has just done it."""
    return session.scalar(
        select(CalendarRow)
        .where(CalendarRow.id == calendar_id, CalendarRow.stale_since.is_not(None))
        .with_for_update(skip_locked=True)
    )


def by_choice(session: Session, choice: CalendarChoice, new_id: UUID, now: dt.datetime) -> tuple[CalendarRow, bool]:
    """The calendar of this choice, and whether it had to be made. Two that make the same one at once share it."""
    selection = choice.selection
    made = insert_if_missing(
        session,
        CalendarRow,
        {
            "id": new_id,
            "key": choice.key,
            "twins": list(selection.twins),
            "kinds": list(selection.kinds),
            "language": selection.language,
            "occasions": selection.occasions,
            "first": selection.first,
            "last": selection.last,
            "visibility": choice.level.value,
            "years_back": choice.years_back,
            "years_ahead": choice.years_ahead,
            "created_at": now,
        },
    )
    row = session.scalars(select(CalendarRow).where(CalendarRow.key == choice.key)).one()
    return row, made


def subscriptions_of(session: Session, user_id: int) -> list[SubscriptionRow]:
    query = select(SubscriptionRow).where(SubscriptionRow.user_id == user_id, SubscriptionRow.revoked_at.is_(None))
    return list(session.scalars(query.order_by(SubscriptionRow.created_at, SubscriptionRow.id)))


@dataclass(frozen=True)
class Polled:
    """What a poll needs to know before it sends any bytes."""

    subscription_id: UUID
    calendar_id: UUID
    last_fetch_at: dt.datetime | None
    etag: str
    last_modified: dt.datetime


def polled(session: Session, token_hash: str) -> Polled | None:
    """What an address leads to; None where it is unknown, revoked, or belongs to somebody who has left."""
    row = session.execute(
        select(
            SubscriptionRow.id,
            SubscriptionRow.calendar_id,
            SubscriptionRow.last_fetch_at,
            ExportRow.etag,
            ExportRow.last_modified,
        )
        .join(ExportRow, ExportRow.calendar_id == SubscriptionRow.calendar_id)
        .outerjoin(UserRow, UserRow.id == SubscriptionRow.user_id)
        .where(
            SubscriptionRow.token_hash == token_hash,
            SubscriptionRow.revoked_at.is_(None),
            or_(SubscriptionRow.user_id.is_(None), UserRow.active),
        )
    ).one_or_none()
    return Polled(*row) if row else None


def exported(session: Session, calendar_id: UUID, *, compressed: bool) -> tuple[bytes, str, dt.datetime]:
    """The bytes to send, with the tag and the moment that belong to just these."""
    column = ExportRow.body_gzip if compressed else ExportRow.body
    query = select(column, ExportRow.etag, ExportRow.last_modified).where(ExportRow.calendar_id == calendar_id)
    body, etag, last_modified = session.execute(query).one()
    return body, etag, last_modified


def note_fetch(session: Session, subscription_id: UUID, agent: str, now: dt.datetime) -> None:
    """When and by whom an address was last read. No version: it concerns nobody who edits the subscription."""
    query = update(SubscriptionRow).where(SubscriptionRow.id == subscription_id)
    session.execute(query.values(last_fetch_at=now, last_agent=agent[:200]))
