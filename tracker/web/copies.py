"""Polled calendars as copies in this process's memory, each with its answers made ready.

What is remembered of an address is asked for again after a quarter of a second, so that one that was taken back is
closed in every process within a second, and new bytes are seen as soon; at once where a word came that there are any
(`doubt`), which may be lost. Calendars are shared by all their addresses;
those that nobody has asked for the longest are forgotten beyond a number of bytes.
"""

import datetime as dt
import gzip
import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import structlog
from werkzeug.http import http_date

from tracker.actions import feeds
from tracker.bootstrap import Tracker
from tracker.gateways.live import EXPORTED
from tracker.outputs.ical import CALENDAR_END

_FRESH = 0.25
"""Seconds for which an answer of the database is taken for granted."""
_AT_MOST = 0.9
"""For this long others are still answered from memory while somebody is asking the database again."""
_LAST_KNOWN = 60.0
"""For this long a database that does not answer is bridged."""

_PATIENCE = 5.0
"""Seconds."""

_MOST_BYTES = 64 * 1024 * 1024
_MOST_ADDRESSES = 20_000

log = structlog.get_logger()

Headers = list[tuple[str, str]]

COMMON: Headers = [
    # An address is a secret of one person: no shared cache may keep it, no link may carry it on.
    ("Cache-Control", "private, max-age=300"),
    ("Referrer-Policy", "no-referrer"),
    # Google obeys robots.txt when it fetches a calendar, so that allows it and this keeps it out of search results.
    ("X-Robots-Tag", "noindex"),
    ("X-Content-Type-Options", "nosniff"),
    ("Vary", "Accept-Encoding"),
]
_ABOUT_CACHING = [COMMON[0], COMMON[-1]]


class Answer(NamedTuple):
    """What is sent, down to the last byte."""

    status: int
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True)
class Copy:
    """One calendar's answers, each plain and compressed, and how a program may name what it has already."""

    base: str
    """The tag of the stored export it was made from."""
    etag: str
    last_modified: dt.datetime | None
    """None with a test entry: it comes and goes without the calendar being changed, and only the tag tells."""
    names: frozenset[str]
    """Both tags as programs send them back, with quotes or without, and the star that stands for any."""
    whole: tuple[Answer, Answer]
    unchanged: tuple[Answer, Answer]

    @property
    def size(self) -> int:
        return sum(len(answer.body) for answer in self.whole)


@dataclass
class Address:
    """What a path leads to, as the database said when it was asked last."""

    subscription_id: UUID
    key: tuple[UUID, bytes]
    confirmed: float
    fresh_until: float
    doubts: int
    """How many doubts there had been when it was confirmed."""
    noted: dict[str, float] = field(default_factory=dict)
    """Until when no more need be noted, by the program that asked."""


class Copies:
    """All of this process. Any thread may ask; nothing but `look_up` touches the database."""

    def __init__(self, tracker: Tracker, monotonic: Callable[[], float], most_bytes: int = _MOST_BYTES) -> None:
        self._tracker, self._monotonic, self._most_bytes = tracker, monotonic, most_bytes
        self._addresses: OrderedDict[str, Address] = OrderedDict()
        self._copies: OrderedDict[tuple[UUID, bytes], Copy] = OrderedDict()
        self._changing = threading.Lock()
        self._doubts = 0

    def doubt(self) -> None:
        """Let everything be looked up again when it is asked for next. For one thread only."""
        self._doubts += 1

    def listen(self) -> None:
        """Let a thread of this process hear the words that there are new bytes."""
        threading.Thread(target=self._listening, name="copies", daemon=True).start()

    def _listening(self) -> None:
        while True:
            try:
                with self._tracker.live.watch() as watching:
                    while True:
                        word = watching.next(_PATIENCE)
                        if word is not None and word.type == EXPORTED:
                            self.doubt()
            except Exception as fault:  # without words copies are renewed by the clock, and the thread must not end
                log.warning("words of new bytes cannot be heard", fault=repr(fault))
                time.sleep(_PATIENCE)

    def fresh(self, path: str, now: float) -> tuple[Address, Copy] | None:
        """What may be answered without asking the database. The first one who finds it too old is to look it up."""
        address = self._addresses.get(path)
        if address is None:
            return None
        if now >= address.fresh_until or address.doubts != self._doubts:
            address.fresh_until, address.doubts = address.confirmed + _AT_MOST, self._doubts
            return None
        copy = self._copies.get(address.key)
        return None if copy is None else (address, copy)

    def last_known(self, path: str, now: float) -> tuple[Address, Copy] | None:
        address = self._addresses.get(path)
        if address is None or now >= address.confirmed + _LAST_KNOWN:
            return None
        copy = self._copies.get(address.key)
        return None if copy is None else (address, copy)

    def look_up(self, path: str, token: str) -> tuple[Address, Copy | None] | None:
        """What the database says now: None for an unknown address, no copy for a calendar not exported yet."""
        now, doubts, tracker = self._monotonic(), self._doubts, self._tracker
        found = feeds.poll(tracker.database, token, tracker.clock())
        # Held while bytes are fetched too: many who ask for new ones at once need not all fetch them.
        with self._changing:
            if found is None:
                self._addresses.pop(path, None)
                return None
            key = (found.calendar_id, found.extra)
            copy = self._copies.get(key)
            if copy is None or copy.base != found.etag:
                whole = feeds.whole(tracker.database, found.calendar_id)
                copy = _copy(whole, found.extra) if whole else None
                self._keep(key, copy)
            return self._remember(path, Address(found.subscription_id, key, now, now + _FRESH, doubts)), copy

    def _remember(self, path: str, address: Address) -> Address:
        known = self._addresses.get(path)
        if known:
            address.noted = known.noted
        self._addresses[path] = address
        self._addresses.move_to_end(path)
        if len(self._addresses) > _MOST_ADDRESSES:
            self._addresses.popitem(last=False)
        return address

    def _keep(self, key: tuple[UUID, bytes], copy: Copy | None) -> None:
        self._copies.pop(key, None)
        if copy is None:
            return
        self._copies[key] = copy
        size = sum(each.size for each in self._copies.values())
        while size > self._most_bytes and len(self._copies) > 1:
            size -= self._copies.popitem(last=False)[1].size


def _copy(whole: feeds.Whole, extra: bytes) -> Copy:
    etag, body, packed = whole.etag, whole.body, whole.body_gzip
    last_modified = None if extra else whole.last_modified.replace(microsecond=0)
    if extra:
        body = body.removesuffix(CALENDAR_END) + extra + CALENDAR_END
        packed = gzip.compress(body, compresslevel=1, mtime=0)
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
    dated = [("Last-Modified", http_date(last_modified))] if last_modified else []
    tags = (etag, f'{etag[:-1]}-gzip"')
    told = [[*COMMON, ("ETag", tag), *dated] for tag in tags]
    # No more than RFC 9110 asks for: the program keeps what it was told with the bytes.
    same = [[*_ABOUT_CACHING, ("ETag", tag)] for tag in tags]
    kind = [
        ("Content-Type", "text/calendar; charset=utf-8"),
        ("Content-Disposition", 'inline; filename="calendar.ics"'),
    ]
    compressed = [*told[1], *kind, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
    return Copy(
        base=whole.etag,
        etag=etag,
        last_modified=last_modified,
        names=frozenset({*tags, *(tag.strip('"') for tag in tags), "*"}),
        whole=(
            Answer(200, [*told[0], *kind, ("Content-Length", str(len(body)))], body),
            Answer(200, compressed, packed),
        ),
        unchanged=(Answer(304, same[0]), Answer(304, same[1])),
    )
