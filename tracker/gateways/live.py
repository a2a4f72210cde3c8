"""Live updates: a word to whoever is watching that the log has grown. It carries no fact, only where to look.

A watcher that misses a word reads the log from its own position. `Live` is the protocol, `RedisLive` the real one for
several processes, `MemoryLive` the real one for a single process (and the one tests look into).
"""

import contextlib
import json
import queue
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

import structlog

from tracker.late import Late

if TYPE_CHECKING:
    from redis.client import PubSub

redis = Late("redis")

CHANNEL = "tracker:live"
REMINDED, READ, MAKING = "inbox.grown", "inbox.read", "report.making"
EXPORTED = "calendars.exported"
"""Words that stand at no position of the log: reminders have come due; somebody has read theirs; a document is a step
further; calendars have new bytes, which is for the web processes that keep copies of them and for nobody else."""
log = structlog.get_logger()


@dataclass(frozen=True)
class Happening:
    """Where to look: a position of the log (0: none), and what kind of event stands there."""

    position: int
    type: str
    subject: str


class Live(Protocol):
    def publish(self, happening: Happening) -> None:
        """Tell all watchers. Never raises: a word that is lost is made up for by reading the log."""

    def watch(self) -> AbstractContextManager["Watching"]:
        """Watch from now on, until the block is left."""


class Watching(Protocol):
    def next(self, timeout: float) -> Happening | None:
        """The next word, or None after `timeout` seconds of silence."""


class RedisLive:
    """Redis publish/subscribe, so that a change made in one process is seen by watchers of every other."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=3, health_check_interval=15)
        # Channels know no database numbers: installations that share a server must not hear one another.
        self._channel = f"{CHANNEL}:{self._client.connection_pool.connection_kwargs.get('db', 0)}"

    def publish(self, happening: Happening) -> None:
        try:
            self._client.publish(self._channel, json.dumps(asdict(happening)))
        except redis.RedisError as fault:
            log.warning("live word lost, watchers will read the log", fault=repr(fault))

    @contextmanager
    def watch(self) -> Iterator["_RedisWatching"]:
        with self._client.pubsub(ignore_subscribe_messages=True) as subscription:
            with contextlib.suppress(redis.RedisError):
                subscription.subscribe(self._channel)
                # The confirmation must be in before anybody acts on "I am watching now".
                subscription.get_message(timeout=3)
            yield _RedisWatching(subscription)


class _RedisWatching:
    def __init__(self, subscription: "PubSub") -> None:
        self._subscription = subscription

    def next(self, timeout: float) -> Happening | None:
        try:
            message = self._subscription.get_message(timeout=timeout)
        except redis.RedisError as fault:
            # It connects anew by itself; until then there is silence, and a watcher looks by the clock.
            log.warning("live words cannot be heard", fault=repr(fault))
            time.sleep(timeout)
            return None
        return Happening(**json.loads(message["data"])) if message else None


class MemoryLive:
    """Watchers of this one process."""

    def __init__(self) -> None:
        self._watchers: list[queue.SimpleQueue[Happening]] = []
        self._lock = threading.Lock()

    def publish(self, happening: Happening) -> None:
        with self._lock:
            for watcher in self._watchers:
                watcher.put(happening)

    @contextmanager
    def watch(self) -> Iterator["_MemoryWatching"]:
        mine: queue.SimpleQueue[Happening] = queue.SimpleQueue()
        with self._lock:
            self._watchers.append(mine)
        try:
            yield _MemoryWatching(mine)
        finally:
            with self._lock:
                self._watchers.remove(mine)


class _MemoryWatching:
    def __init__(self, words: queue.SimpleQueue[Happening]) -> None:
        self._words = words

    def next(self, timeout: float) -> Happening | None:
        try:
            return self._words.get(timeout=timeout)
        except queue.Empty:
            return None
