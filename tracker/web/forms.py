"""A submitted form as a document, and back: inputs are named as the fields of the JSON are (`counts.0.value`).

So a fault's field is the very input it belongs to, and one reader (`intake.json`) serves pages and API. Rows of a list
that were left blank are dropped; dates are typed as people write them. What a form does not show is kept as it was.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from tracker.domain.activities import RUNNING, ActivityContent
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.words import LABELS, PURPOSES, SUBTYPES, word
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.intake.json import activity_content

Tree = dict[str, Any]

LISTS = (
    "leaders",
    "organisers",
    "counts",
    "money",
    "goods",
    "sources",
    "details.institutions",
    "details.legs",
    "details.vehicles",
    "details.stages",
    "details.beneficiaries",
    "details.programme",
)
_SHAPES = {"title": dict, "description": dict, "details": dict, "twins": list} | {
    name: list for name in LISTS if "." not in name
}
"""Of an activity's form: fields that are no single text."""
_PRESET = frozenset(
    {
        "id",
        "side",
        "bound",
        "basis",
        "way",
        "stage",
        "verified",
        "timezone",
        "descriptions",
        "package",
        "hs_code",
        "time",
    }
)
"""Fields of a row that are never blank, so that they alone do not make a row."""

_DATES = frozenset({"start", "end", "on", "at", "ends"})
_NUMBERS = frozenset({"amount", "value", "weight_kg", "quantity", "audience", "driver_count", "received", "damaged"})
_GROUPS = {"en": ",", "de": r"\.", "ru": ""}
_TIME_BEHIND = re.compile(r"(?P<day>.*?)(?:,|\s|T)+(?P<time>\d{1,2}[:.]\d{2})(?: Uhr)?")
_TIME_ALONE = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_NOT_A_TIME = N_("“{value}” is not a time of day. Write it like 18:00.")
_WHO_TRAVELS = N_("Choose who travels: the report counts journeys by it.")


@dataclass
class Filled:
    """A form as it was filled in: the raw texts as a tree, the faults by field, and how dates were understood."""

    tree: Tree
    faults: dict[str, FieldProblem] = field(default_factory=dict)
    understood: dict[str, HistoricDate] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        """What stands in an input; empty where nothing does."""
        return _look_up(self.tree, name) or ""

    def rows(self, name: str, blank: int = 0) -> list[Tree]:
        """The filled rows of a list and some blank ones."""
        return [*(_look_up(self.tree, name) or []), *({} for _ in range(blank))]

    def has_fault_in(self, names: Iterable[str]) -> bool:
        return any(fault == name or fault.startswith(f"{name}.") for name in names for fault in self.faults)


def submitted(form: MultiDict[str, str], lists: Iterable[str] = LISTS, *, blanks: bool = False) -> Filled:
    """The tree of what was typed; blank rows of its `lists` are left out, unless their places matter."""
    tree: Tree = {}
    for name in form:
        if not name.startswith("_") and name not in ("csrf_token", "version"):
            _put(tree, name.split("."), form.get(name, "").strip())
    tree["twins"] = [slug for slug in form.getlist("twins") if slug]
    for name in lists:
        rows = _look_up(tree, name)
        if isinstance(rows, dict):
            filled = [row for row in in_order(rows) if isinstance(row, dict) and (blanks or _is_filled(row))]
            _put(tree, name.split("."), filled)
    return Filled(tree)


def in_order(rows: Mapping[str, Any]) -> list[Any]:
    """The rows of a list as their inputs are numbered; what stands at no number is none of ours and left out."""
    numbers = (key for key in rows if key.isascii() and key.isdecimal())
    return [rows[key] for key in sorted(numbers, key=lambda key: (len(key), key))]


def shown(content: ActivityContent, language: str) -> Filled:
    """A form that shows what is stored; its dates in words, which are understood again as the same dates."""
    return prefilled(content.model_dump(mode="json"), language)


def prefilled(document: Tree, language: str) -> Filled:
    """A form that begins with a document, whole or in parts: what is stored, a line understood, last year's copied."""
    tree = dict(document)
    if tree.get("end") == RUNNING:
        tree["end"], tree["running"] = "", "1"
    for name in ("start", "end"):
        day, _, time = (tree.get(name) or "").partition("T")
        tree[name], tree[f"{name}_time"] = day, time[:5]
    tree["counts_for"] = ", ".join(tree.get("counts_for") or ())
    return Filled(_in_words(_reworded(tree, lambda table, value: word(table, value, language)), language))


def read(filled: Filled, base: Tree, language: str, today: dt.date) -> ActivityContent:
    """The content a form means, over `base` for what it does not show. `InvalidInput` lists every fault by field."""
    reader = _Reader(filled, language, today)
    document = reader.document(base)
    problems = list(reader.problems)
    told = {problem.field for problem in problems}
    try:
        content = activity_content(document)
    except InvalidInput as fault:
        problems += [p for p in fault.problems if p.field not in told]
    if problems:
        raise InvalidInput(problems)
    return content


def typed(filled: Filled, language: str, today: dt.date) -> Tree:
    """The document that a form of no activity means: its dates and numbers read, its blank fields left out."""
    reader = _Reader(filled, language, today)
    document = reader._filled_only(reader._typed(filled.tree, ""))
    if reader.problems:
        raise InvalidInput(reader.problems)
    return document


def in_words(tree: Tree, language: str) -> Tree:
    """A stored tree as its reader writes dates and numbers."""
    return _in_words(tree, language)


def _reworded(tree: Tree, put: Callable[[Mapping[str, str], str], str]) -> Tree:
    """A tree whose words of one's own, among which the house knows some, are put otherwise."""
    done = dict(tree)
    if isinstance(tree.get("subtype"), str):
        done["subtype"] = put(SUBTYPES, tree["subtype"])
    for rows, name, table in (("counts", "of", LABELS), ("money", "role", PURPOSES)):
        if isinstance(tree.get(rows), list):
            done[rows] = [
                {**row, name: put(table, row[name])} if isinstance(row.get(name), str) else row for row in tree[rows]
            ]
    return done


def _kept_word(table: Mapping[str, str], text: str) -> str:
    """The word under which a known one is kept, in whichever language somebody typed it; else what they typed."""
    said = text.casefold()
    known = (key for key, message in table.items() if said in {gettext(tag, message).casefold() for tag in LANGUAGES})
    return next(known, text)


class _Reader:
    """Turns typed texts into a document; collects what is no date or time."""

    def __init__(self, filled: Filled, language: str, today: dt.date) -> None:
        self.filled, self.language, self.today = filled, language, today
        self.problems: list[FieldProblem] = []

    def document(self, base: Tree) -> Tree:
        typed = self._typed(_shaped(self.filled.tree), "")
        times = {name: typed.pop(f"{name}_time", "") for name in ("start", "end")}
        running = bool(typed.pop("running", ""))
        for name in ("title", "description"):
            typed[name] = {**base.get(name, {}), **typed.get(name, {})}
            typed[name] = {tag: text for tag, text in typed[name].items() if text}
        details = {**base.get("details", {}), **typed.get("details", {})}
        typed["details"] = self._filled_only(details)
        if "counts_for" in typed:
            typed["counts_for"] = [part.strip() for part in typed["counts_for"].split(",") if part.strip()]
        if typed.get("direction") == "":
            self.problems.append(FieldProblem("direction", "", _WHO_TRAVELS))
        document = {**base, **_reworded(typed, _kept_word)}
        self._span(document, times, running)
        return {name: value for name, value in document.items() if value not in ("", None)}

    def _span(self, document: Tree, times: Mapping[str, str], running: bool) -> None:
        start = self.filled.understood.get("start")
        if start and start.is_interval and not document.get("end"):
            # "3.-5. Mai 1960" in the first field says both.
            first, last = start.ends
            document["start"] = first.edtf if first else start.edtf
            document["end"] = last.edtf if last and first else RUNNING if first and start.edtf.endswith("..") else ""
        for name, time in times.items():
            day = document.get(name) or (document.get("start", "")[:10] if name == "end" else "")
            if time and day and "T" not in day:
                document[name] = f"{day}T{self._time(name, time)}"
        if running and not document.get("end"):
            document["end"] = RUNNING
        if not any("T" in (document.get(name) or "") for name in ("start", "end")):
            document["timezone"] = None

    def _typed(self, tree: Tree, path: str) -> Tree:
        """A tree with its dates and numbers read; blank fields of rows are left out."""
        done: Tree = {}
        for name, value in tree.items():
            at = f"{path}{name}"
            if isinstance(value, dict):
                done[name] = self._typed(value, f"{at}.")
            elif isinstance(value, list) and value and isinstance(value[0], dict):
                done[name] = [self._filled_only(self._typed(row, f"{at}.{i}.")) for i, row in enumerate(value)]
            elif name in _DATES and value:
                done[name] = self._date(at, value)
            elif name in _NUMBERS and isinstance(value, str):
                done[name] = number(value, self.language)
            else:
                done[name] = value
        return done

    @staticmethod
    def _filled_only(tree: Tree) -> Tree:
        return {name: value for name, value in tree.items() if value != ""}

    def _date(self, name: str, text: str) -> str:
        behind = _TIME_BEHIND.fullmatch(text)
        day, time = (behind["day"], behind["time"]) if behind else (text, "")
        try:
            known = understand(day, self.language, self.today)
        except InvalidDate as fault:
            self.problems.append(fault.problem(name))
            return text
        self.filled.understood[name] = known
        return f"{known.edtf}T{self._time(name, time)}" if time else known.edtf

    def _time(self, name: str, text: str) -> str:
        match = _TIME_ALONE.fullmatch(text.replace(".", ":"))
        if match is None:
            self.problems.append(FieldProblem(name, text, _NOT_A_TIME))
            return "00:00"
        return f"{int(match[1]):02}:{match[2]}"


def day_and_time(text: str) -> tuple[str, str]:
    """A day with a time of day behind it, taken apart; the text itself and no time, where none stands there."""
    behind = _TIME_BEHIND.fullmatch(text)
    match = _TIME_ALONE.fullmatch(behind["time"].replace(".", ":")) if behind else None
    return (behind["day"], f"{int(match[1]):02}:{match[2]}") if behind and match else (text, "")


def number(text: str, language: str) -> str:
    """A number as typed, with a point. What groups thousands depends on the language: 1.234 is more in German."""
    plain = re.sub(r"[\s\u00a0\u202f’']", "", text)
    group = _GROUPS[language]
    if group and re.fullmatch(rf"[1-9]\d{{0,2}}({group}\d{{3}})+([.,]\d+)?", plain):
        plain = re.sub(group + r"(?=\d{3}(\D|$))", "", plain)
    return plain.replace(",", ".") if re.fullmatch(r"\d+,\d+", plain) else plain


def _number_in_words(value: Any, language: str) -> str:
    """A stored number as the form shows it: no idle zeros, and the comma where one writes a comma."""
    whole, _, places = str(value).partition(".")
    places = places.rstrip("0")
    return whole + (("." if language == "en" else ",") + places if places else "")


def _in_words(tree: Tree, language: str) -> Tree:
    """A stored tree as its reader writes dates and numbers."""
    done: Tree = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            done[name] = _in_words(value, language)
        elif isinstance(value, list):
            done[name] = [_in_words(row, language) if isinstance(row, dict) else row for row in value]
        elif name in _DATES and value:
            day, _, time = value.partition("T")
            done[name] = f"{HistoricDate.parse(day).display(language)} {time[:5]}".strip()
        elif name in _NUMBERS and value is not None:
            done[name] = _number_in_words(value, language)
        else:
            done[name] = value
    return done


def _is_filled(row: Tree) -> bool:
    return any(value for name, value in row.items() if name not in _PRESET)


def _shaped(tree: Tree) -> Tree:
    """What was typed, without what no form of ours sends: a text for a group of inputs, or a group for a text."""
    return {name: value for name, value in tree.items() if isinstance(value, _SHAPES.get(name, str))}


def _look_up(tree: Tree, name: str) -> Any:
    at: Any = tree
    for part in name.split("."):
        if isinstance(at, list):
            at = at[int(part)] if part.isdigit() and int(part) < len(at) else None
        else:
            at = at.get(part) if isinstance(at, dict) else None
    return at


def _put(tree: Tree, path: list[str], value: Any) -> None:
    for part in path[:-1]:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return  # a name nobody's form has, such as title and title.de at once
        tree = below
    tree[path[-1]] = value
