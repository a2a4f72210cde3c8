"""The report as DOCX: every word found by another program, real styles, native contents, the same bytes each time."""

import dataclasses
import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from tests.outputs.office import converted
from tests.outputs.papers import CHANGED, HASH, report, said, with_long_word, with_words
from tracker.outputs.report_docx import report_docx


def opened(body: bytes) -> "docx.document.Document":
    return docx.Document(io.BytesIO(body))


def xml_of(body: bytes, part: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return packed.read(part).decode()


def text_of(body: bytes) -> str:
    """All text of the body in order, a line for each paragraph."""
    paragraphs = re.findall(r"<w:p[ >].*?</w:p>", xml_of(body), re.DOTALL)
    return "\n".join("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", paragraph)) for paragraph in paragraphs)


def test_another_program_finds_every_word(tmp_path: Path) -> None:
    document = report("de", "ru")
    (tmp_path / "report.docx").write_bytes(report_docx(document))

    (made,) = converted(tmp_path / "report.docx", "txt:Text (encoded):UTF8", tmp_path / "made")

    told = "".join(made.read_text(encoding="utf-8-sig").split())
    assert [words for words in said(document) if "".join(words.split()) not in told] == []


def test_another_program_sets_it_on_pages(tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(report_docx(report("de")))

    (made,) = converted(tmp_path / "report.docx", "pdf", tmp_path / "made")

    assert made.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("languages", [("de",), ("ru",), ("de", "ru")])
def test_every_word_stands_in_it(languages: tuple[str, ...]) -> None:
    document = report(*languages)

    told = "".join(text_of(report_docx(document)).split())

    assert [words for words in said(document) if "".join(words.split()) not in told] == []


def test_it_is_made_of_styles_that_are_there() -> None:
    body = report_docx(report("de", "ru"))

    paper = opened(body)
    known = {style.style_id for style in paper.styles}
    used = set(re.findall(r'<w:(?:pStyle|tblStyle|rStyle) w:val="([^"]+)"', xml_of(body)))
    assert used <= known
    assert {"Title", "Heading1", "Heading2", "Caption", "ListBullet", "ListNumber", "ReportTable", "toc1"} <= used


def test_headings_are_native_and_the_contents_lead_to_them() -> None:
    body = report_docx(report("de"))

    headings = [(p.style.name, p.text) for p in opened(body).paragraphs if p.style.name.startswith("Heading")]
    assert headings[:3] == [("Heading 1", "Vorwort"), ("Heading 2", "Ein Jahr"), ("Heading 1", "Überblick")]
    assert ("Heading 2", "Mai") in headings
    xml = xml_of(body)
    assert 'TOC \\o "1-2"' in xml
    anchors = re.findall(r'w:anchor="([^"]+)"', xml)
    assert anchors
    assert set(anchors) <= set(re.findall(r'<w:bookmarkStart [^>]*w:name="([^"]+)"', xml))
    assert xml.count('w:fldCharType="begin"') == xml.count('w:fldCharType="end"')


def test_heads_of_tables_are_said_again_and_numbers_stand_to_the_right() -> None:
    table = next(table for table in opened(report_docx(report("de"))).tables if table.style.name == "Report Table")

    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["Art", "2018"],
        ["Austausch", "14"],
        ["Delegation", "9"],
        ["Summe", "23"],
    ]
    assert {str(row.cells[1].paragraphs[0].alignment) for row in table.rows} == {"RIGHT (2)"}


def test_each_picture_has_the_text_that_stands_for_it() -> None:
    texts = re.findall(r'<wp:docPr [^>]*descr="([^"]*)"', xml_of(report_docx(report("de", "ru"))))

    assert texts == ["Brücke / Мост", "Januar: 3; Februar: 5. / Январь: 3; февраль: 5.", "Ein Chor / Хор"]


def test_each_run_says_its_language() -> None:
    body = report_docx(report("de", "ru"))

    paragraph = next(p for p in opened(body).paragraphs if p.text == "Überblick | Обзор")
    tongues = [run._r.rPr.find(qn("w:lang")).get(qn("w:val")) for run in paragraph.runs if run.text != " | "]
    assert tongues == ["de", "ru"]
    assert re.search(r'<w:lang [^>]*w:val="de"', xml_of(body, "word/styles.xml"))


def test_what_programs_show_about_it_is_fixed() -> None:
    about = opened(report_docx(report("ru"))).core_properties

    assert (about.title, about.author, about.language) == ("Годовой отчёт", "Общество Кёльн–Волгоград", "ru")
    assert about.created == about.modified == CHANGED
    assert about.version == "3"


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.outputs.papers import report; from tracker.outputs.report_docx import report_docx; "
        "sys.stdout.buffer.write(report_docx(report('de', 'ru')))"
    )

    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout

    assert other == report_docx(report("de", "ru"))


@pytest.mark.parametrize(
    "words",
    [
        "</w:t></w:r><w:br/>&amp; \"x\"",
        "{{ 7*7 }} =1+1 \\ #panic()",
        "توأمة المدن",
        "இரட்டை நகரங்கள்",
        "広島平和の日",
        "Ein 🕊️ Zeichen",
        "a\x00\x0b\x1bb\ufffe",
    ],
)  # fmt: skip
def test_whatever_was_typed_stands_there_as_text(words: str) -> None:
    document = opened(report_docx(with_words(words)))

    shown = re.sub("[\x00\x1b\ufffe]", "", words)
    heading = next(p for p in document.paragraphs if p.style.name == "Heading 1")
    assert heading.text == " ".join(shown.split())


def test_a_word_of_ten_thousand_letters_can_be_written() -> None:
    assert text_of(report_docx(with_long_word(10_000))).count("x") == 40_000


def test_a_numbered_list_begins_where_it_was_typed_to_begin() -> None:
    document = report("de")
    prose = dataclasses.replace(document.sections[0].parts[0], markdown=("3. drei\n4. vier\n\nDann\n\n1. eins",))
    section = dataclasses.replace(document.sections[0], parts=(prose,))
    body = report_docx(dataclasses.replace(document, sections=(section,)))

    starts = re.findall(r'<w:startOverride w:val="(\d+)"', xml_of(body, "word/numbering.xml"))
    assert starts == ["3", "1"]


def test_links_lead_to_the_web_and_nowhere_else() -> None:
    document = report("de")
    written = "[gut](https://example.org/a?b=1&c=2) [böse](javascript:alert(1))"
    prose = dataclasses.replace(document.sections[0].parts[0], markdown=(written,))
    section = dataclasses.replace(document.sections[0], parts=(prose,))
    body = report_docx(dataclasses.replace(document, sections=(section,)))

    relations = xml_of(body, "word/_rels/document.xml.rels")
    assert "https://example.org/a?b=1&amp;c=2" in relations
    assert "javascript" not in relations


def test_the_checksum_of_the_edition_stands_on_the_cover() -> None:
    assert HASH in text_of(report_docx(report("de")))


@pytest.mark.parametrize("languages", [("de",), ("de", "ru")])
def test_a_new_house_without_a_name_and_a_year_without_anything_have_a_report(languages: tuple[str, ...]) -> None:
    document = report(*languages)
    imprint = dataclasses.replace(
        document.imprint, organisation=("",) * len(languages), address="", edition="", hash=""
    )
    bare = dataclasses.replace(document, imprint=imprint, cover=None)

    for sections in (document.sections, ()):
        assert "Jahresbericht" in text_of(report_docx(dataclasses.replace(bare, sections=sections)))


@pytest.mark.parametrize("languages", [("de",), ("de", "ru")])
def test_what_nobody_has_said_leaves_its_place_empty(languages: tuple[str, ...]) -> None:
    silent = with_words("", *languages)

    assert report_docx(silent)
