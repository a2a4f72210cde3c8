"""What is served at a subscription's address: a calendar's bytes as they lie ready, and a test entry if asked for.

Nothing is parsed, rendered or compressed for a poll; bytes are put together once per process and change.
"""

import dataclasses
import datetime as dt
from uuid import UUID

from tracker.actions.calendars import token_hash
from tracker.actions.occurrences import local_day
from tracker.domain.calendars import Entry
from tracker.i18n import N_, gettext
from tracker.outputs.ical import CALENDAR_END, render_entry
from tracker.outputs.packing import gzip_of, pack
from tracker.store import feeds as store
from tracker.store.unit_of_work import Database

_TEST = N_("Test entry: tracker reaches this calendar")
TEST_ENTRY_LASTS = dt.timedelta(days=1)
_PACKED_END = pack(CALENDAR_END)


@dataclasses.dataclass(frozen=True)
class Poll:
    """What an address leads to. `etag` is None where nothing has been exported yet; `extra` is this address's alone."""

    subscription_id: UUID
    calendar_id: UUID
    etag: str | None
    last_modified: dt.datetime | None
    extra: bytes = b""


@dataclasses.dataclass(frozen=True)
class Whole:
    """A calendar as it is sent."""

    etag: str
    last_modified: dt.datetime
    body: bytes
    body_gzip: bytes


def poll(database: Database, token: str, now: dt.datetime) -> Poll | None:
    """Look an address up; None where it is unknown, revoked, or belongs to somebody who has left."""
    with database.reading() as session:
        found = store.polled(session, token_hash(token))
    if found is None:
        return None
    asked = found.test_entry_at
    extra = _test_entry(found) if asked is not None and asked <= now < asked + TEST_ENTRY_LASTS else b""
    return Poll(found.subscription_id, found.calendar_id, found.etag, found.last_modified, extra)


def whole(database: Database, calendar_id: UUID) -> Whole | None:
    """A calendar's bytes, plain and compressed; None where nothing has been exported yet."""
    with database.reading() as session:
        found = store.exported(session, calendar_id)
    if found is None:
        return None
    body = b"".join([*found.bodies, CALENDAR_END])
    return Whole(found.etag, found.last_modified, body, gzip_of(body, [*found.packed, _PACKED_END]))


def _test_entry(found: store.Polled) -> bytes:
    asked = found.test_entry_at or dt.datetime.min.replace(tzinfo=dt.UTC)
    return render_entry(
        Entry(
            uid=f"test-{found.subscription_id}@tracker",
            sequence=int(asked.timestamp()) // 60,
            stamp=asked,
            language=found.language,
            summary=gettext(found.language, _TEST),
            start=local_day(asked),
            end=None,
            transparent=True,
        )
    )
