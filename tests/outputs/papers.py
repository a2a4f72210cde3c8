"""A report that has one of everything, in German and Russian, and what a program must find in it."""

import dataclasses
import datetime as dt
import struct
import zlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tracker.domain.report_document import (
    Cell,
    Chart,
    Column,
    Document,
    Facts,
    FormSheet,
    Group,
    Imprint,
    Item,
    Listing,
    Paragraph,
    Part,
    Picture,
    Prose,
    Said,
    Section,
    Series,
    Sort,
    Table,
)

CHANGED = dt.datetime(2019, 1, 14, 12, tzinfo=dt.UTC)
HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def png(wide: int = 40, high: int = 26) -> bytes:
    """A small picture of one colour."""
    rows = b"".join(b"\0" + b"\x1b\x49\x65" * wide for _ in range(high))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def report(*languages: str, activities: int = 4) -> Document:
    def say(german: str, russian: str) -> Said:
        return tuple({"de": german, "ru": russian}.get(language, german) for language in languages)

    def number(value: int) -> Cell:
        return Cell(say(str(value), str(value)), value)

    kinds = Table(
        "by_kind",
        say("Aktivitäten nach Art", "Мероприятия по видам"),
        (Column(say("Art", "Вид")), Column(say("2018", "2018"), Sort.COUNT, total=True)),
        ((Cell(say("Austausch", "Обмен")), number(14)), (Cell(say("Delegation", "Делегация")), number(9))),
        (Cell(say("Summe", "Итого")), number(23)),
        say("Was zwei Städte betrifft, zählt bei jeder.", "Общее для двух городов считается у каждого."),
    )
    spent = (
        Cell(say("Reisen", "Поездки")),
        Cell(say("1.234,50 €", "1234,50 €"), Decimal("1234.5")),
        Cell(say("Herbst 2018", "осень 2018")),
    )
    heads = (
        Column(say("Zweck", "Цель")),
        Column(say("Betrag", "Сумма"), Sort.MONEY),
        Column(say("Wann", "Когда"), Sort.DATE),
    )
    money = Table("money", say("Geld nach Zweck", "Средства по цели"), heads, (spent,))
    months = Chart(
        "months",
        say("Nach Monaten", "По месяцам"),
        (say("Januar", "январь"), say("Februar", "февраль")),
        (Series("now", say("2018", "2018"), (3, 5)), Series("before", say("2017", "2017"), (1, 0))),
        say("Januar: 3; Februar: 5.", "Январь: 3; февраль: 5."),
    )
    items = tuple(
        Item(
            say(f"{place + 1}. Mai 2018", f"{place + 1} мая 2018"),
            say(f"Besuch Nummer {place} im Rathaus", f"Визит номер {place} в ратушу"),
            (say("Köln · 24 Schüler", "Кёльн · 24 школьника"),),
            say("Alle sangen gemeinsam.", "Все вместе пели.") if place % 3 == 0 else None,
            ("exchange", "aid_shipment", "festival", "delegation", "milestone", "occasion", "")[place % 7],
            off=place % 4 == 3,
        )
        for place in range(activities)
    )
    chronicle = Listing("chronicle", (Group(say("Mai", "Май"), items),), say("Nichts.", "Ничего."))
    empty = Listing("gifts", (), say("Keine Geschenke.", "Подарков нет."))
    prose = Prose(say("# Ein Jahr\n\nEin **gutes** Jahr.\n\n- Köln\n\n3. drei", "# Год\n\n**Хороший** год.\n\n- Кёльн"))
    facts = Facts(((number(23), say("Aktivitäten", "мероприятия")), (number(1240), say("Publikum", "зрители"))))
    sheet = FormSheet(
        say("Teilnehmerliste", "Список участников"),
        (say("Name", "Имя"), say("Unterschrift", "Подпись")),
        18,
        say("Bis 2028 aufbewahren.", "Хранить до 2028 года."),
    )
    picture = Picture(png(), say("Ein Chor", "Хор"), say("Der Chor singt", "Хор поёт"), "A. Muster")

    def section(name: str, german: str, russian: str, *parts: Part) -> Section:
        return Section(name, say(german, russian), parts)

    sections = (
        section("foreword", "Vorwort", "Предисловие", prose),
        section("overview", "Überblick", "Обзор", facts, Paragraph(say("Es waren 23.", "Их было 23.")), kinds, months),
        section("chronicle", "Chronik", "Хроника", chronicle, empty),
        section("money", "Finanzen", "Финансы", money, picture),
        section("signed_list", "Liste", "Список", sheet),
    )
    house = say("Verein Köln–Wolgograd", "Общество Кёльн–Волгоград")
    imprint = Imprint(house, "Weg 1\n50667 Köln", CHANGED.date(), CHANGED, "3", HASH)
    title, subtitle = say("Jahresbericht", "Годовой отчёт"), say("Das Jahr 2018", "2018 год")
    return Document(languages, title, subtitle, imprint, sections, Picture(png(), say("Brücke", "Мост"), say("", "")))


def with_words(words: str, *languages: str) -> Any:
    """A report that says `words` wherever somebody may have typed."""
    return _replaced(report(*languages or ("de",)), words)


def with_long_word(letters: int) -> Document:
    """A report with one endless word in an activity, a cell and a text."""
    document, word = report("de"), "x" * letters
    chronicle = document.sections[2].parts[0]
    assert isinstance(chronicle, Listing)
    item = dataclasses.replace(chronicle.groups[0].items[0], title=(word,))
    columns = Column(("Wort",)), Column(("Zahl",), Sort.COUNT)
    cells = Table("long", ("Lang",), columns, ((Cell((word,)), Cell(("1",), 1)),))
    parts = (Listing("long", (Group(None, (item,)),), ("",)), cells, Prose((word,)))
    return dataclasses.replace(document, title=(word,), sections=(Section("long", ("Lang",), parts),))


def _replaced(value: Any, words: str) -> Any:
    if isinstance(value, tuple):
        return tuple(words if isinstance(part, str) else _replaced(part, words) for part in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, (type, Document)):
        fields = [field.name for field in dataclasses.fields(value)]
        return dataclasses.replace(value, **{name: _replaced(getattr(value, name), words) for name in fields})
    if isinstance(value, Document):
        spoken = {name: _replaced(getattr(value, name), words) for name in ("title", "subtitle", "imprint", "sections")}
        return dataclasses.replace(value, **spoken)
    return value


def said(document: Document) -> Iterator[str]:
    """Every text that a reader must find, without those that stand for pictures."""
    yield from (*document.title, *document.subtitle, *document.imprint.organisation, document.imprint.hash)
    yield from document.imprint.address.split("\n")
    for section in document.sections:
        yield from section.heading
        for part in section.parts:
            yield from _said(part)


def _said(part: Part) -> Iterator[str]:
    match part:
        case Facts():
            for cell, label in part.items:
                yield from (*cell.words, *label)
        case Table():
            for row in (*part.rows, part.total or ()):
                for cell in row:
                    yield from cell.words
            yield from (
                *part.title,
                *(part.note or ()),
                *(words for column in part.columns for words in column.heading),
            )
        case Chart():
            yield from part.title
        case Listing():
            for group in part.groups:
                yield from group.heading or ()
                for item in group.items:
                    yield from (*item.when, *item.title, *(item.text or ()), *(w for fact in item.facts for w in fact))
            if not part.groups:
                yield from part.empty
        case Paragraph():
            yield from part.words
        case Prose():
            yield from (
                line.lstrip("#-0123456789. ").replace("*", "") for text in part.markdown for line in text.split("\n")
            )
        case Picture():
            yield from (*part.caption, part.credit)
        case FormSheet():
            yield from (*part.title, *(part.note or ()), *(words for column in part.columns for words in column))
