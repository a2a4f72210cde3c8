"""What changed between two versions, field by field and in the reader's words.

Two documents in, one `Change` per field out. Texts are marked word by word; of a list its rows are told that came, that
left and that changed; texts in several languages and what belongs to a kind are told part by part. Pure.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from tracker.domain.field_words import label
from tracker.domain.value_words import Reader, in_words, language_name, row_in_words
from tracker.domain.word_marks import Piece, marked

TEXTS = frozenset({"title", "description", "names", "titles", "country_label", "wording"})
"""Fields that are a text by language."""

_PROSE = frozenset({"note", "quantity_note", "reason", "recipient", "occasion", "programme"})
_BY_KEY = {"details.legs": "id", "details.programme": "id", "details.stages": "stage", "states": "level"}
"""Lists whose rows are known again by one of their parts."""

_FIRST = ("kind", "title", "twins", "start", "end", "timezone", "status", "reason", "place", "direction")


class Fate(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class RowChange:
    fate: Fate
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Change:
    """One field: `before` and `after` in words, or `pieces` of a text, or `rows` of a list."""

    field: str
    label: str
    before: str = ""
    after: str = ""
    pieces: tuple[Piece, ...] = ()
    rows: tuple[RowChange, ...] = ()
    tag: str = ""
    """The language of the text, where it has one."""


def told(before: Mapping[str, Any], after: Mapping[str, Any], reader: Reader) -> list[Change]:
    """Every field that differs, those first that matter most."""
    return [change for path, old, new in _differing("", before, after) for change in _change(path, old, new, reader)]


def standing(document: Mapping[str, Any], reader: Reader) -> list[Change]:
    """A whole document in words: every field that says something, as if it were all new."""
    return [change for change in told({}, document, reader) if change.after or change.rows or change.pieces]


def _differing(at: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in sorted({**before, **after}, key=lambda name: _place(at, name)):
        old, new = before.get(name), after.get(name)
        path = f"{at}{name}"
        if old == new or (_is_nothing(old) and _is_nothing(new)) or (not at and name in ("version", "id")):
            continue
        if path == "details" or name in TEXTS:
            yield from _differing(f"{path}.", _mapping(old), _mapping(new))
        else:
            yield path, old, new


def _place(at: str, name: str) -> tuple[int, str]:
    return (_FIRST.index(name) if not at and name in _FIRST else len(_FIRST), "" if not at else name)


def _change(path: str, old: Any, new: Any, reader: Reader) -> Iterator[Change]:
    parent, _, leaf = path.rpartition(".")
    field = parent.rpartition(".")[2] if parent.rpartition(".")[2] in TEXTS else ""
    if field and isinstance(old or "", str) and isinstance(new or "", str):
        name = f"{label(parent, reader.language)} ({language_name(leaf, reader.language)})"
        yield Change(path, name, old or "", new or "", marked(old or "", new or ""), tag=leaf)
    elif _is_rows(old) or _is_rows(new):
        yield Change(path, label(path, reader.language), rows=tuple(_rows(path, old or [], new or [], reader)))
    else:
        before, after = in_words(path, old, reader), in_words(path, new, reader)
        if before == after:  # two spellings of one thing
            return
        pieces = marked(before, after) if leaf in _PROSE and before and after else ()
        yield Change(path, label(path, reader.language), before, after, pieces)


def _rows(path: str, old: Sequence[Any], new: Sequence[Any], reader: Reader) -> Iterator[RowChange]:
    pairs = _paired_by(_BY_KEY[path], old, new) if path in _BY_KEY else _paired(old, new)
    for was, now in pairs:
        before = row_in_words(path, was, reader) if was else ""
        after = row_in_words(path, now, reader) if now else ""
        if before == after:
            continue
        fate = Fate.ADDED if was is None else Fate.REMOVED if now is None else Fate.CHANGED
        yield RowChange(fate, marked(before, after))


def _paired(old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Rows that stand in each other's place; those that stayed as they were are left out."""
    a, b = [json.dumps(row, sort_keys=True) for row in old], [json.dumps(row, sort_keys=True) for row in new]
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(j - i, m - k)
        yield from zip(old[i : i + both], new[k : k + both], strict=True)
        yield from ((row, None) for row in old[i + both : j])
        yield from ((None, row) for row in new[k + both : m])


def _paired_by(key: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Likewise for rows known by `key`; where it says nothing or stands twice, their places decide."""
    known, fresh = [row.get(key) for row in old], [row.get(key) for row in new]
    if len(set(known)) < len(known) or len(set(fresh)) < len(fresh) or not all([*known, *fresh]):
        yield from _paired(old, new)
        return
    was, now = dict(zip(known, old, strict=True)), dict(zip(fresh, new, strict=True))
    yield from ((row, now.get(name)) for name, row in was.items() if now.get(name) != row)
    yield from ((None, row) for name, row in now.items() if name not in was)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], Mapping)


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {}, ())


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
