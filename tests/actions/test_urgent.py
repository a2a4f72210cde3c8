"""A change that the calendar program would show too late goes by mail: once, to its readers, and with its entry."""

import dataclasses
import datetime as dt
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest

from tests.calendars import (
    COLOGNE,
    COVENTRY,
    ME,
    by_token_hash,
    choice,
    entries,
    put_twin,
    record,
    remove,
    revise,
    sent,
)
from tests.journeys.processes import smtp_server
from tests.reminding import person, text
from tracker.actions.calendars import new_subscription, token_hash
from tracker.actions.deliveries import deliver_due
from tracker.actions.exports import export_calendars
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Activity
from tracker.domain.choices import CalendarChoice
from tracker.gateways.mail import MemoryMail, for_installation
from tracker.store import event_log
from tracker.store.accounts import UserRow
from tracker.store.deliveries import DeliveryRow
from tracker.store.subscriptions import Fetch, SubscriptionRow, note_fetches

GOOGLE, THUNDERBIRD = "Google-Calendar-Importer", "Mozilla/5.0 Thunderbird/128.5.0"
HOUR = dt.timedelta(hours=1)
TOMORROW: dict[str, Any] = {"start": "2026-10-02T10:00", "end": "2026-10-02T12:00", "timezone": "Europe/Berlin"}
LATER: dict[str, Any] = {"start": "2026-10-02T11:00", "end": "2026-10-02T13:00"}


def work(tracker: Tracker) -> None:
    """What the workers do after a change."""
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    export_calendars(tracker.database, tracker.clock(), tracker.letterhead)


def mails(tracker: Tracker) -> list[EmailMessage]:
    """What leaves now."""
    work(tracker)
    mail = MemoryMail()
    deliver_due(tracker.database, mail, tracker.clock())
    return mail.sent


def subscribed(tracker: Tracker, wanted: CalendarChoice | None = None, email: str = "anna@example.org") -> str:
    return new_subscription(
        tracker.database, wanted or choice("cologne"), ME, tracker.clock(), name="Cologne", user_email=email
    )


def fetched(tracker: Tracker, token: str, agent: str = GOOGLE, gap: dt.timedelta = 24 * HOUR) -> None:
    """A program that looks every `gap` has just looked."""
    with tracker.database.unit("test", tracker.clock()) as unit:
        row = by_token_hash(unit.session, token_hash(token))
        assert row is not None
        looks = [tracker.clock() - gap, tracker.clock()]
        note_fetches(unit.session, [Fetch(row.id, agent, at, "") for at in looks])


def house(tracker: Tracker, **fields: Any) -> tuple[Activity, str]:
    """An activity of tomorrow noon that Anna's slow calendar has just seen."""
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    person(tracker)
    token = subscribed(tracker)
    activity = record(tracker, **(TOMORROW | fields))
    assert mails(tracker) == []
    fetched(tracker, token)
    return activity, token


def entry_of(mail: EmailMessage) -> tuple[str, Any]:
    """The method and the entry a mail brings."""
    (part,) = [
        part for part in mail.walk() if isinstance(part, EmailMessage) and part.get_content_type() == "text/calendar"
    ]
    calendar = icalendar.Calendar.from_ical(str(part.get_content()))
    (found,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found


def test_a_late_change_goes_by_mail_with_the_entry_of_the_calendar(tracker: Tracker) -> None:
    activity, token = house(tracker)

    revise(tracker, activity, **LATER)
    (mail,) = mails(tracker)

    method, told = entry_of(mail)
    shown = entries(sent(tracker, token))[f"{activity.id}@tracker"]
    assert method == "REQUEST"
    for name in ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS"):
        assert told[name].to_ical() == shown[name].to_ical()
    assert mail["To"] == "Anna <anna@example.org>"
    assert "When: Friday, 2 October 2026, 11:00–13:00 (Berlin time)" in text(mail)
    assert "Until now: Friday, 2 October 2026, 10:00–12:00 (Berlin time)" in text(mail)


def test_nothing_goes_twice(tracker: Tracker) -> None:
    activity, _ = house(tracker)
    revise(tracker, activity, **LATER)
    first = mails(tracker)

    again = mails(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        for bookmark in event_log.bookmarks(unit.session):
            bookmark.position = 0
    replayed = mails(tracker)

    assert (len(first), again, replayed) == (1, [], [])


@pytest.mark.parametrize("what", ["cancelled", "removed", "hidden", "moved to another twin"])
def test_what_is_off_or_no_longer_shown_is_taken_out(tracker: Tracker, what: str) -> None:
    activity, _ = house(tracker)

    if what == "removed":
        remove(tracker, activity)
    elif what == "cancelled":
        revise(tracker, activity, status="cancelled")
    elif what == "hidden":
        revise(tracker, activity, visibility="staff", title={"en": "Secret"})
    else:
        revise(tracker, activity, twins=["coventry"], title={"en": "Secret"})
    (mail,) = mails(tracker)

    method, told = entry_of(mail)
    assert (method, str(told["STATUS"]), str(told["UID"])) == ("CANCEL", "CANCELLED", f"{activity.id}@tracker")
    assert "Secret" not in mail.as_string()
    assert "does not take place" in text(mail)


def test_what_is_new_and_soon_is_told_and_what_comes_back_too(tracker: Tracker) -> None:
    activity, _ = house(tracker)

    fresh = record(tracker, **(TOMORROW | {"title": {"en": "Reception"}}))
    new = mails(tracker)
    off = revise(tracker, activity, status="cancelled")
    mails(tracker)
    revise(tracker, off, status="planned")
    back = mails(tracker)

    assert [m["Subject"].split(" – ")[0] for m in new + back] == ["New: Reception", "Changed: Visit of the mayor"]
    assert str(entry_of(new[0])[1]["UID"]) == f"{fresh.id}@tracker"
    assert entry_of(back[0])[0] == "REQUEST"


@pytest.mark.parametrize(
    ("fields", "changes"),
    [
        pytest.param({}, {"description": {"en": "A word mended"}}, id="nothing of weight"),
        pytest.param({"start": "2026-10-12T10:00", "end": None}, {"start": "2026-10-12T11:00"}, id="far off"),
        pytest.param({"start": "2026-09-30T10:00", "end": None}, {"start": "2026-09-30T11:00"}, id="over"),
        pytest.param({"visibility": "staff"}, LATER, id="never seen"),
        pytest.param({"twins": ["coventry"]}, LATER, id="another twin's"),
    ],
)
def test_other_changes_are_left_to_the_calendar(tracker: Tracker, fields: Any, changes: Any) -> None:
    activity, _ = house(tracker, **fields)

    revise(tracker, activity, **changes)

    assert mails(tracker) == []


def test_a_twin_with_another_name_moves_nobody(tracker: Tracker) -> None:
    house(tracker)

    put_twin(tracker, COLOGNE | {"names": {"en": "Cologne on the Rhine"}})

    assert mails(tracker) == []


def test_the_slowest_program_decides(tracker: Tracker) -> None:
    activity, token = house(tracker)
    fetched(tracker, token, THUNDERBIRD, HOUR)

    revise(tracker, activity, **LATER)

    assert len(mails(tracker)) == 1


@pytest.mark.parametrize(
    "change", [{"mail_urgent": False}, {"revoked_at": dt.datetime(2026, 10, 1, tzinfo=dt.UTC)}, {"user_id": None}]
)
def test_whoever_does_not_want_it_is_told_nothing(tracker: Tracker, change: dict[str, Any]) -> None:
    activity, token = house(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        row = by_token_hash(unit.session, token_hash(token))
        for name, value in change.items():
            setattr(row, name, value)

    revise(tracker, activity, **LATER)

    assert mails(tracker) == []
    with tracker.database.reading() as session:
        assert session.query(DeliveryRow).all() == []


def test_a_program_that_comes_in_time_or_never_came_needs_no_mail(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    person(tracker)
    person(tracker, "boris@example.org")
    quick, _unused = subscribed(tracker), subscribed(tracker, email="boris@example.org")
    activity = record(tracker, **TOMORROW)
    work(tracker)
    fetched(tracker, quick, THUNDERBIRD, HOUR)

    revise(tracker, activity, **LATER)

    assert mails(tracker) == []


def test_reminders_and_changes_are_switched_off_apart(tracker: Tracker) -> None:
    activity, _ = house(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.query(UserRow).one().reminders_by_mail = False

    revise(tracker, activity, **LATER)

    assert len(mails(tracker)) == 1


@pytest.mark.parametrize(
    ("what", "reason"), [("switched off", "unsubscribed"), ("begun", "too_late"), ("left", "account_closed")]
)
def test_what_waited_too_long_is_skipped_with_its_reason(tracker: Tracker, what: str, reason: str) -> None:
    activity, _ = house(tracker)
    revise(tracker, activity, **LATER)
    work(tracker)

    with tracker.database.unit("test", tracker.clock()) as unit:
        if what == "switched off":
            unit.session.query(SubscriptionRow).one().mail_urgent = False
        elif what == "left":
            unit.session.query(UserRow).one().active = False
    if what == "begun":
        tracker.clock.set(dt.datetime(2026, 10, 2, 9, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # a test's clock
    mail = MemoryMail()
    deliver_due(tracker.database, mail, tracker.clock())

    assert mail.sent == []
    with tracker.database.reading() as session:
        row = session.query(DeliveryRow).one()
        assert (row.status, row.reason, row.sort) == ("skipped", reason, "change")


def test_a_later_change_takes_the_place_of_a_mail_that_has_not_left(tracker: Tracker) -> None:
    activity, _ = house(tracker)
    once = revise(tracker, activity, **LATER)
    work(tracker)

    revise(tracker, once, start="2026-10-02T15:00", end=None)
    (mail,) = mails(tracker)

    assert "15:00" in mail["Subject"]
    with tracker.database.reading() as session:
        assert sorted((row.status, row.reason) for row in session.query(DeliveryRow)) == [
            ("sent", ""),
            ("skipped", "withdrawn"),
        ]


def test_who_sees_only_that_time_is_taken_gets_no_mail(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    person(tracker)
    token = subscribed(tracker, dataclasses.replace(choice("cologne"), busy=True))
    activity = record(tracker, **(TOMORROW | {"visibility": "staff"}))
    work(tracker)
    fetched(tracker, token)

    revise(tracker, activity, **LATER)

    assert mails(tracker) == []


def test_one_address_that_cannot_be_written_to_holds_nobody_back(tracker: Tracker) -> None:
    activity, _ = house(tracker)
    person(tracker, "boris@example.org")
    fetched(tracker, subscribed(tracker, email="boris@example.org"))
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.query(UserRow).filter_by(email="anna@example.org").one().email = "nobody"

    revise(tracker, activity, **LATER)

    assert [mail["To"].addresses[0].addr_spec for mail in mails(tracker)] == ["boris@example.org"]


def test_a_calendar_takes_over_what_the_mail_brings(tracker: Tracker) -> None:
    activity, token = house(tracker)
    held: dict[str, Any] = dict(entries(sent(tracker, token)))
    uid = f"{activity.id}@tracker"

    with smtp_server() as (url, mailbox):
        moved = revise(tracker, activity, **LATER)
        work(tracker)
        deliver_due(tracker.database, for_installation(url, tracker.settings.mail_folder), tracker.clock())
        revise(tracker, moved, status="cancelled")
        work(tracker)
        deliver_due(tracker.database, for_installation(url, tracker.settings.mail_folder), tracker.clock())
    starts = []
    for mail in mailbox.messages:
        method, told = entry_of(mail)
        assert int(told["SEQUENCE"]) > int(held[uid]["SEQUENCE"])  # else a program ignores it
        held[str(told["UID"])] = told
        starts.append((method, told.decoded("DTSTART").strftime("%H:%M")))

    assert starts == [("REQUEST", "11:00"), ("CANCEL", "11:00")]
    assert list(held) == list(entries(sent(tracker, token)))
    assert held[uid]["STATUS"] == entries(sent(tracker, token))[uid]["STATUS"] == "CANCELLED"


def test_an_activitys_parts_are_told_each_but_not_each_called_off(tracker: Tracker) -> None:
    programme = [
        {"id": "walk", "title": "Walk", "start": "2026-10-02T10:00", "timezone": "Europe/Berlin"},
        {"id": "talk", "title": "Talk", "start": "2026-10-02T11:00", "timezone": "Europe/Berlin"},
    ]
    activity, _ = house(tracker, details={"programme": programme})

    moved = revise(
        tracker, activity, details={"programme": [programme[0], programme[1] | {"start": "2026-10-02T11:30"}]}
    )
    one = mails(tracker)
    revise(tracker, moved, status="cancelled")
    off = mails(tracker)

    assert [str(entry_of(mail)[1]["UID"]) for mail in one] == [f"{activity.id}-programme-talk@tracker"]
    assert [str(entry_of(mail)[1]["UID"]) for mail in off] == [f"{activity.id}@tracker"]
