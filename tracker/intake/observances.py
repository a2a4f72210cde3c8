"""A day kept every year, as somebody typed it: titles, rule, and the years in which it is moved or not kept.

Days are typed as people write them, one a line ("2 May 2027"), years with commas between them.
"""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.occasion_rules import moved_days, parse_rule
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.intake.registry import Observance, slug_of

_NO_TITLE = N_("Please give it a title in at least one language.")
_NOT_ONE_DAY = N_("“{value}” is not one day. Write each on a line of its own, with its year, such as 2 May 2027.")
_TWICE = N_("{value} stands here twice. In one year it can be kept on one other day, or not at all.")


def observance_of(typed: Mapping[str, Any], slug: str | None, language: str, today: dt.date) -> Observance:
    """Read `title.<language>`, `rule`, `twin`, `note`, `moved` (days) and `left_out` (years).

    Without a `slug` it gets one of its title. Raises `InvalidInput` with every fault, each under its field's name.
    """
    problems: list[FieldProblem] = []
    titles = {tag: text for tag, text in typed.get("title", {}).items() if text}
    if not titles:
        problems.append(FieldProblem("title", "", _NO_TITLE))
    try:
        parse_rule(typed.get("rule", ""))
    except InvalidDate as fault:
        problems.append(fault.problem("rule"))
    moved = _moved(typed.get("moved", ""), language, today, problems)
    for year in _left_out(typed.get("left_out", ""), problems):
        if year in moved:
            problems.append(FieldProblem("left_out", year, _TWICE))
        moved[year] = None
    if problems:
        raise InvalidInput(problems)
    named = titles.get("en") or next(iter(titles.values()))
    document = {
        "slug": slug or slug_of(named) or "day",
        "rule": " ".join(typed["rule"].lower().split()),
        "titles": titles,
        "twin": typed.get("twin") or None,
        "note": typed.get("note", ""),
        "moved": dict(sorted(moved.items())),
    }
    return checked(Observance, document)


def in_text(observance: Observance, language: str) -> dict[str, Any]:
    """What one would type to say the same."""
    days = moved_days(observance.moved)
    return {
        "title": dict(observance.titles),
        "rule": observance.rule,
        "twin": observance.twin or "",
        "note": observance.note,
        "moved": "\n".join(HistoricDate.of_day(day).display(language) for day in days.values() if day),
        "left_out": ", ".join(str(year) for year, day in days.items() if day is None),
    }


def _moved(text: str, language: str, today: dt.date, problems: list[FieldProblem]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            day = understand(line, language, today).exact_day
        except InvalidDate as fault:
            problems.append(fault.problem("moved"))
            continue
        if day is None:
            problems.append(FieldProblem("moved", line, _NOT_ONE_DAY))
        elif f"{day.year:04}" in found:
            problems.append(FieldProblem("moved", f"{day.year:04}", _TWICE))
        else:
            found[f"{day.year:04}"] = day.isoformat()
    return found


def _left_out(text: str, problems: list[FieldProblem]) -> list[str]:
    years = [part for part in re.split(r"[\s,;]+", text.strip()) if part]
    try:
        moved_days(dict.fromkeys(years))
    except InvalidDate as fault:
        problems.append(fault.problem("left_out"))
        return []
    return list(dict.fromkeys(years))
