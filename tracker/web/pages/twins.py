"""The twin cities: all of them with how they stand, and one with all that is known of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import Flask, render_template, request

from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.clocks import ahead, next_change
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.figures import Reciprocity, Scope
from tracker.domain.search import fold
from tracker.domain.turns import Turn, YearOfVisits, whose_turn, years_of_visits
from tracker.domain.twin_wording import standing
from tracker.domain.twins import HUB, Level, State, Twin, TwinState
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import activities as store
from tracker.store import activity_lines, partners, twin_figures
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.store.figures_reciprocity import reciprocity_figures
from tracker.store.figures_scope import Spans
from tracker.web.auth import Audience, allowed, visibilities, visible
from tracker.web.files import Gallery, galleries_of
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language, locale
from tracker.web.pages.occasions import Remembered, next_of
from tracker.web.remembered_tallies import kept
from tracker.web.year_chart import chart_of

_LATEST = 8
_YEARS, _MOST_YEARS = 10, 80
_FIRST_YEAR = 1944
"""When Coventry and Stalingrad became the first twins."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/twins", "twins", twins)
    app.add_url_rule("/twins/<slug>", "twin", twin)
    app.jinja_env.filters["country_of"] = country_of
    app.jinja_env.filters["standing"] = lambda state: standing(language(), state)


def country_of(shown: Twin) -> str:
    """The label that is to be shown, else the country's name; the ISO code decides no border (R14)."""
    label = shown.country_label.get(language()) or shown.country_label.get("en")
    return label or str(Locale.parse(locale()).territories.get(shown.country, shown.country))


@dataclass(frozen=True)
class Listed:
    """A city in the list: what happened last, and what comes next."""

    twin: Twin
    last: Any
    coming: Remembered | None


@dataclass(frozen=True)
class Balance:
    """How visits between the hub and a city balance."""

    years: int
    of_years: list[YearOfVisits]
    figures: Reciprocity | None
    turn: Turn


@allowed(Audience.READERS)
def twins() -> str:
    given = {name: request.args.get(name, "").strip() for name in ("q", "link", "state")}
    with this_tracker().database.reading() as session:
        known = twin_store.current(session)
        kinds = {row.slug: row.names for row in twin_store.link_kinds(session)}
        last = twin_figures.last_of_each(session, visible(), today())
        last_ones = {slug: row.to_activity() for slug, row in last.items()}
        occasions, customs = occasion_store.load_all(session), rule_store.customs(session)
    coming: dict[str, Remembered] = {}
    for one in next_of(occasions, known, customs, today()):
        if one.when.precision is not Precision.YEAR:
            for slug in one.twins:
                coming.setdefault(slug, one)
    chosen = [one for one in known.values() if _fits(one, given)]
    listed = [Listed(one, last_ones.get(one.slug), coming.get(one.slug)) for one in chosen]
    listed.sort(key=lambda one: fold(one.twin.name(language())))
    groups = [(names, [one for one in listed if one.twin.link == slug]) for slug, names in kinds.items()]
    groups.sort(key=lambda group: -len(group[1]))
    return render_template(
        "twins/list.html",
        groups=[group for group in groups if group[1]],
        levels=tuple(Level),
        count=len(known),
        found=len(listed),
        given=given,
        kinds=kinds,
        states=(State.IN_FORCE.value, State.ENDED.value, State.RESTING.value, State.UNKNOWN.value),
        day=today(),
    )


def _fits(shown: Twin, given: dict[str, str]) -> bool:
    """Whether a city is asked for: by any name it has or had, its country, its kind of link, its state."""
    if given["link"] and shown.link != given["link"]:
        return False
    agreement, official, citizens = (shown.state(level, today()).state for level in Level)
    states = {agreement} if given["state"] != State.RESTING else {official, citizens}
    if given["state"] and given["state"] not in states:
        return False
    words = fold(" ".join([*shown.all_names(), country_of(shown)]))
    return all(word in words for word in fold(given["q"]).split())


@allowed(Audience.READERS)
def twin(slug: str) -> str:
    years = min(max(request.args.get("years", _YEARS, type=int), 1), _MOST_YEARS)
    with this_tracker().database.reading() as session:
        known = twin_store.current(session)
        if slug not in known:
            raise NotFound(N_("There is no twin city “{slug}”."), slug=slug)
        own = visible(twins=(slug,))
        latest = kept(session, store.ids_listed, own, newest_first=True, limit=_LATEST)
        papers = kept(session, twin_figures.agreements, own)
        read = {line.id: line for line in activity_lines.lines(session, [*latest, *papers], own)}
        details = activity_lines.details_of(session, papers, own)
        count = kept(session, store.counted, own)
        counted, nowhere = kept(session, twin_figures.by_year, own)
        balance = _balance(session, slug, years)
        honours = twin_store.honours_of(session, slug)
        occasions, customs = occasion_store.load_all(session, (slug,)), rule_store.customs(session)
        offices = {city.slug: partners.officeholders(session, city.slug) for city in (known[slug], HUB)}
        contacts = [(row.id, row.to_value()) for row in partners.contacts(session, slug)]
    shown = known[slug]
    galleries = galleries_of(honours)
    around = {level: _around(shown, level) for level in Level}
    return render_template(
        "twins/show.html",
        section="twins",
        twin=shown,
        twins=known,
        hub=HUB,
        dates=sorted(shown.dates, key=lambda d: HistoricDate.parse(d.date).sort_key),
        states=[shown.state(level, today()) for level in Level],
        earlier={level: before for level, (before, _) in around.items()},
        later={level: after for level, (_, after) in around.items()},
        latest=[read[identity] for identity in latest if identity in read],
        count=count,
        chart=chart_of(counted, _FIRST_YEAR, today().year),
        nowhere=nowhere,
        balance=balance,
        papers=[(read[one], details[one]) for one in papers if one in read and one in details],
        honours=sorted(honours, key=lambda row: row.date or "9999"),
        photographs={row.slug: _first_picture(galleries[row.slug]) for row in honours},
        coming=_nearest(next_of(occasions, known, customs, today())),
        offices=offices,
        contacts=contacts,
        clocks=_clocks(shown),
        day=today(),
    )


def _balance(session: Any, slug: str, years: int) -> Balance:
    year = today().year
    asked: dict[str, Any] = {"first": dt.date(year, 1, 1), "last": dt.date(year, 12, 31), "twins": (slug,)}
    scope = Scope(**asked, visibilities=tuple(Visibility(level) for level in visibilities()))
    figures = next(iter(kept(session, reciprocity_figures, scope, Spans.of(scope), years)), None)
    first = dt.date(year - years + 1, 1, 1)
    counted = kept(session, twin_figures.visits_by_year, visible(twins=(slug,)), first)
    turn = whose_turn(figures.last_in, figures.last_out) if figures else Turn.NOBODY
    return Balance(years, years_of_visits(counted, first.year, year), figures, turn)


def _clocks(shown: Twin) -> dict[str, Any] | None:
    """Both zones, by how much the city is ahead of the hub, and when that changes."""
    if not shown.timezone or not HUB.timezone:
        return None
    change = next_change(HUB.timezone, shown.timezone, now())
    return {"ahead": ahead(HUB.timezone, shown.timezone, now()), "change": change}


def _around(shown: Twin, level: Level) -> tuple[list[TwinState], list[TwinState]]:
    """The states of a level before the one that holds today, and those that are known to come."""
    known = [one for one in shown.states if one.level == level]
    holds = shown.state(level, today())
    at = known.index(holds) if holds in known else -1
    return known[: max(at, 0)], known[at + 1 :]


def _first_picture(gallery: Gallery) -> Any:
    return next((one for one in gallery.pictures if not one.hidden and one.row.bytes.thumbnail == "ready"), None)


def _nearest(coming: list[Remembered]) -> list[Remembered]:
    """The next few: first those with a day or month, for a bare year says only that it is this one."""
    return sorted(coming, key=lambda one: one.when.precision is Precision.YEAR)[:4]
