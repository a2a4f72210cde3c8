"""Days kept by rule."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.founding import observance
from tracker.domain.occasion_rules import FixedDay, InvalidRule, LeapDayPolicy, NthWeekday, parse_rule
from tracker.domain.occasions import (
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


@pytest.mark.parametrize(
    "rule", ["", "2-2", "13-01", "02-30", "04-31", "fifth sunday of may", "last sunday", "last sunday of aprill", "…"]
)
def test_a_rule_nobody_can_read_is_refused(rule: str) -> None:
    with pytest.raises(InvalidRule, match="Write 02-02 or last sunday of april"):
        parse_rule(rule)
