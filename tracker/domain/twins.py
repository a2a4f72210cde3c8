"""Twins: names by date, dates with their basis, the state of a partnership on three levels (R1, R2, R4, R5, R14).

A twin is a city linked to the hub. Nothing here decides what a border is: the ISO code and the label shown are apart.
Pure values and rules.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tracker.domain.activities import LanguageTag, Line, Short, Slug, Source, Text, Value
from tracker.domain.dates import HistoricDate, InvalidDate


class Level(StrEnum):
    """The three levels of a partnership, each with its own state (R1)."""

    AGREEMENT = "agreement"
    OFFICIAL = "official_contacts"
    CITIZENS = "citizens_contacts"


class State(StrEnum):
    IN_FORCE = "in_force"
    ENDED = "ended"
    PLANNED = "planned"
    NORMAL = "normal"
    RESTING = "resting"
    GOING_ON = "going_on"
    UNKNOWN = "unknown"


STATES: dict[Level, frozenset[State]] = {
    Level.AGREEMENT: frozenset({State.IN_FORCE, State.ENDED, State.PLANNED, State.UNKNOWN}),
    Level.OFFICIAL: frozenset({State.NORMAL, State.RESTING, State.ENDED, State.UNKNOWN}),
    Level.CITIZENS: frozenset({State.GOING_ON, State.RESTING, State.ENDED, State.UNKNOWN}),
}


def _edtf(text: str) -> str:
    try:
        return HistoricDate.parse(text).edtf
    except InvalidDate as fault:
        context = {"field": "", "value": text, "reason": fault.reason, "values": fault.values}
        raise PydanticCustomError("tracker", "{reason}", context) from fault


Edtf = Annotated[str, Field(max_length=40), AfterValidator(_edtf)]


class FormerName(Value):
    """A name a city bore for a time; `start` and `end` in EDTF, None where not known."""

    names: dict[LanguageTag, Short] = Field(min_length=1)
    start: Edtf | None = None
    end: Edtf | None = None


class TwinDate(Value):
    """One date of a twinning and what it is the date of. `primary`: the date the partners count from."""

    date: Edtf
    basis: Line = ""
    primary: bool = False


class TwinState(Value):
    """One level's state from a date on; `since` is None where no source gives it."""

    level: Level
    state: State
    since: Edtf | None = None
    note: Text = ""
    verified: bool = False
    source: Line = ""
    """Who says so: an address or a paper (R13)."""


class Twin(Value):
    """A city linked to the hub. `local_name` is in the city's own script; `link` is one of the organisation's kinds."""

    slug: Slug
    names: dict[LanguageTag, Short] = Field(min_length=1)
    local_name: Short = ""
    former_names: tuple[FormerName, ...] = ()
    country: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")
    country_label: dict[LanguageTag, Short] = Field(default_factory=dict, description="shown instead, if set")
    link: Slug = "twin"
    dates: tuple[TwinDate, ...] = ()
    states: tuple[TwinState, ...] = ()
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    timezone: Short | None = None
    verified: bool = False
    sources: tuple[Source, ...] = ()
    note: Text = ""

    def name(self, language: str) -> str:
        """Today's name in `language`, else in English, else in the city's own script."""
        return self.names.get(language) or self.names.get("en") or self.local_name or self.slug

    def name_at(self, day: dt.date | None, language: str) -> str:
        """The name the city bore on `day` (R4); today's where `day` is None or no former name covers it."""
        for former in self.former_names:
            if day is not None and _covers(former, day):
                return former.names.get(language) or former.names.get("en") or next(iter(former.names.values()))
        return self.name(language)

    def all_names(self) -> tuple[str, ...]:
        """Every name it has or had, in every language, for searching."""
        former = [n for f in self.former_names for n in f.names.values()]
        return tuple(name for name in dict.fromkeys([*self.names.values(), self.local_name, *former]) if name)

    def state(self, level: Level, day: dt.date | None = None) -> TwinState:
        """The state valid on `day` (the newest where `day` is None); unknown where nothing is recorded."""
        known = [s for s in self.states if s.level == level and (day is None or _begun(s, day))]
        return known[-1] if known else TwinState(level=level, state=State.UNKNOWN)

    @property
    def primary_date(self) -> TwinDate | None:
        return next((d for d in self.dates if d.primary), None)


def _covers(former: FormerName, day: dt.date) -> bool:
    start = HistoricDate.parse(former.start).earliest if former.start else None
    # A name that ended on a day was already the new one that day, as with Volgograd on 10 November 1961.
    end = HistoricDate.parse(former.end).earliest if former.end else None
    return (start is None or start <= day) and (end is None or day < end) and not (start is None and end is None)


def _begun(state: TwinState, day: dt.date) -> bool:
    since = HistoricDate.parse(state.since).earliest if state.since else None
    return since is None or since <= day


HUB = Twin(
    slug="volgograd",
    names={"en": "Volgograd", "de": "Wolgograd", "ru": "Волгоград"},
    local_name="Волгоград",
    former_names=(
        FormerName(names={"en": "Tsaritsyn", "de": "Zarizyn", "ru": "Царицын"}, end="1925-04-10"),
        FormerName(
            names={"en": "Stalingrad", "de": "Stalingrad", "ru": "Сталинград"}, start="1925-04-10", end="1961-11-10"
        ),
    ),
    country="RU",
    link="hub",
    latitude=48.7080,
    longitude=44.5133,
    timezone="Europe/Volgograd",
    verified=True,
)
"""The hub itself; it is no twin and has no row."""


def names_on(day: dt.date | None, twins: Mapping[str, Twin], slugs: tuple[str, ...], language: str) -> list[str]:
    """The names of several twins on a day, in the order given."""
    return [twins[s].name_at(day, language) if s in twins else s for s in slugs]
