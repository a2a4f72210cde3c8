"""Times that something takes: joined, told once, cut to the window."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.freebusy import Taken, joined, window

DAY = dt.datetime(2026, 12, 4, tzinfo=dt.UTC)
WITHIN = DAY, DAY + dt.timedelta(hours=24)


def at(hour: int) -> dt.datetime:
    return DAY + dt.timedelta(hours=hour)


def taken(begin: int, end: int, tentative: bool = False) -> Taken:
    return Taken(at(begin), at(end), tentative)


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ([(8, 10), (9, 12)], [(8, 12)]),
        ([(10, 12), (8, 10)], [(8, 12)]),
        ([(8, 12), (9, 10)], [(8, 12)]),
        ([(8, 9), (10, 11)], [(8, 9), (10, 11)]),
        ([(8, 8)], []),
        ([(-5, 2), (23, 30), (40, 50)], [(0, 2), (23, 24)]),
    ],
)
def test_times_that_touch_become_one(found: list[tuple[int, int]], told: list[tuple[int, int]]) -> None:
    assert joined([taken(*span) for span in found], WITHIN) == [taken(*span) for span in told]


def test_what_is_certain_hides_what_is_tentative() -> None:
    found = [taken(8, 18, True), taken(9, 10), taken(12, 13), taken(17, 20)]

    assert joined(found, WITHIN) == [
        taken(8, 9, True), taken(9, 10), taken(10, 12, True), taken(12, 13), taken(13, 17, True), taken(17, 20),
    ]  # fmt: skip


spans = st.tuples(st.integers(-10, 40), st.integers(0, 12), st.booleans())


@given(st.lists(spans, max_size=12))
def test_every_hour_is_told_as_what_it_is(found: list[tuple[int, int, bool]]) -> None:
    times = [taken(begin, begin + length, tentative) for begin, length, tentative in found]

    told = joined(times, WITHIN)

    for hour in range(24):
        middle = at(hour) + dt.timedelta(minutes=30)
        kinds = {one.tentative for one in times if one.begin <= middle < one.end}
        assert [one.tentative for one in told if one.begin <= middle < one.end] == sorted(kinds)[:1]
    assert told == sorted(told, key=lambda one: one.begin)
    assert all(one.end <= two.begin for one, two in pairwise(told))


def test_the_window_reaches_from_a_month_ago_to_a_year_ahead_in_the_hubs_days() -> None:
    begin, end = window(dt.date(2026, 3, 31))

    # Volgograd is three hours ahead of UTC, and 31 February is none.
    assert begin == dt.datetime(2026, 2, 27, 21, tzinfo=dt.UTC)
    assert end == dt.datetime(2027, 3, 30, 21, tzinfo=dt.UTC)
