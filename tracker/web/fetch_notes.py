"""Notes who has read which address, when and in which version: gathered, and written every two seconds by a thread.

A subscriber does not wait for our curiosity: where the database is busy or away, or where too much comes at once, notes
are lost.
"""

import threading
import time
from uuid import UUID

import structlog

from tracker.bootstrap import Tracker
from tracker.store import subscriptions

log = structlog.get_logger()

_EVERY = 2.0
_MOST = 10_000


class FetchNotes:
    """`add` from any thread. What waits is written by `write`: now and then once `begin` was called, and at the end."""

    def __init__(self, tracker: Tracker, most: int = _MOST) -> None:
        self._tracker, self._most = tracker, most
        self._changing, self._writing = threading.Lock(), threading.Lock()
        self.waiting: list[subscriptions.Fetch] = []

    def add(self, subscription_id: UUID, agent: str, etag: str) -> None:
        fetch = subscriptions.Fetch(subscription_id, agent, self._tracker.clock(), etag)
        with self._changing:
            if len(self.waiting) < self._most:
                self.waiting.append(fetch)

    def begin(self) -> None:
        threading.Thread(target=self._now_and_then, name="fetch-notes", daemon=True).start()

    def _now_and_then(self) -> None:
        while True:
            time.sleep(_EVERY)
            self.write()

    def write(self) -> None:
        with self._writing:
            with self._changing:
                fetches, self.waiting = self.waiting, []
            if not fetches:
                return
            try:
                with self._tracker.database.unit("system", self._tracker.clock()) as unit:
                    subscriptions.note_fetches(unit.session, fetches)
            except Exception as fault:  # one bad moment must not end the thread
                log.warning("fetches not noted", count=len(fetches), exc_info=fault)
