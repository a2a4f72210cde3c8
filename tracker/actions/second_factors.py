"""Second factors: the codes of an app, and the recovery codes for when the app is lost.

Whether a code is right is told by whoever holds the key to the secrets (`web.second_factor`); here is kept that each
opens once. Recovery codes come as keyed hashes: what they were is shown once and known to nobody afterwards.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

from tracker.actions.organisation import SUBJECT
from tracker.actions.security_notices import Notice, queue_notice
from tracker.domain.access import administers
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.errors import Forbidden, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.outputs.mail import Letterhead
from tracker.store import accounts
from tracker.store import logins as store
from tracker.store.unit_of_work import Database, Unit

_MUST = N_(
    "Administrators of this house need a second factor. Add a passkey first, or set up another app in its place."
)
_NO_WAY_BACK = N_("No other administrator could let you in again. Make somebody one first, and let them log in.")


def set_up(
    database: Database,
    user_id: int,
    secret: str,
    counter: int,
    recovery: Sequence[str],
    now: dt.datetime,
    letterhead: Letterhead,
) -> None:
    """Ask for codes from now on, by this encrypted secret; in the place of another app, if there was one."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = person(unit, user_id)
        row = unit.session.get(store.SecondFactorRow, user_id, with_for_update=True)
        row = row or store.SecondFactorRow(user_id=user_id)
        row.secret, row.counter, row.recovery, row.added_at = secret, counter, list(recovery), now
        unit.session.add(row)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["second_factor"], "on": True})
        queue_notice(unit, user, Notice.FACTOR_ON, letterhead)


def switch_off(database: Database, user_id: int, now: dt.datetime, letterhead: Letterhead) -> None:
    """Ask for no codes any more. Raises `Forbidden` where the house wants them and there is no passkey."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = person(unit, user_id)
        row = unit.session.get(store.SecondFactorRow, user_id, with_for_update=True)
        if row is None:
            return
        if needs_factor(unit, user) and not store.passkeys_of(unit.session, user_id):
            raise Forbidden(_MUST)
        unit.session.delete(row)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["second_factor"], "on": False})
        queue_notice(unit, user, Notice.FACTOR_OFF, letterhead)


def renew_recovery(
    database: Database, user_id: int, recovery: Sequence[str], now: dt.datetime, letterhead: Letterhead
) -> None:
    """Let these be the recovery codes, and the old ones worth nothing. Raises `NotFound` without a second factor."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = person(unit, user_id)
        row = unit.session.get(store.SecondFactorRow, user_id, with_for_update=True)
        if row is None:
            raise NotFound(N_("Set up codes from an app first."))
        row.recovery = list(recovery)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["recovery_codes"]})
        queue_notice(unit, user, Notice.CODES_MADE, letterhead)


def take_code(database: Database, user_id: int, counter: int, now: dt.datetime) -> bool:
    """Take a right code, by its counter; False if it, or a later one, has been taken before."""
    with database.unit(f"user:{user_id}", now) as unit:
        return store.take_counter(unit.session, user_id, counter)


def take_recovery(database: Database, user_id: int, hash_: str, now: dt.datetime, letterhead: Letterhead) -> bool:
    """Take a recovery code, by its hash; False if it is none, or was taken before."""
    with database.unit(f"user:{user_id}", now) as unit:
        row = unit.session.get(store.SecondFactorRow, user_id, with_for_update=True)
        if row is None or hash_ not in row.recovery:
            return False
        row.recovery = [kept for kept in row.recovery if kept != hash_]
        data = {"changed": ["recovery_codes"], "left": len(row.recovery)}
        unit.append(EventType.USER_REVISED, f"user:{user_id}", data)
        queue_notice(unit, person(unit, user_id), Notice.CODE_USED, letterhead)
        return True


def require(database: Database, wanted: bool, actor: Actor, now: dt.datetime) -> None:
    """Let the house want a second factor of its administrators, or no more, from their next login on."""
    with database.unit(actor.name, now) as unit:
        before = store.second_factor_required(unit.session)
        if before == wanted:
            return
        row = unit.session.get(store.LoginRuleRow, 1) or store.LoginRuleRow(id=1)
        row.second_factor = wanted
        unit.session.add(row)
        data = {"before": {"second_factor": before}, "after": {"second_factor": wanted}}
        unit.append(EventType.ORGANISATION_REVISED, SUBJECT, data)


def forget_ways_in(
    database: Database, email: str, actor: Actor, now: dt.datetime, letterhead: Letterhead
) -> accounts.UserRow:
    """For somebody who has lost everything: no codes, no passkeys, no sessions, and a new uniquifier for a new link.

    The old password is forgotten too: else it alone would open the account until the link is used. Raises `NotFound`,
    and `InvalidInput` for an administrator who does it to themselves while nobody else could let them in again.
    """
    with database.unit(actor.name, now) as unit:
        accounts.take_turns(unit.session)
        user = accounts.user_by_email(unit.session, email.strip().lower())
        if user is None:
            raise NotFound(N_("There is no account with the address “{email}”."), email=email)
        others = accounts.administrators(unit.session) - {user.id}
        if actor.name == f"user:{user.id}" and not accounts.with_password(unit.session, others):
            raise InvalidInput.one("email", email, _NO_WAY_BACK)
        factor = unit.session.get(store.SecondFactorRow, user.id)
        for row in [*store.passkeys_of(unit.session, user.id), *([factor] if factor else [])]:
            unit.session.delete(row)
        store.end_sessions(unit.session, user.id)
        user.password, user.fs_uniquifier = None, uuid4().hex
        unit.append(EventType.USER_REVISED, f"user:{user.id}", {"changed": ["ways_in"]})
        queue_notice(unit, user, Notice.FORGOTTEN, letterhead)
        return user


def needs_factor(unit: Unit, user: accounts.UserRow) -> bool:
    """Whether the house wants a second factor of this person."""
    return administers(user.rights) and store.second_factor_required(unit.session)


def person(unit: Unit, user_id: int) -> accounts.UserRow:
    user = unit.session.get(accounts.UserRow, user_id)
    if user is None:
        raise NotFound(N_("There is no such account."))
    return user
