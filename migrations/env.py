"""Alembic's entry: brings a database to the newest schema, on an engine handed in by `tracker.bootstrap`.

Run through `tracker init`. On PostgreSQL an advisory lock lets several processes start at once, and a lock timeout
keeps a migration from blocking the people at work. SQLite changes a table by making it anew, so there foreign keys
are looked at when all is done: else dropping the old table would take along whatever refers to it.
"""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

from tracker.store.schema import METADATA, is_compared

_LOCK = 0x7472_6D69


def run(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if not postgresql:
        _foreign_keys(connection, "OFF")
    if postgresql:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=METADATA,
            include_name=is_compared,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if not postgresql:
            _check_foreign_keys(connection)
    finally:
        if not postgresql:
            connection.rollback()
            _foreign_keys(connection, "ON")
        if postgresql:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


def _foreign_keys(connection: Connection, switch: str) -> None:
    # Past SQLAlchemy, which would begin a transaction first: within one the switch does nothing.
    driver: Any = connection.connection.driver_connection
    driver.execute(f"PRAGMA foreign_keys={switch}")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"rows refer to what is not there: {broken[:5]}")


run(context.config.attributes["connection"])
