"""The report as PDF: every word of the document found by another program, tagged, kept, the same bytes each time."""

import dataclasses
import datetime as dt
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst

from tests.conftest import missing
from tests.outputs.papers import CHANGED, HASH, report, said, with_long_word, with_words
from tracker.outputs import typesetting
from tracker.outputs.report_pdf import report_pdf


def text_of(pdf: bytes, *options: str) -> str:
    """What the PDF says; line breaks, soft hyphens and places where a long word may break do not count."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext", "install poppler-utils")
    told = subprocess.run(["pdftotext", *options, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(re.sub("\u00ad\n|\u200b", "", told).split())


def info_of(pdf: bytes) -> dict[str, str]:
    if shutil.which("pdfinfo") is None:
        missing("pdfinfo", "install poppler-utils")
    told = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in told.splitlines())}


@pytest.fixture
def own_fonts_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine on which no font is installed."""
    monkeypatch.setattr(typesetting, "_fonts", lambda: typst.Fonts(include_system_fonts=False))
    typesetting._is_set.cache_clear()
    yield
    typesetting._is_set.cache_clear()


@pytest.mark.parametrize("languages", [("de",), ("ru",), ("de", "ru")])
def test_another_program_finds_every_word(languages: tuple[str, ...]) -> None:
    document = report(*languages)

    told = "".join(text_of(report_pdf(document)).split())

    assert [words for words in said(document) if "".join(words.split()) not in told] == []


def test_it_is_tagged_dated_titled_and_made_to_be_kept() -> None:
    body = report_pdf(report("ru"))

    info = info_of(body)
    assert (info["Title"], info["Author"], info["Tagged"]) == ("Годовой отчёт", "Общество Кёльн–Волгоград", "yes")
    assert "2019" in info["CreationDate"]
    metadata = body.decode("latin-1")
    assert "<pdfaid:part>2</pdfaid:part>" in metadata
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert "/Lang(ru)" in metadata


def test_another_program_finds_nothing_broken(tmp_path: Path) -> None:
    if shutil.which("qpdf") is None:
        missing("qpdf", "install qpdf")
    (tmp_path / "report.pdf").write_bytes(report_pdf(report("de", "ru")))

    told = subprocess.run(["qpdf", "--check", tmp_path / "report.pdf"], capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout + told.stderr


def test_the_tags_say_headings_tables_lists_and_pictures_with_their_texts() -> None:
    if shutil.which("pdfinfo") is None:
        missing("pdfinfo", "install poppler-utils")
    tree = subprocess.run(
        ["pdfinfo", "-struct-text", "-"], input=report_pdf(report("de")), capture_output=True, check=True
    ).stdout.decode(errors="replace")

    assert {"H1", "H2", "TOC", "Table", "TH", "TD", "L", "LI", "Figure", "Caption"} <= set(
        re.findall(r"^ *(\w+)", tree, re.MULTILINE)
    )


def test_contents_lead_to_pages_and_pages_are_numbered() -> None:
    told = text_of(report_pdf(report("de", activities=60)), "-layout")

    pages = [tuple(map(int, found)) for found in re.findall(r"(\d+) ?/ ?(\d+)", told)]
    assert len(pages) > 5
    assert pages == [(number, len(pages) + 1) for number in range(2, len(pages) + 2)]
    assert re.search(r"Inhalt .*Chronik[ .\u2060]+\d+ .*Finanzen[ .\u2060]+\d+", told)


def test_the_head_of_a_long_table_is_said_again_on_each_page() -> None:
    document = report("de")
    table = document.sections[1].parts[2]
    long = dataclasses.replace(table, rows=table.rows * 60)
    section = dataclasses.replace(document.sections[1], parts=(long,))

    told = text_of(report_pdf(dataclasses.replace(document, sections=(section,))), "-layout")

    assert told.count("Art 2018") >= 3
    assert told.count("Summe 23") == 1


def test_a_draft_says_so_and_has_no_checksum() -> None:
    document = report("de")
    imprint = dataclasses.replace(document.imprint, edition="", hash="")
    draft = dataclasses.replace(document, imprint=imprint, cover=None)

    told = text_of(report_pdf(draft))

    assert "Entwurf" in told
    assert HASH not in told


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.outputs.papers import report; from tracker.outputs.report_pdf import report_pdf; "
        "sys.stdout.buffer.write(report_pdf(report('de', 'ru')))"
    )

    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout

    assert other == report_pdf(report("de", "ru"))


def test_another_moment_of_change_gives_other_bytes() -> None:
    document = report("de")
    later = dataclasses.replace(document.imprint, changed=CHANGED + dt.timedelta(days=1))

    assert report_pdf(document) != report_pdf(dataclasses.replace(document, imprint=later))


@pytest.mark.parametrize(
    "words",
    [
        '#panic("x") *stern* $a$ = \\ @nobody <mark> // "q" `r` #let',
        "</w:t><script>alert(1)</script>",
        "توأمة المدن",
        "இரட்டை நகரங்கள்",
        "広島平和の日",
        "Ein 🕊️ Zeichen",
        "a\x00b\x1bc",
        "a\ufeffb\ufffec",
        "a\ue000b\U000f0001c",
    ],
)
def test_whatever_was_typed_stands_there_as_text(words: str) -> None:
    body = report_pdf(with_words(words))

    if words.isascii() and words.isprintable():
        assert "".join(words.replace("`", "").split()) in "".join(text_of(body).replace("`", "").split())
    assert info_of(body)["Tagged"] == "yes"


def test_a_word_of_ten_thousand_letters_stays_on_the_page() -> None:
    told = text_of(report_pdf(with_long_word(10_000))).replace(" ", "")

    assert told.count("x") >= 30_000
    assert "x" * 2_000 in told


def test_signs_without_a_font_are_boxes_and_told(own_fonts_only: None) -> None:
    told = text_of(report_pdf(with_words("Besuch 広島 im Mai")))

    assert "Besuch □□ im Mai" in told
    assert "Ein Kästchen (□) steht für" in told


def test_nothing_is_told_of_boxes_where_there_are_none(own_fonts_only: None) -> None:
    assert "Kästchen" not in text_of(report_pdf(report("de", "ru")))


@pytest.mark.parametrize(
    "typed", ["#", "# \u200b", "-", ">", "1.", "[](https://example.org)", "![](x)", "`` ``", "***", "# ![](x)"]
)
def test_markdown_that_says_nothing_breaks_nothing(typed: str) -> None:
    document = report("de")
    prose = dataclasses.replace(document.sections[0].parts[0], markdown=(f"Vor\n\n{typed}\n\nNach",))
    section = dataclasses.replace(document.sections[0], parts=(prose,))

    assert "Nach" in text_of(report_pdf(dataclasses.replace(document, sections=(section,))))


def test_headings_that_somebody_typed_never_leap_over_a_level() -> None:
    document = report("de")
    prose = dataclasses.replace(document.sections[0].parts[0], markdown=("###### Tief\n\n# Hoch\n\n#### Wieder",))
    section = dataclasses.replace(document.sections[0], parts=(prose,))

    assert "Tief Hoch Wieder" in text_of(report_pdf(dataclasses.replace(document, sections=(section,))))


@pytest.mark.parametrize("languages", [("de",), ("de", "ru")])
def test_a_new_house_without_a_name_and_a_year_without_anything_have_a_report(languages: tuple[str, ...]) -> None:
    document = report(*languages)
    imprint = dataclasses.replace(
        document.imprint, organisation=("",) * len(languages), address="", edition="", hash=""
    )
    bare = dataclasses.replace(document, imprint=imprint, cover=None)

    for sections in (document.sections, ()):
        assert "Jahresbericht" in text_of(report_pdf(dataclasses.replace(bare, sections=sections)))


@pytest.mark.parametrize("languages", [("de",), ("de", "ru")])
def test_what_nobody_has_said_leaves_its_place_empty(languages: tuple[str, ...]) -> None:
    silent = with_words("", *languages)

    assert report_pdf(silent)
