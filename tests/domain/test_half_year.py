"""Where things stand in a half-year: on their day, at the head of their month, in a line of their own, or going on."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from tracker.domain.activities import Activity
from tracker.domain.dates import HistoricDate
from tracker.domain.half_year import Arranged, HalfYear, arrange

SPRING = HalfYear(2027, 1)
NOW = dt.datetime(2026, 10, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Day:
    """An occasion come round."""

    when: HistoricDate


def activity(start: str, end: str | None = None, **more: Any) -> Activity:
    base = {"kind": "exchange", "title": {"en": start}, "twins": ["cologne"], "start": start, "end": end}
    numbers = {"id": UUID(int=1), "version": 1, "created_at": NOW, "changed_at": NOW}
    return Activity.model_validate(base | numbers | more)


def occasion(when: str) -> Day:
    return Day(HistoricDate.parse(when))


def places(*found: Activity | Day) -> Arranged[Activity, Day]:
    activities = [one for one in found if isinstance(one, Activity)]
    return arrange(SPRING, activities, [one for one in found if isinstance(one, Day)])


def test_a_half_year_has_six_months_and_neighbours() -> None:
    assert (SPRING.first, SPRING.last) == (dt.date(2027, 1, 1), dt.date(2027, 6, 30))
    assert [month.month for month in HalfYear(2027, 2).months] == [7, 8, 9, 10, 11, 12]
    assert str(SPRING.before) == "2026-2"
    assert str(SPRING.after) == "2027-2"


def test_the_calendar_has_a_first_and_a_last_half_year() -> None:
    assert HalfYear(1, 1).before is None
    assert HalfYear(9999, 2).after is None


@pytest.mark.parametrize(("day", "half"), [("2027-01-01", 1), ("2027-06-30", 1), ("2027-07-01", 2), ("2027-12-31", 2)])
def test_every_day_has_its_half_year(day: str, half: int) -> None:
    assert HalfYear.of(dt.date.fromisoformat(day)) == HalfYear(2027, half)


def test_days_stand_in_their_order_with_occasions_first() -> None:
    visit, feast, other = activity("2027-03-08"), occasion("2027-03-08"), activity("2027-03-01")

    found = places(visit, feast, other)

    assert [month.first for month in found.months] == [dt.date(2027, 3, 1)]
    assert found.months[0].days == ((dt.date(2027, 3, 1), (other,)), (dt.date(2027, 3, 8), (feast, visit)))


@pytest.mark.parametrize("start", ["2027-05", "2027-05-14~", "2027-05-14?"])
def test_what_has_no_certain_day_heads_its_month(start: str) -> None:
    visit, feast = activity(start), occasion("2027-05")

    found = places(visit, feast)

    assert found.months[0].undated == (feast, visit)
    assert found.months[0].days == ()


@pytest.mark.parametrize("start", ["2027", "2027-21", "202X", "2027~", "2026/2028"])
def test_what_is_known_less_exactly_stands_apart_from_the_months(start: str) -> None:
    visit, feast = activity(start), occasion("2027")

    found = places(visit, feast)

    assert found == Arranged((), (feast, visit), ())


@pytest.mark.parametrize(
    ("start", "end"),
    [("2026-12-28", "2027-01-04"), ("2026-12-31T20:00", "2027-01-01T02:00"), ("2026-12-28/2027-01-04", None)],
)
def test_what_reaches_into_it_stands_in_its_first_month(start: str, end: str | None) -> None:
    trip = activity(start, end, timezone="Europe/Berlin")

    found = places(trip)

    assert [(month.first, month.carried) for month in found.months] == [(dt.date(2027, 1, 1), (trip,))]


@pytest.mark.parametrize(
    ("start", "end"),
    [("2002", ".."), ("2002-05-01", ".."), ("2002/..", None), ("2026-11", "2027-02"), ("2026-12-01", "2027")],
)
def test_what_began_before_and_has_no_day_as_its_end_goes_on(start: str, end: str | None) -> None:
    programme = activity(start, end)

    assert places(programme) == Arranged((), (), (programme,))


def test_what_begins_now_and_goes_on_stands_on_the_day_it_begins() -> None:
    programme = activity("2027-02-01", "..")

    assert places(programme).months[0].days == ((dt.date(2027, 2, 1), (programme,)),)
