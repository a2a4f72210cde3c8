"""One activity as a file for the own calendar: the bytes calendars have, for whoever may see its page."""

import re
from typing import Any

import icalendar
import pytest

from tests.calendars import COLOGNE, put_twin, revise, sent, settle, subscribed
from tests.calendars import choice as calendar
from tests.web.conftest import Pages
from tracker.actions.activities import record_activity
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content


def log(pages: Pages, **fields: Any) -> Activity:
    base = {"kind": "delegation", "title": {"en": "Visit", "de": "Besuch"}, "twins": ["cologne"], "start": "2026-12-04"}
    command = RecordActivity(activity_content(base | fields))
    made = record_activity(pages.tracker.database, command, Actor("cli"), pages.tracker.clock())
    settle(pages.tracker)
    return made


@pytest.fixture
def pages(tracker: Tracker) -> Pages:
    """A house in which nothing is loaded but one city."""
    put_twin(tracker, COLOGNE)
    return Pages(tracker)


def entries(body: bytes) -> list[bytes]:
    """The bytes of each entry."""
    return re.findall(rb"BEGIN:VEVENT\r\n.*?END:VEVENT\r\n", body, re.DOTALL)


def test_the_file_holds_the_very_bytes_of_the_calendar(pages_read: Pages) -> None:
    made = log(pages_read, start="2026-12-04T18:00", end="2026-12-04T20:00", timezone="Europe/Berlin")
    subscription = subscribed(pages_read.tracker, calendar("cologne", language="de", occasions=(), first=made.earliest))

    answer = pages_read.get(f"/activities/{made.id}.ics", "reader", "de")

    assert answer.content_type == "text/calendar; charset=utf-8"
    assert entries(answer.data) == entries(sent(pages_read.tracker, subscription))
    parsed = icalendar.Calendar.from_ical(answer.data)
    assert [str(zone["TZID"]) for zone in parsed.walk("VTIMEZONE")] == ["Europe/Berlin"]
    # A name makes some programs open a calendar of its own.
    assert set(parsed) == {"VERSION", "PRODID", "CALSCALE"}


def test_its_parts_come_with_it(pages_read: Pages) -> None:
    programme = [{"start": "2026-12-04T19:00", "title": "Supper"}]
    made = log(pages_read, timezone="Europe/Berlin", details={"programme": programme})

    body = pages_read.get(f"/activities/{made.id}.ics").data

    titles = {str(entry["SUMMARY"]) for entry in icalendar.Calendar.from_ical(body).walk("VEVENT")}
    assert titles == {"Visit", "Supper"}


def test_the_same_state_gives_the_same_bytes(pages_read: Pages) -> None:
    made = log(pages_read)
    path = f"/activities/{made.id}.ics"
    first = pages_read.get(path)

    again = pages_read.get(path)
    known = pages_read.browser("editor").get(path, headers={"If-None-Match": first.headers["ETag"]})
    revise(pages_read.tracker, made, place="Town hall")
    settle(pages_read.tracker)

    assert first.data == again.data
    assert known.status_code == 304
    assert pages_read.get(path).data != first.data


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ({"de": "Besuch der Oberbürgermeisterin: Köln/Łódź"}, "besuch-der-oberburgermeisterin-koln-lodz.ics"),
        ({"ru": "Визит", "en": "Visit"}, "visit.ics"),
        ({"ru": "Визит 2026"}, "delegation-2026-12-04.ics"),
        ({"en": 'x"; filename="evil.exe\r\nSet-Cookie: a'}, "x-filename-evil-exe-set-cookie-a.ics"),
        ({"en": "very " * 50}, "-".join(["very"] * 12) + ".ics"),
    ],
)
def test_the_file_has_a_name_that_every_program_can_write(pages_read: Pages, title: dict[str, str], name: str) -> None:
    made = log(pages_read, title=title)

    answer = pages_read.get(f"/activities/{made.id}.ics", lang="ru")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'


@pytest.mark.parametrize(("visibility", "status"), [("members", 200), ("staff", 404), ("confidential", 404)])
def test_who_may_not_see_the_page_gets_no_file(pages_read: Pages, visibility: str, status: int) -> None:
    made = log(pages_read, visibility=visibility)

    assert pages_read.get(f"/activities/{made.id}.ics", "reader").status_code == status
    assert pages_read.get(f"/activities/{made.id}.ics", None).status_code == 302


@pytest.mark.parametrize("fields", [{"start": "2026"}, {"visibility": "confidential"}])
def test_what_stands_in_no_calendar_offers_no_file(pages_read: Pages, fields: dict[str, str]) -> None:
    made, dated = log(pages_read, **fields), log(pages_read)

    assert ".ics" not in pages_read.get(f"/activities/{made.id}", "administrator").text
    assert pages_read.get(f"/activities/{made.id}.ics", "administrator").status_code == 404
    assert f'href="/activities/{dated.id}.ics"' in pages_read.get(f"/activities/{dated.id}").text
