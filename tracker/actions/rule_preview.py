"""What a rule would have sent in a year: worked out from what is known today, whether it was known then or not."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from tracker.domain.activities import Visibility
from tracker.domain.reminders import dues_between
from tracker.domain.rule_checks import check_rule
from tracker.domain.rules import Due, Rule, listeners
from tracker.store import accounts, addresses, chats, matters, people, twins
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


def preview(database: Database, rule: Rule, year: int, seen: Collection[Visibility]) -> list[Foretold]:
    """What `rule`, were it switched on, reminds of in `year`, in order of the days.

    Of the matters only those that `seen` holds: who looks at a rule must not learn from it what they may not see. Since
    when rule, matters and people have been known plays no part. Causes a query for each sort of matter.
    """
    rule = dataclasses.replace(rule, enabled=True)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    with database.reading() as session:
        found = list(matters.matters(matters.Sources.of(session), [rule], first, last))
        names = {f"user:{u.id}": u.name or u.email for u in accounts.users(session) if u.active and u.reminders_by_mail}
        names |= {f"chat:{chat.id}": chat.name for chat in chats.chats(session) if chat.active}
        willing = people.addresses([rule]).keys() - addresses.stopped(session)
        names |= {f"mail:{address}": address for address in willing}
        reached = [each for each in people.recipients(session, [rule]) if each.person in names]
    return [
        Foretold(due, tuple(names[each.person] for each in listeners(rule, due.matter, reached)))
        for due in dues_between([rule], found, first, last)
        if due.matter.visibility in seen
    ]
