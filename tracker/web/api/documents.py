"""What the API takes and gives, as pydantic models: the queries of lists, and their pages.

Activities and twins are the domain's own values; here is only what wraps them.
"""

import datetime as dt
from enum import StrEnum
from functools import cache
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from tracker.domain.activities import Activity, ActivityContent, Kind, Slug, Status
from tracker.domain.dates import Precision
from tracker.domain.occasions import OccasionKind
from tracker.domain.outlook import Clash
from tracker.domain.twins import Twin
from tracker.i18n import N_

LARGEST_PAGE = 200


def _calendar_day(text: str | None) -> str | None:
    try:
        # Python reads 20261128 and 2026-W48-6 too; the API promises one way of writing a day.
        if text is None or dt.date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    reason = N_("“{value}” is not a day of the calendar. Write it like 2026-11-28.")
    raise PydanticCustomError("tracker", "{reason}", {"field": "", "value": text, "reason": reason, "values": {}})


def _without_nul(text: str) -> str:
    if "\0" in text:
        reason = N_("A text may not hold the character NUL.")
        raise PydanticCustomError("tracker", "{reason}", {"field": "", "value": text, "reason": reason, "values": {}})
    return text


Day = Annotated[
    str | None,
    AfterValidator(_calendar_day),
    WithJsonSchema({"type": "string", "format": "date", "example": "2026-11-28"}),
]
Words = Annotated[str, Field(max_length=200), AfterValidator(_without_nul)]


class Order(StrEnum):
    OLDEST = "oldest"
    NEWEST = "newest"


class Query(BaseModel):
    """Arguments of an address. An unknown one is a fault: a misspelt filter must not look like an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema, made once: flask-openapi3 asks for it at every request."""
        return cls._schema(*args, **kwargs)

    @classmethod
    @cache
    def _schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        made = super().model_json_schema(*args, **kwargs)
        for argument in made.get("properties", {}).values():
            # One that may be left out is not one that may be null: an address has no null.
            if argument.get("default", "") is None:
                del argument["default"]
        return made


class ActivityQuery(Query):
    twin: list[Slug] = Field(default_factory=list, max_length=50, description="of these twins (repeat it)")
    kind: list[Kind] = Field(default_factory=list, description="of these kinds (repeat it)")
    status: list[Status] = Field(default_factory=list, description="with one of these statuses (repeat it)")
    from_: Day = Field(None, alias="from", description="that may have lasted to this day or longer")
    to: Day = Field(None, description="that may have begun by this day")
    q: Words = Field(
        "",
        description="all these words, in any spelling and script: Köln, Koeln, Cologne and Кёльн find the same",
        json_schema_extra={"example": "Köln"},
    )
    order: Order = Field(Order.OLDEST, description="which comes first")
    limit: int = Field(50, ge=1, le=LARGEST_PAGE, description="how many on a page")
    cursor: str | SkipJsonSchema[None] = Field(
        None, max_length=400, description="`next` of the page before; filters stay the same"
    )


class ActivityPath(BaseModel):
    activity_id: UUID = Field(description="the activity's id")


class TwinPath(BaseModel):
    slug: str = Field(description="the twin's short name", json_schema_extra={"example": "cologne"})


class OccasionQuery(Query):
    from_: Day = Field(None, alias="from", description="from this day on; today if left out")
    to: Day = Field(None, description="to this day; a year after `from` if left out, ten years at most")
    twin: list[Slug] = Field(default_factory=list, max_length=50, description="of these twins (repeat it)")


class ActivityInput(ActivityContent):
    """An activity as it is sent: recorded so, or put in the place of the one before, in whole.

    What the tracker itself writes may stand in it and is not read, so that a fetched document can be changed and sent
    back.
    """

    id: UUID | None = Field(None, description="not read, but another one than the address's is a fault")
    version: int | None = Field(None, description="not read: If-Match counts")
    created_at: dt.datetime | None = Field(None, description="not read")
    changed_at: dt.datetime | None = Field(None, description="not read")


class Page(BaseModel):
    """One page of a list."""

    next: str | None = Field(None, description="the cursor of the next page, null on the last")
    total: int = Field(ge=0, description="how many there are on all pages together")


class ActivityPage(Page):
    items: tuple[Activity, ...]


class TwinPage(Page):
    items: tuple[Twin, ...]


class CollisionItem(BaseModel):
    """One thing in an occasion's way: the jubilee `key` on `on`, a public holiday, or a weekend."""

    clash: Clash = Field(description="same_month: perhaps within seven days, but of one only the month is known")
    key: str | None = Field(description="of the other occasion")
    on: str | None = Field(description="EDTF: when the other occasion comes round", examples=["2028-05-04"])
    places: tuple[str, ...] = Field(description="where the day is kept: short names of twins, `volgograd` too")
    holiday: dict[str, str] | None = Field(description="the holiday's name by language; English is always there")
    words: dict[str, str] = Field(description="all of it in words, in en, de and ru")


class OccasionItem(BaseModel):
    """An occasion come round. What is known to the month or the year only has no day, and none is invented."""

    key: str = Field(description="stays the same from year to year", examples=["twinning:cologne"])
    kind: OccasionKind
    twins: tuple[str, ...]
    on: str = Field(description="EDTF: a day, a month or a year", examples=["2026-11-28", "2026-09", "2026"])
    precision: Precision
    number: int | None = Field(description="which year it is; null for an observance", examples=[38])
    round: bool
    jubilee: bool
    title: dict[str, str] = Field(description="in en, de and ru")
    collisions: tuple[CollisionItem, ...] = Field(description="what is in its way that day")


class OccasionPage(Page):
    items: tuple[OccasionItem, ...]


QUERIES: dict[str, type[BaseModel]] = {m.__name__: m for m in (Query, ActivityQuery, OccasionQuery)}
