"""Finding across scripts, spellings and times."""

import pytest

from tracker.domain.activities import ActivityContent
from tracker.domain.search import fold, query_words, search_words
from tracker.domain.sounds import distance, sound
from tracker.domain.twins import Twin

COLOGNE = Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE")
LODZ = Twin(slug="lodz", names={"en": "Lodz", "pl": "Łódź"}, country="PL")


def found(query: str, *twins: Twin, **fields: object) -> bool:
    base = {"kind": "festival", "title": {"en": "Feast"}, "twins": [t.slug for t in twins], "start": "1957"}
    words = search_words(ActivityContent.model_validate(base | fields), twins).split()
    return all(any(term.fits(word) for word in words) for term in query_words(query))


@pytest.mark.parametrize("query", ["Köln", "koeln", "KOELN", "Cologne", "Кёльн", "кельн", "Koln", "Köl"])
def test_a_twin_is_found_under_every_name_and_spelling(query: str) -> None:
    assert found(query, COLOGNE)


@pytest.mark.parametrize("query", ["Łódź", "Lodz", "łodz"])
def test_letters_with_strokes_are_found_without_them(query: str) -> None:
    assert found(query, LODZ)


@pytest.mark.parametrize("query", ["Stalingrad", "Volgograd", "Wolgograd", "Волгоград", "Сталинград", "Царицын"])
def test_the_hub_is_found_under_the_names_of_all_times(query: str) -> None:
    assert found(query, COLOGNE, place="Stalingrad")
    assert found(query, COLOGNE, title={"de": "Stalingrader Glocke"})
    assert not found(query, COLOGNE, place="Kemi")


def test_all_words_must_be_found() -> None:
    assert found("feast cologne", COLOGNE)
    assert not found("feast dresden", COLOGNE)


def test_an_activity_is_found_by_its_year_and_only_by_one_that_is_known() -> None:
    assert found("1957", COLOGNE)
    assert not found("199", COLOGNE, start="199X")


def test_folding_keeps_what_accents_do_not_change() -> None:
    assert fold("  Straße\tнабережная ") == "strasse набережная"
    assert fold("広島市 سلام") == "広島市 سلام"


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("広島市長の訪問", "広島"),
        ("広島市長の訪問", "市長"),
        ("広島市長の訪問", "訪"),
        ("友好城市代表团", "代表团"),
        ("சென்னை நகரம்", "சென்னை"),
        ("زيارة بورسعيد", "بورسعيد"),
        ("Երևան", "երև"),
        ("Hiroshima広島", "広島"),
    ],
)
def test_writings_of_all_kinds_are_found_also_without_spaces(text: str, query: str) -> None:
    assert found(query, COLOGNE, title={"en": text})
    assert not found(query, COLOGNE, title={"en": "東京"})


@pytest.mark.parametrize(
    "spellings",
    [
        "Крючков Kryuchkov Krjutschkow",
        "Хрущёв Chruschtschow Khrushchev",
        "Горбачёв Gorbatschow Gorbachev",
        "Ельцин Jelzin Yeltsin",
        "Сергей Sergei Sergej Sergey",
        "Дмитрий Dmitri Dmitrij Dmitry",
        "Александр Alexander Aleksandr",
        "Фёдоров Fjodorow Fyodorov Fedorov",
        "Жуков Schukow Zhukov",
        "Царицын Zarizyn Tsaritsyn",
        "Чуйков Tschuikow Chuikov",
    ],
)
def test_a_name_is_found_whatever_letters_it_is_written_in(spellings: str) -> None:
    for written in spellings.split():
        for asked in spellings.split():
            assert found(asked, COLOGNE, leaders=[{"name": written}]), f"{asked} in {written}"


@pytest.mark.parametrize(("one", "other"), [("fest", "west"), ("koln", "kiel"), ("ulm", "ural"), ("reise", "rise")])
def test_different_words_do_not_sound_alike(one: str, other: str) -> None:
    assert sound(one) != sound(other) or not sound(one)


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [("koln", "kolln", 1), ("koln", "kon", 1), ("koln", "klon", 1), ("koln", "kohn", 1), ("koln", "koln", 0),
     ("koln", "bonn", 2), ("koln", "paris", 3), ("delegation", "deligattion", 2)],
)  # fmt: skip
def test_a_slip_of_the_pen_is_one_letter_too_many_too_few_changed_or_swapped(one: str, other: str, far: int) -> None:
    assert distance(one, other, 2) == distance(other, one, 2) == far
