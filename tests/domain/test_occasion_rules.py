"""Days kept by rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.founding import observance
from tracker.domain.occasion_rules import (
    ByEaster,
    FixedDay,
    InvalidRule,
    LeapDayPolicy,
    NthWeekday,
    moved_days,
    parse_rule,
)
from tracker.domain.occasions import (
    Customs,
    next_occurrence,
    occurrence,
)


@pytest.mark.parametrize(
    ("rule", "year", "on"),
    [
        ("02-02", 2026, date(2026, 2, 2)),
        ("05-09", 2026, date(2026, 5, 9)),
        ("last sunday of april", 2026, date(2026, 4, 26)),
        ("last sunday of april", 2023, date(2023, 4, 30)),
        ("last sunday of february", 2024, date(2024, 2, 25)),
        ("second sunday of september", 2026, date(2026, 9, 13)),
        ("last sunday of may", 2026, date(2026, 5, 31)),
        ("first monday of june", 2026, date(2026, 6, 1)),
        ("Fourth  Thursday of November", 2026, date(2026, 11, 26)),
        ("02-29", 2026, date(2026, 2, 28)),
        ("easter", 2026, date(2026, 4, 5)),
        ("easter", 2100, date(2100, 3, 28)),
        ("Orthodox Easter", 1900, date(1900, 4, 22)),
        ("orthodox easter", 2026, date(2026, 4, 12)),
        ("orthodox easter", 2100, date(2100, 5, 2)),
        ("49 days before easter", 2027, date(2027, 2, 7)),
        ("49 days before orthodox easter", 2027, date(2027, 3, 14)),
        ("1 day after easter", 2027, date(2027, 3, 29)),
        ("50 days after orthodox easter", 2026, date(2026, 6, 1)),
    ],
)
def test_observances_fall_by_their_rule(rule: str, year: int, on: date) -> None:
    come = occurrence(observance(rule), year)

    assert come is not None
    assert (come.on, come.number, come.round) == (on, None, False)


@given(st.integers(min_value=1900, max_value=2100))
def test_the_last_sunday_of_april_is_a_sunday_and_none_follows_in_april(year: int) -> None:
    day = parse_rule("last sunday of april").on(year, LeapDayPolicy.FEB_28)

    assert (day.year, day.month, day.isoweekday()) == (year, 4, 7)
    assert day.day > 30 - 7


def test_rules_are_read_once_into_values() -> None:
    assert parse_rule("02-02") == FixedDay(2, 2)
    assert parse_rule("last sunday of april") == NthWeekday(-1, 6, 4)
    assert parse_rule("49 days before orthodox easter") == ByEaster(-49, orthodox=True)


@given(st.integers(min_value=1, max_value=9999), st.integers(min_value=-70, max_value=150), st.booleans())
def test_what_is_counted_from_easter_stays_in_its_year(year: int, days: int, orthodox: bool) -> None:
    feast = ByEaster(0, orthodox).on(year, LeapDayPolicy.FEB_28)
    day = ByEaster(days, orthodox).on(year, LeapDayPolicy.FEB_28)

    assert (feast.isoweekday(), (day - feast).days, day.year) == (7, days, year)


@given(st.integers(min_value=1900, max_value=2100))
def test_the_orthodox_easter_is_the_western_one_or_one_to_five_weeks_later(year: int) -> None:
    western, orthodox = (ByEaster(0, later).on(year, LeapDayPolicy.FEB_28) for later in (False, True))

    assert (orthodox - western).days in (0, 7, 28, 35)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "2-2",
        "13-01",
        "02-30",
        "04-31",
        "fifth sunday of may",
        "last sunday",
        "last sunday of aprill",
        "…",
        "easter monday",
        "days before easter",
        "7 weeks before easter",
        "49 days before the easter",
    ],
)
def test_a_rule_nobody_can_read_is_refused(rule: str) -> None:
    with pytest.raises(InvalidRule, match="Write 02-02, last sunday of april, easter or 49 days before"):
        parse_rule(rule)


@pytest.mark.parametrize("rule", ["71 days before easter", "151 days after orthodox easter"])
def test_what_lies_too_far_from_easter_is_refused_with_what_is_right(rule: str) -> None:
    with pytest.raises(InvalidRule, match="At most 70 days before it and 150 days after it"):
        parse_rule(rule)


def test_a_moved_day_comes_in_its_year_alone_and_one_left_out_does_not_come() -> None:
    kept = observance("last sunday of april", {2027: date(2027, 5, 2), 2028: None, 2029: None})

    days = {year: (come := occurrence(kept, year)) and come.on for year in range(2026, 2031)}

    assert days == {
        2026: date(2026, 4, 26), 2027: date(2027, 5, 2), 2028: None, 2029: None, 2030: date(2030, 4, 28),
    }  # fmt: skip
    after = next_occurrence(kept, date(2027, 5, 3), Customs())
    assert after is not None
    assert after.on == date(2030, 4, 28)


def test_moved_days_are_read_with_their_years_in_order() -> None:
    assert list(moved_days({"2028": None, "2027": "2027-05-02"}).items()) == [(2027, date(2027, 5, 2)), (2028, None)]


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({"2027": "2028-05-02"}, "“2028-05-02” is not a day of 2027"),
        ({"2027": "2027-02-30"}, "“2027-02-30” is not a day of 2027"),
        ({"27": None}, "“27” is not a year"),
        ({"0000": None}, "“0000” is not a year"),
    ],
)
def test_a_day_that_is_moved_out_of_its_year_is_refused(moved: dict[str, str | None], said: str) -> None:
    with pytest.raises(InvalidRule, match=said):
        moved_days(moved)
