"""The database itself: one declarative base, the engine for both databases, and the column types they share.

SQLite and PostgreSQL run the same code. On SQLite every unit of work begins IMMEDIATE with a busy timeout, so that two
writers wait for each other instead of failing half-way; reading begins deferred and never blocks (WAL).
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from pydantic_core import from_json
from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, MetaData, create_engine, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 30
"""How long a writer waits for another one on SQLite."""


DATABASE_FAULTS = (OperationalError, InterfaceError)
"""What is raised where the database is away, busy for too long or restarting: trying again later helps."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


Json = JSON().with_variant(JSONB(), "postgresql")


class Instant(TypeDecorator[dt.datetime]):
    """An aware moment in UTC. SQLite keeps no zone, so it is taken off on the way in and put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone may not be stored")
        value = value.astimezone(dt.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 -- as SQLAlchemy asks
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Fixed(TypeDecorator[Decimal]):
    """An exact decimal with a fixed number of places, kept as a whole number of its smallest unit (cents, grams).

    SQLite has no decimals; whole numbers add up exactly in the SQL of both databases.
    """

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- as SQLAlchemy asks
        return None if value is None else int(value.scaleb(self.places).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002 -- as SQLAlchemy asks
        return None if value is None else Decimal(value).scaleb(-self.places)


def make_engine(url: str) -> Engine:
    """An engine for either database. Connections to PostgreSQL are tested before use, so a restart is survived."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=5,
        max_overflow=15,
        # A report reads thousands of small documents; this is the quicker of two ways, and the server has checked them.
        json_deserializer=from_json,
        # A forgotten transaction must not hold back the log or the vacuum for ever. Compiling a query takes seconds
        # where a part that is never run looks dear, and our queries take milliseconds.
        connect_args={
            "connect_timeout": 10,
            "options": "-c idle_in_transaction_session_timeout=120000 -c timezone=UTC -c jit=off",
        },
    )


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling begins too late (at the first write); we begin by ourselves below.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def renew_statistics(session: Session) -> None:
    """Let SQLite count what its indexes hold, or it guesses which of them helps. PostgreSQL counts by itself."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit = 1000"))
        session.execute(text("ANALYZE"))


def plan_for_values(session: Session) -> None:
    """Let PostgreSQL plan every query of this transaction for the values it is asked with.

    After ten runs of one it takes a plan for any values, and expects hardly anything of a range of days it does not
    know: the figures of a year then took more than twice as long.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))
