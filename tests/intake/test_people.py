"""Leaders and numbers of people, as the real records write them."""

import datetime as dt

import pytest

from tracker.domain.activities import Bound
from tracker.intake import people

TODAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harry Stanley, Mayor of Coventry", [("Harry Stanley", "Mayor of Coventry")]),
        ("Mayor of Hiroshima; Mayor of Volgograd", [("", "Mayor of Hiroshima"), ("", "Mayor of Volgograd")]),
        (
            "Yu Wei; host Irina Guseva, Mayor of Volgograd",
            [("Yu Wei", ""), ("Irina Guseva", "Mayor of Volgograd (host)")],
        ),
        ("Assessore Valente", [("Assessore Valente", "")]),
        ("Deputy mayor", [("", "Deputy mayor")]),
        ("", []),
    ],
)
def test_leaders_are_told_by_name_and_office(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(leader["name"], leader["office"]) for leader in people.leaders(text)] == expected


@pytest.mark.parametrize(
    ("note", "of", "bound", "rest"),
    [
        ("pupils", "pupils", "exact", ""),
        ("about, visitors", "visitors", "about", ""),
        ("more than, pupils", "pupils", "more_than", ""),
        ("councillors, plus the leader", "councillors", "exact", "plus the leader"),
        ("8 each way", "participants", "exact", "8 each way"),
        ("Besucher", "Besucher", "exact", ""),
        ("peoples' choir", "participants", "exact", "peoples' choir"),
        ("", "participants", "exact", ""),
    ],
)
def test_a_note_says_who_was_counted(note: str, of: str, bound: str, rest: str) -> None:
    count = people.count(7, Bound.EXACT, note, planned=False)

    assert (count["of"], count["bound"], count["note"]) == (of, bound, rest)
    assert (count["value"], count["basis"]) == (7, "actual")


def test_what_is_only_planned_is_counted_so() -> None:
    assert people.count(3, Bound.EXACT, "", planned=True)["basis"] == "planned"
    assert people.count(30, Bound.EXACT, "15 from each city planned", planned=False)["basis"] == "planned"


def test_a_series_of_beneficiaries_is_read_with_its_years() -> None:
    found = people.beneficiaries("people concerned: about 1000 (2002), 570 (2010s)", TODAY)

    assert found == (
        "people concerned",
        [{"at": "2002", "value": 1000, "bound": "about"}, {"at": "201X", "value": 570, "bound": "exact"}],
    )


@pytest.mark.parametrize(
    "note", ["people: some (2002), 5 (2003)", "people: 5 (2002)", "5 (2002), 6 (2003)", "a: 1 (x), 2 (y)"]
)
def test_a_note_that_is_no_series_stays_a_note(note: str) -> None:
    assert people.beneficiaries(note, TODAY) is None
