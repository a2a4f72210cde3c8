"""What a rule would have sent in a year: worked out from what is known today, whether it was known then or not."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from tracker.domain.activities import Visibility
from tracker.domain.reminders import dues_between
from tracker.domain.rule_checks import check_rule
from tracker.domain.rules import Due, Recipient, Rule, To, listeners
from tracker.domain.twins import HUB
from tracker.store import accounts, chats, matters, people, twins
from tracker.store.unit_of_work import Database


@dataclasses.dataclass(frozen=True)
class Foretold:
    """A reminder that would have been sent, and what those are called who would have got it."""

    due: Due
    to: tuple[str, ...]


def typed_rule(database: Database, document: Mapping[str, Any]) -> Rule:
    """The rule that plain values say, not saved. Raises `InvalidInput` with every fault."""
    with database.reading() as session:
        known = {chat.id for chat in chats.chats(session)}
        return check_rule(document, twins=twins.current(session), chats=known)


def preview(
    database: Database, rule: Rule, year: int, seen: Collection[Visibility], now: dt.datetime
) -> list[Foretold]:
    """What `rule`, were it switched on, reminds of in `year`, in order of the days.

    Of the matters only those that `seen` holds: who looks at a rule must not learn from it what they may not see. Since
    when rule, matters and people have been known plays no part. Causes a query for each sort of matter.
    """
    rule = dataclasses.replace(rule, enabled=True)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    with database.reading() as session:
        found = list(matters.matters(matters.Sources.of(session), [rule], first, last))
        users = {user.id: user for user in accounts.users(session)}
        reached = {key: user for key, user in users.items() if user.active and user.reminders_by_mail}
        known = [each for each in people.recipients(session) if each.user_id is None or each.user_id in reached]
        names = {f"user:{key}": user.name or user.email for key, user in reached.items()}
        names |= {f"chat:{chat.id}": chat.name for chat in chats.chats(session)}
    everybody = [*known, *_named_by(rule, known, now)]
    return [
        Foretold(due, tuple(_name(each, names) for each in listeners(rule, due.matter, everybody)))
        for due in dues_between([rule], found, first, last)
        if due.matter.visibility in seen
    ]


def _named_by(rule: Rule, known: Collection[Recipient], now: dt.datetime) -> list[Recipient]:
    """The addresses and chats of a rule that is not saved yet, as they would be told."""
    there = {each.person for each in known}
    prefixes = {To.ADDRESS: "mail", To.CHAT: "chat"}
    named = [f"{prefixes[each.to]}:{each.value}" for each in rule.audience if each.to in prefixes]
    return [Recipient(person, HUB.timezone or "UTC", now) for person in named if person not in there]


def _name(person: Recipient, names: Mapping[str, str]) -> str:
    return names.get(person.person) or person.person.partition(":")[2]
