"""A report as a workbook (XLSX, ISO/IEC 29500): one sheet a table, typed cells, filters, and totals as formulas.

The first sheet says what the others hold, and what must be known to read them; the last one lists every activity. Text
is always written as text, so nothing that somebody typed can become a formula. Rows go to disk as they come, and the
same report gives the same bytes.
"""

import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from tracker.domain.dates import HistoricDate
from tracker.domain.report_document import Column, Document, Facts, Said, Sort, Table, one_line
from tracker.i18n import N_, gettext
from tracker.outputs.signs import printable
from tracker.outputs.still_zip import StillZip

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LONGEST: Final = 32_767
"""Characters a cell can hold."""
_LONGEST_NAME: Final = 31
_BEGINNING: Final = dt.date(1900, 3, 1)
"""Before this day a workbook's dates are wrong (it knows a 29 February 1900) or none at all."""
_FORMATS: Final = {
    Sort.TEXT: "@",
    Sort.COUNT: "#,##0",
    Sort.MONEY: "#,##0.00",
    Sort.WEIGHT: "#,##0.###",
    Sort.DATE: "yyyy-mm-dd",
}
_NARROW, _WIDE = 10, 60
_MEASURED: Final = 200
_A4: Final = 9
_VISIBLE_SUM: Final = 109
"""SUBTOTAL's sum of what a filter leaves: a total that follows what is shown."""

_OVERVIEW: Final = N_("Overview")
_SHEET: Final = N_("Sheet")
_HOLDS: Final = N_("What it holds")
_NOTE: Final = N_("Note")
_TOTAL: Final = N_("Total")
_EDITION: Final = N_("Edition {number}")
_FIGURES_OF: Final = N_("Figures of {day}")

_INK: Final = "1B4965"
_TITLE_FONT: Final = Font(name="Calibri", size=16, bold=True, color=_INK)
_LINK_FONT: Final = Font(name="Calibri", size=11, color=_INK, underline="single")
_BOLD: Final = Font(name="Calibri", size=11, bold=True)
_HEAD_FONT: Final = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
_HEAD_FILL: Final = PatternFill("solid", fgColor=_INK)
_ABOVE_TOTAL: Final = Border(top=Side(style="thin", color=_INK))

Bare = str | int | Decimal | dt.date | None


@dataclass(frozen=True)
class Sheet:
    """One sheet. `total` is the label of its last line; without one it has none."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Bare]]
    total: str = ""


def report_xlsx(document: Document, activities: Sheet | None = None) -> bytes:
    """The workbook of a report: its tables in their order, then all activities, where they are given."""
    written = io.BytesIO()
    write_workbook(written, document, activities)
    return written.getvalue()


def write_workbook(out: IO[bytes], document: Document, activities: Sheet | None = None) -> None:
    """The same into a file."""
    book = Workbook(write_only=True)
    language = document.languages[0]
    tables = [part for section in document.sections for part in section.parts if isinstance(part, Table)]
    names = _Names(gettext(language, _OVERVIEW))
    sheets = [_sheet_of(table, names, language) for table in tables]
    if activities:
        activities = replace(activities, name=names.new(activities.name))
    _overview(book, document, list(zip(sheets, tables, strict=True)), activities)
    for sheet in (*sheets, *((activities,) if activities else ())):
        _write(book, sheet)
    about = book.properties
    about.title, about.creator = _text(one_line(document.title)), _text(document.imprint.organisation[0])
    about.language, about.identifier = language, document.imprint.hash or None
    about.created = about.modified = document.imprint.changed.replace(tzinfo=None)
    with StillZip(out) as archive:
        ExcelWriter(book, archive).save()


def _sheet_of(table: Table, names: "_Names", language: str) -> Sheet:
    rows = ([_bare(cell.value, cell.words) for cell in row] for row in table.rows)
    summed = any(column.total for column in table.columns)
    return Sheet(names.new(one_line(table.title)), table.columns, rows, gettext(language, _TOTAL) if summed else "")


def _overview(
    book: Workbook, document: Document, sheets: Sequence[tuple[Sheet, Table]], activities: Sheet | None
) -> None:
    language = document.languages[0]
    sheet = _new(book, gettext(language, _OVERVIEW))
    for letter, width in zip("ABC", (34, 48, 80), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([_cell(sheet, one_line(document.title), font=_TITLE_FONT)])
    sheet.append([_cell(sheet, one_line(document.subtitle))])
    for line in _imprint(document):
        sheet.append([_cell(sheet, line)])
    sheet.append([])
    for section in document.sections:
        for part in section.parts:
            if isinstance(part, Facts):
                for cell, what in part.items:
                    sheet.append(
                        [_cell(sheet, one_line(what)), _cell(sheet, _bare(cell.value, cell.words), Sort.COUNT)]
                    )
    sheet.append([])
    sheet.append([_cell(sheet, gettext(language, word), head=True) for word in (_SHEET, _HOLDS, _NOTE)])
    for made, table in sheets:
        link = WriteOnlyCell(sheet, f"""=HYPERLINK("#'{made.name}'!A1","{made.name}")""")
        link.font = Font(color="1B4965", underline="single")
        sheet.append(
            [link, _cell(sheet, one_line(table.title)), _cell(sheet, one_line(table.note or ("",)), wrap=True)]
        )
    if activities:
        sheet.append([_cell(sheet, activities.name)])


def _imprint(document: Document) -> Iterator[str]:
    language, imprint = document.languages[0], document.imprint
    if imprint.organisation[0]:
        yield one_line(imprint.organisation)
    yield gettext(language, _FIGURES_OF, day=HistoricDate.of_day(imprint.made_on).display(language))
    if imprint.edition:
        yield gettext(language, _EDITION, number=imprint.edition)
    if imprint.hash:
        yield f"SHA-256 {imprint.hash}"


def _new(book: Workbook, name: str) -> Any:
    """A sheet that prints on as many pages as it is long, and one wide."""
    sheet = book.create_sheet(name)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    return sheet


def _write(book: Workbook, made: Sheet) -> None:
    sheet = _new(book, made.name)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    rows = iter(made.rows)
    # The widths must be known before the first row is written: a good number of rows tell them.
    first = list(islice(rows, _MEASURED))
    for place, column in enumerate(made.columns):
        shown = (len(str(row[place])) for row in first if row[place] is not None)
        wide = max([_NARROW, len(one_line(column.heading)) + 4, *shown])
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(wide, _WIDE)
    sheet.append([_cell(sheet, one_line(column.heading), head=True) for column in made.columns])
    many = 0
    for row in chain(first, rows):
        many += 1
        sheet.append([_cell(sheet, value, column.sort) for value, column in zip(row, made.columns, strict=True)])
    last = f"{get_column_letter(len(made.columns))}{many + 1}"
    sheet.auto_filter.ref = f"A1:{last}"
    if made.total and many:
        sheet.append([_total(sheet, place, column, made.total, many) for place, column in enumerate(made.columns)])


def _total(sheet: Any, place: int, column: Column, label: str, many: int) -> Any:
    if not column.total:
        cell = _cell(sheet, label if place == 0 else None, font=_BOLD)
    else:
        letter = get_column_letter(place + 1)
        cell = WriteOnlyCell(sheet, f"=SUBTOTAL({_VISIBLE_SUM},{letter}2:{letter}{many + 1})")
        cell.number_format, cell.font = _FORMATS[column.sort], _BOLD
    cell.border = _ABOVE_TOTAL
    return cell


def _cell(
    sheet: Any, value: Bare, sort: Sort = Sort.TEXT, *, head: bool = False, wrap: bool = False, font: Font | None = None
) -> Any:
    """A typed cell. What is text is said to be text, whatever it begins with."""
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, "")
        cell.value = _text(value)
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(sheet, value)  # type: ignore[arg-type]  # its types know neither Decimal nor date
        if value is not None:
            cell.number_format = _FORMATS[sort]
    if head:
        cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    elif font:
        cell.font = font
    if wrap:
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    return cell


def _bare(value: int | Decimal | dt.date | None, words: Said) -> Bare:
    """The value where a workbook can hold it, else the words."""
    if value is None or (isinstance(value, dt.date) and value < _BEGINNING):
        return one_line(words) or None
    return value


def _text(text: str) -> str:
    kept = printable(text)
    return kept if len(kept) <= _LONGEST else f"{kept[: _LONGEST - 1]}…"


class _Names:
    """Names of sheets: at most 31 characters, none of []:*?/\\ nor quotes, none twice whatever their case."""

    def __init__(self, *taken: str) -> None:
        self._taken = {name.lower() for name in taken}

    def new(self, wanted: str) -> str:
        tidy = re.sub(r"""[\[\]:*?/\\"']+""", " ", _text(wanted)).strip() or "–"
        name, number = _cut(tidy, ""), 2
        while name.lower() in self._taken:
            name, number = _cut(tidy, f" ({number})"), number + 1
        self._taken.add(name.lower())
        return name


def _cut(text: str, ending: str) -> str:
    room = _LONGEST_NAME - len(ending)
    return (text if len(text) <= room else f"{text[: room - 1].rstrip()}…") + ending
