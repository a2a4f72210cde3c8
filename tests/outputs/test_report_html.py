"""A report as HTML: everything escaped, figures and activities linked where the page says so, a file by itself."""

import datetime as dt
import re

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
    Picture,
    Prose,
    Section,
    Series,
    Sort,
    Table,
)
from tracker.outputs.report_html import report_body, report_html

EVIL = '<script>alert("x")</script>'
PNG = b"\x89PNG\r\n\x1a\n"


def said(text: str) -> tuple[str, str]:
    return text, f"{text} (de)"


DOCUMENT = Document(
    languages=("en", "de"),
    title=said(f"Report {EVIL}"),
    subtitle=said(EVIL),
    imprint=Imprint(("", ""), "", dt.date(2026, 1, 15), dt.datetime(2026, 1, 15, tzinfo=dt.UTC), "2018-3", "abc"),
    sections=(
        Section(
            "people",
            said(f"People {EVIL}"),
            (
                Facts(((Cell(("5", "5"), 5, "held"), said("activities")), (Cell(("0", "0"), 0, "none"), said("none")))),
                Paragraph(said(EVIL)),
                Prose((f"**bold** {EVIL}", "")),
                Table(
                    "kinds",
                    said(EVIL),
                    (Column(said("Kind")), Column(said("Number"), Sort.COUNT, total=True)),
                    ((Cell(said(EVIL)), Cell(("7", "7"), 7, "kind?x=1&y=2")),),
                    total=(Cell(said("Total")), Cell(("7", "7"), 7)),
                ),
                Chart("kinds_chart", said(EVIL), (said(EVIL),), (Series("now", said("2018"), (3,)),), said(EVIL)),
                Listing(
                    "chronicle",
                    (Group(said("May"), (Item(said("3 May"), said(EVIL), (said(EVIL),), said(EVIL), link="42"),)),),
                    said("nothing"),
                ),
                Picture(PNG, said(EVIL), said(EVIL), EVIL),
                FormSheet(said(EVIL), (said("Name"),), 3),
            ),
        ),
    ),
    cover=Picture(PNG, said("cover"), said("")),
)


def test_nothing_that_was_typed_becomes_markup() -> None:
    body = str(report_body(DOCUMENT))

    assert "<script" not in body
    assert "style=" not in body
    assert "<strong>bold</strong>" in body
    assert body.count("&lt;script&gt;") >= 10


def test_figures_and_activities_are_linked_where_the_page_says_so() -> None:
    linked = str(report_body(DOCUMENT, behind=lambda key: f"/behind?key={key}", activity=lambda id_: f"/a/{id_}"))
    bare = str(report_body(DOCUMENT))

    assert re.findall(r'href="([^"#]+)"', linked) == ["/behind?key=held", "/behind?key=kind?x=1&amp;y=2", "/a/42"]
    assert re.findall(r'href="([^"#]+)"', bare) == []


def test_two_languages_stand_beside_one_another_and_numbers_once() -> None:
    body = str(report_body(DOCUMENT))

    assert '<span lang="en" dir="auto">activities</span> <span class="other" lang="de" dir="auto">' in body
    assert body.count(">7<") == 2


def test_the_file_holds_everything_and_is_the_same_each_time() -> None:
    file = report_html(DOCUMENT)

    assert file == report_html(DOCUMENT)
    assert file.startswith(b"<!doctype html>")
    text = file.decode()
    assert not re.search(r'(?:src|href)="(?!data:|#)', text)
    assert "2018-3" in text
    assert text.count("<h1>") == 2
