"""Every version of an activity, made again from its events: each carries what changed, before and after.

Pure. A version is known by its number, which is the one the row bore after the event. What later releases or other
nouns write under the same subject is passed over.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain.activities import Activity, ActivityContent, Direction, Kind, Status, Visibility
from tracker.domain.events import Event, EventType

_WRITES = (EventType.ACTIVITY_RECORDED, EventType.ACTIVITY_REVISED)
DEEDS = (*_WRITES, EventType.ACTIVITY_REMOVED, EventType.ACTIVITY_RESTORED)
_ENUMS: Mapping[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "status": Status,
    "direction": Direction,
    "visibility": Visibility,
}


@dataclass(frozen=True)
class Version:
    """An activity as it stood after an event: `content` is a document like `ActivityContent`'s."""

    number: int
    event: Event
    content: Mapping[str, Any]
    removed: bool = False


def versions(events: Iterable[Event]) -> tuple[Version, ...]:
    """All versions, oldest first."""
    made: list[Version] = []
    content: Mapping[str, Any] = {}
    number = 0
    for event in events:
        if event.type not in DEEDS:
            continue
        before, after = event.data.get("before", {}), event.data.get("after", {})
        removed = event.type is EventType.ACTIVITY_REMOVED
        told = before if removed else after
        if event.type in _WRITES:
            content = {**content, **{k: v for k, v in after.items() if k in ActivityContent.model_fields}}
        number = int(told.get("version") or number + 1)
        made.append(Version(number, event, content, removed))
    return tuple(made)


def documents(events: Iterable[Event]) -> dict[int, Mapping[str, Any]]:
    """Anything else that is kept, as it stood after each of its events, by the event's position."""
    made: dict[int, Mapping[str, Any]] = {}
    document: Mapping[str, Any] = {}
    for event in events:
        # What a first event calls "before" was so before the log knew of it.
        known = document or event.data.get("before") or {}
        document = {**known, **(event.data.get("after") or {})}
        made[event.position] = document
    return made


def numbered(made: Sequence[Version], number: int) -> Version | None:
    return next((version for version in made if version.number == number), None)


def before(made: Sequence[Version], version: Version) -> Version | None:
    """The version that stood before this one."""
    at = made.index(version)
    return made[at - 1] if at else None


def seen(made: Sequence[Version], sees: Callable[[Version], bool]) -> tuple[Version, ...]:
    """What a reader may look at: from the last time on that it was hidden from them.

    What stood there while it was hidden is not told, nor what changed with the step out of hiding.
    """
    hidden = [at for at, version in enumerate(made) if not sees(version)]
    return tuple(made[hidden[-1] + 1 :] if hidden else made)


def as_activity(version: Version, activity_id: UUID) -> Activity:
    """The version as a value, for asking who may see it. Nothing is checked anew: older releases knew other rules."""
    known = {name: field.get_default(call_default_factory=True) for name, field in ActivityContent.model_fields.items()}
    document = {**known, **version.content}
    for name, enum in _ENUMS.items():
        document[name] = enum(document[name])
    return Activity.model_construct(
        **{**document, "twins": tuple(document["twins"] or ()), "details": {}},
        id=activity_id,
        version=version.number,
        created_at=version.event.at,
        changed_at=version.event.at,
    )
