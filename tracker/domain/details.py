"""What only one kind of activity has: an exchange's legs, a shipment's stages, a delegation's programme.

Dates inside are EDTF or local date-times like the activity's own. Pure values; `activities` picks the model by kind.
"""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tracker.domain.dates import HistoricDate, InvalidDate


class Detail(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def _dated(text: str) -> str:
    """Accept EDTF, or a date with a wall-clock time after `T`."""
    try:
        HistoricDate.parse(text.split("T")[0] if "T" in text else text)
    except InvalidDate as fault:
        context = {"field": "", "value": text, "reason": fault.reason, "values": fault.values}
        raise PydanticCustomError("tracker", "{reason}", context) from fault
    return text


Dated = Annotated[str, Field(max_length=40), AfterValidator(_dated)]
Short = Annotated[str, Field(max_length=200)]
Line = Annotated[str, Field(max_length=1000)]


class Institution(Detail):
    name: Line = Field(min_length=1)
    side: str = Field("twin", pattern="^(hub|twin|both|other)$")


class Leg(Detail):
    """One journey of an exchange: who travels where, out or back."""

    way: str = Field("outward", pattern="^(outward|return)$")
    start: Dated
    end: Dated | None = None
    timezone: Short | None = None
    origin: Short = ""
    destination: Short = ""
    means: Short = ""


class Exchange(Detail):
    programme: Line = ""
    institutions: tuple[Institution, ...] = ()
    legs: tuple[Leg, ...] = ()


class Stage(StrEnum):
    """Where a shipment stands, in order."""

    COLLECTED = "collected"
    PACKED = "packed"
    DISPATCHED = "dispatched"
    CUSTOMS = "customs"
    ARRIVED = "arrived"
    DISTRIBUTED = "distributed"
    RECEIPT_CONFIRMED = "receipt_confirmed"


class StageReached(Detail):
    stage: Stage
    on: Dated
    note: Line = ""


class Vehicle(Detail):
    kind: Short = Field("truck", min_length=1)
    registration: Short = ""
    driver_count: int | None = Field(None, ge=0)


class Beneficiaries(Detail):
    """How many people a running programme reached at a time; they are counted, never named (R12)."""

    at: Dated
    value: int = Field(ge=0)
    bound: str = Field("exact", pattern="^(exact|about|more_than)$")


class AidShipment(Detail):
    form: str = Field("shipment", pattern="^(shipment|programme|collection)$")
    vehicles: tuple[Vehicle, ...] = ()
    stages: tuple[StageReached, ...] = ()
    beneficiaries: tuple[Beneficiaries, ...] = ()
    recipient: Line = ""


class Festival(Detail):
    sort: Short = ""
    venue: Line = ""
    audience: int | None = Field(None, ge=0)
    admission: Short = ""


class ProgrammeItem(Detail):
    start: Dated
    end: Dated | None = None
    timezone: Short | None = None
    title: Line = Field(min_length=1)
    place: Line = ""


class Delegation(Detail):
    occasion: Line = ""
    programme: tuple[ProgrammeItem, ...] = ()
    interpreter: Short = ""


class Milestone(Detail):
    """An agreement, a gift, a naming. `ends`: when it runs out; `remembered`: whether it has anniversaries."""

    sort: Short = ""
    title_of_paper: Line = ""
    ends: Dated | None = None
    given_by: Line = ""
    received_by: Line = ""
    value: Decimal | None = Field(None, ge=0)
    remembered: bool | None = None


Details = Exchange | AidShipment | Festival | Delegation | Milestone

DETAILS: dict[str, type[Detail]] = {
    "exchange": Exchange,
    "aid_shipment": AidShipment,
    "festival": Festival,
    "delegation": Delegation,
    "milestone": Milestone,
}
