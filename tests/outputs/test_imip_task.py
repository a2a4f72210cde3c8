"""A task for mail programs, read back by the program library that reads calendars."""

import datetime as dt
from typing import Any

from icalendar import Calendar

from tracker.outputs.imip_task import todo

TITLE = "38-я годовщина: города-побратимы Кёльн – Волгоград; письмо, подарок и телеграмма от всего города"


def read(due: dt.date, stamp: dt.datetime) -> Any:
    text = todo(
        "task-7@tracker",
        TITLE,
        due,
        "https://tracker.example.org/tasks/7?x=ж",
        "tracker@example.org",
        "anna+verein@example.org",
        2,
        stamp,
    )
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    return Calendar.from_ical(text)


def test_a_task_is_asked_of_one_person() -> None:
    calendar = read(dt.date(2026, 11, 28), dt.datetime(2026, 10, 29, 7, tzinfo=dt.UTC))

    (task,) = calendar.walk("VTODO")
    assert calendar["METHOD"] == "REQUEST"
    assert task["SUMMARY"] == TITLE
    assert task["URL"] == "https://tracker.example.org/tasks/7?x=%D0%B6"
    assert (task["UID"], task["SEQUENCE"], task["PRIORITY"]) == ("task-7@tracker", 2, 0)
    assert (task["DTSTART"].dt, task["DUE"].dt) == (dt.date(2026, 10, 29), dt.date(2026, 11, 28))
    assert task["ORGANIZER"] == "mailto:tracker@example.org"
    assert task["ATTENDEE"] == "mailto:anna+verein@example.org"
    assert task["ATTENDEE"].params["PARTSTAT"] == "NEEDS-ACTION"


def test_a_task_of_today_or_of_yesterday_still_begins_before_it_is_due() -> None:
    (task,) = read(dt.date(2026, 11, 28), dt.datetime(2026, 11, 29, 7, tzinfo=dt.UTC)).walk("VTODO")

    assert task["DTSTART"].dt < task["DUE"].dt == dt.date(2026, 11, 28)
