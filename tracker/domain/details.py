"""What only one kind of activity has: an exchange's legs, a shipment's stages, a delegation's programme.

Dates inside are EDTF or local date-times like the activity's own. Pure values; `activities` picks the model by kind.
Some parts are known again when they move: an item of a programme and a journey by their `id`, a stage by its name.
`problems` is asked when something is written, not when it is read: what was kept before a rule was made stays readable.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import count
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.errors import FieldProblem
from tracker.i18n import N_

# The first and the last year are left out: not every zone has an instant for their times.
_LOCAL_DATE_TIME = re.compile("(?!0001|9999)[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_MOST_PEOPLE, _MOST_MONEY = 10_000_000, 999_999_999_999
"""As an activity's own counts and amounts: beyond them neither database nor reader has use for a number."""
_NOT_A_TIME = N_("“{value}” is not a day and time of the calendar. Write it like 2026-11-28T18:00.")
_NOT_A_ZONE = N_("“{value}” is not a time zone. Write one like Europe/Volgograd.")
_HALF_TIMED = N_("Give a time for both the start and the end, or for neither.")
_BACKWARDS = N_("The end “{value}” lies before the start {start}.")
_TOO_LARGE = N_("“{value}” is too large; it may be at most {le}.")
_SAME_ID = N_("The id “{value}” stands at two items. Leave it out at the new one, and it gets its own.")
_SAME_STAGE = N_("This stage is there already. A shipment reaches each stage once: change that row instead.")


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
ItemId = Annotated[
    str, Field(max_length=40, pattern="^[a-z0-9-]*$", description="stays when the item moves; left out: it gets one")
]


class OfKind(Detail):
    """What every kind has: whether its anniversaries come round. Nobody said: as is usual for its kind and sort."""

    remembered: bool | None = None


class Institution(Detail):
    name: Line = Field(min_length=1)
    side: str = Field("twin", pattern="^(hub|twin|both|other)$")


class Leg(Detail):
    """One journey of an exchange: who travels where, out or back."""

    id: ItemId = ""
    way: str = Field("outward", pattern="^(outward|return)$")
    start: Dated
    end: Dated | None = None
    timezone: Short | None = None
    origin: Short = ""
    destination: Short = ""
    means: Short = ""


class ProgrammeItem(Detail):
    id: ItemId = ""
    start: Dated
    end: Dated | None = None
    timezone: Short | None = None
    title: Line = Field(min_length=1)
    place: Line = ""


class Exchange(OfKind):
    """`programme` is the one that pays for it, such as Erasmus+; `plan` is what happens, day by day."""

    programme: Line = ""
    institutions: tuple[Institution, ...] = ()
    legs: tuple[Leg, ...] = ()
    plan: tuple[ProgrammeItem, ...] = ()


class Stage(StrEnum):
    """Where a shipment stands, in order."""

    COLLECTED = "collected"
    PACKED = "packed"
    DISPATCHED = "dispatched"
    CUSTOMS = "customs"
    ARRIVED = "arrived"
    DISTRIBUTED = "distributed"
    RECEIPT_CONFIRMED = "receipt_confirmed"


_PLACE = {stage: place for place, stage in enumerate(Stage)}


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


class AidShipment(OfKind):
    form: str = Field("shipment", pattern="^(shipment|programme|collection)$")
    vehicles: tuple[Vehicle, ...] = ()
    stages: tuple[StageReached, ...] = ()
    beneficiaries: tuple[Beneficiaries, ...] = ()
    recipient: Line = ""


class Festival(OfKind):
    sort: Short = ""
    venue: Line = ""
    audience: int | None = Field(None, ge=0)
    admission: Short = ""


class Delegation(OfKind):
    occasion: Line = ""
    programme: tuple[ProgrammeItem, ...] = ()
    interpreter: Short = ""
    legs: tuple[Leg, ...] = ()


class Milestone(OfKind):
    """An agreement, a gift, a naming. `ends`: when it runs out."""

    sort: Short = ""
    title_of_paper: Line = ""
    ends: Dated | None = None
    given_by: Line = ""
    received_by: Line = ""
    value: Decimal | None = Field(None, ge=0)


Details = Exchange | AidShipment | Festival | Delegation | Milestone

DETAILS: dict[str, type[Detail]] = {
    "exchange": Exchange,
    "aid_shipment": AidShipment,
    "festival": Festival,
    "delegation": Delegation,
    "milestone": Milestone,
}

Item = ProgrammeItem | Leg

_LISTS: dict[type, tuple[str, ...]] = {Exchange: ("legs", "plan"), Delegation: ("programme", "legs")}


def wall_time(text: str | None) -> datetime | None:
    """The time on the wall that `text` names; None where it is a day alone, or no time of the calendar."""
    try:
        return datetime.fromisoformat(text) if text and _LOCAL_DATE_TIME.fullmatch(text) else None
    except ValueError:
        return None


@cache
def zones() -> frozenset[str]:
    """The names of all time zones; looked up once, since they are read from files."""
    return frozenset(available_timezones())


def items_of(details: Details) -> tuple[Item, ...]:
    """What has an id: the items of a programme, the journeys. One kept before there were ids goes by its place."""
    return tuple(item for name in lists_of(details) for item in items_in(details, name))


def items_in(details: Details, name: str) -> tuple[Item, ...]:
    """Those of one of its lists."""
    return _with_ids(getattr(details, name))


def lists_of(details: Details | None) -> tuple[str, ...]:
    """The fields of details that list what has an id."""
    return _LISTS.get(type(details), ())


def identified(details: Details, former: Details | None, new_id: Callable[[], str]) -> Details:
    """`details` with an id at every item: its own, else that of the same item in `former`, else a new one.

    The same item is one that says the same, or else the one at the same place whose id nobody else has taken.
    """
    known = former if type(former) is type(details) else None
    lists = {
        name: _identified(getattr(details, name), _with_ids(getattr(known, name)) if known else (), new_id)
        for name in lists_of(details)
    }
    changed = {name: items for name, items in lists.items() if items != getattr(details, name)}
    return details.model_copy(update=changed) if changed else details


def _with_ids(items: Sequence[Item]) -> tuple[Item, ...]:
    taken = {item.id for item in items}
    free = (number for number in map(str, count(1)) if number not in taken)
    return tuple(item if item.id else item.model_copy(update={"id": next(free)}) for item in items)


def _identified(given: Sequence[Item], known: Sequence[Item], new_id: Callable[[], str]) -> tuple[Item, ...]:
    items = list(given)
    taken = {item.id for item in items}
    saying: dict[str, list[str]] = defaultdict(list)
    for old in reversed(known):
        if old.id not in taken:
            saying[_says(old)].append(old.id)
    for index, item in enumerate(items):
        if not item.id and saying[_says(item)]:
            items[index] = _named(item, saying[_says(item)].pop(), taken)
    for index, item in enumerate(items):
        if not item.id:
            free = index < len(known) and known[index].id not in taken
            items[index] = _named(item, known[index].id if free else new_id(), taken)
    return tuple(items)


def _begin(text: str) -> str:
    return HistoricDate.parse(text.partition("T")[0]).sort_key + text.partition("T")[2]


def _says(item: Item) -> str:
    return item.model_dump_json(exclude={"id"})


def _named(item: Item, own: str, taken: set[str]) -> Item:
    taken.add(own)
    return item.model_copy(update={"id": own})


def last_stage(details: Details) -> StageReached | None:
    """The stage a shipment reached last; of several on one day the furthest. None where it has reached none yet."""
    if not isinstance(details, AidShipment):
        return None
    return last_of(details.stages)


def last_of(stages: Iterable[StageReached]) -> StageReached | None:
    """The same of some stages."""
    return max(stages, key=lambda reached: (_begin(reached.on), _PLACE[reached.stage]), default=None)


def watched_date(details: Details) -> HistoricDate | None:
    """The one date in the details that reminders look at: when an agreement ends, or a shipment's last stage was."""
    reached = last_stage(details)
    text = reached.on if reached else details.ends if isinstance(details, Milestone) else None
    return HistoricDate.parse(text.partition("T")[0]).ends[1] if text else None


def problems(details: Details) -> list[FieldProblem]:
    """What is wrong with parts that are to stand in calendars: times, zones, and two parts with one identity."""
    if names := lists_of(details):
        return [fault for name in names for fault in _of_items(f"details.{name}", getattr(details, name))]
    if isinstance(details, AidShipment):
        stages = [reached.stage.value for reached in details.stages]
        times = (_of_time(f"details.stages.{i}.on", reached.on) for i, reached in enumerate(details.stages))
        sizes = [(f"vehicles.{i}.driver_count", one.driver_count) for i, one in enumerate(details.vehicles)]
        sizes += [(f"beneficiaries.{i}.value", one.value) for i, one in enumerate(details.beneficiaries)]
        found = [*_twice("details.stages", "stage", stages, _SAME_STAGE), *(fault for some in times for fault in some)]
        return [*found, *_of_sizes(sizes, _MOST_PEOPLE)]
    if isinstance(details, Festival):
        return _of_sizes([("audience", details.audience)], _MOST_PEOPLE)
    if isinstance(details, Milestone):
        return [*_of_time("details.ends", details.ends), *_of_sizes([("value", details.value)], _MOST_MONEY)]
    return []


def _of_sizes(sizes: Iterable[tuple[str, int | Decimal | None]], most: int) -> list[FieldProblem]:
    return [
        FieldProblem(f"details.{name}", str(size)[:40], _TOO_LARGE, {"le": most})
        for name, size in sizes
        if size is not None and size > most
    ]


def _of_items(name: str, items: Iterable[Item]) -> list[FieldProblem]:
    found = _twice(name, "id", [item.id for item in items], _SAME_ID)
    for index, item in enumerate(items):
        found += _of_span(f"{name}.{index}", item)
    return found


def _of_span(field: str, item: Item) -> list[FieldProblem]:
    found = [*_of_time(f"{field}.start", item.start), *_of_time(f"{field}.end", item.end)]
    if item.timezone and item.timezone not in zones():
        found.append(FieldProblem(f"{field}.timezone", item.timezone, _NOT_A_ZONE))
    if found or item.end is None:
        return found
    if ("T" in item.start) != ("T" in item.end):
        return [FieldProblem(f"{field}.end", item.end, _HALF_TIMED)]
    return [FieldProblem(f"{field}.end", item.end, _BACKWARDS, {"start": item.start})] if _backwards(item) else []


def _backwards(item: Item) -> bool:
    if (start := wall_time(item.start)) and (end := wall_time(item.end)):
        return end < start
    first, last = HistoricDate.parse(item.start).earliest, HistoricDate.parse(item.end or item.start).latest
    return first is not None and last is not None and last < first


def _of_time(field: str, text: str | None) -> list[FieldProblem]:
    return [FieldProblem(field, text, _NOT_A_TIME)] if text and "T" in text and wall_time(text) is None else []


def _twice(name: str, key: str, values: list[str], reason: str) -> list[FieldProblem]:
    """A fault at each place where a value stands that stood before."""
    seen: set[str] = set()
    found = []
    for index, value in enumerate(values):
        if value and value in seen:
            found.append(FieldProblem(f"{name}.{index}.{key}", value, reason))
        seen.add(value)
    return found
