"""The event log's state, for administrators: how far consumers have read, and events they could not take in."""

from dataclasses import dataclass

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.zones import updates
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.consumers.calendars import write_refused_again
from tracker.i18n import N_, gettext
from tracker.store import calendars, entries, event_log
from tracker.web.auth import Audience, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

_MOST_RELEASES = 5


@dataclass(frozen=True)
class Progress:
    """How far one consumer has read: the shards that lag, and the events between its bookmarks and the ends."""

    consumer: str
    lagging: int
    behind_by: int
    error: str


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/events", "events", events, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def events() -> ResponseReturnValue:
    tracker = this_tracker()
    if request.method == "POST":
        well, left = reading.retry_parked(tracker.database, tracker.consumers, now())
        written, still = write_refused_again(tracker.database, tracker.settings.base_url, now())
        well, left = well + written, left + still
        words = N_("Tried again: {well} went well, {left} failed once more.")
        flash(gettext(language(), words, well=well, left=left), "error" if left else "success")
        return redirect(url_for("events"))
    with tracker.database.reading() as session:
        ends = event_log.ends_by_shard(session)
        parked = event_log.parked(session)
        end = event_log.end_of_log(session)
        marks = event_log.bookmarks(session)
        refused, stuck = entries.faulty(session), calendars.faulty(session)
    progress = [
        _progress(name, [m for m in marks if m.consumer == name], ends) for name in sorted({m.consumer for m in marks})
    ]
    return render_template(
        "admin/events.html",
        progress=progress,
        parked=parked,
        end=end,
        refused=refused,
        stuck=stuck,
        zone_updates=updates(tracker.database, _MOST_RELEASES),
    )


def _progress(name: str, marks: list[event_log.BookmarkRow], ends: dict[int, int]) -> Progress:
    gaps = [max(0, ends.get(mark.shard, 0) - mark.position) for mark in marks]
    error = next((mark.error for mark in marks if mark.error), "")
    return Progress(name, sum(gap > 0 for gap in gaps), max(gaps, default=0), error)
