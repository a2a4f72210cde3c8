"""People in office and contact organisations as somebody typed them. All raise `InvalidInput` with every fault."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from tracker.domain.partners import Contact, Officeholder
from tracker.errors import FieldProblem, InvalidInput
from tracker.intake import typed
from tracker.intake.json import checked

T = TypeVar("T")


def officeholder_of(given: Mapping[str, Any], twin: str, language: str, today: dt.date) -> Officeholder:
    problems: list[FieldProblem] = []
    document = {
        "twin": twin,
        **{name: typed.line(given.get(name)) for name in ("name", "office", "source")},
        **{name: typed.date(given, name, name, language, today, problems) for name in ("start", "end")},
        "note": typed.lines(given.get("note")),
    }
    return together(problems, lambda: checked(Officeholder, document))


def contact_of(given: Mapping[str, Any], twin: str) -> Contact:
    names = ("name", "local_name", "website", "person", "email", "phone")
    return checked(
        Contact,
        {
            "twin": twin,
            **{name: typed.line(given.get(name)) for name in names},
            "address": typed.lines(given.get("address")),
            "languages": typed.line(given.get("languages")).replace(",", " ").split(),
            "open": bool(given.get("open")),
            "note": typed.lines(given.get("note")),
        },
    )


def together(problems: list[FieldProblem], read: Callable[[], T]) -> T:
    """What `read` gives; its faults are told with those found before, the first of each field."""
    try:
        value = read()
    except InvalidInput as fault:
        told = {problem.field for problem in problems}
        problems.extend(problem for problem in fault.problems if problem.field not in told)
        raise InvalidInput(problems) from fault
    if problems:
        raise InvalidInput(problems)
    return value
