"""How a report is put together for a reader, and what its lists say of an activity."""

import datetime as dt

import pytest

from tests.report_figures import (
    composed,
    everything_said,
    figures,
    held,
    items,
    line,
    number,
    parts,
    people,
    reader,
)
from tracker.domain.figures import PeopleFigures
from tracker.domain.report_document import Facts, Listing, Picture, Prose
from tracker.domain.report_readers import SectionChoice, SectionName, copy_of

THREE = ("en", "de", "ru")


def test_sections_stand_in_the_readers_order_and_switched_off_ones_are_left_out() -> None:
    choices = (
        SectionChoice(name=SectionName.MONEY),
        SectionChoice(name=SectionName.AID, on=False),
        SectionChoice(name=SectionName.ACTIVITIES),
    )

    document = composed(figures(), reader=reader().model_copy(update={"sections": choices}), languages=THREE)

    assert [section.name for section in document.sections] == ["money", "activities"]
    assert document.sections[0].heading == ("Funds and costs", "Mittel und Kosten", "Средства и расходы")


def test_the_large_numbers_stand_in_the_first_section_alone() -> None:
    lines = (
        people("travellers", exact=39, crowd="travellers", flow="out"),
        people("guests", about=20, crowd="travellers", flow="in"),
        people("audience", more_than=400, crowd="audience"),
        people("travellers", exact=57, crowd="travellers", flow="out", basis="wanted"),
        people("guests", exact=900, crowd="travellers", flow="in", own=False),
    )
    given = figures(
        activities=held(7, 5, by_twin=({"twin": "cologne", "number": number(7)},)),
        people=PeopleFigures(lines=lines, without_numbers=number()),
        scope={"viewpoint": "twin"},
    )

    document = composed(given, SectionName.MONEY, SectionName.PEOPLE)

    assert [len([p for p in s.parts if isinstance(p, Facts)]) for s in document.sections] == [1, 0]
    (large,) = (part for part in parts(document) if isinstance(part, Facts))
    assert [(cell.words[0], label[0]) for cell, label in large.items] == [
        ("7", "Aktivitäten"),
        ("1", "Beteiligte Partnerstädte"),
        ("39", "Reisende (nach Wolgograd)"),
        ("etwa 20", "Gäste (aus Wolgograd)"),
        ("mehr als 400", "Publikum"),
    ]


def test_a_foreword_and_the_texts_of_sections_are_kept_apart_from_the_figures() -> None:
    texts = {("", "de"): "# Liebe Mitglieder", (SectionName.MONEY, "ru"): "Спасибо!", (SectionName.AID, "de"): "  "}

    document = composed(figures(), SectionName.MONEY, SectionName.AID, languages=("de", "ru"), texts=texts)

    assert [section.name for section in document.sections] == ["foreword", "money", "aid"]
    assert document.sections[0].parts == (Prose(("# Liebe Mitglieder", "")),)
    assert [part for part in document.sections[1].parts if isinstance(part, Prose)] == [Prose(("", "Спасибо!"))]
    assert [part for part in document.sections[2].parts if isinstance(part, Prose)] == []


def test_the_first_picture_of_the_whole_is_the_cover() -> None:
    cover, inside, of_aid = (Picture(name, ("Bild",), ("",)) for name in (b"cover", b"inside", b"aid"))

    document = composed(figures(), SectionName.AID, pictures={"": [cover, inside], "aid": [of_aid]})

    assert document.cover == cover
    assert document.sections[0].parts == (inside,)
    assert document.sections[1].parts[-1] == of_aid


@pytest.mark.parametrize("name", SectionName)
def test_a_section_says_something_where_there_is_nothing(name: SectionName) -> None:
    document = composed(figures(), name, languages=THREE, cities={})

    said = [part for part in document.sections[0].parts if not isinstance(part, Facts)]
    assert said
    assert all(any(part.empty) for part in said if isinstance(part, Listing))
    assert all(all(text.strip() for text in said) for said in everything_said(document))


def test_a_text_that_is_missing_falls_back_in_the_reports_order() -> None:
    lines = (
        line(title={"en": "Trip", "de": "Reise"}),
        line(title={"ru": "Поездка", "ja": "旅行"}),
        line(title={"ja": "旅行"}),
    )
    given = figures(lines=lines)

    german_first = composed(given, SectionName.CHRONICLE, languages=("de", "ru"))
    russian_alone = composed(given, SectionName.CHRONICLE, languages=("ru",))

    assert [item[1] for item in items(german_first, "chronicle", 1)] == ["Reise", "Поездка", "旅行"]
    assert [item[1] for item in items(german_first, "chronicle", 0)] == ["Reise", "Поездка", "旅行"]
    assert [item[1] for item in items(russian_alone, "chronicle")] == ["Trip", "Поездка", "旅行"]


def test_what_still_lies_ahead_asks_for_nothing() -> None:
    given = figures(lines=(line("2018-07", status="planned"),))

    document = composed(given, SectionName.CHRONICLE, made_on=dt.date(2018, 3, 1))

    assert items(document, "chronicle")[0][2] == "geplant"


def test_what_began_earlier_is_listed_and_said_to_be_counted_elsewhere() -> None:
    given = figures(lines=(line("2002", end="..", carried=True),))

    document = composed(given, SectionName.CHRONICLE, languages=("ru",))

    (listing,) = (part for part in parts(document) if isinstance(part, Listing))
    assert listing.groups[0].heading == ("Начатые раньше и продолжавшиеся в этот период",)
    assert items(document, "chronicle")[0][:3] == ("с 2002 года", "Поездка", "начато раньше; учтено в году начала")


def test_an_item_tells_who_took_part_and_what_it_cost() -> None:
    counts = ({"of": "pupils", "side": "hub", "value": 22, "bound": "about", "basis": "registered"},
              {"of": "audience", "value": 1200})  # fmt: skip
    sums = ({"amount": "950.00", "currency": "EUR", "role": "grant", "funder": "Stadt Köln"},)
    given = figures(lines=(line(counts=counts, money=sums, direction="to_hub", place="Museum", subtype="concert"),))

    document = composed(given, SectionName.CHRONICLE, languages=THREE)

    assert [items(document, "chronicle", place)[0][2:] for place in range(3)] == [
        ("Exchange · concert", "Cologne", "to Volgograd", "Place: Museum",
         "about 22 pupils (Volgograd’s side, registered); audience of 1,200", "grant: €950.00 (Stadt Köln)"),
        ("Austausch · Konzert", "Köln", "nach Wolgograd", "Ort: Museum",
         "etwa 22 Schülerinnen und Schüler (Wolgograder Seite, angemeldet); Publikum: 1.200",
         "Zuschuss: 950,00\u00a0€ (Stadt Köln)"),
        ("Обмен · концерт", "Кёльн", "в Волгоград", "Место: Museum",
         "около 22 школьников (сторона Волгограда, зарегистрировано); 1\u00a0200 зрителей",
         "грант: 950,00\u00a0€ (Stadt Köln)"),
    ]  # fmt: skip


def test_a_copied_reader_wants_the_same_under_its_own_names() -> None:
    members = reader(SectionName.MONEY, SectionName.AID, SectionName.GIVEN)

    board = copy_of(members, "board", {"de": "Vorstand"})

    assert (board.slug, board.names, board.sections) == ("board", {"de": "Vorstand"}, members.sections)
