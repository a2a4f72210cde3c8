"""The consumer `calendars`: renders an activity's entries, once per change and language, and notes the change.

An entry's number and stamp are those of the last event that concerns it, counted from its first one; where it stood is
read off the log too. So numbers only grow, and all comes out the same in whatever order the shards are read, also when
the whole log is read again from zero. Entries of occasions are not made here but by `actions.occurrences`: they depend
on the year as well.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from tracker.actions.occurrences import local_day, refresh_occurrences
from tracker.actions.rendering import Drafts, write_entry
from tracker.consumers import Consumer
from tracker.domain.activities import Activity
from tracker.domain.calendars import OCCASION, Entry
from tracker.domain.choices import Standing
from tracker.domain.entries import RENDERED, RENDERED_OF_TWIN, SHOWN_BY, Numbering, activity_entry, uid_of
from tracker.domain.entry_times import both_times
from tracker.domain.events import Event, EventType
from tracker.domain.lives import ITSELF, Moment, standings
from tracker.domain.parts import Part, part_entry, parts_of, uid_of_part
from tracker.domain.twins import Twin
from tracker.store import activities, event_log, twins
from tracker.store import entries as store
from tracker.store.activity_rows import ActivityRow
from tracker.store.unit_of_work import Database, Unit

_TYPES = frozenset(
    {
        EventType.ACTIVITY_RECORDED,
        EventType.ACTIVITY_REVISED,
        EventType.ACTIVITY_REMOVED,
        EventType.ACTIVITY_RESTORED,
        EventType.TWIN_REVISED,
        EventType.ZONES_UPDATED,
    }
)

_AT_ONCE = 100
"""Activities whose rows are held in memory together."""


def consumer(base_url: str) -> Consumer:
    """The consumer of an installation whose pages stand at `base_url`, which entries point to."""
    together = partial(_take_in, base_url)
    return Consumer("calendars", _TYPES, lambda unit, event: together(unit, [event]), together)


def _take_in(base_url: str, unit: Unit, events: Sequence[Event]) -> None:
    """Refresh each activity that the events concern once, however many of them do; a portion is read at once."""
    concerned: dict[UUID, list[Event]] = {}
    for event in events:
        for activity_id in _concerned(unit, event):
            concerned.setdefault(activity_id, []).append(event)
    for ids in store.batched(sorted(concerned), _AT_ONCE):
        # Held before anything is read: whoever comes second, of an activity's worker and its twin's, sees newer rows.
        kept = store.locked_of_subjects(unit.session, [str(each) for each in ids])
        known = twins.current(unit.session)
        for row in activities.by_ids(unit.session, ids):
            _refresh(_Writer(unit, row, known, base_url), kept[str(row.id)], concerned[row.id])
        unit.session.flush()


def _concerned(unit: Unit, event: Event) -> Sequence[UUID]:
    """The activities whose entries an event may change."""
    if event.type is EventType.ZONES_UPDATED:
        return [UUID(activity_id) for activity_id in event.data["activities"]]
    changed = frozenset(event.data.get("before", {})) | frozenset(event.data.get("after", {}))
    if event.type is EventType.TWIN_REVISED:
        shows = not changed or changed & RENDERED_OF_TWIN
        return activities.ids_of_twin(unit.session, event.subject_id) if shows else ()
    shows = event.type is not EventType.ACTIVITY_REVISED or changed & RENDERED
    return [UUID(event.subject_id)] if shows else ()


def _refresh(writer: "_Writer", kept: dict[str, store.EntryRow], events: Sequence[Event]) -> None:
    session, row, subject = writer.unit.session, writer.row, str(writer.row.id)
    with session.no_autoflush:
        itself = kept.get(ITSELF) or store.new_entry(session, uid_of(row.id), subject)
        fresh = itself.last_position == 0
        for event in events:
            _number(itself, event)
        wanted = _standings(writer.unit, row, events, {} if fresh else kept)
        for key in sorted(wanted):
            entry = itself if key == ITSELF else kept.get(key)
            if entry is None:
                if wanted[key] == Standing(None, wanted[key].gone_on):
                    continue  # a part of long ago that nobody need be told about
                entry = store.new_entry(session, uid_of_part(row.id, key), subject, key)
            # All entries of an activity are counted alike: what changes one may change the others.
            entry.first_position, entry.last_position = itself.first_position, itself.last_position
            entry.sequence, entry.stamp = itself.sequence, itself.stamp
            writer.write(entry, key, wanted[key])


def _number(entry: store.EntryRow, event: Event) -> None:
    if event.type is EventType.ACTIVITY_RECORDED:
        entry.first_position = event.position
    entry.last_position = max(entry.last_position, event.position)
    entry.stamp = max(entry.stamp, event.at)
    if entry.first_position is not None:
        entry.sequence = entry.last_position - entry.first_position


def _stayed(event: Event) -> bool:
    """Whether entries stand where they stood before the event."""
    if event.type is EventType.ACTIVITY_REVISED:
        return not SHOWN_BY & event.data.get("before", {}).keys()
    return event.type in (EventType.TWIN_REVISED, EventType.ZONES_UPDATED)


def _standings(
    unit: Unit, row: ActivityRow, events: Sequence[Event], kept: dict[str, store.EntryRow]
) -> dict[str, Standing]:
    """Where the activity's entries stand and stood, by the key of their part; `kept` is empty where nobody knows."""
    if kept and all(map(_stayed, events)):
        return {key: entry.standing for key, entry in kept.items()}
    recorded = [event for event in events if event.type is EventType.ACTIVITY_RECORDED]
    first = row.version == 1 and recorded
    history: list[Moment] = []
    content: Mapping[str, Any] = {}
    for past in recorded if first else event_log.history(unit.session, f"activity:{row.id}"):
        removed = past.type is EventType.ACTIVITY_REMOVED
        content = content if removed else {**content, **past.data.get("after", {})}
        history.append(Moment(local_day(past.at), content, removed))
    return standings(history)


class _Writer:
    """Writes the entries of one activity."""

    def __init__(self, unit: Unit, row: ActivityRow, known: dict[str, Twin], base_url: str) -> None:
        self.unit, self.row, self.twins, self.base_url = unit, row, known, base_url
        self.activity: Activity = row.to_activity()
        self.removed = row.removed_at is not None
        self.parts: dict[str, Part] = {part.key: part for part in parts_of(self.activity)}

    def write(self, entry: store.EntryRow, key: str, standing: Standing) -> None:
        numbering = Numbering(entry.uid, entry.sequence, entry.stamp, self.activity.created_at)
        write_entry(self.unit, entry, standing, partial(self._drafts, key, numbering), local_day(self.unit.now))

    def _drafts(self, key: str, numbering: Numbering, language: str) -> Drafts:
        entry = self._entry(key, numbering, language)
        if entry is None:
            return Drafts()
        activity, day = self.activity, self.activity.earliest
        clocks = both_times(entry.start, entry.end, entry.timezone, activity.twins, self.twins, day, language)
        if not clocks or self.removed:
            return Drafts(entry)
        description = "\n".join(filter(None, (clocks, entry.description)))
        return Drafts(entry, dataclasses.replace(entry, description=description))

    def _entry(self, key: str, numbering: Numbering, language: str) -> Entry | None:
        if key == ITSELF:
            return activity_entry(
                self.activity, self.twins, language, numbering, base_url=self.base_url, removed=self.removed
            )
        if key not in self.parts:
            return None
        return part_entry(
            self.activity, self.parts[key], self.twins, language, numbering, base_url=self.base_url,
            cancelled=self.removed,
        )  # fmt: skip


def write_refused_again(database: Database, base_url: str, now: dt.datetime) -> tuple[int, int]:
    """Render the entries once more whose newest bytes were refused; how many went well and how many did not."""
    with database.unit("calendars", now) as unit:
        refused = store.faulty(unit.session)
        for entry in refused:
            if entry.kind == OCCASION:
                entry.digest = ""  # unlike any, so that it is written with the next look at the occasions
                window = store.locked_window(unit.session)
                window.fingerprint = window.seen = ""
            elif (row := activities.load(unit.session, UUID(entry.subject))) is not None:
                _Writer(unit, row, twins.current(unit.session), base_url).write(entry, entry.part, entry.standing)
    refresh_occurrences(database, now)
    with database.reading() as session:
        left = len(store.faulty(session))
    return len(refused) - left, left
