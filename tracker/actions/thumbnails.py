"""Small pictures, made by a worker one by one: claimed for the time of a lease, given up with their fault.

No session is open while bytes are fetched and pictures shrunk.
"""

import datetime as dt

import structlog

from tracker.domain.files import Thumbnail
from tracker.errors import GatewayError, TrackerError
from tracker.gateways.files import Files
from tracker.i18n import DEFAULT_LANGUAGE
from tracker.intake.files import digest
from tracker.intake.pictures import thumbnail
from tracker.store import files as store
from tracker.store.unit_of_work import Database

LONGEST_SIDE = 640
_ACTOR = "system"

log = structlog.get_logger()


def is_thumbnail_waiting(database: Database, now: dt.datetime) -> bool:
    with database.reading() as session:
        return store.is_thumbnail_waiting(session, now)


def make_next_thumbnail(database: Database, files: Files, now: dt.datetime) -> bool:
    """Make the thumbnail that has waited longest; False where none waits. A fault is written into the row."""
    with database.unit(_ACTOR, now) as unit:
        row = store.claim_thumbnail(unit.session, now)
        if row is None:
            return False
        row.tries, row.lease_until = row.tries + 1, now + store.LEASE
        sha256, tries = row.sha256, row.tries
    try:
        small = thumbnail(files.get(sha256), LONGEST_SIDE)
        key = f"{digest(small)}-small"
        files.put(key, small)
    except GatewayError as fault:
        # It waits for its lease to run out, and is tried again.
        _note(database, sha256, str(fault), tries >= store.MOST_TRIES or fault.permanent, now)
        return True
    except TrackerError as fault:
        _note(database, sha256, fault.message(DEFAULT_LANGUAGE), True, now)
        return True
    except Exception as broken:  # the edge of the task: whatever goes wrong leaves a trace in the row
        log.error("a thumbnail could not be made", file=sha256, exc_info=broken)
        _note(database, sha256, repr(broken), tries >= store.MOST_TRIES, now)
        return True
    if not _keep(database, sha256, key, now):
        files.delete(key)
    return True


def _keep(database: Database, sha256: str, key: str, now: dt.datetime) -> bool:
    """False where the picture has gone meanwhile."""
    with database.unit(_ACTOR, now) as unit:
        row = store.locked_bytes(unit.session, sha256)
        if row is None or row.state == store.BytesState.GOING:
            return False
        row.thumbnail, row.thumbnail_key, row.fault = Thumbnail.READY.value, key, ""
        return True


def _note(database: Database, sha256: str, fault: str, for_good: bool, now: dt.datetime) -> None:
    with database.unit(_ACTOR, now) as unit:
        row = store.locked_bytes(unit.session, sha256)
        if row is not None:
            row.fault = fault
            if for_good:
                row.thumbnail = Thumbnail.FAILED.value
