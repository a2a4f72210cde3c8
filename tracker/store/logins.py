"""What lets people in: their sessions, second factors, passkeys, links to a provider, and how often somebody guessed.

Whatever opens a door is kept as a hash (sessions, recovery codes) or encrypted (the secret of the codes); a passkey's
public key opens nothing. No address anybody came from is kept: guesses are counted under keyed hashes.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from tracker.store.accounts import TokenRow, UserRow
from tracker.store.base import Base, Instant, Json

_Counter = BigInteger().with_variant(Integer(), "sqlite")


class LoginSessionRow(Base):
    """A browser that is logged in. It ends with its row, or when the account's uniquifier is another one."""

    __tablename__ = "login_sessions"
    __table_args__ = (Index("ix_login_sessions_user_id", "user_id"),)

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    uniquifier: Mapped[str] = mapped_column(String(64))
    """The account's when it was opened: a new password changes that, and so ends all sessions there are."""
    way: Mapped[str] = mapped_column(String(20))
    browser: Mapped[str] = mapped_column(String(40))
    system: Mapped[str] = mapped_column(String(40))
    opened_at: Mapped[dt.datetime] = mapped_column(Instant)
    used_at: Mapped[dt.datetime] = mapped_column(Instant)


class SecondFactorRow(Base):
    """The codes of an app. `counter` is the last one that was taken, so that none opens twice."""

    __tablename__ = "second_factors"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    counter: Mapped[int] = mapped_column(_Counter)
    recovery: Mapped[list[str]] = mapped_column(Json)
    added_at: Mapped[dt.datetime] = mapped_column(Instant)


class PasskeyRow(Base):
    __tablename__ = "passkeys"
    __table_args__ = (Index("ix_passkeys_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(100))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(_Counter)
    handle: Mapped[bytes] = mapped_column(LargeBinary)
    """By which the device knows the account; the same for all passkeys of a person, and no name or number of theirs."""
    transports: Mapped[list[str]] = mapped_column(Json)
    added_at: Mapped[dt.datetime] = mapped_column(Instant)
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class LoginLinkRow(Base):
    """Which of a provider's people an account is: by the provider's own number, which no change of address moves."""

    __tablename__ = "login_links"
    __table_args__ = (UniqueConstraint("user_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    linked_at: Mapped[dt.datetime] = mapped_column(Instant)


class LoginRuleRow(Base):
    """What the house asks of logins, as its one row; there is none as long as nobody has said anything."""

    __tablename__ = "login_rules"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    second_factor: Mapped[bool]
    """Whether administrators must have a second factor, or a passkey."""


class GuessRow(Base):
    """A bucket of guesses: how many were left at a moment."""

    __tablename__ = "login_guesses"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    left: Mapped[float] = mapped_column(Float)
    at: Mapped[dt.datetime] = mapped_column(Instant, index=True)


def session_owner(session: Session, hash_: str) -> tuple[UserRow, LoginSessionRow] | None:
    """Whose session it is, while the account is open and has the uniquifier it was opened under."""
    query = (
        select(UserRow, LoginSessionRow)
        .join(LoginSessionRow, LoginSessionRow.user_id == UserRow.id)
        .where(LoginSessionRow.hash == hash_, UserRow.active, LoginSessionRow.uniquifier == UserRow.fs_uniquifier)
        .options(joinedload(UserRow.grants))  # every page asks this first: one statement, not two
    )
    found = session.execute(query).unique().one_or_none()
    return (found[0], found[1]) if found else None


def sessions_of(session: Session, user: UserRow, since: dt.datetime) -> list[LoginSessionRow]:
    """Those that still let in, the last used first."""
    query = select(LoginSessionRow).where(
        LoginSessionRow.user_id == user.id,
        LoginSessionRow.uniquifier == user.fs_uniquifier,
        LoginSessionRow.used_at > since,
    )
    return list(session.scalars(query.order_by(LoginSessionRow.used_at.desc(), LoginSessionRow.hash)))


def last_used(session: Session) -> dict[int, dt.datetime]:
    """When each account's session that was used last was used; whoever is logged in nowhere is not there."""
    query = select(LoginSessionRow.user_id, func.max(LoginSessionRow.used_at)).group_by(LoginSessionRow.user_id)
    return dict(session.execute(query).all())


def end_sessions(session: Session, user_id: int, *, only: str | None = None, but: str | None = None) -> int:
    """End all sessions of a person, or `only` one, or all `but` one; returns how many."""
    query = delete(LoginSessionRow).where(LoginSessionRow.user_id == user_id)
    if only is not None:
        query = query.where(LoginSessionRow.hash == only)
    if but is not None:
        query = query.where(LoginSessionRow.hash != but)
    return int(cast("Any", session.execute(query)).rowcount)


def forget_sessions(session: Session, user_id: int, unused_since: dt.datetime) -> None:
    session.execute(
        delete(LoginSessionRow).where(LoginSessionRow.user_id == user_id, LoginSessionRow.used_at <= unused_since)
    )


def touch_session(session: Session, hash_: str, now: dt.datetime, before: dt.datetime) -> None:
    """Say that it was used, unless another request has said so meanwhile."""
    session.execute(
        update(LoginSessionRow)
        .where(LoginSessionRow.hash == hash_, LoginSessionRow.used_at <= before)
        .values(used_at=now)
    )


def touch_token(session: Session, hash_: str, now: dt.datetime, before: dt.datetime) -> None:
    unused = or_(TokenRow.used_at.is_(None), TokenRow.used_at <= before)
    session.execute(update(TokenRow).where(TokenRow.hash == hash_, unused).values(used_at=now))


def take_counter(session: Session, user_id: int, counter: int) -> bool:
    """Take a code's counter; False where it, or a later one, was taken before. One of two at once gets it."""
    done = session.execute(
        update(SecondFactorRow)
        .where(SecondFactorRow.user_id == user_id, SecondFactorRow.counter < counter)
        .values(counter=counter)
    )
    return bool(cast("Any", done).rowcount)


def second_factor_required(session: Session) -> bool:
    """Whether the house wants a second factor of its administrators."""
    return bool(session.scalar(select(LoginRuleRow.second_factor)))


def passkeys_of(session: Session, user_id: int) -> list[PasskeyRow]:
    return list(session.scalars(select(PasskeyRow).where(PasskeyRow.user_id == user_id).order_by(PasskeyRow.id)))


def passkey_by_credential(session: Session, credential_id: bytes) -> PasskeyRow | None:
    return session.scalar(select(PasskeyRow).where(PasskeyRow.credential_id == credential_id))


def link_of(session: Session, user_id: int, issuer: str) -> LoginLinkRow | None:
    return session.scalar(select(LoginLinkRow).where(LoginLinkRow.user_id == user_id, LoginLinkRow.issuer == issuer))


def tokens_of(session: Session, user_id: int) -> list[TokenRow]:
    """A person's tokens, the newest first."""
    query = select(TokenRow).where(TokenRow.user_id == user_id).order_by(TokenRow.created_at.desc(), TokenRow.hash)
    return list(session.scalars(query))


def hold_guesses(session: Session, sizes: Sequence[tuple[str, int]], now: dt.datetime) -> dict[str, GuessRow]:
    """The buckets with these keys and sizes, made full where they are missing, and locked until the unit ends.

    They are taken in the order of their keys, so that two who guess at once never wait for each other in a circle.
    """
    full: list[dict[str, Any]] = [{"key": key, "left": float(size), "at": now} for key, size in sorted(sizes)]
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    session.execute(dialect.insert(GuessRow).on_conflict_do_nothing(), full)
    query = select(GuessRow).where(GuessRow.key.in_([key for key, _ in sizes])).order_by(GuessRow.key)
    return {row.key: row for row in session.scalars(query.with_for_update())}


def forget_guesses(session: Session, before: dt.datetime, but: Collection[str]) -> None:
    session.execute(delete(GuessRow).where(GuessRow.at < before, GuessRow.key.not_in(but)))
