"""Sessions: each browser that is logged in, as a row its owner can see and end.

The browser holds a secret of 256 random bits, in its session cookie and in the one that stays on the device; the row
has only its hash. So ending the row ends both, and a copy of the database opens nothing.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from tracker.actions.tokens import hash_of
from tracker.domain.events import EventType
from tracker.domain.logins import SESSION_LASTS, TOUCH_EVERY, Way, device_of, is_over, wants_touch
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store import logins as store
from tracker.store.unit_of_work import Database


@dataclass(frozen=True)
class Found:
    """Whose session a secret opens."""

    user: accounts.UserRow
    way: Way


def open_session(database: Database, user_id: int, way: Way, agent: str, now: dt.datetime) -> str:
    """Let a browser in; returns its secret, for the only time. What the person left open long ago is cleared away."""
    secret = secrets.token_urlsafe(32)
    browser, system = device_of(agent)
    with database.unit(f"user:{user_id}", now) as unit:
        user = unit.session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        store.forget_sessions(unit.session, user_id, now - SESSION_LASTS)
        unit.session.add(
            store.LoginSessionRow(
                hash=hash_of(secret),
                user_id=user_id,
                uniquifier=user.fs_uniquifier,
                way=way.value,
                browser=browser,
                system=system,
                opened_at=now,
                used_at=now,
            )
        )
    return secret


def owner_of(database: Database, secret: str, now: dt.datetime) -> Found | None:
    """Whose session it is; None for one that is unknown, ended, too old, or whose account is closed."""
    hash_ = hash_of(secret)
    with database.glancing() as session:
        found = store.session_owner(session, hash_)
    if found is None or is_over(found[1].used_at, now):
        return None
    if wants_touch(found[1].used_at, now):
        with database.unit(f"user:{found[0].id}", now) as unit:
            store.touch_session(unit.session, hash_, now, now - TOUCH_EVERY)
    return Found(found[0], Way(found[1].way))


def close_session(database: Database, user_id: int, secret: str, now: dt.datetime) -> None:
    """Log out. Nothing is told in the log: that somebody went home is no change."""
    with database.unit(f"user:{user_id}", now) as unit:
        store.end_sessions(unit.session, user_id, only=hash_of(secret))


def end_session(database: Database, user_id: int, hash_: str, now: dt.datetime) -> None:
    """End one of a person's sessions. Raises `NotFound` for one that is nobody's, somebody else's or over already."""
    with database.unit(f"user:{user_id}", now) as unit:
        if not store.end_sessions(unit.session, user_id, only=hash_):
            raise NotFound(N_("This session is over already."))
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["sessions"], "ended": 1})


def end_others(database: Database, user_id: int, secret: str, now: dt.datetime) -> int:
    """End all sessions of a person but the one with this secret; returns how many there were."""
    with database.unit(f"user:{user_id}", now) as unit:
        ended = store.end_sessions(unit.session, user_id, but=hash_of(secret))
        if ended:
            unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["sessions"], "ended": ended})
        return ended
