"""The figures of a year out of very many activities, beside the very same queries through the raw driver.

What stands between the two is ours: making the queries, reading the rows, building the figures and their lines.
"""

import gc
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
from sqlalchemy import Engine, event

from tests.bench import databases
from tests.bench.many_years import LAST, fill
from tests.bench.records import installation
from tests.bench.report import Row, median
from tracker.bootstrap import Tracker
from tracker.domain.figures import Figures, Scope
from tracker.domain.periods import Period
from tracker.store.figures import figures

Statement = tuple[str, Any]
_ROUNDS = 9


def year_of_figures(postgresql_times: int, sqlite_count: int) -> Iterator[Row]:
    try:
        with databases.postgresql() as environ, installation(environ) as made:
            fill(made, postgresql_times)
            yield from _measured("PostgreSQL", made, postgresql_times * 100_000, _psycopg)
    except psycopg.OperationalError as fault:
        yield Row("figures of a year, PostgreSQL", None, None, "ms", "", f"PostgreSQL does not answer: {fault}")
    with databases.sqlite() as environ, installation(environ) as made:
        fill(made, 1, sqlite_count)
        yield from _measured("SQLite", made, sqlite_count, _sqlite3)


def _measured(name: str, made: Tracker, count: int, driver: Callable[..., Callable[[], object]]) -> Iterator[Row]:
    # As `tracker serve` does: what the bench has loaded is not gone through again for every report.
    gc.collect()
    gc.freeze()
    span = Period.of_year(LAST)
    scope = Scope(first=span.first, last=span.last)
    with made.database.reading() as session:
        for listing in (False, True):

            def ours(listing: bool = listing) -> Figures:
                return figures(session, scope, span.before, listing=listing)

            found = ours()  # the twins are read once
            statements = _statements(made.database.engine, ours)
            seconds = median(ours, _ROUNDS)
            bare = median(driver(made, statements), _ROUNDS)
            title = f"{'report with its list' if listing else 'figures'} of a year out of {count:,}, {name}"
            note = f"{len(found.lines):,} listed" if listing else f"{found.activities.held.now:,} held"
            yield Row(
                title, seconds * 1e3, bare * 1e3, "ms", "the same queries through the raw driver",
                f"{note}, {len(statements)} queries", 300,
            )  # fmt: skip


def _statements(engine: Engine, work: Callable[[], object]) -> list[Statement]:
    """What `work` asks the database."""
    asked: list[Statement] = []

    def keep(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "SET ")):
            asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", keep)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", keep)
    return asked


def _psycopg(made: Tracker, statements: Sequence[Statement]) -> Callable[[], object]:
    # At its quickest, as ours are: of itself PostgreSQL turns to worse plans after ten runs.
    options = "-c jit=off -c plan_cache_mode=force_custom_plan"
    connection = psycopg.connect(made.settings.database_url, autocommit=True, options=options)
    return lambda: [connection.execute(text.encode(), values).fetchall() for text, values in statements]


def _sqlite3(made: Tracker, statements: Sequence[Statement]) -> Callable[[], object]:
    connection = sqlite3.connect(str(made.database.engine.url.database))
    return lambda: [connection.execute(text, values).fetchall() for text, values in statements]
