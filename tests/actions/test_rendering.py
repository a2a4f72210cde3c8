"""An entry that no program could read: the last good one stays, the fault is shown, and a retry mends it."""

import pytest

from tests.calendars import COLOGNE, choice, entry, put_twin, record, revise, sent, settle, subscribed
from tests.web.conftest import Pages
from tracker.bootstrap import Tracker
from tracker.consumers.calendars import write_refused_again
from tracker.diagnosis import examine
from tracker.domain.activities import Activity
from tracker.outputs.ical_check import Unreadable, check_calendar, check_entries
from tracker.store import entries

BEFORE_TIME = {"start": "0001-01-01T00:30", "timezone": "Europe/Volgograd", "status": "held"}
"""The domain takes it, but no UTC instant can be made of it."""
GOOD = (
    b"BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20260101\r\nSUMMARY:Choir\r\n"
    b"END:VEVENT\r\n"
)


def refused(tracker: Tracker) -> list[str]:
    with tracker.database.reading() as session:
        return [row.uid for row in entries.faulty(session)]


def one_refused(tracker: Tracker) -> tuple[str, Activity, Activity]:
    """The token of a calendar of two entries, one of which was changed into something that cannot be written."""
    put_twin(tracker, COLOGNE | {"dates": []})
    token = subscribed(tracker, choice("cologne"))
    bad, good = record(tracker, title={"en": "Choir"}), record(tracker, title={"en": "Fair"})
    settle(tracker)
    bad = revise(tracker, bad, **BEFORE_TIME)
    settle(tracker)
    return token, bad, good


def test_an_entry_that_cannot_be_written_costs_nobody_the_calendar(tracker: Tracker) -> None:
    token, bad, good = one_refused(tracker)

    kept = entry(tracker, token, bad)

    assert kept is not None
    assert (str(kept["SUMMARY"]), kept["DTSTART"].dt.isoformat()) == ("Choir", "2026-12-04")
    assert entry(tracker, token, good) is not None
    assert refused(tracker) == [f"{bad.id}@tracker"]


def test_a_refused_entry_is_no_longer_read_by_who_may_not_read_its_newest_form(tracker: Tracker) -> None:
    token, bad, _ = one_refused(tracker)

    revise(tracker, bad, visibility="staff")
    settle(tracker)

    assert b"Choir" not in sent(tracker, token)


def test_a_change_that_mends_it_is_enough(tracker: Tracker) -> None:
    token, bad, _ = one_refused(tracker)

    revise(tracker, bad, start="2026-09-05", timezone=None)
    settle(tracker)

    assert refused(tracker) == []
    mended = entry(tracker, token, bad)
    assert mended is not None
    assert mended["DTSTART"].dt.isoformat() == "2026-09-05"


def test_administrators_are_shown_it_and_can_have_it_tried_again(tracker: Tracker) -> None:
    _, bad, _ = one_refused(tracker)
    pages = Pages(tracker)

    shown = pages.get("/admin/events", "administrator").text
    finding = next(found for found in examine(tracker) if found.name == "calendars")

    assert str(bad.id) in shown
    assert not finding.well
    assert write_refused_again(tracker.database, "", tracker.clock()) == (0, 1)


@pytest.mark.parametrize(
    "broken",
    [
        GOOD.replace(b"DTSTART;VALUE=DATE:20260101", b"DTSTART;VALUE=DATE:20261301"),
        GOOD.replace(b"UID:a\r\n", b""),
        GOOD.replace(b"SUMMARY:Choir", b"SUMMARY:Choir\r\nwithout a colon"),
        GOOD.replace(b"END:VEVENT\r\n", b""),
        GOOD.replace(b"UID:a", b"UID:b"),
    ],
)
def test_both_programs_must_read_every_entry(broken: bytes) -> None:
    check_entries([GOOD], "a")

    with pytest.raises(Unreadable):
        check_entries([GOOD, broken], "a")


def test_of_further_languages_every_line_that_differs_is_read() -> None:
    german = GOOD.replace(b"SUMMARY:Choir", b"SUMMARY;LANGUAGE=de:Chor")
    check_entries([GOOD, german], "a")

    for broken in (b"SUMMARY;LANGUAGE:Chor", b"SUMMARY:Chor\nhalf a line", b"SUMMARY:Chor\r\nEND:VALARM"):
        with pytest.raises(Unreadable):
            check_entries([GOOD, GOOD.replace(b"SUMMARY:Choir", broken)], "a")


def test_a_head_without_a_version_is_no_calendar() -> None:
    with pytest.raises(Unreadable):
        check_calendar(b"BEGIN:VCALENDAR\r\nPRODID:x\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", [])
