"""Installations for tests: every test that asks for `tracker` runs embedded (SQLite) and served (PostgreSQL, Redis).

The schema comes from the migrations, once per run; each test gets its own copy of the finished database. A server that
is missing skips the served half loudly; with CI set it fails instead.
"""

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis

from tracker import bootstrap
from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker

ADMIN_URL = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
# A database number for each test process, from 11 on: one of them empties its own when it has done.
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/{number}").format(
    number=11 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
)
NOW = dt.datetime(2026, 10, 1, 12, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: dt.datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> dt.datetime:
        return self.now

    def set(self, now: dt.datetime) -> None:
        self.now = now


def missing(what: str, fault: object) -> NoReturn:
    """Skip with the reason; in CI nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing: {fault}")
    pytest.skip(f"{what} is missing: {fault}")


class Embedded:
    """Databases as files; a copy of the template per test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.filled: set[str] = set()

    def copy(self, template: str, home: Path) -> dict[str, str]:
        if template not in self.filled:
            _fill({"TRACKER_HOME": str(self.folder / template)}, registry=template == "registry")
            self.filled.add(template)
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.folder / template / "tracker.db", home / "tracker.db")
        return {"TRACKER_HOME": str(home)}

    def give_back(self, environ: dict[str, str]) -> None:
        """The folder goes with the test."""


class Served:
    """Databases on the PostgreSQL server. Making one takes longer than most tests, so those done with are put back.

    Beside its own tables each has a copy of them as they were, in a schema of their own; putting back is emptying the
    one and filling it from the other.
    """

    def __init__(self) -> None:
        self.prefix = f"tracker_test_{uuid.uuid4().hex[:10]}"
        self.made: list[str] = []
        self.free: dict[str, list[str]] = {}
        self.template_of: dict[str, str] = {}

    def environ(self, database: str, home: Path) -> dict[str, str]:
        return {
            "TRACKER_HOME": str(home),
            "DATABASE_URL": _address(database),
            "REDIS_URL": REDIS_URL,
            "SECRET_KEY": "only-for-tests",
        }

    def copy(self, template: str, home: Path) -> dict[str, str]:
        if self.free.get(template):
            return self.environ(self.free[template].pop(), home)
        original = f"{self.prefix}_{template}"
        if original not in self.made:
            self.make(original)
            _fill(self.environ(original, home), registry=template == "registry")
            self._remember(original)
        database = f"{self.prefix}_{uuid.uuid4().hex[:8]}"
        self.make(database, f"TEMPLATE {original}")
        self.template_of[database] = template
        return self.environ(database, home)

    def give_back(self, environ: dict[str, str]) -> None:
        """Put a copy back to what it was, for the next test."""
        database = environ["DATABASE_URL"].rsplit("/", 1)[1]
        self._put_back(database)
        self.free.setdefault(self.template_of[database], []).append(database)

    def make(self, database: str, how: str = "") -> None:
        self._run(f"CREATE DATABASE {database} {how}")
        self.made.append(database)

    def drop(self, database: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        self.made.remove(database)

    def drop_all(self) -> None:
        for database in list(self.made):
            self.drop(database)

    def _remember(self, database: str) -> None:
        with psycopg.connect(_address(database), autocommit=True) as connection:
            connection.execute("CREATE SCHEMA as_it_was")
            for table in _tables(connection):
                connection.execute(f'CREATE TABLE as_it_was."{table}" AS TABLE public."{table}"')
            connection.execute(
                "CREATE TABLE as_it_was.sequences AS"
                " SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public'"
            )

    @staticmethod
    def _put_back(database: str) -> None:
        with psycopg.connect(_address(database)) as connection:
            # What a test left running must not hold a lock, nor write into the next one.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            # Without the triggers of foreign keys, in which order tables come is all the same.
            connection.execute("SET session_replication_role = replica")
            for table in _tables(connection):
                connection.execute(f'DELETE FROM public."{table}"')
                connection.execute(f'INSERT INTO public."{table}" SELECT * FROM as_it_was."{table}"')
            connection.execute(
                "SELECT setval(format('public.%I', name)::regclass, coalesce(value, 1), value IS NOT NULL)"
                " FROM as_it_was.sequences"
            )

    @staticmethod
    def _run(statement: str) -> None:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            connection.execute(statement)


def _address(database: str) -> str:
    return ADMIN_URL.rsplit("/", 1)[0] + f"/{database}"


def _tables(connection: psycopg.Connection) -> list[str]:
    return [name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]


def _fill(environ: dict[str, str], *, registry: bool) -> None:
    made = bootstrap.assemble(environ, Clock())
    bootstrap.prepare(made)
    if registry:
        load_registry(made.database, made.clock())
    made.database.engine.dispose()


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return Embedded(tmp_path_factory.mktemp("embedded"))


@pytest.fixture(scope="session")
def served() -> Iterator[Served]:
    try:
        psycopg.connect(ADMIN_URL, connect_timeout=3).close()
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except (psycopg.OperationalError, redis.ConnectionError) as fault:
        missing("PostgreSQL or Redis", fault)
    place = Served()
    try:
        yield place
    finally:
        place.drop_all()
        redis.Redis.from_url(REDIS_URL).flushdb()


@pytest.fixture(params=["embedded", "served"])
def mode(request: pytest.FixtureRequest) -> str:
    """How the installation runs; a test that asks for it runs in both ways."""
    return str(request.param)


def _installation(mode: str, template: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    place = request.getfixturevalue(mode)
    environ = place.copy(template, tmp_path / "home")
    made = bootstrap.assemble(environ, Clock())
    yield made
    made.database.engine.dispose()
    place.give_back(environ)


@pytest.fixture
def tracker(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """A bare installation: migrated, empty."""
    yield from _installation(mode, "bare", tmp_path, request)


@pytest.fixture
def with_registry(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """An installation with the registry that ships loaded; consumers have not read it yet."""
    yield from _installation(mode, "registry", tmp_path, request)
