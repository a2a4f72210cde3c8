"""Letters of greeting: for which standing of a partnership, and what a template's words may name. Pure."""

import datetime as dt
import string
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.twins import Level, State, Twin
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_


class Standing(StrEnum):
    """Whether the mayor's office is written to, or the association, because official contacts rest or have ended."""

    NORMAL = "normal"
    RESTING = "resting"


@dataclass(frozen=True)
class Template:
    """A letter's words with the names of `PLACEHOLDERS` in braces; `version` 0 is the one that ships."""

    subject: str
    body: str
    version: int = 0


PLACEHOLDERS = ("hub", "twin", "occasion", "date", "years", "ordinal", "since", "addressee", "sender", "name")

LONGEST = {"subject": 200, "body": 20_000}

_UNKNOWN = N_("“{value}” is not known here. In braces may stand: {known}.")
_BRACES = N_("A brace is open or closed by itself. Write {{ and }} for braces that shall be seen.")
_EMPTY = N_("This must not be empty.")
_LONG = N_("At most {most} letters.")


def standing_on(twin: Twin, day: dt.date) -> Standing:
    """In which words a twin is written to on a day (R1)."""
    official = twin.state(Level.OFFICIAL, day).state in (State.RESTING, State.ENDED)
    ended = twin.state(Level.AGREEMENT, day).state is State.ENDED
    return Standing.RESTING if official or ended else Standing.NORMAL


def check_template(subject: str, body: str) -> Template:
    """The template these texts make. Raises `InvalidInput` with every fault unless both can be filled in."""
    problems = [*_problems("subject", subject), *_problems("body", body)]
    if problems:
        raise InvalidInput(problems)
    return Template(" ".join(subject.split()), body.strip())


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """A checked text with its placeholders replaced in one go: what a value says is not looked through again."""
    return string.Formatter().vformat(text, (), {name: values.get(name, "") for name in PLACEHOLDERS})


def _problems(field: str, text: str) -> list[FieldProblem]:
    if not text.strip():
        return [FieldProblem(field, text, _EMPTY)]
    if len(text) > LONGEST[field]:
        return [FieldProblem(field, f"{text[:40]}…", _LONG, {"most": LONGEST[field]})]
    try:
        parts = [part for part in string.Formatter().parse(text) if part[1] is not None]
    except ValueError:
        return [FieldProblem(field, text, _BRACES)]
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    # A format or a conversion behind the name is no plain name either.
    return [
        FieldProblem(field, f"{{{name}{f':{spec}' if spec else ''}}}", _UNKNOWN, {"known": known})
        for _, name, spec, conversion in parts
        if name not in PLACEHOLDERS or spec or conversion
    ]
