"""A sheet of many rows imported, beside the database's own fastest way to take the same rows into a plain table."""

import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg

from tests.bench.records import ME, installation, rows, sheet
from tests.bench.report import Row, median
from tests.conftest import ADMIN_URL
from tracker.actions.imports import ImportFile, import_file

NOTE = "the yardstick checks nothing and writes no history"


def imports(count: int) -> Iterator[Row]:
    yield _into_sqlite(count)
    yield _into_postgresql(count)


def _into_sqlite(count: int) -> Row:
    heading, records = rows(count)
    with tempfile.TemporaryDirectory() as folder:
        ours = _ours({"TRACKER_HOME": folder}, count)
        plain = sqlite3.connect(Path(folder) / "plain.db")
        plain.execute("PRAGMA journal_mode=WAL")
        marks = ", ".join("?" * len(heading))

        def copy() -> None:
            plain.execute("DROP TABLE IF EXISTS plain")
            plain.execute(f"CREATE TABLE plain ({', '.join(heading)})")
            plain.executemany(f"INSERT INTO plain VALUES ({marks})", records)
            plain.commit()

        yardstick = median(copy, 3)
        plain.close()
    return Row(f"import of {count:,} rows, SQLite", ours, yardstick, "s", "executemany into a plain table", NOTE)


def _into_postgresql(count: int) -> Row:
    name = f"import of {count:,} rows, PostgreSQL"
    try:
        server = psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError as fault:
        return Row(name, None, None, "s", "COPY", f"PostgreSQL does not answer: {fault}")
    heading, records = rows(count)
    database = f"tracker_bench_{uuid.uuid4().hex[:8]}"
    url = ADMIN_URL.rsplit("/", 1)[0] + "/" + database
    with server, tempfile.TemporaryDirectory() as folder:
        server.execute(f"CREATE DATABASE {database}".encode())
        try:
            ours = _ours({"TRACKER_HOME": folder, "DATABASE_URL": url}, count)
            with psycopg.connect(url) as plain:

                def copy() -> None:
                    plain.execute("DROP TABLE IF EXISTS plain")
                    plain.execute(f"CREATE TABLE plain ({', '.join(f'{c} text' for c in heading)})".encode())
                    with plain.cursor().copy("COPY plain FROM STDIN") as into:
                        for record in records:
                            into.write_row(record)
                    plain.commit()

                yardstick = median(copy, 3)
        finally:
            server.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)".encode())
    return Row(name, ours, yardstick, "s", "COPY into a plain table", NOTE)


def _ours(environ: dict[str, str], count: int) -> float:
    data = sheet(count)
    numbers = iter(range(2))

    def take_in() -> None:
        # Every run brings rows of its own: a sheet that is known already would write nothing.
        fresh = data.replace(b"\nB", f"\nB{next(numbers)}".encode())
        outcome = import_file(made.database, ImportFile("bench.csv", fresh), ME, made.clock()).outcome
        assert outcome.created == count

    with installation(environ) as made:
        return median(take_in, 1)
