"""Reminders of activities, from the form to the mail: to whom, when, once, and not of what is no more."""

import datetime as dt
from typing import Any

from tests.calendars import COVENTRY, put_twin, record, revise
from tests.reminding import ME, person, rows, utc, work
from tracker.actions.activities import remove_activity, restore_activity
from tracker.actions.rules import add_rule
from tracker.bootstrap import Tracker
from tracker.domain.commands import RemoveActivity, RestoreActivity
from tracker.domain.reminders import SkipReason
from tracker.gateways.mail import MemoryMail

FOR_WHO_ANSWERS = [{"to": "responsible"}]


def rule(tracker: Tracker, about: str, *leads: str, audience: Any = FOR_WHO_ANSWERS, **choice: Any) -> str:
    document = {"about": about, "names": {"en": "Mine"}, "leads": list(leads), "audience": audience, "choice": choice,
                "wording": {}, "late_days": None, "task": False}  # fmt: skip
    return add_rule(tracker.database, document, ME, tracker.clock())


def test_who_answers_for_a_trip_is_told_once_though_it_is_moved(tracker: Tracker) -> None:
    put_twin(tracker, COVENTRY)
    anna = person(tracker, "anna@example.org")
    person(tracker, "boris@example.org")
    rule(tracker, "activity_start", "-2w")
    trip = record(tracker, start="2026-11-20", twins=["coventry"], responsible="anna@example.org")
    mail = MemoryMail()

    assert work(tracker, mail, utc(2026, 11, 6, 6)) == []
    (sent,) = work(tracker, mail, utc(2026, 11, 6, 8))
    assert "Visit of the mayor" in sent["Subject"]
    assert sent["To"] == "Anna <anna@example.org>"
    trip = revise(tracker, trip, start="2026-12-11")
    assert work(tracker, mail, utc(2026, 11, 27, 12)) == []
    assert [(row.user_id, row.subject, row.year) for row in rows(tracker)] == [(anna, f"activity:{trip.id}", 2026)]


def test_a_title_mended_after_the_hour_does_not_swallow_what_was_due(tracker: Tracker) -> None:
    put_twin(tracker, COVENTRY)
    person(tracker, "anna@example.org")
    rule(tracker, "activity_start", "-2w")
    trip = record(tracker, start="2026-11-20", twins=["coventry"], responsible="anna@example.org")
    mail = MemoryMail()
    assert work(tracker, mail, utc(2026, 11, 1, 6)) == []

    # The tracker was off in the morning; the first thing done when it runs again is to mend a word.
    tracker.clock.set(utc(2026, 11, 6, 15))  # type: ignore[attr-defined]  # a test's clock
    revise(tracker, trip, title={"en": "Visit of the choir"})

    (sent,) = work(tracker, mail, utc(2026, 11, 6, 16))
    assert "Visit of the choir" in sent["Subject"]


def test_what_was_called_off_is_withdrawn_and_comes_back_for_what_is_to_come(tracker: Tracker) -> None:
    put_twin(tracker, COVENTRY)
    person(tracker, "anna@example.org")
    rule(tracker, "activity_start", "-4w", "-2w")
    trip = record(tracker, start="2026-11-20", twins=["coventry"], responsible="anna@example.org", status="planned")
    mail = MemoryMail()
    work(tracker, mail, utc(2026, 10, 20, 6))

    trip = revise(tracker, trip, status="cancelled", reason="rain")

    assert work(tracker, mail, utc(2026, 10, 23, 12)) == []
    assert {(row.status, row.reason) for row in rows(tracker)} == {("skipped", SkipReason.WITHDRAWN)}
    revise(tracker, trip, status="planned")
    assert work(tracker, mail, utc(2026, 10, 23, 13)) == []
    assert len(work(tracker, mail, utc(2026, 11, 6, 12))) == 1
    assert sorted((row.lead, row.status) for row in rows(tracker)) == [("-2w", "sent"), ("-4w", "skipped")]


def test_what_lay_in_the_bin_by_mistake_is_reminded_of_late_and_not_twice(tracker: Tracker) -> None:
    put_twin(tracker, COVENTRY)
    person(tracker, "anna@example.org")
    rule(tracker, "activity_start", "-3w", "-2w")
    trip = record(tracker, start="2026-11-20", twins=["coventry"], responsible="anna@example.org")
    mail = MemoryMail()
    assert len(work(tracker, mail, utc(2026, 10, 30, 8))) == 1
    clock, database = tracker.clock, tracker.database
    clock.set(utc(2026, 11, 6, 5))  # type: ignore[attr-defined]  # a test's clock
    remove_activity(database, RemoveActivity(trip.id, None), ME, clock())
    assert work(tracker, mail, utc(2026, 11, 6, 8)) == []

    clock.set(utc(2026, 11, 6, 9))  # type: ignore[attr-defined]  # likewise
    restore_activity(database, RestoreActivity(trip.id, None), ME, clock())

    (sent,) = work(tracker, mail, utc(2026, 11, 6, 10))
    assert "Visit of the mayor" in sent["Subject"]
    assert sorted((row.lead, row.status) for row in rows(tracker)) == [("-2w", "sent"), ("-3w", "sent")]


def test_a_silent_twin_is_told_of_once_until_something_is_done(tracker: Tracker) -> None:
    put_twin(tracker, COVENTRY)
    person(tracker, "anna@example.org")
    rule(tracker, "silent_twin", "0d", audience=[{"to": "followers"}], months=12)
    record(tracker, start="2025-11-20", twins=["coventry"], status="held")
    mail = MemoryMail()

    (sent,) = work(tracker, mail, utc(2026, 11, 20, 8))

    assert "No activity with Coventry since 20 November 2025" in sent["Subject"]
    assert work(tracker, mail, utc(2026, 11, 20, 8) + dt.timedelta(days=300)) == []
