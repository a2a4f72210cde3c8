"""People in a sheet: who led in which office, how many came and who was counted, whom a running programme reached.

The rules are few and honest: what they do not cover stays word for word in the note.
"""

import datetime as dt
import re
from typing import Any

from tracker.domain.activities import Basis, Bound
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.intake.cells import bound_of_note, bound_of_number

_OFFICES = (
    "mayor", "lord mayor", "deputy", "vice", "governor", "chair", "head", "president", "director", "minister",
    "ambassador", "consul", "oberbürgermeister", "bürgermeister", "stellvertret", "vorsitz", "мэр", "глава",
    "председатель", "заместитель", "губернатор", "посол",
)  # fmt: skip
_COUNTED = (
    "travellers", "participants", "visitors", "guests", "pupils", "students", "councillors", "audience", "spectators",
    "listeners", "musicians", "artists", "athletes", "runners", "children", "young people", "volunteers", "teachers",
    "members", "delegates", "beneficiaries", "drivers", "people", "men", "women",
    "Reisende", "Teilnehmer", "Teilnehmende", "Besucher", "Gäste", "Schüler", "Schülerinnen und Schüler", "Studenten",
    "Studierende", "Publikum", "Zuschauer", "Zuhörer", "Kinder", "Jugendliche", "Lehrer", "Mitglieder",
    "участники", "участников", "гости", "гостей", "посетители", "посетителей", "школьники", "школьников", "студенты",
    "студентов", "зрители", "зрителей", "дети", "детей",
)  # fmt: skip
_LABEL = re.compile(rf"({'|'.join(sorted(_COUNTED, key=len, reverse=True))})(?!\w)[\s,;:]*", re.IGNORECASE)
_SPELLED = {word.lower(): word for word in _COUNTED}
_SERIES = re.compile(r"([^:0-9]+):\s*(.+)", re.DOTALL)
_AT_A_TIME = re.compile(r"(.+?)\s*\(([^()]+)\)\s*(?:,|;|$)\s*")


def leaders(text: str) -> list[dict[str, str]]:
    """Names and offices of `Harry Stanley, Mayor of Coventry; host Jürgen Roters, Mayor of Cologne`."""
    return [_leader(part.strip()) for part in text.split(";") if part.strip()]


def _leader(text: str) -> dict[str, str]:
    guest = text.removeprefix("host ")
    name, comma, office = guest.partition(",")
    if not comma and (" of " in guest or guest.lower().startswith(_OFFICES)):
        name, office = "", guest
    if guest != text:
        # Who receives is part of what a person did there, not of the name.
        office = f"{office.strip()} (host)".strip()
    return {"name": name.strip(), "office": office.strip()}


def count(value: int, bound: Bound, note: str, *, planned: bool) -> dict[str, Any]:
    """One number with its label: a note that begins with who was counted gives the label, the rest stays a note."""
    noted, rest = bound_of_note(note)
    bound = noted if bound is Bound.EXACT else bound
    label = _LABEL.match(rest)
    basis = Basis.PLANNED if planned or re.search(r"\bplanned\b", note) else Basis.ACTUAL
    return {
        "of": _SPELLED[label[1].lower()] if label else "participants",
        "value": value,
        "bound": bound.value,
        "basis": basis.value,
        "note": rest[label.end() :] if label else rest,
    }


def beneficiaries(note: str, today: dt.date) -> tuple[str, list[dict[str, Any]]] | None:
    """A note like `people concerned: about 1000 (2002), 570 (2010s)` as label and numbers; None if it is more."""
    series = _SERIES.fullmatch(note)
    if not series:
        return None
    parts = _AT_A_TIME.findall(series[2])
    if len(parts) < 2 or _AT_A_TIME.sub("", series[2]):
        return None
    try:
        return series[1].strip(), [_reached(number, when, today) for number, when in parts]
    except (InvalidDate, ValueError):
        return None


def _reached(number: str, when: str, today: dt.date) -> dict[str, Any]:
    bound, digits = bound_of_number(number)
    return {"at": understand(when, "en", today).edtf, "value": int(digits), "bound": bound.value}
