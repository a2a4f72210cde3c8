"""A day kept every year, as somebody typed it."""

import datetime as dt
from typing import Any

import pytest

from tracker.errors import InvalidInput
from tracker.intake.observances import in_text, observance_of
from tracker.intake.registry import Observance

TODAY = dt.date(2026, 10, 1)
TYPED: dict[str, Any] = {
    "title": {"en": "Forgiveness Sunday", "de": "", "ru": "Прощёное воскресенье"},
    "rule": "49 days  before Orthodox Easter",
    "twin": "",
    "note": "",
    "moved": "20 March 2027\r\n2029-03-01\n",
    "left_out": "2030, 2028",
}


def read(**typed: Any) -> Observance:
    return observance_of({**TYPED, **typed}, None, "en", TODAY)


def test_a_day_is_read_with_its_exceptions() -> None:
    read_one = read()

    assert read_one == Observance(
        slug="forgiveness-sunday",
        rule="49 days before orthodox easter",
        titles={"en": "Forgiveness Sunday", "ru": "Прощёное воскресенье"},
        moved={"2027": "2027-03-20", "2028": None, "2029": "2029-03-01", "2030": None},
    )


@pytest.mark.parametrize("language", ["en", "de", "ru"])
def test_what_is_shown_means_the_same_when_it_is_sent(language: str) -> None:
    known = read()

    assert observance_of(in_text(known, language), known.slug, language, TODAY) == known


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"title": {}}, "title", "a title in at least one language"),
        ({"rule": "every monday"}, "rule", "“every monday” is not a rule for a day of the year"),
        ({"moved": "some day"}, "moved", "“some day”"),
        ({"moved": "May 2027"}, "moved", "“May 2027” is not one day"),
        ({"moved": "2027-05-01\n2027-05-02"}, "moved", "2027 stands here twice"),
        ({"left_out": "2027"}, "left_out", "2027 stands here twice"),
        ({"left_out": "soon"}, "left_out", "“soon” is not a year"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(typed: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read(**typed)

    (problem,) = refused.value.problems
    assert problem.field == field
    assert said in problem.message()


def test_every_fault_is_told_at_once() -> None:
    with pytest.raises(InvalidInput) as refused:
        read(title={}, rule="", moved="x", left_out="y")

    assert [problem.field for problem in refused.value.problems] == ["title", "rule", "moved", "left_out"]
