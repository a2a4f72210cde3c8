"""People who use the tracker, their roles, and the tokens of programs acting for them.

The columns of users and roles are those Flask-Security asks for, plus language and time zone.
Tokens are kept as hashes.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import Column, ForeignKey, Index, Integer, SmallInteger, String, Table, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.store.base import Base, Instant, Json

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class RoleRow(Base):
    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    permissions: Mapped[list[str] | None] = mapped_column(Json)


class UserRow(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8), default="de")
    timezone: Mapped[str] = mapped_column(String(80), default="Europe/Berlin")
    reminders_by_mail: Mapped[bool] = mapped_column(default=True)
    single_mails: Mapped[bool] = mapped_column(default=False)
    """A mail for each reminder, in the place of one each morning with all of them."""
    tasks_by_mail: Mapped[bool] = mapped_column(default=False)
    """Whether what is theirs to do also comes as a task that mail programs take over."""
    remind_at: Mapped[int] = mapped_column(SmallInteger, default=480)
    """Their morning, in minutes after midnight."""
    quiet_from: Mapped[int | None] = mapped_column(SmallInteger)
    quiet_until: Mapped[int | None] = mapped_column(SmallInteger)
    """Between these minutes after midnight nothing is sent to them; both are None where any hour will do."""
    follows_since: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When the twins they follow were chosen: what was due before is not made up for."""
    mail_paused_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """Since their mail server said that there is no such mailbox; nothing is sent until somebody resumes it."""
    mail_paused_why: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    roles: Mapped[list[RoleRow]] = relationship(secondary=user_roles, lazy="selectin")


class FollowRow(Base):
    """A twin somebody follows. Who follows none in particular follows all."""

    __tablename__ = "follows"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug", ondelete="CASCADE"), primary_key=True)


class TokenRow(Base):
    """A program's bearer token: only its hash, so that a stolen database opens nothing."""

    __tablename__ = "tokens"
    __table_args__ = (Index("ix_tokens_user_id", "user_id"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    user: Mapped[UserRow] = relationship(lazy="joined")


class IdempotencyRow(Base):
    """The answer given to a POST with an Idempotency-Key, so that repeating it gives the same answer once more."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer)
    body: Mapped[str] = mapped_column(Text)
    location: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)


def user_by_email(session: Session, email: str) -> UserRow | None:
    return session.scalar(select(UserRow).where(UserRow.email == email))


def user_by_uniquifier(session: Session, uniquifier: str) -> UserRow | None:
    """The owner of a login session; changing the uniquifier ends all of a person's sessions."""
    return session.scalar(select(UserRow).where(UserRow.fs_uniquifier == uniquifier))


def users(session: Session) -> list[UserRow]:
    """Everybody, in the order of their addresses; a handful of people."""
    return list(session.scalars(select(UserRow).order_by(UserRow.email)))


def paused(session: Session) -> list[UserRow]:
    """Those whose mail is paused, the latest first."""
    query = select(UserRow).where(UserRow.mail_paused_at.is_not(None))
    return list(session.scalars(query.order_by(UserRow.mail_paused_at.desc(), UserRow.id)))


def users_by_id(session: Session, ids: Collection[int]) -> dict[int, UserRow]:
    return {user.id: user for user in session.scalars(select(UserRow).where(UserRow.id.in_(ids)))}


def open_addresses(session: Session) -> set[str]:
    """The addresses of all accounts that are not closed."""
    return set(session.scalars(select(UserRow.email).where(UserRow.active)))


def follows(session: Session, ids: Collection[int] | None = None) -> dict[int, frozenset[str]]:
    """The twins that each person (or each with one of these ids) follows; who is not among them follows all."""
    query = select(FollowRow.user_id, FollowRow.twin)
    found: dict[int, set[str]] = {}
    for user_id, twin in session.execute(query if ids is None else query.where(FollowRow.user_id.in_(ids))):
        found.setdefault(user_id, set()).add(twin)
    return {user_id: frozenset(twins) for user_id, twins in found.items()}


def follow(session: Session, user_id: int, twins: Iterable[str]) -> None:
    """Let these be the twins somebody follows."""
    session.execute(delete(FollowRow).where(FollowRow.user_id == user_id))
    session.add_all(FollowRow(user_id=user_id, twin=twin) for twin in sorted(set(twins)))


def names_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """What to call the people with these ids: their name, else their address."""
    rows = session.execute(select(UserRow.id, UserRow.name, UserRow.email).where(UserRow.id.in_(ids)))
    return {id_: name or email for id_, name, email in rows}


def role_named(session: Session, name: str) -> RoleRow:
    """The role of that name, made where it is missing."""
    role = session.scalar(select(RoleRow).where(RoleRow.name == name))
    if role is None:
        role = RoleRow(name=name, description="")
        session.add(role)
    return role


def user_by_token(session: Session, token_hash: str) -> UserRow | None:
    """The active owner of a token."""
    row = session.get(TokenRow, token_hash)
    return row.user if row and row.user.active else None
