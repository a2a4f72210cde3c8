"""Two people changed the same version: what only one of them touched is joined, what both touched is to be chosen.

Pure. A field is chosen as a whole, but a title and a description by language and the details of a kind by part. What
is true only together is chosen together: dates with their zone, a status with its reason, a kind with its details.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tracker.domain.activities import ActivityContent

Document = Mapping[str, Any]

_BY_PART = ("title", "description", "details")
_TOGETHER = {"start": "when", "end": "when", "timezone": "when", "status": "status", "reason": "status"}

_FIELDS = tuple(ActivityContent.model_fields)


class Side(StrEnum):
    BASE = "base"
    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True)
class Clash:
    """What both have changed: each side's fields, as flat paths."""

    name: str
    sides: Mapping[Side, Document]


@dataclass(frozen=True)
class Merge:
    """`theirs` and `mine` name what only one side changed; `joined` already holds both."""

    clashes: tuple[Clash, ...]
    theirs: tuple[str, ...]
    mine: tuple[str, ...]
    joined: Document

    def document(self, choices: Mapping[str, Side]) -> dict[str, Any]:
        """The content that results. Every clash must have its choice."""
        flat = dict(self.joined)
        for clash in self.clashes:
            flat = {path: value for path, value in flat.items() if path not in _paths(clash.sides)}
            flat |= clash.sides[choices[clash.name]]
        return _unfolded(flat)


def three_ways(base: Document | None, theirs: Document, mine: Document) -> Merge:
    """Join two changes of `base`. Where that is no longer known, whatever differs is to be chosen."""
    whole = len({side.get("kind") for side in (base or theirs, theirs, mine)}) > 1
    flat = {side: _flat(given or {}, whole) for side, given in zip(Side, (base, theirs, mine), strict=True)}
    units: dict[str, set[str]] = {}
    # In the order of the form, not of the log: PostgreSQL keeps none.
    for path in sorted({path for side in flat.values() for path in side}, key=_place):
        units.setdefault(_unit(path, whole), set()).add(path)
    clashes, only = [], dict[Side, list[str]]({Side.THEIRS: [], Side.MINE: []})
    joined = dict(flat[Side.THEIRS])
    for name, paths in units.items():
        sides = {side: {p: flat[side][p] for p in sorted(paths) if p in flat[side]} for side in Side}
        moved = [side for side in only if not _same(sides[side], sides[Side.BASE])]
        if _same(sides[Side.THEIRS], sides[Side.MINE]):
            continue
        if base is None or len(moved) == 2:
            clashes.append(Clash(name, sides))
        elif moved:
            only[moved[0]].append(name)
            joined = {p: v for p, v in joined.items() if p not in paths} | dict(sides[moved[0]])
    return Merge(tuple(clashes), tuple(only[Side.THEIRS]), tuple(only[Side.MINE]), joined)


def _place(path: str) -> tuple[int, str]:
    name = path.partition(".")[0]
    return (_FIELDS.index(name) if name in _FIELDS else len(_FIELDS), path)


def _flat(document: Document, whole: bool) -> dict[str, Any]:
    """A document as paths; details stay whole where the kinds differ, for each kind has parts of its own."""
    flat: dict[str, Any] = {}
    for name, value in document.items():
        if name in _BY_PART and isinstance(value, Mapping) and not (whole and name == "details"):
            flat |= {f"{name}.{part}": inner for part, inner in value.items()}
        else:
            flat[name] = value
    return flat


def _unfolded(flat: Document) -> dict[str, Any]:
    document: dict[str, Any] = {}
    for path, value in flat.items():
        name, _, part = path.partition(".")
        if part:
            document.setdefault(name, {})[part] = value
        else:
            document[name] = value
    return document


def _unit(path: str, whole: bool) -> str:
    if whole and path == "kind":
        return "details"
    return _TOGETHER.get(path, path)


def _paths(sides: Mapping[Side, Document]) -> set[str]:
    return {path for side in sides.values() for path in side}


def _same(one: Document, other: Document) -> bool:
    return all(one.get(path) == other.get(path) or _neither(one, other, path) for path in {*one, *other})


def _neither(one: Document, other: Document, path: str) -> bool:
    """Left out and left empty are the same."""
    return all(side.get(path) in (None, "", [], {}) for side in (one, other))
