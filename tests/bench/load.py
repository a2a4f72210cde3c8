"""A busy minute: until changes made through the API stand in the calendars that programs poll.

A thousand subscriptions of eighty calendars; changes through the API at a steady rate, half of them new activities and
half new titles. Pollers ask for some of the subscriptions every 50 ms, with the tag they have, and note when the mark
of a change stands in the bytes, in every calendar that must show it; the clock runs from the sending of the change.
Servers, database, workers and this client share the machine, so the client keeps its connections and parses nothing.
"""

import itertools
import json
import random
import statistics
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.bench.records import ME, installation
from tests.bench.report import Row
from tests.journeys.processes import (
    Place,
    RedisServer,
    free_port,
    listening,
    own_environ,
    place,
    postgres_server,
    until,
)
from tracker.actions.calendars import create_calendar, subscribe
from tracker.actions.exports import export_calendars
from tracker.actions.tokens import issue_token
from tracker.actions.users import NewUser, add_user
from tracker.consumers.reading import catch_up
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.i18n import LANGUAGES

SUBSCRIPTIONS, CALENDARS, WATCHED = 1_000, 80, 8
RATES = (8, 20)
"""Changes a second: what this machine can bear beside the client, and what is aimed at."""
SENDERS, POLLERS = 4, 2
POLL_EVERY = 0.05
WARM_UP = 100
"""So many activities are recorded before the minute begins."""
TWINS = ("cologne", "coventry", "dijon", "hiroshima", "kemi", "ostrava", "ruse", "turin")
KINDS = ("delegation", "exchange", "festival", "aid_shipment")
EDITOR = "bench@example.org"
QUEUES = "consume,export,deliver,report,clock"
WORKER = ["celery", "-A", "workers.served", "worker", "--queues", QUEUES, "--concurrency", "2", "--loglevel", "WARNING"]
BEAT = ["celery", "-A", "workers.served", "beat", "--loglevel", "WARNING"]


@dataclass(frozen=True)
class Scene:
    """An installation at work: its address, a bearer token, and what pollers watch."""

    address: str
    token: str
    watched: list[tuple[Selection, str]]


@dataclass
class Watched:
    """One subscription as its poller knows it; `awaited` are the marks that must come, and when they were sent."""

    selection: Selection
    path: str
    etag: str = ""
    awaited: dict[bytes, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)


def busy_minute(seconds: float) -> Iterator[Row]:
    for name, made in (("embedded", _embedded), ("served", _served)):
        for rate in RATES:
            try:
                with made() as scene:
                    yield from _rows(f"{name}, {rate} a second", _Minute(scene, seconds, rate))
            except pytest.skip.Exception as missing:
                yield Row(f"{name}: change to poll", None, None, "ms", "", str(missing))


def _rows(name: str, minute: "_Minute") -> Iterator[Row]:
    delays = sorted(delay * 1e3 for delay in minute.run())
    late = sum(delay > 1_000 for delay in delays)
    against = f"{SUBSCRIPTIONS:,} subscriptions of {CALENDARS} calendars"
    note = f"{minute.total:,} changes seen {len(delays):,} times"
    yield Row(f"{name}: change to poll, median", statistics.median(delays), None, "ms", against, note)
    yield Row(f"{name}: change to poll, 99 %", delays[int(len(delays) * 0.99)], None, "ms", against, note, 1_000)
    yield Row(f"{name}: change to poll, longest", delays[-1], None, "ms", against, note)
    yield Row(f"{name}: seen after more than a second", 100 * late / len(delays), None, "%", against, note, 1)


class _Minute:
    """Senders and pollers at work together; all chance comes from one seed."""

    def __init__(self, scene: Scene, seconds: float, rate: int) -> None:
        self.scene, self.rate, self.total = scene, rate, int(seconds * rate)
        self.watched = [Watched(selection, path) for selection, path in scene.watched]
        self._numbers = itertools.count()
        self._known: deque[tuple[dict[str, Any], str, str]] = deque()
        self._done = threading.Event()

    def run(self) -> list[float]:
        with ThreadPoolExecutor(SENDERS + POLLERS) as pool:
            pollers = [pool.submit(self._poll, self.watched[n::POLLERS]) for n in range(POLLERS)]
            try:
                self._changes(pool, WARM_UP)
                for watched in self.watched:
                    watched.delays.clear()
                self._changes(pool, self.total)
            finally:
                self._done.set()
            for poller in pollers:
                poller.result()
        return [delay for watched in self.watched for delay in watched.delays]

    def _changes(self, pool: ThreadPoolExecutor, count: int) -> None:
        """So many changes at their pace; returns when all of them were seen."""
        numbers, begun = itertools.count(), time.perf_counter()

        def send() -> None:
            connection = self._connection()
            while (number := next(numbers)) < count:
                time.sleep(max(begun + number / self.rate - time.perf_counter(), 0))
                self._change(connection, next(self._numbers))

        for sender in [pool.submit(send) for _ in range(SENDERS)]:
            sender.result()
        until(lambda: not any(watched.awaited for watched in self.watched), "every change is seen", 60)

    def _change(self, connection: HTTPConnection, number: int) -> None:
        """Record an activity, or give one of those recorded before another title."""
        chance = random.Random(number)
        mark = f"M{number:06}"
        # The one left alone the longest, and only if it was seen: a title replaced before that would never be.
        if number % 2 and number > WARM_UP and not self._is_awaited(self._known[0][0]["title"]["de"]):
            content, path, etag = self._known.popleft()
            method, headers = "PUT", {"If-Match": etag}
        else:
            selection = chance.choice(self.watched).selection
            content = {"kind": chance.choice(selection.kinds or KINDS), "status": "planned",
                       "twins": [chance.choice(selection.twins or TWINS)],
                       "start": f"2027-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"}  # fmt: skip
            method, path, headers = "POST", "/api/v1/activities", {}
        content = content | {"title": dict.fromkeys(LANGUAGES, f"{mark} Besuch")}
        headers |= {"Authorization": f"Bearer {self.scene.token}", "Content-Type": "application/json"}
        begun = time.perf_counter()
        for watched in self.watched:
            if _shows(watched.selection, content):
                watched.awaited[mark.encode()] = begun
        connection.request(method, path, json.dumps(content), headers)
        answer = connection.getresponse()
        said = answer.read()
        assert answer.status in (200, 201), said
        self._known.append((content, answer.headers.get("Location") or path, answer.headers["ETag"]))

    def _is_awaited(self, title: str) -> bool:
        return any(title[: len("M000000")].encode() in watched.awaited for watched in self.watched)

    def _poll(self, mine: list[Watched]) -> None:
        connection = self._connection()
        while not self._done.is_set():
            begun = time.perf_counter()
            for watched in mine:
                connection.request("GET", watched.path, headers={"If-None-Match": watched.etag})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status == 200:
                    watched.etag = answer.headers["ETag"]
                    self._look(watched, body, time.perf_counter())
            time.sleep(max(begun + POLL_EVERY - time.perf_counter(), 0))

    @staticmethod
    def _look(watched: Watched, body: bytes, now: float) -> None:
        for mark in [mark for mark in list(watched.awaited) if mark in body]:
            watched.delays.append(now - watched.awaited.pop(mark))

    def _connection(self) -> HTTPConnection:
        address = urlsplit(self.scene.address)
        return HTTPConnection(address.hostname or "", address.port, timeout=60)


def _shows(selection: Selection, content: Mapping[str, Any]) -> bool:
    of_twin = not selection.twins or set(selection.twins) & set(content["twins"])
    return bool(of_twin and (not selection.kinds or content["kind"] in selection.kinds))


@contextmanager
def _embedded() -> Iterator[Scene]:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder, place(Path(folder)) as at:
        port = free_port()
        environ = own_environ(TRACKER_HOME=f"{folder}/home", BASE_URL=f"http://127.0.0.1:{port}")
        scene = _filled(environ)
        _serve(at, environ, port)
        yield scene


@contextmanager
def _served() -> Iterator[Scene]:
    with (
        tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder,
        postgres_server() as postgres,
        place(Path(folder)) as at,
    ):
        port = free_port()
        environ = own_environ(
            TRACKER_HOME=f"{folder}/home",
            BASE_URL=f"http://127.0.0.1:{port}",
            DATABASE_URL=postgres.create("tracker"),
            SECRET_KEY="only-for-measuring",
        )
        scene = _filled(environ)
        environ["REDIS_URL"] = RedisServer(at).url
        at.start("worker", WORKER, environ)
        at.start("beat", BEAT, environ)
        _serve(at, environ, port)
        yield scene


def _serve(at: Place, environ: Mapping[str, str], port: int) -> None:
    process = at.start("serve", ["tracker", "serve", "--port", str(port)], environ)
    until(lambda: listening(port) or not process.running, "tracker listens", 90, process.tail)
    assert process.running, process.tail()


def _filled(environ: Mapping[str, str]) -> Scene:
    """Calendars and subscriptions, before anybody serves them."""
    with installation(dict(environ)) as made:
        add_user(made.database, NewUser(EDITOR, "editor"), "bench", made.clock())
        token = issue_token(made.database, EDITOR, made.clock(), ME)
        selections = _selections()
        calendars = [create_calendar(made.database, CalendarChoice(each), ME, made.clock()) for each in selections]
        watched = []
        for number in range(SUBSCRIPTIONS):
            which = number % CALENDARS
            _, secret = subscribe(made.database, calendars[which], ME, made.clock())
            if number < WATCHED:
                watched.append((selections[which], f"/feeds/{secret}.ics"))
        catch_up(made.database, made.consumers, made.clock())
        export_calendars(made.database, made.clock())
    return Scene(environ["BASE_URL"], token, watched)


def _selections() -> list[Selection]:
    """Of all twins or one, all kinds or one, in each language; the widest first, so that it is watched."""
    narrow = [
        Selection(twins, kinds, language)
        for twins in [(), *((twin,) for twin in TWINS)]
        for kinds in [(), *((kind,) for kind in KINDS)]
        for language in LANGUAGES
    ]
    return [
        Selection(language="de"),
        *random.Random(1957).sample([s for s in narrow if s.twins or s.kinds], CALENDARS - 1),
    ]
