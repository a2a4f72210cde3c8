"""A calendar file's lines: is it a calendar at all, is it whole, and which lines belong to which entry.

Told before any value is looked at, since a file that was cut off or damaged on its way must not be half understood.
Knows nothing of what the properties mean.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.i18n import N_
from tracker.intake.problems import InvalidCalendar

MOST_ENTRIES = 20_000

_NO_CALENDAR = N_(
    "“{value}” is not a calendar file. Such a file begins with BEGIN:VCALENDAR; export it as iCalendar (.ics)."
)
_CUT_OFF = N_("“{value}” is cut off: it ends in line {line}, within {inside}. Export or download it anew.")
_NOT_TEXT = N_("Line {line} of “{value}” is not in UTF-8. Export the calendar anew, in UTF-8.")
_NO_PROPERTY = N_("Line {line} is damaged: “{value}”. A line of a calendar file is written as NAME:value.")
_BAD_END = N_("Line {line} does not fit: “{value}”. Expected is END:{expected}.")
_OUTSIDE = N_("Line {line} stands outside the calendar: “{value}”. The file must end with END:VCALENDAR.")
_OLD_FORMAT = N_("Line {line}: “{value}” is a format that is not known. Export the calendar with {expected}.")
_TOO_MANY = N_("“{value}” has more than {most} entries. Split it into several files.")

_EXPECTED = {"VERSION": "2.0", "CALSCALE": "GREGORIAN"}
_PROPERTY = re.compile(r"([A-Za-z0-9-]+)[;:]")


@dataclass
class Block:
    """The lines of one VEVENT without the components inside it, and whether the whole file calls off its entries."""

    number: int
    cancelled: bool = False
    lines: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\r\n".join(["BEGIN:VEVENT", *self.lines, "END:VEVENT", ""])


def is_calendar(data: bytes) -> bool:
    """Whether a file says of itself that it is a calendar."""
    return data.removeprefix(codecs.BOM_UTF8).lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def read_blocks(name: str, data: bytes) -> tuple[list[Block], int]:
    """The entries of a file, and how many tasks and notes it has besides. Raises `InvalidCalendar`."""
    if not is_calendar(data):
        raise InvalidCalendar.of_file(name, _NO_CALENDAR)
    blocks: list[Block] = []
    inside: list[str] = []
    others, cancelling, number = 0, False, 0
    for number, line in _lines(name, data):
        found = _PROPERTY.match(line)
        if found is None or ":" not in line:
            raise InvalidCalendar.of_file(line, _NO_PROPERTY, line=number)
        word, value = found[1].upper(), line.partition(":")[2].strip().upper()
        if word == "BEGIN":
            if not inside and value != "VCALENDAR":
                raise InvalidCalendar.of_file(line, _OUTSIDE, line=number)
            inside.append(value)
            if inside == ["VCALENDAR", "VEVENT"]:
                blocks.append(Block(len(blocks) + 1, cancelling))
            others += len(inside) == 2 and value in ("VTODO", "VJOURNAL", "VFREEBUSY")
        elif not inside:
            raise InvalidCalendar.of_file(line, _OUTSIDE, line=number)
        elif word == "END":
            if value != inside[-1]:
                raise InvalidCalendar.of_file(line, _BAD_END, line=number, expected=inside[-1])
            inside.pop()
        elif inside == ["VCALENDAR", "VEVENT"]:
            blocks[-1].lines.append(line)
        elif inside == ["VCALENDAR"]:
            if value != _EXPECTED.get(word, value):
                raise InvalidCalendar.of_file(line, _OLD_FORMAT, line=number, expected=f"{word}:{_EXPECTED[word]}")
            cancelling = value == "CANCEL" if word == "METHOD" else cancelling
    if inside:
        raise InvalidCalendar.of_file(name, _CUT_OFF, line=number, inside=inside[-1])
    if len(blocks) > MOST_ENTRIES:
        raise InvalidCalendar.of_file(name, _TOO_MANY, most=MOST_ENTRIES)
    return blocks, others


def _lines(name: str, data: bytes) -> Iterator[tuple[int, str]]:
    """The lines with the number each begins at; a line that begins with a blank goes on the one before.

    Joined as bytes: some programs break a line within a letter.
    """
    begun, whole = 1, b""
    for number, line in enumerate(re.split(rb"\r\n|\n|\r", data.removeprefix(codecs.BOM_UTF8)), start=1):
        if line[:1] in (b" ", b"\t"):
            whole += line[1:]
            continue
        if whole.strip():
            yield begun, _decoded(name, begun, whole)
        begun, whole = number, line
    if whole.strip():
        yield begun, _decoded(name, begun, whole)


def _decoded(name: str, number: int, line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as fault:
        raise InvalidCalendar.of_file(name, _NOT_TEXT, line=number) from fault
