"""Keeping the ledger's planned rows as they ought to be: what is missing is added, what moved is moved, what no longer
holds is let go with its reason.

Worked through in portions, each written in a transaction of its own: a crash between two of them leaves a plan that is
made again, since only the last one notes what it was made of.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tracker.domain.reminders import Planned, SkipReason, find_due, plan
from tracker.domain.rules import Recipient, Rule, told_of
from tracker.domain.tasks import chosen_day
from tracker.store import matters, people
from tracker.store import reminder_plan as store
from tracker.store import reminders as ledger
from tracker.store import rules as rule_store
from tracker.store.unit_of_work import Database

AHEAD = dt.timedelta(days=40)
"""How far ahead rows are planned: far enough to show what is coming, near enough that few of them change."""
BACK = dt.timedelta(days=100)
"""How far back what was missed is written down, so that a long absence shows as "too late" and not as silence."""
_PORTION = 5_000
_ACTOR = "reminders"


def plan_reminders(database: Database, now: dt.datetime, ahead: dt.timedelta = AHEAD) -> int:
    """Let there be a row for every reminder due soon, and none planned that no longer holds; returns how many changed.

    It costs a look as long as nothing that a plan is made of has changed, and it is the same day (UTC). People who want
    no mails, and closed accounts, are planned for too: their rows are skipped when due, with that reason, and somebody
    who comes back gets those to come and none from the time between.
    """
    with database.glancing() as session:
        before, things = store.made_of(session, (now + ahead).date())
    if before == things:
        return 0
    with database.reading() as session:
        before, things = store.made_of(session, (now + ahead).date())
        planning = _Planning.of(database, matters.Sources.of(session), now, ahead)
        changed = planning.add_and_move() + planning.let_go()
    with database.unit(_ACTOR, now) as unit:
        store.note_made(unit.session, before, things)
    return changed


@dataclass(frozen=True)
class _Planning:
    """One making of the plan. The session of its sources only reads; what is to be done is written by own units."""

    database: Database
    sources: matters.Sources
    now: dt.datetime
    first: dt.datetime
    last: dt.datetime
    rules: Sequence[Rule]
    people: Sequence[Recipient]
    highest: int
    held: bytearray = field(repr=False)
    """A bit for each row of the ledger: set where the row is wanted. The rows themselves would not fit in memory."""

    @classmethod
    def of(cls, database: Database, sources: matters.Sources, now: dt.datetime, ahead: dt.timedelta) -> "_Planning":
        rules, highest = rule_store.rules(sources.session), store.highest_id(sources.session)
        return cls(
            database, sources, now, now - BACK, now + ahead, rules, people.recipients(sources.session, rules),
            highest, bytearray(highest // 8 + 1),
        )  # fmt: skip

    def add_and_move(self) -> int:
        day = dt.timedelta(days=1)
        found = matters.matters(self.sources, self.rules, self.first.date() - day, self.last.date() + day)
        wanted = plan(self.rules, found, self.people, self.first, self.last)
        return sum(self._compare(portion) for portion in _portions(wanted))

    def _compare(self, wanted: list[Planned]) -> int:
        known = store.known_of(self.sources.session, {p.subject for p in wanted}, {p.year for p in wanted})
        missing = [planned for planned in wanted if planned.key not in known]
        moved = []
        for planned in wanted:
            row = known.get(planned.key)
            if row is None:
                continue
            # What another clock has added since this making began is not looked at when rows are let go.
            if row.id <= self.highest:
                self.held[row.id // 8] |= 1 << row.id % 8
            if row.moves_to(planned, self.now):
                moved.append((row.id, planned))
        if not (missing or moved):
            return 0
        with self.database.unit(_ACTOR, self.now) as unit:
            return ledger.add_missing(unit.session, missing, self.now) + store.move(unit.session, moved)

    def let_go(self) -> int:
        changed = 0
        for ids in store.planned_from(self.sources.session, self.first, self.highest):
            strays = [number for number in ids if not self.held[number // 8] >> number % 8 & 1]
            if strays:
                changed += self._let_go(store.rows_of(self.sources.session, strays))
        return changed

    def _let_go(self, rows: Sequence[ledger.ReminderRow]) -> int:
        by_name = {person.person: person for person in self.people}
        gone: dict[SkipReason, list[int]] = {}
        for row in rows:
            if (reason := self._why_not(row.planned, by_name.get(row.person))) is not None:
                gone.setdefault(reason, []).append(row.id)
        if not gone:
            return 0
        with self.database.unit(_ACTOR, self.now) as unit:
            return sum(store.let_go(unit.session, ids, reason) for reason, ids in gone.items())

    def _why_not(self, row: Planned, person: Recipient | None) -> SkipReason | None:
        """Why a row that the rules would not plan now is not to leave; None where it stays.

        It stays if somebody chose its day, or if only its `since` has become later: who gives a trip another title just
        after a reminder of it was due must not swallow that reminder.
        """
        if chosen_day(row.lead) is not None:
            return None
        rule = next((rule for rule in self.rules if rule.key == row.rule), None)
        if rule is None or not rule.enabled:
            return SkipReason.RULE_OFF
        due = find_due(rule, matters.find(self.sources, rule, row.subject, row.year), row)
        if due is None:
            return SkipReason.WITHDRAWN
        if person is None or not told_of(due, [person]):
            return SkipReason.NOT_FOR_YOU
        return None


def _portions(wanted: Iterator[Planned] | Iterable[Planned]) -> Iterator[list[Planned]]:
    rest = iter(wanted)
    while portion := list(islice(rest, _PORTION)):
        yield portion
