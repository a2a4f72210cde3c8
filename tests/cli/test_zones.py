"""The zone data by the program: what is in use, what it moved, and a warning where it is older than before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendars import COLOGNE, put_twin, record, settle
from tests.program import Run, runner
from tests.zone_data import NEW, ZoneData, zone_data
from tracker.actions.zones import notice_release
from tracker.bootstrap import Tracker

EVENING = {"start": "2026-12-04T18:00", "end": "2026-12-04T20:00", "timezone": "Europe/Volgograd"}


@pytest.fixture
def run(tracker: Tracker) -> Run:
    return runner(tracker)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[ZoneData]:
    yield from zone_data(tmp_path / "zoneinfo")


def test_it_says_which_release_is_in_use_and_that_nothing_moved(tracker: Tracker, run: Run) -> None:
    told = run("zones")

    assert told.code == 0
    assert tracker.zone_release in told.out
    assert "2026-10-01" in told.out
    assert "has moved anything" in told.out


def test_it_says_what_has_moved(tracker: Tracker, run: Run, data: ZoneData) -> None:
    put_twin(tracker, COLOGNE)
    made = record(tracker, **EVENING)
    settle(tracker)
    data.new()
    notice_release(tracker.database, NEW, tracker.clock())

    plain, document = run("zones").out, run("zones", "--json").json

    assert f"{tracker.zone_release} → {NEW}" in plain
    moved = "Visit of the mayor: 2026-12-04 18:00 (Europe/Volgograd) meant 15:00 UTC and now means 14:00 UTC."
    assert moved in plain
    assert (document["release"], document["newest"]) == (tracker.zone_release, NEW)
    assert [move["activity"] for move in document["updates"][0]["moved"]] == [str(made.id)]


def test_the_doctor_warns_of_data_that_is_older_than_what_was_here_before(tracker: Tracker, run: Run) -> None:
    before = [finding for finding in run("doctor", "--json").json if finding["name"] == "zones"]
    notice_release(tracker.database, NEW, tracker.clock())

    after = [finding for finding in run("doctor", "--json").json if finding["name"] == "zones"]

    assert [finding["well"] for finding in before] == [True]
    assert [finding["well"] for finding in after] == [False]
    assert NEW in after[0]["text"]
