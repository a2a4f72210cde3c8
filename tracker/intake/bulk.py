"""A change of several activities as a form sends it, checked: which words are possible, and that a reason is given."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from uuid import UUID

from tracker.domain.activities import Direction, Status, Visibility
from tracker.domain.bulk import MOST, BulkEdit, Chosen
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_

_WORDS: Mapping[str, frozenset[str]] = {
    "status": frozenset(Status),
    "direction": frozenset(Direction),
    "visibility": frozenset(Visibility),
}
_TEXTS = ("reason", "add_twin", "remove_twin", "subtype", "owner", "responsible", "add_counts_for", "remove_counts_for")
_LONGEST = {"reason": 1000, "responsible": 255}

_NOT_ONE_OF = N_("“{value}” is not possible here. Choose one of: {allowed}.")
_SAY_WHY = N_("Say why it is cancelled or postponed; the report tells it.")
_NOTHING = N_("Nothing is to be changed yet. Choose at least one change.")
_TOO_LONG = N_("This is too long; at most {max_length} characters fit.")


def bulk_edit(given: Mapping[str, str]) -> BulkEdit:
    """Read what is to be changed; `InvalidInput` lists every fault."""
    problems: list[FieldProblem] = []
    values = {name: given.get(name, "").strip() for name in (*_WORDS, *_TEXTS)}
    for name, allowed in _WORDS.items():
        if values[name] and values[name] not in allowed:
            problems.append(FieldProblem(name, values[name], _NOT_ONE_OF, {"allowed": tuple(sorted(allowed))}))
    for name in _TEXTS:
        longest = _LONGEST.get(name, 200)
        if len(values[name]) > longest:
            problems.append(FieldProblem(name, values[name], _TOO_LONG, {"max_length": longest}))
    if values["status"] in (Status.CANCELLED, Status.POSTPONED) and not values["reason"]:
        problems.append(FieldProblem("reason", "", _SAY_WHY))
    edit = BulkEdit(**values, remove=bool(given.get("remove")))
    if edit.is_empty and not problems:
        problems.append(FieldProblem("status", "", _NOTHING))
    if problems:
        raise InvalidInput(problems)
    return edit


def ids(marks: Sequence[str]) -> tuple[UUID, ...]:
    """Read the ids of activities that were ticked in the list; what is none is passed over."""
    found: dict[UUID, None] = {}
    for mark in marks:
        with suppress(ValueError):
            found[UUID(mark)] = None
    return tuple(found)[:MOST]


def chosen(marks: Sequence[str]) -> tuple[Chosen, ...]:
    """Read `<id>.<version>` of each activity that was ticked; what is none is passed over."""
    found: dict[UUID, Chosen] = {}
    for mark in marks:
        identity, _, version = mark.partition(".")
        try:
            one = Chosen(UUID(identity), int(version))
        except ValueError:
            continue
        found[one.id] = one
    return tuple(found.values())[:MOST]
