"""Two clocks side by side, right through the days on which one of them changes."""

import datetime as dt

import pytest

from tracker.domain.clocks import ahead, next_change

VOLGOGRAD, BERLIN, CHENNAI, CLEVELAND = "Europe/Volgograd", "Europe/Berlin", "Asia/Kolkata", "America/New_York"


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("there", "when", "minutes"),
    [
        (BERLIN, "2026-03-29 00:59", -120),
        (BERLIN, "2026-03-29 01:00", -60),
        (CHENNAI, "2026-07-01 12:00", 150),
        (CLEVELAND, "2026-12-01 12:00", -480),
        # For two years Volgograd's own clocks stood an hour further.
        (BERLIN, "2019-12-01 12:00", -180),
        (VOLGOGRAD, "2026-07-01 12:00", 0),
    ],
)
def test_the_difference_is_that_of_the_moment(there: str, when: str, minutes: int) -> None:
    assert ahead(VOLGOGRAD, there, moment(when)) == minutes


def test_the_next_change_is_foretold_with_its_day() -> None:
    now = moment("2026-11-27 12:00")

    assert next_change(VOLGOGRAD, BERLIN, now) == (dt.date(2027, 3, 28), -60)
    assert next_change(VOLGOGRAD, BERLIN, moment("2027-03-28 13:00")) == (dt.date(2027, 10, 31), -120)
    assert next_change(VOLGOGRAD, CHENNAI, now) is None
