"""What people do with a task: one has it, the others are left in peace; put off, handed over, done."""

import datetime as dt

import pytest

from tests.reminding import of_cologne, person, rows, utc, work
from tracker.actions import tasks
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.occasion_sources import occasions_of_twin
from tracker.domain.reminders import Planned, SkipReason
from tracker.domain.tasks import TaskStatus, chosen_day, skip_reason
from tracker.errors import Conflict, InvalidInput
from tracker.gateways.mail import MemoryMail
from tracker.store import event_log, occasions, reminders
from tracker.store import tasks as store
from tracker.store import twins as twin_store

COLOGNE = ("anniversary", "founding:cologne", 2026)
NOW = utc(2026, 10, 29, 9)


def task(tracker: Tracker) -> int:
    with tracker.database.unit("test", NOW) as unit:
        return store.ensure_open(unit.session, *COLOGNE, "2026-11-28", NOW).id


def row(tracker: Tracker, task_id: int) -> store.TaskRow:
    with tracker.database.reading() as session:
        return session.get_one(store.TaskRow, task_id)


def reminded(tracker: Tracker, user_id: int, *leads: tuple[str, dt.datetime]) -> None:
    """Let reminders of the task be planned for a person."""
    planned = [Planned(*COLOGNE, lead, f"user:{user_id}", "mail", "2026-11-28", at, user_id) for lead, at in leads]
    with tracker.database.unit("test", NOW) as unit:
        reminders.add_missing(unit.session, planned, NOW)


def told(tracker: Tracker, task_id: int) -> list[tuple[str, str, dict[str, object]]]:
    with tracker.database.reading() as session:
        return [(e.type.value, e.actor, dict(e.data["after"])) for e in event_log.history(session, f"task:{task_id}")]


def test_a_matter_is_one_task_whose_day_may_move(tracker: Tracker) -> None:
    first = task(tracker)

    with tracker.database.unit("test", NOW) as unit:
        again = store.ensure_open(unit.session, *COLOGNE, "2026-11-29", NOW)

    assert (again.id, again.when, again.version) == (first, "2026-11-29", 2)


def test_who_comes_second_is_told_who_was_faster(tracker: Tracker) -> None:
    anna, boris = person(tracker), person(tracker, "boris@example.org")
    task_id = task(tracker)

    tasks.claim(tracker.database, task_id, 1, anna, NOW)
    with pytest.raises(Conflict) as fault:
        tasks.claim(tracker.database, task_id, 1, boris, NOW)

    assert fault.value.message("en") == "Anna has taken this on already."
    assert row(tracker, task_id).user_id == anna
    assert told(tracker, task_id) == [("task.claimed", f"user:{anna}", {"status": "claimed", "user": anna})]


def test_only_its_holder_and_administrators_change_what_is_taken(tracker: Tracker) -> None:
    anna, boris = person(tracker), person(tracker, "boris@example.org")
    chief = add_user(tracker.database, NewUser("chief@example.org", "administrator"), "test", NOW).id
    task_id = task(tracker)
    tasks.claim(tracker.database, task_id, 1, anna, NOW)

    with pytest.raises(Conflict):
        tasks.finish(tracker.database, task_id, 2, boris, NOW)
    with pytest.raises(Conflict):
        tasks.claim(tracker.database, task_id, 2, chief, NOW)
    tasks.release(tracker.database, task_id, 2, chief, NOW)
    with pytest.raises(Conflict):
        tasks.finish(tracker.database, task_id, 2, boris, NOW)  # a page from before
    tasks.finish(tracker.database, task_id, 3, boris, NOW)

    done = row(tracker, task_id)
    assert (done.status, done.user_id, done.done_at) == ("done", boris, NOW)
    assert [type_ for type_, _, _ in told(tracker, task_id)] == ["task.claimed", "task.released", "task.finished"]


def test_a_colleague_is_told_of_what_they_are_handed(tracker: Tracker) -> None:
    anna, boris = person(tracker), person(tracker, "boris@example.org")
    reader = add_user(tracker.database, NewUser("reader@example.org", "reader"), "test", NOW).id
    task_id = task(tracker)
    tasks.claim(tracker.database, task_id, 1, anna, NOW)

    with pytest.raises(InvalidInput):
        tasks.hand_over(tracker.database, task_id, 2, reader, anna, NOW)
    tasks.hand_over(tracker.database, task_id, 2, boris, anna, NOW)

    (reminder,) = rows(tracker, user_id=boris)
    assert row(tracker, task_id).user_id == boris
    assert (reminder.lead, reminder.due_at, reminder.status) == ("handed:2026-10-29", NOW, "planned")
    assert told(tracker, task_id)[-1] == ("task.handed", f"user:{anna}", {"user": boris})


def test_what_is_put_off_comes_again_on_the_chosen_morning_and_not_before(tracker: Tracker) -> None:
    anna, boris = person(tracker), person(tracker, "boris@example.org")
    task_id = task(tracker)
    leads = ("-30d", utc(2026, 10, 29, 7)), ("-7d", utc(2026, 11, 21, 7)), ("0d", utc(2026, 11, 28, 7))
    reminded(tracker, anna, *leads)
    reminded(tracker, boris, *leads)

    tasks.snooze(tracker.database, task_id, dt.date(2026, 11, 24), anna, NOW)
    tasks.snooze(tracker.database, task_id, dt.date(2026, 11, 20), anna, NOW)
    tasks.snooze(tracker.database, task_id, dt.date(2026, 11, 24), anna, NOW)

    hers = {r.lead: (r.status, r.reason) for r in rows(tracker, user_id=anna)}
    put_off = ("skipped", "snoozed")
    assert hers == {
        "-30d": put_off, "-7d": put_off, "0d": ("planned", ""),
        "snooze:2026-11-24": ("planned", ""), "snooze:2026-11-20": put_off,
    }  # fmt: skip
    (seen,) = rows(tracker, user_id=anna, lead="-30d")
    (again,) = rows(tracker, user_id=anna, lead="snooze:2026-11-24")
    assert seen.read_at == NOW
    assert again.due_at == utc(2026, 11, 24, 7)  # eight in Berlin
    assert chosen_day(again.lead) == dt.date(2026, 11, 24)
    assert {r.status for r in rows(tracker, user_id=boris)} == {"planned"}


def test_reminders_follow_whoever_has_the_task(with_registry: Tracker) -> None:
    tracker, mail = with_registry, MemoryMail()
    anna, boris = person(tracker), person(tracker, "boris@example.org")
    with tracker.database.unit("test", tracker.clock()) as unit:
        known = occasions_of_twin(twin_store.load_all(unit.session)["cologne"])
        occasions.replace_of_twins(unit.session, ["cologne"], known, tracker.clock())

    def reached(*moment: int) -> list[str]:
        return sorted(str(m["To"]).partition("<")[2] for m in of_cologne(work(tracker, mail, utc(*moment))))

    both = reached(2026, 10, 29, 9)
    with tracker.database.reading() as session:
        found = store.task_of(session, *COLOGNE)
    assert found
    tasks.claim(tracker.database, found.id, None, anna, NOW)
    tasks.snooze(tracker.database, found.id, dt.date(2026, 11, 20), anna, NOW)
    put_off, week = reached(2026, 11, 20, 9), reached(2026, 11, 21, 9)
    tasks.hand_over(tracker.database, found.id, None, boris, anna, utc(2026, 11, 23, 9))
    handed = reached(2026, 11, 23, 9)
    tasks.finish(tracker.database, found.id, None, boris, utc(2026, 11, 24, 9))
    done = reached(2026, 11, 28, 9)

    assert both == ["anna@example.org>", "boris@example.org>"]
    assert (put_off, week) == (["anna@example.org>"], ["anna@example.org>"])
    assert (handed, done) == (["boris@example.org>"], [])
    assert {r.reason for r in rows(tracker, lead="0d", subject=COLOGNE[1])} == {"done"}
    assert {r.reason for r in rows(tracker, lead="-7d", user_id=boris, subject=COLOGNE[1])} == {"claimed"}


@pytest.mark.parametrize("day", [dt.date(2026, 10, 29), dt.date(2029, 1, 1)])
def test_nothing_is_put_off_to_a_day_that_is_not_to_come(tracker: Tracker, day: dt.date) -> None:
    anna, task_id = person(tracker), task(tracker)

    with pytest.raises(InvalidInput) as fault:
        tasks.snooze(tracker.database, task_id, day, anna, NOW)

    assert (fault.value.problems[0].field, fault.value.problems[0].value) == ("until", day.isoformat())
    assert rows(tracker) == []


def test_who_has_it_is_reminded_and_nobody_else() -> None:
    assert skip_reason(TaskStatus.OPEN, None, 1) is None
    assert skip_reason(TaskStatus.CLAIMED, 1, 1) is None
    assert skip_reason(TaskStatus.CLAIMED, 1, 2) is SkipReason.CLAIMED
    assert skip_reason(TaskStatus.CLAIMED, 1, None) is SkipReason.CLAIMED
    assert skip_reason(TaskStatus.DONE, 1, 1) is SkipReason.DONE
