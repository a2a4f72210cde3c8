"""A stored value in words, by the field it stands in: dates as exactly as they are known, numbers, labels, rows.

For histories and choices, which tell of any field there is. A row is one line: "about 12 travellers · the twin's side".
Pure; names of cities and people come from whoever asks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from babel.numbers import format_decimal

from tracker.domain import counts_for, words
from tracker.domain.activities import RUNNING, Bound
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.field_words import label
from tracker.domain.twin_wording import LEVELS
from tracker.i18n import N_, gettext, known_language

_DATES = frozenset({"start", "end", "on", "at", "ends", "since", "date", "until"})
_NUMBERS = frozenset({"amount", "value", "weight_kg", "quantity", "audience", "driver_count", "latitude", "longitude"})
_TABLES: Mapping[str, Mapping[str, str]] = {
    "kind": words.KINDS,
    "status": words.STATUSES,
    "direction": words.DIRECTIONS,
    "visibility": words.VISIBILITIES,
    "side": words.SIDES,
    "bound": words.BOUNDS,
    "basis": words.BASES,
    "way": words.WAYS,
    "stage": words.STAGES,
    "form": words.FORMS,
    "role": words.PURPOSES,
    "subtype": words.SUBTYPES,
    "of": words.LABELS,
    "level": {level.value: name for level, name in LEVELS.items()},
}
_UNSAID = frozenset({"id", "timezone"})
"""Parts of a row that say nothing to a reader beside the others."""

_ALONE = frozenset(
    {"name", "office", "side", "basis", "note", "role", "title", "place", "start", "end", "on", "at", "stage", "way",
     "kind", "description", "url", "text", "level", "state", "since", "date", "funder"}
)  # fmt: skip
"""Parts of a row that are understood without their label."""

_ORDER = (
    "way", "stage", "level", "state", "kind", "name", "title", "description", "quantity", "unit", "of", "value",
    "office", "start", "end", "since", "on", "at", "date", "place", "origin", "destination", "means", "side", "basis",
    "role",
)  # fmt: skip
"""How a row is told, whatever order its parts were stored in: PostgreSQL keeps none."""


@dataclass(frozen=True)
class Reader:
    """For whom: the language, and the names that stored short names and addresses stand for."""

    language: str
    cities: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)

    def says(self, message: str) -> str:
        return gettext(self.language, message)


def in_words(path: str, value: Any, reader: Reader) -> str:
    """The value of a field in words; empty where there is none."""
    leaf = path.rpartition(".")[2]
    if value is None or value in ("", [], {}, ()):
        return ""
    if isinstance(value, bool):
        return reader.says(N_("yes") if value else N_("no"))
    if isinstance(value, Mapping):
        return row_in_words(path, value, reader)
    if isinstance(value, list | tuple):
        return _separator(leaf).join(filter(None, (in_words(path, part, reader) for part in value)))
    return _SAID.get(leaf, _plain)(leaf, value, reader)


def language_name(tag: str, language: str) -> str:
    """What a language is called: "German" for `de`; the tag itself where nobody knows it."""
    names = Locale.parse(words.LOCALES[known_language(language)]).languages
    return str(names.get(tag.partition("-")[0], tag))


def row_in_words(path: str, row: Mapping[str, Any], reader: Reader) -> str:
    """A row of a list as one line: what belongs together first, then the rest with its labels."""
    rest = {name: row[name] for name in sorted(row, key=_place) if name not in _UNSAID}
    parts = [told for tell in _TOGETHER for told in [tell(rest, reader)] if told]
    for name, value in rest.items():
        if value is None or value in ("", [], {}, (), False):
            continue
        at = f"{path}.{name}"
        if value is True:
            parts.append(label(at, reader.language))
        elif told := in_words(at, value, reader):
            parts.append(told if name in _ALONE else f"{label(at, reader.language)}: {told}")
    return " · ".join(parts)


def _place(name: str) -> tuple[int, str]:
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)


def date_in_words(text: str, language: str) -> str:
    """A stored date that may have a clock time behind it; as it stands where it is none."""
    day, _, time = text.partition("T")
    try:
        told = HistoricDate.parse(day).display(language)
    except InvalidDate:
        return text
    return f"{told}, {time[:5]}" if time else told


def _separator(leaf: str) -> str:
    return ", " if leaf in ("twins", "counts_for", "kinds", "round_years", "jubilee_years") else "; "


def _plain(leaf: str, value: Any, reader: Reader) -> str:
    if leaf in _DATES:
        if value == RUNNING:
            return reader.says(N_("still going on"))
        return date_in_words(str(value), reader.language)
    if leaf in _NUMBERS:
        return _number(value, reader.language)
    table = _TABLES.get(leaf)
    return words.word(table, str(value), reader.language) if table else str(value)


def _number(value: Any, language: str) -> str:
    try:
        return str(format_decimal(Decimal(str(value)).normalize(), locale=words.LOCALES[known_language(language)]))
    except InvalidOperation:
        return str(value)


_SAID: Mapping[str, Callable[[str, Any, Reader], str]] = {
    "twins": lambda _leaf, value, reader: reader.cities.get(str(value), str(value)),
    "twin": lambda _leaf, value, reader: reader.cities.get(str(value), str(value)),
    "responsible": lambda _leaf, value, reader: reader.people.get(str(value), str(value)),
    "counts_for": lambda _leaf, value, reader: counts_for.name_of(str(value), reader.language),
    "timezone": lambda _leaf, value, _reader: str(value).replace("_", " "),
}


def _people(rest: dict[str, Any], reader: Reader) -> str:
    """ "about 12 travellers": the number with its word and its bound."""
    if "value" not in rest or not {"of", "bound"} & set(rest) or rest["value"] is None:
        return ""
    bound = rest.pop("bound", Bound.EXACT)
    of, value = rest.pop("of", ""), int(rest.pop("value"))
    if rest.get("basis") == "actual":
        rest.pop("basis")
    known = Bound(bound) if bound in set(Bound) else Bound.EXACT
    return (
        words.counted(of, value, known, reader.language) if of else words.bounded(value, known, reader.language)
    ).strip()


def _sum(rest: dict[str, Any], reader: Reader) -> str:
    """ "4,516 GBP": never an amount without its currency."""
    name = next((name for name in ("amount", "value") if name in rest and "currency" in rest), "")
    if not name or rest[name] is None:
        return ""
    return f"{_number(rest.pop(name), reader.language)} {rest.pop('currency') or ''}".strip()


def _measure(rest: dict[str, Any], reader: Reader) -> str:
    """ "blankets: 12.5 bales": what it is, how much of it."""
    if "quantity" not in rest or rest.get("quantity") is None:
        return ""
    what, quantity, unit = rest.pop("description", ""), rest.pop("quantity"), rest.pop("unit", "")
    return f"{what}: {_number(quantity, reader.language)} {unit}".strip(": ")


def _from_to(rest: dict[str, Any], reader: Reader) -> str:
    """ "3 May 1960, 18:00 – 20:00"."""
    if not rest.get("start") or not rest.get("end"):
        return ""
    start, end = str(rest.pop("start")), str(rest.pop("end"))
    same_day = "T" in end and end[:10] == start[:10]
    until = end[11:16] if same_day else in_words("end", end, reader)
    return f"{date_in_words(start, reader.language)} – {until}"


_TOGETHER: tuple[Callable[[dict[str, Any], Reader], str], ...] = (_measure, _people, _sum, _from_to)
