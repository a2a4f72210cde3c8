"""What is marked in a list, and the words around it."""

from tracker.domain.search import Term, query_words
from tracker.domain.search_hits import as_written, excerpt, met, pieces


def marked(text: str, query: str) -> list[str]:
    return [piece for piece, hit in pieces(text, query_words(query)) if hit]


def test_the_word_that_was_meant_is_marked_as_it_is_written() -> None:
    assert marked("Besuch aus Köln im Mai", "koeln") == ["Köln"]
    assert marked("Встреча с Крючковым и Крючков", "Krjutschkow") == ["Крючков"]
    assert marked("Besuch aus Köln", "Łódź") == []
    assert "".join(piece for piece, _ in pieces("a Köln, b!", query_words("Köln"))) == "a Köln, b!"


def test_only_the_signs_asked_for_are_marked_where_there_are_no_spaces() -> None:
    assert marked("広島市長の訪問", "市長") == ["市長"]


def test_a_long_text_is_cut_around_the_first_hit() -> None:
    text = "viele Wörter " * 30 + "Tischdecke aus Coventry " + "danach noch mehr " * 30

    cut = excerpt(text, query_words("tischdecke"))

    assert cut[0] == ("… ", False)
    assert [piece for piece, hit in cut if hit] == ["Tischdecke"]
    assert cut[-1] == (" …", False)
    assert len("".join(piece for piece, _ in cut)) < 200
    assert excerpt(text, query_words("Dresden")) == []


def test_terms_that_texts_hold_are_told_from_those_that_they_do_not() -> None:
    here, there = query_words("Coventry Dresden")

    assert met(["Besuch in Coventry"], (here, there)) == {here}


def test_a_corrected_word_is_shown_as_it_is_written() -> None:
    assert as_written(["Reise nach Łódź"], "lodz") == "Łódź"
    assert as_written([], "lodz") == "lodz"
    assert Term(exact=("lodz",)).fits("lodz")
