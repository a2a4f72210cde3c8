"""What somebody typed about a file: captions by language, credit, licence, consent, a last day, who may see it."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from tracker.domain.activities import Visibility
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.domain.files import Consent, Said
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import LANGUAGES, N_

OTHER = "other"
"""The choice of a licence that somebody types."""

_LONGEST = {"caption": 1_000, "credit": 400, "licence": 200, "shown_people": 2_000}
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")

_LONG = N_("At most {most} letters.")
_NOT_ONE_OF = N_("“{value}” is not one of {allowed}.")
_NOT_A_DAY = N_("“{value}” is no single day. Write one like 31.12.2028.")
_PAST = N_("“{value}” is past already. Choose a day to come.")


def said_of(typed: Mapping[str, Any], language: str, today: dt.date) -> Said:
    """Read the form's fields. Raises `InvalidInput` with every fault."""
    problems: list[FieldProblem] = []
    given = typed.get("caption", {})
    caption = {tag: _line(given[tag]) for tag in LANGUAGES if isinstance(given, Mapping) and _line(given.get(tag, ""))}
    licence = _line(typed.get("licence", ""))
    licence = _line(typed.get("licence_other", "")) if licence == OTHER else licence
    credit, people = _line(typed.get("credit", "")), _line(typed.get("shown_people", ""))
    texts = {**{f"caption.{tag}": text for tag, text in caption.items()}, "credit": credit, "licence": licence}
    for field, text in {**texts, "shown_people": people}.items():
        if len(text) > (most := _LONGEST[field.partition(".")[0]]):
            problems.append(FieldProblem(field, f"{text[:40]}…", _LONG, {"most": most}))
    consent = _one_of(Consent, typed.get("consent") or Consent.UNKNOWN.value, "consent", problems)
    visibility = _one_of(Visibility, typed.get("visibility") or Visibility.MEMBERS.value, "visibility", problems)
    delete_on = _day(_line(typed.get("delete_on", "")), language, today, problems)
    if problems:
        raise InvalidInput(problems)
    return Said(caption, credit, licence, Consent(consent), people, delete_on, Visibility(visibility))


def _one_of(words: Any, given: str, field: str, problems: list[FieldProblem]) -> str:
    if given in set(words):
        return given
    problems.append(FieldProblem(field, given, _NOT_ONE_OF, {"allowed": tuple(word.value for word in words)}))
    return str(next(iter(words)).value)


def _day(text: str, language: str, today: dt.date, problems: list[FieldProblem]) -> dt.date | None:
    if not text:
        return None
    try:
        known = understand(text, language, today)
    except InvalidDate as fault:
        problems.append(fault.problem("delete_on"))
        return None
    if known.earliest is None or known.earliest != known.latest:
        problems.append(FieldProblem("delete_on", text, _NOT_A_DAY))
    elif known.earliest <= today:
        problems.append(FieldProblem("delete_on", text, _PAST))
    return known.earliest


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
