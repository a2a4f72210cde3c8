"""Bearer tokens: secrets by which a program acts for a person.

A token is shown once and kept as its hash only. It has 256 random bits, so a plain SHA-256 is enough: there is nothing
to guess, and every request can afford it. The log tells that one was issued, never which.
"""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

from tracker.domain.access import Role, highest
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store.unit_of_work import Database

PREFIX = "trk_"
"""Lets people and secret scanners recognise a token that has strayed into a file."""


@dataclass(frozen=True)
class Bearer:
    """The person a token speaks for, as far as a request needs to know."""

    user_id: int
    role: Role | None


def issue_token(database: Database, email: str, now: dt.datetime, actor: Actor, name: str = "") -> str:
    """Make a token for the account with that address and return it, for the only time. Raises `NotFound`."""
    token = PREFIX + secrets.token_urlsafe(32)
    with database.unit(actor.name, now) as unit:
        user = accounts.user_by_email(unit.session, email.strip().lower())
        if user is None:
            raise NotFound(N_("There is no account with the address “{email}”."), email=email)
        unit.session.add(accounts.TokenRow(hash=hash_of(token), user_id=user.id, name=name, created_at=now))
        unit.append(EventType.TOKEN_ISSUED, f"user:{user.id}", {"before": {}, "after": {"name": name}})
    return token


def bearer_of(database: Database, token: str) -> Bearer | None:
    """Whom a token speaks for; None for one that is unknown or whose account is closed."""
    with database.reading() as session:
        user = accounts.user_by_token(session, hash_of(token))
        return Bearer(user.id, highest([role.name for role in user.roles])) if user else None


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
