"""Who stands behind a city: people in public office for a time, and the organisations one writes to. Pure.

Whoever holds a public office is named with it. How an organisation is reached (its person, mail, telephone) is private
unless somebody says otherwise (R12).
"""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from tracker.domain.activities import LanguageTag, Line, Short, Slug, Text, Value
from tracker.domain.dates import HistoricDate
from tracker.domain.twins import Edtf
from tracker.i18n import N_

PRIVATE = ("person", "email", "phone")
"""What of an organisation is shown to those alone who may write, unless it is open."""

_BACKWARDS = N_("The end “{value}” lies before the beginning.")
_NOT_MAIL = N_("“{value}” is not a mail address. Write it like office@example.org.")
_NOT_WEB = N_("“{value}” is not an address of the web. It begins with https:// or http://.")


def _checked(field: str, reason: str, *, starts: tuple[str, ...] = (), holds: str = "") -> AfterValidator:
    def check(text: str) -> str:
        right = (not starts or text.startswith(starts)) and (not holds or (holds in text[1:-1] and " " not in text))
        if text and not right:
            context: dict[str, object] = {"field": "", "value": text, "reason": reason, "values": {}}
            raise PydanticCustomError("tracker", f"{field}: {{reason}}", context)
        return text

    return AfterValidator(check)


class Officeholder(Value):
    """Somebody in a public office of a city, from and until in EDTF; None where that is not known, or not over."""

    twin: Slug = Field(description="the city; the hub's own people too")
    name: Short = Field(min_length=1)
    office: Line = Field(min_length=1)
    start: Edtf | None = None
    end: Edtf | None = None
    source: Line = ""
    note: Text = ""

    @model_validator(mode="after")
    def _in_order(self) -> "Officeholder":
        first = HistoricDate.parse(self.start).earliest if self.start else None
        last = HistoricDate.parse(self.end).latest if self.end else None
        if first and last and last < first:
            context: dict[str, object] = {"field": "end", "value": self.end, "reason": _BACKWARDS, "values": {}}
            raise PydanticCustomError("tracker", "{reason}", context)
        return self

    def held_on(self, day: dt.date) -> bool:
        """Whether it may have been theirs that day, as far as anybody knows."""
        first = HistoricDate.parse(self.start).earliest if self.start else None
        last = HistoricDate.parse(self.end).latest if self.end else None
        return (first is None or first <= day) and (last is None or day <= last)


class Contact(Value):
    """An organisation in a city that one writes to. `open`: how it is reached may be seen by every reader."""

    twin: Slug
    name: Line = Field(min_length=1)
    local_name: Line = ""
    languages: tuple[LanguageTag, ...] = Field((), description="in which one may write to it")
    address: Line = ""
    website: Annotated[Line, _checked("website", _NOT_WEB, starts=("https://", "http://"))] = ""
    person: Short = ""
    email: Annotated[str, Field(max_length=255), _checked("email", _NOT_MAIL, holds="@")] = ""
    phone: Short = ""
    open: bool = False
    note: Text = ""


def in_office(people: Iterable[Officeholder], day: dt.date) -> list[Officeholder]:
    """Those in office on a day; whose beginning nobody knows come last."""
    return sorted((one for one in people if one.held_on(day)), key=lambda one: (one.start is None, one.office))
