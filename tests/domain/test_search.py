"""Finding across scripts, spellings and times."""

import pytest

from tracker.domain.activities import ActivityContent
from tracker.domain.search import fold, query_words, search_text
from tracker.domain.twins import Twin

COLOGNE = Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE")
LODZ = Twin(slug="lodz", names={"en": "Lodz", "pl": "Łódź"}, country="PL")


def found(query: str, *twins: Twin, **fields: object) -> bool:
    base = {"kind": "festival", "title": {"en": "Feast"}, "twins": [t.slug for t in twins], "start": "1957"}
    text = search_text(ActivityContent.model_validate(base | fields), twins)
    return all(any(spelling in text for spelling in word) for word in query_words(query))


@pytest.mark.parametrize("query", ["Köln", "koeln", "KOELN", "Cologne", "Кёльн", "кельн", "Koln"])
def test_a_twin_is_found_under_every_name_and_spelling(query: str) -> None:
    assert found(query, COLOGNE)


@pytest.mark.parametrize("query", ["Łódź", "Lodz", "łodz"])
def test_letters_with_strokes_are_found_without_them(query: str) -> None:
    assert found(query, LODZ)


@pytest.mark.parametrize("query", ["Stalingrad", "Volgograd", "Wolgograd", "Волгоград", "Сталинград"])
def test_the_hub_is_found_under_the_names_of_all_times(query: str) -> None:
    assert found(query, COLOGNE, place="Stalingrad")
    assert not found(query, COLOGNE, place="Kemi")


def test_all_words_must_be_found() -> None:
    assert found("feast cologne", COLOGNE)
    assert not found("feast dresden", COLOGNE)


def test_folding_keeps_what_accents_do_not_change() -> None:
    assert fold("  Straße\tнабережная ") == "strasse набережная"
    assert fold("広島市 سلام") == "広島市 سلام"
