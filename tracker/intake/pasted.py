"""A table pasted out of a sheet or a mail, made into the sheet that `activity_table` reads.

People's own headings and words become ours (Datum, Partnerstadt, «вид»); where there is no heading the columns are
guessed by what stands in them, to be looked at. A cell that is not understood is left as it is, so that its fault is
told at its place.
"""

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.domain.activities import Kind, Status
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.search import fold
from tracker.errors import InvalidInput
from tracker.i18n import N_
from tracker.intake.activity_table import COLUMNS
from tracker.intake.names import Cities
from tracker.intake.quick_numbers import counts, money
from tracker.intake.quick_words import direction_of, kind_of, status_of

MOST_ROWS = 500
MOST_LETTERS = 300_000
NEEDED = ("date_start", "title")
_TITLES = {"en": "title", "de": "title_de", "ru": "title_ru"}

_NOTHING = N_("Paste a table first: one activity a line, its cells with tabs or semicolons between them.")
_TOO_MANY = N_("These are more than {most} lines. Take them in as a file instead.")
_ONE_COLUMN = N_(
    "Only one column is found here. Copy the table out of the sheet itself, or put semicolons between cells."
)

_HEADINGS = {
    "date_start": "datum date дата beginn anfang start von wann when начало когда tag day день",
    "date_end": "bis ende end until конец окончание по",
    "time_start": "uhrzeit zeit time время",
    "kind": "art kind type typ kategorie category вид тип категория",
    "subtype": "sorte sort unterart",
    "twin_slugs": "stadt stadte partnerstadt partnerstadte partner city twin twincity twincities город города"
    " городпобратим побратим партнер",
    "title_de": "titel bezeichnung veranstaltung aktivitat was",
    "title": "title name event activity what",
    "title_ru": "название заголовок мероприятие что наименование",
    "direction": "richtung direction werreist направление",
    "leader_in_office": "leitung leiter delegationsleiter leader ledby руководитель глава",
    "participants": "teilnehmer teilnehmende teilnehmerzahl personen anzahl participants people number участники"
    " участников количество",
    "amount": "betrag summe amount sum сумма",
    "currency": "wahrung currency валюта",
    "place": "ort place место",
    "status": "status stand статус",
    "reason": "grund reason причина",
    "note": "bemerkung bemerkungen anmerkung notiz note notes remark примечание заметка",
    "source_url": "quelle source link источник",
    "responsible": "zustandig verantwortlich responsible ответственный",
}
_COLUMN_OF = {word: column for column, words in _HEADINGS.items() for word in words.split()} | {
    re.sub(r"[\W_]", "", column): column for column in COLUMNS
}
CHOICES = tuple(column for column in _HEADINGS)
"""What a column can be said to be."""


@dataclass(frozen=True)
class Pasted:
    """The cells of a table, and what its columns seem to be, empty where nobody knows.

    `headed`: the first row names them.
    """

    rows: tuple[tuple[str, ...], ...]
    columns: tuple[str, ...]
    headed: bool

    @property
    def is_clear(self) -> bool:
        return self.headed and all(any(column.startswith(needed) for column in self.columns) for needed in NEEDED)


@dataclass(frozen=True)
class Usual:
    """What holds for rows that do not say it; no kind: as the words of the title say."""

    kind: str = ""
    twins: tuple[str, ...] = ()


def read_pasted(text: str, language: str, today: dt.date, cities: Cities) -> Pasted:
    """The cells of a pasted text. Raises `InvalidInput` where it is no table."""
    rows = _cells(text.replace("\x00", "")[:MOST_LETTERS])
    if not rows:
        raise InvalidInput.one("text", "", _NOTHING)
    if len(rows) > MOST_ROWS + 1:
        raise InvalidInput.one("text", "", _TOO_MANY, most=MOST_ROWS)
    wide = max(map(len, rows))
    if wide < 2:
        raise InvalidInput.one("text", "", _ONE_COLUMN)
    rows = [row + [""] * (wide - len(row)) for row in rows]
    named = [_COLUMN_OF.get(re.sub(r"[\W_]", "", fold(cell)), "") for cell in rows[0]]
    headed = sum(map(bool, named)) >= min(2, wide) and len(rows) > 1
    columns = _once(named) if headed else _guessed(rows, language, today, cities)
    return Pasted(tuple(map(tuple, rows)), columns, headed)


def as_sheet(pasted: Pasted, usual: Usual, language: str, today: dt.date, cities: Cities) -> bytes:
    """The sheet in our columns and words, under a heading of ours."""
    used = [column for column in dict.fromkeys(pasted.columns) if column]
    if "title" in used:
        # A heading that says "title" in no language means the language of the page.
        used = [_TITLES[language] if column == "title" else column for column in used]
    more = [c for c in ("kind", "subtype", "twin_slugs", "status", "participants_note", "currency") if c not in used]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*used, *more], delimiter="\t", lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    for row in pasted.rows[1:] if pasted.headed else pasted.rows:
        cells = {column: cell for column, cell in zip(pasted.columns, row, strict=True) if column}
        if "title" in cells:
            cells[_TITLES[language]] = cells.pop("title")
        writer.writerow(_in_our_words(cells, usual, language, today, cities))
    return out.getvalue().encode()


def _in_our_words(cells: dict[str, str], usual: Usual, language: str, today: dt.date, cities: Cities) -> dict[str, str]:
    title = " ".join(cells.get(name, "") for name in _TITLES.values())
    kind = cells.get("kind", "")
    told = kind_of(kind) if kind else None if usual.kind else kind_of(title)
    row = cells | {"kind": kind if kind in set(Kind) else told[0].value if told else kind or usual.kind}
    if told and told[1] and not cells.get("subtype"):
        row["subtype"] = told[1]
    row["twin_slugs"] = _twins(cells.get("twin_slugs", ""), title, usual, cities)
    if direction := direction_of(cells.get("direction", "")):
        row["direction"] = direction.value
    row["status"] = _status(cells, language, today)
    if people := counts(cells.get("participants", ""), language):
        row |= {"participants": str(people[0].row["value"]), "participants_note": people[0].row["of"]}
    if sums := money(cells.get("amount", "")):
        row |= {"amount": sums[0].row["amount"], "currency": sums[0].row["currency"]}
    return row


def _twins(cell: str, title: str, usual: Usual, cities: Cities) -> str:
    parts = [part.strip() for part in re.split(r"[,;|/&+]| und | and | и ", cell) if part.strip()]
    if parts:
        return " | ".join(dict.fromkeys(cities.one(part) or part for part in parts))
    named = [city.slug for city in cities.in_text(title) if not city.is_hub]
    return " | ".join(usual.twins or dict.fromkeys(named))


def _status(cells: dict[str, str], language: str, today: dt.date) -> str:
    """As the cell says; an empty one of what is over: it was held, and the preview says so."""
    if cells.get("status"):
        said = status_of(cells["status"])
        return said.value if said else cells["status"]
    when = _date(cells.get("date_end") or cells.get("date_start", ""), language, today)
    over = when is not None and when.latest is not None and when.latest < today
    return Status.HELD.value if over else Status.PLANNED.value


def _cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.strip()]
    delimiter = next((sign for sign in "\t;," if sum(sign in line for line in lines) * 2 > len(lines)), "\t")
    read = csv.reader(io.StringIO("\n".join(text.splitlines())), delimiter=delimiter)
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in read]
    except csv.Error:
        rows = [[" ".join(cell.split()) for cell in line.split(delimiter)] for line in lines]
    return [row for row in rows if any(row)]


def _once(named: Sequence[str]) -> tuple[str, ...]:
    """Each column once: a second one of a name is nobody's."""
    return tuple(name if name and named.index(name) == at else "" for at, name in enumerate(named))


def _guessed(rows: list[list[str]], language: str, today: dt.date, cities: Cities) -> tuple[str, ...]:
    """What columns seem to be, by their first cells; the longest of the unknown ones is the title."""
    said: list[str] = []
    for column in zip(*rows[:20], strict=True):
        cells = [cell for cell in column if cell]
        votes = Counter(_looks_like(cell, language, today, cities) for cell in cells)
        likely, many = votes.most_common(1)[0] if votes else ("", 0)
        said.append(likely if many * 2 > len(cells) else "")
    if said.count("date_start") > 1:
        said[said.index("date_start", said.index("date_start") + 1)] = "date_end"
    unknown = [at for at, name in enumerate(said) if not name]
    if unknown:
        said[max(unknown, key=lambda at: sum(len(row[at]) for row in rows))] = "title"
    return _once(said)


def _looks_like(cell: str, language: str, today: dt.date, cities: Cities) -> str:
    if _date(cell, language, today):
        return "date_start"
    if cities.one(cell) and len(cell.split()) <= 3:
        return "twin_slugs"
    if kind_of(cell) and len(cell.split()) == 1:
        return "kind"
    if money(cell):
        return "amount"
    return "participants" if re.fullmatch(r"\d{1,5}", cell) or counts(cell, language) else ""


def _date(text: str, language: str, today: dt.date) -> HistoricDate | None:
    try:
        return understand(text, language, today) if re.search(r"\d", text) else None
    except InvalidDate:
        return None
