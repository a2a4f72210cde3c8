"""The pages of subscriptions: choosing, the address shown once, and the doctor who tells which program reads it."""

import datetime as dt
import re
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from tests.calendars import entries, record, sent, settle
from tests.web.conftest import Pages, first
from tracker.actions.calendars import new_subscription
from tracker.actions.feeds import Poll, poll
from tracker.domain.access import Grant, Role
from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor
from tracker.store import accounts, exports
from tracker.store import subscriptions as store
from tracker.store.calendars import CalendarRow

EVERYTHING = {"ready": "everything"}
IPHONE = "iOS/26.5 (23F77) dataaccessd/1.0"


def token_in(answer: TestResponse) -> str:
    return first(r"/feeds/([\w-]{40,})\.ics", answer.text)


def page_of(answer: TestResponse) -> str:
    return first(r'href="(/subscriptions/[0-9a-f-]{36})"', answer.text)


def row_of(pages: Pages, path: str) -> store.SubscriptionRow:
    with pages.tracker.database.reading() as session:
        return session.get_one(store.SubscriptionRow, UUID(path.rpartition("/")[2]))


def calendar_of(pages: Pages, path: str) -> CalendarRow:
    with pages.tracker.database.reading() as session:
        return session.get_one(CalendarRow, row_of(pages, path).calendar_id)


def found_at(pages: Pages, token: str) -> Poll | None:
    return poll(pages.tracker.database, token, pages.tracker.clock())


def read_by(pages: Pages, path: str, agent: str, at: dt.datetime, etag: str | None = None) -> None:
    """Somebody read the address; they got its newest version unless told otherwise."""
    row = row_of(pages, path)
    with pages.tracker.database.unit("system", at) as unit:
        export = unit.session.get_one(exports.ExportRow, row.calendar_id)
        store.note_fetches(unit.session, [store.Fetch(row.id, agent, at, etag or export.etag)])


def test_an_address_is_shown_once_and_can_be_closed(pages: Pages) -> None:
    made = pages.post("/subscribe", {"kinds": "festival", "occasions": "twinning", "language": "de"}, "reader")
    token, path = token_in(made), page_of(made)

    later = pages.get(path, "reader").text
    pages.post(f"{path}/revoke", {}, "reader", page=path)

    assert token not in later
    assert f"webcal://127.0.0.1:8000/feeds/{token}.ics" in made.text
    assert 'role="img"' in made.text
    assert pages.get(path, "reader").status_code == 404
    assert found_at(pages, token) is None


@pytest.mark.parametrize(
    ("ready", "selection", "years_back"),
    [
        ("everything", Selection(), 1),
        ("anniversaries", Selection(kinds=("occasion",)), 1),
        ("aid", Selection(kinds=("aid_shipment",), occasions=()), 1),
        ("history", Selection(occasions=(), statuses=("held",)), None),
        ("twin:cologne", Selection(("cologne",)), 1),
    ],
)
def test_a_ready_one_takes_one_press(pages: Pages, ready: str, selection: Selection, years_back: int | None) -> None:
    made = pages.post("/subscribe", {"ready": ready}, "editor")

    choice = CalendarChoice(selection, Visibility.STAFF, years_back)
    assert calendar_of(pages, page_of(made)).choice == choice


def test_anniversaries_only_holds_no_activity(pages_read: Pages) -> None:
    activity = record(pages_read.tracker)
    token = token_in(pages_read.post("/subscribe", {"ready": "anniversaries"}, "editor"))

    settle(pages_read.tracker)

    uids = entries(sent(pages_read.tracker, token))
    assert uids
    assert f"{activity.id}@tracker" not in uids


def test_ones_own_choice_is_kept_whole(pages: Pages) -> None:
    form = {
        "twins": ["cologne", "coventry"], "kinds": ["festival", "exchange"], "statuses": ["held", "confirmed"],
        "occasions": ["observance"], "years_back": "5", "years_ahead": "1", "language": "ru", "alarms": ["1440", "60"],
        "both_times": "1", "busy": "1", "name": "  Für  den Vorstand ",
    }  # fmt: skip

    path = page_of(pages.post("/subscribe", form, "reader"))

    selection = Selection(
        ("cologne", "coventry"), ("festival", "exchange"), "ru", ("observance",), statuses=("held", "confirmed")
    )
    assert calendar_of(pages, path).choice == CalendarChoice(
        selection, Visibility.MEMBERS, 5, 1, (1440, 60), both_times=True, busy=True
    )
    assert row_of(pages, path).name == "Für den Vorstand"


@pytest.mark.parametrize(("role", "level"), [("reader", "members"), ("editor", "staff"), ("administrator", "staff")])
def test_nobodys_choice_exceeds_what_they_may_see(pages: Pages, role: str, level: str) -> None:
    made = pages.post("/subscribe", EVERYTHING | {"level": "confidential", "visibility": "staff"}, role)

    assert calendar_of(pages, page_of(made)).visibility == level


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"language": "de"}, "would stay empty"),
        ({"kinds": "picnic"}, "“picnic” is not a kind of activity"),
        ({"occasions": "birthday"}, "“birthday” is not a kind of occasion"),
        ({"kinds": "festival", "statuses": "dreamt"}, "“dreamt” is not a status"),
        ({"kinds": "festival", "years_back": "-1"}, "“-1” is not a number of years"),
        ({"ready": "nothing"}, "“nothing” is none of the ready ones"),
        ({"ready": "twin:atlantis"}, "“atlantis” is not a twin"),
    ],
)
def test_a_choice_that_makes_no_calendar_is_refused_in_words(pages: Pages, form: dict[str, str], says: str) -> None:
    answer = pages.post("/subscribe", form, "reader")

    assert answer.status_code == 422
    assert says in answer.text


def test_another_persons_subscription_is_not_there(pages: Pages) -> None:
    path = page_of(pages.post("/subscribe", EVERYTHING, "reader"))

    asked = pages.get(path, "editor").status_code
    changed = pages.post(path, {"do": "rotate"}, "editor", page="/subscribe").status_code
    closed = pages.post(f"{path}/revoke", {}, "editor", page="/subscribe").status_code

    assert (asked, changed, closed) == (404, 404, 404)


def test_an_administrator_looks_at_a_subscription_but_changes_nothing_of_it(pages: Pages) -> None:
    made = pages.post("/subscribe", EVERYTHING, "reader")
    path, token = page_of(made), token_in(made)

    seen = pages.get(path, "administrator")
    changed = pages.post(path, {"do": "rotate"}, "administrator", page="/admin/calendars").status_code

    assert seen.status_code == 200
    assert "Reader" in seen.text
    assert token not in seen.text
    assert 'name="do"' not in seen.text
    assert changed == 404


def test_a_fresh_address_kills_the_old_one_at_once(pages: Pages) -> None:
    made = pages.post("/subscribe", EVERYTHING, "reader")
    path, old = page_of(made), token_in(made)

    fresh = pages.post(path, {"do": "rotate"}, "reader")

    new = token_in(fresh)
    assert new != old
    assert page_of(fresh) == path
    assert sent(pages.tracker, new).startswith(b"BEGIN:VCALENDAR")
    assert found_at(pages, old) is None
    assert new not in pages.get(path, "reader").text


def test_a_program_that_still_asks_at_the_old_address_is_told_apart(pages: Pages) -> None:
    path, now = page_of(pages.post("/subscribe", EVERYTHING, "reader")), pages.tracker.clock()
    read_by(pages, path, IPHONE, now - dt.timedelta(hours=1))

    pages.post(path, {"do": "rotate"}, "reader")
    before = pages.get(path, "reader").text
    read_by(pages, path, IPHONE, now + dt.timedelta(minutes=1))
    after = pages.get(path, "reader").text

    assert "still asks at the old address" in before
    assert "still asks at the old address" not in after


def test_the_doctor_tells_who_reads_what_and_when_they_come_again(pages: Pages) -> None:
    form = {"kinds": "festival", "occasions": "twinning", "alarms": "1440"}
    path, now = page_of(pages.post("/subscribe", form, "reader")), pages.tracker.clock()
    read_by(pages, path, IPHONE, now - dt.timedelta(hours=5))
    read_by(pages, path, IPHONE, now - dt.timedelta(hours=2))
    read_by(pages, path, "Google-Calendar-Importer", now - dt.timedelta(days=3), etag='"of-old"')

    told = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", pages.get(path, "reader").text))

    apple, google = told.index("Apple Calendar"), told.index("Google Calendar")
    assert apple < google
    assert "up to date" in told[apple:google]
    assert "3 hours" in told[apple:google]
    assert "takes the alarms off" in told[apple:google]
    assert "has an older version" in told[google:]
    assert "any moment; it should have looked" in told[google:]
    assert "only a fresh address" in told[google:]


def test_a_compressed_version_is_as_new_as_a_plain_one(pages: Pages) -> None:
    path, now = page_of(pages.post("/subscribe", EVERYTHING, "reader")), pages.tracker.clock()
    with pages.tracker.database.reading() as session:
        etag = session.get_one(exports.ExportRow, row_of(pages, path).calendar_id).etag

    read_by(pages, path, IPHONE, now, etag=f'{etag[:-1]}-gzip"')

    assert "up to date" in pages.get(path, "reader").text


def test_a_program_silent_for_a_month_is_not_waited_for(pages: Pages) -> None:
    path = page_of(pages.post("/subscribe", EVERYTHING, "reader"))
    read_by(pages, path, IPHONE, pages.tracker.clock() - dt.timedelta(days=31))

    told = pages.get(path, "reader").text

    assert "silent for a month" in told
    assert "A change now is seen" not in told


def test_a_test_entry_stands_in_one_subscription_for_a_day(pages: Pages) -> None:
    mine, other = (pages.post("/subscribe", EVERYTHING, "reader") for _ in range(2))

    pages.post(page_of(mine), {"do": "test"}, "reader")

    first_day = pages.get(page_of(mine), "reader").text
    asked = [found_at(pages, token_in(made)) for made in (mine, other)]
    pages.tracker.clock.set(pages.tracker.clock() + dt.timedelta(days=1))  # type: ignore[attr-defined]  # a test's clock
    extras = [found.extra for found in (*asked, found_at(pages, token_in(mine))) if found]
    assert [extra.count(b"BEGIN:VEVENT") for extra in extras] == [1, 0, 0]
    assert "A test entry stands in this calendar until" in first_day
    assert "A test entry stands in this calendar until" not in pages.get(page_of(mine), "reader").text


def test_name_and_mails_are_its_owners_to_change(pages: Pages) -> None:
    path = page_of(pages.post("/subscribe", EVERYTHING, "reader"))

    pages.post(path, {"do": "rename", "name": "Мой календарь"}, "reader")
    pages.post(path, {"do": "mails"}, "reader")
    empty = pages.post(path, {"do": "rename", "name": "  "}, "reader")

    row = row_of(pages, path)
    assert (row.name, row.mail_urgent) == ("Мой календарь", False)
    assert empty.status_code == 422
    assert "needs a name" in empty.text


def test_what_belongs_to_nobody_is_the_administrators_to_look_after(pages: Pages) -> None:
    tracker = pages.tracker
    new_subscription(
        tracker.database, CalendarChoice(Selection()), Actor("cli"), tracker.clock(), name="Townhall screen"
    )

    listed = pages.get("/admin/calendars", "administrator").text
    path = first(r'href="(/subscriptions/[0-9a-f-]{36})"[^>]*>Townhall screen', listed)

    assert pages.get(path, "reader").status_code == 404
    assert 'value="rotate"' in pages.get(path, "administrator").text


def test_a_calendar_for_others_holds_what_they_may_see_and_the_rest_as_taken_time(pages_read: Pages) -> None:
    record(pages_read.tracker, title={"en": "Open day"})
    record(pages_read.tracker, title={"en": "Board meeting"}, visibility="staff")
    fields = {"kinds": "delegation", "visibility": "public", "busy": "1", "language": "en"}

    token = token_in(pages_read.post("/subscribe", fields, "editor"))
    settle(pages_read.tracker)

    found = [str(entry["SUMMARY"]) for entry in entries(sent(pages_read.tracker, token)).values()]
    assert (found.count("Busy"), found.count("Open day"), found.count("Board meeting")) == (1, 1, 0)


def test_nobody_chooses_more_than_they_may_see(pages: Pages) -> None:
    path = page_of(pages.post("/subscribe", {"kinds": "festival", "visibility": "staff"}, "reader"))

    assert calendar_of(pages, path).visibility == "members"


def test_an_address_does_not_outlive_its_owners_role(pages: Pages) -> None:
    for_staff = token_in(pages.post("/subscribe", EVERYTHING, "editor"))
    for_members = token_in(pages.post("/subscribe", {"kinds": "festival", "visibility": "members"}, "editor"))
    assert found_at(pages, for_staff) is not None

    with pages.tracker.database.unit("system", pages.tracker.clock()) as unit:
        owner = accounts.user_by_email(unit.session, "editor@example.org")
        assert owner is not None
        accounts.grant(unit.session, owner, [Grant(Role.READER)])

    assert found_at(pages, for_staff) is None
    assert found_at(pages, for_members) is not None
