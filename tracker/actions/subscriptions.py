"""What becomes of an address after it was made: its name, a fresh address, a test entry, mails, and public calendars.

Making and closing addresses stands in `calendars`. Whose subscription it is, the caller has looked up.
"""

import dataclasses
import datetime as dt
import re
import secrets
from typing import Any
from uuid import UUID, uuid4

from tracker.actions.calendars import create_calendar, token_hash
from tracker.domain.activities import Visibility
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import subscriptions as store
from tracker.store.unit_of_work import Database, Unit

_TOKEN_BYTES = 32
_LONGEST_NAME = 200
# Shorter than any secret address, so that no name can be taken for one.
_PUBLIC_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def rename(database: Database, subscription_id: UUID, name: str, actor: Actor, now: dt.datetime) -> None:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        reason = N_("A calendar needs a name of at most {most} letters.")
        raise InvalidInput.one("name", name, reason, most=_LONGEST_NAME)
    with database.unit(actor.name, now) as unit:
        row = _open(unit, subscription_id)
        _revise(unit, row, {"name": row.name}, {"name": name})
        row.name = name


def mail_urgent_changes(
    database: Database, subscription_id: UUID, wanted: bool, actor: Actor, now: dt.datetime
) -> None:
    """Whether a change that comes too late for the calendar program is told by mail."""
    with database.unit(actor.name, now) as unit:
        row = _open(unit, subscription_id)
        _revise(unit, row, {"mail_urgent": row.mail_urgent}, {"mail_urgent": wanted})
        row.mail_urgent = wanted


def put_test_entry(database: Database, subscription_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Put an entry into this one subscription for a day, so that its owner can see that news arrive."""
    with database.unit(actor.name, now) as unit:
        row = _open(unit, subscription_id)
        before = row.test_entry_at.isoformat() if row.test_entry_at else None
        _revise(unit, row, {"test_entry_at": before}, {"test_entry_at": now.isoformat()})
        row.test_entry_at = now


def rotate(database: Database, subscription_id: UUID, actor: Actor, now: dt.datetime) -> str:
    """A fresh address in the place of the old one, which is dead at once; the token, told only this once."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    with database.unit(actor.name, now) as unit:
        row = _open(unit, subscription_id)
        if row.public_name is not None:
            raise InvalidInput.one("public_name", row.public_name, N_("“{value}” is public: its address is no secret."))
        row.token_hash, row.rotated_at, row.version = token_hash(token), now, row.version + 1
        unit.append(EventType.SUBSCRIPTION_ROTATED, _subject(row), {"before": {}, "after": {}})
    return token


def publish(
    database: Database, choice: CalendarChoice, public_name: str, name: str, actor: Actor, now: dt.datetime
) -> UUID:
    """Let everybody read a calendar at /feeds/<public_name>.ics. It holds what is public, whatever the choice says."""
    if not _PUBLIC_NAME.fullmatch(public_name):
        reason = N_("“{value}” cannot stand in an address. Use up to 40 small letters, digits and hyphens.")
        raise InvalidInput.one("public_name", public_name, reason)
    calendar_id = create_calendar(database, _public(choice), actor, now)
    with database.unit(actor.name, now) as unit:
        if any(row.public_name == public_name for row in store.public_ones(unit.session)):
            raise InvalidInput.one("public_name", public_name, N_("There is a public calendar “{value}” already."))
        row = store.SubscriptionRow(
            id=uuid4(),
            version=1,
            calendar_id=calendar_id,
            name=name or public_name,
            public_name=public_name,
            token_hash=token_hash(public_name),
            mail_urgent=False,
            created_at=now,
        )
        unit.session.add(row)
        after = {"calendar": str(calendar_id), "user": None, "name": row.name, "public_name": public_name}
        unit.append(EventType.SUBSCRIPTION_CREATED, _subject(row), {"before": {}, "after": after})
        return row.id


def unpublish(database: Database, subscription_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Close a public calendar; its name may be used again."""
    with database.unit(actor.name, now) as unit:
        row = _open(unit, subscription_id)
        if row.public_name is None:
            raise NotFound(N_("There is no public calendar with the id {id}."), id=subscription_id)
        before = {"public_name": row.public_name}
        row.public_name, row.token_hash = None, token_hash(secrets.token_urlsafe(_TOKEN_BYTES))
        row.revoked_at, row.version = now, row.version + 1
        unit.append(EventType.SUBSCRIPTION_REVOKED, _subject(row), {"before": before, "after": {"public_name": None}})


def _public(choice: CalendarChoice) -> CalendarChoice:
    # Time that is taken by what nobody may know of would tell everybody that there is something.
    return dataclasses.replace(choice, level=Visibility.PUBLIC, busy=False)


def _open(unit: Unit, subscription_id: UUID) -> store.SubscriptionRow:
    row = unit.session.get(store.SubscriptionRow, subscription_id)
    if row is None or row.revoked_at is not None:
        raise NotFound(N_("There is no subscription with the id {id}."), id=subscription_id)
    return row


def _revise(unit: Unit, row: store.SubscriptionRow, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Tell what changes; nothing where nothing does."""
    if before != after:
        row.version += 1
        unit.append(EventType.SUBSCRIPTION_REVISED, _subject(row), changes(before, after))


def _subject(row: store.SubscriptionRow) -> str:
    return f"subscription:{row.id}"
