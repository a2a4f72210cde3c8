"""Whose installation it is, in the reader's language."""

import pytest

from tracker.domain.organisation import UNNAMED, Organisation

HOUSE = Organisation({"de": "Verein", "ru": "Общество"}, "Weg 1\n50667 Köln", "Köln", "a@example.org")


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Verein"), ("ru", "Общество"), ("en", "Verein"), ("sr", "Verein")]
)
def test_a_name_it_does_not_have_is_told_by_another(language: str, name: str) -> None:
    assert HOUSE.name(language) == name


def test_its_block_leaves_out_what_nobody_has_settled() -> None:
    assert HOUSE.block("ru") == "Общество\nWeg 1\n50667 Köln\na@example.org"
    assert Organisation({"en": "House"}).block("de") == "House"
    assert (UNNAMED.name("en"), UNNAMED.block("en")) == ("", "")
