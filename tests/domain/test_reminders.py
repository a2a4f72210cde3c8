"""When a reminder is due, to the day and to the moment, and until when it is of use."""

import dataclasses
import datetime as dt
import itertools
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.dates import HistoricDate
from tracker.domain.matters import OUTLOOK, matter_of_occasion, matters_of_occasions, outlook_of
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.reminders import Planned, after_quiet, due_at, due_to, dues_between, expires_at, find_due, plan
from tracker.domain.rules import (
    ESCALATION,
    About,
    Audience,
    Due,
    Lead,
    Matter,
    Recipient,
    Rule,
    To,
    Years,
    due_of,
    last_day,
    with_escalation,
)  # fmt: skip
from tracker.domain.twins import Twin

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
FOLLOWERS = (Audience(To.FOLLOWERS),)
LEADS = ("-24m round", "-12m round", "-6m round", "-3m round", "-30d", "-7d", "0d")
ANNIVERSARY = Rule("anniversary", About.OCCASION, tuple(Lead.parse(text) for text in LEADS), FOLLOWERS)
YEARLY = Rule("outlook", About.OUTLOOK, (Lead(0),), FOLLOWERS)
ANNA = Recipient("user:1", "Europe/Berlin", LONG_AGO, role="editor", user_id=1)


def occasion(edtf: str, key: str = "founding:cologne") -> Occasion:
    return Occasion(key, OccasionKind.TWINNING, ("cologne",), HistoricDate.parse(edtf))


def observance(rule: str) -> Occasion:
    return Occasion("observance:x", OccasionKind.OBSERVANCE, (), rule=rule, titles={"en": "Victory Day"})


def matters(*occasions: Occasion, first: int = 2020, last: int = 2040, since: dt.datetime = LONG_AGO) -> list[Matter]:
    """Every time they come round in those years, and each year's outlook."""
    known = [(each, since) for each in occasions]
    outlooks = (outlook_of(known, year) for year in range(first, last + 1))
    found = list(matters_of_occasions(known, dt.date(first, 1, 1), dt.date(last, 12, 31)))
    return [*found, *(outlook for outlook in outlooks if outlook)]


def between(first: dt.date, last: dt.date, *occasions: Occasion) -> list[Due]:
    return dues_between((ANNIVERSARY, YEARLY), matters(*occasions), first, last)


def days_in(year: int, *occasions: Occasion) -> list[tuple[str, str]]:
    found = between(dt.date(year, 1, 1), dt.date(year, 12, 31), *occasions)
    return [(due.day.isoformat(), due.lead.code) for due in found if due.rule is ANNIVERSARY]


def an_activity(edtf: str, since: dt.datetime = LONG_AGO) -> Matter:
    return Matter(About.START, "activity:1", 2026, HistoricDate.parse(edtf), since, ("cologne",), title={"en": "Trip"})


def the_due(rule: Rule, matter: Matter, lead: str) -> Due:
    return next(due for due in due_of(rule, matter) if due.lead.code == lead)


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]  # a star has no types


def test_an_anniversary_is_announced_thirty_and_seven_days_before_and_on_its_day() -> None:
    assert days_in(2026, occasion("1988-11-28")) == [
        ("2026-10-29", "-30d"),
        ("2026-11-21", "-7d"),
        ("2026-11-28", "0d"),
        # The 40 years of 2028 are told of two years before.
        ("2026-11-28", "-24m"),
    ]


def test_a_round_one_is_announced_from_two_years_before() -> None:
    of_2028 = [(day, lead) for year in (2027, 2028) for day, lead in days_in(year, occasion("1988-11-28"))]

    assert of_2028 == [
        ("2027-10-29", "-30d"),
        ("2027-11-21", "-7d"),
        ("2027-11-28", "0d"),
        ("2027-11-28", "-12m"),
        ("2028-05-28", "-6m"),
        ("2028-08-28", "-3m"),
        ("2028-10-29", "-30d"),
        ("2028-11-21", "-7d"),
        ("2028-11-28", "0d"),
    ]


def test_an_observance_is_announced_like_any_other_day() -> None:
    assert days_in(2026, observance("05-09")) == [("2026-04-09", "-30d"), ("2026-05-02", "-7d"), ("2026-05-09", "0d")]


def test_what_is_known_to_the_month_is_announced_on_its_first_day() -> None:
    (only,) = between(dt.date(2026, 9, 1), dt.date(2026, 9, 30), occasion("1959-09"))

    assert (only.day, only.matter.when.edtf, only.lead.code) == (dt.date(2026, 9, 1), "2026-09", "0d")


def test_what_is_known_to_the_year_has_its_line_in_the_outlook_and_no_day() -> None:
    found = between(dt.date(2026, 1, 1), dt.date(2026, 12, 31), occasion("1944"))

    assert [(due.matter.subject, due.day, due.matter.when.edtf) for due in found] == [
        (OUTLOOK, dt.date(2026, 1, 2), "2026")
    ]
    assert [come.number for come in found[0].matter.comes] == [82]


def test_the_outlook_tells_of_days_only_where_they_are_round() -> None:
    known = [occasion("1988-11-28", "plain"), occasion("1986-05-01", "round"), occasion("1959-09", "month")]

    (outlook,) = between(dt.date(2026, 1, 2), dt.date(2026, 1, 2), *known)

    assert {come.occasion.key for come in outlook.matter.comes} == {"round", "month"}


def test_there_is_no_outlook_on_a_year_without_anything_to_say() -> None:
    assert between(dt.date(2026, 1, 2), dt.date(2026, 1, 2), occasion("1988-11-28")) == []


def test_a_trip_is_announced_weeks_and_months_before_and_after() -> None:
    rule = Rule("trip", About.START, tuple(Lead.parse(t) for t in ("-12m", "-10w", "+1d", "+2m")), FOLLOWERS)

    exact = {due.lead.code: due.day.isoformat() for due in due_of(rule, an_activity("2026-05-31"))}
    to_the_month = {due.lead.code: due.day.isoformat() for due in due_of(rule, an_activity("2026-05"))}

    assert exact == {"-12m": "2025-05-31", "-10w": "2026-03-22", "+1d": "2026-06-01", "+2m": "2026-07-31"}
    # Before it counts from its first day, after it from its last: sooner than needed rather than too late.
    assert to_the_month == {"-12m": "2025-05-01", "-10w": "2026-02-20", "+1d": "2026-06-01", "+2m": "2026-07-31"}
    assert list(due_of(rule, an_activity("2026"))) == []


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


def test_it_is_due_in_the_morning_that_the_person_chose() -> None:
    early = Recipient("user:1", "Europe/Berlin", LONG_AGO, role="editor", user_id=1, remind_at=dt.time(6, 30))

    (planned,) = plan([ANNIVERSARY], matters(occasion("1988-11-28")), [early], utc(2026, 10, 29), utc(2026, 10, 30))

    assert planned.due_at == utc(2026, 10, 29, 5, 30)


def leads_for(found: list[Planned], person: str = "user:1") -> list[str]:
    return [p.lead for p in sorted(found, key=lambda p: (p.due_at, p.lead)) if p.person == person]


def test_nothing_is_planned_that_was_due_before_somebody_had_an_account() -> None:
    added = utc(2026, 11, 10, 12)
    people = [ANNA, Recipient("user:2", "Europe/Berlin", added, role="editor", user_id=2)]

    found = list(plan([ANNIVERSARY], matters(occasion("1988-11-27")), people, utc(2026, 10, 1), utc(2026, 11, 27, 7)))

    of_2026 = [p for p in found if p.year == 2026]
    assert leads_for(of_2026) == ["-30d", "-7d", "0d"]
    assert leads_for(of_2026, "user:2") == ["-7d", "0d"]


@pytest.mark.parametrize("what", ["matter", "rule"])
def test_nothing_is_planned_that_was_due_before_the_matter_was_known_or_the_rule_made(what: str) -> None:
    told = utc(2026, 11, 21, 7, 0, 1)
    rule = dataclasses.replace(ANNIVERSARY, since=told if what == "rule" else LONG_AGO)
    known = matters(occasion("1988-11-28"), since=told if what == "matter" else LONG_AGO)

    found = [p for p in plan([rule], known, [ANNA], utc(2026, 10, 1), utc(2026, 12, 1)) if p.year == 2026]

    assert leads_for(found) == ["0d"]


def test_a_rule_that_is_switched_off_plans_nothing() -> None:
    off = dataclasses.replace(ANNIVERSARY, enabled=False)

    assert not list(plan([off], matters(occasion("1988-11-28")), [ANNA], utc(2026, 10, 1), utc(2026, 12, 1)))


@pytest.mark.parametrize(
    ("when", "lead", "last"),
    [
        ("2028-11-28", "0d", dt.date(2028, 11, 29)),
        ("2028-11-28", "-7d", dt.date(2028, 11, 24)),
        ("2028-11-28", "-30d", dt.date(2028, 11, 12)),
        ("2028-11-28", "-3m", dt.date(2028, 10, 12)),
        # Half a year before is the turn of the next one.
        ("2028-11-28", "-12m", dt.date(2028, 5, 27)),
        ("2028-09", "0d", dt.date(2028, 9, 30)),
    ],
)
def test_a_late_reminder_is_of_use_while_half_of_its_notice_is_left(when: str, lead: str, last: dt.date) -> None:
    (matter,) = (m for m in matters(occasion(f"1988{when[4:]}")) if m.year == 2028 and m.about is About.OCCASION)

    assert last_day(the_due(ANNIVERSARY, matter, lead)) == last


def test_the_outlook_is_of_use_through_january() -> None:
    (due,) = between(dt.date(2026, 1, 1), dt.date(2026, 1, 31), occasion("1944"))

    assert last_day(due) == dt.date(2026, 1, 31)


def test_what_asks_for_something_afterwards_is_of_use_for_a_month_unless_the_rule_says_otherwise() -> None:
    rule = Rule("thanks", About.START, (Lead(1),), FOLLOWERS)

    assert last_day(the_due(rule, an_activity("2026-05-31"), "+1d")) == dt.date(2026, 7, 1)
    strict = dataclasses.replace(rule, late_days=3)
    assert last_day(the_due(strict, an_activity("2026-05-31"), "+1d")) == dt.date(2026, 6, 4)


def test_no_late_reminder_is_still_of_use_when_the_next_one_is_due() -> None:
    (matter,) = (m for m in matters(occasion("1988-11-28")) if m.year == 2028 and m.about is About.OCCASION)
    dues = sorted(due_of(ANNIVERSARY, matter), key=lambda due: due.day)

    assert len(dues) == len(LEADS)
    for due, shorter in itertools.pairwise(dues):
        assert last_day(due) < shorter.day


def test_it_is_of_use_until_the_end_of_the_persons_own_day() -> None:
    matter = matter_of_occasion([(occasion("1988-11-28"), LONG_AGO)], "founding:cologne", 2026)
    assert matter is not None

    assert expires_at(the_due(ANNIVERSARY, matter, "0d"), "America/New_York") == utc(2026, 11, 30, 5)


def test_a_planned_reminder_holds_no_more_once_its_occasion_has_another_date() -> None:
    planned = Planned(
        "anniversary", "founding:cologne", 2026, "-7d", "user:1", "mail", "2026-11-28", utc(2026, 11, 21, 7)
    )

    def as_it_stands(edtf: str) -> Matter | None:
        return matter_of_occasion([(occasion(edtf), LONG_AGO)], "founding:cologne", 2026)

    assert find_due(ANNIVERSARY, as_it_stands("1988-11-28"), planned) is not None
    assert find_due(ANNIVERSARY, as_it_stands("1988-11-29"), planned) is None
    assert find_due(ANNIVERSARY, None, planned) is None
    assert find_due(dataclasses.replace(ANNIVERSARY, enabled=False), as_it_stands("1988-11-28"), planned) is None


def test_a_reminder_is_told_to_programs_in_three_languages() -> None:
    cologne = Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE")
    due = between(dt.date(2026, 11, 28), dt.date(2026, 11, 28), occasion("1988-11-28"))[0]

    told = due_to(due, {"cologne": cologne}, ["b@example.org", "a@example.org"]).as_json()

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
        "rule": "anniversary",
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
    known = matters(occasion(happened.isoformat()), first=2023, last=2037)
    people = [Recipient("user:1", zone, LONG_AGO, role="reader", user_id=1)]
    begin = at = dt.datetime.combine(first, dt.time(hour), dt.UTC)
    found: list[Planned] = []

    for days in steps:
        found += plan([ANNIVERSARY], known, people, at, at + days * DAY - dt.timedelta(microseconds=1))
        at += days * DAY

    assert len({p.key for p in found}) == len(found)
    for planned in found:
        local = planned.due_at.astimezone(ZoneInfo(zone))
        assert (local.hour, local.minute) == (8, 0)
        assert local.date() == Lead.parse(planned.lead).day(dt.date.fromisoformat(planned.when))
    expected = {
        (year, lead.code)
        for year in range(2024, 2036)
        for lead in ANNIVERSARY.leads
        if (year - happened.year) % 5 == 0 or lead.years is Years.ALL
        if begin <= due_at(lead.day(_kept_in(happened, year)), zone) < at and year > happened.year
    }
    assert {(p.year, p.lead) for p in found} == expected


def _kept_in(happened: dt.date, year: int) -> dt.date:
    leap = (happened.month, happened.day) == (2, 29)
    return dt.date(year, 2, 28) if leap and year % 4 else happened.replace(year=year)


NIGHT = (dt.time(21), dt.time(7, 30))


@pytest.mark.parametrize(
    ("moment", "quiet", "leaves"),
    [
        (utc(2026, 7, 1, 18, 59), NIGHT, utc(2026, 7, 1, 18, 59)),
        (utc(2026, 7, 1, 19), NIGHT, utc(2026, 7, 2, 5, 30)),
        (utc(2026, 7, 2, 2), NIGHT, utc(2026, 7, 2, 5, 30)),
        (utc(2026, 7, 2, 5, 30), NIGHT, utc(2026, 7, 2, 5, 30)),
        (utc(2026, 7, 1, 11), (dt.time(12), dt.time(14)), utc(2026, 7, 1, 12)),
        # The night of 29 March has no time from two to three.
        (utc(2026, 3, 29, 0, 30), (dt.time(1), dt.time(2, 30)), utc(2026, 3, 29, 1, 30)),
        # In the night of 25 October the hour from two to three comes twice.
        (utc(2026, 10, 25, 0, 10), (dt.time(1), dt.time(2, 30)), utc(2026, 10, 25, 0, 30)),
        (utc(2026, 10, 25, 1, 10), (dt.time(1), dt.time(2, 30)), utc(2026, 10, 25, 1, 30)),
    ],
)
def test_what_is_due_in_quiet_hours_waits_for_their_end(
    moment: dt.datetime, quiet: tuple[dt.time, dt.time], leaves: dt.datetime
) -> None:
    assert after_quiet(moment, "Europe/Berlin", quiet) == leaves


def test_what_nobody_has_taken_on_comes_to_administrators_seven_days_before() -> None:
    task = dataclasses.replace(ANNIVERSARY, task=True)
    people = [ANNA, Recipient("user:2", "Europe/Berlin", LONG_AGO, role="administrator", user_id=2)]

    found = list(plan([task], matters(occasion("1988-11-28")), people, utc(2026, 10, 1), utc(2026, 11, 25)))

    escalated = [(p.person, p.due_at) for p in found if p.lead == ESCALATION]
    assert escalated == [("user:2", utc(2026, 11, 21, 7))]


@pytest.mark.parametrize("leads", [("-7d", "0d"), ("+1d",)])
def test_what_is_told_of_seven_days_before_at_the_soonest_is_not_said_to_lie_about(leads: tuple[str, ...]) -> None:
    rule = Rule("trip", About.START, tuple(Lead.parse(text) for text in leads), FOLLOWERS, task=True)

    assert not any(due.lead.escalates for due in with_escalation(rule, an_activity("2026-05-31")))
