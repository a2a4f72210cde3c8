"""The one place that begins and the one place that commits.

    with database.unit(actor, now) as unit:   # commits on a clean exit, rolls back on any exception
        ...                                    # rows through unit.session, events through unit.append

Events are kept until the end, then written under a lock that is held for the insert and the commit only. So the numbers
of the log are given in the order of the commits: a reader that has seen number n will never find a smaller one later.
(Reading below `pg_snapshot_xmin` was tried and rejected: numbers and transaction ids are drawn in different orders, so
a bookmark by number can still skip an event, and any long transaction in the cluster holds every reader back.)
Nothing here reaches mail, Redis or the network; what must follow a commit is registered with `after_commit`.
"""

import datetime as dt
import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from tracker.domain.events import EventType
from tracker.errors import Conflict
from tracker.i18n import N_
from tracker.store import search
from tracker.store.base import BUSY_SECONDS
from tracker.store.event_log import EventRow, new_row

_LOG_LOCK = 0x7472_6163
"""PostgreSQL advisory lock that puts the commits with events in one order (the letters of "trac")."""

_UNIQUE_VIOLATION = "23505"
"""Two units looked, found nothing and wrote the same. Only PostgreSQL has two writers at once."""


@dataclass
class Unit:
    """What an action works with: a session, the actor, the moment, and the events to append."""

    session: Session
    actor: str
    now: dt.datetime
    events: list[EventRow] = field(default_factory=list)
    _followers: list[Callable[[], object]] = field(default_factory=list)

    def append(self, type_: EventType, subject: str, data: Mapping[str, Any]) -> None:
        """Add an event to the log when this unit commits."""
        self.events.append(new_row(type_, subject, data, self.actor, self.now))

    def after_commit(self, follow: Callable[[], object]) -> None:
        """Run `follow` once the commit is durable. It may be lost in a crash: only for hints, never for facts."""
        self._followers.append(follow)


def _is_served(engine: Engine) -> bool:
    return engine.dialect.name == "postgresql"


class Database:
    """An engine and the ways to use it: `unit` to write, `reading` to look, `glancing` for one question."""

    def __init__(
        self,
        engine: Engine,
        nudge: Callable[[], object] = lambda: None,
        turns: "threading.Lock | None" = None,
    ) -> None:
        self.engine = engine
        self._nudge = nudge
        self._turns = turns or threading.Lock()
        self._writing = sessionmaker(engine.execution_options(writing=True), expire_on_commit=False)
        self._reading = sessionmaker(engine, expire_on_commit=False)
        # On SQLite there is no server, and a transaction that reads costs nothing.
        alone = engine.execution_options(isolation_level="AUTOCOMMIT") if _is_served(engine) else engine
        self._glancing = sessionmaker(alone, expire_on_commit=False)

    def nudging(self, nudge: Callable[[], object]) -> "Database":
        """The same database; `nudge` is called after each commit that has appended events."""
        return Database(self.engine, nudge, self._turns)

    @contextmanager
    def unit(self, actor: str, now: dt.datetime) -> Iterator[Unit]:
        """A unit of work. A row changed by somebody else meanwhile raises `Conflict`."""
        with self._turn():
            unit = yield from self._work(actor, now)
        for follow in unit._followers:
            follow()
        if unit.events:
            self._nudge()

    def _work(self, actor: str, now: dt.datetime) -> Generator[Unit, None, Unit]:
        session = self._writing()
        unit = Unit(session, actor, now)
        try:
            yield unit
            session.flush()
            search.learn(session)
            self._append(unit)
            session.commit()
        except StaleDataError as lost:
            session.rollback()
            raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first.")) from lost
        except IntegrityError as refused:
            session.rollback()
            if getattr(refused.orig, "sqlstate", "") == _UNIQUE_VIOLATION:
                raise Conflict(N_("Somebody else recorded the same meanwhile. Please look at it first.")) from refused
            raise
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        return unit

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """On SQLite the writers of one process take turns here.

        SQLite itself lets those who wait sleep and try again, up to a tenth of a second after the other one is done.
        """
        held = self.engine.dialect.name == "sqlite" and self._turns.acquire(timeout=BUSY_SECONDS)
        try:
            yield
        finally:
            if held:
                self._turns.release()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading; whatever it changes is thrown away."""
        with self._reading() as session:
            yield session

    @contextmanager
    def glancing(self) -> Iterator[Session]:
        """A session for one question that is asked all the time: without a transaction to begin and to end.

        That saves two of three ways to the server. Several questions would each see another state: use `reading`.
        """
        with self._glancing() as session:
            yield session

    def _append(self, unit: Unit) -> None:
        if not unit.events:
            return
        if _is_served(self.engine):
            unit.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOG_LOCK})
        unit.session.add_all(unit.events)
        unit.session.flush()
