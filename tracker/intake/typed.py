"""What forms have in common: dates typed as people write them, lines without what no paper can hold."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.errors import FieldProblem

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")


def line(text: object) -> str:
    """One line: without control characters and idle space."""
    return " ".join(_CONTROLS.sub(" ", str(text or "")).split())


def lines(text: object) -> str:
    """Several lines, likewise; the ends of lines stay."""
    return "\n".join(filter(None, (line(part) for part in str(text or "").splitlines())))


def by_language(given: object) -> dict[str, str]:
    return {tag: line(text) for tag, text in given.items() if line(text)} if isinstance(given, Mapping) else {}


def date(
    given: Mapping[str, Any], name: str, field: str, language: str, today: dt.date, problems: list[FieldProblem]
) -> str | None:
    """A typed date as EDTF; None where none is typed, or where it is not understood, which `problems` then tells."""
    text = line(given.get(name))
    if not text:
        return None
    try:
        return understand(text, language, today).edtf
    except InvalidDate as fault:
        problems.append(fault.problem(field))
        return None
