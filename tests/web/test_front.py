"""What stands in front of Flask: copies in memory and how long they are trusted; guesses and how many are answered."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import granian.server.mp
import psycopg
import pytest
from werkzeug.test import EnvironBuilder, TestResponse

from tests.calendars import COLOGNE, ME, choice, put_twin, record, revise, settle
from tests.conftest import ADMIN_URL
from tests.polling import Seconds, calendar_program
from tracker.actions.calendars import create_calendar, revoke_subscription, subscribe
from tracker.bootstrap import Tracker
from tracker.cli.hosting import polls_first
from tracker.gateways.live import EXPORTED, Happening
from tracker.store.subscriptions import Fetch
from tracker.web.copies import Copies
from tracker.web.fetch_notes import FetchNotes
from tracker.web.front import takes_gzip
from tracker.web.guessing import Guesses


class Polls:
    """One subscription, polled at moments of the test's own choice."""

    def __init__(self, tracker: Tracker) -> None:
        put_twin(tracker, COLOGNE)
        self.tracker = tracker
        self.activity = record(tracker)
        settle(tracker)
        self.calendar = create_calendar(tracker.database, choice("cologne"), ME, tracker.clock())
        self.id, self.token = self.subscribe()
        settle(tracker)
        self.seconds = Seconds()
        self.client, self.front = calendar_program(tracker, self.seconds)

    def subscribe(self) -> tuple[UUID, str]:
        return subscribe(self.tracker.database, self.calendar, ME, self.tracker.clock())

    def get(self, at: float, token: str = "", method: str = "GET", **environ: str) -> TestResponse:
        self.seconds.now = at
        return self.client.open(f"/feeds/{token or self.token}.ics", method=method, environ_overrides=environ)


@pytest.fixture
def polls(tracker: Tracker) -> Polls:
    return Polls(tracker)


@contextmanager
def away(tracker: Tracker) -> Iterator[None]:
    """While this lasts, the database refuses whoever asks."""
    if tracker.settings.database_url:
        name = tracker.settings.database_url.rsplit("/", 1)[1]
        with psycopg.connect(ADMIN_URL, autocommit=True) as server:
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
            server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            yield
            server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
        return
    tracker.database.engine.dispose()
    file = tracker.settings.home / "tracker.db"
    kept = file.rename(file.with_suffix(".kept"))
    file.mkdir()
    yield
    file.rmdir()
    kept.rename(file)


def test_a_revoked_address_is_closed_within_a_second(polls: Polls) -> None:
    polls.get(at=0)

    revoke_subscription(polls.tracker.database, polls.id, ME, polls.tracker.clock())

    assert polls.get(at=0.2).status_code == 200
    assert polls.get(at=0.3).status_code == 404
    assert polls.get(at=0.3).status_code == 404


def test_new_bytes_are_sent_within_a_second_also_to_those_who_share_the_calendar(polls: Polls) -> None:
    _, other = polls.subscribe()
    old = polls.get(at=0)
    assert polls.get(at=0, token=other).data == old.data

    revise(polls.tracker, polls.activity, place="Rathaus")
    settle(polls.tracker)

    assert polls.get(at=0.2).data == old.data
    new = polls.get(at=0.6, token=other)
    assert b"Rathaus" in new.data
    assert polls.get(at=0.6).data == new.data


def test_new_bytes_are_sent_at_once_where_a_word_has_come(polls: Polls) -> None:
    old = polls.get(at=0)
    revise(polls.tracker, polls.activity, place="Rathaus")
    settle(polls.tracker)
    assert polls.get(at=0.1).data == old.data

    polls.front.copies.doubt()

    assert b"Rathaus" in polls.get(at=0.1).data
    assert polls.front.copies.fresh(f"/feeds/{polls.token}.ics", 0.2) is not None


class Connection:
    """What Granian hands over to be answered by."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def response_bytes(self, _status: int, _headers: object, body: bytes) -> None:
        self.sent.append(body)


def test_as_granian_carries_it_the_first_to_find_a_copy_too_old_gets_the_new_one(
    polls: Polls, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Put back afterwards: it is Granian's own place, and the whole process's.
    monkeypatch.setattr(granian.server.mp, "_wsgi_call_wrap", granian.server.mp._wsgi_call_wrap)
    polls_first(polls.front)
    take = granian.server.mp._wsgi_call_wrap(polls.front, {})
    told = Connection()

    def poll(at: float) -> bytes:
        polls.seconds.now = at
        take(told, EnvironBuilder(f"/feeds/{polls.token}.ics").get_environ())
        return told.sent[-1]

    old = poll(at=0)
    revise(polls.tracker, polls.activity, place="Rathaus")
    settle(polls.tracker)

    assert poll(at=0.1) == old
    assert b"Rathaus" in poll(at=0.3)


def test_the_word_of_new_bytes_is_heard(polls: Polls) -> None:
    path = f"/feeds/{polls.token}.ics"
    polls.get(at=0)

    polls.front.copies.listen()

    deadline = time.monotonic() + 20
    while polls.front.copies.fresh(path, 0.1) is not None and time.monotonic() < deadline:
        # Said again, since nobody knows from when on the thread listens.
        polls.tracker.live.publish(Happening(0, EXPORTED, ""))
    assert time.monotonic() < deadline


def test_a_database_that_is_away_is_bridged_for_a_minute(polls: Polls) -> None:
    _, other = polls.subscribe()
    whole = polls.get(at=0)

    with away(polls.tracker):
        known, unchanged = polls.get(at=59), polls.get(at=59, HTTP_IF_NONE_MATCH=whole.headers["ETag"])
        too_old, unknown = polls.get(at=60), polls.get(at=59, token=other)

    assert (known.status_code, known.data, unchanged.status_code) == (200, whole.data, 304)
    assert (too_old.status_code, too_old.headers["Retry-After"]) == (503, "30")
    assert unknown.status_code == 503
    assert polls.get(at=61).status_code == polls.get(at=61, token=other).status_code == 200


def test_one_asks_the_database_while_others_are_answered_from_memory(polls: Polls) -> None:
    polls.get(at=0)
    copies = Copies(polls.tracker, polls.seconds)
    polls.seconds.now = 0
    copies.look_up("/feeds/a.ics", polls.token)

    assert copies.fresh("/feeds/a.ics", 0.2) is not None
    assert copies.fresh("/feeds/a.ics", 0.3) is None
    assert copies.fresh("/feeds/a.ics", 0.6) is not None
    assert copies.fresh("/feeds/a.ics", 0.9) is None
    assert copies.fresh("/feeds/a.ics", 600) is None
    assert copies.fresh("/feeds/a.ics", 600) is None


def test_what_nobody_asked_for_the_longest_is_forgotten(polls: Polls) -> None:
    one = create_calendar(polls.tracker.database, choice("cologne", language="de"), ME, polls.tracker.clock())
    _, other = subscribe(polls.tracker.database, one, ME, polls.tracker.clock())
    settle(polls.tracker)
    copies = Copies(polls.tracker, polls.seconds, most_bytes=1)

    copies.look_up("/feeds/a.ics", polls.token)
    # One that is larger than all there is room for is kept nevertheless.
    assert copies.fresh("/feeds/a.ics", 0) is not None
    copies.look_up("/feeds/b.ics", other)

    assert copies.fresh("/feeds/b.ics", 0) is not None
    assert copies.fresh("/feeds/a.ics", 0) is None


def test_a_head_request_is_answered_from_memory_like_one_that_gets(polls: Polls) -> None:
    whole = polls.get(at=0)

    head = polls.get(at=0.1, method="HEAD")

    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert polls.get(at=0.1, method="DELETE").status_code == 405


def test_guesses_are_slowed_down_and_nobody_else(polls: Polls) -> None:
    guesses = [polls.get(at=10, token=f"guess{n}", REMOTE_ADDR="203.0.113.9") for n in range(31)]

    assert [guess.status_code for guess in guesses] == [404] * 30 + [429]
    assert guesses[-1].headers["Retry-After"] == "2"
    assert polls.get(at=10, REMOTE_ADDR="203.0.113.9").status_code == 200
    assert polls.get(at=10, token="guess", REMOTE_ADDR="203.0.113.10").status_code == 404
    assert polls.get(at=12, token="guess", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert polls.get(at=12, token="guess", REMOTE_ADDR="203.0.113.9").status_code == 429


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        # Behind a proxy on this machine: what the proxy itself wrote last, not what the asker claims before it.
        (("127.0.0.1", "1.1.1.1, 203.0.113.9"), ("127.0.0.1", "2.2.2.2, 203.0.113.9"), True),
        (("::1", "203.0.113.9"), ("127.0.0.1", "203.0.113.9"), True),
        (("127.0.0.1", "203.0.113.9"), ("127.0.0.1", "203.0.113.10"), False),
        # Anybody else may claim what they like.
        (("203.0.113.9", "1.1.1.1"), ("203.0.113.9", "2.2.2.2"), True),
        # A household has a whole network of the long ones.
        (("2001:db8::1", ""), ("2001:db8::2:1", ""), True),
        (("2001:db8::1", ""), ("2001:db8:0:1::1", ""), False),
        (("127.0.0.1", "rubbish"), ("127.0.0.1", "more rubbish"), True),
    ],
)
def test_guesses_are_counted_by_where_they_come_from(one: tuple[str, str], other: tuple[str, str], same: bool) -> None:
    guesses = Guesses(Seconds())
    environs = [{"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_FOR": told} for remote, told in (one, other)]
    for _ in range(30):
        assert guesses.wait(environs[0]) == 0

    assert (guesses.wait(environs[1]) > 0) is same


def test_only_so_many_notes_wait(polls: Polls) -> None:
    notes = FetchNotes(polls.tracker, most=2)
    for agent in ("a", "b", "c"):
        notes.add(polls.id, agent, '"tag"')

    assert [fetch.agent for fetch in notes.waiting] == ["a", "b"]
    assert notes.waiting[0] == Fetch(polls.id, "a", polls.tracker.clock(), '"tag"')


def test_a_program_that_calls_itself_something_else_each_time_is_not_noted_without_end(polls: Polls) -> None:
    for number in range(40):
        polls.get(at=0, HTTP_USER_AGENT=f"agent {number}")

    assert len(polls.front.notes.waiting) == 20


@pytest.mark.parametrize(
    ("accepted", "agent", "taken"),
    [
        ("gzip", "", True),
        ("deflate, gzip;q=0.5", "", True),
        ("*", "", True),
        ("gzip;q=0", "", False),
        ("gzip;q=0, *", "", False),
        ("", "", False),
        ("br", "", False),
        ("gzip", "Microsoft Outlook 16", False),
    ],
)
def test_compressed_bytes_are_sent_to_whoever_takes_them(accepted: str, agent: str, taken: bool) -> None:
    assert takes_gzip(accepted, agent) is taken
