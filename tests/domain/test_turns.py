"""Whose turn it is to travel, and visits year by year."""

import pytest

from tracker.domain.turns import Turn, YearOfVisits, whose_turn, years_of_visits


@pytest.mark.parametrize(
    ("to_hub", "from_hub", "turn"),
    [
        (None, None, Turn.NOBODY),
        ("2019-06", None, Turn.HUB),
        (None, "2019", Turn.TWIN),
        ("2025-09-15", "2019-06-28", Turn.HUB),
        ("1988", "1988-11-28", Turn.NOBODY),
        ("1987", "1988-11-28", Turn.TWIN),
        ("2018-05-01", "2018-05-01", Turn.NOBODY),
    ],
)
def test_whoever_was_visited_last_owes_the_visit(to_hub: str | None, from_hub: str | None, turn: Turn) -> None:
    assert whose_turn(to_hub, from_hub) is turn


def test_every_year_is_told_and_a_visit_both_ways_counts_in_both() -> None:
    counted = {(2018, "to_hub"): 2, (2018, "mutual"): 1, (2016, "from_hub"): 4, (1990, "to_hub"): 9}

    assert years_of_visits(counted, 2016, 2018) == [
        YearOfVisits(2018, 3, 1),
        YearOfVisits(2017, 0, 0),
        YearOfVisits(2016, 0, 4),
    ]
