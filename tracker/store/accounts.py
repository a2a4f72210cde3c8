"""People who use the tracker, what they may do, and the tokens of programs acting for them.

The columns of users are those Flask-Security asks for, and how the house speaks to them. What they may do is grants.
A person's row is never deleted, so that its number never comes to mean somebody else: who is erased leaves it empty.
Tokens are kept as hashes.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tracker.domain.access import Grant, Rights, Role
from tracker.store.base import Base, Instant, Json

_LOCK = 0x6772_616E
"""PostgreSQL advisory lock for changes of who administers (the letters of "gran")."""

# The roles of before there were grants. Nobody reads them any more; they go one release later, so that the former
# release goes on while this one is rolled out.
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
    tour: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="31")
    """Which steps of the first tour they have taken (see `domain.tour`); accounts from before it know their way."""
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    invited_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When the link with which they set their password was last sent to them."""
    joined_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """When they first set one."""
    erased_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """Since when nothing is known of whoever this was."""

    grants: Mapped[list["GrantRow"]] = relationship(
        order_by="GrantRow.id", cascade="all, delete-orphan", lazy="selectin", passive_deletes=True
    )

    @property
    def rights(self) -> Rights:
        return rights_from(self.id, self.email, [(g.role, g.organisation, g.twin) for g in self.grants])


class GrantRow(Base):
    """A role of somebody: for one twin or (None) all, for the records of one organisation or (None) of all."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint(f"role IN ({', '.join(repr(r.value) for r in Role)})", "role_known"),
        # An administrator is one of the whole house.
        CheckConstraint("role <> 'administrator' OR (twin IS NULL AND organisation IS NULL)", "administers_all"),
        Index("ix_grants_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(20))
    organisation: Mapped[str | None] = mapped_column(String(200))
    twin: Mapped[str | None] = mapped_column(ForeignKey("twins.slug", ondelete="CASCADE"))


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
    used_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """Kept to some ten minutes: more would be a row written with every request."""
    expires_at: Mapped[dt.datetime | None] = mapped_column(Instant)

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
    # Asked with every request: the person and their grants in one statement.
    query = select(UserRow).where(UserRow.fs_uniquifier == uniquifier).options(joinedload(UserRow.grants))
    return session.scalars(query).unique().one_or_none()


def users(session: Session) -> list[UserRow]:
    """Everybody, in the order of their addresses; a handful of people."""
    return list(session.scalars(select(UserRow).where(UserRow.erased_at.is_(None)).order_by(UserRow.email)))


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
    """What to call the people with these ids: their name, else their address. Who was erased has none."""
    query = select(UserRow.id, UserRow.name, UserRow.email).where(UserRow.id.in_(ids), UserRow.erased_at.is_(None))
    rows = session.execute(query)
    return {id_: name or email for id_, name, email in rows}


def rights_from(user_id: int, email: str, granted: Iterable[tuple[str, str | None, str | None]]) -> Rights:
    """Somebody's rights, from their grants as rows have them: role, organisation, twin."""
    whole: set[tuple[str, str | None]] = set()
    twins: dict[tuple[str, str | None], set[str]] = {}
    for role, organisation, twin in granted:
        if twin is None:
            whole.add((role, organisation))
        else:
            twins.setdefault((role, organisation), set()).add(twin)
    grants = [Grant(Role(role), None, organisation) for role, organisation in sorted(whole, key=str)]
    grants += [
        Grant(Role(role), frozenset(some), organisation)
        for (role, organisation), some in twins.items()
        if (role, organisation) not in whole
    ]
    return Rights(tuple(grants), f"user:{user_id}", email)


def grant(session: Session, user: UserRow, grants: Iterable[Grant]) -> None:
    """Let these be somebody's grants."""
    user.grants = [
        GrantRow(role=one.role.value, organisation=one.organisation, twin=twin)
        for one in grants
        for twin in ([None] if one.twins is None else sorted(one.twins))
    ]
    session.flush()


def rights_of(session: Session, user_id: int) -> Rights | None:
    """The rights of an account; none where it is closed. None for a number that no account has."""
    query = select(UserRow).where(UserRow.id == user_id).options(joinedload(UserRow.grants))
    user = session.scalars(query).unique().one_or_none()
    if user is None:
        return None
    return user.rights if user.active else Rights(person=f"user:{user_id}")


def administrators(session: Session) -> set[int]:
    """The open accounts of those who administer the house."""
    query = select(GrantRow.user_id).join(UserRow, UserRow.id == GrantRow.user_id)
    return set(session.scalars(query.where(GrantRow.role == Role.ADMINISTRATOR.value, UserRow.active)))


def take_turns(session: Session) -> None:
    """Wait until nobody else is changing who administers; held until this unit of work ends.

    To be asked for before any account is locked. Without it, the last two could close each other: each would still see
    the other one. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def with_password(session: Session, ids: Collection[int]) -> set[int]:
    """Those of these people who have set a password."""
    return set(session.scalars(select(UserRow.id).where(UserRow.id.in_(ids), UserRow.password.is_not(None))))


_BEARER: Any = (
    select(
        TokenRow.user_id,
        UserRow.email,
        TokenRow.used_at,
        TokenRow.expires_at,
        GrantRow.role,
        GrantRow.organisation,
        GrantRow.twin,
    )
    .join(UserRow, UserRow.id == TokenRow.user_id)
    .outerjoin(GrantRow, GrantRow.user_id == UserRow.id)
    .where(TokenRow.hash == bindparam("hash"), UserRow.active)
    .order_by(GrantRow.id)
)


def owner_of_token(
    session: Session, token_hash: str, now: dt.datetime
) -> tuple[int, Rights, dt.datetime | None] | None:
    """The id and rights of the active owner of a token that has not run out, and when it was last used.

    Asked with every request, so as columns of one statement.
    """
    rows = session.execute(_BEARER, {"hash": token_hash}).all()
    if not rows or (rows[0].expires_at is not None and rows[0].expires_at <= now):
        return None
    granted = [(row.role, row.organisation, row.twin) for row in rows if row.role]
    return rows[0].user_id, rights_from(rows[0].user_id, rows[0].email, granted), rows[0].used_at
