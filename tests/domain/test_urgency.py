"""Whether a change comes too late: a calendar program is expected when it usually comes, and people need an hour."""

import datetime as dt

import pytest

from tracker.domain.clients import Client
from tracker.domain.urgency import begins_soon, comes_too_late, next_look

NOON = dt.datetime(2026, 12, 3, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("begins", "counts"),
    [
        (NOON - HOUR, False),
        (NOON, False),
        (NOON + HOUR, True),
        (NOON + 2 * DAY, True),
        (NOON + 2 * DAY + HOUR, False),
    ],
)
def test_only_what_begins_within_two_days_counts(begins: dt.datetime, counts: bool) -> None:
    assert begins_soon(NOON, [begins]) == ((begins,) if counts else ())


@pytest.mark.parametrize(
    ("next_fetch", "too_late"), [(3 * HOUR, False), (4 * HOUR, False), (4.5 * HOUR, True), (DAY, True)]
)
def test_a_program_must_look_an_hour_before_the_beginning(next_fetch: dt.timedelta, too_late: bool) -> None:
    assert comes_too_late([NOON + 5 * HOUR], NOON + next_fetch) is too_late


def test_the_old_beginning_counts_like_the_new_one() -> None:
    moved_away = begins_soon(NOON, [NOON + 5 * HOUR, NOON + 30 * DAY])

    assert comes_too_late(moved_away, NOON + 12 * HOUR)


def test_nothing_is_late_for_what_does_not_begin_soon() -> None:
    assert not comes_too_late(begins_soon(NOON, [NOON + 30 * DAY]), NOON + 60 * DAY)


@pytest.mark.parametrize(
    ("client", "last", "gap", "expected"),
    [
        (Client.GOOGLE, NOON - 2 * HOUR, 9 * HOUR, NOON + 7 * HOUR),
        (Client.THUNDERBIRD, NOON - 10 * HOUR, HOUR, NOON + HOUR),  # overdue: the laptop was shut
        (Client.GOOGLE, NOON - 31 * DAY, 9 * HOUR, None),  # put away
        (Client.BROWSER, NOON - HOUR, None, None),  # somebody looked once
    ],
)
def test_a_program_is_expected_when_it_usually_comes(
    client: Client, last: dt.datetime, gap: dt.timedelta | None, expected: dt.datetime | None
) -> None:
    assert next_look(client, last, gap, NOON) == expected
