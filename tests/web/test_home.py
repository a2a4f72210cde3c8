"""The start page: what asks for somebody, what comes round, what colleagues logged; and that all of it stays cheap."""

import datetime as dt
import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.conftest import NOW
from tests.web.conftest import Pages
from tests.web.test_pages import settle
from tracker.actions.activities import record_activity, remove_activity, revise_activity
from tracker.actions.imports import ImportFile, import_file
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, ReviseActivity
from tracker.intake.json import activity_content
from tracker.store import accounts
from tracker.store.event_log import ParkedEventRow


def log(pages: Pages, by: str = "editor", **fields: object) -> Activity:
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, f"{by}@example.org")
        assert user
        actor = Actor(f"user:{user.id}")
    known = {"kind": "festival", "title": {"en": "Concert"}, "twins": ["cologne"], "start": "2026-10-10"}
    content = activity_content({**known, **fields})
    return record_activity(pages.tracker.database, RecordActivity(content), actor, pages.tracker.clock())


def part(page: str, heading: str) -> str:
    """The text of one section of the page."""
    inside = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', page, re.DOTALL)
    assert inside, f"no section {heading}"
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", inside[0])).split())


@contextmanager
def counted(tracker: Tracker) -> Iterator[list[str]]:
    """The statements the database is asked meanwhile."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(tracker.database.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(tracker.database.engine, "before_cursor_execute", note)


def test_a_past_activity_is_confirmed_on_the_start_page_itself(pages: Pages) -> None:
    concert = log(pages, title={"en": "Old concert"}, start="2026-09-01")

    before = part(pages.get("/").text, "asks-head")
    answer = pages.post(f"/activities/{concert.id}/status", {"status": "held", "then": "home"}, page="/")
    after = part(pages.get("/").text, "asks-head")

    assert "Old concert" in before
    assert (answer.status_code, answer.location) == (302, "/")
    assert "Old concert" not in after


def test_what_did_not_take_place_needs_its_reason_there_too(pages: Pages) -> None:
    concert = log(pages, title={"en": "Old concert"}, start="2026-09-01")
    form = {"status": "cancelled", "then": "home"}

    pages.post(f"/activities/{concert.id}/status", {**form, "reason": ""}, page="/")
    asked_again = part(pages.get("/").text, "asks-head")
    pages.post(f"/activities/{concert.id}/status", {**form, "reason": "no visas"}, page="/")

    assert "Old concert" in asked_again
    assert "Old concert" not in part(pages.get("/").text, "asks-head")


def test_a_shipment_that_has_long_been_where_it_is_asks_for_news(pages_read: Pages) -> None:
    for title, stage, on in (
        ("Coats", "customs", "2026-08-20"),
        ("Beds", "receipt_confirmed", "2026-08-20"),
        ("Books", "packed", "2026-09-28"),
    ):
        details = {"stages": [{"stage": stage, "on": on}]}
        log(pages_read, kind="aid_shipment", title={"en": title}, start="2026-08", end="2026-12", details=details)

    asks = part(pages_read.get("/").text, "asks-head")

    assert "Coats at customs · 20 August 2026" in asks
    assert "Beds" not in asks
    assert "Books" not in asks


def test_only_administrators_are_told_of_parked_faults(pages: Pages) -> None:
    with pages.tracker.database.unit("test", pages.tracker.clock()) as unit:
        unit.session.add(ParkedEventRow(consumer="x", position=1, error="no", parked_at=pages.tracker.clock()))

    assert "1 event could not be taken in" in part(pages.get("/", "administrator").text, "asks-head")
    assert "could not be taken in" not in pages.get("/", "editor").text


def test_where_nothing_waits_the_page_says_so(pages: Pages) -> None:
    pages.post("/inbox", {}, "reader", page="/inbox")

    assert "Nothing waits for you" in part(pages.get("/", "reader").text, "asks-head")


def test_foundings_and_jubilees_stand_ahead_with_how_the_partnership_stands(pages_read: Pages) -> None:
    ahead = part(pages_read.get("/").text, "ahead")

    assert "28 November 2026 38th anniversary of the twinning Cologne – Volgograd official contacts resting" in ahead
    assert "9 October 2026" not in ahead  # among the next 30 days


def test_a_jubilee_is_marked(pages_read: Pages) -> None:
    pages_read.tracker.clock.set(dt.datetime(2028, 6, 1, 12, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # the tests' clock

    assert "28 November 2028 jubilee 40th anniversary of the twinning Cologne" in part(
        pages_read.get("/").text, "ahead"
    )


def test_what_colleagues_did_is_told_with_their_names_and_ones_own_as_such(pages: Pages) -> None:
    concert = log(pages, by="administrator")
    changed = concert.content().model_copy(update={"place": "Gürzenich"})
    with pages.tracker.database.reading() as session:
        me = accounts.user_by_email(session, "editor@example.org")
        assert me
        actor = Actor(f"user:{me.id}")
    revise_activity(pages.tracker.database, ReviseActivity(concert.id, changed, 1), actor, pages.tracker.clock())

    told = part(pages.get("/").text, "log")

    assert re.search(r"Concert You · changed .* Concert Administrator · logged", told)


def test_of_what_somebody_may_not_see_colleagues_work_tells_nothing(pages: Pages) -> None:
    log(pages, by="administrator", title={"en": "Secret talks"}, visibility="confidential")
    pages.tracker.clock.set(NOW + dt.timedelta(minutes=1))  # type: ignore[attr-defined]  # the tests' clock
    gone = log(pages, by="administrator", title={"en": "Staff outing"}, visibility="staff")
    remove_activity(pages.tracker.database, RemoveActivity(gone.id, 1), Actor("cli"), pages.tracker.clock())

    seen = {role: part(pages.get("/", role).text, "log") for role in ("reader", "editor", "administrator")}

    assert "Secret talks" in seen["administrator"]
    assert "Secret talks" not in seen["editor"]
    assert "Staff outing" in seen["editor"]
    assert "Nobody has logged anything lately" in seen["reader"]
    assert "outing" not in pages.get("/news?after=0", "reader").text


def test_a_whole_sheet_taken_in_is_one_line(pages: Pages) -> None:
    heading = "kind,title,twin_slugs,date_start"
    rows = "\n".join(f"festival,Festival {n},cologne,2025-05-0{n}" for n in range(1, 6))
    with pages.tracker.database.reading() as session:
        anna = accounts.user_by_email(session, "administrator@example.org")
        assert anna
    sheet = ImportFile("a.csv", f"{heading}\n{rows}\n".encode())
    import_file(pages.tracker.database, sheet, Actor(f"user:{anna.id}"), pages.tracker.clock())

    told = part(pages.get("/").text, "log")

    assert "Festival 5 Administrator · logged · and 4 more" in told
    assert "Festival 3" not in told


def test_a_page_that_is_open_asks_only_for_what_others_did_since(pages: Pages) -> None:
    log(pages, by="administrator", title={"en": "Before"})
    position = int(re.findall(r'data-position="(\d+)"', pages.get("/").text)[0])
    log(pages, by="editor", title={"en": "My own"})
    log(pages, by="administrator", title={"en": "Since"})

    fresh = pages.get(f"/news?after={position}").text
    later = int(re.findall(r'data-position="(\d+)"', fresh)[0])

    assert ("Before" in fresh, "My own" in fresh, "Since" in fresh) == (False, False, True)
    assert later == position + 2
    assert "<li" not in pages.get(f"/news?after={later}").text


def test_the_page_asks_the_database_as_often_however_much_there_is(pages_read: Pages) -> None:
    pages_read.get("/", "administrator")
    with counted(pages_read.tracker) as before:
        pages_read.get("/", "administrator")

    for number in range(12):
        log(pages_read, title={"en": f"Past {number}"}, start=f"2026-0{number % 8 + 1}-05")
        log(pages_read, title={"en": f"Next {number}"}, start=f"2026-10-{number + 10}")
        details = {"stages": [{"stage": "customs", "on": "2026-08-20"}]}
        log(pages_read, kind="aid_shipment", title={"en": "Coats"}, start="2026-08", end="2026-12", details=details)
    pages_read.get("/", "administrator")
    with counted(pages_read.tracker) as after:
        pages_read.get("/", "administrator")

    assert len(after) <= 50
    # The few that come with the first activity of each sort, and none for each further one.
    assert len(after) - len(before) <= 16


def test_a_day_to_remember_stands_there_as_soon_as_it_is_worked_out(pages: Pages) -> None:
    settle(pages)
    before = pages.get("/").text
    log(pages, kind="milestone", subtype="agreement signing", start="1976-10-20", status="held")
    # Whoever looks in between has seen the event, not yet the day it makes.
    pages.get("/")

    settle(pages)

    assert "20 October 2026" not in before
    assert "20 October 2026" in pages.get("/").text
