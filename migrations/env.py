"""Alembic's entry: brings a database to the newest schema, on an engine handed in by `tracker.bootstrap`.

Run through `tracker init`. On PostgreSQL an advisory lock lets several processes start at once, and a lock timeout
keeps a migration from blocking the people at work.
"""

from alembic import context
from sqlalchemy import Connection, text

import tracker.store.schema  # noqa: F401 -- all rows register themselves on import
from tracker.store.base import Base

_LOCK = 0x7472_6D69


def run(connection: Connection) -> None:
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        connection.execute(text("SET lock_timeout = '10s'"))
        connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_as_batch=True,
            compare_type=True,
            transaction_per_migration=True,
        )
        with context.begin_transaction():
            context.run_migrations()
    finally:
        if postgresql:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
            connection.commit()


run(context.config.attributes["connection"])
