"""`/feeds/<token>.ics`: a subscribed calendar, read by programs without cookie or login, most often unchanged.

A poll is a look-up: one query finds the address and the tag of its bytes, a second one fetches bytes that are ready.
What programs need, and why, stands beside each header; nothing here depends on who asks but the compression.
"""

import datetime as dt
import threading
from collections.abc import Callable

import structlog
from flask import Blueprint, Flask, Response, request

from tracker.actions.calendars import token_hash
from tracker.bootstrap import Tracker
from tracker.store import calendars
from tracker.store.base import DATABASE_FAULTS
from tracker.web.auth import Audience, allowed

log = structlog.get_logger()

_NOTE_EVERY = dt.timedelta(minutes=1)
_HEADERS = {
    # An address is a secret of one person: no shared cache may keep it, no link may carry it on.
    "Cache-Control": "private, max-age=300",
    "Referrer-Policy": "no-referrer",
    # Google obeys robots.txt when it fetches a calendar, so that allows it and this keeps it out of search results.
    "X-Robots-Tag": "noindex",
    "Vary": "Accept-Encoding",
}
_ROBOTS = "User-agent: *\nAllow: /feeds/\nDisallow: /\n"
_BY_MICROSOFT = ("outlook", "exchange", "microsoft office", "ms-office")


def register(app: Flask, tracker: Tracker) -> None:
    # A blueprint of Flask's own: the application's `get` belongs to the API's description, where this has no place.
    feeds, note = Blueprint("feeds", __name__), _Notes(tracker)

    @feeds.get("/feeds/<token>.ics")
    @allowed(Audience.TOKEN)
    def feed(token: str) -> Response:
        return _answer(tracker, token, note)

    @feeds.get("/robots.txt")
    @allowed(Audience.EVERYBODY)
    def robots() -> Response:
        return Response(_ROBOTS, mimetype="text/plain")

    app.register_blueprint(feeds)


def _answer(tracker: Tracker, token: str, note: "_Notes") -> Response:
    compressed = _takes_gzip()
    with tracker.database.reading() as session:
        found = calendars.polled(session, token_hash(token))
        if found is None:
            # The same for an address that never was and for one that was taken back.
            return Response("There is no calendar here.\n", 404, _HEADERS, mimetype="text/plain")
        if _is_known(found.etag, found.last_modified):
            response = Response(status=304, headers=_HEADERS)
            etag, last_modified = found.etag, found.last_modified
        else:
            body, etag, last_modified = calendars.exported(session, found.calendar_id, compressed=compressed)
            response = Response(body, headers=_HEADERS, content_type="text/calendar; charset=utf-8")
            response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
            if compressed:
                response.headers["Content-Encoding"] = "gzip"
    response.headers["ETag"] = _tag(etag, compressed=compressed)
    response.last_modified = last_modified
    note.after(response, found, request.user_agent.string)
    return response


def _takes_gzip() -> bool:
    """Outlook says it takes gzip, and then cannot read the calendar."""
    agent = request.user_agent.string.lower()
    return request.accept_encodings.quality("gzip") > 0 and not any(word in agent for word in _BY_MICROSOFT)


def _tag(etag: str, *, compressed: bool) -> str:
    """The strong tag of the bytes as sent: compressed ones are other bytes."""
    return f'{etag[:-1]}-gzip"' if compressed else etag


def _is_known(etag: str, last_modified: dt.datetime) -> bool:
    """Whether the asker has these bytes already; a tag says so more exactly than a time, so it wins."""
    if "If-None-Match" in request.headers:
        known = request.if_none_match
        return any(known.contains_weak(tag.strip('"')) for tag in (etag, _tag(etag, compressed=True)))
    since = request.if_modified_since
    return since is not None and last_modified.replace(microsecond=0) <= since


class _Notes:
    """Notes who read an address when: after the answer has left, at most once a minute, and never two at a time.

    Where the database is busy, the next poll will note it; a subscriber does not wait for our curiosity.
    """

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._one_at_a_time = threading.Lock()

    def after(self, response: Response, found: calendars.Polled, agent: str) -> None:
        now = self._tracker.clock()
        if found.last_fetch_at is None or now - found.last_fetch_at >= _NOTE_EVERY:
            response.call_on_close(self._write(found, agent, now))

    def _write(self, found: calendars.Polled, agent: str, now: dt.datetime) -> Callable[[], None]:
        def write() -> None:
            if not self._one_at_a_time.acquire(blocking=False):
                return
            try:
                with self._tracker.database.unit("system", now) as unit:
                    calendars.note_fetch(unit.session, found.subscription_id, agent, now)
            except DATABASE_FAULTS:
                log.info("fetch not noted", subscription=str(found.subscription_id))
            finally:
                self._one_at_a_time.release()

        return write
