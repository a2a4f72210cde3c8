"""What new zone data has moved, as administrators see it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.calendars import record, settle
from tests.web.conftest import Pages
from tests.zone_data import NEW, ZoneData, zone_data
from tracker.actions.zones import notice_release


@pytest.fixture
def data(tmp_path: Path) -> Iterator[ZoneData]:
    yield from zone_data(tmp_path / "zoneinfo")


def test_the_page_of_events_names_what_has_moved(pages_read: Pages, data: ZoneData) -> None:
    made = record(pages_read.tracker, start="2026-12-04T18:00", timezone="Europe/Volgograd")
    settle(pages_read.tracker)
    before = pages_read.get("/admin/events", "administrator").text
    data.new()
    notice_release(pages_read.tracker.database, NEW, pages_read.tracker.clock())

    after = pages_read.get("/admin/events", "administrator").text

    assert "Moved by new zone data" not in before
    assert f"{pages_read.tracker.zone_release} → {NEW}" in after
    assert f'href="/activities/{made.id}"' in after
    assert "(Europe/Volgograd) meant 15:00 UTC and now means 14:00 UTC." in after
