"""XLSX to rows of text, as a person reads them: 1944 and not 1944.0, a month where Excel shows only a month.

Excel turns a typed "Mai 1960" into 1 May 1960 and shows "Mai 60". What the cell shows is what was meant, so its format
decides how much of the date is taken over.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tracker.i18n import N_
from tracker.intake.problems import InvalidTable, cell_problem
from tracker.late import Late

if TYPE_CHECKING:
    from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell

openpyxl = Late("openpyxl")

_LARGEST = 500_000_000
"""Bytes a workbook may unpack to: a small file can be made to fill the memory."""

_NO_WORKBOOK = N_("“{value}” is not a workbook that can be read. Save it as an Excel workbook (.xlsx) or as CSV.")
_UNPACKS_TOO_LARGE = N_("“{value}” is too large. Split it into several files.")
_BROKEN_FORMULA = N_("The formula here ends in the error {value}. Write the value itself.")


def workbook_rows(name: str, data: bytes) -> Iterator[list[str]]:
    """The rows of the first sheet; values of formulas as they were last worked out."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _LARGEST:
                raise InvalidTable.of_file(name, _UNPACKS_TOO_LARGE)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # some programs write a wrong size, which would cut rows off
    except InvalidTable:
        raise
    except Exception as fault:  # the package lets through whatever its parsers raise on a damaged file
        raise InvalidTable.of_file(name, _NO_WORKBOOK) from fault
    return _rows(name, sheet)


def _rows(name: str, sheet: Any) -> Iterator[list[str]]:
    rows = sheet.iter_rows()
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except Exception as fault:  # as above: the rows are parsed only now
            raise InvalidTable.of_file(name, _NO_WORKBOOK) from fault
        if cells is None:
            return
        broken = [cell for cell in cells if cell.data_type == "e"]
        if broken:
            raise InvalidTable(
                [cell_problem(number, cell.column_letter, cell.value, _BROKEN_FORMULA) for cell in broken]
            )
        yield [_text(cell) for cell in cells]


def _text(cell: "ReadOnlyCell | EmptyCell") -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            # Fifteen digits are all that Excel keeps; more would show 0.1 + 0.2 as 0.30000000000000004.
            return f"{value:.15g}"
        case dt.datetime():
            return _date(value, cell.number_format)
        case dt.time():
            return value.strftime("%H:%M")
        case _:
            return str(value)


def _date(moment: dt.datetime, shown_as: str | None) -> str:
    shown = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", shown_as or "").lower()
    if "y" in shown and "d" not in shown and "h" not in shown:
        return f"{moment:%Y-%m}" if "m" in shown else f"{moment:%Y}"
    if moment.time() == dt.time():
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%dT%H:%M}"
