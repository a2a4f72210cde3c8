"""For operators and load balancers: `/healthz` (this process answers) and `/readyz` (it can do its work)."""

import structlog
from flask import Flask, jsonify
from flask.typing import ResponseReturnValue

from tracker import bootstrap
from tracker.bootstrap import Tracker
from tracker.store import event_log
from tracker.store.base import DATABASE_FAULTS
from tracker.web.auth import Audience, allowed
from tracker.web.installation import this_tracker

FAR_BEHIND = 5000
"""Events; more than an import of a large sheet leaves for a moment."""

log = structlog.get_logger()


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)


@allowed(Audience.EVERYBODY)
def healthz() -> ResponseReturnValue:
    return jsonify(status="ok")


@allowed(Audience.EVERYBODY)
def readyz() -> ResponseReturnValue:
    """503 while the database is away or older than this program, or while consumers are far behind."""
    tracker = this_tracker()
    try:
        if bootstrap.migration_pending(tracker.database.engine):
            return jsonify(status="unavailable", database="schema is not at head"), 503
        behind = _behind_by()
    except DATABASE_FAULTS as fault:
        log.warning("not ready", exc_info=fault)
        return jsonify(status="unavailable", database="away"), 503
    late = behind > FAR_BEHIND
    return jsonify(status="late" if late else "ok", database="ok", events_behind=behind), 503 if late else 200


def _behind_by() -> int:
    """How many positions of the log the slowest bookmark lacks."""
    with this_tracker().database.reading() as session:
        ends = event_log.ends_by_shard(session)
        marks = event_log.bookmarks(session)
    return max((ends.get(mark.shard, 0) - mark.position for mark in marks), default=0)
