"""A subscribed calendar over HTTP: what programs ask for, what they get, and what must not be told."""

import datetime as dt
import gzip

import pytest
from werkzeug.test import TestResponse

from tests.calendars import COLOGNE, ME, choice, put_twin, record, revise, settle
from tests.polling import Seconds, calendar_program
from tracker.actions.calendars import create_calendar, revoke_subscription, subscribe
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.store import accounts
from tracker.store.exports import ExportRow
from tracker.store.subscriptions import SubscriptionRow, clients_of

GOOGLE = "Mozilla/5.0 (compatible; Google-Calendar-Importer)"
OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"


class Feed:
    """One address, read like a calendar program does."""

    def __init__(self, tracker: Tracker) -> None:
        put_twin(tracker, COLOGNE)
        self.tracker = tracker
        self.activity = record(tracker, title={"en": "Visit", "ru": "Визит делегации города Кёльна в Волгоград"})
        settle(tracker)
        self.calendar = create_calendar(tracker.database, choice("cologne", language="ru"), ME, tracker.clock())
        self.id, self.token = subscribe(tracker.database, self.calendar, ME, tracker.clock())
        settle(tracker)
        self.seconds = Seconds()
        self.client, self.front = calendar_program(tracker, self.seconds)

    def get(self, token: str = "", method: str = "GET", **headers: str) -> TestResponse:
        self.seconds.now += 1
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.open(f"/feeds/{token or self.token}.ics", method=method, headers=names, buffered=True)


@pytest.fixture
def feed(tracker: Tracker) -> Feed:
    return Feed(tracker)


def test_a_program_gets_the_calendar_without_cookie_or_login(feed: Feed) -> None:
    answer = feed.get(User_Agent=GOOGLE)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "Визит делегации" in answer.text.replace("\r\n ", "")
    assert answer.headers["Content-Disposition"].startswith("inline;")
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert "Set-Cookie" not in answer.headers


def test_any_accept_header_gets_the_calendar(feed: Feed) -> None:
    assert feed.get(Accept="application/json").headers["Content-Type"].startswith("text/calendar")


def test_a_head_request_tells_the_same_and_sends_nothing(feed: Feed) -> None:
    whole, head = feed.get(), feed.get(method="HEAD")

    assert (head.status_code, head.data) == (200, b"")
    assert [head.headers[name] for name in ("ETag", "Last-Modified", "Content-Length")] == [
        whole.headers[name] for name in ("ETag", "Last-Modified", "Content-Length")
    ]


@pytest.mark.parametrize("known", ["{etag}", 'W/{etag}, "other"', "*"])
def test_what_is_known_by_its_tag_is_not_sent_again(feed: Feed, known: str) -> None:
    etag = feed.get().headers["ETag"]

    answer = feed.get(If_None_Match=known.format(etag=etag))

    assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", etag)
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Vary"] == "Accept-Encoding"


def test_what_has_not_changed_since_is_not_sent_again(feed: Feed) -> None:
    moment = feed.get().headers["Last-Modified"]

    assert feed.get(If_Modified_Since=moment).status_code == 304
    assert feed.get(If_Modified_Since="Thu, 01 Jan 2026 00:00:00 GMT").status_code == 200


def test_the_tag_wins_over_the_time(feed: Feed) -> None:
    moment = feed.get().headers["Last-Modified"]

    assert feed.get(If_None_Match='"old"', If_Modified_Since=moment).status_code == 200


def test_a_change_gives_a_new_tag_and_a_later_time_within_the_same_second(feed: Feed) -> None:
    before = feed.get()
    feed.tracker.clock.set(feed.tracker.clock() - dt.timedelta(minutes=1))  # type: ignore[attr-defined]  # a test's clock
    revise(feed.tracker, feed.activity, place="Rathaus")
    settle(feed.tracker)

    after = feed.get(If_None_Match=before.headers["ETag"])

    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.last_modified is not None
    assert before.last_modified is not None
    assert after.last_modified > before.last_modified
    assert feed.get(If_Modified_Since=before.headers["Last-Modified"]).status_code == 200


def test_compressed_bytes_have_their_own_tag_and_are_known_by_it(feed: Feed) -> None:
    plain, packed = feed.get(), feed.get(Accept_Encoding="gzip, deflate", User_Agent=GOOGLE)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert feed.get(Accept_Encoding="gzip", If_None_Match=packed.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("agent", [OUTLOOK, "Exchange/15.20.7001.0"])
def test_outlook_gets_plain_bytes_whatever_it_says(feed: Feed, agent: str) -> None:
    answer = feed.get(Accept_Encoding="gzip", User_Agent=agent)

    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"BEGIN:VCALENDAR")


def test_unknown_and_revoked_addresses_answer_alike(feed: Feed) -> None:
    assert feed.get().status_code == 200
    unknown = feed.get(token="A" * 43)

    revoke_subscription(feed.tracker.database, feed.id, ME, feed.tracker.clock())
    revoked = feed.get()

    assert unknown.status_code == revoked.status_code == 404
    assert unknown.data == revoked.data
    assert dict(unknown.headers) == dict(revoked.headers)


def test_the_address_of_somebody_who_left_is_closed(feed: Feed) -> None:
    database, now = feed.tracker.database, feed.tracker.clock()
    user = add_user(database, NewUser("anna@example.org", "reader"), "system", now)
    _, token = subscribe(database, feed.calendar, ME, now, user_id=user.id)
    assert feed.get(token=token).status_code == 200

    with database.unit("system", now) as unit:
        unit.session.get_one(accounts.UserRow, user.id).active = False

    assert feed.get(token=token).status_code == 404


def test_each_program_is_noted_once_a_minute(feed: Feed) -> None:
    start = feed.tracker.clock()
    feed.get(User_Agent=GOOGLE)
    feed.get(User_Agent=GOOGLE)
    feed.get(User_Agent=OUTLOOK)
    feed.front.notes.write()

    assert noted(feed) == {GOOGLE: 1, OUTLOOK: 1}

    feed.seconds.now += 60
    feed.tracker.clock.set(start + dt.timedelta(seconds=63))  # type: ignore[attr-defined]  # a test's clock
    etag = feed.get(User_Agent=OUTLOOK).headers["ETag"]
    feed.front.notes.write()

    assert noted(feed) == {GOOGLE: 1, OUTLOOK: 2}
    with feed.tracker.database.reading() as session:
        row = session.get_one(SubscriptionRow, feed.id)
        assert (row.last_fetch_at, row.last_agent) == (feed.tracker.clock(), OUTLOOK)
        assert clients_of(session, feed.id)[0].etag == etag


def test_a_busy_database_holds_no_answer_back(feed: Feed) -> None:
    """Somebody writes for long: the answers are complete all the same, and their reader is noted afterwards."""
    with feed.tracker.database.unit("system", feed.tracker.clock()) as unit:
        unit.session.get_one(SubscriptionRow, feed.id, with_for_update=True)

        first, second = feed.get(User_Agent=GOOGLE), feed.get(User_Agent=GOOGLE)

    feed.front.notes.write()
    assert (first.status_code, second.status_code) == (200, 200)
    assert noted(feed) == {GOOGLE: 1}


def test_what_only_reads_may_ask(feed: Feed) -> None:
    answers = [feed.get(token=token, method="POST") for token in (feed.token, "A" * 43)]

    assert [(a.status_code, a.headers["Allow"]) for a in answers] == [(405, "GET, HEAD")] * 2


def test_a_calendar_without_bytes_is_asked_for_again(feed: Feed) -> None:
    with feed.tracker.database.unit("system", feed.tracker.clock()) as unit:
        unit.session.delete(unit.session.get_one(ExportRow, feed.calendar))

    answer = feed.get()

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_a_test_entry_stands_in_one_subscription_for_a_day(feed: Feed) -> None:
    _, other = subscribe(feed.tracker.database, feed.calendar, ME, feed.tracker.clock())
    before = feed.get()
    with feed.tracker.database.unit("system", feed.tracker.clock()) as unit:
        unit.session.get_one(SubscriptionRow, feed.id).test_entry_at = feed.tracker.clock()

    mine = feed.get(If_None_Match=before.headers["ETag"], If_Modified_Since=before.headers["Last-Modified"])
    packed = feed.get(Accept_Encoding="gzip")

    assert mine.status_code == 200
    assert mine.data.count(b"BEGIN:VEVENT") == before.data.count(b"BEGIN:VEVENT") + 1
    assert mine.data.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert gzip.decompress(packed.data) == mine.data
    assert feed.get(If_None_Match=mine.headers["ETag"]).status_code == 304
    # No time says whether it is in there.
    assert "Last-Modified" not in mine.headers
    assert feed.get(If_Modified_Since=before.headers["Last-Modified"]).status_code == 200
    assert feed.get(token=other).data == before.data

    feed.tracker.clock.set(feed.tracker.clock() + dt.timedelta(days=1))  # type: ignore[attr-defined]  # a test's clock

    assert feed.get().data == before.data


def test_robots_may_fetch_feeds_and_the_page_for_everybody_only(feed: Feed) -> None:
    answer = feed.client.get("/robots.txt")

    assert answer.text == "User-agent: *\nAllow: /feeds/\nAllow: /welcome\nDisallow: /\n"


def noted(feed: Feed) -> dict[str, int]:
    with feed.tracker.database.reading() as session:
        return {client.agent: client.fetches for client in clients_of(session, feed.id)}
