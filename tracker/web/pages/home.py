"""The start page: what is next, what asks for this person, what comes round, what colleagues did, and the map.

Its cost follows what it shows: everything on it is selected with a limit or through an index, however much is past.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask, render_template

from tracker.bootstrap import Tracker
from tracker.domain.activity_lines import ActivityLine
from tracker.domain.dates import Precision
from tracker.domain.details import Stage, StageReached, last_stage
from tracker.domain.occasions import Customs, in_order, occurrences
from tracker.domain.rules import About, Choice
from tracker.domain.twins import Twin
from tracker.store import activity_lines, deliveries, desk, event_log
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, admits, allowed, may_write, visible
from tracker.web.installation import this_tracker, today
from tracker.web.pages.news import LINES, latest
from tracker.web.pages.occasions import Remembered, in_words, remembered
from tracker.web.pages.partnership_map import drawn
from tracker.web.pages.tasks import Asked, next_tasks
from tracker.web.remembered_tallies import kept, kept_until

AHEAD = dt.timedelta(days=30)
_YEAR = dt.timedelta(days=365)
_ASKED_AT_ONCE, _TASKS, _DAYS_AHEAD = 3, 3, 6
_MOST_OCCASIONS = 250


@dataclass(frozen=True)
class Day:
    """One day of the coming weeks that has something."""

    on: dt.date
    remembered: list[Remembered]
    activities: list[ActivityLine]


@dataclass(frozen=True)
class Stuck:
    """A shipment that does not move on, and where it stands."""

    shipment: ActivityLine
    reached: StageReached


@dataclass(frozen=True)
class Asks:
    """What waits for this person; empty for whoever only reads."""

    tasks: list[Asked] = field(default_factory=list)
    to_confirm: list[ActivityLine] = field(default_factory=list)
    to_confirm_count: int = 0
    stuck: list[Stuck] = field(default_factory=list)
    parked: int = 0
    failed: int = 0

    @property
    def number(self) -> int:
        """How many things there are to do, as far as each can be counted."""
        return len(self.tasks) + self.to_confirm_count + len(self.stuck) + bool(self.parked) + bool(self.failed)


@dataclass(frozen=True)
class _Asking:
    """The same as ids: all of a page are read together."""

    unconfirmed: list[UUID] = field(default_factory=list)
    many: int = 0
    standing: list[UUID] = field(default_factory=list)


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/", "home", home)


@allowed(Audience.READERS)
def home() -> str:
    day = today()
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        customs = rule_store.customs(session)
        coming = desk.coming(session, visible(), day, day + AHEAD)
        asking = _asking(session, day) if may_write() else _Asking()
        # What is on is told in the order of time.
        wanted = dict.fromkeys([*coming, *asking.unconfirmed, *asking.standing])
        read = {line.id: line for line in activity_lines.lines(session, list(wanted), visible())}
        found = sorted((read[id_] for id_ in coming if id_ in read), key=lambda line: (line.sort_key, line.id))
        edition = occasion_store.edition(session)
        near = kept_until(edition, session, occasion_store.near, day, AHEAD.days, _MOST_OCCASIONS)
        soon = remembered(near, twins, customs, day, day + AHEAD)
        kinds, of_others = kept(session, desk.begun_in, visible(), day.year)
        page = {
            "asks": _asks(session, asking, read) if may_write() else Asks(),
            "ahead": _ahead(session, edition, twins, customs, day),
            "kinds": kinds,
            "of_others": of_others,
            "news": latest(session),
            "news_lines": LINES,
            "map": drawn(session, twins, visible()),
        }
    return render_template(
        "home.html",
        today=day,
        twins=twins,
        days=_by_day(found, soon, day),
        some_time=[a for a in found if not _has_day(a) and not a.running],
        running=[a for a in found if a.running],
        months=[r for r in soon if r.when.precision is Precision.MONTH],
        **page,
    )


def _asking(session: Any, day: dt.date) -> _Asking:
    """Which activities ask for somebody who may do something about it."""
    unconfirmed, many = kept(session, desk.unconfirmed, visible(), day, _ASKED_AT_ONCE)
    # The house's own rules say after how many days in one place a shipment is stuck.
    rules = [rule for rule in rule_store.rules(session) if rule.about is About.STUCK_SHIPMENT and rule.enabled]
    resting = min((rule.choice.days for rule in rules), default=Choice().days)
    standing = kept(session, desk.standing, visible(), day - dt.timedelta(days=resting))
    return _Asking(unconfirmed, many, standing)


def _asks(session: Any, asking: _Asking, read: Mapping[UUID, ActivityLine]) -> Asks:
    # Whatever is kept as an id may be gone by now.
    details = activity_lines.details_of(session, asking.standing, visible())
    reached = [(read[id_], last_stage(details[id_])) for id_ in asking.standing if id_ in read and id_ in details]
    stuck = [Stuck(one, stage) for one, stage in reached if stage and stage.stage is not Stage.RECEIPT_CONFIRMED]
    # A shipment that stands somewhere is asked after once.
    twice = {one.shipment.id for one in stuck}
    return Asks(
        next_tasks(session)[:_TASKS],
        [read[id_] for id_ in asking.unconfirmed if id_ in read and id_ not in twice],
        asking.many,
        stuck,
        event_log.count_parked(session) if admits(Audience.ADMINISTRATORS) else 0,
        deliveries.count_failed(session),
    )


def _ahead(session: Any, edition: int, twins: Mapping[str, Twin], customs: Customs, day: dt.date) -> list[Remembered]:
    """Foundings and jubilees of the twelve months, behind the coming weeks; of more than fit, jubilees first."""
    first, last = day + AHEAD + dt.timedelta(days=1), day + _YEAR
    jubilees = customs.jubilee_years
    known = kept_until(edition, session, occasion_store.founded, day + AHEAD, jubilees, _MOST_OCCASIONS)
    exact = frozenset({Precision.DAY, Precision.MONTH})
    found = [
        come
        for come in occurrences(known, first, last, customs, exact)
        if come.jubilee or come.occasion.kind in occasion_store.FOUNDING
    ]
    kept = sorted(found, key=lambda come: not come.jubilee)[:_DAYS_AHEAD]
    return [in_words(come, twins) for come in sorted(kept, key=in_order)]


def _has_day(activity: ActivityLine) -> bool:
    return activity.timed or activity.start_date.precision is Precision.DAY


def _by_day(found: list[ActivityLine], occasions: list[Remembered], first: dt.date) -> list[Day]:
    """What falls on a day, by day; what began earlier and still lasts stands on the first."""
    days: dict[dt.date, Day] = {}
    for one in occasions:
        if one.on is not None:
            days.setdefault(one.on, Day(one.on, [], [])).remembered.append(one)
    for activity in found:
        if _has_day(activity) and not activity.running and activity.earliest:
            on = max(activity.earliest, first)
            days.setdefault(on, Day(on, [], [])).activities.append(activity)
    return [days[on] for on in sorted(days)]
