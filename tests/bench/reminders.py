"""The clock's tick beside ledgers of different sizes, and the planning of a year of very many occasions.

The tick is what a quiet installation does day and night: look for what is due, and whether the plan must be made again.
It must cost the same whatever lies ahead. The ledger is filled by bulk inserts, and so are the occasions: nobody types
a hundred thousand of them.
"""

import datetime as dt
import random
import resource
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import insert, text

from tests.bench import databases
from tests.bench.records import installation
from tests.bench.report import Row, median, once
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
    for name, place in (("SQLite", databases.sqlite), ("PostgreSQL", databases.postgresql)):
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

    before = _peak()
    seconds = once(plan)
    grown = _peak() - before
    title = f"planning a year of {count:,} occasions × {PEOPLE}, {name}"
    note = f"{planned:,} rows, {planned / seconds:,.0f} a second; {grown:,.0f} MB more at its peak"
    bare, against = _bare(made, planned)
    return Row(title, seconds, bare, "s", against, note)


def _peak() -> float:
    """The most this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _bare(made: Tracker, count: int) -> tuple[float, str]:
    """As many rows into an empty table with the same indexes, by the fastest way the database's own driver has."""
    table = ReminderRow.__table__
    now = made.clock()
    rows = (
        (n, "anniversary", f"milestone:{n // 44:06}", 2027, f"-{n % 4}d", f"user:{n % 11}", "mail", 1, "2027-01-01",
         now + dt.timedelta(days=n % 365), "planned", "", "", now)
        for n in range(count)
    )  # fmt: skip
    names = ["id", *(column.name for column in table.columns if column.name not in ("id", "delivery_id", "read_at"))]
    columns = ", ".join(f'"{name}"' for name in names)
    if made.database.engine.dialect.name == "sqlite":
        return _by_executemany(made, columns, ((*r[:9], str(r[9]), *r[10:13], str(r[13])) for r in rows)), (
            "sqlite3's executemany, as many rows into such a table with its indexes"
        )
    return _by_copy(made, columns, rows), "psycopg's COPY, as many rows into such a table with its indexes"


def _by_executemany(made: Tracker, columns: str, rows: Iterator[tuple[Any, ...]]) -> float:
    database = made.settings.home / "bare.db"
    with made.database.reading() as session:
        found = session.execute(text("SELECT sql FROM sqlite_master WHERE tbl_name = 'reminders' AND sql IS NOT NULL"))
        statements = list(found.scalars())
    with closing(sqlite3.connect(database)) as connection:
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + ";".join(statements))
        marks = ", ".join("?" * len(columns.split(", ")))

        def insert_all() -> None:
            with connection:
                connection.executemany(f"INSERT INTO reminders ({columns}) VALUES ({marks})", rows)

        return once(insert_all)


def _by_copy(made: Tracker, columns: str, rows: Iterator[tuple[Any, ...]]) -> float:
    url = made.database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE bare (LIKE reminders INCLUDING ALL)")

        def copy_all() -> None:
            with connection.cursor().copy(f"COPY bare ({columns}) FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
            connection.commit()

        return once(copy_all)


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
