"""Rows of the ledger as pages show them: what each is about in the reader's language, to whom, by which rule.

What the person asking may not see is not told (R12): the row stays, so that nothing seems to be missing, without its
words.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, request

from tracker.domain.dates import HistoricDate
from tracker.domain.reminder_wording import lead_in_words, name_of_rule
from tracker.domain.reminders import note_on, title
from tracker.domain.rules import Lead, Matter, Rule, Years
from tracker.domain.twins import Twin
from tracker.i18n import N_, gettext
from tracker.store import accounts, activities, chats, matters, rules, twins
from tracker.store.ledger import Cursor
from tracker.store.reminders import ReminderRow
from tracker.web.auth import may_write, rights
from tracker.web.installation import today
from tracker.web.language import language, titled
from tracker.web.unstorable import HIGHEST

_SECRET = N_("Something you may not see")
_NO_MORE = N_("Something that is no longer there")


@dataclass(frozen=True)
class Reminded:
    """One row in words. `matter` is None where it no longer holds, and where it is not for the person asking."""

    row: ReminderRow
    title: str
    rule: Rule | None
    rule_name: str
    lead: str
    whom: str
    when: HistoricDate
    secret: bool = False
    matter: Matter | None = None
    twins: tuple[Twin, ...] = ()
    activity_id: UUID | None = None
    note: str = ""
    """How the partnership stands, where that must be said (R1)."""


def in_words(session: Any, rows: Sequence[ReminderRow]) -> list[Reminded]:
    """Rows of a page; what all of them need is read once."""
    if not rows:
        return []
    desk = _Desk(session, rows)
    return [desk.describe(row) for row in rows]


def names_of(session: Any, people: Collection[str]) -> dict[str, str]:
    """What to call those whom reminders go to, by their names in the ledger."""
    ids = [int(person.removeprefix("user:")) for person in people if person.startswith("user:")]
    found = {f"user:{user_id}": name for user_id, name in accounts.names_of(session, ids).items()}
    found |= {f"chat:{row.id}": row.name for row in chats.chats(session)}
    return {person: found.get(person, person.partition(":")[2]) for person in people}


class _Desk:
    def __init__(self, session: Any, rows: Sequence[ReminderRow]) -> None:
        self._session = session
        self._sources = matters.Sources.of(session)
        self._rules = {rule.key: rule for rule in rules.rules(session)}
        self._twins = twins.current(session)
        self._names = names_of(session, {row.person for row in rows})

    def describe(self, row: ReminderRow) -> Reminded:
        rule = self._rules.get(row.rule)
        matter = matters.find(self._sources, rule, row.subject, row.year) if rule else None
        secret = matter is not None and not rights().may_see(matter.mark)
        shown = None if secret else matter
        named = tuple(self._twins[slug] for slug in shown.twins if slug in self._twins) if shown else ()
        activity_id, words = self._activity(row, shown)
        if shown:
            words = title(shown, language(), self._twins)
        elif secret:
            words = gettext(language(), _SECRET)
        notes = [note for twin in named if (note := note_on(twin, today(), language()))]
        return Reminded(
            row=row,
            title=words,
            rule=rule,
            rule_name=name_of_rule(rule, language()) if rule else row.rule,
            lead=lead_in_words(row.lead, language(), rounds_only=_for_round_years(rule, row.lead)),
            whom=self._names[row.person],
            when=shown.when if shown else HistoricDate.parse(row.when),
            secret=secret,
            matter=shown,
            twins=named,
            activity_id=activity_id,
            note="; ".join(notes),
        )

    def _activity(self, row: ReminderRow, matter: Matter | None) -> tuple[UUID | None, str]:
        """The activity to go to, and what it is called should there be nothing to remind of it any more."""
        stem, _, rest = row.subject.partition(":")
        if matter is not None:
            return matter.activity_id, ""
        found = activities.by_ids(self._session, [UUID(rest[:36])]) if stem == "activity" and len(rest) >= 36 else []
        seen = [one for one in found if one.removed_at is None and rights().may_see(one.mark)]
        return (seen[0].id, titled(seen[0].title)[0]) if seen else (None, gettext(language(), _NO_MORE))


def _for_round_years(rule: Rule | None, code: str) -> bool:
    leads: list[Lead] = [lead for lead in rule.leads if lead.code == code] if rule else []
    return bool(leads) and all(lead.years is Years.ROUND for lead in leads)


def sees(reminded: Reminded, user_id: int) -> bool:
    """Whether the person asking may open one: their own, or, for editors, anybody's."""
    return not reminded.secret and (reminded.row.user_id == user_id or may_write())


def cursor() -> Cursor | None:
    """From which row on the page asked for goes, as `cursor_of` wrote it."""
    return place_in_list(request.args.get("from", ""))


def place_in_list(text: str) -> Cursor | None:
    """A moment and the number of a row behind it; None for nothing. What no list has written is answered with 400."""
    if not text:
        return None
    at, _, number = text.partition("~")
    try:
        moment, last = dt.datetime.fromisoformat(at.replace(" ", "+")), int(number)
    except ValueError:
        abort(400)
    # In the first and the last year not every zone has a moment for its midnight.
    if moment.tzinfo is None or moment.year in (dt.MINYEAR, dt.MAXYEAR) or abs(last) > HIGHEST:
        abort(400)
    return moment, last


def cursor_of(rows: Sequence[ReminderRow], page: int) -> str | None:
    """Where the next page begins, if there are more rows than one page holds."""
    return f"{rows[page - 1].due_at.isoformat()}~{rows[page - 1].id}" if len(rows) > page else None
