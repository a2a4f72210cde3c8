"""What the columns of a sheet of activities mean: rows of text to one `ImportActivities`, or every fault in it.

The order of the columns is free; what a sheet does not have, it says nothing about. A date, number or name that can be
read in two ways is a fault: nothing is guessed.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tracker.domain.activities import RUNNING, ActivityContent, Direction, Kind, Status
from tracker.domain.commands import ImportActivities
from tracker.domain.date_texts import understand
from tracker.domain.dates import OPEN, HistoricDate, InvalidDate
from tracker.domain.search import fold, without_digraphs
from tracker.domain.twins import Twin
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_
from tracker.intake import cells, people
from tracker.intake.cells import CellFault
from tracker.intake.json import checked
from tracker.intake.problems import CellProblem, InvalidTable, cell_problem
from tracker.intake.table import Row, Table

T = TypeVar("T")

_TITLES = {"title": "en", "title_de": "de", "title_ru": "ru"}
COLUMNS = (
    "id", "date_start", "date_end", "time_start", "time_end", "timezone", "kind", "subtype", "twin_slugs", "direction",
    *_TITLES, "leader_in_office", "participants", "participants_note", "quantity_note", "amount", "currency", "place",
    "responsible", "outcome", "status", "reason", "remembered", "verified", "source_url", "note",
)  # fmt: skip
_REQUIRED = ("kind", "date_start", "twin_slugs")

_UNKNOWN_COLUMN = N_("The column “{value}” is not known. Known ones: {known}.")
_NO_COLUMN = N_("The column “{value}” is missing. Every sheet has kind, date_start, twin_slugs and a title.")
_NO_TITLE = N_("There is no title. Write one into title, title_de or title_ru.")
_SAME_ID = N_("The id “{value}” stands in row {row} already.")
_TWO_STATUSES = N_(
    "“{value}” differs from {other} in the column {other_column}. Fill in one of the two, or both alike."
)
_NOT_A_KIND = N_("“{value}” is not a kind of activity. Choose one of: {allowed}.")
_NOT_A_STATUS = N_("“{value}” is not a status. Choose one of: {allowed}.")
_NOT_A_DIRECTION = N_("“{value}” is not a direction. Choose one of: {allowed}.")
_NOT_A_TWIN = N_("“{value}” is not a twin. Known ones: {known}.")
_MEANS_TWIN = N_("“{value}” is not a twin's short name. Do you mean {known}?")
_MISSING = N_("This is missing and must be given.")
_TWO_TIMES = N_("“{value}” differs from the time {time} that stands beside the date. Write it once.")
_TIME_NEEDS_DAY = N_("“{value}”: a time needs a whole day beside it, such as 2026-11-28.")
_TWO_ENDS = N_("“{value}”: the start names an end already. Write it once.")
_END_IS_SPAN = N_("“{value}” is a span of time, but an end is one date.")
_NO_AMOUNT = N_("There is a currency but no amount. Give both or neither.")
_NO_CURRENCY = N_("There is an amount but no currency. Give both or neither; the currency as EUR, GBP or RUB.")

_KINDS = {kind.value: kind.value for kind in Kind}
_STATUSES = {status.value: status.value for status in Status}
_DIRECTIONS = {direction.value: direction.value for direction in Direction} | {
    "to_volgograd": Direction.TO_HUB.value,
    "from_volgograd": Direction.FROM_HUB.value,
    "n.a.": Direction.NONE.value,
    "n/a": Direction.NONE.value,
    "": Direction.NONE.value,
}
_YES_OR_NO = dict.fromkeys(("yes", "ja", "да", "true"), True) | dict.fromkeys(("no", "nein", "нет", "false"), False)
_VERIFIED = _YES_OR_NO | dict.fromkeys(("", "partly", "teilweise", "частично"), False)
_ROLES = {"award": "prize", "prize": "prize", "grant": "grant"}
_CALLED_OFF = (Status.CANCELLED.value, Status.POSTPONED.value)

_COLUMN_OF = {
    "external_id": "id", "twins": "twin_slugs", "start": "date_start", "end": "date_end", "leaders": "leader_in_office",
    "sources": "source_url", "title": "title", "title.en": "title", "title.de": "title_de", "title.ru": "title_ru",
    "details": "participants_note", "counts": "participants_note", "money": "amount",
}  # fmt: skip


def activities_command(
    table: Table, today: dt.date, language: str = "en", twins: Mapping[str, Twin] | None = None
) -> ImportActivities:
    """Read all rows, or raise `InvalidTable` with every fault. With `twins`, unknown ones are told here already."""
    _check_columns(table)
    context = _Context(today, language, twins)
    problems: list[CellProblem] = []
    contents: list[ActivityContent] = []
    given: list[frozenset[str]] = []
    for row in table.rows:
        reader = _RowReader(row, context)
        content = reader.content()
        problems += reader.problems
        if content is not None:
            contents.append(content)
            given.append(frozenset(reader.given))
    if problems:
        raise InvalidTable(problems)
    return ImportActivities(tuple(contents), tuple(given))


def placed(problem: FieldProblem, row: Row) -> CellProblem:
    """A fault of an activity's field, at the cell the field was read from."""
    column = _column(problem.field, row.cells)
    text = row.cells.get(column, "")
    # Of a cell with several values only the wrong one is told; what we made of a cell is told as it stands there.
    value = str(problem.value)
    if value not in text and column in row.cells:
        value = text
    return cell_problem(row.number, column, value, problem.reason, problem.values)


def _column(field: str, texts: Mapping[str, str]) -> str:
    top, _, rest = field.partition(".")
    leaf = rest.rpartition(".")[2]
    if top == "end" and not texts.get("date_end") and texts.get("time_end"):
        return "time_end"
    if top == "status":
        return "status" if texts.get("status") else "outcome"
    if (top, leaf) in (("counts", "value"), ("money", "currency")):
        return {"value": "participants", "currency": "currency"}[leaf]
    return _COLUMN_OF.get(field) or _COLUMN_OF.get(top, top)


def _check_columns(table: Table) -> None:
    known = set(COLUMNS)
    problems = [
        cell_problem(1, name, name, _UNKNOWN_COLUMN, {"known": COLUMNS})
        for name in table.columns
        if name and name not in known
    ]
    missing = [name for name in _REQUIRED if name not in table.columns]
    if not any(title in table.columns for title in _TITLES):
        missing.append("title")
    problems += [cell_problem(1, name, name, _NO_COLUMN) for name in missing]
    if problems:
        raise InvalidTable(problems)


class _Context:
    """What all rows of a sheet share."""

    def __init__(self, today: dt.date, language: str, twins: Mapping[str, Twin] | None) -> None:
        self.today, self.language, self.twins = today, language, twins
        self.rows_by_id: dict[str, int] = {}
        names = {fold(name): slug for slug, twin in (twins or {}).items() for name in twin.all_names()}
        self._slugs = names | {slug: slug for slug in twins or {}}

    def unknown_twin(self, text: str) -> CellFault | None:
        """Why a text is no twin's slug, with the slug it may mean; a name is never taken for it silently."""
        if self.twins is None or text in self.twins:
            return None
        spellings = (fold(text), without_digraphs(fold(text)))
        meant = next((self._slugs[spelling] for spelling in spellings if spelling in self._slugs), None)
        close = difflib.get_close_matches(fold(text), self._slugs, n=1, cutoff=0.75)
        if meant or close:
            return CellFault(_MEANS_TWIN, known=meant or self._slugs[close[0]])
        return CellFault(_NOT_A_TWIN, known=tuple(sorted(self.twins)))


class _RowReader:
    """Reads one row into the document of an activity, gathering faults as it goes."""

    def __init__(self, row: Row, context: _Context) -> None:
        self.row, self.context = row, context
        self.problems: list[CellProblem] = []
        self.given: set[str] = set()
        self.document: dict[str, Any] = {}

    def content(self) -> ActivityContent | None:
        """The activity of this row; None where `problems` says why not."""
        for read in (
            self._texts,
            self._identity,
            self._words,
            self._twins,
            self._dates,
            self._people,
            self._remembered,
            self._money,
            self._sources,
        ):
            read()
        try:
            content = checked(ActivityContent, self.document)
        except InvalidInput as fault:
            told = {problem.column for problem in self.problems}
            # A required field that could not be read has been told at its cell.
            found = [placed(problem, self.row) for problem in fault.problems if problem.field not in self._unread()]
            self.problems += [problem for problem in found if problem.column not in told]
            return None
        return None if self.problems else content

    def _unread(self) -> set[str]:
        fields = ActivityContent.model_fields.items()
        return {name for name, field in fields if field.is_required() and name not in self.document}

    def _cell(self, column: str) -> str:
        return self.row.cells.get(column, "")

    def _has(self, *columns: str) -> bool:
        return any(column in self.row.cells for column in columns)

    def _fault(self, column: str, value: str, reason: str, **values: object) -> None:
        self.problems.append(cell_problem(self.row.number, column, value, reason, values))

    def _read(self, column: str, read: Callable[[str], T], text: str | None = None) -> T | None:
        """What `read` makes of a cell (or of `text`, a part of it), or None and a fault."""
        value = self._cell(column) if text is None else text
        try:
            return read(value)
        except CellFault as fault:
            self._fault(column, value, fault.reason, **fault.values)
        except InvalidDate as fault:
            self._fault(column, value, fault.reason, **fault.values)
        return None

    def _put(self, field: str, value: object) -> None:
        """Set a field that the sheet has a column for; an empty cell empties it."""
        self.given.add(field)
        if value is not None:
            self.document[field] = value

    def _texts(self) -> None:
        for column in ("subtype", "place", "responsible", "quantity_note", "note", "reason"):
            if self._has(column):
                self._put(column, self._cell(column))
        titles = {language: self._cell(column) for column, language in _TITLES.items() if self._cell(column)}
        self._put("title", titles)
        if not titles:
            self._fault(next(column for column in _TITLES if self._has(column)), "", _NO_TITLE)

    def _identity(self) -> None:
        identity = self._cell("id")
        if not identity:
            return
        self._put("external_id", identity)
        first = self.context.rows_by_id.setdefault(identity, self.row.number)
        if first != self.row.number:
            self._fault("id", identity, _SAME_ID, row=first)

    def _words(self) -> None:
        kind = self._read("kind", lambda text: cells.one_of(text, _KINDS, _NOT_A_KIND))
        self._put("kind", kind)
        if self._has("direction"):
            allowed = tuple(Direction)
            read = self._read("direction", lambda text: cells.one_of(text, _DIRECTIONS, _NOT_A_DIRECTION, allowed))
            self._put("direction", read)
        self._status()

    def _status(self) -> None:
        told = [column for column in ("status", "outcome") if self._cell(column)]
        found = [self._read(column, lambda text: cells.one_of(text, _STATUSES, _NOT_A_STATUS)) for column in told]
        if not found or None in found:
            return
        if len(set(found)) > 1:
            self._fault(told[0], self._cell(told[0]), _TWO_STATUSES, other_column=told[1], other=self._cell(told[1]))
            return
        self._put("status", found[0])
        if found[0] in _CALLED_OFF and not self._cell("reason"):
            # A sheet without a column for the reason has it, if anywhere, in its note.
            self.document["reason"] = self._cell("note")

    def _twins(self) -> None:
        slugs = cells.several(self._cell("twin_slugs"))
        self._put("twins", slugs)
        if not slugs:
            self._fault("twin_slugs", "", _MISSING)
        for slug in slugs:
            if fault := self.context.unknown_twin(slug):
                self._fault("twin_slugs", slug, fault.reason, **fault.values)

    def _dates(self) -> None:
        if not self._cell("date_start"):
            self._fault("date_start", "", _MISSING)
            return
        start, start_time = self._moment("date_start", "time_start")
        if start is None:
            return
        end_text = self._cell("date_end")
        end: str | None = None
        if end_text == RUNNING:
            end = RUNNING
        elif end_text or self._cell("time_end"):
            end = self._end(start)
        if start.is_interval:
            start, end = self._split(start, end)
        self._put("start", start.edtf + (f"T{start_time}" if start_time else ""))
        if self._has("date_end", "time_end") or end:
            self._put("end", end)
        if self._has("timezone"):
            self._put("timezone", self._cell("timezone") or None)

    def _end(self, start: HistoricDate) -> str | None:
        """The end as EDTF; a time alone means the day of the start."""
        end, time = self._moment("date_end", "time_end", start)
        if end is None:
            return None
        if end.is_interval:
            self._fault("date_end", self._cell("date_end"), _END_IS_SPAN)
            return None
        return end.edtf + (f"T{time}" if time else "")

    def _split(self, start: HistoricDate, end: str | None) -> tuple[HistoricDate, str | None]:
        """A span written into the start ("2002/..", "27.–30. November 2000") as start and end."""
        if end is not None:
            self._fault("date_end", self._cell("date_end"), _TWO_ENDS)
            return start, None
        first, last = start.ends
        if first and start.edtf.endswith(OPEN):
            return first, RUNNING
        return (first, last.edtf) if first and last else (start, None)

    def _moment(
        self, date_column: str, time_column: str, otherwise: HistoricDate | None = None
    ) -> tuple[HistoricDate | None, str]:
        """The date and the time of day that two cells tell together."""
        split = self._read(date_column, cells.date_and_time)
        if split is None:
            return None, ""
        text, time = split
        told = self._read(time_column, cells.clock) if self._cell(time_column) else ""
        if time and told and time != told:
            self._fault(time_column, self._cell(time_column), _TWO_TIMES, time=time)
        context = self.context
        date = otherwise
        if text:
            date = self._read(date_column, lambda _: understand(text, context.language, context.today))
        clock = told or time
        if date and clock and date.exact_day is None:
            column = time_column if told else date_column
            self._fault(column, self._cell(column), _TIME_NEEDS_DAY)
            return None, ""
        return date, clock

    def _people(self) -> None:
        if self._has("leader_in_office"):
            self._put("leaders", people.leaders(self._cell("leader_in_office")))
        if not self._has("participants", "participants_note"):
            return
        note = self._cell("participants_note")
        if not self._cell("participants"):
            self._put("counts", [])
            if note:  # "17 delegations": counted, but not people
                self._put("quantity_note", "; ".join(filter(None, (note, self._cell("quantity_note")))))
            return
        told = self._read("participants", cells.people)
        if told is None:
            return
        value, bound = told
        series = people.beneficiaries(note, self.context.today)
        if series and self.document.get("kind") == Kind.AID_SHIPMENT.value:
            label, reached = series
            first = next((one for one in reached if one["value"] == value), None)
            self._put("details", {"form": "programme", "beneficiaries": reached})
            at = {"bound": first["bound"], "note": first["at"]} if first else {}
            self._put("counts", [{"of": label, "value": value, "bound": bound.value, **at}])
            return
        planned = self.document.get("status", Status.PLANNED.value) != Status.HELD.value
        self._put("counts", [people.count(value, bound, note, planned=planned)])

    def _remembered(self) -> None:
        """Whether its anniversaries come round; an empty cell says nothing of it."""
        if self._cell("remembered"):
            said = self._read("remembered", lambda text: cells.one_of(text, _YES_OR_NO, allowed=("yes", "no")))
            if said is not None:
                self._put("details", {**self.document.get("details", {}), "remembered": said})

    def _money(self) -> None:
        if not self._has("amount", "currency"):
            return
        self._put("money", [])
        amount, currency = self._cell("amount"), self._cell("currency")
        if not amount and not currency:
            return
        if not amount or not currency:
            column = "currency" if amount else "amount"
            self._fault(column, "", _NO_CURRENCY if amount else _NO_AMOUNT)
            return
        value, code = self._read("amount", cells.amount), self._read("currency", cells.currency)
        if value is not None and code is not None:
            role = _ROLES.get(self._cell("subtype").lower(), "donation")
            self._put("money", [{"amount": value, "currency": code, "role": role}])

    def _sources(self) -> None:
        if not self._has("source_url", "verified"):
            return
        verified = self._read("verified", lambda text: cells.one_of(text, _VERIFIED, allowed=("yes", "partly", "no")))
        self._put("sources", [source(text, bool(verified)) for text in cells.several(self._cell("source_url"))])


def source(text: str, verified: bool) -> dict[str, Any]:
    """An address, or the description of a print source."""
    address = re.fullmatch(r"https?://\S+", text)
    return {"url" if address else "text": text, "verified": verified}
