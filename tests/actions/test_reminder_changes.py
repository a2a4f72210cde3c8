"""When a date is corrected or an occasion goes: what is to come follows, and nothing of a year leaves twice."""

import datetime as dt
from typing import Any

from tests.reminding import ME, of_cologne, person, rows, take_in, utc, work
from tracker.actions.activities import record_activity, remove_activity
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.bootstrap import Tracker
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import RecordActivity, RemoveActivity
from tracker.domain.events import EventType
from tracker.gateways.mail import MemoryMail
from tracker.store.twins import TwinRow


def gift(tracker: Tracker, start: str) -> Any:
    content = ActivityContent.model_validate(
        {"kind": "milestone", "subtype": "gift", "status": "held", "title": {"en": "A bell"}, "twins": ["cologne"],
         "start": start}
    )  # fmt: skip
    return record_activity(tracker.database, RecordActivity(content), ME, tracker.clock()).id


def test_an_occasion_that_is_gone_takes_its_planned_reminders_along(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    made = gift(with_registry_read, "1990-10-20")
    take_in(with_registry_read)
    plan_reminders(with_registry_read.database, with_registry_read.clock())
    remove_activity(with_registry_read.database, RemoveActivity(made, None), ME, with_registry_read.clock())
    take_in(with_registry_read)

    mails = work(with_registry_read, MemoryMail(), utc(2026, 10, 20, 8))

    assert not [m for m in mails if "bell" in m["Subject"].lower() and "Hiroshima" not in m["Subject"]]
    gone = rows(with_registry_read, subject=f"milestone:{made}")
    assert [(r.lead, r.status, r.reason) for r in gone] == [
        ("-7d", "skipped", "withdrawn"),
        ("0d", "skipped", "withdrawn"),
    ]


def test_one_that_goes_between_planning_and_its_hour_is_not_sent(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    made = gift(with_registry_read, "1990-10-20")
    take_in(with_registry_read)
    moment = utc(2026, 10, 20, 8)
    plan_reminders(with_registry_read.database, moment)
    remove_activity(with_registry_read.database, RemoveActivity(made, None), ME, with_registry_read.clock())
    take_in(with_registry_read)

    queue_due(with_registry_read.database, moment, with_registry_read.letterhead)

    assert {r.reason for r in rows(with_registry_read, subject=f"milestone:{made}")} == {"withdrawn"}


def change_date(tracker: Tracker, edtf: str, at: dt.datetime) -> None:
    with tracker.database.unit("test", at) as unit:
        row = unit.session.get_one(TwinRow, "cologne")
        row.version += 1
        row.dates[0].edtf = edtf
        unit.append(EventType.TWIN_REVISED, "twin:cologne", {})
    take_in(tracker)


def test_a_corrected_date_moves_what_is_to_come_and_sends_nothing_of_the_year_twice(
    with_registry_read: Tracker,
) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail = MemoryMail()
    work(with_registry_read, mail, utc(2026, 10, 29, 8))

    change_date(with_registry_read, "1988-12-05", utc(2026, 10, 29, 9))
    sent = [
        m for day in range(29, 68) for m in work(with_registry_read, mail, utc(2026, 10, 1, 8) + day * dt.timedelta(1))
    ]

    now = {r.lead: (r.status, r.when) for r in rows(with_registry_read, subject="founding:cologne", year=2026)}
    assert now == {"-30d": ("sent", "2026-11-28"), "-7d": ("sent", "2026-12-05"), "0d": ("sent", "2026-12-05")}
    assert [m["Subject"].split(":")[0] for m in of_cologne(sent) if "38th" in m["Subject"]] == ["In 7 days", "Today"]


def test_an_occasion_taken_back_by_mistake_and_restored_is_reminded_of_again(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    mail = MemoryMail()
    work(with_registry_read, mail, utc(2026, 11, 1))
    change_date(with_registry_read, "1988-06-01", utc(2026, 11, 2))
    work(with_registry_read, mail, utc(2026, 11, 2))
    change_date(with_registry_read, "1988-11-28", utc(2026, 11, 3))

    sent = [m for day in range(20, 30) for m in work(with_registry_read, mail, utc(2026, 11, day, 8))]

    assert [m["Subject"].split(":")[0] for m in of_cologne(sent) if "38th" in m["Subject"]] == ["In 7 days", "Today"]
