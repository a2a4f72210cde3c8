"""Files of a subject: attached, described, put into the bin and back: rows and event in one unit of work.

Bytes are handed to their gateway between two units: the first writes down that they are wanted, the second that they
belong to somebody. A crash in between leaves bytes that no file names, and the clock lets those go.
"""

import dataclasses
import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.files import SUBJECTS, Said, publishable
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.gateways.files import Files
from tracker.i18n import N_
from tracker.intake.files import Taken
from tracker.store import activities, twins
from tracker.store import files as store
from tracker.store.unit_of_work import Database, Unit

_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")
_GOING = N_("The same file is being deleted this very moment. Please try again in a minute.")
_NOT_FOR_ALL = N_(
    "Everybody may see it only when its licence is named and whoever is shown agrees or need not be asked."
)
_TOLD = ("subject", "part", "name", "sha256", "caption", "credit", "licence", "consent", "visibility")


def attach_file(
    database: Database,
    files: Files,
    subject: str,
    taken: Taken,
    said: Said,
    actor: Actor,
    now: dt.datetime,
    *,
    part: str = "",
) -> UUID:
    """Keep a file of a subject; its id. The same bytes once more are the file that is there already.

    Raises `InvalidInput`, `NotFound` for an unknown subject, `GatewayError` where the bytes cannot be kept.
    """
    _check(said)
    with database.unit(actor.name, now) as unit:
        _known(unit, subject)
        _want(unit, taken)
    files.put(taken.sha256, taken.data)
    with database.unit(actor.name, now) as unit:
        kept = store.locked_bytes(unit.session, taken.sha256)
        if kept is None or kept.state == store.BytesState.GOING:
            raise Conflict(_GOING)
        there = store.of_subjects(unit.session, (subject,), part=part)
        same = next((row for row in there if row.sha256 == taken.sha256 and row.removed_at is None), None)
        if same is not None:
            return same.id
        row = store.FileRow(
            id=uuid4(),
            version=1,
            subject=subject,
            part=part,
            sha256=taken.sha256,
            name=taken.name,
            created_at=now,
            created_by=actor.name,
        )
        _write(row, said)
        unit.session.add(row)
        unit.append(EventType.FILE_ATTACHED, _subject(row.id), {**changes({}, _told(row)), "of": subject})
        return row.id


def revise_file(
    database: Database, file_id: UUID, said: Said, version: int | None, actor: Actor, now: dt.datetime
) -> bool:
    """Change what is said of a file; False where nothing changes. Raises `InvalidInput`, `NotFound`, `Conflict`."""
    _check(said)
    with database.unit(actor.name, now) as unit:
        row = _current(unit, file_id, version)
        before, people = _told(row), row.shown_people
        _write(row, said)
        told = changes(before, _told(row))
        if people != said.shown_people:
            # That it changed is told; the names are not (R12).
            told["before"]["shown_people"], told["after"]["shown_people"] = "…" * bool(people), "…"
        if not told["after"]:
            return False
        row.version += 1
        told["after"]["version"] = row.version
        unit.append(EventType.FILE_REVISED, _subject(row.id), {**told, "of": row.subject})
        return True


def remove_file(database: Database, file_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Put a file into the bin: nobody sees it any more, and after a while it goes for good."""
    with database.unit(actor.name, now) as unit:
        row = _current(unit, file_id, None)
        row.version, row.removed_at = row.version + 1, now
        unit.append(EventType.FILE_REMOVED, _subject(row.id), {**changes(_told(row), {}), "of": row.subject})


def restore_file(database: Database, file_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Take a file out of the bin again."""
    with database.unit(actor.name, now) as unit:
        row = _any(unit, file_id)
        if row.removed_at is None:
            return
        row.version, row.removed_at = row.version + 1, None
        unit.append(EventType.FILE_RESTORED, _subject(row.id), {"before": {}, "after": _told(row), "of": row.subject})


def erase_file(database: Database, file_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Let a file go for good, such as when somebody who is shown wants it; its bytes follow when the clock comes by."""
    with database.unit(actor.name, now) as unit:
        erase(unit, _any(unit, file_id))


def erase(unit: Unit, row: store.FileRow) -> None:
    """Delete a file's row within somebody else's unit of work."""
    unit.session.delete(row)
    unit.append(EventType.FILE_ERASED, _subject(row.id), {"before": {}, "after": {}, "of": row.subject})


def _want(unit: Unit, taken: Taken) -> None:
    """Write down that these bytes are about to be kept."""
    row = store.locked_bytes(unit.session, taken.sha256)
    if row is None:
        row = store.BytesRow(
            sha256=taken.sha256,
            media_type=taken.media_type,
            size=len(taken.data),
            width=taken.width,
            height=taken.height,
            thumbnail=taken.thumbnail.value,
            lease_until=unit.now,
        )
        unit.session.add(row)
    elif row.state == store.BytesState.GOING:
        raise Conflict(_GOING)
    row.wanted_at = unit.now


def _known(unit: Unit, subject: str) -> None:
    kind, _, key = subject.partition(":")
    session = unit.session
    there: Any = None
    if kind == "activity":
        there = activities.glance(session, UUID(key), activities.ActivityFilter())
    elif kind in SUBJECTS:
        there = session.get({"twin": twins.TwinRow, "honour": twins.HonourRow}[kind], key)
    if there is None:
        raise NotFound(N_("What the file is to belong to is not there."))


def _check(said: Said) -> None:
    if said.visibility is Visibility.PUBLIC and not publishable(said.consent, said.licence):
        raise InvalidInput.one("visibility", said.visibility.value, _NOT_FOR_ALL)


def _current(unit: Unit, file_id: UUID, version: int | None) -> store.FileRow:
    row = _any(unit, file_id)
    if row.removed_at is not None:
        raise NotFound(N_("There is no such file."))
    if version is not None and row.version != version:
        raise Conflict(_CHANGED, current=row.version)
    return row


def _any(unit: Unit, file_id: UUID) -> store.FileRow:
    row = unit.session.get(store.FileRow, file_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no such file."))
    return row


def _write(row: store.FileRow, said: Said) -> None:
    for name, value in dataclasses.asdict(said).items():
        setattr(row, name, value)


def _told(row: store.FileRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _TOLD},
        "delete_on": row.delete_on.isoformat() if row.delete_on else None,
    }


def _subject(file_id: UUID) -> str:
    return f"file:{file_id}"
