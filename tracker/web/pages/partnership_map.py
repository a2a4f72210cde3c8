"""The partnership map: the hub and its twins as arcs on the world, in any year since 1944; also a piece of other pages.

What is drawn is worked out here from `domain.partnership_map`; the figures count no more than the person may see.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, Response, jsonify, render_template, request

from tracker.bootstrap import Tracker
from tracker.domain import partnership_map as rules
from tracker.domain import world
from tracker.domain.partnership_map import FIRST_YEAR, Label, Link
from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin
from tracker.outputs.land import land as land_svg
from tracker.store import desk
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, allowed, visible
from tracker.web.installation import this_tracker, today
from tracker.web.language import in_words, language
from tracker.web.remembered_tallies import kept

_WORLD = world.Box(-305, -232, 650, 262)
_NEAR = world.Box(-42, -226, 142, 112)
"""From the Channel to the Volga, where most twins lie: drawn once more, larger."""
_WORLD_SIZE, _NEAR_SIZE = 13.0, 4.6
"""How large names are, in units of the map."""
_HUB = world.place(HUB.latitude or 0, HUB.longitude or 0)
_MONTH = 30 * 24 * 3600


@dataclass(frozen=True)
class City:
    """A city on the map in one year."""

    slug: str
    name: str
    point: world.Point
    path: str
    link: Link
    activities: int

    @property
    def thickness(self) -> int:
        return rules.thickness(self.activities)


@dataclass(frozen=True)
class View:
    """A part of the map, and where names stand in it."""

    name: str
    box: world.Box
    labels: Mapping[str, Label]
    size: float


@dataclass(frozen=True)
class Drawn:
    """The whole map in one year."""

    year: int
    first: int
    last: int
    hub: City
    cities: list[City]
    views: tuple[View, ...]

    @property
    def linked(self) -> int:
        return sum(city.link in rules.LINKED for city in self.cities)

    @property
    def activities(self) -> int:
        return sum(city.activities for city in self.cities)


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/map", "partnership_map", partnership_map)
    app.add_url_rule("/map/years", "map_years", map_years)
    app.add_url_rule("/map/land.svg", "land", land)


@allowed(Audience.READERS)
def partnership_map() -> str:
    with this_tracker().database.reading() as session:
        shown = drawn(session, twin_store.current(session), visible())
    return render_template("map.html", section="twins", map=shown)


@allowed(Audience.READERS)
def map_years() -> Response:
    return every_year(visible())


def every_year(chosen: ActivityFilter) -> Response:
    """Every year at once, for whoever moves the slider; the figures count what is chosen."""
    day = today()
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        counts = kept(session, desk.with_each_twin, chosen, FIRST_YEAR, day.year)
    answer = jsonify(
        links={slug: rules.changes(twin, FIRST_YEAR, day) for slug, twin in twins.items()},
        names={t.slug: rules.names(t, FIRST_YEAR, day, language()) for t in (HUB, *twins.values())},
        counts=counts,
        linked=sorted(rules.LINKED),
        words={link.value: in_words(link.value, "link") for link in Link},
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@allowed(Audience.EVERYBODY)
def land() -> Response:
    """The shores alone, which are the same for all: the page for everybody draws its map on them, too."""
    answer = Response(land_svg(), mimetype="image/svg+xml")
    answer.cache_control.private, answer.cache_control.max_age = True, _MONTH
    return answer


def year_asked_for() -> int:
    """The year in the address, moved to where the map begins or ends; today's where there is none."""
    year = request.args.get("year", type=int, default=today().year)
    return min(max(year, FIRST_YEAR), today().year)


def drawn(session: Any, twins: Mapping[str, Twin], chosen: ActivityFilter) -> Drawn:
    """The map in the year asked for; its figures count what is chosen."""
    year, day = year_asked_for(), today()
    counts = kept(session, desk.with_each_twin, chosen, year, year).get(year, {})
    hub = _city(HUB, _HUB, year, 0)
    placed = [
        _city(twin, world.place(twin.latitude, twin.longitude), year, counts.get(twin.slug, 0))
        for twin in twins.values()
        if twin.latitude is not None and twin.longitude is not None
    ]
    cities = sorted(placed, key=lambda city: fold(city.name))
    return Drawn(year, FIRST_YEAR, day.year, hub, cities, _views(hub, cities, _longest(twins, day)))


def _city(twin: Twin, point: world.Point, year: int, activities: int) -> City:
    day = today()
    path = world.arc(_HUB, point) if twin is not HUB else ""
    name = rules.name_in(twin, year, day, language())
    return City(twin.slug, name, point, path, rules.link_in(twin, year, day), activities)


def _longest(twins: Mapping[str, Twin], day: dt.date) -> dict[str, str]:
    """The longest name each city has had since the map begins: its place must hold them all."""
    return {
        twin.slug: max((name for _, name in rules.names(twin, FIRST_YEAR, day, language())), key=len)
        for twin in (HUB, *twins.values())
    }


@lru_cache(maxsize=64)
def _labels(
    wanted: tuple[tuple[str, world.Point, str], ...], taken: tuple[world.Point, ...], size: float, box: world.Box
) -> Mapping[str, Label]:
    """Kept, as every name is tried against all others, and cities seldom move."""
    return rules.labels(wanted, taken, size, box)


def _views(hub: City, cities: Collection[City], longest: Mapping[str, str]) -> tuple[View, ...]:
    """The world, with the names of cities far away; and the near part of it, with those that lie there."""
    points = [city.point for city in (hub, *cities)]
    sheet = _WORLD.around(points, 12)
    near = [city for city in cities if _NEAR.has(city.point)]
    far = [city for city in cities if city not in near]

    def placed(of: Collection[City], size: float, box: world.Box) -> Mapping[str, Label]:
        wanted = tuple((city.slug, city.point, longest[city.slug]) for city in (hub, *of))
        return _labels(wanted, tuple(p for p in points if box.has(p)), size, box)

    return (
        View("world", sheet, placed(far, _WORLD_SIZE, sheet), _WORLD_SIZE),
        View("near", _NEAR, placed(near, _NEAR_SIZE, _NEAR), _NEAR_SIZE),
    )
