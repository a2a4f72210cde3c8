"""A morning on which everything fails: each reachable person has each reminder, and nobody has one as two mails.

Real processes: three workers, two clocks, a PostgreSQL and a Redis of the test's own, an SMTP server that puts off
every fifth mail (421) and knows one in fifty mailboxes not (550). Workers are killed at random with `kill -9`, Redis is
emptied twice, PostgreSQL crashes, and everything stands still for ten days. A test run takes 600 reminders and kills
six workers; by hand, TRACKER_CHAOS=20000 makes it the full proof, with 33 kills (`-s` shows what it counted).
"""

import datetime as dt
import itertools
import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.journeys.moved import MovedClock
from tests.journeys.processes import (
    Mailbox,
    Place,
    PostgresServer,
    Process,
    RedisServer,
    own_environ,
    place,
    postgres_server,
    smtp_server,
    until,
)
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.actions.registry import load_registry
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.consumers.reading import catch_up
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, RecordActivity
from tracker.domain.deliveries import LEASE
from tracker.store.accounts import UserRow
from tracker.store.rules import RuleRow

REMINDERS = int(os.environ.get("TRACKER_CHAOS", "600"))
PEOPLE = 50 if REMINDERS < 5_000 else 200
GIFTS = REMINDERS // PEOPLE
KILLS = 3 if REMINDERS < 5_000 else 30
PATIENCE = 60 + REMINDERS / 5
"""Seconds without which something hangs; a quiet machine needs a fraction."""

MORNING = dt.datetime(2027, 3, 10, 8, 0, 5, tzinfo=dt.UTC)
BEFORE = MORNING - dt.timedelta(days=1)
CELERY = ["celery", "-A", "tests.journeys.moved"]
WORKER = [*CELERY, "worker", "--queues", "consume,export,deliver,report,clock", "--concurrency", "2"]
BEAT = [*CELERY, "beat", "--loglevel", "WARNING"]


@dataclass
class House:
    place: Place
    environ: dict[str, str]
    clock: MovedClock
    postgres: PostgresServer
    redis: RedisServer
    mailbox: Mailbox
    chance: random.Random = field(default_factory=lambda: random.Random(1988))

    def start(self, name: str, command: list[str]) -> Process:
        return self.place.start(name, command, self.environ)

    def arrived(self) -> int:
        return len(self.mailbox.messages)

    def ask(self, question: str) -> tuple[object, ...]:
        """One row of the database."""
        with psycopg.connect(self.environ["DATABASE_URL"]) as connection:
            row = connection.execute(question.encode(), {"now": self.clock()}).fetchone()
            assert row is not None
            return row


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with postgres_server() as postgres, smtp_server() as (smtp_url, mailbox), place(tmp_path) as processes:
        redis_server = RedisServer(processes)
        clock = MovedClock(tmp_path / "moved_by")
        clock.set(BEFORE)
        environ = own_environ(
            TRACKER_HOME=str(tmp_path / "home"),
            DATABASE_URL=postgres.create("tracker"),
            REDIS_URL=redis_server.url,
            SMTP_URL=smtp_url,
            BASE_URL="http://tracker.example.org",
            SECRET_KEY="only-for-tests",
            MOVED_BY=str(clock.file),
        )
        yield House(processes, environ, clock, postgres, redis_server, mailbox)
        processes.kill_all()


def address(number: int) -> str:
    return f"person{number}@example.org"


def is_reachable(to: str) -> bool:
    """One in fifty is not."""
    return int(to.removeprefix("person").partition("@")[0]) % 50 != 7


def the_day_before(made: Tracker) -> None:
    """People who want a mail for each, and gifts whose anniversary is in thirty days; all is planned."""
    now, comes = made.clock(), MORNING.date() + dt.timedelta(days=30)
    bootstrap.prepare(made)
    load_registry(made.database, now)
    for number in range(PEOPLE):
        add_user(made.database, NewUser(address(number), "reader", "", "de", "Etc/UTC"), "system", now)
    with made.database.unit("test", now) as unit:
        unit.session.query(UserRow).update({"single_mails": True})
        unit.session.query(RuleRow).filter(RuleRow.key != "anniversary").update({"enabled": False})
        unit.session.query(RuleRow).filter_by(key="anniversary").update({"leads": ["-30d"]})
    gift = {"kind": "milestone", "subtype": "gift", "status": "held", "twins": ["cologne"]}
    for number in range(GIFTS):
        document = gift | {"title": {"de": f"Glocke {number:03}"}, "start": f"{comes.year - 8}-{comes:%m-%d}"}
        content = ActivityContent.model_validate(document)
        record_activity(made.database, RecordActivity(content), Actor("system"), now)
    catch_up(made.database, made.consumers, now)
    plan_reminders(made.database, now)


def kill_at_random(worker: Process, seconds: float) -> None:
    """`kill -9` by another process: this one's threads are the mail server, whose steps must not choose the moment."""
    subprocess.run(["sh", "-c", f"sleep {seconds:.3f}; kill -9 -{worker.pid}"], check=True)
    worker.kill()


def refuse(house: House) -> None:
    count = itertools.count(1)

    def answer(to: str) -> str | None:
        if next(count) % 5 == 0:
            return "421 4.7.0 come back later"
        return None if is_reachable(to) else "550 5.1.1 no such mailbox"

    house.mailbox.refuse = answer


def drain(house: House) -> None:
    """Until nothing waits. Where all that waits does so for later, the clock goes there: nobody is sending then."""
    deadline, still, seen = time.monotonic() + PATIENCE, time.monotonic(), -1
    while True:
        due, later, sending, last = house.ask(
            "SELECT count(*) FILTER (WHERE status = 'queued' AND next_try_at <= %(now)s),"
            " count(*) FILTER (WHERE status = 'queued' AND next_try_at > %(now)s),"
            " count(*) FILTER (WHERE status = 'sending'), max(next_try_at) FROM deliveries"
            " WHERE status IN ('queued', 'sending')"
        )
        (planned,) = house.ask("SELECT count(*) FROM reminders WHERE status = 'planned' AND due_at <= %(now)s")
        if not (due or later or sending or planned):
            return
        if house.arrived() != seen:
            still, seen = time.monotonic(), house.arrived()
        assert time.monotonic() < deadline, f"{due} due, {later} later, {planned} planned\n{house.place.tails()}"
        if not (due or sending or planned):
            assert isinstance(last, dt.datetime)
            house.clock.set(last + dt.timedelta(seconds=1))
        elif sending and time.monotonic() - still > 15:  # their worker was killed as it claimed them: the lease decides
            house.clock.set(house.clock() + LEASE)
            still = time.monotonic()
        time.sleep(0.2)


def test_on_a_morning_when_all_fails_each_has_each_reminder_once(house: House) -> None:
    made = bootstrap.assemble(house.environ, house.clock)
    the_day_before(made)
    refuse(house)
    house.clock.set(MORNING)
    workers = [house.start(f"worker{n}", WORKER) for n in range(3)]
    beats = [house.start(f"beat{n}", BEAT) for n in range(2)]
    mails = REMINDERS * 49 // 50
    killings = sorted(house.chance.randrange(mails // 20, mails * 7 // 10) for _ in range(KILLS))

    def reach(count: int) -> None:
        """Go on until so many mails have arrived, killing workers on the way."""
        while killings and killings[0] <= count:
            at = killings.pop(0)
            until(lambda at=at: house.arrived() >= at, f"{at} mails arrive", PATIENCE, house.place.tails)  # type: ignore[misc]  # a default has no type in a lambda
            worker = house.chance.choice(workers)
            kill_at_random(worker, house.chance.random() / 2)
            worker.start()
        until(lambda: house.arrived() >= count, f"{count} mails arrive", PATIENCE, house.place.tails)

    begun = time.monotonic()
    reach(mails // 10)
    house.redis.flush()
    reach(mails // 4)
    house.postgres.crash_and_restart()
    reach(mails * 2 // 5)
    for process in (*workers, *beats):
        process.kill()
    house.clock.set(MORNING + dt.timedelta(days=10))
    for process in (*workers, *beats):
        process.start()
    reach(mails * 3 // 5)
    house.redis.flush()
    reach(mails * 7 // 10)
    drain(house)
    took = time.monotonic() - begun

    report(house, took)
    made.database.engine.dispose()
    for process in house.place.processes:
        assert process.running, process.tail()


def report(house: House, took: float) -> None:
    """Count what arrived against what ought to have, by what people have in their mailboxes and by the ledger."""
    messages = list(house.mailbox.messages)
    bells = [m for m in messages if "Glocke" in str(m["Subject"])]
    ids_of: dict[tuple[str, str], set[str]] = {}
    for message in bells:
        ids_of.setdefault((str(message["To"]), str(message["Subject"])), set()).add(str(message["Message-ID"]))
    times = Counter(str(message["Message-ID"]) for message in messages)
    twice = {message_id for message_id, count in times.items() if count > 1}
    with psycopg.connect(house.environ["DATABASE_URL"]) as connection:
        ledger = connection.execute(
            "SELECT u.email, r.status, r.reason, count(*) FROM reminders r JOIN users u ON u.id = r.user_id"
            " WHERE r.lead = '-30d' AND r.subject LIKE 'activity:%' OR r.delivery_id IS NOT NULL"
            " GROUP BY u.email, r.status, r.reason"
        ).fetchall()
        known = {row[0] for row in connection.execute("SELECT message_id FROM deliveries WHERE maybe_twice")}
    print(
        f"\n{len(bells)} mails of {REMINDERS} reminders in {took:.0f} s, {KILLS + 3} workers killed,"
        f" {len(house.mailbox.refused)} refusals; arrived twice under one Message-ID: {len(twice)},"
        f" counted as perhaps twice: {len(known)}"
    )
    reachable = {address(n) for n in range(PEOPLE) if is_reachable(address(n))}
    had = Counter(to for to, _ in ids_of)
    assert had == dict.fromkeys(reachable, GIFTS)
    assert {len(ids) for ids in ids_of.values()} == {1}
    assert twice <= known
    assert {(status, reason) for email, status, reason, _ in ledger if email in reachable} == {("sent", "")}
    assert {status for email, status, _, _ in ledger if email not in reachable} <= {"failed", "skipped"}
