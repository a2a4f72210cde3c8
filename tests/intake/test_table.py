"""Files as programs really write them: whatever the encoding, separator or kind of file, the same rows of text."""

import csv
import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from tracker.intake import table
from tracker.intake.problems import InvalidTable
from tracker.intake.table import read_table

HEADING = "id;date_start;title\r\n"


def workbook(*rows: list[object], formats: dict[str, str] | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, shown_as in (formats or {}).items():
        sheet[cell].number_format = shown_as
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


moment = dt.datetime.fromisoformat  # a workbook's dates have no zone


def cells(data: bytes) -> list[list[str]]:
    return [list(row.cells.values()) for row in read_table("file", data).rows]


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidTable) as caught:
        read_table("file", data)
    return caught.value.message()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_csv_of_any_program_is_read_alike(encoding: str, delimiter: str, end: str) -> None:
    text = end.join(["id;date_start;title", 'H1;28.11.1988;"Köln; a ""twin"""', ""]).replace(";", delimiter)

    title = f'Köln{delimiter} a "twin"'
    assert cells(text.encode(encoding)) == [["H1", "28.11.1988", title]]


def test_rows_count_as_the_sheet_counts_them() -> None:
    data = (HEADING + 'H1;1988;"two\nlines"\r\n\r\n;;\r\nH2;1989;x\r\n').encode()

    assert [row.number for row in read_table("file", data).rows] == [2, 5]


def test_headings_may_have_capitals_and_blanks() -> None:
    assert read_table("file", b"Id; Date Start ;TITLE;;\r\n").columns == ("id", "date_start", "title")


def test_a_short_row_has_empty_cells() -> None:
    assert cells((HEADING + "H1;1988\r\n").encode()) == [["H1", "1988", ""]]


def test_a_cell_beyond_the_headings_is_refused_with_its_row() -> None:
    with pytest.raises(InvalidTable) as caught:
        read_table("file", (HEADING + "H1;1988;x;;\r\nH2;1989;x;stray\r\n").encode())

    assert [(p.row, p.value) for p in caught.value.problems] == [(3, "stray")]


def test_a_column_named_twice_is_refused() -> None:
    assert "“id” is there twice" in refusal(b"id;title;ID\r\n")


def test_quotes_that_do_not_match_are_refused_with_their_row() -> None:
    with pytest.raises(InvalidTable) as caught:
        read_table("file", (HEADING + 'H1;1988;x\r\nH2;1989;"open\r\n').encode())

    assert caught.value.problems[0].row == 3


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\xef\xbb\xbf", b";;\r\n1;2;3"])
def test_an_empty_file_is_refused(data: bytes) -> None:
    assert "is empty" in refusal(data)


def test_cyrillic_in_an_old_encoding_is_refused_rather_than_garbled() -> None:
    assert "Cyrillic" in refusal((HEADING + "H1;1988;Волгоград\r\n").encode("cp1251"))


def test_western_words_with_many_accents_are_not_taken_for_cyrillic() -> None:
    assert cells((HEADING + "H1;1988;Liège créée à Éêô\r\n").encode("cp1252"))[0][2] == "Liège créée à Éêô"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00\x81", b"<html>", b"id;\x81"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    assert "CSV" in refusal(data)


def test_an_old_excel_file_is_refused_with_what_to_save_it_as() -> None:
    assert ".xlsx" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


def test_a_file_too_large_or_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MOST_ROWS", 2)
    assert "more than 2 rows" in refusal((HEADING + "H1;1988;x\r\n" * 3).encode())

    monkeypatch.setattr(table, "MOST_BYTES", 10)
    assert "larger than" in refusal(HEADING.encode())


def test_a_workbook_is_read_as_a_person_reads_it() -> None:
    data = workbook(
        ["id", "a", "b", "c", "d", "e", "f", "g"],
        ["H1", 1944, 1944.0, 0.1 + 0.2, moment("1988-11-28"), moment("2026-11-28T18:00"), dt.time(18), True],
    )

    assert cells(data) == [["H1", "1944", "1944", "0.3", "1988-11-28", "2026-11-28T18:00", "18:00", "yes"]]


def test_a_date_that_excel_shows_as_a_month_or_year_is_no_day() -> None:
    data = workbook(
        ["id", "month", "year", "day"],
        ["H1", moment("1960-05-01"), moment("1960-01-01"), moment("1960-05-01")],
        formats={"B2": "mmm\\-yy", "C2": "yyyy", "D2": '[$-407]d. mmmm yyyy" (Uhr)"'},
    )

    assert cells(data) == [["H1", "1960-05", "1960", "1960-05-01"]]


def test_a_formula_that_failed_is_refused_with_its_row() -> None:
    with pytest.raises(InvalidTable) as caught:
        read_table("file", workbook(["id", "title"], ["H1", "#REF!"]))

    assert (caught.value.problems[0].row, caught.value.problems[0].value) == (2, "#REF!")


def test_a_damaged_or_foreign_workbook_is_refused() -> None:
    whole = workbook(["id"], ["H1"])
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    assert "not a workbook" in refusal(whole[: len(whole) // 2])
    assert "not a workbook" in refusal(other.getvalue())


PLAIN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")).map(str.strip)


@given(st.lists(PLAIN, min_size=1, max_size=4), st.sampled_from(";,\t"))
def test_any_texts_come_back_from_a_csv(texts: list[str], delimiter: str) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter)
    writer.writerows([["id", *(f"c{i}" for i in range(len(texts)))], ["H1", *texts]])

    assert cells(file.getvalue().encode()) == [["H1", *texts]]


EXCEL = PLAIN.filter(lambda text: not ILLEGAL_CHARACTERS_RE.search(text) and not text.startswith(("=", "#")))


@given(st.lists(EXCEL.map(lambda text: text.replace("\r", "")), min_size=1, max_size=4))
def test_any_texts_come_back_from_a_workbook(texts: list[str]) -> None:
    rows = [["id", *(f"c{i}" for i in range(len(texts)))], ["H1", *texts]]

    assert cells(workbook(*rows)) == [["H1", *(text.strip() for text in texts)]]
