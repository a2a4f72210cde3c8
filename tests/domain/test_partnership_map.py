"""How partnerships stood in a year, what cities were called then, and where their names find room."""

import datetime as dt

import pytest

from tracker.domain import world
from tracker.domain.partnership_map import Link, changes, labels, link_in, name_in, names, thickness
from tracker.domain.twins import HUB, FormerName, Level, State, Twin, TwinDate, TwinState

TODAY = dt.date(2026, 11, 27)


def twin(*states: tuple[Level, State, str | None], dates: tuple[str, ...] = ("1948",)) -> Twin:
    return Twin(
        slug="ostrava",
        names={"en": "Ostrava"},
        country="CZ",
        dates=tuple(TwinDate(date=date, primary=n == 0) for n, date in enumerate(dates)),
        states=tuple(TwinState(level=level, state=state, since=since) for level, state, since in states),
    )


def test_before_its_date_a_city_is_not_linked() -> None:
    linked = twin((Level.AGREEMENT, State.IN_FORCE, None), dates=("1988-11-28", "1985"))

    assert [link_in(linked, year, TODAY) for year in (1987, 1988)] == [Link.NONE, Link.IN_FORCE]


def test_what_ended_later_was_in_force_until_then() -> None:
    ended = twin((Level.AGREEMENT, State.ENDED, "2022"), (Level.OFFICIAL, State.RESTING, "2022"))

    assert changes(ended, 1944, TODAY) == [(1944, Link.NONE), (1948, Link.IN_FORCE), (2022, Link.ENDED)]


def test_resting_contacts_show_from_the_end_of_their_year() -> None:
    resting = twin((Level.AGREEMENT, State.IN_FORCE, None), (Level.OFFICIAL, State.RESTING, "2022-03-03"))

    assert [link_in(resting, year, TODAY) for year in (2021, 2022)] == [Link.IN_FORCE, Link.RESTING]


def test_what_nobody_has_written_down_is_told_as_such() -> None:
    assert link_in(twin((Level.AGREEMENT, State.UNKNOWN, None)), 1970, TODAY) is Link.UNKNOWN
    assert link_in(twin((Level.AGREEMENT, State.PLANNED, None)), 2026, TODAY) is Link.PLANNED


def test_no_past_is_made_up_for_a_twinning_without_a_date() -> None:
    undated = twin((Level.AGREEMENT, State.UNKNOWN, None), dates=())

    assert [link_in(undated, year, TODAY) for year in (1990, 2025, 2026)] == [Link.NONE, Link.NONE, Link.UNKNOWN]


def test_this_year_shows_how_it_stands_today_and_not_what_is_to_come() -> None:
    soon = twin((Level.AGREEMENT, State.IN_FORCE, None), (Level.AGREEMENT, State.ENDED, "2026-12-24"))

    assert link_in(soon, 2026, TODAY) is Link.IN_FORCE


@pytest.mark.parametrize(("year", "name"), [(1944, "Stalingrad"), (1960, "Stalingrad"), (1961, "Volgograd")])
def test_the_hub_bears_the_name_it_had_at_the_end_of_the_year(year: int, name: str) -> None:
    assert name_in(HUB, year, TODAY, "en") == name


def test_names_change_in_the_years_in_which_they_changed() -> None:
    chemnitz = Twin(
        slug="chemnitz",
        names={"de": "Chemnitz", "en": "Chemnitz"},
        country="DE",
        former_names=(FormerName(names={"de": "Karl-Marx-Stadt"}, start="1953-05-10", end="1990-06-01"),),
    )

    assert names(chemnitz, 1944, TODAY, "de") == [(1944, "Chemnitz"), (1953, "Karl-Marx-Stadt"), (1990, "Chemnitz")]


def test_arcs_grow_thicker_in_few_steps() -> None:
    assert [thickness(n) for n in (0, 1, 2, 3, 4, 7, 8, 500)] == [0, 1, 2, 2, 3, 3, 4, 4]


def test_names_keep_out_of_one_anothers_way_and_on_the_sheet() -> None:
    sheet = world.Box(0, 0, 100, 40)
    wanted = [("a", (50.0, 20.0), "Volgograd"), ("b", (52.0, 20.0), "Ostrava"), ("c", (98.0, 20.0), "Chennai")]

    found = labels(wanted, [point for _, point, _ in wanted], 4, sheet)

    assert found["c"].anchor == "end"
    assert (found["a"].anchor, found["a"].y) != (found["b"].anchor, found["b"].y)


def test_a_name_without_room_is_left_to_the_list() -> None:
    crowd = [(str(n), (10.0 + n / 10, 10.0), "Olevano Romano") for n in range(30)]

    found = labels(crowd, [point for _, point, _ in crowd], 4, world.Box(0, 0, 60, 20))

    assert 0 < len(found) < 8
