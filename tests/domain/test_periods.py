"""The spans of time reports are about."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.periods import InvalidPeriod, Period


def days(first: str, last: str) -> Period:
    return Period(dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2018", days("2018-01-01", "2018-12-31")),
        ("2018-07..2019-06", days("2018-07-01", "2019-06-30")),
        ("2018-09-01..2018-12-24", days("2018-09-01", "2018-12-24")),
        ("2020-02", days("2020-02-01", "2020-02-29")),
        (" 2017..2018 ", days("2017-01-01", "2018-12-31")),
    ],
)
def test_a_period_is_read_from_what_people_type(text: str, period: Period) -> None:
    assert Period.parse(text) == period


@pytest.mark.parametrize(
    "text", ["", "201X", "2018-22", "1944~", "2018?", "..2018", "2018..", "2018/2019", "x", "2019..2018"]
)
def test_what_is_no_span_of_days_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InvalidPeriod) as refused:
        Period.parse(text)

    assert refused.value.problem("period").value == text


@pytest.mark.parametrize(
    ("text", "before", "after"),
    [
        ("2018", "2017", "2019"),
        ("2018-07..2019-06", "2017-07..2018-06", "2019-07..2020-06"),
        ("2020-02", "2019-02..2019-02", "2020-03..2021-02"),
        ("2020-02-29", "2019-02-28..2019-02-28", "2020-03..2021-02"),
        ("2018-09-01..2018-12-24", "2017-09-01..2017-12-24", "2018-12-25..2019-12-24"),
    ],
)
def test_it_is_compared_with_the_same_days_a_year_before(text: str, before: str, after: str) -> None:
    period = Period.parse(text)

    assert (str(period.before), str(period.after)) == (before, after)


def test_where_the_calendar_ends_there_is_nothing_to_compare() -> None:
    assert Period.parse("0001").before is None
    assert Period.parse("9999").after is None


@given(st.dates(), st.dates())
def test_its_text_leads_back_to_it(one: dt.date, other: dt.date) -> None:
    period = Period(min(one, other), max(one, other))

    assert Period.parse(str(period)) == period
