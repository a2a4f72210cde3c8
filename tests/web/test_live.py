"""`/live`: what an open page is told, from where it goes on, and who finds no seat."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Pages
from tracker import bootstrap
from tracker.actions.logins import open_session
from tracker.actions.report_jobs import make_next
from tracker.domain.events import EventType
from tracker.domain.logins import Way
from tracker.gateways.live import EXPORTED, REMINDED, Happening, MemoryLive
from tracker.store import accounts, event_log
from tracker.store.reminders import ReminderRow
from tracker.web import live
from tracker.web.app import create_app
from tracker.web.live import Seats


class Stream:
    """An open stream, read event by event."""

    def __init__(self, client: FlaskClient, **headers: str) -> None:
        self.answer = client.get("/live", headers=headers, buffered=False)
        self._parts: Iterator[Any] = iter(self.answer.response)

    def next(self) -> tuple[int, str, dict[str, Any]]:
        """The next event: its id, its name and its data."""
        for part in self._parts:
            text = part.decode() if isinstance(part, bytes) else part
            lines = dict(line.split(": ", 1) for line in text.strip().splitlines() if not line.startswith(":"))
            if "event" in lines:
                return int(lines["id"]), lines["event"], json.loads(lines["data"])
        raise AssertionError("the stream has ended")

    def read_on(self) -> None:
        """Read until the stream ends, and close it, as a server does."""
        for _ in self._parts:
            pass
        self.close()

    def close(self) -> None:
        self.answer.close()


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seats and the sign to end belong to the process, and each test is a process of its own."""
    monkeypatch.setattr(live, "_seats", Seats())
    monkeypatch.setattr(live, "closing", threading.Event())


def remind(pages: Pages, role: str = "reader") -> None:
    now = pages.tracker.clock()
    with pages.tracker.database.unit("test", now) as unit:
        user = accounts.user_by_email(unit.session, f"{role}@example.org")
        assert user
        unit.session.add(
            ReminderRow(
                rule="anniversary",
                subject="founding:cologne",
                year=2026,
                lead="-30d",
                person=f"user:{user.id}",
                channel="mail",
                user_id=user.id,
                when="2026-11-28",
                due_at=now,
                status="sent",
                created_at=now,
            )
        )


def happen(pages: Pages) -> None:
    with pages.tracker.database.unit("test", pages.tracker.clock()) as unit:
        unit.append(EventType.TWIN_REVISED, "twin:cologne", {"before": {}, "after": {}})


def test_a_page_hears_of_new_reminders_at_once(pages: Pages) -> None:
    stream = Stream(pages.browser("reader"))
    first = stream.next()

    remind(pages)
    pages.tracker.live.publish(Happening(0, REMINDED, ""))
    second = stream.next()
    stream.close()

    assert stream.answer.mimetype == "text/event-stream"
    assert (first[1:], second[1:]) == (("inbox", {"unread": 0}), ("inbox", {"unread": 1}))


def test_new_bytes_of_calendars_are_no_news_for_a_page() -> None:
    gateway = MemoryLive()
    with gateway.watch() as watching:
        gateway.publish(Happening(0, EXPORTED, ""))
        assert not live._woken(watching)

        gateway.publish(Happening(1, "activity.recorded", "activity:a"))
        gateway.publish(Happening(0, EXPORTED, ""))
        assert live._woken(watching)


def test_whoever_was_cut_off_goes_on_where_they_were(pages: Pages) -> None:
    stream = Stream(pages.browser("editor"))
    position, _, _ = stream.next()
    stream.close()
    happen(pages)
    happen(pages)

    again = Stream(pages.browser("editor"), **{"Last-Event-ID": str(position)})
    told = [again.next(), again.next()]
    again.close()

    assert told == [
        (position + 1, "change", {"type": "twin.revised"}),
        (position + 2, "change", {"type": "twin.revised"}),
    ]


def end(pages: Pages) -> int:
    with pages.tracker.database.reading() as session:
        return event_log.end_of_log(session)


def record(pages: Pages, role: str) -> None:
    with pages.tracker.database.reading() as session:
        user = accounts.user_by_email(session, f"{role}@example.org")
        assert user
    with pages.tracker.database.unit(f"user:{user.id}", pages.tracker.clock()) as unit:
        unit.append(EventType.ACTIVITY_RECORDED, f"activity:{role}", {"before": {}, "after": {}})


def test_what_colleagues_log_is_told_by_its_position_and_ones_own_is_no_news(pages: Pages) -> None:
    last = end(pages)
    record(pages, "administrator")
    record(pages, "editor")
    happen(pages)

    stream = Stream(pages.browser("editor"), **{"Last-Event-ID": str(last)})
    told = [stream.next()[:2] for _ in range(3)]
    stream.close()

    assert told == [(last + 1, "log"), (last + 2, "change"), (last + 3, "change")]


def test_a_new_page_says_by_its_address_up_to_where_it_has_been_told(pages: Pages) -> None:
    last = end(pages)
    record(pages, "administrator")
    record(pages, "administrator")

    answer = pages.browser("editor").get(f"/live?after={last + 1}", buffered=False)
    first = next(part for part in answer.response if b"event:" in part)  # type: ignore[operator]  # bytes, as it is not buffered
    answer.close()

    assert first.startswith(f"id: {last + 2}\nevent: log".encode())  # type: ignore[union-attr]  # bytes


def test_after_a_restart_a_reader_is_told_exactly_what_was_missed(pages: Pages) -> None:
    last = end(pages)
    record(pages, "administrator")
    stream = Stream(pages.browser("editor"), **{"Last-Event-ID": str(last)})
    seen = [stream.next()[:2]]
    stream.close()
    record(pages, "administrator")
    record(pages, "administrator")

    # Another process on the same database, as after a restart: nothing is left of what the first one knew.
    again = bootstrap.assemble(dict(pages.tracker.environ), pages.tracker.clock)
    client = create_app(again).test_client()
    with pages.tracker.database.reading() as session:
        editor = accounts.user_by_email(session, "editor@example.org")
        assert editor
    secret = open_session(again.database, editor.id, Way.PASSWORD, "Firefox/140.0 Linux", again.clock())
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = secret, True
    stream = Stream(client, **{"Last-Event-ID": str(seen[-1][0])})
    seen += [stream.next()[:2] for _ in range(3)]
    stream.close()
    again.database.engine.dispose()

    assert seen == [*((last + n, "log") for n in (1, 2, 3)), (last + 3, "inbox")]


def test_readers_are_not_told_what_kind_of_thing_happened(pages: Pages) -> None:
    happen(pages)

    stream = Stream(pages.browser("reader"), **{"Last-Event-ID": "0"})
    told = stream.next()
    stream.close()

    assert told == (1, "change", {})


def test_nobody_watches_without_an_account(pages: Pages) -> None:
    assert pages.get("/live", role=None).status_code == 302


def test_a_persons_oldest_page_makes_room_and_a_full_house_says_when_to_ask(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "_seats", Seats(many=2))
    mine = [Stream(pages.browser("reader")) for _ in range(2)]

    full = pages.get("/live", role="editor")
    oldest_ends = threading.Thread(target=mine[0].read_on)
    oldest_ends.start()
    newest = Stream(pages.browser("reader"))
    oldest_ends.join(timeout=10)
    told = newest.answer.status_code, newest.next()[1]
    for stream in (mine[1], newest):
        stream.close()

    assert (full.status_code, full.headers["Retry-After"]) == (503, "60")
    assert told == (200, "inbox")


def test_whoever_ordered_a_document_hears_how_far_it_is_and_nobody_else_does(pages: Pages) -> None:
    mine, others = Stream(pages.browser("reader")), Stream(pages.browser("administrator"))
    mine.next()
    others.next()
    tracker = pages.tracker
    ordered = pages.post("/reports/2018/make", {"form": "csv"}, "reader", page="/reports/2018")

    make_next(tracker.database, tracker.live, tracker.clock, lambda *_: None)
    told = [mine.next()]
    while told[-1][2].get("state") != "done":
        told.append(mine.next())
    elsewhere = others.next()
    mine.close()
    others.close()

    heard = [data for _, name, data in told if name == "report"]
    assert {data["job"] for data in heard} == {ordered.location.rsplit("/", 1)[1]}
    assert heard[-1] | {"words": ""} == {**heard[-1], "progress": 100, "state": "done", "words": ""}
    assert elsewhere[1] == "change"
