"""Databases to measure in, both kinds, gone when the measuring is done."""

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from tests.conftest import ADMIN_URL


@contextmanager
def sqlite() -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        yield {"TRACKER_HOME": folder}


@contextmanager
def postgresql() -> Iterator[dict[str, str]]:
    """Raises `psycopg.OperationalError` where there is no server."""
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
