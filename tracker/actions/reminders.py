"""Planning reminders, and handing those that are due to delivery.

Two steps, each a transaction of its own, each harmless to repeat: `plan_reminders` keeps the rows of the coming weeks
as they ought to be; `queue_due` turns the due ones into deliveries. Two clocks, a crash between any two lines, ten
days off: a row is there once, leaves `planned` once, and has one delivery.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import structlog

from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.domain.events import EventType
from tracker.domain.reminders import (
    DueReminder,
    Planned,
    ReminderStatus,
    SkipReason,
    due_to,
    dues_between,
    expires_at,
    find_due,
    plan,
)
from tracker.domain.rules import Due, Rule, listeners
from tracker.domain.twins import Twin
from tracker.errors import NotFound
from tracker.i18n import N_, known_language
from tracker.outputs import mail
from tracker.outputs.reminder_letter import words_for
from tracker.store import accounts, deliveries, matters, people, twins
from tracker.store import reminders as store
from tracker.store import rules as rule_store
from tracker.store.unit_of_work import Database, Unit

AHEAD = dt.timedelta(days=40)
"""How far ahead rows are planned: far enough to show what is coming, near enough that few of them change."""
BACK = dt.timedelta(days=100)
"""How far back what was missed is written down, so that a long absence shows as "too late" and not as silence."""
_BATCH = 50
_ACTOR = "reminders"

log = structlog.get_logger()


def due(database: Database, on: dt.date) -> list[DueReminder]:
    """Which reminders fall due on that calendar day, to whom; worked out from the rules, not from the plan."""
    with database.reading() as session:
        rules = rule_store.rules(session)
        sources = matters.Sources.of(session)
        names = twins.load_all(session)
        reached = {user.id for user in accounts.users(session) if user.active and user.reminders_by_mail}
        listening = [person for person in people.recipients(session) if person.user_id in reached]
        found = dues_between(rules, matters.matters(sources, rules, on, on), on, on)
    return [
        due_to(one, names, [person.email for person in listeners(one.rule, one.matter, listening)]) for one in found
    ]


def plan_reminders(database: Database, now: dt.datetime) -> int:
    """Let there be a row for every reminder due soon, and none planned that no longer holds; returns how many changed.

    People who want no mails, and closed accounts, are planned for too: their rows are skipped when due, with that
    reason, and somebody who comes back gets those to come and none from the time between.
    """
    first, last = now - BACK, now + AHEAD
    with database.reading() as session:
        rules = rule_store.rules(session)
        sources = matters.Sources.of(session)
        found = matters.matters(sources, rules, first.date() - dt.timedelta(days=1), last.date() + dt.timedelta(days=1))
        wanted = {p.key: p for p in plan(rules, found, people.recipients(session), first, last)}
        known = {row.planned.key: row for row in store.at_stake(session, first)}
    missing = [planned for key, planned in wanted.items() if key not in known]
    moved = [(known[key].id, p) for key, p in wanted.items() if key in known and _moved(known[key], p)]
    gone = [row.id for key, row in known.items() if key not in wanted and _is_planned(row) and row.due_at >= first]
    if not (missing or moved or gone):
        return 0
    with database.unit(_ACTOR, now) as unit:
        changed = store.add_missing(unit.session, missing, now)
        changed += sum(store.move(unit.session, row_id, planned) for row_id, planned in moved)
        return changed + store.withdraw(unit.session, gone)


def queue_due(database: Database, now: dt.datetime, letterhead: mail.Letterhead) -> int:
    """Turn the reminders that are due into deliveries, or skip them with the reason; returns how many deliveries."""
    queued = 0
    while True:
        with database.unit(_ACTOR, now) as unit:
            rows = store.claim_due(unit.session, now, _BATCH)
            if not rows:
                return queued
            desk = _Desk.of(unit, letterhead)
            queued += sum(desk.handle(row) for row in rows)


def unsubscribe(database: Database, user_id: int, now: dt.datetime) -> str:
    """Send that person no more reminders by mail; returns their address. Again changes nothing."""
    with database.unit(f"user:{user_id}", now) as unit:
        user = unit.session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        if user.reminders_by_mail:
            user.reminders_by_mail = False
            data = {"before": {"reminders_by_mail": True}, "after": {"reminders_by_mail": False}}
            unit.append(EventType.USER_REVISED, f"user:{user_id}", data)
        return user.email


@dataclass(frozen=True)
class _Desk:
    """Where due reminders are looked at once more, and written."""

    unit: Unit
    letterhead: mail.Letterhead
    rules: Mapping[str, Rule]
    sources: matters.Sources
    twins: Mapping[str, Twin]

    @classmethod
    def of(cls, unit: Unit, letterhead: mail.Letterhead) -> "_Desk":
        session = unit.session
        rules = {rule.key: rule for rule in rule_store.rules(session)}
        return cls(unit, letterhead, rules, matters.Sources.of(session), twins.load_all(session))

    def handle(self, row: store.ReminderRow) -> bool:
        """Queue one reminder or skip it; whether it was queued."""
        user = self.unit.session.get_one(accounts.UserRow, row.user_id)
        due = self._due(row)
        reason = self._reason_to_skip(user, due)
        if reason or due is None:
            row.skip(reason or SkipReason.WITHDRAWN)
            log.info("reminder skipped", reminder=row.id, subject=row.subject, reason=row.reason)
            return False
        try:
            with self.unit.session.begin_nested():
                self._queue(row, user, due)
        except Exception as fault:  # one that cannot be written must not hold back the others
            row.status, row.error = ReminderStatus.FAILED.value, repr(fault)
            log.error("reminder failed", reminder=row.id, exc_info=True)
            return False
        return True

    def _due(self, row: store.ReminderRow) -> Due | None:
        rule = self.rules.get(row.rule)
        return find_due(rule, matters.find(self.sources, rule, row.subject, row.year), row.planned) if rule else None

    def _reason_to_skip(self, user: accounts.UserRow, due: Due | None) -> SkipReason | None:
        if not user.active:
            return SkipReason.ACCOUNT_CLOSED
        if not user.reminders_by_mail:
            return SkipReason.UNSUBSCRIBED
        if due and self.unit.now >= expires_at(due, user.timezone):
            return SkipReason.TOO_LATE
        return None

    def _queue(self, row: store.ReminderRow, user: accounts.UserRow, due: Due) -> None:
        today = self.unit.now.astimezone(ZoneInfo(user.timezone)).date()
        words = words_for(due, known_language(user.language), self.twins, today, self.letterhead.base_url)
        key = f"reminder:{row.id}"
        letter = mail.write(words, self.letterhead, key=key, user_id=user.id, to=user.email, name=user.name)
        delivery = deliveries.DeliveryRow(
            key=key,
            channel=Channel.MAIL.value,
            user_id=user.id,
            recipient=letter.to,
            subject=letter.subject,
            payload=mail.payload_of(letter),
            status=DeliveryStatus.QUEUED.value,
            next_try_at=self.unit.now,
            expires_at=expires_at(due, user.timezone),
            created_at=self.unit.now,
        )
        self.unit.session.add(delivery)
        self.unit.session.flush()
        row.status, row.delivery_id = ReminderStatus.CLAIMED.value, delivery.id


def _moved(row: store.ReminderRow, wanted: Planned) -> bool:
    """Whether a row that has not left ought to be due at another time, or holds again."""
    withdrawn = row.status == ReminderStatus.SKIPPED.value and row.reason == SkipReason.WITHDRAWN.value
    return withdrawn or (_is_planned(row) and row.planned != wanted)


def _is_planned(row: store.ReminderRow) -> bool:
    return row.status == ReminderStatus.PLANNED.value
