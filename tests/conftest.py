"""Installations for tests: every test that asks for `tracker` runs embedded (SQLite) and served (PostgreSQL, Redis).

The schema comes from the migrations, once per run, whichever process of it comes first; each test gets its own copy of
the finished database. A server that is missing skips the served half loudly; with CI set it fails instead.
"""

import datetime as dt
import fcntl
import gc
import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis
import structlog

from tracker import bootstrap
from tracker.actions.exports import export_calendars
from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker
from tracker.consumers import reading

ADMIN_URL = os.environ.get("TEST_DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres")
# A database number for each test process, from 11 on: one of them empties its own when it has done.
REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/{number}").format(
    number=11 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
)
RUN = os.environ.setdefault("TEST_RUN", uuid.uuid4().hex[:10])
"""A run of the tests, by which its processes know each other's databases."""
DATABASES = f"tracker_test_{RUN}"
# What a fault is told by unless somebody sets it up: coloured, with all local variables, and seconds in the making.
structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.KeyValueRenderer()])


def pytest_collection_finish() -> None:
    """Each test leaves an application behind: a quarter of the time went into looking for what can be freed.

    What is imported stays, and need not be looked through again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The process that began the others leaves no database behind."""
    if hasattr(session.config, "workerinput"):
        return
    try:
        with psycopg.connect(ADMIN_URL, autocommit=True, connect_timeout=3) as server:
            left = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (f"{DATABASES}%",))
            for (name,) in left.fetchall():
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")
    except psycopg.OperationalError:
        return  # without a server nothing was left; what wanted it has said so


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


@dataclass(frozen=True)
class Template:
    """What a database holds before a test begins; made once in a run of the tests, and copied from then on."""

    name: str
    fill: Callable[[Tracker], object]
    on: "Template | None" = None
    """What it is made from, itself a template."""


def _read(made: Tracker) -> None:
    reading.catch_up(made.database, made.consumers, made.clock())
    export_calendars(made.database, made.clock())  # which renders what comes round in these years


BARE = Template("bare", bootstrap.prepare)
REGISTRY = Template("registry", lambda made: load_registry(made.database, made.clock()), BARE)
READ = Template("read", _read, REGISTRY)


@contextmanager
def to_make(folder: Path, name: str) -> Iterator[bool]:
    """Whether something is still to be made, which processes of one run share; the others wait until it is there."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{name}.made").open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        yield mark.seek(0, os.SEEK_END) == 0
        mark.write("made")


class Embedded:
    """Databases as files; a copy of the template per test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def copy(self, template: Template, home: Path) -> dict[str, str]:
        original = self.folder / template.name
        with to_make(self.folder, template.name) as missed:
            if missed:
                if template.on:
                    self.copy(template.on, original)
                _fill({"TRACKER_HOME": str(original)}, template)
        home.mkdir(parents=True, exist_ok=True)
        shutil.copy(original / "tracker.db", home / "tracker.db")
        return {"TRACKER_HOME": str(home)}

    def give_back(self, environ: dict[str, str]) -> None:
        """The folder goes with the test."""


_PUT_BACK = """
CREATE FUNCTION as_it_was.put_back() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text; many bigint; youngest bigint; before bigint; handed bigint;
BEGIN
    SELECT xid INTO handed FROM as_it_was.handed_out;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM public.%I', name)
            INTO many, youngest;
        EXECUTE format('SELECT count(*) FROM as_it_was.%I', name) INTO before;
        -- A row written since bears a younger transaction; one that is gone is missed.
        IF many <> before OR youngest > handed THEN
            EXECUTE format('DELETE FROM public.%I', name);
            EXECUTE format('INSERT INTO public.%I SELECT * FROM as_it_was.%I', name, name);
        END IF;
    END LOOP;
    PERFORM setval(format('public.%I', s.name)::regclass, coalesce(s.value, 1), s.value IS NOT NULL)
        FROM as_it_was.sequences s;
    UPDATE as_it_was.handed_out SET xid = txid_current();
END $$
"""
"""Puts back what a test has written, and leaves the tables that it only read."""


class Served:
    """Databases on the PostgreSQL server. Making one takes longer than most tests, so those done with are put back.

    Beside its own tables each has a copy of them as they were, in a schema of their own; putting back is emptying the
    one and filling it from the other.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.free: dict[str, list[str]] = {}
        self.template_of: dict[str, str] = {}

    def environ(self, database: str, home: Path) -> dict[str, str]:
        return {
            "TRACKER_HOME": str(home),
            "DATABASE_URL": _address(database),
            "REDIS_URL": REDIS_URL,
            "SECRET_KEY": "only-for-tests",
        }

    def copy(self, template: Template, home: Path) -> dict[str, str]:
        if self.free.get(template.name):
            return self.environ(self.free[template.name].pop(), home)
        database = self.make(f"TEMPLATE {self._original(template, home)}")
        self.template_of[database] = template.name
        return self.environ(database, home)

    def _original(self, template: Template, home: Path) -> str:
        original = f"{DATABASES}_{template.name}"
        with to_make(self.folder, f"served-{template.name}") as missed:
            if missed:
                self._create(original, f"TEMPLATE {self._original(template.on, home)}" if template.on else "")
                _fill(self.environ(original, home), template)
                self._remember(original)
        return original

    def give_back(self, environ: dict[str, str]) -> None:
        """Put a copy back to what it was, for the next test."""
        database = environ["DATABASE_URL"].rsplit("/", 1)[1]
        self._put_back(database)
        self.free.setdefault(self.template_of[database], []).append(database)

    def make(self, how: str = "") -> str:
        """A database of its own; it goes with the run."""
        database = f"{DATABASES}_{uuid.uuid4().hex[:8]}"
        self._create(database, how)
        return database

    def _create(self, database: str, how: str) -> None:
        self._run(f"CREATE DATABASE {database} {how}")
        # Waiting for the disk at each commit guards against the machine's fall, and nobody keeps what tests wrote.
        self._run(f"ALTER DATABASE {database} SET synchronous_commit = off")

    def drop(self, database: str) -> None:
        self._run(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def _remember(self, database: str) -> None:
        with psycopg.connect(_address(database), autocommit=True) as connection:
            connection.execute("DROP SCHEMA IF EXISTS as_it_was CASCADE")  # of the template below this one
            connection.execute("CREATE SCHEMA as_it_was")
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                connection.execute(f'CREATE TABLE as_it_was."{table}" AS TABLE public."{table}"')
            connection.execute(
                "CREATE TABLE as_it_was.sequences AS"
                " SELECT sequencename AS name, last_value AS value FROM pg_sequences WHERE schemaname = 'public'"
            )
            connection.execute(_PUT_BACK)
            connection.execute("CREATE TABLE as_it_was.handed_out AS SELECT txid_current() AS xid")

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
            connection.execute("SELECT as_it_was.put_back()")

    @staticmethod
    def _run(statement: str) -> None:
        with psycopg.connect(ADMIN_URL, autocommit=True) as connection:
            connection.execute(statement)


def _address(database: str) -> str:
    return ADMIN_URL.rsplit("/", 1)[0] + f"/{database}"


def _fill(environ: dict[str, str], template: Template) -> None:
    """Make the database that others are copied from."""
    made = bootstrap.assemble(environ, Clock())
    template.fill(made)
    made.database.engine.dispose()


def _templates(made: pytest.TempPathFactory) -> Path:
    """The folder that all processes of one run share."""
    base = made.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Embedded:
    return Embedded(_templates(tmp_path_factory))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    try:
        psycopg.connect(ADMIN_URL, connect_timeout=3).close()
        redis.Redis.from_url(REDIS_URL, socket_connect_timeout=3).ping()
    except (psycopg.OperationalError, redis.ConnectionError) as fault:
        missing("PostgreSQL or Redis", fault)
    try:
        yield Served(_templates(tmp_path_factory))
    finally:
        redis.Redis.from_url(REDIS_URL).flushdb()


@pytest.fixture(params=["embedded", "served"])
def mode(request: pytest.FixtureRequest) -> str:
    """How the installation runs; a test that asks for it runs in both ways."""
    return str(request.param)


@contextmanager
def installation(template: Template, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """An installation in the mode of the test, which begins as the template says."""
    place = request.getfixturevalue(request.getfixturevalue("mode"))
    environ = place.copy(template, tmp_path / "home")
    made = bootstrap.assemble(environ, Clock())
    yield made
    made.database.engine.dispose()
    place.give_back(environ)


@pytest.fixture
def tracker(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """A bare installation: migrated, empty."""
    with installation(BARE, tmp_path, request) as made:
        yield made


@pytest.fixture
def with_registry(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """An installation with the registry that ships loaded; consumers have not read it yet."""
    with installation(REGISTRY, tmp_path, request) as made:
        yield made


@pytest.fixture
def with_registry_read(mode: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tracker]:
    """The same, read by every consumer: its days are remembered, its entries rendered."""
    with installation(READ, tmp_path, request) as made:
        yield made
