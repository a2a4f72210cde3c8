"""The parts of an activity that stand in calendars by themselves: programme items, journeys, stages, a deadline.

A part has a key that stays when it moves, so that calendar programs move its entry too. Its entry is made like that of
an activity which has the part's own days, words and place, and all else (status, twins, visibility) of the whole. Pure.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tracker.domain.activities import Activity, ActivityContent, Direction
from tracker.domain.calendars import Entry
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.details import (
    AidShipment,
    Leg,
    Milestone,
    ProgrammeItem,
    Stage,
    StageReached,
    items_of,
    wall_time,
    zones,
)
from tracker.domain.entries import Days, Numbering, activity_entry, days_of, localized, uid_of
from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext

_WAYS = {"outward": N_("Outward journey: {what}"), "return": N_("Return journey: {what}")}
STAGES = {
    Stage.COLLECTED: N_("Collected: {title}"),
    Stage.PACKED: N_("Packed: {title}"),
    Stage.DISPATCHED: N_("Dispatched: {title}"),
    Stage.CUSTOMS: N_("At customs: {title}"),
    Stage.ARRIVED: N_("Arrived: {title}"),
    Stage.DISTRIBUTED: N_("Distributed: {title}"),
    Stage.RECEIPT_CONFIRMED: N_("Receipt confirmed: {title}"),
}
RUNS_OUT = N_("Runs out: {title}")


class PartKind(StrEnum):
    PROGRAMME = "programme"
    LEG = "leg"
    STAGE = "stage"
    ENDS = "ends"


@dataclasses.dataclass(frozen=True)
class Part:
    """One part. `start` and `end` are EDTF, or both times on the wall; `timezone` is the one that was given with it."""

    key: str
    kind: PartKind
    start: str
    end: str | None
    timezone: str | None
    told: ProgrammeItem | Leg | StageReached | Milestone

    @property
    def timed(self) -> bool:
        return "T" in self.start


def parts_of(activity: ActivityContent) -> tuple[Part, ...]:
    """The parts of an activity in the order they are written down; of two with one key, the first."""
    parts: dict[str, Part] = {}
    for part in _parts(activity):
        parts.setdefault(part.key, part)
    return tuple(parts.values())


def days_of_part(part: Part) -> Days | None:
    """The days its entry stands on; None where no day and no month is known."""
    return days_of(part.start, part.end)


def uid_of_part(activity_id: UUID, key: str) -> str:
    return f"{activity_id}-{key}@tracker"


def cities_of(activity: ActivityContent, twins: Mapping[str, Twin]) -> list[Twin]:
    """The hub and the twins of an activity."""
    return [HUB, *(twins[slug] for slug in activity.twins if slug in twins)]


def usual_zone(activity: ActivityContent, cities: list[Twin]) -> str:
    """The zone of times that name none themselves: the activity's, else that of who is host."""
    hosts = cities if activity.direction is Direction.TO_HUB else [*cities[1:], HUB]
    return next(zone for zone in (activity.timezone, *map(_zone_of, hosts)) if zone in zones())


def part_entry(
    activity: Activity,
    part: Part,
    twins: Mapping[str, Twin],
    language: str,
    numbering: Numbering,
    *,
    base_url: str = "",
    cancelled: bool = False,
) -> Entry | None:
    """The entry of a part in one language; None where it has no day. One that was taken off keeps its title only."""
    cities = cities_of(activity, twins)
    by_itself = {
        **{name: getattr(activity, name) for name in Activity.model_fields},
        **_times(activity, part, cities),
        **_words(activity, part, cities, language),
        "leaders": (),
        "counts": (),
    }
    # Not validated: it is made of what was, and an entry of old must not fail by a younger rule.
    whole = Activity.model_construct(**by_itself)
    entry = activity_entry(whole, twins, language, numbering, base_url=base_url, removed=cancelled)
    return dataclasses.replace(entry, related_to=uid_of(activity.id)) if entry else None


def _parts(activity: ActivityContent) -> Iterable[Part]:
    details = activity.details
    for item in items_of(details):
        kind = PartKind.LEG if isinstance(item, Leg) else PartKind.PROGRAMME
        yield Part(f"{kind}-{item.id}", kind, *_span(item.start, item.end), item.timezone, item)
    if isinstance(details, AidShipment):
        for reached in details.stages:
            key = f"{PartKind.STAGE}-{reached.stage}"
            yield Part(key, PartKind.STAGE, *_span(reached.on, None), None, reached)
    if isinstance(details, Milestone) and details.ends:
        yield Part(PartKind.ENDS.value, PartKind.ENDS, *_span(details.ends, None), None, details)


def _span(start: str, end: str | None) -> tuple[str, str | None]:
    """Start and end as a calendar can hold them: times only where all are times, and no end before the start."""
    begin, finish = wall_time(start), wall_time(end)
    if begin and (finish or end is None):
        return start, end if finish and begin <= finish else None
    start, last = start.partition("T")[0], (end or "").partition("T")[0]
    try:
        until = HistoricDate.parse(last).ends[1] if last else None
        HistoricDate.span(HistoricDate.parse(start), until)
    except InvalidDate:
        until = None
    return start, until.edtf if until else None


def _times(activity: ActivityContent, part: Part, cities: list[Twin]) -> dict[str, Any]:
    start, end = wall_time(part.start), wall_time(part.end)
    if start is None:
        return {"start": part.start, "end": part.end, "timezone": None}
    zone = _zone(activity, part, cities)
    if end and isinstance(part.told, Leg) and not part.timezone:
        # A ticket tells the arrival by the clock of the place of arrival.
        there = _zone_of(_city(part.told.destination, cities)) or zone
        end = end.replace(tzinfo=ZoneInfo(there)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    fits = end is not None and start <= end
    return {"start": start.isoformat(), "end": end.isoformat() if end and fits else None, "timezone": zone}


def _zone(activity: ActivityContent, part: Part, cities: list[Twin]) -> str:
    """The zone of a part's times: its own, that of where a journey begins, else the usual one."""
    origin = _zone_of(_city(part.told.origin, cities)) if isinstance(part.told, Leg) else None
    return next(zone for zone in (part.timezone, origin, usual_zone(activity, cities)) if zone in zones())


def _zone_of(city: Twin | None) -> str | None:
    return city.timezone if city and city.timezone in zones() else None


def _city(place: str, cities: list[Twin]) -> Twin | None:
    """The city of the activity that bears this name, or once bore it."""
    named = fold(place)
    return next((city for city in cities if named and named in map(fold, city.all_names())), None)


def _words(activity: ActivityContent, part: Part, cities: list[Twin], language: str) -> dict[str, Any]:
    whole = localized(activity.title, language)
    match part.told:
        case ProgrammeItem(title=title, place=place):
            more = whole
        case Leg(way=way, origin=place):
            route = _route(part, part.told, cities, language)
            means = f" ({part.told.means})" if part.told.means else ""
            title, more = gettext(language, _WAYS[way], what=(route or whole) + means), whole if route else ""
        case StageReached(stage=stage, note=more):
            title, place = gettext(language, STAGES[stage], title=whole), ""
        case Milestone(title_of_paper=more):
            title, place = gettext(language, RUNS_OUT, title=whole), ""
    return {"title": {language: title}, "description": {language: more}, "place": place}


def _route(part: Part, leg: Leg, cities: list[Twin], language: str) -> str:
    """From where to where, under the names of then: "Köln – Stalingrad"."""
    day = HistoricDate.parse(part.start.partition("T")[0]).earliest
    places = [place for place in (leg.origin, leg.destination) if place]
    return " – ".join(city.name_at(day, language) if (city := _city(place, cities)) else place for place in places)
