"""What people may do, and whether they may come in at all: grants changed, accounts closed, invited again.

There is always an administrator: whoever is the last one keeps that until there is another.
"""

import datetime as dt
from collections.abc import Sequence
from uuid import uuid4

from tracker.actions.users import GivenGrant, grant_told, problems_with_grant
from tracker.domain.access import Grant, Role
from tracker.domain.events import EventType, changes
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store.unit_of_work import Database, Unit

_LAST = N_("There must be an administrator. Make somebody else one first.")
_NONE = N_("Give at least one role, or close the account.")


def change_grants(database: Database, user_id: int, given: Sequence[GivenGrant], actor: str, now: dt.datetime) -> None:
    """Let these be somebody's grants. Raises `InvalidInput`; what it says of one has its number in front."""
    with database.unit(actor, now) as unit:
        user = current(unit, user_id)
        problems = [
            FieldProblem(f"{at}.{p.field}", p.value, p.reason, p.values)
            for at, one in enumerate(given)
            for p in problems_with_grant(unit.session, one)
        ]
        if problems or not given:
            raise InvalidInput(problems or [FieldProblem("0.role", "", _NONE)])
        wanted = [one.grant for one in given]
        if not any(grant.role is Role.ADMINISTRATOR for grant in wanted):
            check_not_last(unit, user)
        before = _told(user.rights.grants)
        accounts.grant(unit.session, user, wanted)
        difference = changes(before, _told(user.rights.grants))
        if difference["after"]:
            unit.append(EventType.USER_GRANTED, f"user:{user.id}", difference)


def close_account(database: Database, user_id: int, actor: str, now: dt.datetime) -> None:
    """Let somebody no longer in: their sessions end, their links and addresses are dead; what they did stays theirs."""
    with database.unit(actor, now) as unit:
        user = current(unit, user_id)
        check_not_last(unit, user)
        if user.active:
            user.active, user.fs_uniquifier = False, uuid4().hex
            unit.append(EventType.USER_CLOSED, f"user:{user.id}", {})


def reopen_account(database: Database, user_id: int, actor: str, now: dt.datetime) -> None:
    with database.unit(actor, now) as unit:
        user = current(unit, user_id)
        if not user.active:
            user.active = True
            unit.append(EventType.USER_REOPENED, f"user:{user.id}", {})


def invite(database: Database, user_id: int, actor: str, now: dt.datetime) -> accounts.UserRow:
    """Make a fresh link possible for somebody who has no password yet; links sent before are dead from now on.

    Raises `InvalidInput` for somebody who has come already.
    """
    with database.unit(actor, now) as unit:
        user = current(unit, user_id)
        if user.password is not None:
            raise InvalidInput.one("email", "", N_("They have an account and a password already."))
        user.fs_uniquifier, user.invited_at, user.active = uuid4().hex, now, True
        unit.append(EventType.USER_INVITED, f"user:{user.id}", {})
        return user


def current(unit: Unit, user_id: int) -> accounts.UserRow:
    """An account that is not erased, held until the commit; so is who administers, for `check_not_last`."""
    accounts.take_turns(unit.session)
    user = unit.session.get(accounts.UserRow, user_id, with_for_update=True)
    if user is None or user.erased_at is not None:
        raise NotFound(N_("There is no such account."))
    return user


def check_not_last(unit: Unit, user: accounts.UserRow) -> None:
    """Raises `InvalidInput` where the house would be without an administrator."""
    if accounts.administrators(unit.session) == {user.id}:
        raise InvalidInput.one("role", "", _LAST)


def _told(grants: Sequence[Grant]) -> dict[str, object]:
    return {"grants": [grant_told(one) for one in grants]}
