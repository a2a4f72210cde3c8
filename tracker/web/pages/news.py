"""What colleagues have logged: the newest of the event log in words, on the start page and, as it happens, for a page.

Of an activity that the person may not see, nothing is told (R12): no line, no number. What one person did at one moment
(a sheet taken in, a change of many at once) is one line.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from babel.dates import format_datetime
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.registry import ACTOR as REGISTRY
from tracker.bootstrap import Tracker
from tracker.domain.events import LOGGED, Event, EventType
from tracker.i18n import N_, gettext
from tracker.store import accounts, activities, desk, event_log
from tracker.store.desk import Glimpse
from tracker.web.auth import Audience, account, allowed, sees, visible
from tracker.web.installation import this_tracker
from tracker.web.language import language, locale, zone
from tracker.web.remembered_tallies import place_in_log
from tracker.web.unstorable import position

LINES = 6
_REACH = 2_000
"""So many positions back the newest are looked for, however long the log is."""
_AT_ONCE = 200
_DEEDS = {
    EventType.ACTIVITY_RECORDED: N_("logged"),
    EventType.ACTIVITY_REVISED: N_("changed"),
    EventType.ACTIVITY_REMOVED: N_("removed"),
    EventType.ACTIVITY_RESTORED: N_("brought back"),
}
_PROGRAMS = {
    "system": N_("The tracker itself"),
    "cli": N_("Somebody at the command line"),
}


@dataclass(frozen=True)
class Line:
    """Something somebody did to an activity; `more` is to how many others at the same moment."""

    position: int
    at: dt.datetime
    who: str
    own: bool
    deed: str
    about: Glimpse
    gone: bool
    more: int


@dataclass(frozen=True)
class News:
    """The lines, the newest first, and the position of the log up to which they tell."""

    lines: list[Line]
    position: int


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/news", "news", news)
    app.jinja_env.filters["moment_shortly"] = lambda at: format_datetime(
        at.astimezone(zone()), "short", locale=locale()
    )


@allowed(Audience.READERS)
def news() -> ResponseReturnValue:
    """What others have logged behind a position, as lines for a page that is open."""
    after = request.args.get("after", type=position)
    with this_tracker().database.reading() as session:
        found = latest(session, after=after, own=False)
    return render_template("_news.html", news=found), 200, {"Cache-Control": "no-store"}


def latest(session: Any, *, after: int | None = None, own: bool = True) -> News:
    """The newest lines, or those behind a position; `own` ones too, or only those of others."""
    end = place_in_log(session)
    reach = max(end - _REACH, after or 0)
    events = event_log.newest(session, LOGGED, after=reach, limit=_AT_ONCE, but=REGISTRY)
    if not own:
        events = [event for event in events if event.actor != _me()]
    # Positions that were taken while this was read belong to the next look.
    events = [event for event in events if event.position <= end]
    about = _seen(session, events)
    told = [event for event in events if event.subject in about]
    people = {int(e.actor[5:]) for e in told if e.actor.startswith("user:") and e.actor[5:].isdigit()}
    names = accounts.names_of(session, people) if people else {}
    lines = [_line(list(same), about, names) for _, same in groupby(told, lambda e: (e.actor, e.type, e.at))]
    return News(lines[:LINES], end)


def _line(same: Sequence[Event], about: Mapping[str, tuple[Glimpse, bool]], names: Mapping[int, str]) -> Line:
    first = same[0]
    glimpse, gone = about[first.subject]
    number = first.actor.partition(":")[2]
    who = names.get(int(number), "") if number.isdigit() else _program(first.actor)
    return Line(
        first.position,
        first.at,
        who or gettext(language(), N_("Somebody whose account is gone")),
        first.actor == _me(),
        gettext(language(), _DEEDS.get(first.type, N_("changed"))),
        glimpse,
        gone,
        len({event.subject for event in same}) - 1,
    )


def _program(actor: str) -> str:
    return gettext(language(), _PROGRAMS[actor]) if actor in _PROGRAMS else actor


def _seen(session: Any, events: Sequence[Event]) -> dict[str, tuple[Glimpse, bool]]:
    """By subject the activity, as it stands now, of those the person may see; and whether it lies in the bin."""
    ids = {UUID(event.subject_id) for event in events}
    if not ids:
        return {}
    found = {f"activity:{g.id}": (g, False) for g in desk.glimpses(session, visible(), ids).values()}
    binned = [UUID(e.subject_id) for e in events if e.type is EventType.ACTIVITY_REMOVED and e.subject not in found]
    for row in activities.by_ids(session, binned) if binned else []:
        if row.removed_at is not None and sees(row.to_activity()):
            found[f"activity:{row.id}"] = Glimpse(row.id, row.kind, row.title), True
    return found


def _me() -> str:
    me = account()
    return f"user:{me.id}" if me else ""
