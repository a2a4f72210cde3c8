"""What's next: the coming 30 days, what asks to be confirmed, and how many activities this year has."""

import datetime as dt
from dataclasses import dataclass, replace

from flask import Flask, render_template

from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Status, asks_to_be_confirmed
from tracker.domain.dates import Precision
from tracker.store import activities as store
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, allowed, may_write, visibilities
from tracker.web.installation import this_tracker, today
from tracker.web.pages.occasions import Remembered, remembered
from tracker.web.pages.tasks import next_tasks

AHEAD = dt.timedelta(days=30)
_ASKED_AT_ONCE = 4


@dataclass(frozen=True)
class Day:
    """One day of the coming weeks that has something."""

    on: dt.date
    remembered: list[Remembered]
    activities: list[Activity]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/", "home", home)


@allowed(Audience.READERS)
def home() -> str:
    day, seen = today(), visibilities()
    with this_tracker().database.reading() as session:
        twins = twin_store.load_all(session)
        coming = ActivityFilter(visibilities=seen, first=day, last=day + AHEAD)
        found = [row.to_activity() for row in store.listed(session, coming)]
        open_ones = (Status.PLANNED.value, Status.CONFIRMED.value)
        past = ActivityFilter(visibilities=seen, statuses=open_ones, last=day - dt.timedelta(days=1))
        asking = [row.to_activity() for row in store.listed(session, past, newest_first=True)]
        year = ActivityFilter(
            visibilities=seen, first=day.replace(month=1, day=1), last=day.replace(month=12, day=31), own=True
        )
        kinds = store.counted_by(session, year, "kind")
        of_others = store.counted(session, replace(year, own=False))
        occasions = remembered(occasion_store.load_all(session), twins, rule_store.customs(session), day, day + AHEAD)
        asks_for_you = next_tasks(session) if may_write() else []
    to_confirm = [a for a in asking if asks_to_be_confirmed(a.status, a.latest, day)]
    return render_template(
        "home.html",
        today=day,
        asks_for_you=asks_for_you,
        until=day + AHEAD,
        twins=twins,
        days=_by_day(found, occasions, day),
        some_time=[a for a in found if not _has_day(a) and not a.running],
        running=[a for a in found if a.running],
        months=[r for r in occasions if r.when.precision is Precision.MONTH],
        to_confirm=to_confirm[:_ASKED_AT_ONCE],
        to_confirm_count=len(to_confirm),
        kinds=kinds,
        of_others=of_others,
    )


def _has_day(activity: Activity) -> bool:
    return activity.timed or activity.start_date.precision is Precision.DAY


def _by_day(found: list[Activity], occasions: list[Remembered], first: dt.date) -> list[Day]:
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
