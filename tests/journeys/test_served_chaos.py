"""A served installation while everything around it fails: late, never lost, nothing twice.

Real processes: Granian, two workers, two clocks; a PostgreSQL and a Redis of the test's own, an SMTP server that puts
people off. While activities are posted, a worker is killed in the middle of a batch, Redis is emptied and killed, and
PostgreSQL crashes.
"""

import datetime as dt
import itertools
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psycopg
import pytest

from tests.conftest import Clock
from tests.journeys.processes import (
    Mailbox,
    Place,
    PostgresServer,
    Process,
    RedisServer,
    free_port,
    own_environ,
    place,
    postgres_server,
    run,
    smtp_server,
    until,
)
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.registry import load_registry
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.users import NewUser, add_user
from tracker.consumers.reading import behind, catch_up
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, RecordActivity
from tracker.domain.events import EventType
from tracker.store import event_log

POSTERS = 4
PASSING = {409, 500, 502, 503, 504}
"""Answers after which a program tries again; 409 where its first try, cut off, is still under way."""
PEOPLE = ("anna@example.org", "boris@example.org", "clara@example.org")
PUT_OFF = "boris@example.org"
WORKER = [
    "celery",
    "-A",
    "workers.served",
    "worker",
    "--queues",
    "consume,export,deliver,report,clock",
    "--concurrency",
    "2",
]
BEAT = ["celery", "-A", "workers.served", "beat", "--loglevel", "WARNING"]


@dataclass
class Served:
    """A served installation of real processes, and what it depends on."""

    place: Place
    environ: dict[str, str]
    address: str
    postgres: PostgresServer
    redis: RedisServer
    mailbox: Mailbox

    def start(self, name: str, command: list[str]) -> Process:
        return self.place.start(name, command, self.environ)

    def tracker(self, *words: str) -> dict[str, str]:
        answer: dict[str, str] = json.loads(run(["tracker", *words, "--json"], self.environ))
        return answer


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with postgres_server() as postgres, smtp_server() as (smtp_url, mailbox), place(tmp_path) as processes:
        redis_server = RedisServer(processes)
        address = f"http://127.0.0.1:{free_port()}"
        environ = own_environ(
            TRACKER_HOME=str(tmp_path / "home"),
            DATABASE_URL=postgres.create("tracker"),
            REDIS_URL=redis_server.url,
            SMTP_URL=smtp_url,
            BASE_URL=address,
            SECRET_KEY="only-for-tests",
        )
        yield Served(processes, environ, address, postgres, redis_server, mailbox)
        processes.kill_all()


def yesterday(served: Served) -> None:
    """What was there before: people, and a gift whose anniversary is today; the reminders of it are planned."""
    now = dt.datetime.now(dt.UTC)
    # A zone in which it is day now; a minus in these names means east of Greenwich.
    zone = next(z for z in ("Etc/UTC", "Etc/GMT-8", "Etc/GMT+8") if 9 <= now.astimezone(ZoneInfo(z)).hour <= 20)
    today = now.astimezone(ZoneInfo(zone)).date()
    clock = Clock(now - dt.timedelta(days=1))
    made = bootstrap.assemble(served.environ, clock)
    bootstrap.prepare(made)
    load_registry(made.database, clock())
    catch_up(made.database, made.consumers, clock())
    for email in PEOPLE:
        add_user(made.database, NewUser(email, "editor", "", "de", zone), "system", clock())
    gift = {"kind": "milestone", "subtype": "gift", "status": "held", "title": {"de": "Glocke"}, "twins": ["cologne"]}
    content = ActivityContent.model_validate(gift | {"start": f"{today.year - 8}-{today:%m-%d}"})
    record_activity(made.database, RecordActivity(content), Actor("system"), clock())
    catch_up(made.database, made.consumers, clock())
    plan_reminders(made.database, clock())
    made.database.engine.dispose()


class Poster:
    """Posts activities from several threads until told to stop, each again under the same key until acknowledged."""

    def __init__(self, address: str, token: str) -> None:
        self.address, self.token = address, token
        self.acknowledged: list[str] = []
        self.failures: Counter[str] = Counter()
        self._numbers = itertools.count()
        self._enough = threading.Event()
        self._pool = ThreadPoolExecutor(POSTERS)
        self._threads = [self._pool.submit(self._work) for _ in range(POSTERS)]

    def progress(self, count: int, on_failure: Callable[[], str]) -> None:
        """Return once `count` more activities have been acknowledged."""
        wanted = len(self.acknowledged) + count

        def there() -> bool:
            for thread in self._threads:
                if thread.done():
                    thread.result()  # raises what has ended it
            return len(self.acknowledged) >= wanted

        until(there, f"{count} more are acknowledged", 60, lambda: f"{self.failures}\n{on_failure()}")

    def stop(self) -> list[str]:
        """Finish what has been begun; the titles of everything that was acknowledged."""
        self._enough.set()
        for thread in self._threads:
            thread.result(120)
        self._pool.shutdown()
        return sorted(self.acknowledged)

    def _work(self) -> None:
        # The pause is the rhythm of the posts: a machine that is fast shall not post thousands.
        while not self._enough.wait(0.1):
            title = f"Besuch {next(self._numbers):04}"
            until(lambda title=title: self._acknowledged(title), f"{title} is acknowledged", 90)  # type: ignore[misc]  # a default has no type in a lambda

    def _acknowledged(self, title: str) -> bool:
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": title.replace(" ", "-")}
        document = {"kind": "delegation", "title": {"de": title}, "twins": ["cologne"], "start": "2027-05-03"}
        try:
            answer = httpx.post(f"{self.address}/api/v1/activities", json=document, headers=headers, timeout=10)
        except httpx.TransportError as fault:
            self.failures[type(fault).__name__] += 1
            return False
        if answer.status_code == 201:
            self.acknowledged.append(title)
            return True
        assert answer.status_code in PASSING, answer.text
        self.failures[str(answer.status_code)] += 1
        return False


def kill_in_the_middle_of_a_batch(served: Served, worker: Process) -> None:
    """Hold what consumers write until three of the four children stand in the middle of a batch, then `kill -9`.

    Two children are the other worker's at most, so at least one of the killed has begun writing and not committed.
    """
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query NOT LIKE '%pg_advisory%'"
    with (
        psycopg.connect(served.postgres.url("tracker")) as holding,
        psycopg.connect(served.postgres.url("postgres"), autocommit=True) as looking,
    ):
        holding.execute("LOCK TABLE entries IN SHARE MODE")

        def stuck() -> bool:
            row = looking.execute(waiting).fetchone()
            return row is not None and row[0] >= 3

        until(stuck, "three batches have been begun", 60, served.place.tails)
        worker.kill()
        holding.rollback()


def test_nothing_is_lost_and_nothing_is_done_twice_while_everything_fails(served: Served) -> None:
    yesterday(served)
    first_refusal = threading.Event()

    def busy_once(to: str) -> str | None:
        if to != PUT_OFF or first_refusal.is_set():
            return None
        first_refusal.set()
        return "421 come back later"

    served.mailbox.refuse = busy_once
    port = served.address.rpartition(":")[2]
    served.start("web", ["tracker", "serve", "--port", port])
    workers = [served.start(f"worker{n}", WORKER) for n in (1, 2)]
    for n in (1, 2):
        served.start(f"beat{n}", BEAT)
    token = served.tracker("token", "new", PEOPLE[0])["token"]
    feed = served.tracker("calendar", "new", "--twin", "cologne", "--lang", "de")["url"]
    until(lambda: answers(served.address), "the web part answers", 60, served.place.tails)
    until(lambda: len(served.mailbox.ids()) == 2 and first_refusal.is_set(), "mails leave", 60, served.place.tails)

    poster = Poster(served.address, token)
    poster.progress(20, served.place.tails)
    kill_in_the_middle_of_a_batch(served, workers[0])
    served.redis.flush()
    workers[0].start()
    poster.progress(20, served.place.tails)
    served.redis.restart_hard()
    poster.progress(20, served.place.tails)
    served.postgres.crash_and_restart()
    poster.progress(20, served.place.tails)
    for worker in workers:
        worker.kill()
    poster.progress(20, served.place.tails)
    wanted = poster.stop()
    # Every nudge for the last posts goes with this: only the clock is left to wake anybody.
    served.redis.flush()
    for worker in workers:
        worker.start()

    made = bootstrap.assemble(served.environ)
    until(lambda: not behind(made.database, made.consumers), "every bookmark is at the end", 90, served.place.tails)
    until(lambda: shown(feed) == wanted, "the feed holds each of them once", 60, served.place.tails)
    until(lambda: len(served.mailbox.ids()) >= len(PEOPLE), "the mail put off has left", 120, served.place.tails)
    with made.database.reading() as session:
        parked, log = event_log.parked(session), event_log.read_all(session, limit=10_000)
    made.database.engine.dispose()
    recorded = [
        event.data["after"]["title"].get("de", "") for event in log if event.type is EventType.ACTIVITY_RECORDED
    ]
    assert parked == []
    assert sorted(title for title in recorded if title.startswith("Besuch ")) == wanted
    assert poster.failures, "nothing failed for those who posted, so this has not tested anything"
    assert sorted(str(message["To"]) for message in served.mailbox.messages) == sorted(PEOPLE)
    assert len(set(served.mailbox.ids())) == len(PEOPLE)
    for process in served.place.processes:
        assert process.running, process.tail()


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False


def shown(feed: str) -> list[str]:
    """The posted activities as they stand in the feed, twice where they stand there twice."""
    unfolded = httpx.get(feed, timeout=10).text.replace("\r\n ", "")
    return sorted(re.findall(r"^SUMMARY[^:\r\n]*:.*?(Besuch \d{4})", unfolded, re.MULTILINE))
