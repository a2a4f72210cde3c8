"""A sheet as rows of text: CSV as programs really write it, or XLSX.

Told by looking, never by the name of the file: encoding, separator, workbook or not. What could be read in two ways is
refused with what would be right. Rows count as the sheet counts them, the heading is row 1.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from tracker.i18n import N_
from tracker.intake.problems import CellProblem, InvalidTable, cell_problem
from tracker.intake.workbook import workbook_rows

MOST_BYTES = 50_000_000
MOST_ROWS = 100_000

_TOO_LARGE = N_("“{value}” is larger than {most} MB. Split it into several files.")
_TOO_MANY_ROWS = N_("“{value}” has more than {most} rows. Split it into several files.")
_EMPTY = N_("“{value}” is empty. The first row must name the columns.")
_NO_TABLE = N_("“{value}” is not a table. Save it as CSV (best in UTF-8) or as an Excel workbook (.xlsx).")
_OLD_EXCEL = N_("“{value}” is in the old Excel format. Save it as an Excel workbook (.xlsx) or as CSV.")
_NOT_TEXT = N_("“{value}” is in an encoding that is not known. Save it as CSV UTF-8.")
_CYRILLIC = N_("“{value}” seems to hold Cyrillic letters in an old encoding. Save it as CSV UTF-8.")
_QUOTES = N_("The quotation marks do not match here: a cell with quotes inside must double them.")
_TWICE = N_("The column “{value}” is there twice.")
_BEYOND = N_("“{value}” stands in a cell without a heading. Quote cells that hold the separator, or name the column.")

_DELIMITERS = ";,\t"
_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# No language of western Europe has four of these in a row, Cyrillic text read as western has hardly anything else.
_GARBLED = re.compile("[À-ÿ¨¸]{4}")


@dataclass(frozen=True)
class Row:
    """One row: its number in the sheet, and its texts by column, stripped."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Table:
    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(name: str, data: bytes, heading_row: int = 1) -> Table:
    """Read a file; `InvalidTable` where it is no table. `name` is only told in messages.

    `heading_row`: the number of the first row; 0 where somebody's own rows begin below it.
    """
    if len(data) > MOST_BYTES:
        raise InvalidTable.of_file(name, _TOO_LARGE, most=MOST_BYTES // 1_000_000)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InvalidTable.of_file(name, _OLD_EXCEL)
    packed = data.startswith(b"PK\x03\x04")
    numbered = enumerate(workbook_rows(name, data) if packed else _csv_rows(name, data), start=heading_row)
    heading = next((cells for _, cells in islice(numbered, 1)), None)
    columns = _columns(heading) if heading else ()
    if not columns:
        raise InvalidTable.of_file(name, _EMPTY)
    return Table(name, columns, tuple(_rows(name, columns, numbered)))


def _columns(heading: list[str]) -> tuple[str, ...]:
    names = [re.sub(r"\s+", "_", cell.strip().lower()) for cell in heading]
    while names and not names[-1]:
        names.pop()
    twice = [name for name in dict.fromkeys(names) if name and names.count(name) > 1]
    if twice:
        raise InvalidTable([cell_problem(1, name, name, _TWICE) for name in twice])
    return tuple(names)


def _rows(name: str, columns: tuple[str, ...], numbered: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    problems: list[CellProblem] = []
    count = 0
    for number, cells in numbered:
        texts = [cell.strip() for cell in cells]
        if not any(texts):
            continue
        count += 1
        if count > MOST_ROWS:
            raise InvalidTable.of_file(name, _TOO_MANY_ROWS, most=MOST_ROWS)
        named = {column: text for column, text in zip(columns, texts, strict=False) if column}
        strays = [text for column, text in zip(columns, texts, strict=False) if text and not column]
        problems += [cell_problem(number, "", text, _BEYOND) for text in (*strays, *texts[len(columns) :]) if text]
        yield Row(number, {column: named.get(column, "") for column in columns if column})
    if problems:
        raise InvalidTable(problems)


def _csv_rows(name: str, data: bytes) -> Iterator[list[str]]:
    text = _decoded(name, data)
    if "\x00" in text or text.startswith(("%PDF", "{\\rtf", "BEGIN:V", "<")):
        raise InvalidTable.of_file(name, _NO_TABLE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            raise InvalidTable([cell_problem(number, "", "", _QUOTES)]) from fault
        if cells is None:
            return
        yield cells


def _decoded(name: str, data: bytes) -> str:
    """UTF-8 if it is that, else what German Excel writes; anything else is refused rather than garbled."""
    marked = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    try:
        return data.decode(marked or "utf-8")
    except UnicodeDecodeError as fault:
        if marked:
            raise InvalidTable.of_file(name, _NOT_TEXT) from fault
    if b"\x00" in data:
        raise InvalidTable.of_file(name, _NO_TABLE)
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as fault:
        raise InvalidTable.of_file(name, _NOT_TEXT) from fault
    if _GARBLED.search(text):
        raise InvalidTable.of_file(name, _CYRILLIC)
    return text


def _delimiter(text: str) -> str:
    """The sign that separates the names in the heading; names themselves hold none of them."""
    heading = text.partition("\n")[0]
    return max(_DELIMITERS, key=heading.count)
