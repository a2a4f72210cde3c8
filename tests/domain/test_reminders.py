"""When a reminder is due, to the day and to the moment, and until when it is of use."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.reminders import (
    OUTLOOK,
    Planned,
    Recipient,
    Reminder,
    due_at,
    due_to,
    expires_at,
    find,
    last_day,
    plan,
    reminders_between,
)
from tracker.domain.twins import Twin

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def occasion(edtf: str, key: str = "founding:cologne") -> Occasion:
    return Occasion(key, OccasionKind.TWINNING, ("cologne",), HistoricDate.parse(edtf))


def observance(rule: str) -> Occasion:
    return Occasion("observance:x", OccasionKind.OBSERVANCE, (), rule=rule, titles={"en": "Victory Day"})


def days_in(year: int, *occasions: Occasion) -> list[tuple[str, int]]:
    found = reminders_between(occasions, dt.date(year, 1, 1), dt.date(year, 12, 31))
    return [(r.day.isoformat(), r.lead_days) for r in found if r.subject != OUTLOOK]


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]  # a star has no types


def test_an_anniversary_is_announced_thirty_and_seven_days_before_and_on_its_day() -> None:
    assert days_in(2026, occasion("1988-11-28")) == [("2026-10-29", 30), ("2026-11-21", 7), ("2026-11-28", 0)]


def test_a_round_one_is_announced_also_a_year_half_a_year_and_a_quarter_before() -> None:
    # 40 years on 28 November 2028; the year 2027 sees its own three and the long notice of the round one.
    assert days_in(2027, occasion("1988-11-28")) == [
        ("2027-10-29", 30),
        ("2027-11-21", 7),
        ("2027-11-28", 0),
        ("2027-11-29", 365),
    ]
    assert days_in(2028, occasion("1988-11-28")) == [
        ("2028-06-01", 180),
        ("2028-08-30", 90),
        ("2028-10-29", 30),
        ("2028-11-21", 7),
        ("2028-11-28", 0),
    ]


def test_an_observance_is_announced_like_any_other_day() -> None:
    assert days_in(2026, observance("05-09")) == [("2026-04-09", 30), ("2026-05-02", 7), ("2026-05-09", 0)]


def test_what_is_known_to_the_month_is_announced_on_its_first_day() -> None:
    (only,) = reminders_between([occasion("1959-09")], dt.date(2026, 9, 1), dt.date(2026, 9, 30))

    assert (only.day, only.when.edtf, only.lead_days) == (dt.date(2026, 9, 1), "2026-09", 0)


def test_what_is_known_to_the_year_has_its_line_in_the_outlook_and_no_day() -> None:
    found = reminders_between([occasion("1944")], dt.date(2026, 1, 1), dt.date(2026, 12, 31))

    assert [(r.subject, r.day, r.when.edtf) for r in found] == [(OUTLOOK, dt.date(2026, 1, 2), "2026")]
    assert [come.number for come in found[0].comes] == [82]


def test_the_outlook_tells_of_days_only_where_they_are_round() -> None:
    known = [occasion("1988-11-28", "plain"), occasion("1986-05-01", "round"), occasion("1959-09", "month")]

    (outlook,) = reminders_between(known, dt.date(2026, 1, 2), dt.date(2026, 1, 2))

    assert {come.occasion.key for come in outlook.comes} == {"round", "month"}


def test_there_is_no_outlook_on_a_year_without_anything_to_say() -> None:
    assert reminders_between([occasion("1988-11-28")], dt.date(2026, 1, 2), dt.date(2026, 1, 2)) == []


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Europe/Berlin", dt.date(2026, 11, 28), utc(2026, 11, 28, 7)),
        ("Europe/Berlin", dt.date(2026, 7, 1), utc(2026, 7, 1, 6)),
        ("Europe/Volgograd", dt.date(2026, 11, 28), utc(2026, 11, 28, 5)),
        ("America/New_York", dt.date(2026, 11, 28), utc(2026, 11, 28, 13)),
        # The days on which the clocks change: they did so before eight.
        ("Europe/Berlin", dt.date(2026, 3, 29), utc(2026, 3, 29, 6)),
        ("Europe/Berlin", dt.date(2026, 10, 25), utc(2026, 10, 25, 7)),
        ("America/New_York", dt.date(2026, 3, 8), utc(2026, 3, 8, 12)),
        ("America/New_York", dt.date(2026, 11, 1), utc(2026, 11, 1, 13)),
        # Far east the day has come while it is still the day before in UTC.
        ("Pacific/Kiritimati", dt.date(2026, 11, 28), utc(2026, 11, 27, 18)),
        # Samoa had no 30 December 2011 at all: the nearest thing to it is the morning after the leap.
        ("Pacific/Apia", dt.date(2011, 12, 30), utc(2011, 12, 30, 18)),
    ],
)
def test_it_is_due_at_eight_where_the_person_is(zone: str, day: dt.date, moment: dt.datetime) -> None:
    assert due_at(day, zone) == moment


def test_nothing_is_planned_that_was_due_before_somebody_had_an_account() -> None:
    added = utc(2026, 11, 10, 12)
    people = [Recipient(1, "Europe/Berlin", LONG_AGO), Recipient(2, "Europe/Berlin", added)]

    wanted = plan([(occasion("1988-11-28"), LONG_AGO)], people, utc(2026, 10, 1), utc(2026, 11, 28, 7))

    assert [(p.user_id, p.lead_days) for p in wanted] == [(1, 30), (1, 7), (1, 0), (2, 7), (2, 0)]


def test_nothing_is_planned_that_was_due_before_the_occasion_was_known() -> None:
    told = utc(2026, 11, 21, 7, 0, 1)

    wanted = plan(
        [(occasion("1988-11-28"), told)], [Recipient(1, "Europe/Berlin", LONG_AGO)], utc(2026, 10, 1), utc(2026, 12, 1)
    )

    assert [p.lead_days for p in wanted] == [0]


@pytest.mark.parametrize(
    ("when", "lead", "last"),
    [
        ("2026-11-28", 0, dt.date(2026, 11, 29)),
        ("2026-11-28", 7, dt.date(2026, 11, 24)),
        ("2026-11-28", 30, dt.date(2026, 11, 12)),
        ("2026-11-28", 90, dt.date(2026, 10, 13)),
        ("2026-11-28", 365, dt.date(2026, 5, 29)),
        ("2026-09", 0, dt.date(2026, 9, 30)),
        ("2026", 0, dt.date(2026, 1, 31)),
    ],
)
def test_a_late_reminder_is_of_use_while_half_of_its_notice_is_left(when: str, lead: int, last: dt.date) -> None:
    assert last_day(HistoricDate.parse(when), lead) == last


def test_no_late_reminder_is_still_of_use_when_the_next_one_is_due() -> None:
    on = HistoricDate.parse("2026-11-28")

    for lead, shorter in ((365, 180), (180, 90), (90, 30), (30, 7), (7, 0)):
        assert last_day(on, lead) < dt.date(2026, 11, 28) - shorter * DAY


def test_it_is_of_use_until_the_end_of_the_persons_own_day() -> None:
    assert expires_at(HistoricDate.parse("2026-11-28"), 0, "America/New_York") == utc(2026, 11, 30, 5)


def test_a_planned_reminder_holds_no_more_once_its_occasion_has_another_date() -> None:
    planned = Planned(1, "founding:cologne", 2026, 7, "2026-11-28", utc(2026, 11, 21, 7))

    assert isinstance(find([occasion("1988-11-28")], planned), Reminder)
    assert find([occasion("1988-11-29")], planned) is None
    assert find([], planned) is None


def test_a_reminder_is_told_to_programs_in_three_languages() -> None:
    cologne = Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE")
    (reminder,) = reminders_between([occasion("1988-11-28")], dt.date(2026, 11, 28), dt.date(2026, 11, 28))

    told = due_to(reminder, {"cologne": cologne}, ["b@example.org", "a@example.org"]).as_json()

    assert told == {
        "kind": "twinning",
        "twin": "cologne",
        "years": 38,
        "on": "2026-11-28",
        "lead_days": 0,
        "round": False,
        "title": {
            "de": "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd",
            "en": "38th anniversary of the twinning Cologne – Volgograd",
            "ru": "38-я годовщина побратимских связей: Кёльн – Волгоград",
        },
        "to": ["a@example.org", "b@example.org"],
    }


@settings(max_examples=60, deadline=None)
@given(
    happened=st.dates(dt.date(1940, 1, 1), dt.date(2020, 12, 31)),
    zone=st.sampled_from(
        ["Europe/Berlin", "Europe/Volgograd", "America/New_York", "Pacific/Kiritimati", "Pacific/Niue"]
    ),
    first=st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)),
    hour=st.integers(0, 23),
    steps=st.lists(st.integers(1, 40), min_size=30, max_size=60),
)
def test_however_time_is_cut_every_lead_of_every_year_is_due_once_on_the_right_local_day(
    happened: dt.date, zone: str, first: dt.date, hour: int, steps: list[int]
) -> None:
    known = [(occasion(happened.isoformat()), LONG_AGO)]
    people = [Recipient(1, zone, LONG_AGO)]
    begin = at = dt.datetime.combine(first, dt.time(hour), dt.UTC)
    found: list[Planned] = []

    for days in steps:
        found += plan(known, people, at, at + days * DAY - dt.timedelta(microseconds=1))
        at += days * DAY

    announced = [p for p in found if p.subject != OUTLOOK]
    assert len({p.key for p in announced}) == len(announced)
    for planned in announced:
        local = planned.due_at.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (8, 0)
        assert local.date() == dt.date.fromisoformat(planned.when) - planned.lead_days * DAY
    expected = {
        (year, lead)
        for year in range(2024, 2035)
        for lead in ((30, 7, 0, 365, 180, 90) if (year - happened.year) % 5 == 0 else (30, 7, 0))
        if begin <= due_at(_kept_in(happened, year) - lead * DAY, zone) < at and year > happened.year
    }
    assert {(p.year, p.lead_days) for p in announced} == expected


def _kept_in(happened: dt.date, year: int) -> dt.date:
    leap = (happened.month, happened.day) == (2, 29)
    return dt.date(year, 2, 28) if leap and year % 4 else happened.replace(year=year)
