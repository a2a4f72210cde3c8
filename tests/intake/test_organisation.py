"""The house's name and addresses as somebody typed them."""

from typing import Any

import pytest

from tracker.domain.organisation import UNNAMED, Organisation
from tracker.errors import InvalidInput
from tracker.intake.organisation import organisation_of

TYPED: dict[str, Any] = {
    "name": {"de": " Verein  Köln–Wolgograd ", "en": "", "ru": "Общество"},
    "address": "Weg 1\r\n\r\n  50667 Köln \x07",
    "place": "Köln",
    "email": "verein@example.org ",
}


def test_a_house_is_read_without_what_no_letter_may_hold() -> None:
    assert organisation_of(TYPED) == Organisation(
        {"de": "Verein Köln–Wolgograd", "ru": "Общество"}, "Weg 1\n50667 Köln", "Köln", "verein@example.org"
    )


def test_it_may_lose_its_name_altogether() -> None:
    assert organisation_of({"name": {"en": " "}}) == UNNAMED


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"name": {"de": ""}}, "name", "in at least one language"),
        ({"name": {"de": "x" * 201}}, "name.de", "At most 200 letters"),
        ({"address": "x" * 401}, "address", "At most 400 letters"),
        ({"email": "verein"}, "email", "“verein” is not a mail address"),
        ({"email": "a@example.org, b@example.org"}, "email", "is not a mail address"),
    ],
)
def test_what_is_wrong_is_told_with_its_field(typed: dict[str, Any], field: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        organisation_of({**TYPED, **typed})

    (problem,) = refused.value.problems
    assert problem.field == field
    assert said in problem.message()
