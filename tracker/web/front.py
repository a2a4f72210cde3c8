"""`/feeds/<token>.ics`, answered in front of Flask: read by programs without cookie or login, most often unchanged.

A poll is a look-up in this process's memory (`copies`) and a comparison of tags; everything it may send lies ready,
header by header. What is sent depends on the address and on the compression alone, never on who asks.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header, parse_date

from tracker.bootstrap import Tracker
from tracker.store.base import DATABASE_FAULTS
from tracker.web.copies import COMMON, Address, Answer, Copies, Copy
from tracker.web.fetch_notes import FetchNotes
from tracker.web.guessing import Guesses

Environ = Mapping[str, Any]

TOO_OLD = "tracker.too_old"
"""Stands in the environ of a poll for which `at_once` had nothing: whoever was told so is the one to look it up."""

_PATH = re.compile(r"/feeds/([^/]+)\.ics")
_NOTE_EVERY = 60.0
_AGENTS_NOTED = 20
_moment = lru_cache(1024)(parse_date)
_BY_MICROSOFT = ("outlook", "exchange", "microsoft office", "ms-office")


def _text(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    body = text.encode()
    about = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return Answer(status, [*headers, *about], body)


# The same for an address that never was and for one that was taken back.
_UNKNOWN = _text(404, "There is no calendar here.\n", *COMMON)
_OTHER_METHOD = _text(405, "Calendars can only be read.\n", *COMMON, ("Allow", "GET, HEAD"))
_PASSING = [("Cache-Control", "no-store"), *COMMON[1:]]
_LATER = _text(503, "This calendar is not ready. Please ask again soon.\n", *_PASSING, ("Retry-After", "30"))


class Front:
    """The WSGI application as a whole: polls are answered here, everything else by the one behind."""

    def __init__(
        self, tracker: Tracker, behind: WSGIApplication, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.notes = FetchNotes(tracker)
        self._behind, self._monotonic = behind, monotonic
        self.copies = Copies(tracker, monotonic)
        self._guesses = Guesses(monotonic)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        # Asked a second time it would answer from what it has just found too old, as it does to all others meanwhile.
        answer = (None if TOO_OLD in environ else self.at_once(environ)) or self._asking(environ)
        if answer is None:
            return self._behind(environ, start_response)
        start_response(f"{answer.status} {HTTPStatus(answer.status).phrase}", list(answer.headers))
        return [answer.body]

    def at_once(self, environ: Environ) -> Answer | None:
        """The answer to a poll that needs neither database nor patience; None for everything else."""
        now = self._monotonic()
        found = self.copies.fresh(environ["PATH_INFO"], now)
        return self._answer(environ, *found, now) if found else None

    def _asking(self, environ: Environ) -> Answer | None:
        path = environ["PATH_INFO"]
        poll = _PATH.fullmatch(path)
        if poll is None:
            return None
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _OTHER_METHOD
        try:
            found = self.copies.look_up(path, poll[1])
        except DATABASE_FAULTS:
            found = self.copies.last_known(path, self._monotonic())
            if found is None:
                return _sent(_LATER, environ)
        if found is None:
            return _sent(self.miss(environ), environ)
        address, copy = found
        return self._answer(environ, address, copy, self._monotonic()) if copy else _sent(_LATER, environ)

    def miss(self, environ: Environ) -> Answer:
        """What is said to whoever tries an address that is none: the same, and after a while to wait."""
        seconds = self._guesses.wait(environ)
        if seconds == 0:
            return _UNKNOWN
        return _text(429, "Too many wrong addresses.\n", *_PASSING, ("Retry-After", str(seconds)))

    def _answer(self, environ: Environ, address: Address, copy: Copy, now: float) -> Answer:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _OTHER_METHOD
        agent = environ.get("HTTP_USER_AGENT", "")
        packed = takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""), agent)
        if now >= address.noted.get(agent, 0.0):
            self._note(address, agent, copy.etag, now)
        if _is_known(environ, copy):
            return copy.unchanged[packed]
        whole = copy.whole[packed]
        return whole if method == "GET" else whole._replace(body=b"")

    def _note(self, address: Address, agent: str, etag: str, now: float) -> None:
        if len(address.noted) >= _AGENTS_NOTED:
            # Somebody who calls itself something else each time is not worth more than this.
            address.noted = {name: until for name, until in address.noted.items() if until > now}
            if len(address.noted) >= _AGENTS_NOTED:
                return
        address.noted[agent] = now + _NOTE_EVERY
        self.notes.add(address.subscription_id, agent, etag)


def _sent(answer: Answer, environ: Environ) -> Answer:
    return answer if environ["REQUEST_METHOD"] == "GET" else answer._replace(body=b"")


@lru_cache(1024)
def takes_gzip(accepted: str, agent: str) -> bool:
    """Outlook says it takes gzip, and then cannot read the calendar."""
    if any(word in agent.lower() for word in _BY_MICROSOFT):
        return False
    return parse_accept_header(accepted, Accept).quality("gzip") > 0


def _is_known(environ: Environ, copy: Copy) -> bool:
    """Whether the asker has these bytes already; a tag says so more exactly than a time, so it wins."""
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        return tags in copy.names or any(_bare(tag) in copy.names for tag in tags.split(","))
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    if since is None or copy.last_modified is None:
        return False
    moment = _moment(since)
    return moment is not None and copy.last_modified <= moment


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/")
