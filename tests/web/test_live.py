"""`/live`: what an open page is told, from where it goes on, and who finds no seat."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import Pages
from tracker.domain.events import EventType
from tracker.gateways.live import REMINDED, Happening
from tracker.store import accounts
from tracker.store.reminders import ReminderRow
from tracker.web import live
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
