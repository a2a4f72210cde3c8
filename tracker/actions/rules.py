"""The rules of reminding as staff edit them: add, revise, switch on and off, remove.

A rule that reaches further than before begins anew with the moment of the change, so that none is told at once of what
would have been due long ago. Those that ship are never removed: they are switched off, and can be switched on again.
"""

import dataclasses
import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.rule_changes import OWN, is_own, reaches_further
from tracker.domain.rule_checks import check_rule
from tracker.domain.rules import Rule
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import chats, twins
from tracker.store.rules import RuleRow
from tracker.store.unit_of_work import Database, Unit

_LAST = 1_000
"""Own rules stand behind those that ship."""

_TOLD = ("key", "about", "names", "leads", "audience", "choice", "wording", "late_days", "task", "enabled")
"""What an event tells of a rule."""


def add_rule(database: Database, document: Mapping[str, Any], actor: Actor, now: dt.datetime) -> str:
    """Add a rule; returns its key. Raises `InvalidInput` with every fault."""
    # Never a number that was another's before: the ledger would take the new one's reminders for sent already.
    key = f"{OWN}{secrets.token_hex(4)}"
    with database.unit(actor.name, now) as unit:
        rule = _checked(unit, {**document, "key": key, "enabled": True})
        row = RuleRow(key=key, version=1, position=_LAST, since=now)
        _write(unit, row, rule)
        unit.session.add(row)
        unit.append(EventType.RULE_ADDED, _subject(key), {"before": {}, "after": _document(row)})
    return key


def revise_rule(
    database: Database, key: str, document: Mapping[str, Any], version: int, actor: Actor, now: dt.datetime
) -> None:
    """Change a rule against the version in hand. Whether it is switched on, and what it is about, stay as they are."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, key)
        if row.version != version:
            changed = N_("Somebody else changed this meanwhile. Please look at the new version first.")
            raise Conflict(changed, current=row.version)
        kept = {"key": key, "about": row.about, "enabled": row.enabled}
        _revise(unit, row, _checked(unit, {**document, **kept}))


def switch_rule(database: Database, key: str, on: bool, actor: Actor, now: dt.datetime) -> None:
    """Switch a rule on or off; nothing where it is so already."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, key)
        _revise(unit, row, dataclasses.replace(row.to_rule(), enabled=on))


def remove_rule(database: Database, key: str, actor: Actor, now: dt.datetime) -> None:
    """Remove a rule that staff have made. What it has sent stays in the ledger."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, key)
        if not is_own(key):
            raise InvalidInput.one("key", key, N_("“{value}” came with the tracker. Switch it off instead."))
        unit.append(EventType.RULE_REMOVED, _subject(key), {"before": _document(row), "after": {}})
        unit.session.delete(row)


def _row(unit: Unit, key: str) -> RuleRow:
    row = unit.session.get(RuleRow, key, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no rule “{key}”."), key=key)
    return row


def _checked(unit: Unit, document: Mapping[str, Any]) -> Rule:
    known = {chat.id for chat in chats.chats(unit.session)}
    return check_rule(document, twins=twins.current(unit.session), chats=known)


def _revise(unit: Unit, row: RuleRow, rule: Rule) -> None:
    """Write what changes, and tell it; nothing where nothing does."""
    before, was = _document(row), row.to_rule()
    _write(unit, row, rule)
    after = _document(row)
    if before == after:
        return
    if reaches_further(was, rule):
        row.since = unit.now
    row.version += 1
    unit.append(EventType.RULE_REVISED, _subject(row.key), changes(before, after))


def _write(unit: Unit, row: RuleRow, rule: Rule) -> None:
    row.about, row.enabled, row.task = rule.about.value, rule.enabled, rule.task
    row.names = dict(rule.names)
    row.leads = [str(lead) for lead in rule.leads]
    row.audience = [each.to_json() for each in rule.audience]
    row.choice = rule.choice.to_json()
    row.wording = {language: dict(texts) for language, texts in rule.wording.items()}
    row.late_days = rule.late_days
    row.changed_at = unit.now


def _document(row: RuleRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _TOLD}


def _subject(key: str) -> str:
    return f"rule:{key}"
