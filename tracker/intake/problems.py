"""Faults of a sheet or calendar file, each with its place, and how long a value may stand in a message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext

_LONGEST = 80


@dataclass(frozen=True)
class CellProblem(FieldProblem):
    """One fault of a file. `row` counts as the sheet does, heading = 1; None where the whole file is meant.

    In a calendar file it is the number of the entry, the first is 1, and `column` is the property.
    """

    row: int | None = None
    column: str | None = None

    def as_json(self, language: str = DEFAULT_LANGUAGE) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message(language)}


class InvalidTable(InvalidInput):
    """A sheet that cannot be taken in; tells every fault of every row."""

    place: ClassVar[str] = N_("Row {row}, {column}: {problem}")
    problems: tuple[CellProblem, ...]

    def __init__(self, problems: Sequence[CellProblem]) -> None:
        super().__init__(problems)

    def message(self, language: str = DEFAULT_LANGUAGE) -> str:
        return "\n".join(self._line(problem, language) for problem in self.problems)

    @classmethod
    def of_file(cls, name: str, reason: str, **values: object) -> Self:
        """The file as a whole cannot be read."""
        return cls([CellProblem("", shown(name), reason, values)])

    def _line(self, problem: CellProblem, language: str) -> str:
        message = problem.message(language)
        if problem.row is None:
            return message
        return gettext(language, self.place, row=problem.row, column=problem.column, problem=message)


class InvalidCalendar(InvalidTable):
    """A calendar file that cannot be taken in; its rows are its entries, its columns their properties."""

    place = N_("Entry {row}, {column}: {problem}")


def cell_problem(
    row: int, column: str, value: object, reason: str, values: Mapping[str, object] | None = None
) -> CellProblem:
    return CellProblem(f"{row}.{column}", shown(value), reason, values or {}, row, column)


def shown(value: object) -> object:
    """A value short enough for a message; numbers stay numbers."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = str(value).encode("utf-8", "replace").decode()  # half a character pair can be neither stored nor sent
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return value
