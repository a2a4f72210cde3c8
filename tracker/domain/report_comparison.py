"""Two reports held against each other, number by number and activity by activity: an edition with another, or with now.

Numbers are known by where they stand, in words that mean the same in both; activities by their ids. Pure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain.editions import Frozen
from tracker.domain.figures import Line
from tracker.domain.report_document import Cell, Document, Facts, Table


@dataclass(frozen=True)
class Difference:
    """A number that is another one. An empty text: it does not stand there."""

    section: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Compared:
    """What is another between two reports, in the first language of the documents."""

    numbers: tuple[Difference, ...]
    added: tuple[Line, ...]
    removed: tuple[Line, ...]
    changed: tuple[tuple[Line, Line], ...]
    texts: tuple[tuple[str, str], ...]
    """Sections and languages in which the texts differ."""

    @property
    def is_same(self) -> bool:
        return not (self.numbers or self.added or self.removed or self.changed or self.texts)


def compare(before: Frozen, after: Frozen, said_before: Document, said_after: Document) -> Compared:
    """What has become another from `before` to `after`; the documents are the same two in words."""
    old, new = ({line.id: line for line in frozen.figures.lines} for frozen in (before, after))
    return Compared(
        tuple(_numbers(said_before, said_after)),
        tuple(line for id_, line in new.items() if id_ not in old),
        tuple(line for id_, line in old.items() if id_ not in new),
        tuple(_changed(old, new)),
        tuple(_texts(before, after)),
    )


def _changed(old: Mapping[UUID, Line], new: Mapping[UUID, Line]) -> Iterator[tuple[Line, Line]]:
    """Activities of which a report would say something else: a note that was mended is no change here."""
    for id_, line in old.items():
        other = new.get(id_)
        if other is not None and _bare(line) != _bare(other):
            yield line, other


def _bare(line: Line) -> dict[str, Any]:
    return line.model_dump(exclude={"version"})


def _numbers(before: Document, after: Document) -> Iterator[Difference]:
    old, new = _by_place(before), _by_place(after)
    for place in dict.fromkeys([*old, *new]):
        was, now = (said[place].words[0] if place in said else "" for said in (old, new))
        if was != now:
            section, *rest = place
            yield Difference(section, " · ".join(part for part in rest if part), was, now)


def _by_place(document: Document) -> dict[tuple[str, ...], Cell]:
    """The cells that hold a number, by section, table, line and column."""
    found: dict[tuple[str, ...], Cell] = {}
    for section in document.sections:
        heading = section.heading[0]
        for part in section.parts:
            if isinstance(part, Facts):
                found |= {(heading, label[0]): cell for cell, label in part.items}
            elif isinstance(part, Table):
                found |= {(heading, *place): cell for place, cell in _of_table(part)}
    return found


def _of_table(table: Table) -> Iterator[tuple[tuple[str, ...], Cell]]:
    for row in table.rows:
        label = " ".join(cell.words[0] for cell in row if cell.value is None)
        for column, cell in zip(table.columns, row, strict=True):
            if cell.value is not None:
                yield (table.title[0], label, column.heading[0]), cell


def _texts(before: Frozen, after: Frozen) -> Iterator[tuple[str, str]]:
    old, new = before.text_map(), after.text_map()
    for section, language in dict.fromkeys([*old, *new]):
        if old.get((section, language)) != new.get((section, language)):
            yield str(section), language
