"""What one cell says: a date with or without a time, a number, an amount, a word of a closed list.

Each function takes the text of a cell and gives a value or raises `CellFault` (dates: `InvalidDate`) with the reason.
What can be read in two ways is a fault that names both.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

from babel.numbers import list_currencies

from tracker.domain.activities import Bound
from tracker.i18n import N_

T = TypeVar("T")

_NOT_ONE_OF = N_("“{value}” is not possible here. Choose one of: {allowed}.")
_CLOCK = N_("“{value}” is not a time of day. Write it like 18:00.")
_PEOPLE = N_("“{value}” is not a number of people. Write a whole number, such as 12 or about 200.")
_AMOUNT = N_("“{value}” is not an amount of money. Write it like 4516.00.")
_TWO_AMOUNTS = N_("“{value}” may be {thousands} or {decimal}. Write {thousands} or {exact}.")
_CURRENCY = N_("“{value}” is not a currency code. Write three capital letters, such as EUR.")

_SPACES = re.compile(r"[\s\u00a0\u202f'’]+")
_ABOUT = "about|around|approximately|approx|circa|ca|etwa|rund|ungefähr|около|примерно|~"
_MORE_THAN = "more than|over|mehr als|über|более|больше|свыше|>"
_BOUND = rf"(?:(?P<about>{_ABOUT})|(?P<more_than>{_MORE_THAN}))\.?\s*"
_BOUND_OF_NUMBER = re.compile(_BOUND + "(?=[0-9])", re.IGNORECASE)
_BOUND_OF_NOTE = re.compile(_BOUND + r"(?:,\s*|$)", re.IGNORECASE)


class CellFault(ValueError):
    """A cell that cannot be read; `reason` may use `{value}` and the keys of `values`."""

    def __init__(self, reason: str, **values: object) -> None:
        super().__init__(reason)
        self.reason, self.values = reason, values


def several(text: str) -> tuple[str, ...]:
    """The values of a cell that can hold more than one."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def one_of(text: str, words: Mapping[str, T], reason: str = _NOT_ONE_OF, allowed: tuple[str, ...] | None = None) -> T:
    """The meaning of a word of a closed list, in capitals or small letters."""
    found = words.get("_".join(text.lower().split()))
    if found is None:
        raise CellFault(reason, allowed=allowed or tuple(words))
    return found


def date_and_time(text: str) -> tuple[str, str]:
    """The date of a cell, and its time of day where it has one ("2026-11-28T18:00", "28.11.2026 18:00")."""
    match = re.fullmatch(r"(.*[0-9])[T ]\s*([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)", text)
    return (match[1], clock(match[2])) if match else (text, "")


def clock(text: str) -> str:
    """A time of day as 18:00. Seconds say nothing here, and 18.30 may be half a day in a sheet."""
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise CellFault(_CLOCK)
    return f"{int(match[1]):02}:{match[2]}"


def bound_of_number(text: str) -> tuple[Bound, str]:
    """How exact a number is, and the number: "about 200"."""
    return _split(text, _BOUND_OF_NUMBER.match(text))


def bound_of_note(text: str) -> tuple[Bound, str]:
    """How exact the number beside a note is, and the rest of the note: "about, visitors"."""
    return _split(text, _BOUND_OF_NOTE.match(text))


def _split(text: str, match: re.Match[str] | None) -> tuple[Bound, str]:
    if not match:
        return Bound.EXACT, text
    return Bound.ABOUT if match["about"] else Bound.MORE_THAN, text[match.end() :]


def people(text: str) -> tuple[int, Bound]:
    """A number of people. As people are whole, a point or comma before three digits can only group them."""
    bound, number = bound_of_number(text)
    number = _SPACES.sub("", number)
    if re.fullmatch(r"[0-9]{1,3}(?:[.,][0-9]{3})+", number):
        number = re.sub("[.,]", "", number)
    if not re.fullmatch("[0-9]{1,12}", number):
        raise CellFault(_PEOPLE)
    return int(number), bound


def amount(text: str) -> Decimal:
    """An amount of money, in German or English spelling where it is clear which."""
    number = _SPACES.sub("", text)
    if re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", number):
        thousands, decimal = re.sub("[.,]", "", number), number.replace(",", ".")
        raise CellFault(_TWO_AMOUNTS, thousands=thousands, decimal=decimal, exact=f"{decimal}0")
    grouped = re.fullmatch(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*(?:(?!\1)[.,]([0-9]+))?", number)
    if grouped and not number.startswith("0"):
        whole = number[: -len(grouped[2]) - 1] if grouped[2] else number
        return Decimal(re.sub("[.,]", "", whole) + (f".{grouped[2]}" if grouped[2] else ""))
    if not re.fullmatch(r"[0-9]+(?:[.,][0-9]+)?", number):
        raise CellFault(_AMOUNT)
    return Decimal(number.replace(",", "."))


def currency(text: str) -> str:
    code = text.upper()
    if code not in list_currencies():
        raise CellFault(_CURRENCY)
    return code
