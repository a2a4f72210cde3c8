"""Likely doubles: across scripts and spellings, as exactly as dates are known, and not everything alike."""

import pytest

from tracker.domain.activities import ActivityContent
from tracker.domain.likeness import is_double, likeness, near, sound

NAMES = ("Coventry", "Ковентри", "Volgograd", "Stalingrad", "Сталинград")


def activity(title: str, start: str, **more: object) -> ActivityContent:
    content = {"kind": "delegation", "title": {"en": title}, "twins": ["coventry"], "start": start, **more}
    return ActivityContent.model_validate(content)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Coventry", "Ковентри"),
        ("Konzert", "концерт"),
        ("Tschaikowski", "Чайковский"),
        ("Łódź", "Lodz"),
        ("Foto", "Photo"),
    ],
)
def test_one_word_sounds_alike_in_two_scripts(one: str, other: str) -> None:
    assert likeness({"a": f"{one} x"}, {"b": f"{other} x"}) == 1
    assert sound("Haus") != sound("Maus")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("1960", "1960-05", True),
        ("1960-05", "1960-05-12", True),
        ("1960-05-12", "1960-05-14", True),
        ("1960-05-12", "1960-05-20", False),
        ("1960-05", "1960-07", False),
        ("1960", "1961", False),
        ("196X", "1964-02-01", True),
    ],
)
def test_dates_are_near_as_exactly_as_they_are_known(one: str, other: str, expected: bool) -> None:
    assert near(activity("A", one), activity("A", other)) is expected
    assert near(activity("A", other), activity("A", one)) is expected


def test_what_goes_on_for_years_is_no_double_of_all_that_happens_meanwhile() -> None:
    programme = activity("Visits", "2002", end="..", kind="exchange")

    assert not near(programme, activity("Visits", "2010-05-01"))
    assert near(programme, activity("Visits", "2002-03"))
    assert not near(activity("Visits", "1994", end="2002"), activity("Visits", "2000"))


@pytest.mark.parametrize(
    ("title", "more", "expected"),
    [
        ("Lord Mayor visits Stalingrad", {}, True),
        ("Delegation led by the Lord Mayor", {}, True),
        ("Лорд-майор Ковентри в Сталинграде", {}, True),
        ("Choir concert in the cathedral", {}, False),
        ("Lord Mayor visits", {"twins": ["cologne"]}, False),
        ("Lord Mayor of Coventry", {"kind": "milestone"}, True),
        ("Stone of the Lord and others laid in the market", {"kind": "milestone"}, False),
    ],
)
def test_the_same_twin_and_a_like_title_make_a_double(title: str, more: dict[str, object], expected: bool) -> None:
    known = activity("Lord Mayor of Coventry in Stalingrad", "1960-05")

    assert is_double(activity(title, "1960-05-12", **more), known, NAMES) is expected


def test_the_less_is_known_of_a_date_the_more_the_titles_must_say() -> None:
    known = activity("Lord Mayor plants a tree", "1960-05-12")

    assert is_double(activity("Lord Mayor opens a hall", "1960-05-12"), known)
    assert not is_double(activity("Lord Mayor opens a hall", "196X"), known)
    assert is_double(activity("Lord Mayor plants tree", "196X"), known)
