"""What people do with what they are reminded of: take it on, give it back, hand it over, put it off, have it done.

One row, one event, one unit of work for each. Whoever is second waits for the first and is told who was faster.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from tracker.domain.access import administers, may_write
from tracker.domain.deliveries import Channel
from tracker.domain.events import EventType, changes
from tracker.domain.reminders import Planned, due_at
from tracker.domain.tasks import TaskStatus, handed_lead, snooze_lead
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import accounts
from tracker.store import tasks as store
from tracker.store.unit_of_work import Database, Unit

FARTHEST = dt.timedelta(days=731)
"""How far ahead somebody may put a reminder off."""

_STALE = N_("Somebody else changed this meanwhile. Please look at the new version first.")


def claim(database: Database, task_id: int, version: int | None, user_id: int, now: dt.datetime) -> None:
    """Let a person take a task on. Raises `Conflict` with the name of whoever has it already."""
    with database.unit(f"user:{user_id}", now) as unit:
        task = current(unit, task_id, version, user_id)
        if task.user_id == user_id:
            return
        if task.user_id is not None:  # an administrator may give it back or hand it over, but takes it from nobody
            raise _taken(unit, task)
        _change(unit, task, EventType.TASK_CLAIMED, TaskStatus.CLAIMED, user_id)


def release(database: Database, task_id: int, version: int | None, user_id: int, now: dt.datetime) -> None:
    """Let a task be open again, one that was marked done by mistake too."""
    with database.unit(f"user:{user_id}", now) as unit:
        task = current(unit, task_id, version, user_id, done=True)
        if task.status != TaskStatus.OPEN.value:
            _change(unit, task, EventType.TASK_RELEASED, TaskStatus.OPEN, None)


def hand_over(
    database: Database, task_id: int, version: int | None, to: int | None, user_id: int, now: dt.datetime
) -> None:
    """Let a colleague have a task. They are told at once, by a reminder of their own, and get all that follow.

    Raises `InvalidInput` where that is nobody who could do it.
    """
    with database.unit(f"user:{user_id}", now) as unit:
        task = current(unit, task_id, version, user_id)
        colleague = unit.session.get(accounts.UserRow, to) if to is not None else None
        if colleague is None or not colleague.active or not may_write(colleague.rights):
            raise InvalidInput.one("to", to, N_("Please choose a colleague who may log and change activities."))
        if task.user_id == colleague.id:
            return
        _change(unit, task, EventType.TASK_HANDED_OVER, TaskStatus.CLAIMED, colleague.id)
        if colleague.id != user_id:
            today = now.astimezone(ZoneInfo(colleague.timezone)).date()
            store.remind_on(unit.session, _reminder(task, colleague, handed_lead(today), now), now)


def finish(database: Database, task_id: int, version: int | None, user_id: int, now: dt.datetime) -> None:
    """Mark a task as done, by the person who says so; nobody is reminded of it any more."""
    with database.unit(f"user:{user_id}", now) as unit:
        mark_done(unit, current(unit, task_id, version, user_id), user_id)


def snooze(database: Database, task_id: int, day: dt.date, user_id: int, now: dt.datetime) -> None:
    """Remind this person again on the morning of `day`, and not before; for others nothing changes.

    What they were told so far counts as seen. Raises `InvalidInput` for a day that is not to come.
    """
    with database.unit(f"user:{user_id}", now) as unit:
        task = _locked(unit, task_id)
        if task.status == TaskStatus.DONE.value:
            raise Conflict(N_("This is done already."), current=task.version)
        user = unit.session.get_one(accounts.UserRow, user_id)
        today = now.astimezone(ZoneInfo(user.timezone)).date()
        if not today < day <= today + FARTHEST:
            reason = N_("“{value}” is not a day to come. Choose one from tomorrow on, within two years.")
            raise InvalidInput.one("until", day.isoformat(), reason)
        moment = due_at(day, user.timezone, dt.time(*divmod(user.remind_at, 60)))
        again = _reminder(task, user, snooze_lead(day), moment)
        store.put_off(unit.session, again, now)
        store.remind_on(unit.session, again, now)
        after = {"user": user.id, "until": day.isoformat()}
        unit.append(EventType.TASK_SNOOZED, subject(task.id), {"before": {}, "after": after})


def subject(task_id: int) -> str:
    return f"task:{task_id}"


def current(unit: Unit, task_id: int, version: int | None, user_id: int, *, done: bool = False) -> store.TaskRow:
    """A task that this person may change, held until the commit.

    What somebody else has taken on only they and administrators may change: `Conflict` names who it is. `done`: one
    that is done may be changed too.
    """
    task = _locked(unit, task_id)
    if task.status == TaskStatus.DONE.value and not done:
        raise Conflict(N_("This is done already."), current=task.version)
    if task.user_id not in (None, user_id) and not _administers(unit, user_id):
        raise _taken(unit, task)
    if version is not None and version != task.version:
        raise Conflict(_STALE, current=task.version)
    return task


def reopen(unit: Unit, task: store.TaskRow) -> None:
    """Let a task be nobody's: whoever had it is no longer here."""
    _change(unit, task, EventType.TASK_RELEASED, TaskStatus.OPEN, None)


def mark_done(unit: Unit, task: store.TaskRow, user_id: int) -> None:
    _change(unit, task, EventType.TASK_DONE, TaskStatus.DONE, user_id)


def _locked(unit: Unit, task_id: int) -> store.TaskRow:
    task = unit.session.get(store.TaskRow, task_id, with_for_update=True)
    if task is None:
        raise NotFound(N_("There is no such task."))
    return task


def _taken(unit: Unit, task: store.TaskRow) -> Conflict:
    name = next(iter(accounts.names_of(unit.session, [task.user_id or 0]).values()), "")
    return Conflict(N_("{name} has taken this on already."), current=task.version, name=name)


def _change(unit: Unit, task: store.TaskRow, event: EventType, status: TaskStatus, user_id: int | None) -> None:
    before = {"status": task.status, "user": task.user_id}
    task.status, task.user_id, task.version = status.value, user_id, task.version + 1
    task.claimed_at = None if status is TaskStatus.OPEN else task.claimed_at or unit.now
    task.done_at = unit.now if status is TaskStatus.DONE else None
    unit.append(event, subject(task.id), changes(before, {"status": task.status, "user": user_id}))


def _reminder(task: store.TaskRow, user: accounts.UserRow, lead: str, moment: dt.datetime) -> Planned:
    return Planned(
        task.rule, task.subject, task.year, lead, f"user:{user.id}", Channel.MAIL.value, task.when, moment, user.id
    )


def _administers(unit: Unit, user_id: int) -> bool:
    return administers(unit.session.get_one(accounts.UserRow, user_id).rights)
