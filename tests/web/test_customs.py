"""How the house keeps its days, as administrators settle it and as pages, calendars and reminders follow."""

import datetime as dt

from tests.calendars import record, settle
from tests.web.conftest import Pages
from tracker.actions.exports import feed_bytes
from tracker.actions.reminders import due
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.consumers.occasions import OCCASIONS
from tracker.domain.calendars import Selection
from tracker.domain.events import EventType
from tracker.store import event_log

SETTLED = {"round_years": "5, 10, 38", "jubilee_years": "38", "leap_day": "mar_1"}
COLOGNE = "38th anniversary of the twinning Cologne"


def revisions(tracker: Tracker) -> list[event_log.Event]:
    with tracker.database.reading() as session:
        return [event for event in event_log.read_all(session, 0) if event.type is EventType.CUSTOMS_REVISED]


def test_customs_are_settled_once_for_pages_calendars_and_reminders(pages_read: Pages) -> None:
    tracker = pages_read.tracker
    record(tracker, kind="milestone", subtype="gift", status="held", start="2004-02-29", title={"en": "A bell"})
    reading.catch_up(tracker.database, (OCCASIONS,), tracker.clock())
    settle(tracker)

    def calendar() -> str:
        return feed_bytes(tracker.database, Selection(("cologne",)), tracker.clock()).decode()

    before = calendar()
    early = dt.date(2026, 5, 28)
    nothing = [one for one in due(tracker.database, early) if one.twin == "cologne"]

    answer = pages_read.post("/admin/customs", SETTLED, "administrator")

    assert answer.status_code == 302
    assert "DTSTART;VALUE=DATE:20270228" in before
    after = calendar()
    assert "DTSTART;VALUE=DATE:20270301" in after
    assert "DTSTART;VALUE=DATE:20270228" not in after
    assert nothing == []
    assert [(one.years, one.round) for one in due(tracker.database, early) if one.twin == "cologne"] == [(38, True)]
    row = next(part for part in pages_read.get("/occasions").text.split("<li") if COLOGNE in part)
    assert "jubilee" in row
    (told,) = revisions(tracker)
    assert told.data["after"]["jubilee_years"] == [38]
    assert told.data["before"]["leap_day"] == "feb_28"


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(pages: Pages) -> None:
    answer = pages.post("/admin/customs", {**SETTLED, "round_years": "5, ten"}, "administrator", lang="en")

    assert answer.status_code == 422
    assert "“ten” is not a number of years" in answer.text
    assert ">5, ten</textarea>" in answer.text
    assert revisions(pages.tracker) == []


def test_a_form_opened_before_somebody_elses_change_does_not_undo_it(pages: Pages) -> None:
    pages.post("/admin/customs", SETTLED, "administrator")

    late = pages.post("/admin/customs", {**SETTLED, "round_years": "10, 38", "version": "0"}, "administrator")
    again = pages.post("/admin/customs", {**SETTLED, "version": "1"}, "administrator")

    assert late.status_code == 409
    assert ">10, 38</textarea>" in late.text
    assert again.status_code == 302
    assert len(revisions(pages.tracker)) == 1


def test_only_administrators_settle_customs(pages: Pages) -> None:
    assert pages.get("/admin/customs", "editor").status_code == 403
    assert "/admin/customs" in pages.get("/occasions", "administrator").text
    assert "/admin/customs" not in pages.get("/occasions", "editor").text
