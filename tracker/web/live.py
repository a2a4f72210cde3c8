"""`/live`: Server-Sent Events for a page that is open. What stands in them carries no fact: they say where to look.

Event ids are positions of the log, so that a program that was cut off goes on where it was (`Last-Event-ID`; a new page
says by `?after=` up to where it has been told). Each position is told of once: as `log` where a colleague has logged
something, which the page then asks `/news` for, else as `change`. `inbox` tells how many reminders are unread,
`report` how far a person's own document is. Each open stream holds a thread of the web process, so there are only so
many; whoever comes too late is told to ask every minute instead.
"""

import datetime as dt
import json
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue

from tracker.bootstrap import Tracker
from tracker.domain.access import Rights, may_see, may_write
from tracker.domain.activities import Visibility
from tracker.domain.events import LOGGED
from tracker.domain.report_jobs import WORDS, Step
from tracker.gateways.live import EXPORTED, Watching
from tracker.i18n import gettext
from tracker.store import event_log, ledger, report_jobs
from tracker.store.report_jobs import JobState
from tracker.web.auth import Audience, account, allowed, rights
from tracker.web.installation import this_tracker
from tracker.web.language import language

SEATS = 12
"""Streams one web process has open at once; it has 32 threads for everything (see `cli.hosting`)."""
OF_ONE = 2
"""Streams of one person: who goes from page to page leaves streams behind that nobody reads any more."""
BEAT_SECONDS = 15.0
LASTS_SECONDS = 600.0
"""After this long the stream ends and the browser asks anew, by which its account is looked at again."""
_GLANCE = 1.0
"""How long a thread waits before it looks whether this process is to end."""
_AT_ONCE = 200
_JUST_NOW = dt.timedelta(minutes=1)
"""A document that was finished while its page was loading is told of too."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

closing = threading.Event()
"""Set when this process is about to end: all streams end within a second."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.add_url_rule("/live", "live", live)


@allowed(Audience.READERS)
def live() -> ResponseReturnValue:
    me = account()
    seat = _seats.take(me.id) if me else None
    if me is None or seat is None:
        return Response("Too many are watching. Please ask again.\n", 503, {**_HEADERS, "Retry-After": "60"})
    watcher = _Watcher(me.id, rights(), language())
    stream = _Stream(this_tracker(), watcher, seat, after=_last_seen())
    response = Response(stream.lines(), mimetype="text/event-stream", headers=_HEADERS)
    # Not in the generator: one that was never begun is never ended.
    response.call_on_close(lambda: _seats.leave(seat))
    return response


class Seats:
    """Who watches: a person's newest streams stay, the oldest makes room for a new one."""

    def __init__(self, many: int = SEATS, of_one: int = OF_ONE) -> None:
        self._many, self._of_one = many, of_one
        self._taken: list[tuple[int, threading.Event]] = []
        self._changed = threading.Condition()

    def take(self, user_id: int) -> threading.Event | None:
        """A seat, which is set when its stream is to end; None where all are taken."""
        with self._changed:
            own = [seat for whose, seat in self._taken if whose == user_id and not seat.is_set()]
            if len(own) >= self._of_one or (own and not self._is_free()):
                own[0].set()
                # It ends within a second, and hands its thread on.
                self._changed.wait_for(self._is_free, timeout=2 * _GLANCE)
            if not self._is_free():
                return None
            seat = threading.Event()
            self._taken.append((user_id, seat))
            return seat

    def leave(self, seat: threading.Event) -> None:
        with self._changed:
            self._taken = [(whose, other) for whose, other in self._taken if other is not seat]
            self._changed.notify_all()

    def _is_free(self) -> bool:
        return len(self._taken) < self._many


@dataclass(frozen=True)
class _Watcher:
    """Who looks, and what they may know."""

    user_id: int
    rights: Rights
    language: str


class _Stream:
    """What one open page is told, from its position in the log on."""

    def __init__(self, tracker: Tracker, watcher: _Watcher, seat: threading.Event, *, after: int | None) -> None:
        self._tracker, self._person, self._seat = tracker, f"user:{watcher.user_id}", seat
        self._watcher, self._told, self._after = watcher, may_write(watcher.rights), after
        self._unread: int | None = None
        self._making: dict[UUID, tuple[str, int]] = {}
        self._since = tracker.clock() - _JUST_NOW

    def lines(self) -> Iterator[str]:
        ends, spoken = time.monotonic() + LASTS_SECONDS, time.monotonic()
        with self._tracker.live.watch() as watching:
            yield "retry: 5000\n\n"
            yield from self._news()
            while not (closing.is_set() or self._seat.is_set()) and time.monotonic() < ends:
                if _woken(watching):
                    yield from self._news()
                elif time.monotonic() - spoken >= BEAT_SECONDS:
                    # A word may be lost; the number is looked up without one too.
                    spoken = time.monotonic()
                    yield from self._news()
                    yield ": still here\n\n"

    def _news(self) -> Iterator[str]:
        """What happened since the last look, read from the log: words come in no certain order."""
        with self._tracker.database.reading() as session:
            end = event_log.end_of_log(session)
            happened = [] if self._after is None else event_log.read_all(session, self._after, _AT_ONCE)
            unread = ledger.unread(session, self._person, self._tracker.clock())
            jobs = report_jobs.jobs_of(session, self._watcher.user_id, self._since)
        for event in happened:
            name = "log" if event.type in LOGGED and event.actor != self._person else "change"
            yield _event(name, {"type": event.type.value} if self._told else {}, event.position)
        # Somebody who was away for long is told that much has changed, and goes on from the end.
        self._after = end if len(happened) in (0, _AT_ONCE) else happened[-1].position
        if unread != self._unread:
            self._unread = unread
            yield _event("inbox", {"unread": unread}, self._after)
        yield from self._reports(jobs, self._after)

    def _reports(self, jobs: Iterable[report_jobs.JobRow], position: int) -> Iterator[str]:
        """How far the person's own documents are, where that is news and they may still read them."""
        for row in jobs:
            known = (row.step, row.progress) if row.state == JobState.RUNNING.value else (row.state, row.progress)
            if self._making.get(row.id) != known and may_see(self._watcher.rights, Visibility(row.level)):
                self._making[row.id] = known
                words = gettext(self._watcher.language, WORDS[Step(row.step)])
                told = {"job": str(row.id), "state": row.state, "progress": row.progress, "words": words}
                yield _event("report", told, position)


_seats = Seats()


def _woken(watching: Watching) -> bool:
    """Whether there was a word for pages; those that came with it are taken as well, since one look answers all."""
    word, woken = watching.next(_GLANCE), False
    while word is not None:
        woken = woken or word.type != EXPORTED
        word = watching.next(0)
    return woken


def _event(name: str, data: dict[str, object], position: int) -> str:
    return f"id: {position}\nevent: {name}\ndata: {json.dumps(data)}\n\n"


def _last_seen() -> int | None:
    text = request.headers.get("Last-Event-ID") or request.args.get("after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
