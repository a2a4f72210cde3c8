"""The page for everybody: what is public, without login, where an administrator has opened it. Else there is none.

Only what a public calendar would say too: day, title, place, cities. No sums, no names of people; of numbers only how
many public activities there were, by decade and on the map.
"""

import datetime as dt
from uuid import UUID

from flask import Flask, Response, abort, render_template, request

from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Visibility
from tracker.domain.dates import HistoricDate
from tracker.store import activities as store
from tracker.store import occasions as occasion_store
from tracker.store import organisation as house
from tracker.store import rules as rule_store
from tracker.store import subscriptions
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, allowed
from tracker.web.installation import this_tracker, today
from tracker.web.language import language
from tracker.web.pages.occasions import Remembered, remembered
from tracker.web.pages.partnership_map import drawn, every_year

AHEAD = dt.timedelta(days=180)
_COMING = 20
_OF_A_DECADE = 200
_FIRST = UUID(int=0)
_EVERYBODYS = ActivityFilter(visibilities=(Visibility.PUBLIC.value,))


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/welcome", "welcome", welcome)
    app.add_url_rule("/welcome/years", "welcome_years", welcome_years)


@allowed(Audience.EVERYBODY)
def welcome() -> str:
    first = today()
    with this_tracker().database.reading() as session:
        organisation = house.current(session)
        if not organisation.public_page:
            abort(404)
        twins = twin_store.current(session)
        counted = store.counted_by(session, _EVERYBODYS, "decade")
        decades = {each: counted[each] for each in sorted(counted) if each.isdigit()}
        decade = _chosen(decades)
        # Every key of a decade stands behind its three figures alone.
        rows = store.listed(session, _EVERYBODYS, after=(decade, _FIRST), limit=_OF_A_DECADE + 1) if decade else []
        of_decade = [row for row in rows if row.sort_key.startswith(decade)]
        coming = store.listed(session, _ahead(first), limit=_COMING)
        days = remembered(occasion_store.load_all(session), twins, rule_store.customs(session), first, first + AHEAD)
        calendars = subscriptions.public_ones(session)
        shown = drawn(session, twin_store.current(session), _EVERYBODYS)
    return render_template(
        "welcome.html",
        house=organisation.name(language()),
        twins=twins,
        coming=_in_order([row.to_activity() for row in coming], days, first),
        calendars=calendars,
        map=shown,
        decades=[(each, _named(each), number) for each, number in decades.items()],
        decade=decade,
        heading_of_decade=_named(decade) if decade else "",
        of_decade=[row.to_activity() for row in of_decade[:_OF_A_DECADE]],
        more=len(of_decade) > _OF_A_DECADE,
    )


@allowed(Audience.EVERYBODY)
def welcome_years() -> Response:
    """What the slider of its map asks for."""
    with this_tracker().database.reading() as session:
        if not house.current(session).public_page:
            abort(404)
    return every_year(_EVERYBODYS)


def _ahead(first: dt.date) -> ActivityFilter:
    return ActivityFilter(visibilities=(Visibility.PUBLIC.value,), first=first, last=first + AHEAD)


def _in_order(found: list[Activity], days: list[Remembered], first: dt.date) -> list[tuple[str, Activity | Remembered]]:
    """What lies ahead, by date; what goes on all the time has no date one could come to."""
    visits = [one for one in found if not one.running and one.earliest and one.earliest >= first]
    both: list[tuple[str, str, Activity | Remembered]] = [
        *((one.start_date.sort_key, "activity", one) for one in visits),
        *((day.when.sort_key, "day", day) for day in days if day.on is not None),
    ]
    return [(sort, one) for _, sort, one in sorted(both, key=lambda each: each[0])][:_COMING]


def _chosen(decades: dict[str, int]) -> str:
    """The decade of the address, else the one in which it began."""
    wanted = request.args.get("decade", "")[:3]
    return wanted if wanted in decades else next(iter(decades), "")


def _named(decade: str) -> str:
    return HistoricDate.parse(f"{decade}X").display(language())
