"""The papers of a shipment: tagged PDF and DOCX, two languages beside one another, the same bytes each time."""

import datetime as dt
import io
import re
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from docx import Document

from tests.domain.test_shipments import shipment
from tests.outputs.test_half_year import text_of
from tracker.domain.activities import Activity
from tracker.domain.aid_papers import OPEN, AidPaper, PaperKind, Wanted, compose
from tracker.domain.organisation import UNNAMED, Organisation
from tracker.outputs.aid_paper import aid_paper_pdf
from tracker.outputs.aid_paper_docx import aid_paper_docx

LINK = "https://tracker.example.org/receipts/abc"
HOUSE = Organisation({"de": "Verein Köln", "ru": "Общество Кёльн"}, "Rheinweg 1\n50667 Köln", "Köln")
GOODS: list[dict[str, Any]] = [
    {"description": "Betten #1 *x*", "descriptions": {"ru": "Кровати"}, "quantity": "12", "unit": "Stück",
     "weight_kg": "1140", "value": "3600", "currency": "EUR", "package": "Palette 1", "hs_code": "9402"},
    {"description": "Bücher", "quantity": "300", "value": "20000", "currency": "RUB"},
]  # fmt: skip


def sent(**fields: Any) -> Activity:
    return shipment(goods=GOODS, details={"recipient": "Больница № 8"}, **fields)


def paper(kind: PaperKind, *languages: str, house: Organisation = HOUSE, shown: Activity | None = None) -> AidPaper:
    return compose(Wanted(kind, languages or ("de", "ru"), dt.date(2026, 11, 27), LINK), shown or sent(), house)


def words_of(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    tables = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join(" ".join([*(p.text for p in document.paragraphs), *tables]).split())


SAID = {
    PaperKind.PACKING_LIST: ("Packliste", "Упаковочный лист", "Palette 1", "1.140 kg", "1 140"),
    PaperKind.GIFT_CERTIFICATE: ("Schenkungsurkunde", "Дарственная", "ohne Bezahlung", "безвозмездно"),
    PaperKind.PRO_FORMA: ("Proforma-Rechnung", "ohne Handelswert", "без коммерческой стоимости", "9402", "3.600,00"),
}


@pytest.mark.parametrize("kind", list(PaperKind))
def test_each_paper_says_its_words_in_both_languages_in_both_forms(kind: PaperKind) -> None:
    everywhere = ("Betten #1 *x*", "Кровати", "Больница № 8", "Verein Köln", "Общество Кёльн", "12 Stück", *SAID[kind])

    for told in (text_of(aid_paper_pdf(paper(kind))), words_of(aid_paper_docx(paper(kind)))):
        told = told.replace("\u00a0", " ").replace("\u202f", " ").replace("- ", "")
        assert [words for words in everywhere if words not in told] == []


@pytest.mark.parametrize("kind", list(PaperKind))
def test_no_table_of_a_docx_runs_into_the_next(kind: PaperKind) -> None:
    body = Document(io.BytesIO(aid_paper_docx(paper(kind)))).element.body

    parts = [part.tag.rpartition("}")[2] for part in body]

    assert ("tbl", "tbl") not in pairwise(parts)


@pytest.mark.parametrize("kind", list(PaperKind))
def test_the_same_lines_give_the_same_bytes(kind: PaperKind) -> None:
    assert aid_paper_pdf(paper(kind)) == aid_paper_pdf(paper(kind))
    assert aid_paper_docx(paper(kind)) == aid_paper_docx(paper(kind))


def test_the_pdf_is_tagged_and_says_its_language() -> None:
    metadata = aid_paper_pdf(paper(PaperKind.PACKING_LIST, "ru", "de")).decode("latin-1")

    assert "/Lang(ru)" in metadata
    assert "<pdfuaid:part>1</pdfuaid:part>" in metadata


def test_only_the_packing_list_bears_the_code_for_the_receipt() -> None:
    assert [kind for kind in PaperKind if paper(kind).link] == [PaperKind.PACKING_LIST]
    with zipfile.ZipFile(io.BytesIO(aid_paper_docx(paper(PaperKind.PACKING_LIST)))) as package:
        assert [name for name in package.namelist() if name.endswith(".png")]


def test_values_of_two_currencies_stay_two_sums_and_the_paper_says_so() -> None:
    told = text_of(aid_paper_pdf(paper(PaperKind.PRO_FORMA, "en")))

    assert "Total value in EUR" in told
    assert "Total value in RUB" in told
    assert "not added up" in told


def test_a_weight_nobody_stated_is_told_to_be_missing_from_the_sum() -> None:
    assert "weight of 1 line is not stated" in text_of(aid_paper_pdf(paper(PaperKind.PACKING_LIST, "en")))


def test_what_all_languages_say_alike_stands_once() -> None:
    assert (
        text_of(aid_paper_pdf(paper(PaperKind.GIFT_CERTIFICATE))).count("Больница № 8") == 3
    )  # once a text, once alone


def test_what_nobody_has_settled_is_left_open_to_be_written_by_hand() -> None:
    bare = paper(PaperKind.GIFT_CERTIFICATE, "en", house=UNNAMED, shown=shipment())

    assert f"{OPEN} gives the goods listed below to {OPEN}" in bare.paragraphs[0][0]
    assert text_of(aid_paper_pdf(bare))
    assert words_of(aid_paper_docx(bare))


def test_hundreds_of_lines_go_over_several_pages() -> None:
    many = shipment(goods=[{"description": f"Line {number}"} for number in range(200)])

    told = text_of(aid_paper_pdf(paper(PaperKind.PACKING_LIST, shown=many)))

    assert "Line 199" in told
    assert re.search(r"\b2 ?/ ?\d", told)
