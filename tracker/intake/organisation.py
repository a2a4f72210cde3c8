"""The organisation that runs this installation, as somebody typed it: names by language, address, place, mail."""

import re
from collections.abc import Mapping
from typing import Any

from tracker.domain.organisation import Organisation
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import LANGUAGES, N_

_LONGEST = {"name": 200, "address": 400, "place": 200, "email": 255, "reference": 100}
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
"""What neither a mail nor a DOCX may hold; the ends of lines of an address stay."""

_REFERENCE = re.compile(r"[A-Za-z]{2,}-[^/&|?\s]+")

_NO_REFERENCE = N_("“{value}” is no IATI identifier. Write it like DE-CR-VR4711: the register, then the number there.")
_LONG = N_("At most {most} letters.")
_NO_NAME = N_("Please give its name in at least one language.")
_NOT_MAIL = N_("“{value}” is not a mail address. Write it like office@example.org.")


def organisation_of(typed: Mapping[str, Any]) -> Organisation:
    """Read `name.<language>` and the fields of an `Organisation`. Raises `InvalidInput` with every fault."""
    given = typed.get("name", {})
    names = {tag: _line(given[tag]) for tag in LANGUAGES if _line(given.get(tag, ""))}
    address = "\n".join(filter(None, (_line(line) for line in typed.get("address", "").splitlines())))
    place, email, reference = (_line(typed.get(name, "")) for name in ("place", "email", "reference"))
    told = Organisation(names, address, place, email, reference, bool(typed.get("public_page")))
    texts = {**{f"name.{tag}": name for tag, name in names.items()}, "address": address}
    texts |= {"place": place, "email": email, "reference": reference}
    problems = [
        FieldProblem(field, f"{text[:40]}…", _LONG, {"most": most})
        for field, text in texts.items()
        if len(text) > (most := _LONGEST[field.partition(".")[0]])
    ]
    if not names and (address or place or email or reference):
        problems.append(FieldProblem("name", "", _NO_NAME))
    if told.email and not _ADDRESS.fullmatch(told.email):
        problems.append(FieldProblem("email", told.email, _NOT_MAIL))
    if reference and not _REFERENCE.fullmatch(reference):
        problems.append(FieldProblem("reference", reference, _NO_REFERENCE))
    if problems:
        raise InvalidInput(problems)
    return told


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())
