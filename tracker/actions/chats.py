"""Chats that reminders may go to: added, changed, switched off, tried and removed by administrators.

The address holds a password or a token. It is taken in here and never told again: not in an event, not in an error.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.rules import Audience, To
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.gateways import chat as gateway
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.store import chats as store
from tracker.store import rules
from tracker.store.unit_of_work import Database, Unit

_LONGEST_NAME = 200
_NONE = N_("There is no such chat.")
_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")


@dataclass(frozen=True)
class ChatSettings:
    """What an administrator says of a chat. An empty `url` keeps the address that is known."""

    name: str
    language: str
    timezone: str
    url: str = ""
    active: bool = True


def add(database: Database, wanted: ChatSettings, actor: Actor, now: dt.datetime) -> int:
    """Add a chat; its number. Raises `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        _check(unit, wanted, None)
        row = store.ChatRow(version=1, created_at=now, **_columns(wanted), url=wanted.url.strip())
        unit.session.add(row)
        unit.session.flush()
        unit.append(EventType.CHAT_ADDED, f"chat:{row.id}", changes({}, _told(row)))
        return row.id


def revise(
    database: Database, chat_id: int, wanted: ChatSettings, version: int, actor: Actor, now: dt.datetime
) -> None:
    """Change a chat, or switch it off or on. Raises `InvalidInput`, or `Conflict` where somebody was faster."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, chat_id, version)
        _check(unit, wanted, row)
        before = _told(row)
        for name, value in _columns(wanted).items():
            setattr(row, name, value)
        fresh = wanted.url.strip()
        moved = bool(fresh) and fresh != row.url
        row.url = fresh or row.url
        told = changes(before, _told(row))
        if told["after"] or moved:
            row.version += 1
            # That there is a fresh address is history; what it is, is a secret.
            unit.append(EventType.CHAT_REVISED, f"chat:{row.id}", {**told, "fresh_address": moved})


def remove(database: Database, chat_id: int, version: int, actor: Actor, now: dt.datetime) -> None:
    """Take a chat out. Raises `InvalidInput` as long as a rule names it."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, chat_id, version)
        named = [rule for rule in rules.rules(unit.session) if Audience(To.CHAT, str(chat_id)) in _bare(rule.audience)]
        if named:
            names = tuple(rule.names.get(actor.language) or rule.key for rule in named)
            raise InvalidInput.one("rules", row.name, N_("These rules still write to “{value}”: {rules}."), rules=names)
        unit.append(EventType.CHAT_REMOVED, f"chat:{row.id}", changes(_told(row), {}))
        unit.session.delete(row)


def post_test(database: Database, chat: gateway.Chat, chat_id: int, base_url: str) -> None:
    """Post a word to the chat at once. Raises `GatewayError` with what the service said."""
    with database.reading() as session:
        row = session.get(store.ChatRow, chat_id)
    if row is None:
        raise NotFound(_NONE)
    title = gettext(row.language, N_("A test by tracker"))
    body = gettext(row.language, N_("Reminders will be posted here. They come from {address}."), address=base_url)
    chat.send(row.url, title, body)


def _known(unit: Unit, chat_id: int, version: int) -> store.ChatRow:
    row = unit.session.get(store.ChatRow, chat_id)
    if row is None:
        raise NotFound(_NONE)
    if row.version != version:
        raise Conflict(_CHANGED, current=row.version)
    return row


def _check(unit: Unit, wanted: ChatSettings, row: store.ChatRow | None) -> None:
    problems: list[FieldProblem] = []
    name = _name(wanted)
    others = [other for other in store.chats(unit.session) if row is None or other.id != row.id]
    if not name or len(name) > _LONGEST_NAME:
        wrong = N_("A chat needs a name of at most {most} letters.")
        problems.append(FieldProblem("name", name, wrong, {"most": _LONGEST_NAME}))
    elif name in {other.name for other in others}:
        problems.append(FieldProblem("name", name, N_("There is a chat called “{value}” already.")))
    if wanted.language not in LANGUAGES:
        wrong, allowed = N_("“{value}” is not one of {allowed}."), {"allowed": LANGUAGES}
        problems.append(FieldProblem("language", wanted.language, wrong, allowed))
    if wanted.timezone not in available_timezones():
        wrong = N_("“{value}” is not a time zone. Write one like Europe/Volgograd.")
        problems.append(FieldProblem("timezone", wanted.timezone, wrong))
    if wanted.url.strip() or row is None:
        try:
            gateway.check(wanted.url.strip())
        except InvalidInput as fault:
            problems += fault.problems
    if problems:
        raise InvalidInput(problems)


def _columns(wanted: ChatSettings) -> dict[str, Any]:
    return {
        "name": _name(wanted),
        "language": wanted.language,
        "timezone": wanted.timezone,
        "active": wanted.active,
    }


def _name(wanted: ChatSettings) -> str:
    return " ".join(wanted.name.split())


def _told(row: store.ChatRow) -> dict[str, Any]:
    """What the log may know of a chat."""
    return {
        "name": row.name,
        "service": gateway.service_of(row.url),
        "language": row.language,
        "timezone": row.timezone,
        "active": row.active,
    }


def _bare(audience: tuple[Audience, ...]) -> set[Audience]:
    return {Audience(each.to, each.value) for each in audience}
