"""What somebody typed about a city: its names by time, its dates with their basis, its states with their sources.

What a form does not show (where the city lies, what was checked) stays as it is known.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tracker.domain.twins import Level, State, Twin
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_
from tracker.intake import typed
from tracker.intake.json import checked
from tracker.intake.partners import together

_CHOOSE = N_("Choose one.")
_MISSING = N_("This is missing and must be given.")


def twin_of(given: Mapping[str, Any], known: Twin, language: str, today: dt.date) -> Twin:
    """The city as the form has it. Raises `InvalidInput` with every fault."""
    problems: list[FieldProblem] = []
    document = known.model_dump(mode="json")
    shown = {tag: name for tag, name in known.names.items() if tag not in given.get("names", {})}
    labels = {tag: name for tag, name in known.country_label.items() if tag not in given.get("country_label", {})}
    document |= {
        "names": {**shown, **typed.by_language(given.get("names"))},
        "local_name": typed.line(given.get("local_name")),
        "country_label": {**labels, **typed.by_language(given.get("country_label"))},
        "link": typed.line(given.get("link")) or known.link,
        "timezone": typed.line(given.get("timezone")) or None,
        "note": typed.lines(given.get("note")),
        "former_names": [
            {
                "names": typed.by_language(row.get("names")),
                **{
                    n: typed.date(row, n, f"former_names.{at}.{n}", language, today, problems) for n in ("start", "end")
                },
            }
            for at, row in enumerate(given.get("former_names", ()))
        ],
        "dates": [
            {
                "date": typed.date(row, "date", f"dates.{at}.date", language, today, problems) or "",
                "basis": typed.line(row.get("basis")),
                "primary": str(at) == str(given.get("primary", "")),
            }
            for at, row in enumerate(given.get("dates", ()))
        ],
    }
    problems += [
        FieldProblem(f"dates.{at}.date", "", _MISSING)
        for at, row in enumerate(given.get("dates", ()))
        if not typed.line(row.get("date"))
    ]
    return together(problems, lambda: checked(Twin, document))


def with_state(given: Mapping[str, Any], known: Twin, language: str, today: dt.date) -> Twin:
    """The city with one more state from a date on, in its place in time. Raises `InvalidInput`."""
    problems: list[FieldProblem] = []
    level, state = typed.line(given.get("level")), typed.line(given.get("state"))
    problems += [FieldProblem("level", level, _CHOOSE)] if level not in set(Level) else []
    problems += [FieldProblem("state", state, _CHOOSE)] if state not in set(State) else []
    since = typed.date(given, "since", "since", language, today, problems)
    if since is None and not problems:
        problems.append(FieldProblem("since", "", _MISSING))
    if problems:
        raise InvalidInput(problems)
    told = {name: typed.line(given.get(name)) for name in ("source", "note")}
    made = {"level": level, "state": state, "since": since, **told, "verified": bool(given.get("verified"))}
    document = known.model_dump(mode="json")
    # In the order of time; those whose beginning nobody knows came first.
    document["states"] = sorted([*document["states"], made], key=lambda one: one["since"] or "")
    return checked(Twin, document)


def without_state(known: Twin, place: int) -> Twin:
    """The city without one of its states, such as one that was entered by mistake."""
    return known.model_copy(update={"states": tuple(one for at, one in enumerate(known.states) if at != place)})
