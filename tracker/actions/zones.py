"""Keeping times true when a new release of the zone data comes into use.

What is stored is the time on the wall and its zone; the moment that means was worked out when the entry was rendered.
Where the new data makes another moment of it, the entry is told anew, by an event that says so and gives it a number;
so is one that tells a clock which has changed. What is over keeps its number.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from tracker.domain.activities import Activity
from tracker.domain.calendars import Entry, instants
from tracker.domain.entries import Numbering, activity_entry
from tracker.domain.entry_times import both_times
from tracker.domain.events import EventType
from tracker.domain.lives import ITSELF
from tracker.domain.parts import part_entry, parts_of
from tracker.domain.twins import Twin
from tracker.i18n import DEFAULT_LANGUAGE
from tracker.outputs.ical import says
from tracker.store import activities, calendars, event_log, twins
from tracker.store import zones as store
from tracker.store.entries import batched
from tracker.store.unit_of_work import Database, Unit

SETTLING = dt.timedelta(minutes=30)
"""So long a process of before the upgrade may go on rendering; then everything is looked through once more."""
_OVER = dt.timedelta(days=1)

log = structlog.get_logger()


@dataclass
class _Found:
    """What the zone data in use makes of the entries: whose are to be told anew, and moments to be put right."""

    activities: set[str] = field(default_factory=set)
    moved: list[dict[str, Any]] = field(default_factory=list)
    corrected: dict[str, store.Moments] = field(default_factory=dict)


def notice_release(database: Database, release: str, now: dt.datetime) -> int:
    """Have told anew what this release, which this process works with, has moved; returns of how many activities.

    A release is noticed once, however many processes see it; one older than the newest is not noticed at all.
    """
    with database.reading() as session:
        if not _due(store.releases(session), release, now):
            return 0
    with database.unit("system", now) as unit:
        before = _claimed(unit, release)
        if before is None:
            return 0
        # Rules may have changed without moving anything here, and calendars carry them. Held before any entry, as
        # everywhere, so that nobody waits crosswise.
        calendars.mark_stale(unit.session, [row.id for row in calendars.calendars(unit.session)], now)
        found = _compare(unit)
        store.correct(unit.session, found.corrected)
        if found.activities:
            data = {
                "before": {"release": before},
                "after": {"release": release},
                "activities": sorted(found.activities),
                "moved": sorted(found.moved, key=lambda move: (move["before"], move["uid"])),
            }
            unit.append(EventType.ZONES_UPDATED, f"zones:{release}", data)
        log.info("zone data", before=before, after=release, activities=len(found.activities))
        return len(found.activities)


def _due(known: Sequence[store.ZoneReleaseRow], release: str, now: dt.datetime) -> bool:
    if not known or known[0].release < release:
        return True
    newest = known[0]
    return newest.release == release and newest.settled_at is None and now >= newest.noticed_at + SETTLING


def _claimed(unit: Unit, release: str) -> str | None:
    """The release before this one, if looking is ours to do: as the first to see it, or for the second time."""
    known = store.releases(unit.session)
    if not _due(known, release, unit.now):  # somebody else was quicker
        return None
    if not known:  # entries, if any, were rendered with nobody knows what
        store.notice(unit.session, release, unit.now, settled_at=unit.now)
        return None
    if known[0].release != release:
        return known[0].release if store.notice(unit.session, release, unit.now, settled_at=None) else None
    if _still_telling(unit) or not store.settle(unit.session, release, unit.now):
        return None
    return known[1].release


def _still_telling(unit: Unit) -> bool:
    ends = event_log.ends_by_shard(unit.session)
    marks = [mark for mark in event_log.bookmarks(unit.session) if mark.consumer == "calendars"]
    return any(mark.position < ends.get(mark.shard, 0) for mark in marks)


def _compare(unit: Unit) -> _Found:
    found, timed = _Found(), list[store.Placed]()
    for placed in store.placed(unit.session):
        if placed.timezone:
            timed.append(placed)
        elif (moments := instants(placed.first, placed.last, None)) != placed.moments:
            found.corrected[placed.uid] = moments
    clocks = store.with_both_times(unit.session, [placed.uid for placed in timed])
    known = twins.current(unit.session)
    for some in batched(timed):
        ids = {UUID(placed.subject) for placed in some}
        of = {row.id: row.to_activity() for row in activities.by_ids(unit.session, sorted(ids))}
        for placed in some:
            if (activity := of.get(UUID(placed.subject))) is not None:
                _look(found, placed, activity, known, clocks.get(placed.uid), unit.now)
    return found


def _look(
    found: _Found,
    placed: store.Placed,
    activity: Activity,
    known: Mapping[str, Twin],
    told: bytes | None,
    now: dt.datetime,
) -> None:
    try:
        entry = _entry(placed, activity, known, now)
        if entry is None or entry.timezone is None:
            return  # the activity has changed, and its own event is on its way
        moments = entry.instants
        line = both_times(
            entry.start, entry.end, entry.timezone, activity.twins, known, activity.earliest, DEFAULT_LANGUAGE
        )
    except (ValueError, KeyError, OverflowError):  # as when it is rendered, where the fault will be noted
        found.activities.add(placed.subject)
        return
    moved = moments != placed.moments
    if max(moments[1], placed.moments[1]) < now - _OVER:
        if moved:
            found.corrected[placed.uid] = moments
    elif moved or (told is not None and not says(told, line)):
        found.activities.add(placed.subject)
        found.moved.extend(_moves(placed, entry))


def _entry(placed: store.Placed, activity: Activity, known: Mapping[str, Twin], now: dt.datetime) -> Entry | None:
    numbering = Numbering(placed.uid, 0, now)
    if placed.part == ITSELF:
        return activity_entry(activity, known, DEFAULT_LANGUAGE, numbering)
    part = next((part for part in parts_of(activity) if part.key == placed.part), None)
    return part_entry(activity, part, known, DEFAULT_LANGUAGE, numbering) if part else None


def _moves(placed: store.Placed, entry: Entry) -> Iterator[dict[str, Any]]:
    """The beginning if it has moved, else the end (of a journey into a zone that has changed), if either has."""
    walls = entry.start, entry.end or entry.start
    for wall, before, after in zip(walls, placed.moments, entry.instants, strict=True):
        if before != after:
            yield {
                "uid": placed.uid,
                "activity": placed.subject,
                "timezone": entry.timezone,
                "wall": wall.isoformat(),
                "before": before.isoformat(),
                "after": after.isoformat(),
            }
            return


@dataclass(frozen=True)
class Move:
    """One entry that has moved: the time on the wall, and the moment that was and is."""

    activity: str
    title: Mapping[str, str]
    wall: dt.datetime
    timezone: str
    before: dt.datetime
    after: dt.datetime


@dataclass(frozen=True)
class Update:
    """A change of the zone data that moved something, with the number of activities told anew."""

    before: str
    after: str
    at: dt.datetime
    activities: int
    moved: tuple[Move, ...]


def updates(database: Database, most: int) -> list[Update]:
    """What the last changes of the zone data moved, newest first, as the log tells it."""
    with database.reading() as session:
        known = store.releases(session)[:most]
        events = [event for row in known for event in reversed(event_log.history(session, f"zones:{row.release}"))]
        ids = sorted({UUID(move["activity"]) for event in events for move in event.data["moved"]})
        titles = {row.id: row.title for some in batched(ids) for row in activities.by_ids(session, some)}
    return [
        Update(
            before=event.data["before"]["release"],
            after=event.data["after"]["release"],
            at=event.at,
            activities=len(event.data["activities"]),
            moved=tuple(_move(move, titles) for move in event.data["moved"]),
        )
        for event in events
    ]


def _move(told: Mapping[str, Any], titles: Mapping[UUID, Mapping[str, str]]) -> Move:
    return Move(
        told["activity"],
        titles.get(UUID(told["activity"]), {}),
        dt.datetime.fromisoformat(told["wall"]),
        told["timezone"],
        dt.datetime.fromisoformat(told["before"]),
        dt.datetime.fromisoformat(told["after"]),
    )
