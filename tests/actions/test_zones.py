"""New zone data: the time on the wall stays, the moment moves, and whoever has the entry is told so once."""

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import Any

import icalendar
import pytest
from sqlalchemy import delete, select

from tests.calendars import COLOGNE, choice, entries, entry, put_twin, record, revise, sent, served, settle, subscribed
from tests.zone_data import NEW, ZoneData, zone_data
from tracker.actions.zones import SETTLING, notice_release
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Activity
from tracker.domain.events import Event, EventType
from tracker.store import entries as entry_store
from tracker.store import event_log
from tracker.store.zones import ZoneReleaseRow, releases

EVENING = {"start": "2026-12-04T18:00", "end": "2026-12-04T20:00", "timezone": "Europe/Volgograd"}
PAST = {"start": "2026-05-09T10:00", "end": "2026-05-09T11:00", "timezone": "Europe/Volgograd", "status": "held"}


@pytest.fixture
def data(tmp_path: Path) -> Iterator[ZoneData]:
    yield from zone_data(tmp_path / "zoneinfo")


@pytest.fixture(autouse=True)
def _cologne(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"timezone": "Europe/Berlin"})


def upgrade(tracker: Tracker, data: ZoneData) -> int:
    """What a new process does first, an hour later; of how many activities it had told anew."""
    tracker.clock.set(tracker.clock() + dt.timedelta(hours=1))  # type: ignore[attr-defined]  # a test's clock
    data.new()
    return notice_release(tracker.database, NEW, tracker.clock())


def updates(tracker: Tracker) -> list[Event]:
    with tracker.database.reading() as session:
        return [event for event in event_log.read_all(session) if event.type is EventType.ZONES_UPDATED]


def moments(tracker: Tracker, activity: Activity) -> tuple[dt.datetime | None, dt.datetime | None]:
    with tracker.database.reading() as session:
        row = session.get_one(entry_store.EntryRow, f"{activity.id}@tracker")
        return row.starts_at, row.ends_at


def utc(*numbers: int) -> dt.datetime:
    return dt.datetime(*numbers, tzinfo=dt.UTC)  # type: ignore[arg-type,misc]  # a star has no types


def offsets(body: bytes) -> set[str]:
    """All offsets that the calendar tells of its zones."""
    zones = icalendar.Calendar.from_ical(body).walk("VTIMEZONE")
    return {rule["TZOFFSETTO"].to_ical() for zone in zones for rule in zone.subcomponents}


def test_the_time_on_the_wall_stays_and_means_another_moment(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker, **EVENING)
    settle(tracker)
    before, zone_before = entry(tracker, token, made), offsets(sent(tracker, token))
    assert before is not None
    assert moments(tracker, made) == (utc(2026, 12, 4, 15), utc(2026, 12, 4, 17))

    assert upgrade(tracker, data) == 1
    settle(tracker)

    after = entry(tracker, token, made)
    assert after is not None
    for name in ("DTSTART", "DTEND"):
        assert after[name].to_ical() == before[name].to_ical()
        assert after[name].params["TZID"] == "Europe/Volgograd"
    assert moments(tracker, made) == (utc(2026, 12, 4, 14), utc(2026, 12, 4, 16))
    assert (after["UID"], after["SUMMARY"]) == (before["UID"], before["SUMMARY"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt == before["LAST-MODIFIED"].dt + dt.timedelta(hours=1)
    assert "+0300" in zone_before
    assert offsets(sent(tracker, token)) == {"+0400"}


def test_the_log_says_what_has_moved_and_from_where_to_where(tracker: Tracker, data: ZoneData) -> None:
    made, _days = record(tracker, **EVENING), record(tracker, start="2026-12-05")
    settle(tracker)

    upgrade(tracker, data)

    (event,) = updates(tracker)
    assert event.subject == f"zones:{NEW}"
    assert event.data == {
        "before": {"release": tracker.zone_release},
        "after": {"release": NEW},
        "activities": [str(made.id)],
        "moved": [
            {
                "uid": f"{made.id}@tracker",
                "activity": str(made.id),
                "timezone": "Europe/Volgograd",
                "wall": "2026-12-04T18:00:00",
                "before": "2026-12-04T15:00:00+00:00",
                "after": "2026-12-04T14:00:00+00:00",
            }
        ],
    }


def test_what_is_over_keeps_its_number(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    over, yesterday = record(tracker, **PAST), record(tracker, **PAST | {"start": "2026-10-01T09:00", "end": None})
    settle(tracker)
    before = entry(tracker, token, over)

    assert upgrade(tracker, data) == 1
    settle(tracker)

    assert entry(tracker, token, over) == before
    assert moments(tracker, over) == (utc(2026, 5, 9, 6), utc(2026, 5, 9, 7))
    assert updates(tracker)[0].data["activities"] == [str(yesterday.id)]


def test_whole_days_are_put_right_and_not_told_anew(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker, start="2026-12-04")
    settle(tracker)
    before = served(tracker, token)
    assert moments(tracker, made) == (utc(2026, 12, 3, 21), utc(2026, 12, 4, 21))

    assert upgrade(tracker, data) == 0

    assert settle(tracker) == 0
    assert moments(tracker, made) == (utc(2026, 12, 3, 20), utc(2026, 12, 4, 20))
    assert served(tracker, token) == before
    assert updates(tracker) == []


def test_calendars_carry_the_new_rules_also_where_nothing_coming_has_moved(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    record(tracker, **PAST)
    settle(tracker)
    before = served(tracker, token)

    assert upgrade(tracker, data) == 0

    assert settle(tracker) == 1
    assert served(tracker, token).etag != before.etag
    assert offsets(sent(tracker, token)) == {"+0400"}


def test_an_entry_that_tells_a_clock_which_has_changed_is_told_anew(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, replace(choice("cologne"), both_times=True))
    made = record(tracker, **EVENING | {"timezone": "Europe/Berlin"})
    settle(tracker)
    before = entry(tracker, token, made)
    assert before is not None
    assert "Volgograd 20:00–22:00" in str(before["DESCRIPTION"])

    assert upgrade(tracker, data) == 1
    settle(tracker)

    after = entry(tracker, token, made)
    assert after is not None
    assert "Cologne 18:00–20:00 / Volgograd 21:00–23:00" in str(after["DESCRIPTION"])
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert updates(tracker)[0].data["moved"] == []


def test_a_part_of_an_activity_moves_by_itself(tracker: Tracker, data: ZoneData) -> None:
    item = {"id": "a1", "title": "Concert", "start": "2026-12-04T18:00", "end": "2026-12-04T20:00"}
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker, details={"programme": [item]}, direction="to_hub")
    settle(tracker)
    uid = f"{made.id}-programme-a1@tracker"
    before = entries(sent(tracker, token))[uid]

    assert upgrade(tracker, data) == 1
    settle(tracker)

    assert [moved["uid"] for moved in updates(tracker)[0].data["moved"]] == [uid]
    assert entries(sent(tracker, token))[uid]["SEQUENCE"] > before["SEQUENCE"]


def test_looking_again_changes_nothing(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    record(tracker, **EVENING)
    settle(tracker)
    upgrade(tracker, data)
    settle(tracker)
    before = served(tracker, token)

    again = [notice_release(tracker.database, NEW, tracker.clock() + pause) for pause in (dt.timedelta(), SETTLING * 2)]

    assert again == [0, 0]
    assert settle(tracker) == 0
    assert served(tracker, token) == before
    assert len(updates(tracker)) == 1


@pytest.mark.parametrize(("fields", "events"), [(EVENING, 1), ({"start": "2026-12-04"}, 0)])
def test_two_who_see_the_release_at_once_tell_of_it_once(
    tracker: Tracker, data: ZoneData, fields: dict[str, Any], events: int
) -> None:
    record(tracker, **fields)
    settle(tracker)
    data.new()
    both = Barrier(2)

    def see(_: int) -> int:
        both.wait()
        return notice_release(tracker.database, NEW, tracker.clock())

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(see, range(2)))

    assert sorted(told) == [0, events]
    assert len(updates(tracker)) == events
    with tracker.database.reading() as session:
        assert releases(session)[0].settled_at is None


def test_the_log_read_again_from_zero_gives_the_same_bytes(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne", occasions=()))
    made = record(tracker, **EVENING)
    record(tracker, start="2026-11-01")
    settle(tracker)
    upgrade(tracker, data)
    settle(tracker)
    revise(tracker, made, place="Town hall")
    settle(tracker)
    before = sent(tracker, token)

    with tracker.database.unit("test", tracker.clock()) as unit:
        for row in (entry_store.EntryBodyRow, entry_store.EntryTwinRow, entry_store.EntryRow):
            unit.session.execute(delete(row))
    reading.replay(tracker.database, next(c for c in tracker.consumers if c.name == "calendars"), tracker.clock())
    settle(tracker)

    assert len(entries(before)) == 2
    assert sent(tracker, token) == before


def test_what_an_old_process_renders_after_the_upgrade_is_found_later(tracker: Tracker, data: ZoneData) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker, start="2026-12-04")
    settle(tracker)
    upgrade(tracker, data)
    data.locked()
    revise(tracker, made, **EVENING)
    settle(tracker)
    before = entry(tracker, token, made)
    assert before is not None

    data.new()
    soon = notice_release(tracker.database, NEW, tracker.clock())
    tracker.clock.set(tracker.clock() + SETTLING)  # type: ignore[attr-defined]  # a test's clock
    later = notice_release(tracker.database, NEW, tracker.clock())
    settle(tracker)

    after = entry(tracker, token, made)
    assert after is not None
    assert (soon, later) == (0, 1)
    assert moments(tracker, made) == (utc(2026, 12, 4, 14), utc(2026, 12, 4, 16))
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert offsets(sent(tracker, token)) == {"+0400"}


def test_the_second_look_waits_until_what_was_told_is_rendered(tracker: Tracker, data: ZoneData) -> None:
    record(tracker, **EVENING)
    settle(tracker)
    upgrade(tracker, data)

    early = notice_release(tracker.database, NEW, tracker.clock() + SETTLING)
    settle(tracker)
    with tracker.database.reading() as session:
        waited = releases(session)[0].settled_at is None
    late = notice_release(tracker.database, NEW, tracker.clock() + SETTLING)

    assert (early, waited, late) == (0, True, 0)
    with tracker.database.reading() as session:
        assert releases(session)[0].settled_at == tracker.clock() + SETTLING
    assert len(updates(tracker)) == 1


def test_an_older_release_moves_nothing_back(tracker: Tracker, data: ZoneData) -> None:
    made = record(tracker, **EVENING)
    settle(tracker)
    upgrade(tracker, data)
    settle(tracker)
    data.locked()

    told = notice_release(tracker.database, tracker.zone_release, tracker.clock() + dt.timedelta(days=1))

    assert told == 0
    assert moments(tracker, made) == (utc(2026, 12, 4, 14), utc(2026, 12, 4, 16))


def test_the_first_release_an_installation_sees_is_only_written_down(tracker: Tracker, data: ZoneData) -> None:
    record(tracker, **EVENING)
    settle(tracker)
    with tracker.database.unit("test", tracker.clock()) as unit:
        unit.session.execute(delete(ZoneReleaseRow))

    assert upgrade(tracker, data) == 0

    with tracker.database.reading() as session:
        rows: list[Any] = list(session.execute(select(ZoneReleaseRow.release, ZoneReleaseRow.settled_at)))
    assert rows == [(NEW, tracker.clock())]
    assert updates(tracker) == []
