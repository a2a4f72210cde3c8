"""One mail a morning with all that is due; nothing in quiet hours; and nothing of what others do or nobody wants."""

import datetime as dt
from typing import Any

import pytest

from tests.reminding import ME, person, rows, take_in, text, utc, wish, work
from tracker.actions.preferences import preferences, save_preferences
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.actions.rules import add_rule, switch_rule
from tracker.bootstrap import Tracker
from tracker.domain.deliveries import Channel
from tracker.gateways.mail import MemoryMail
from tracker.store.chats import ChatRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.tasks import TaskRow

MORNING = utc(2026, 11, 28, 7)
"""Eight o'clock in Berlin: Cologne's 38 years are today, its 40 in two years' time."""


def eve(tracker: Tracker) -> MemoryMail:
    """Everything before that morning has been dealt with."""
    take_in(tracker)
    work(tracker, mail := MemoryMail(), MORNING - dt.timedelta(hours=9))
    return mail


def test_all_of_a_morning_is_one_mail_with_a_stable_message_id(with_registry_read: Tracker) -> None:
    person(with_registry_read, single_mails=False)
    mail = eve(with_registry_read)

    (digest,) = work(with_registry_read, mail, MORNING)

    assert digest["Subject"].startswith("Today: 38th anniversary of the twinning Cologne")
    assert digest["Subject"].endswith("– and 1 more")
    said = text(digest)
    assert "2 reminders this morning" in said
    assert said.index("38th anniversary") < said.index("40th anniversary")
    assert "please write to the association" in said
    ledger = rows(with_registry_read, subject="founding:cologne", status="sent")
    told = [row for row in ledger if row.lead in ("0d", "-24m")]
    assert len({row.delivery_id for row in told}) == 1
    with with_registry_read.database.reading() as session:
        assert session.get_one(DeliveryRow, told[0].delivery_id).key == f"reminder:{min(row.id for row in told)}"
        tasks = {(task.subject, task.year): task.id for task in session.query(TaskRow)}
    for row in told:
        assert f"/reminders/{row.id}" in said
        assert f"/tasks/{tasks[row.subject, row.year]}" in said


def test_who_only_reads_is_not_offered_to_take_a_task_on(with_registry_read: Tracker) -> None:
    person(with_registry_read, role="reader", single_mails=False)
    mail = eve(with_registry_read)

    (digest,) = work(with_registry_read, mail, MORNING)

    assert "38th anniversary" in text(digest)
    assert "/tasks/" not in text(digest)


def test_a_task_travels_by_itself_where_a_mail_program_takes_it_over(with_registry_read: Tracker) -> None:
    person(with_registry_read, single_mails=False, tasks_by_mail=True)
    mail = eve(with_registry_read)

    mails = work(with_registry_read, mail, MORNING)

    tasks = [part.get_content() for m in mails for part in m.walk() if part.get_content_type() == "text/calendar"]
    assert len(mails) == len(tasks) == 2
    assert all("BEGIN:VTODO" in task for task in tasks)
    assert {task.split("DUE;VALUE=DATE:")[1][:8] for task in tasks} == {"20261129", "20281128"}


def test_in_quiet_hours_nothing_leaves_and_at_their_end_it_does(with_registry_read: Tracker) -> None:
    # Quiet until nine, and a morning at eight: it is planned for nine.
    person(with_registry_read, single_mails=False, quiet_from=22 * 60, quiet_until=9 * 60)
    mail = eve(with_registry_read)

    assert work(with_registry_read, mail, MORNING) == []
    assert work(with_registry_read, mail, MORNING + dt.timedelta(minutes=59)) == []
    assert len(work(with_registry_read, mail, MORNING + dt.timedelta(hours=1))) == 1


def test_what_is_late_waits_for_the_end_of_quiet_hours_too_and_the_plan_leaves_it_there(
    with_registry_read: Tracker,
) -> None:
    user_id = person(with_registry_read, single_mails=False)
    mail = eve(with_registry_read)
    wish(with_registry_read, user_id, quiet_from=22 * 60, quiet_until=6 * 60)

    # Off all day, back at eleven in the evening.
    at_night = [m for minutes in (0, 1, 2) for m in work(with_registry_read, mail, utc(2026, 11, 28, 22, minutes))]
    in_the_morning = work(with_registry_read, mail, utc(2026, 11, 29, 5))

    assert at_night == []
    assert [m["Subject"].split(":")[0] for m in in_the_morning] == ["Yesterday"]


def test_what_nobody_takes_on_is_told_to_administrators_in_the_same_mail(with_registry_read: Tracker) -> None:
    person(with_registry_read, "editor@example.org")
    person(with_registry_read, "boss@example.org", role="administrator")
    take_in(with_registry_read)
    work(with_registry_read, mail := MemoryMail(), utc(2026, 11, 20, 22))

    mails = work(with_registry_read, mail, utc(2026, 11, 21, 7))

    of_cologne = {str(m["To"].addresses[0].addr_spec): text(m) for m in mails if "38th" in m["Subject"]}
    assert {to: "Nobody has taken this on yet." in said for to, said in of_cologne.items()} == {
        "editor@example.org": False,
        "boss@example.org": True,
    }


def test_what_somebody_has_taken_on_is_told_to_nobody_else(with_registry_read: Tracker) -> None:
    anna, boss = person(with_registry_read), person(with_registry_read, "boss@example.org", role="administrator")
    take_in(with_registry_read)
    work(with_registry_read, mail := MemoryMail(), utc(2026, 10, 29, 12))
    with with_registry_read.database.unit("test", utc(2026, 11, 20, 22)) as unit:
        (task,) = (
            task for task in unit.session.query(TaskRow) if (task.subject, task.year) == ("founding:cologne", 2026)
        )
        task.status, task.user_id, task.version = "claimed", anna, task.version + 1

    work(with_registry_read, mail, utc(2026, 11, 20, 22))
    mails = work(with_registry_read, mail, utc(2026, 11, 21, 7))

    assert [str(m["To"].addresses[0].addr_spec) for m in mails if "38th" in m["Subject"]] == ["anna@example.org"]
    told = {r.lead: r.reason for r in rows(with_registry_read, subject="founding:cologne", year=2026, user_id=boss)}
    assert (told["-7d"], told["escalation"]) == ("claimed", "claimed")


def own_rule(tracker: Tracker, *audience: dict[str, str]) -> str:
    document: dict[str, Any] = {
        "about": "occasion", "names": {"en": "Greetings"}, "leads": ["0d"], "audience": audience, "late_days": None,
        "choice": {"twins": ["cologne"]}, "task": False,
        "wording": {"de": {"subject": "{title} – {days} Tage", "text": "Guten Tag {name}!\n\nEs geht um {twin}."}},
    }  # fmt: skip
    return add_rule(tracker.database, document, ME, utc(2026, 10, 2))


def test_an_address_and_a_chat_are_told_in_their_language_by_the_rules_own_words(with_registry_read: Tracker) -> None:
    with with_registry_read.database.unit("test", utc(2026, 10, 1)) as unit:
        chat = ChatRow(version=1, name="Board", url="json://x", language="ru", timezone="Europe/Berlin",
                       created_at=utc(2026, 10, 1))  # fmt: skip
        unit.session.add(chat)
    own_rule(with_registry_read, {"to": "address", "value": "town@example.org", "language": "de"},
             {"to": "chat", "value": str(chat.id)})  # fmt: skip
    mail = eve(with_registry_read)

    mails = [m for hour in (0, 1) for m in work(with_registry_read, mail, MORNING + dt.timedelta(hours=hour))]

    (to_town,) = [m for m in mails if "town@" in str(m["To"])]
    assert to_town["Subject"] == "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd – 0 Tage"
    assert "Es geht um Köln." in text(to_town)
    assert to_town["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert to_town["Auto-Submitted"] == "auto-generated"
    with with_registry_read.database.reading() as session:
        (message,) = session.query(DeliveryRow).filter_by(channel=Channel.CHAT.value)
    assert message.payload["chat"] == chat.id
    assert message.payload["title"].startswith("38-я годовщина")


def test_a_rule_switched_off_and_a_twin_no_longer_followed_let_go_with_their_reason(
    with_registry_read: Tracker,
) -> None:
    anna = person(with_registry_read)
    key = own_rule(with_registry_read, {"to": "followers"})
    take_in(with_registry_read)
    database, now = with_registry_read.database, utc(2026, 11, 1)
    plan_reminders(database, now)

    switch_rule(database, key, False, ME, now)
    other = {**vars(preferences(database, anna)), "follows": ("kemi",)}
    save_preferences(database, anna, type(preferences(database, anna))(**other), "user:1", now)
    plan_reminders(database, now)
    let_go = {(r.rule, r.reason) for r in rows(with_registry_read, subject="founding:cologne", lead="0d")}
    switch_rule(database, key, True, ME, now)
    save_preferences(database, anna, type(preferences(database, anna))(**{**other, "follows": ()}), "user:1", now)
    plan_reminders(database, now)

    assert let_go == {(key, "rule_off"), ("anniversary", "not_for_you")}
    assert {r.status for r in rows(with_registry_read, subject="founding:cologne", lead="0d")} == {"planned"}


def test_a_plan_is_made_again_when_something_changed_and_on_the_next_day(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    database, now = with_registry_read.database, utc(2026, 11, 1)
    plan_reminders(database, now)
    with database.unit("test", now) as unit:
        # Nothing tells of it, so that only a plan that is made again brings it back.
        unit.session.delete(row := rows(with_registry_read, subject="founding:cologne", lead="0d")[0])

    assert plan_reminders(database, now + dt.timedelta(hours=1)) == 0
    wish(with_registry_read, 1, remind_at=480)
    assert plan_reminders(database, now + dt.timedelta(hours=1)) == 1
    assert rows(with_registry_read, subject="founding:cologne", lead="0d")[0].planned == row.planned


@pytest.mark.parametrize("mode", ["embedded"])
def test_a_tick_without_anything_due_waits_for_no_writer(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    database, now = with_registry_read.database, utc(2026, 11, 1)
    work(with_registry_read, MemoryMail(), now)

    with database.unit("somebody", now):  # holds SQLite's one write lock, and the turn of this process
        assert queue_due(database, now, with_registry_read.letterhead) == 0
        assert plan_reminders(database, now) == 0
