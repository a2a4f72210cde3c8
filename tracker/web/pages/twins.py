"""The twin cities: all of them, and one with its names, dates, three states, anniversaries and activities."""

from babel import Locale
from flask import Flask, render_template

from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.twin_wording import standing
from tracker.domain.twins import HUB, Level, Twin
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import activities as store
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, allowed, visibilities
from tracker.web.installation import this_tracker, today
from tracker.web.language import language, locale
from tracker.web.pages.occasions import Remembered, next_of

_LATEST = 8


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/twins", "twins", twins)
    app.add_url_rule("/twins/<slug>", "twin", twin)
    app.jinja_env.filters["country_of"] = country_of
    app.jinja_env.filters["standing"] = lambda state: standing(language(), state)


def country_of(shown: Twin) -> str:
    """The label that is to be shown, else the country's name; the ISO code decides no border (R14)."""
    label = shown.country_label.get(language()) or shown.country_label.get("en")
    return label or str(Locale.parse(locale()).territories.get(shown.country, shown.country))


@allowed(Audience.READERS)
def twins() -> str:
    with this_tracker().database.reading() as session:
        known = twin_store.load_all(session)
        kinds = {row.slug: row.names for row in twin_store.link_kinds(session)}
    in_order = sorted(known.values(), key=lambda t: t.name(language()))
    groups = [(names, [t for t in in_order if t.link == slug]) for slug, names in kinds.items()]
    groups.sort(key=lambda group: -len(group[1]))
    return render_template(
        "twins/list.html", groups=[group for group in groups if group[1]], levels=tuple(Level), count=len(known)
    )


@allowed(Audience.READERS)
def twin(slug: str) -> str:
    with this_tracker().database.reading() as session:
        known = twin_store.load_all(session)
        if slug not in known:
            raise NotFound(N_("There is no twin city “{slug}”."), slug=slug)
        own = ActivityFilter(twins=(slug,), visibilities=visibilities())
        latest = [row.to_activity() for row in store.listed(session, own, newest_first=True, limit=_LATEST)]
        count = store.counted(session, own)
        honours = twin_store.honours_of(session, slug)
        occasions, customs = occasion_store.load_all(session, (slug,)), rule_store.customs(session)
    shown = known[slug]
    return render_template(
        "twins/show.html",
        section="twins",
        twin=shown,
        twins=known,
        hub=HUB,
        dates=sorted(shown.dates, key=lambda d: HistoricDate.parse(d.date).sort_key),
        states=[shown.state(level, today()) for level in Level],
        earlier={level: [s for s in shown.states if s.level == level][:-1] for level in Level},
        latest=latest,
        count=count,
        honours=honours,
        coming=_nearest(next_of(occasions, known, customs, today())),
    )


def _nearest(coming: list[Remembered]) -> list[Remembered]:
    """The next few: first those with a day or month, for a bare year says only that it is this one."""
    return sorted(coming, key=lambda one: one.when.precision is Precision.YEAR)[:4]
