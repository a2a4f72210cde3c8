"""A report as one CSV (RFC 4180): a line for every cell of every table, with the bare value beside its words.

One file holds all tables and lists, so each line says whose it is. It begins with the mark by which spreadsheets know
UTF-8, and no text in it can become a formula.
"""

import csv
import io
from collections.abc import Iterator
from typing import Final

from tracker.domain.report_document import Cell, Document, Facts, Item, Listing, Said, Table, one_line

MEDIA_TYPE: Final = "text/csv; charset=utf-8"

_HEADINGS: Final = ("section", "table", "line", "column", "words", "value", "behind")
_MARK: Final = "\ufeff"
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def report_csv(document: Document) -> bytes:
    """`section` and `table` are the same words in every language; `behind` asks for the activities of a figure."""
    written = io.StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(_HEADINGS)
    lines.writerows(_lines(document))
    return (_MARK + written.getvalue()).encode()


def harmless(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def _lines(document: Document) -> Iterator[tuple[str, ...]]:
    for section in document.sections:
        for part in section.parts:
            if isinstance(part, Facts):
                for cell, what in part.items:
                    yield _line(section.name, "facts", what, ("",), cell)
            elif isinstance(part, Table):
                for row in part.rows:
                    for column, cell in zip(part.columns[1:], row[1:], strict=True):
                        yield _line(section.name, part.name, row[0].words, column.heading, cell)
            elif isinstance(part, Listing):
                for group in part.groups:
                    yield from (_item(section.name, part.name, item) for item in group.items)


def _line(section: str, table: str, line: Said, column: Said, cell: Cell) -> tuple[str, ...]:
    texts = (section, table, one_line(line), one_line(column), one_line(cell.words))
    return (*map(harmless, texts), "" if cell.value is None else str(cell.value), cell.key)


def _item(section: str, listing: str, item: Item) -> tuple[str, ...]:
    """An activity of a list: when, what, its facts, and its id."""
    facts = "; ".join(map(one_line, item.facts))
    return (*map(harmless, (section, listing, one_line(item.when), one_line(item.title), facts)), "", item.link)
