"""How an entry stands in a calendar, by who reads it, what it follows and what day it is."""

import datetime as dt
from typing import Any

import pytest

from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice, Form, Shown, Standing, Stood

TODAY = dt.date(2026, 10, 1)
DAY = dt.date(2026, 12, 4)


def shown(visibility: Visibility = Visibility.PUBLIC, status: str = "planned", kind: str = "festival") -> Shown:
    return Shown(kind, ("kemi",), visibility, DAY, DAY, status)


def form(standing: Standing, today: dt.date = TODAY, **choice: Any) -> Form | None:
    selection = {name: choice.pop(name) for name in ("kinds", "statuses") if name in choice}
    return CalendarChoice(Selection(**selection), **choice).form(standing, today)


def later(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def test_who_may_see_it_sees_it_all() -> None:
    assert form(Standing(shown())) is Form.FULL
    assert form(Standing(shown(Visibility.STAFF)), level=Visibility.STAFF) is Form.FULL
    assert form(Standing(shown(Visibility.STAFF))) is None


def test_a_busy_calendar_shows_the_time_of_what_its_readers_may_not_see() -> None:
    assert form(Standing(shown(Visibility.STAFF)), busy=True) is Form.BUSY
    assert form(Standing(shown()), busy=True) is Form.FULL
    assert form(Standing(shown(Visibility.CONFIDENTIAL)), busy=True, level=Visibility.STAFF) is None


@pytest.mark.parametrize(("passed", "expected"), [(0, Form.FULL), (90, Form.FULL), (91, None)])
def test_what_is_off_stands_as_off_for_ninety_days(passed: int, expected: Form | None) -> None:
    assert form(Standing(shown(status="cancelled"), gone_on=TODAY), later(passed)) is expected


@pytest.mark.parametrize(("passed", "expected"), [(0, Form.FAREWELL), (90, Form.FAREWELL), (91, None)])
def test_who_may_no_longer_see_it_is_told_for_ninety_days(passed: int, expected: Form | None) -> None:
    hidden = Standing(shown(Visibility.STAFF), formerly=(Stood(shown(), TODAY),))

    assert form(hidden, later(passed)) is expected
    assert form(hidden, later(passed), level=Visibility.STAFF) is Form.FULL


def test_who_never_saw_it_is_told_nothing() -> None:
    assert form(Standing(shown(Visibility.STAFF), formerly=(Stood(shown(Visibility.MEMBERS), TODAY),))) is None


def test_a_calendar_of_confirmed_ones_is_told_when_one_is_called_off() -> None:
    was = (Stood(shown(status="confirmed"), TODAY),)

    assert form(Standing(shown(status="cancelled"), TODAY, was), statuses=("confirmed",)) is Form.FULL
    assert form(Standing(shown(status="cancelled"), TODAY), statuses=("confirmed",)) is None
    assert form(Standing(shown(status="postponed"), formerly=was), statuses=("confirmed",)) is Form.FAREWELL


def test_what_took_its_course_leaves_a_calendar_of_coming_ones_without_a_word() -> None:
    was = (Stood(shown(status="confirmed"), TODAY),)

    assert form(Standing(shown(status="held"), formerly=was), statuses=("planned", "confirmed")) is None


def test_the_next_change_is_the_day_after_the_last_tombstone_day() -> None:
    standing = Standing(None, None, (Stood(shown(), later(-100)), Stood(shown(), later(-90)), Stood(shown(), TODAY)))

    assert standing.next_change(TODAY) == later(1)
    assert standing.next_change(later(1)) == later(91)
    assert Standing(shown()).next_change(TODAY) is None


def test_alarms_in_any_order_are_one_choice() -> None:
    assert CalendarChoice(Selection(), alarms=(60, 1440, 60)) == CalendarChoice(Selection(), alarms=(1440, 60))
