"""Passkeys: a device that answers for its owner, after a look at the face, a finger or a number.

Whether its answer is right is checked by `web.passkeys`; here is kept which devices there are and when they came.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.actions.second_factors import needs_factor, person
from tracker.actions.security_notices import Notice, queue_notice
from tracker.domain.events import EventType
from tracker.domain.logins import LONGEST_NAME
from tracker.errors import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.outputs.mail import Letterhead
from tracker.store import logins as store
from tracker.store.unit_of_work import Database

_NO_NAME = N_("Give the passkey a name by which you will know it, of at most {most} letters.")
_TAKEN = N_("You have a passkey called “{value}” already.")
_MUST = N_("Administrators of this house need a second factor. Set up codes from an app first, or add another passkey.")


@dataclass(frozen=True)
class NewPasskey:
    """What a device has told about itself, checked."""

    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    handle: bytes
    transports: Sequence[str]


def add_passkey(database: Database, user_id: int, new: NewPasskey, now: dt.datetime, letterhead: Letterhead) -> None:
    """Let a device in. Raises `InvalidInput` for a name that is missing, too long or taken, `Conflict` if known."""
    name = " ".join(new.name.split())
    with database.unit(f"user:{user_id}", now) as unit:
        user = person(unit, user_id)
        if not 0 < len(name) <= LONGEST_NAME:
            raise InvalidInput([FieldProblem("name", name, _NO_NAME, {"most": LONGEST_NAME})])
        if any(known.name == name for known in store.passkeys_of(unit.session, user_id)):
            raise InvalidInput([FieldProblem("name", name, _TAKEN)])
        if store.passkey_by_credential(unit.session, new.credential_id):
            raise Conflict(N_("This device is known already."))
        unit.session.add(
            store.PasskeyRow(
                user_id=user_id,
                name=name,
                credential_id=new.credential_id,
                public_key=new.public_key,
                sign_count=new.sign_count,
                handle=new.handle,
                transports=list(new.transports),
                added_at=now,
            )
        )
        # What somebody calls their devices is theirs: it stands in no event.
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["passkeys"], "added": 1})
        queue_notice(unit, user, Notice.PASSKEY_ADDED, letterhead, name)


def remove_passkey(database: Database, user_id: int, passkey_id: int, now: dt.datetime, letterhead: Letterhead) -> None:
    """Let a device in no more. Raises `NotFound`; `Forbidden` for the last factor of whom the house wants one."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = person(unit, user_id)
        row = unit.session.get(store.PasskeyRow, passkey_id)
        if row is None or row.user_id != user_id:
            raise NotFound(N_("There is no such passkey."))
        alone = len(store.passkeys_of(unit.session, user_id)) == 1
        if alone and needs_factor(unit, user) and unit.session.get(store.SecondFactorRow, user_id) is None:
            raise Forbidden(_MUST)
        unit.session.delete(row)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["passkeys"], "removed": 1})
        queue_notice(unit, user, Notice.PASSKEY_REMOVED, letterhead, row.name)


def use_passkey(database: Database, passkey_id: int, sign_count: int, now: dt.datetime) -> None:
    """Say that a passkey has opened the door, and how often its device has signed."""
    with database.unit("system", now) as unit:
        row = unit.session.get(store.PasskeyRow, passkey_id, with_for_update=True)
        if row is not None:
            row.sign_count, row.used_at = sign_count, now
