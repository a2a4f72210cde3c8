"""The ledger of reminders: what will be sent in the next 30 days, what became of the rest, and why each was sent.

Readers see their own; whoever logs activities sees everybody's.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel.dates import format_time
from flask import Flask, render_template, request, url_for

from tracker.actions.inbox import mark_read
from tracker.bootstrap import Tracker
from tracker.domain.reminder_wording import name_of_rule, told_by
from tracker.domain.reminders import ReminderStatus, expires_at, find_due
from tracker.domain.rules import Audience as To
from tracker.domain.why import moment, reason_of
from tracker.errors import NotFound
from tracker.gateways.live import READ, Happening
from tracker.i18n import N_
from tracker.store import chats, ledger, people, rules, tasks
from tracker.store.reminders import ReminderRow
from tracker.web.auth import Audience, account, allowed, may_write
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, locale, zone
from tracker.web.reminded import Reminded, cursor, cursor_of, in_words, names_of, sees

AHEAD = dt.timedelta(days=30)
PAGE = 50
_GONE = tuple(status for status in ReminderStatus if status is not ReminderStatus.PLANNED)


@dataclass(frozen=True)
class Day:
    """What is due, or was, on one day of the reader's own calendar."""

    on: dt.date
    reminded: list[list[Reminded]]
    """Those that differ in nothing but whom they go to are one line of the page."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/reminders", "reminders", reminders)
    app.add_url_rule("/reminders/<int:reminder_id>", "reminder", reminder)
    app.jinja_env.filters["clock"] = lambda at: format_time(at.astimezone(zone()), "short", locale=locale())


@allowed(Audience.READERS)
def reminders() -> str:
    past = request.args.get("view") == "past"
    wanted = _wanted(past=past)
    with this_tracker().database.reading() as session:
        find = ledger.gone if past else ledger.coming
        rows = find(session, wanted, cursor(), PAGE + 1)
        shown = in_words(session, rows[:PAGE])
        sent = ledger.deliveries_of(session, rows[:PAGE])
        known = {rule.key: name_of_rule(rule, language()) for rule in rules.rules(session)}
        choices = _choices(session) if may_write() else {}
    return render_template(
        "reminders/list.html",
        past=past,
        days=_by_day(shown),
        entries={one.row.id: ledger.entry_of(one.row, sent.get(one.row.delivery_id or 0)) for one in shown},
        reason_of=lambda entry: reason_of(entry, language()),
        wanted=wanted,
        chosen=request.args,
        people=choices,
        rules=known,
        statuses=_GONE,
        further=cursor_of(rows, PAGE),
    )


@allowed(Audience.READERS)
def reminder(reminder_id: int) -> str:
    """One reminder explains itself; opening it is reading it."""
    me, tracker = account(), this_tracker()
    with tracker.database.reading() as session:
        row = ledger.row_of(session, reminder_id)
        one = in_words(session, [row])[0] if row else None
        if me is None or row is None or one is None or not sees(one, me.id):
            raise NotFound(N_("There is no reminder with the number {id}."), id=reminder_id)
        page = _explained(session, one, row)
    if row.user_id == me.id and mark_read(tracker.database, me.id, now(), row.id):
        tracker.live.publish(Happening(0, READ, row.person))
    return render_template("reminders/show.html", one=one, row=row, mine=row.user_id == me.id, **page)


def _explained(session: Any, one: Reminded, row: ReminderRow) -> dict[str, Any]:
    """What rule, dates and ledger say of one reminder."""
    known = rules.rules(session)
    person = next((each for each in people.recipients(session, known) if each.person == row.person), None)
    where = person.zone if person else zone().key
    due = find_due(one.rule, one.matter, row.planned) if one.rule else None
    delivery = ledger.delivery_of(session, row.delivery_id) if row.delivery_id else None
    task = tasks.task_of(session, row.rule, row.subject, row.year)
    names = {str(chat.id): chat.name for chat in chats.chats(session)}
    audience: tuple[To, ...] = one.rule.audience if one.rule else ()
    told = [told_by(each, language(), names) for each in audience]
    entry = ledger.entry_of(row, delivery)
    return {
        "told": told,
        "entry": entry,
        "reason": reason_of(entry, language()),
        "due": moment(row.due_at, language(), where),
        "sent": moment(entry.sent_at, language(), where),
        "of_use_until": moment(expires_at(due, where), language(), where) if due else "",
        "delivery": delivery,
        "message_id": delivery.payload.get("message_id", "") if delivery else "",
        "together": ledger.rows_in(session, delivery.id) if delivery else 0,
        "task_url": url_for("task", task_id=task.id) if task else None,
    }


def _wanted(*, past: bool) -> ledger.Wanted:
    """What the filters ask for, and never more than the person may see."""
    me = account()
    status = request.args.get("status", "")
    own = f"user:{me.id}" if me else "nobody"
    statuses = _GONE if past else (ReminderStatus.PLANNED,)
    if past and status in _GONE:
        statuses = (ReminderStatus(status),)
    return ledger.Wanted(
        person=request.args.get("person", "") if may_write() else own,
        rule=request.args.get("rule", ""),
        statuses=statuses,
        until=None if past else now() + AHEAD,
    )


def _choices(session: Any) -> dict[str, str]:
    """Everybody who stands in the ledger or may come to, by name."""
    known = {
        *ledger.people_named(session),
        *(person.person for person in people.recipients(session, rules.rules(session))),
    }
    names = names_of(session, known)
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])))


def _by_day(shown: list[Reminded]) -> list[Day]:
    days: dict[dt.date, Day] = {}
    for one in shown:
        on = one.row.due_at.astimezone(zone()).date()
        lines = days.setdefault(on, Day(on, [])).reminded
        alike = next((line for line in lines if _all_but_whom(line[0].row) == _all_but_whom(one.row)), None)
        if alike:
            alike.append(one)
        else:
            lines.append([one])
    return list(days.values())


def _all_but_whom(row: ReminderRow) -> tuple[object, ...]:
    return row.rule, row.subject, row.year, row.lead, row.channel, row.due_at, row.status, row.reason, row.error
