"""Lines of goods as they are copied out of a spreadsheet: texts by column, to be looked over in the form before saving.

Columns are known by their heading in English, German or Russian, else by their order. Numbers stay as they were typed:
the form reads them as it reads any other.
"""

import csv
import re
from collections.abc import Sequence
from typing import Any

from tracker.domain.search import fold
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES, N_

COLUMNS = ("description", "quantity", "unit", "weight_kg", "value", "currency", "package", "hs_code")
"""The order in which columns are taken where no heading names them."""

LONGEST = 500
"""Lines at once; a shipment with more is better taken in as a file."""

_HEADINGS = {
    "description": "description|goods|item|what|article|bezeichnung|beschreibung|ware|waren|artikel|was"
    "|наименование|описание|товар|что",
    "quantity": "quantity|qty|number|count|amount|menge|anzahl|stückzahl|количество|кол-во|число",
    "unit": "unit|units|einheit|единица|ед|ед. изм|единица измерения",
    "weight_kg": "weight|weight kg|weight in kg|kg|gewicht|gewicht kg|gewicht in kg|вес|вес кг|вес, кг|масса",
    "value": "value|price|wert|preis|warenwert|стоимость|цена",
    "currency": "currency|währung|валюта",
    "package": "box|boxes|pallet|package|carton|karton|kiste|palette|packstück|kolli|место|короб|коробка|паллета",
    "hs_code": "hs|hs code|hs-code|tariff|zolltarifnummer|warennummer|тн вэд|код тн вэд",
    "en": "english|description en|en|englisch|по-английски|английский",
    "de": "german|deutsch|description de|de|по-немецки|немецкий",
    "ru": "russian|русский|description ru|ru|russisch|по-русски",
}
_KNOWN = {fold(word): name for name, words in _HEADINGS.items() for word in words.split("|")}
_TOO_MANY = N_("These are {count} lines; at most {most} fit at once.")
_TOO_WIDE = N_("Line {row} has {count} columns; at most {most} are known. Copy the columns of the goods alone.")


def pasted_goods(text: str, language: str) -> list[dict[str, Any]]:
    """The rows of a pasted table as the form's texts; `InvalidInput` for what is no list of goods.

    Where columns are named by language, the one of `language` is the description unless there is one without.
    """
    rows = [row for row in _cells(text) if any(row)]
    if len(rows) > LONGEST:
        raise InvalidInput.one("_pasted", "", _TOO_MANY, count=len(rows), most=LONGEST)
    names: Sequence[str | None] = COLUMNS
    if rows and (heads := _headings(rows[0])):
        names, rows = heads, rows[1:]
    for number, row in enumerate(rows, 1):
        if len(row) > len(names):
            raise InvalidInput.one("_pasted", "", _TOO_WIDE, row=number, count=len(row), most=len(names))
    return [_goods(dict(zip(names, row, strict=False)), language) for row in rows]


def _cells(text: str) -> list[list[str]]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    separator = "\t" if "\t" in lines else ";"
    read = csv.reader(lines.splitlines(keepends=True), delimiter=separator)
    return [_without_blank_end([" ".join(cell.split()) for cell in row]) for row in read]


def _without_blank_end(row: list[str]) -> list[str]:
    """Whole rows of a sheet are copied with the empty cells behind them."""
    while row and not row[-1]:
        row.pop()
    return row


def _headings(row: Sequence[str]) -> list[str | None]:
    """What each column holds, where the row is a heading: at least two of its cells are known, and none is a number."""
    named = [_KNOWN.get(fold(re.sub(r"[()\[\].:]", " ", cell)).strip()) for cell in row]
    known = [name for name in named if name]
    if len(known) >= min(2, len(row)) and known and not any(re.fullmatch(r"[\d.,\s]+", cell) for cell in row):
        return [name if named.index(name) == place else None for place, name in enumerate(named)]
    return []


def _goods(cells: dict[str | None, str], language: str) -> dict[str, Any]:
    row: dict[str, Any] = {name: cells.get(name, "") for name in COLUMNS}
    texts = {tag: cells[tag] for tag in LANGUAGES if cells.get(tag)}
    if not row["description"]:
        row["description"] = texts.pop(language, "") or next(iter(texts.values()), "")
    row["currency"] = {"€": "EUR", "$": "USD", "₽": "RUB"}.get(row["currency"], row["currency"].upper())
    row["hs_code"] = re.sub(r"[\s.]", "", row["hs_code"])
    return {**row, "descriptions": texts}
