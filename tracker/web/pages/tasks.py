"""What reminders ask for: what is mine, what is open, what is done; and one task with what can be done about it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import tasks as actions
from tracker.bootstrap import Tracker
from tracker.domain.access import administers
from tracker.domain.access import may_write as role_may_write
from tracker.domain.activities import Kind
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.events import Event, EventType
from tracker.domain.reminders import note_on, title
from tracker.domain.rules import About, Matter, Rule
from tracker.domain.tasks import TaskStatus
from tracker.domain.twins import Twin
from tracker.errors import Forbidden, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.store import accounts, event_log, matters
from tracker.store import rules as rule_store
from tracker.store import tasks as store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, account, allowed, may_write, rights
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language

MISSED = dt.timedelta(days=31)
"""So long after its day an open task still stands in the list; later ones are among the past."""
_PAST, _YEARS = 100, 10
"""How many past ones are shown, and how far back they may lie."""
_AT_ONCE = 5
_SOON = dt.timedelta(days=30)


@dataclass(frozen=True)
class Asked:
    """A task in words. `matter` is None where what it was about is no more; `note` says how the partnership stands."""

    row: store.TaskRow
    matter: Matter | None
    name: str
    title: str
    note: str
    holder: str
    mine: bool
    overdue: bool

    @property
    def when(self) -> HistoricDate:
        return HistoricDate.parse(self.row.when)

    @property
    def kind(self) -> str:
        """What its mark shows."""
        return self.matter.kind if self.matter and self.matter.kind in set(Kind) else "occasion"

    @property
    def can_have_letter(self) -> bool:
        return self.matter is not None and self.matter.about is About.OCCASION and bool(self.matter.twins)


@dataclass(frozen=True)
class _Words:
    """What tasks are worded from, read once."""

    sources: matters.Sources
    rules: Mapping[str, Rule]
    twins: Mapping[str, Twin]
    names: Mapping[int, str]

    @classmethod
    def of(cls, session: Any, rows: Sequence[store.TaskRow]) -> "_Words":
        rules = {rule.key: rule for rule in rule_store.rules(session)}
        names = accounts.names_of(session, {row.user_id for row in rows if row.user_id is not None})
        return cls(matters.Sources.of(session), rules, dict(twin_store.current(session)), names)

    def asked(self, row: store.TaskRow) -> Asked:
        rule = self.rules.get(row.rule)
        matter = matters.find(self.sources, rule, row.subject, row.year) if rule else None
        notes = [n for slug in (matter.twins if matter else ()) if (n := self._note(slug))]
        called = dict(rule.names) if rule else {}
        last = HistoricDate.parse(row.when).latest
        me = account()
        return Asked(
            row,
            matter,
            called.get(language()) or called.get("en") or row.rule,
            title(matter, language(), self.twins) if matter else "",
            "; ".join(notes),
            self.names.get(row.user_id or 0, ""),
            me is not None and row.user_id == me.id,
            row.status != TaskStatus.DONE.value and last is not None and last < today(),
        )

    def _note(self, slug: str) -> str:
        return note_on(self.twins[slug], today(), language()) if slug in self.twins else ""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/tasks", "tasks", tasks)
    app.add_url_rule("/tasks/<int:task_id>", "task", task, methods=["GET", "POST"])


@allowed(Audience.READERS)
def tasks() -> str:
    past = request.args.get("show") == "past"
    with this_tracker().database.reading() as session:
        if past:
            left = [row for row in store.undone(session, today().year - _YEARS) if _is_missed(row)]
            left.sort(key=lambda row: HistoricDate.parse(row.when).sort_key, reverse=True)
            rows = [*store.done(session, _PAST), *left[:_PAST]]
        else:
            rows = store.undone(session, (today() - MISSED).year)
        words = _Words.of(session, rows)
        found = [asked for row in rows if _is_visible(asked := words.asked(row))]
    if past:
        sections = [
            (N_("Done"), [a for a in found if a.row.status == TaskStatus.DONE.value]),
            (N_("Left undone"), [a for a in found if a.row.status != TaskStatus.DONE.value]),
        ]
    else:
        waiting = [a for a in found if a.mine or not _is_missed(a.row)]
        sections = [
            (N_("Mine"), _in_order(a for a in waiting if a.mine)),
            (N_("Nobody has it yet"), _in_order(a for a in waiting if a.row.user_id is None)),
            (N_("Others have it"), _in_order(a for a in waiting if a.row.user_id is not None and not a.mine)),
        ]
    shown = [section for section in sections if section[1] or section is sections[0]]
    return render_template("tasks/list.html", past=past, sections=shown, twins=words.twins)


@allowed(Audience.READERS)
def task(task_id: int) -> ResponseReturnValue:
    if request.method == "GET":
        return _page(task_id)
    asked, _ = visible_task(task_id)
    try:
        done = _do(asked.row.id, request.form.get("do", ""))
    except InvalidInput as fault:
        return _page(task_id, {p.field: p.message(language()) for p in fault.problems}), 422
    flash(done, "success")
    return redirect(url_for("task", task_id=task_id))


def visible_task(task_id: int) -> tuple[Asked, Mapping[str, Twin]]:
    """A task the person may know of, in words, and the twins; `NotFound` else."""
    with this_tracker().database.reading() as session:
        row = session.get(store.TaskRow, task_id)
        if row is not None:
            words = _Words.of(session, [row])
            asked = words.asked(row)
            if _is_visible(asked):
                return asked, words.twins
    raise NotFound(N_("There is no such task."))


def next_tasks(session: Any) -> list[Asked]:
    """What asks for this person next: their own, and what nobody has taken on, of the coming weeks."""
    rows = [row for row in store.undone(session, (today() - MISSED).year) if _is_soon(row)]
    if not rows:
        return []
    words = _Words.of(session, rows)
    found = [a for a in map(words.asked, rows) if a.matter and _is_visible(a) and (a.mine or not _is_missed(a.row))]
    return _in_order(found)[:_AT_ONCE]


def _do(task_id: int, wish: str) -> str:
    """Carry out what a button asks for; returns what to say about it."""
    database, version, me = this_tracker().database, request.form.get("version", type=int), account()
    if me is None or (wish != "snooze" and not may_write()):
        raise Forbidden(N_("Your account is not meant for this page. An administrator can change that."))
    values = {}
    match wish:
        case "claim":
            actions.claim(database, task_id, version, me.id, now())
            said = N_("It is yours. The others are not reminded of it any more.")
        case "release":
            actions.release(database, task_id, version, me.id, now())
            said = N_("It is open again.")
        case "hand":
            actions.hand_over(database, task_id, version, request.form.get("to", type=int), me.id, now())
            said = N_("Handed over. Your colleague is told, and is reminded from now on.")
        case "done":
            actions.finish(database, task_id, version, me.id, now())
            said = N_("Done. Nobody is reminded of it any more.")
        case "snooze":
            day = _chosen_day()
            actions.snooze(database, task_id, day, me.id, now())
            values = {"day": HistoricDate.of_day(day).display(language())}
            said = N_("You are reminded again in the morning: {day}.")
        case _:
            raise InvalidInput.one("do", wish, N_("Please choose one of the buttons."))
    return gettext(language(), said, **values)


def _chosen_day() -> dt.date:
    """The day of a button, else the one that was typed."""
    text = request.form.get("ready") or request.form.get("until", "").strip()
    try:
        day = understand(text, language(), today()).exact_day if text else None
    except InvalidDate as fault:
        raise InvalidInput([fault.problem("until")]) from fault
    if day is None:
        raise InvalidInput.one("until", text, N_("“{value}” is not a day. Write one like 20.11.2026."))
    return day


def _page(task_id: int, faults: Mapping[str, str] | None = None) -> str:
    asked, twins = visible_task(task_id)
    with this_tracker().database.reading() as session:
        history = _history(session, asked.row) if may_write() else []
        colleagues = [
            (user.id, user.name or user.email)
            for user in accounts.users(session)
            if user.active and user.id != asked.row.user_id and role_may_write(user.rights)
        ]
    first = asked.when.earliest if asked.when.exact_day else None
    return render_template(
        "tasks/show.html",
        asked=asked,
        twins=twins,
        history=history,
        colleagues=colleagues,
        days_left=(first - today()).days if first else None,
        may_change=may_write() and (asked.row.user_id is None or asked.mine or administers(rights())),
        tomorrow=today() + dt.timedelta(days=1),
        in_a_week=today() + dt.timedelta(days=7),
        faults=faults or {},
        typed=request.form,
    )


def _history(session: Any, row: store.TaskRow) -> list[tuple[dt.datetime, str, str]]:
    """What happened to a task and its letters, the newest first: when, who, what."""
    subjects = [actions.subject(row.id), *(f"letter:{letter.id}" for letter in store.letters_of(session, row.id))]
    events = [event for subject in subjects for event in event_log.history(session, subject) if event.type in _TOLD]
    people = {int(e.actor[5:]) for e in events if e.actor.startswith("user:")}
    people |= {e.data["after"]["user"] for e in events if e.data["after"].get("user")}
    names = accounts.names_of(session, people)
    newest = sorted(events, key=lambda event: event.position, reverse=True)
    return [(event.at, *_told(event, names)) for event in newest]


_TOLD = {
    EventType.TASK_CLAIMED: N_("has taken it on"),
    EventType.TASK_RELEASED: N_("has opened it again"),
    EventType.TASK_HANDED_OVER: N_("has handed it to {name}"),
    EventType.TASK_DONE: N_("has it done"),
    EventType.TASK_SNOOZED: N_("wants to be reminded on {day}"),
    EventType.LETTER_SENT: N_("has sent the letter"),
}


def _told(event: Event, names: Mapping[int, str]) -> tuple[str, str]:
    who = event.actor.removeprefix("user:")
    after = event.data["after"]
    day = HistoricDate.parse(after["until"]).display(language()) if "until" in after else ""
    what = gettext(language(), _TOLD[event.type], name=names.get(after.get("user") or 0, "–"), day=day)
    return names.get(int(who), "–") if who.isdigit() else event.actor, what


def _is_visible(asked: Asked) -> bool:
    """What is no more could have been anything: only who writes sees its task."""
    return rights().may_see(asked.matter.mark) if asked.matter else may_write()


def _is_missed(row: store.TaskRow) -> bool:
    last = HistoricDate.parse(row.when).latest
    return row.status != TaskStatus.DONE.value and last is not None and last < today() - MISSED


def _is_soon(row: store.TaskRow) -> bool:
    me, first = account(), HistoricDate.parse(row.when).earliest
    mine = me is not None and row.user_id == me.id
    return mine or (row.user_id is None and first is not None and first <= today() + _SOON)


def _in_order(found: Iterable[Asked]) -> list[Asked]:
    return sorted(found, key=lambda asked: (asked.when.sort_key, asked.row.id))
