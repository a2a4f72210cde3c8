"""Bearer tokens: secrets by which a program acts for a person, until they run out or are revoked.

A token is shown once and kept as its hash only. It has 256 random bits, so a plain SHA-256 is enough: there is nothing
to guess, and every request can afford it. The log tells that one was issued or revoked, and what it was for.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from tracker.actions.security_notices import Notice, queue_notice
from tracker.domain.access import Rights, Role
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.domain.logins import LONGEST_NAME, TOUCH_EVERY, wants_touch
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.outputs.mail import Letterhead
from tracker.store import accounts, logins
from tracker.store.unit_of_work import Database, Unit

LASTS = ("30", "90", "365", "")
"""After how many days a token may run out; the last one never does."""
_NO_NAME = N_("Say what the token is for, in at most {most} letters.")

PREFIX = "trk_"
"""Lets people and secret scanners recognise a token that has strayed into a file."""


@dataclass(frozen=True)
class Bearer:
    """The person a token speaks for, as far as a request needs to know."""

    user_id: int
    rights: Rights

    @property
    def role(self) -> Role | None:
        """In the whole house."""
        return self.rights.role


def issue_token(database: Database, email: str, now: dt.datetime, actor: Actor, name: str = "") -> str:
    """Make a token for the account with that address and return it, for the only time. Raises `NotFound`."""
    with database.unit(actor.name, now) as unit:
        user = accounts.user_by_email(unit.session, email.strip().lower())
        if user is None:
            raise NotFound(N_("There is no account with the address “{email}”."), email=email)
        return _issue(unit, user, name, None)


def issue_own_token(
    database: Database, user_id: int, name: str, days: str, now: dt.datetime, letterhead: Letterhead
) -> str:
    """Make a token for oneself and return it, for the only time; it runs out after so many `days`, or never ("").

    Raises `InvalidInput` for a name that is missing or too long, and for days that are none of those offered.
    """
    name = " ".join(name.split())
    problems = []
    if not 0 < len(name) <= LONGEST_NAME:
        problems.append(FieldProblem("name", name, _NO_NAME, {"most": LONGEST_NAME}))
    if days not in LASTS:
        problems.append(FieldProblem("days", days, N_("“{value}” is not one of {allowed}."), {"allowed": LASTS}))
    if problems:
        raise InvalidInput(problems)
    with database.unit(f"user:{user_id}", now) as unit:
        user = unit.session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        queue_notice(unit, user, Notice.TOKEN_ISSUED, letterhead, name)
        return _issue(unit, user, name, now + dt.timedelta(days=int(days)) if days else None)


def _issue(unit: Unit, user: accounts.UserRow, name: str, expires_at: dt.datetime | None) -> str:
    token = PREFIX + secrets.token_urlsafe(32)
    unit.session.add(
        accounts.TokenRow(hash=hash_of(token), user_id=user.id, name=name, created_at=unit.now, expires_at=expires_at)
    )
    unit.append(EventType.TOKEN_ISSUED, f"user:{user.id}", {"before": {}, "after": {"name": name}})
    return token


def revoke_token(database: Database, user_id: int, known_as: str, now: dt.datetime) -> None:
    """Let a token of one's own open nothing any more; `known_as` is its `handle`. Raises `NotFound`."""
    with database.unit(f"user:{user_id}", now) as unit:
        row = next((row for row in logins.tokens_of(unit.session, user_id) if handle(row) == known_as), None)
        if row is None:
            raise NotFound(N_("There is no such token."))
        unit.session.delete(row)
        unit.append(EventType.TOKEN_REVOKED, f"user:{user_id}", {"before": {"name": row.name}, "after": {}})


def handle(row: accounts.TokenRow) -> str:
    """By which a page names a token: enough of its hash to tell it from others."""
    return row.hash[:16]


def bearer_of(database: Database, token: str, now: dt.datetime) -> Bearer | None:
    """Whom a token speaks for; None for one that is unknown or has run out, or whose account is closed."""
    hash_ = hash_of(token)
    with database.reading() as session:
        owner = accounts.owner_of_token(session, hash_, now)
    if owner is None:
        return None
    user_id, rights, used_at = owner
    if wants_touch(used_at, now):
        with database.unit(f"user:{user_id}", now) as unit:
            logins.touch_token(unit.session, hash_, now, now - TOUCH_EVERY)
    return Bearer(user_id, rights)


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
