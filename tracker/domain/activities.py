"""What staff log: an activity's content, and which changes of status are allowed.

One set of frozen types serves the API, the import, the event log and the pages: the JSON of an activity is exactly
`Activity.model_dump(mode="json")`. Shapes and single fields are checked here by pydantic; `intake` turns its faults
into messages. Kind-specific content is in `details`. Pure: no clock, no session.
"""

import datetime as dt
import re
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.details import DETAILS, Details
from tracker.i18n import N_

RUNNING = ".."
"""The end of an activity that is still going on (EDTF's open end)."""

_LOCAL_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")


class Kind(StrEnum):
    """The five kinds of activity."""

    EXCHANGE = "exchange"
    AID_SHIPMENT = "aid_shipment"
    FESTIVAL = "festival"
    DELEGATION = "delegation"
    MILESTONE = "milestone"


class Status(StrEnum):
    PLANNED = "planned"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"


ALLOWED_CHANGES: dict[Status, frozenset[Status]] = {
    Status.PLANNED: frozenset({Status.CONFIRMED, Status.HELD, Status.CANCELLED, Status.POSTPONED}),
    Status.CONFIRMED: frozenset({Status.PLANNED, Status.HELD, Status.CANCELLED, Status.POSTPONED}),
    Status.POSTPONED: frozenset({Status.PLANNED, Status.CONFIRMED, Status.CANCELLED}),
    # What was called off can be taken up again, but only by planning it anew.
    Status.CANCELLED: frozenset({Status.PLANNED}),
    # Only to mend a slip: it had not taken place after all. What happened cannot be put off.
    Status.HELD: frozenset({Status.PLANNED, Status.CANCELLED}),
}


class Direction(StrEnum):
    """Who travels: to Volgograd, from it, both ways, both to a third place (or online), or nobody."""

    TO_HUB = "to_hub"
    FROM_HUB = "from_hub"
    MUTUAL = "mutual"
    ELSEWHERE = "elsewhere"
    NONE = "none"


class Visibility(StrEnum):
    """Who may see it, from everybody to named staff; each level is contained in the one before."""

    PUBLIC = "public"
    MEMBERS = "members"
    STAFF = "staff"
    CONFIDENTIAL = "confidential"


class Bound(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    MORE_THAN = "more_than"


class Basis(StrEnum):
    """Wanted, registered and came are three numbers (R9)."""

    PLANNED = "planned"
    WANTED = "wanted"
    REGISTERED = "registered"
    ACTUAL = "actual"


class Side(StrEnum):
    HUB = "hub"
    TWIN = "twin"
    BOTH = "both"
    OTHER = "other"


class Value(BaseModel):
    """Base of all values: frozen, and an unknown field is a fault rather than silently dropped."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=1000)]
Text = Annotated[str, Field(max_length=50_000)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
# As accounts keep it, so that whoever answers for something is found by it.
Address = Annotated[str, Field(max_length=255), AfterValidator(str.lower)]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", description="ISO 4217 code")]
# Two spellings of one number (4516 and 4516.00) must not look like a change, so the places are fixed.
Amount = Annotated[
    Decimal, Field(ge=0, max_digits=14, decimal_places=2), AfterValidator(lambda d: d.quantize(Decimal("0.01")))
]
Quantity = Annotated[
    Decimal, Field(ge=0, max_digits=14, decimal_places=3), AfterValidator(lambda d: d.quantize(Decimal("0.001")))
]


def _moment(text: str) -> str:
    """A field of its own fault, so that a wrong date is told together with everything else that is wrong."""
    if text != RUNNING:
        _day(text, "")
    return text


Moment = Annotated[Short, AfterValidator(_moment)]
"""EDTF, or a local date-time such as 2026-11-28T18:00; as an end also `..` for still running."""


class Leader(Value):
    """A person acting in public office; private persons are counted, never named (R12)."""

    name: Short = ""
    office: Line = ""


class Organiser(Value):
    name: Short = Field(min_length=1)
    side: Side = Side.TWIN


class Count(Value):
    """A number of people with its label: never added to another label silently (R9)."""

    of: Short = Field("participants", min_length=1, description="who was counted: travellers, audience, pupils, …")
    side: Side | None = None
    value: int = Field(ge=0, le=10_000_000)
    bound: Bound = Bound.EXACT
    basis: Basis = Basis.ACTUAL
    note: Line = ""


class Money(Value):
    amount: Amount
    currency: Currency
    role: Short = Field("donation", min_length=1, description="donation, grant, own funds, cost, prize, …")
    funder: Short = ""
    note: Line = ""


class Goods(Value):
    """One line of goods; weights in kilograms."""

    description: Line = Field(min_length=1)
    quantity: Quantity | None = None
    unit: Short = ""
    weight_kg: Quantity | None = None
    value: Amount | None = None
    currency: Currency | None = None
    descriptions: dict[LanguageTag, Line] = Field(
        default_factory=dict, description="the same in other languages, for papers that cross borders"
    )
    package: Short = Field("", description="the box or pallet it is in, such as 3 or 7-9")
    hs_code: str = Field("", pattern=r"^([0-9]{4,10})?$", description="number in the Harmonized System of customs")

    @field_validator("descriptions")
    @classmethod
    def _said(cls, texts: dict[str, str]) -> dict[str, str]:
        return {tag: text for tag, text in texts.items() if text}

    def named(self, language: str) -> str:
        """What it is in a language, else as it was written down."""
        return self.descriptions.get(language) or self.description


class Source(Value):
    """Where a fact comes from: an address or a description of a print source."""

    url: Text = ""
    text: Text = ""
    verified: bool = False


class ActivityContent(Value):
    """Everything staff can write about an activity. `start` and `end`: EDTF, or local date-times with `timezone`."""

    kind: Kind
    subtype: Short = ""
    status: Status = Status.PLANNED
    reason: Line = Field("", description="why it is cancelled or postponed, where anybody knows it")
    title: dict[LanguageTag, Annotated[str, Field(min_length=1, max_length=10_000)]] = Field(min_length=1)
    description: dict[LanguageTag, Text] = Field(default_factory=dict)
    twins: tuple[Slug, ...] = Field(min_length=1)
    direction: Direction = Direction.NONE
    start: Moment
    end: Moment | None = None
    timezone: Short | None = Field(None, description="IANA name; needed when start or end has a time")
    place: Line = ""
    visibility: Visibility = Visibility.PUBLIC
    leaders: tuple[Leader, ...] = ()
    organisers: tuple[Organiser, ...] = ()
    responsible: Address = Field(
        "",
        description="the mail address of the account that answers for it; readers are not told",
        examples=["anna@example.org"],
    )
    owner: Short = Field(
        "", description="the organisation whose activity it is; empty: the one that keeps this log (R6)"
    )
    counts: tuple[Count, ...] = ()
    quantity_note: Line = ""
    money: tuple[Money, ...] = ()
    goods: tuple[Goods, ...] = ()
    counts_for: tuple[Short, ...] = Field((), description="which reports it counts for (R10)")
    sources: tuple[Source, ...] = ()
    note: Text = ""
    details: Details = Field(default_factory=dict, validate_default=True)
    external_id: Short | None = Field(None, min_length=1, description="the record's id in the sheet it came from")

    @field_validator("details", mode="before")
    @classmethod
    def _details_by_kind(cls, given: object, info: ValidationInfo) -> object:
        """The kind says how `details` is read, so that the JSON needs no second tag."""
        model = DETAILS.get(str(info.data.get("kind")))
        return model.model_validate(given) if model and isinstance(given, dict) else given

    @model_validator(mode="after")
    def _dates_fit(self) -> Self:
        if self.start == RUNNING:
            raise _fault("start", self.start, N_("“{value}” can only be an end. Write when it began, such as 2002."))
        start = _day(self.start, "start")
        if self.end and self.end != RUNNING:
            end = _day(self.end, "end")
            if start.earliest and end.latest and end.latest < start.earliest:
                raise _fault("end", self.end, N_("The end “{value}” lies before the start {start}."), start=self.start)
        timed = "T" in self.start or "T" in (self.end or "")
        if timed and self.timezone is None:
            raise _fault("timezone", "", N_("A time needs a time zone, such as Europe/Volgograd or Europe/Berlin."))
        if self.timezone is not None and self.timezone not in available_timezones():
            raise _fault(
                "timezone", self.timezone, N_("“{value}” is not a time zone. Write one like Europe/Volgograd.")
            )
        if timed and self.end and ("T" in self.start) != ("T" in self.end):
            raise _fault("end", self.end, N_("Give a time for both the start and the end, or for neither."))
        if timed and self.end and self.end < self.start:
            raise _fault("end", self.end, N_("The end “{value}” lies before the start {start}."), start=self.start)
        return self

    @model_validator(mode="after")
    def _twins_differ(self) -> Self:
        if len(set(self.twins)) != len(self.twins):
            raise _fault("twins", ", ".join(self.twins), N_("A twin is named twice in “{value}”."))
        return self

    @cached_property
    def start_date(self) -> HistoricDate:
        return _day(self.start, "start")

    @cached_property
    def end_date(self) -> HistoricDate | None:
        return _day(self.end, "end") if self.end and self.end != RUNNING else None

    @property
    def running(self) -> bool:
        return self.end == RUNNING

    @property
    def timed(self) -> bool:
        """Whether it has wall-clock times (in `timezone`)."""
        return "T" in self.start

    @property
    def earliest(self) -> dt.date | None:
        return self.start_date.earliest

    @property
    def latest(self) -> dt.date | None:
        """The last day it can cover; None while it is still running."""
        return None if self.running else (self.end_date or self.start_date).latest


class Activity(ActivityContent):
    """An activity as it stands in the store and in every JSON of it."""

    id: UUID
    version: int = Field(ge=1)
    created_at: dt.datetime
    changed_at: dt.datetime
    recorded_by: SkipJsonSchema[str] = Field("", exclude=True)
    """Who logged it, as `user:<id>`. It decides who may change it, and stands in no JSON: that is personal (R12)."""

    def content(self) -> ActivityContent:
        return ActivityContent.model_construct(**{name: getattr(self, name) for name in ActivityContent.model_fields})


def check_status_change(before: Status, after: Status) -> None:
    """Raise a `ValueError` naming what is allowed where `before` may not become `after`."""
    if before != after and after not in ALLOWED_CHANGES[before]:
        raise StatusChangeRefused(before, after)


class StatusChangeRefused(ValueError):
    """The status may not change this way; `allowed` lists where it may go from `before`."""

    def __init__(self, before: Status, after: Status) -> None:
        super().__init__(f"{before} may not become {after}")
        self.before, self.after = before, after
        self.allowed = tuple(sorted(ALLOWED_CHANGES[before]))


def asks_to_be_confirmed(status: Status, latest: dt.date | None, today: dt.date) -> bool:
    """Whether a past activity is still only planned (R8)."""
    return status in (Status.PLANNED, Status.CONFIRMED) and latest is not None and latest < today


def _day(text: str, field: str) -> HistoricDate:
    try:
        if _LOCAL_DATE_TIME.fullmatch(text):
            return HistoricDate.parse(dt.datetime.fromisoformat(text).date().isoformat())
        return HistoricDate.parse(text)
    except InvalidDate as fault:
        raise _fault(field, text, fault.reason, **fault.values) from fault
    except ValueError as fault:
        raise _fault(
            field, text, N_("“{value}” is not a day and time of the calendar. Write it like 2026-11-28T18:00.")
        ) from fault


def _fault(field: str, value: str, reason: str, **values: object) -> PydanticCustomError:
    """A fault of several fields together; `intake` reads the field and the message id from its context."""
    context = {"field": field, "value": value, "reason": reason, "values": values}
    return PydanticCustomError("tracker", "{field}: {reason}", context)
