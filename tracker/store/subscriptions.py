"""Subscriptions as rows: secret addresses of calendars, and the programs that were seen reading each.

Only the hash of a token is kept, so a stolen database opens nothing. A public calendar has no owner and a name instead
of a secret.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    String,
    Uuid,
    and_,
    exists,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.access import Role, may_see
from tracker.domain.activities import Visibility
from tracker.domain.clients import recognise
from tracker.store.accounts import GrantRow, UserRow
from tracker.store.base import Base, Instant
from tracker.store.calendars import CalendarRow
from tracker.store.entries import insert_if_missing


class SubscriptionRow(Base):
    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint("public_name IS NULL OR user_id IS NULL", "public_without_owner"),
        Index("ix_subscriptions_user_id", "user_id"),
        Index("ix_subscriptions_calendar_id", "calendar_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200), default="")
    public_name: Mapped[str | None] = mapped_column(String(80), unique=True)
    """Of a public calendar: its token, which is no secret."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    mail_urgent: Mapped[bool] = mapped_column(server_default=true(), default=True)
    """Whether its owner is told by mail of a change that comes too late for the calendar program."""
    test_entry_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When a test entry was asked for, which stands in this subscription alone for a day."""
    rotated_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_fetch_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    last_agent: Mapped[str] = mapped_column(String(200), default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


class SubscriptionClientRow(Base):
    """A program that reads a subscription, as far as its own words tell it from others."""

    __tablename__ = "subscription_clients"

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True)
    client: Mapped[str] = mapped_column(String(40), primary_key=True)
    agent: Mapped[str] = mapped_column(String(200), default="")
    first_at: Mapped[dt.datetime] = mapped_column(Instant)
    last_at: Mapped[dt.datetime] = mapped_column(Instant)
    fetches: Mapped[int] = mapped_column(Integer)
    gap_seconds: Mapped[int | None] = mapped_column(Integer)
    """The usual time between two fetches."""
    etag: Mapped[str] = mapped_column(String(80), default="")
    """Of the bytes it has."""


_SAME_LOOK = 60
"""Seconds within which two fetches of one program are one look."""


@dataclass(frozen=True)
class Fetch:
    """Somebody read an address; `etag` is that of the bytes they have now."""

    subscription_id: UUID
    agent: str
    at: dt.datetime
    etag: str


def live() -> tuple[ColumnElement[bool], ...]:
    """What must hold for an address to be open: not revoked, and its owner still among us."""
    return SubscriptionRow.revoked_at.is_(None), or_(SubscriptionRow.user_id.is_(None), UserRow.active.is_(True))


def owner_may_read() -> ColumnElement[bool]:
    """That the owner may still see all the calendar holds: an address must not outlive a right.

    A calendar holds all twins' activities of its level, so only a role in the whole house opens one that is not public.
    """
    allowed = [
        and_(CalendarRow.visibility == level.value, _has([role for role in Role if may_see(role, level)]))
        for level in (Visibility.MEMBERS, Visibility.STAFF)
    ]
    return or_(SubscriptionRow.user_id.is_(None), CalendarRow.visibility == Visibility.PUBLIC.value, *allowed)


def _has(roles: Iterable[Role]) -> ColumnElement[bool]:
    """That the owner has one of these roles in the whole house."""
    return exists().where(
        GrantRow.user_id == SubscriptionRow.user_id,
        GrantRow.role.in_([role.value for role in roles]),
        GrantRow.twin.is_(None),
        GrantRow.organisation.is_(None),
    )


def subscriptions_of(session: Session, user_id: int) -> list[SubscriptionRow]:
    query = select(SubscriptionRow).where(SubscriptionRow.user_id == user_id, SubscriptionRow.revoked_at.is_(None))
    return list(session.scalars(query.order_by(SubscriptionRow.created_at, SubscriptionRow.id)))


def public_ones(session: Session) -> list[SubscriptionRow]:
    """The public calendars that are open, by name."""
    query = select(SubscriptionRow).where(
        SubscriptionRow.public_name.is_not(None), SubscriptionRow.revoked_at.is_(None)
    )
    return list(session.scalars(query.order_by(SubscriptionRow.public_name)))


def open_ones(session: Session) -> list[SubscriptionRow]:
    """Everybody's, by name."""
    query = select(SubscriptionRow).outerjoin(UserRow, UserRow.id == SubscriptionRow.user_id).where(*live())
    return list(session.scalars(query.order_by(SubscriptionRow.name, SubscriptionRow.created_at, SubscriptionRow.id)))


def clients_of(session: Session, subscription_id: UUID) -> list[SubscriptionClientRow]:
    """The programs that read a subscription, the one seen last first."""
    query = select(SubscriptionClientRow).where(SubscriptionClientRow.subscription_id == subscription_id)
    return list(session.scalars(query.order_by(SubscriptionClientRow.last_at.desc(), SubscriptionClientRow.client)))


def note_fetches(session: Session, fetches: Iterable[Fetch]) -> None:
    """Write down who read what. No version: it concerns nobody who edits the subscription."""
    # In one order, so that two processes that write several never wait for each other crosswise.
    for fetch in sorted(fetches, key=lambda fetch: (fetch.subscription_id, recognise(fetch.agent).value, fetch.at)):
        read = update(SubscriptionRow).where(SubscriptionRow.id == fetch.subscription_id)
        session.execute(read.values(last_fetch_at=fetch.at, last_agent=fetch.agent[:200]))
        _note_client(session, fetch)


def _note_client(session: Session, fetch: Fetch) -> None:
    key = (fetch.subscription_id, recognise(fetch.agent).value)
    blank = {
        "subscription_id": key[0], "client": key[1], "agent": "", "first_at": fetch.at, "last_at": fetch.at,
        "fetches": 0, "gap_seconds": None, "etag": "",
    }  # fmt: skip
    insert_if_missing(session, SubscriptionClientRow, blank)
    row = session.get_one(SubscriptionClientRow, key, with_for_update=True)
    gap = round((fetch.at - row.last_at).total_seconds())
    # Several web processes may each note one and the same look, but no program looks again within a minute.
    if row.fetches and gap >= _SAME_LOOK:
        # Smoothed, so that one holiday with the computer switched off does not make a program look slow for ever.
        row.gap_seconds = gap if row.gap_seconds is None else round(row.gap_seconds * 0.7 + gap * 0.3)
    row.agent, row.last_at, row.etag, row.fetches = fetch.agent[:200], fetch.at, fetch.etag, row.fetches + 1
