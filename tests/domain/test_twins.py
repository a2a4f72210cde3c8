"""Names at a time, and the state of a partnership on a day."""

import datetime as dt

import pytest

from tracker.domain.twins import HUB, FormerName, Level, State, Twin, TwinState, names_on

CHEMNITZ = Twin(
    slug="chemnitz",
    names={"en": "Chemnitz", "ru": "Хемниц"},
    former_names=(FormerName(names={"en": "Karl-Marx-Stadt"}, start="1953-05-10", end="1990-06-01"),),
    country="DE",
    states=(
        TwinState(level=Level.AGREEMENT, state=State.IN_FORCE),
        TwinState(level=Level.OFFICIAL, state=State.NORMAL),
        TwinState(level=Level.OFFICIAL, state=State.RESTING, since="2022-03"),
    ),
)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (dt.date(1925, 4, 9), "Tsaritsyn"),
        (dt.date(1925, 4, 10), "Stalingrad"),
        (dt.date(1957, 1, 1), "Stalingrad"),
        (dt.date(1961, 11, 9), "Stalingrad"),
        (dt.date(1961, 11, 10), "Volgograd"),
        (None, "Volgograd"),
    ],
)
def test_the_hub_bears_the_name_of_the_day(day: dt.date | None, name: str) -> None:
    assert HUB.name_at(day, "en") == name


def test_a_former_name_covers_its_years_only() -> None:
    assert CHEMNITZ.name_at(dt.date(1953, 5, 9), "en") == "Chemnitz"
    assert CHEMNITZ.name_at(dt.date(1988, 5, 6), "en") == "Karl-Marx-Stadt"
    assert CHEMNITZ.name_at(dt.date(1990, 6, 1), "en") == "Chemnitz"


def test_a_name_missing_in_a_language_is_told_in_english() -> None:
    assert CHEMNITZ.name("de") == "Chemnitz"
    assert CHEMNITZ.name("ru") == "Хемниц"


def test_a_state_is_that_of_the_day() -> None:
    assert CHEMNITZ.state(Level.OFFICIAL, dt.date(2022, 2, 28)).state is State.NORMAL
    assert CHEMNITZ.state(Level.OFFICIAL, dt.date(2022, 3, 1)).state is State.RESTING
    assert CHEMNITZ.state(Level.OFFICIAL).state is State.RESTING
    assert CHEMNITZ.state(Level.CITIZENS).state is State.UNKNOWN


def test_names_of_several_twins_keep_their_order() -> None:
    assert names_on(dt.date(1960, 1, 1), {"chemnitz": CHEMNITZ}, ("chemnitz",), "en") == ["Karl-Marx-Stadt"]
