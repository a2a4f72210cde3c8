"""Which reminders fall due on a day; handing those that are due to delivery; wanting none any more.

Planning (`reminder_plan`) keeps the ledger's rows as they ought to be, `queue_due` turns the due ones into deliveries.
Each is harmless to repeat: with two clocks, a crash between any two lines, ten days off, a row is there once, leaves
`planned` once, and has one delivery.
"""

import datetime as dt

from tracker.actions.reminder_desk import Desk
from tracker.domain.events import EventType
from tracker.domain.reminders import DueReminder, due_to, dues_between
from tracker.domain.rules import listeners
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.outputs import mail
from tracker.store import accounts, addresses, matters, people, reminders, twins
from tracker.store import rules as rule_store
from tracker.store.unit_of_work import Database

_AT_ONCE = (50, 500)
"""People, and rows of theirs, that are dealt with in one unit of work: a crash loses no more than that."""
_ACTOR = "reminders"


def due(database: Database, on: dt.date) -> list[DueReminder]:
    """Which reminders fall due on that calendar day, to whom; worked out from the rules, not from the plan."""
    with database.reading() as session:
        rules = rule_store.rules(session)
        sources = matters.Sources.of(session)
        names = twins.load_all(session)
        reached = {user.id for user in accounts.users(session) if user.active and user.reminders_by_mail}
        known = people.recipients(session, rules)
        unwilling = addresses.stopped(session)
        listening = [
            person
            for person in known
            if (person.email not in unwilling if person.user_id is None else person.user_id in reached)
        ]
        found = dues_between(rules, matters.matters(sources, rules, on, on), on, on)
    return [
        due_to(one, names, [person.email or person.person for person in listeners(one.rule, one.matter, listening)])
        for one in found
    ]


def queue_due(database: Database, now: dt.datetime, letterhead: mail.Letterhead) -> int:
    """Turn the reminders that are due into deliveries, or skip them with the reason; returns how many deliveries."""
    queued, busy = 0, set[str]()
    while True:
        with database.glancing() as session:
            # Without a lock first: nearly every tick finds nothing, and must keep nobody from writing.
            waiting = reminders.people_due(session, now, busy, _AT_ONCE)
        if not waiting:
            return queued
        with database.unit(_ACTOR, now) as unit:
            desk = Desk.of(unit, letterhead, waiting)
            busy |= desk.serve(waiting)
            queued += desk.outcomes.write()


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
