"""Exports in parts: one change rewrites one part, and however a calendar came to be, its bytes are the same."""

import datetime as dt
import gzip
import zlib
from uuid import UUID

import pytest

from tests.calendars import COLOGNE, ME, choice, put_twin, record, remove, revise, served, settle, subscribed
from tracker.actions.activities import import_activities
from tracker.actions.calendars import roll_window
from tracker.actions.exports import export_calendars
from tracker.actions.feeds import poll
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.commands import ImportActivities
from tracker.outputs.packing import gzip_of, pack
from tracker.store import calendars
from tracker.store.exports import HEAD, parts_told


def log(tracker: Tracker, count: int) -> Activity:
    """So many activities in one go, and one more, which is returned."""
    contents = tuple(
        ActivityContent.model_validate(
            {"kind": "festival", "status": "planned", "title": {"en": f"Choir {n}"}, "twins": ["cologne"],
             "start": (dt.date(2027, 1, 1) + dt.timedelta(days=n)).isoformat()}
        )
        for n in range(count)
    )  # fmt: skip
    given = frozenset({"kind", "status", "title", "twins", "start"})
    import_activities(tracker.database, ImportActivities(contents, (given,) * count), ME, tracker.clock())
    return record(tracker)


def calendar_of(tracker: Tracker, token: str) -> UUID:
    found = poll(tracker.database, token, tracker.clock())
    assert found is not None
    return found.calendar_id


def digests(tracker: Tracker, token: str) -> dict[int, bytes]:
    calendar_id = calendar_of(tracker, token)
    with tracker.database.reading() as session:
        return {part: told.digest for part, told in parts_told(session, [calendar_id])[calendar_id].items()}


def exported_whole(tracker: Tracker, token: str) -> int:
    """Have the calendar exported anew from nothing; how many calendars got other bytes by it."""
    with tracker.database.unit("test", tracker.clock()) as unit:
        calendars.mark_stale(unit.session, [calendar_of(tracker, token)], tracker.clock())
    return export_calendars(tracker.database, tracker.clock())


def test_one_change_rewrites_one_part(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    token = subscribed(tracker, choice("cologne"))
    made = log(tracker, 300)
    settle(tracker)
    before = digests(tracker, token)

    revise(tracker, made, title={"en": "Another"})
    settle(tracker)

    after = digests(tracker, token)
    assert len(before) == 8 + 1  # 301 entries in parts of 32 or more, and the head
    assert before.keys() == after.keys()
    assert len([part for part in before if before[part] != after[part]]) == 1


def test_however_a_calendar_came_to_be_its_bytes_are_the_same(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    token = subscribed(tracker, choice("cologne"))
    steps = []
    for count in (3, 30, 35, 75):
        made = log(tracker, count)
        settle(tracker)
        remove(tracker, made)
        settle(tracker)
        steps.append((len(digests(tracker, token)), exported_whole(tracker, token)))

    # A head beside one, two and four parts; and nothing was different where all was joined anew.
    assert steps == [(1 + 1, 0), (1 + 1, 0), (2 + 1, 0), (4 + 1, 0)]


def test_both_forms_are_one_calendar_at_every_size(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    token = subscribed(tracker, choice("cologne"))
    log(tracker, 130)
    settle(tracker)

    calendar = served(tracker, token)

    assert gzip.decompress(calendar.body_gzip) == calendar.body
    # Programs that know nothing of files of several members read it too.
    stream = zlib.decompressobj(wbits=31)
    assert stream.decompress(calendar.body_gzip) == calendar.body
    assert (stream.eof, stream.unused_data) == (True, b"")
    assert len(calendar.body_gzip) < len(calendar.body) / 4


@pytest.mark.parametrize("bodies", [[], [b""], [b"a"], [b"BEGIN\r\n" * 9000, b"", "Köln".encode()]])
def test_pieces_put_together_are_gzip(bodies: list[bytes]) -> None:
    whole = b"".join(bodies)

    assert gzip.decompress(gzip_of(whole, [pack(body) for body in bodies])) == whole


def test_a_tombstone_stands_ninety_days_and_then_goes(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    token = subscribed(tracker, choice("cologne"))
    off, binned = record(tracker, title={"en": "Choir"}), record(tracker, title={"en": "Fair"})
    settle(tracker)
    revise(tracker, off, status="cancelled", reason="Ill")
    remove(tracker, binned)
    settle(tracker)
    begun = tracker.clock()

    def standing(days: int) -> int:
        tracker.clock.set(begun + dt.timedelta(days=days))  # type: ignore[attr-defined]  # a test's clock
        roll_window(tracker.database, tracker.clock())
        settle(tracker)
        return served(tracker, token).body.count(b"STATUS:CANCELLED")

    assert [standing(days) for days in (0, 90, 91)] == [2, 2, 0]
    assert served(tracker, token).body.count(b"BEGIN:VEVENT") == 0


def test_time_alone_changes_nothing_else(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    subscribed(tracker, choice("cologne"))
    record(tracker, status="cancelled", reason="Ill", start="2026-09-01")
    settle(tracker)

    tracker.clock.set(tracker.clock() + dt.timedelta(days=60))  # type: ignore[attr-defined]  # a test's clock

    assert roll_window(tracker.database, tracker.clock()) == 0
    assert settle(tracker) == 0


def test_there_are_no_parts_without_a_calendar(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    token = subscribed(tracker, choice("cologne"))

    assert digests(tracker, token).keys() == {HEAD}
    assert served(tracker, token).body.endswith(b"END:VCALENDAR\r\n")
