"""What the clock does for files: those whose last day has come go, and so do bytes that no file names any more."""

import datetime as dt

from tracker.actions.files import erase
from tracker.gateways.files import Files
from tracker.store import files as store
from tracker.store.unit_of_work import Database

_ACTOR = "system"
_SLICE = 100


def tidy_files(database: Database, files: Files, now: dt.datetime) -> int:
    """Let go what is over; how many files and bytes went. Raises `GatewayError`; what is left goes the next time."""
    gone = 0
    while slice_ := _erase_due(database, now):
        gone += slice_
    while going := _mark_unused(database, now):
        for sha256, thumbnail in going:
            files.delete(sha256)
            if thumbnail:
                files.delete(thumbnail)
            _forget(database, sha256, now)
        gone += len(going)
    return gone


def _erase_due(database: Database, now: dt.datetime) -> int:
    with database.unit(_ACTOR, now) as unit:
        rows = store.due(unit.session, now.date(), now, _SLICE)
        for row in rows:
            erase(unit, row)
        return len(rows)


def _mark_unused(database: Database, now: dt.datetime) -> list[tuple[str, str | None]]:
    """The bytes that go now, each with its thumbnail unless others need that."""
    with database.unit(_ACTOR, now) as unit:
        rows = store.unused(unit.session, now, _SLICE)
        found = []
        for row in rows:
            row.state = store.BytesState.GOING.value
            small = row.thumbnail_key
            shared = small and store.is_thumbnail_of_another(unit.session, small, row.sha256)
            found.append((row.sha256, None if shared else small))
        return found


def _forget(database: Database, sha256: str, now: dt.datetime) -> None:
    with database.unit(_ACTOR, now) as unit:
        row = store.locked_bytes(unit.session, sha256)
        if row is not None:
            unit.session.delete(row)
