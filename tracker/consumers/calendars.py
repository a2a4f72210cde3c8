"""The consumer `calendars`: renders an activity's entry anew, once per change and language, and notes that it changed.

An entry's number and stamp are those of the last event that concerns it, counted from its first one. So they only grow,
and they come out the same in whatever order the shards are read, also when the whole log is read again from zero.
Entries of occasions are not made here but by `actions.occurrences`: they depend on the year as well.
"""

from functools import partial
from typing import Any
from uuid import UUID

from tracker.consumers import Consumer
from tracker.domain.activities import Activity, Visibility
from tracker.domain.choices import Shown
from tracker.domain.entries import (
    RENDERED,
    RENDERED_OF_TWIN,
    SHOWN_BY,
    Numbering,
    activity_entry,
    farewell_entry,
    former,
    shown,
    uid_of,
)
from tracker.domain.events import Event, EventType
from tracker.domain.twins import Twin
from tracker.i18n import LANGUAGES
from tracker.outputs.ical import render_entry
from tracker.store import activities, event_log, twins
from tracker.store import entries as store
from tracker.store.unit_of_work import Unit

_TYPES = frozenset(
    {
        EventType.ACTIVITY_RECORDED,
        EventType.ACTIVITY_REVISED,
        EventType.ACTIVITY_REMOVED,
        EventType.ACTIVITY_RESTORED,
        EventType.TWIN_REVISED,
    }
)
_TWINS = "twins as rendered"


def consumer(base_url: str) -> Consumer:
    """The consumer of an installation whose pages stand at `base_url`, which entries point to."""
    return Consumer("calendars", _TYPES, partial(_react, base_url))


def _react(base_url: str, unit: Unit, event: Event) -> None:
    changed = frozenset(event.data.get("before", {})) | frozenset(event.data.get("after", {}))
    if event.type is EventType.TWIN_REVISED:
        if not changed or changed & RENDERED_OF_TWIN:
            for activity_id in activities.ids_of_twin(unit.session, event.subject_id):
                _refresh(unit, event, activity_id, base_url)
    elif event.type is not EventType.ACTIVITY_REVISED or changed & RENDERED:
        _refresh(unit, event, UUID(event.subject_id), base_url)


def _refresh(unit: Unit, event: Event, activity_id: UUID, base_url: str) -> None:
    session = unit.session
    # Held before anything is read: whoever comes second, of this activity's worker and its twin's, sees the newer rows.
    entry = store.locked_entry(session, uid_of(activity_id))
    row = activities.load(session, activity_id)
    if row is None:
        return
    activity = row.to_activity()
    _number(entry, event)
    formerly = _formerly(unit, entry, event)
    now = shown(activity.model_dump(mode="json", include=set(SHOWN_BY)))
    store.write_entry(session, entry, now, formerly, activity.timezone if activity.timed else None)
    known, removed = _twins(unit), row.removed_at is not None
    numbering = Numbering(entry.uid, entry.sequence, entry.stamp, activity.created_at)
    store.write_bodies(
        entry,
        {
            language: (
                _body(activity, known, language, numbering, base_url, removed=removed),
                render_entry(farewell_entry(formerly, language, numbering)) if formerly else None,
            )
            for language in LANGUAGES
        },
    )


def _number(entry: store.EntryRow, event: Event) -> None:
    if event.type is EventType.ACTIVITY_RECORDED:
        entry.first_position = event.position
    entry.last_position = max(entry.last_position, event.position)
    entry.stamp = max(entry.stamp, event.at)
    if entry.first_position is not None:
        entry.sequence = entry.last_position - entry.first_position


def _formerly(unit: Unit, entry: store.EntryRow, event: Event) -> tuple[Shown, ...]:
    """Where the entry stood before; told by the log, so that it is known again after a replay."""
    if event.type is EventType.ACTIVITY_REVISED and SHOWN_BY & event.data.get("before", {}).keys():
        contents: list[dict[str, Any]] = []
        content: dict[str, Any] = {}
        for past in event_log.history(unit.session, event.subject):
            if past.type is not EventType.ACTIVITY_REMOVED:
                content = {**content, **past.data.get("after", {})}
                contents.append(content)
        return former(contents)
    return entry.stood


def _body(
    activity: Activity, known: dict[str, Twin], language: str, numbering: Numbering, base_url: str, *, removed: bool
) -> bytes | None:
    if activity.visibility is Visibility.CONFIDENTIAL:
        return None
    entry = activity_entry(activity, known, language, numbering, base_url=base_url, removed=removed)
    return render_entry(entry) if entry else None


def _twins(unit: Unit) -> dict[str, Twin]:
    """All twins as they stand this moment, read again in a unit of work only when one has changed."""
    edition = twins.edition(unit.session)
    kept = unit.session.info.get(_TWINS)
    if kept is None or kept[0] != edition:
        kept = unit.session.info[_TWINS] = (edition, twins.load_all(unit.session))
    known: dict[str, Twin] = kept[1]
    return known
