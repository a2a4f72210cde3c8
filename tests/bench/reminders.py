"""The clock's tick beside ledgers of different sizes, and the planning of a year of very many occasions.

The tick is what a quiet installation does day and night: look for what is due, and whether the plan must be made again.
It must cost the same whatever lies ahead. The ledger is filled by bulk inserts, and so are the occasions: nobody types
a hundred thousand of them.
"""

import datetime as dt
import random
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import insert

from tests.bench.records import installation
from tests.bench.report import Row, median, once
from tests.conftest import ADMIN_URL
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.events import EventType
from tracker.domain.reminders import ReminderStatus
from tracker.store.occasions import OccasionRow
from tracker.store.reminders import ReminderRow

PEOPLE = 10
LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
_AT_ONCE = 10_000


def reminders(sizes: tuple[int, int], occasions: int) -> Iterator[Row]:
    """The tick with two sizes of the ledger, then a year of so many occasions."""
    for name, place in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        try:
            with place() as environ, installation(environ) as made:
                yield from _ticks(name, made, sizes)
            with place() as environ, installation(environ) as made:
                yield _year(name, made, occasions)
        except psycopg.OperationalError as fault:
            yield Row(f"reminders, {name}", None, None, "ms", "", f"PostgreSQL does not answer: {fault}")


def _ticks(name: str, made: Tracker, sizes: tuple[int, int]) -> Iterator[Row]:
    _people(made)
    _tick(made)
    few, many = sizes
    _fill_ledger(made, 0, few)
    small = median(lambda: _tick(made), 200) * 1e3
    _fill_ledger(made, few, many)
    large = median(lambda: _tick(made), 200) * 1e3
    yield Row(
        f"tick that finds nothing, {name}, {many:,} rows", large, small, "ms", f"the same with {few:,} rows",
        "looks for what is due, and whether to plan", 5,
    )  # fmt: skip


def _tick(made: Tracker) -> None:
    now = made.clock()
    assert queue_due(made.database, now, made.letterhead) == 0
    plan_reminders(made.database, now)


def _year(name: str, made: Tracker, count: int) -> Row:
    _people(made)
    _fill_occasions(made, count)
    planned = 0

    def plan() -> None:
        nonlocal planned
        planned = plan_reminders(made.database, made.clock(), ahead=YEAR)

    seconds = once(plan)
    title = f"planning a year of {count:,} occasions × {PEOPLE}, {name}"
    return Row(title, seconds, None, "s", "", f"{planned:,} rows, {planned / seconds:,.0f} a second")


def _people(made: Tracker) -> None:
    for number in range(PEOPLE):
        add_user(made.database, NewUser(f"bench{number}@example.org", "editor"), "bench", LONG_AGO)


def _fill_ledger(made: Tracker, first: int, last: int) -> None:
    """Rows that are due in the years to come; no event tells of them, so the plan is left as it is."""
    now = made.clock()
    _bulk(
        made,
        ReminderRow,
        (
            {
                "rule": "anniversary", "subject": f"milestone:{number}", "year": 2030, "lead": "0d", "person": "user:1",
                "channel": "mail", "user_id": 1, "when": "2030-01-01", "status": ReminderStatus.PLANNED.value,
                "due_at": now + dt.timedelta(days=1 + number % 1_000), "reason": "", "error": "", "created_at": now,
            }
            for number in range(first, last)
        ),
    )  # fmt: skip


def _fill_occasions(made: Tracker, count: int) -> None:
    chance, begin = random.Random(1988), dt.date(1950, 1, 1)
    _bulk(
        made,
        OccasionRow,
        (
            {
                "key": f"milestone:{number:06}", "kind": "milestone", "twins": ["cologne"], "rule": None,
                "edtf": (begin + dt.timedelta(days=chance.randrange(25_000))).isoformat(), "since": LONG_AGO,
                "titles": {"en": f"Occasion {number}"}, "basis": "", "sources": [],
            }
            for number in range(count)
        ),
    )  # fmt: skip
    with made.database.unit("bench", made.clock()) as unit:
        unit.append(EventType.TWIN_REVISED, "twin:cologne", {})  # wakes the plan, as a change would


def _bulk(made: Tracker, row: type[Any], values: Iterator[dict[str, Any]]) -> None:
    portion: list[dict[str, Any]] = []
    with made.database.engine.execution_options(writing=True).begin() as connection:
        for one in values:
            portion.append(one)
            if len(portion) == _AT_ONCE:
                connection.execute(insert(row), portion)
                portion = []
        if portion:
            connection.execute(insert(row), portion)


@contextmanager
def _sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        yield {"TRACKER_HOME": folder}


@contextmanager
def _postgresql() -> Iterator[dict[str, str]]:
    database = f"tracker_bench_{uuid.uuid4().hex[:8]}"
    with (
        psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3) as server,
        tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder,
    ):
        server.execute(f"CREATE DATABASE {database}".encode())
        try:
            url = ADMIN_URL.rsplit("/", 1)[0] + "/" + database
            yield {"TRACKER_HOME": folder, "DATABASE_URL": url}
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())
