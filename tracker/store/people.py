"""Everybody whom reminders may reach, as planning needs to know them: accounts, addresses that rules name, chats."""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.rules import Audience, Recipient, Rule, To
from tracker.domain.twins import HUB
from tracker.store import accounts, chats

_ALWAYS = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
"""Since when an address is known: a rule says it, and nothing due before the rule is sent."""


def recipients(session: Session, rules: Iterable[Rule] = ()) -> list[Recipient]:
    """All accounts, the addresses that rules name, all chats; whether somebody wants mails is asked when one is due."""
    follows = accounts.follows(session)
    people = [of_account(user, follows.get(user.id)) for user in accounts.users(session)]
    return [*people, *(of_address(address) for address in addresses(rules)), *map(of_chat, chats.chats(session))]


def accounts_numbered(session: Session, ids: Collection[int]) -> list[tuple[accounts.UserRow, Recipient]]:
    """Some accounts, each as it is reminded."""
    users = session.scalars(select(accounts.UserRow).where(accounts.UserRow.id.in_(ids)))
    follows = accounts.follows(session, ids)
    return [(user, of_account(user, follows.get(user.id))) for user in users]


def addresses(rules: Iterable[Rule]) -> dict[str, Audience]:
    """The mail addresses that rules name, each with what the first of them says of it."""
    found: dict[str, Audience] = {}
    for audience in (audience for rule in rules for audience in rule.audience if audience.to is To.ADDRESS):
        found.setdefault(audience.value, audience)
    return found


def of_account(user: accounts.UserRow, follows: frozenset[str] | None) -> Recipient:
    rights = user.rights
    quiet = user.quiet_from is not None and user.quiet_until is not None
    return Recipient(
        person=f"user:{user.id}",
        zone=user.timezone,
        since=max(user.created_at, user.follows_since or user.created_at),
        role=rights.role.value if rights.role else None,
        rights=rights,
        user_id=user.id,
        email=user.email,
        follows=follows,
        remind_at=_time(user.remind_at),
        quiet=(_time(user.quiet_from or 0), _time(user.quiet_until or 0)) if quiet else None,
    )


def of_address(address: str) -> Recipient:
    """It lies in no zone that anybody has told, so its morning is that of the house."""
    return Recipient(f"mail:{address}", HUB.timezone or "UTC", _ALWAYS, email=address)


def of_chat(chat: chats.ChatRow) -> Recipient:
    return Recipient(f"chat:{chat.id}", chat.timezone, chat.created_at)


def _time(minutes: int) -> dt.time:
    return dt.time(*divmod(minutes, 60))
