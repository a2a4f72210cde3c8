"""A noted line: three languages mixed, slips forgiven where one thing is meant, and no word ever lost."""

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.intake.quick import Understood, understand_line
from tracker.intake.quick_words import KINDS
from tracker.intake.registry import DATA, read_registry

TODAY = dt.date(2026, 11, 27)
TWINS = {twin.slug: twin for twin in read_registry(DATA).twins}


def read(line: str, language: str = "de") -> Understood:
    return understand_line(line, language, TODAY, TWINS)


def said(line: str, language: str = "de") -> dict[str, Any]:
    found = read(line, language)
    return {"kind": found.kind, "text": next(iter(found.document["title"].values()), ""), **found.document}


@pytest.mark.parametrize(
    ("language", "line", "expected"),
    [
        ("de", "Delegation Coventry Mai 1960, Harry Stanley",
         {"kind": "delegation", "twins": ["coventry"], "start": "1960-05", "status": "held",
          "leaders": [{"name": "Harry Stanley", "office": ""}], "text": "Delegation Coventry"}),
        ("de", "Hilfstransport aus Köln 12.–15.5.2026 18 t Medikamente, 4.516 £",
         {"kind": "aid_shipment", "twins": ["cologne"], "start": "2026-05-12", "end": "2026-05-15",
          "direction": "to_hub", "goods": [{"description": "Medikamente", "weight_kg": "18000"}],
          "money": [{"amount": "4516", "currency": "GBP", "role": "donation"}], "text": "Hilfstransport aus Köln"}),
        ("ru", "фестиваль осень 2013, Кёльн, 40 участников",
         {"kind": "festival", "twins": ["cologne"], "start": "2013-23", "text": "фестиваль, Кёльн",
          "counts": [{"of": "participants", "value": 40, "bound": "exact", "basis": "actual"}]}),
        ("de", "Jugendaustausch Koeln nach Wolgograd gestern ca. 12 Schüler",
         {"kind": "exchange", "subtype": "youth visit", "twins": ["cologne"], "start": "2026-11-26",
          "direction": "to_hub",
          "counts": [{"of": "pupils", "value": 12, "bound": "about", "basis": "actual"}]}),
        ("ru", "Делегация из Ковентри в Волгоград, мэр Ковентри Гарри Стэнли, 12 мая 1960 года",
         {"kind": "delegation", "direction": "to_hub", "start": "1960-05-12",
          "leaders": [{"name": "Гарри Стэнли", "office": "мэр Ковентри"}]}),
        ("en", "Harry Stanley, Mayor of Coventry, in Stalingrad in May 1960",
         {"twins": ["coventry"], "start": "1960-05", "place": "Stalingrad",
          "leaders": [{"name": "Harry Stanley", "office": "Mayor of Coventry"}]}),
        ("ru", "Школьный обмен с Хиросимой с 3 по 9 июля 2027",
         {"kind": "exchange", "twins": ["hiroshima"], "start": "2027-07-03", "end": "2027-07-09", "status": "planned"}),
        ("de", "Konzert in Karl-Marx-Stadt 1985, 2000 Besucher",
         {"kind": "festival", "subtype": "concert", "twins": ["chemnitz"], "start": "1985",
          "place": "Karl-Marx-Stadt"}),
        ("de", "Ausstellung Kemi Mai 2027 abgesagt", {"status": "cancelled", "start": "2027-05"}),
        ("en", "delegation Coventry 3 May 2027 18:00–20:30", {"start": "2027-05-03T18:00", "end": "2027-05-03T20:30"}),
        ("en", "Concert 広島市 May 1990", {"twins": ["hiroshima"]}),
        ("ru", "Фестиваль в Волгограде 2013", {"place": "Волгоград", "twins": []}),
        ("de", "Hilfsprogramm Köln seit 2002", {"start": "2002", "end": ".."}),
    ],
)  # fmt: skip
def test_a_line_is_understood(language: str, line: str, expected: dict[str, Any]) -> None:
    found = said(line, language)

    assert {name: found.get(name) for name in expected} == expected


def test_a_number_with_a_month_before_it_is_a_year() -> None:
    assert said("Delegation Köln Mai 2026 Teilnehmer aus drei Ländern")["start"] == "2026-05"
    assert said("Konzert Köln, 2000 Besucher")["counts"][0]["value"] == 2000


@pytest.mark.parametrize(
    ("word", "twins"),
    [("Coventri", ["coventry"]), ("Chmenitz", ["chemnitz"]), ("Toronte", ["toronto"]), ("Keim", []), ("Hirosh", []),
     ("Kölner", ["cologne"]), ("Кёльне", ["cologne"]), ("Порт-Саида", ["port-said"]), ("Madras", ["chennai"]),
     ("Wolgograd", []), ("coventri", [])],
)  # fmt: skip
def test_a_city_is_known_by_every_name_and_one_slip(word: str, twins: list[str]) -> None:
    assert said(f"Besuch {word} 1990")["twins"] == twins


def test_what_may_be_over_or_not_is_not_guessed() -> None:
    assert "status" not in said("Ausstellung Köln November 2026")
    assert "status" not in said("Ausstellung Köln")
    assert said("Ausstellung Köln Oktober 2026")["status"] == "held"


def test_two_ways_that_differ_say_none() -> None:
    assert "direction" not in said("Austausch nach Köln und nach Wolgograd 2027")
    assert said("Austausch von Schülern aus Köln nach Wolgograd")["direction"] == "to_hub"


def test_capitals_alone_are_no_name() -> None:
    assert "leaders" not in said("Delegation Köln 2027, Gemeinsame Ausstellung")
    assert "leaders" not in said("Konzert Köln 2027, Harry Stanley")


def test_the_fields_that_are_missing_are_named() -> None:
    assert read("").missing == ("kind", "title", "twins", "start")
    assert read("Delegation Coventry").missing == ("start",)


def test_a_russian_title_stays_russian_on_a_german_page() -> None:
    assert read("Концерт Кёльн 2013").document["title"] == {"ru": "Концерт Кёльн"}


WORDS = st.sampled_from(
    ["Köln", "Coventry,", "Mai", "1960", "12.5.2026", "–", "Mayor", "of", "OB", "Harry", "Stanley,", "18 t", "(", "£5",
     "40 участников", "мэр", "в", "aus", "nach", "Wolgograd", "seit", "18:00", "...", "99:99", "Delegation", "held"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=9).map(" ".join)), st.sampled_from(["de", "en", "ru"]))
def test_any_text_is_read_and_no_word_of_it_is_lost(line: str, language: str) -> None:
    found = read(line, language)

    kept = " ".join([*found.document["title"].values(), *(piece.said for piece in found.pieces)])
    assert set(re.findall(r"\w+", line.replace("\x00", ""))) <= set(re.findall(r"\w+", kept))


def test_the_words_of_a_kind_say_that_kind() -> None:
    for words, kind, _ in KINDS:
        plain = re.sub(r"\\w\*|\(.*?\)", "", words.split("|")[0])
        if plain.isascii():
            assert read(plain).kind is kind, plain
