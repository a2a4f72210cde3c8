"""What is wrong with an installation, and how to mend it: asked by `tracker doctor` and by `/readyz`.

Looks only; it changes nothing and sends nothing.
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field

from tracker.bootstrap import Tracker, migration_pending
from tracker.consumers.reading import behind
from tracker.domain.deliveries import DeliveryStatus
from tracker.gateways.nudge import broker_fault
from tracker.i18n import N_, gettext
from tracker.store import calendars, deliveries, entries, event_log, heartbeats, zones
from tracker.store.base import DATABASE_FAULTS

SILENCE = dt.timedelta(seconds=60)
"""A worker that has not ticked for so long is taken for dead."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `name` is stable, for programs; the sentence says what to do where it is not well."""

    name: str
    well: bool
    reason: str
    values: dict[str, object] = field(default_factory=dict)

    def message(self, language: str) -> str:
        return gettext(language, self.reason, **self.values)


def examine(tracker: Tracker) -> list[Finding]:
    """Look at everything an operator would ask about; a database that is away ends the list."""
    findings = [_home(tracker), _broker(tracker)]
    try:
        database = _database(tracker)
        findings.append(database)
        if database.well:
            findings += [look(tracker) for look in _IN_THE_DATABASE]
    except DATABASE_FAULTS as fault:
        text = N_("The database does not answer ({fault}). Check DATABASE_URL and whether the server is running.")
        findings.append(Finding("database", False, text, {"fault": str(fault.orig).strip()}))
    return findings


def _home(tracker: Tracker) -> Finding:
    path = tracker.settings.home
    if os.access(path, os.W_OK | os.X_OK):
        return Finding("home", True, N_("{path} can be written to."), {"path": path})
    return Finding("home", False, N_("{path} cannot be written to. Change its owner or TRACKER_HOME."), {"path": path})


def _broker(tracker: Tracker) -> Finding:
    if not tracker.settings.redis_url:
        return Finding("broker", True, N_("No Redis is configured: the worker runs inside `tracker serve`."))
    fault = broker_fault(tracker.settings.redis_url)
    if fault is not None:
        text = N_("Redis does not answer ({fault}). Nothing is lost, but everything is late until it is back.")
        return Finding("broker", False, text, {"fault": fault})
    return Finding("broker", True, N_("Redis answers."))


def _database(tracker: Tracker) -> Finding:
    if migration_pending(tracker.database.engine):
        return Finding("database", False, N_("The database is older than this program. Run `tracker init`."))
    return Finding("database", True, N_("The database answers and is up to date."))


def _worker(tracker: Tracker) -> Finding:
    with tracker.database.reading() as session:
        last = heartbeats.last_tick(session)
    if last is not None and tracker.clock() - last < SILENCE:
        return Finding("worker", True, N_("A worker is alive."))
    text = N_("No worker has ticked since {last}. Start `tracker serve`, or worker and beat where Redis is used.")
    return Finding("worker", False, text, {"last": f"{last:%Y-%m-%d %H:%M} UTC" if last else "–"})


def _consumers(tracker: Tracker) -> Finding:
    waiting = len(behind(tracker.database, tracker.consumers))
    if not waiting:
        return Finding("consumers", True, N_("All consumers have read the log to its end."))
    text = N_("Bookmarks not at the end of the log yet: {waiting}. If that lasts, look at the worker.")
    # Being behind for a moment is how it works; only the worker's silence makes it a fault, and that is said above.
    return Finding("consumers", True, text, {"waiting": waiting})


def _parked(tracker: Tracker) -> Finding:
    with tracker.database.reading() as session:
        count = len(event_log.parked(session))
    if not count:
        return Finding("parked", True, N_("No event is parked."))
    text = N_("Events parked after five failures: {count}. See /admin/events, or run `tracker events retry`.")
    return Finding("parked", False, text, {"count": count})


def _calendars(tracker: Tracker) -> Finding:
    with tracker.database.reading() as session:
        count = len(entries.faulty(session)) + len(calendars.faulty(session))
    if not count:
        return Finding("calendars", True, N_("Every entry and every calendar could be written."))
    text = N_("Refused for the calendars: {count}; their last good form is served. See /admin/events for the reasons.")
    return Finding("calendars", False, text, {"count": count})


def _deliveries(tracker: Tracker) -> Finding:
    with tracker.database.reading() as session:
        count = deliveries.counted_by_status(session).get(DeliveryStatus.FAILED.value, 0)
    if not count:
        return Finding("deliveries", True, N_("No message has failed for good."))
    text = N_("Messages that could not be delivered: {count}. See /deliveries for the reasons.")
    return Finding("deliveries", False, text, {"count": count})


def _zones(tracker: Tracker) -> Finding:
    release = tracker.zone_release
    with tracker.database.reading() as session:
        newest = max((row.release for row in zones.releases(session)), default=release)
    if newest <= release:
        return Finding("zones", True, N_("Times go by the newest zone data there has been here."))
    text = N_(
        "The zone data in use is {release}, but {newest} was here before. Install that again: times may be wrong."
    )
    return Finding("zones", False, text, {"release": release, "newest": newest})


_IN_THE_DATABASE: tuple[Callable[[Tracker], Finding], ...] = (
    _worker, _consumers, _parked, _calendars, _deliveries, _zones,
)  # fmt: skip
