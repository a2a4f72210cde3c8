"""A report as a workbook: typed, filtered, with formulas that LibreOffice reckons to the same totals."""

import csv
import datetime as dt
import io
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from openpyxl import load_workbook

from tests.outputs.office import ALL_SHEETS_AS_CSV, converted
from tests.report_samples import CITIES, by_kind, dated, document
from tracker.domain.figures import Line
from tracker.domain.report_document import Cell, Column, Sort, Table
from tracker.outputs.report_activities import activity_sheet
from tracker.outputs.report_xlsx import Sheet, report_xlsx


def opened(data: bytes) -> dict[str, list[list[object]]]:
    book = load_workbook(io.BytesIO(data))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def midnight(year: int, month: int, day: int) -> dt.datetime:
    """A day as openpyxl reads it."""
    return dt.datetime.combine(dt.date(year, month, day), dt.time())


def test_each_table_has_a_sheet_with_typed_cells() -> None:
    sheets = opened(report_xlsx(document(by_kind())))

    assert list(sheets) == ["Übersicht", "Nach Art"]
    assert sheets["Nach Art"][:3] == [["Art", "Anzahl", "Euro"], ["Delegationen", 3, 1234.5], ["Feste", 2, 0.05]]


def test_totals_are_formulas_over_what_a_filter_leaves() -> None:
    data = report_xlsx(document(by_kind()))
    sheet = load_workbook(io.BytesIO(data))["Nach Art"]

    assert [cell.value for cell in sheet[4]] == ["Summe", "=SUBTOTAL(109,B2:B3)", "=SUBTOTAL(109,C2:C3)"]
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet.freeze_panes == "A2"


def test_a_date_is_a_day_only_where_the_day_is_known_and_a_workbook_has_it() -> None:
    data = report_xlsx(document(dated()))
    sheet = load_workbook(io.BytesIO(data)).worksheets[1]

    assert [sheet.cell(row, 1).value for row in (2, 3, 4)] == [midnight(1988, 11, 28), "1944", "31. Dezember 1899"]


def test_no_text_is_ever_a_formula() -> None:
    hostile = ("=1+1", "@SUM(A1)", "+1", "-1", '=HYPERLINK("http://evil")', "\t=1")
    table = Table("t", ("T",), (Column(("Was",)),), tuple((Cell((text,)),) for text in hostile))
    sheet = load_workbook(io.BytesIO(report_xlsx(document(table)))).worksheets[1]

    cells = [sheet.cell(row, 1) for row in range(2, 2 + len(hostile))]

    assert [cell.data_type for cell in cells] == ["s"] * len(hostile)
    assert [cell.value for cell in cells] == list(hostile)


def test_names_of_sheets_are_short_plain_and_different() -> None:
    long = "Aktivitäten nach Partnerstadt und Richtung: [alle]/einzeln"
    tables = [Table("t", (long,), (Column(("A",)),), ((Cell(("a",)),),)) for _ in range(3)]

    names = list(opened(report_xlsx(document(*tables))))

    assert names[1:] == [
        "Aktivitäten nach Partnerstadt…",
        "Aktivitäten nach Partnerst… (2)",
        "Aktivitäten nach Partnerst… (3)",
    ]


def test_what_no_workbook_can_hold_is_left_out_or_cut() -> None:
    table = Table("t", ("T",), (Column(("A",)),), ((Cell(("a\x00b\x0bc\ufffe\uffff",)),), (Cell(("x" * 40_000,)),)))

    rows = opened(report_xlsx(document(table)))["T"]

    assert rows[1] == ["abc"]
    assert rows[2] == ["x" * 32_766 + "…"]


def test_two_languages_stand_in_one_cell() -> None:
    table = Table(
        "t", ("Art", "Вид"), (Column(("Art", "Вид")),), ((Cell(("Feste", "Фестивали")),), (Cell(("5", "5"), 5),))
    )
    both = document(table, languages=("de", "ru"), title=("Bericht", "Отчёт"))

    sheets = opened(report_xlsx(both))

    assert sheets["Art   Вид"] == [["Art / Вид"], ["Feste / Фестивали"], [5]]


def test_the_overview_leads_to_every_sheet_and_tells_its_note() -> None:
    book = load_workbook(io.BytesIO(report_xlsx(document(by_kind()))))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]

    assert ["""=HYPERLINK("#'Nach Art'!A1","Nach Art")""", "Nach Art", "Nur Durchgeführtes."] in rows
    assert ["Aktivitäten", 5, None] in rows


def test_activities_come_last_and_may_come_as_they_are_read() -> None:
    columns = (Column(("Titel",)), Column(("Beginn",), Sort.DATE))
    rows = ([f"Reise {number}", dt.date(2018, 1, 1)] for number in range(1_000))

    sheets = opened(report_xlsx(document(by_kind()), Sheet("Alles", columns, rows)))

    assert list(sheets)[-1] == "Alles"
    assert sheets["Alles"][1_000] == ["Reise 999", midnight(2018, 1, 1)]


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    written = report_xlsx(document())
    code = (
        "import sys; from tests.report_samples import document; from tracker.outputs.report_xlsx import report_xlsx; "
        "sys.stdout.buffer.write(report_xlsx(document()))"
    )

    again = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout

    assert again == written
    with zipfile.ZipFile(io.BytesIO(written)) as packed:
        assert {part.date_time for part in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_libreoffice_reckons_the_same_totals(tmp_path: Path) -> None:
    source = tmp_path / "report.xlsx"
    source.write_bytes(report_xlsx(document(by_kind())))

    made = converted(source, ALL_SHEETS_AS_CSV, tmp_path / "out")

    by_name = {path.stem.partition("-")[2]: path for path in made}
    rows = list(csv.reader(by_name["Nach Art"].read_text(encoding="utf-8").splitlines()))
    assert rows[-1][0] == "Summe"
    assert int(rows[-1][1]) == 3 + 2
    assert Decimal(rows[-1][2].replace(",", "")) == Decimal("1234.50") + Decimal("0.05")


@pytest.mark.parametrize("many", [0, 1])
def test_a_table_without_lines_has_no_total(many: int) -> None:
    rows = opened(report_xlsx(document(by_kind((("Feste", 1, "1.00"),)[:many]))))["Nach Art"]

    assert len(rows) == (1 if many == 0 else 3)


def line(**changes: object) -> Line:
    given: dict[str, object] = {
        "id": UUID(int=7), "version": 1, "kind": "delegation", "subtype": "official visit", "status": "held",
        "reason": "", "title": {"en": "Mayor’s visit", "de": "Besuch des Bürgermeisters"}, "description": {},
        "start": "1960-05", "end": None, "twins": ("coventry",), "direction": "to_hub", "place": "Stalingrad",
        "own": True, "owner": "", "leaders": ({"name": "Harry Stanley", "office": "Mayor of Coventry"},),
        "counts": ({"of": "travellers", "value": 12, "bound": "about"},),
        "money": ({"amount": "4516.00", "currency": "GBP", "role": "donation"},),
    }  # fmt: skip
    return Line.model_validate({**given, **changes})


def listed(*lines: Line, languages: tuple[str, ...] = ("de",)) -> list[dict[str, object]]:
    sheets = opened(report_xlsx(document(by_kind()), activity_sheet(lines, CITIES, languages)))
    head, *rows = list(sheets.values())[-1]
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_an_activity_stands_in_one_line_as_exactly_as_it_is_known() -> None:
    (told,) = listed(line())

    assert told["Wann"] == "Mai 1960"
    assert told["Erster Tag"] is None
    assert told["Wer reist"] == "nach Stalingrad"
    assert told["Personen"] == "etwa 12 Reisende (gekommen)"
    assert told["Geleitet von"] == "Harry Stanley, Mayor of Coventry"
    assert told["In den Zahlen enthalten"] == "ja"


def test_what_no_figure_counts_says_so() -> None:
    told = listed(line(status="cancelled", reason="No visas"), line(carried=True), line())

    assert [row["In den Zahlen enthalten"] for row in told] == ["nein", "nein", "ja"]
    assert told[0]["Grund"] == "No visas"


def test_a_known_day_can_be_sorted_by_and_others_say_their_owner() -> None:
    (told,) = listed(line(start="1988-11-28", end="1988-12-01", own=False, owner="Freundeskreis"))

    assert (told["Erster Tag"], told["Letzter Tag"]) == (midnight(1988, 11, 28), midnight(1988, 12, 1))
    assert told["Wessen Aktivität"] == "Freundeskreis"


def test_activities_are_told_in_both_languages() -> None:
    (told,) = listed(line(), languages=("de", "en"))

    assert told["Titel / Title"] == "Besuch des Bürgermeisters / Mayor’s visit"
