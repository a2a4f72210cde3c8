"""A reminder that falls due, as programs are told of it: which rule, and how far from what."""

import datetime as dt

import pytest

from tracker.domain.dates import HistoricDate
from tracker.domain.reminders import due_to
from tracker.domain.rules import About, Audience, Lead, Matter, Rule, To, due_of

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("about", "lead", "when", "day", "distance"),
    [
        (About.START, "-2w", "2027-05-08", "2027-04-24", 14),
        (About.START, "-1d", "2027-06", "2027-05-31", 1),
        (About.END, "+1d", "2027-05-10", "2027-05-11", -1),
        # It ended some time in June: what asks afterwards counts from the end of the month.
        (About.END, "+1d", "2027-06", "2027-07-01", -1),
    ],
)
def test_the_distance_is_counted_from_the_end_that_the_reminder_lies_at(
    about: About, lead: str, when: str, day: str, distance: int
) -> None:
    rule = Rule("trip", about, (Lead.parse(lead),), (Audience(To.FOLLOWERS),))
    matter = Matter(about, "activity:1", 2027, HistoricDate.parse(when), LONG_AGO, title={"en": "Visit"})

    [due] = due_of(rule, matter)
    told = due_to(due, {}, ["b@example.org", "a@example.org"])

    assert due.day.isoformat() == day
    assert (told.kind, told.rule, told.on, told.lead_days) == (about.value, "trip", when, distance)
    assert told.as_json()["to"] == ["a@example.org", "b@example.org"]
