"""The figures of a report: what a period's activities add up to, each number with its label and what stands behind it.

These frozen types are the JSON of a report, and its published schema is made from them. Numbers are never added across
labels (R9): wanted, registered and came stay apart, travellers and audience too, and what was counted exactly, about
and as "more than" is kept apart until it is worded. Every number has a `key` by which the activities behind it can be
asked for. Pure: `store.figures` fills it, `domain.report_*` words it.
"""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from tracker.domain.activities import (
    Basis,
    Bound,
    Count,
    Currency,
    Direction,
    Goods,
    Kind,
    LanguageTag,
    Leader,
    Money,
    Organiser,
    Side,
    Slug,
    Status,
    Value,
    Visibility,
)
from tracker.domain.details import ProgrammeItem, Stage

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning or goes; new fields alone do not raise it."""


class Flow(StrEnum):
    """Who travels, seen from the side the report is written from: out to the others, in from them."""

    OUT = "out"
    IN = "in"
    MUTUAL = "mutual"
    """Both ways, and the count does not say which side."""
    ELSEWHERE = "elsewhere"
    NONE = "none"


class Crowd(StrEnum):
    """Whom a count counts, as a report keeps them apart. Each label staff type belongs to one of these."""

    TRAVELLERS = "travellers"
    YOUNG = "young"
    """Pupils, students, young people: funders ask for them apart."""
    AUDIENCE = "audience"
    ONLINE = "online"
    HELPERS = "helpers"
    OTHERS = "others"
    """Participants and everything else; shown under the word that was typed."""


class Scope(Value):
    """What a report is asked about. Nothing outside `visibilities` is ever read."""

    first: dt.date
    last: dt.date
    twins: tuple[Slug, ...] = Field((), description="only activities with one of these; empty: all")
    kinds: tuple[Kind, ...] = ()
    viewpoint: Side = Field(Side.HUB, description="hub or twin: whose travellers go out and whose guests come in")
    visibilities: tuple[Visibility, ...] = (Visibility.PUBLIC,)
    counts_for: tuple[str, ...] = Field((), description="only what counts for one of these (R10); empty: all")
    leaves_out: tuple[str, ...] = Field((), description="nothing that counts for one of these, such as 'social only'")
    funder: str = Field("", description="only what this funder gave money to; empty: all")


class Number(Value):
    """How many activities; `before` the same span a year earlier (None: there is none to compare with)."""

    key: str
    now: int = 0
    before: int | None = None


class ByKind(Value):
    kind: Kind
    number: Number


class BySubtype(Value):
    kind: Kind
    subtype: str
    number: Number


class ByTwin(Value):
    """An activity with two twins counts with each, so these do not add up to the total."""

    twin: Slug
    number: Number


class ByDirection(Value):
    direction: Direction
    number: Number


class ByMonth(Value):
    """`month` as EDTF (`2018-02`); None for what is known to the season or year only: it counts in no month."""

    month: str | None
    number: Number


class ByStatus(Value):
    status: Status
    number: Number


class ActivityFigures(Value):
    """Activities that began in the period. All but `by_status`, `others` and `cancelled` count those held by our own
    organisation; others' are counted apart (R6)."""

    held: Number
    others: Number
    by_status: tuple[ByStatus, ...] = ()
    by_kind: tuple[ByKind, ...] = ()
    by_subtype: tuple[BySubtype, ...] = ()
    by_twin: tuple[ByTwin, ...] = ()
    by_direction: tuple[ByDirection, ...] = ()
    by_month: tuple[ByMonth, ...] = ()


class Tally(Value):
    """People of one label. The three are parts of one sum, kept apart by how sure the count is."""

    exact: int = 0
    about: int = 0
    more_than: int = 0
    activities: int = 0
    """How many activities gave a number."""

    @property
    def total(self) -> int:
        return self.exact + self.about + self.more_than

    @property
    def bound(self) -> Bound:
        """How the total may be worded: as exact only where every part of it is."""
        if self.more_than:
            return Bound.MORE_THAN
        return Bound.ABOUT if self.about else Bound.EXACT


class PeopleLine(Value):
    """One label's people in one basis. `of` is the word staff typed; `flow` who travelled."""

    key: str
    crowd: Crowd
    of: str
    side: Side | None
    flow: Flow
    basis: Basis
    own: bool
    now: Tally
    before: Tally | None = None


class PeopleFigures(Value):
    """Of held activities, in the order of `Crowd`; no line is ever added to another."""

    lines: tuple[PeopleLine, ...] = ()
    without_numbers: Number


class MoneyLine(Value):
    """A sum of one purpose, funder and currency."""

    key: str
    role: str
    funder: str
    currency: Currency
    now: Decimal
    before: Decimal | None = None
    activities: int


class Rate(Value):
    """What one unit of `currency` was worth; said with every converted sum."""

    currency: Currency
    into: Currency
    rate: Decimal = Field(gt=0)
    on: dt.date
    source: str = Field("", max_length=1000)


class MoneyFigures(Value):
    lines: tuple[MoneyLine, ...] = ()
    rates: tuple[Rate, ...] = Field((), description="sums are converted only with these, and said to be")


class Reached(Value):
    """People a programme reached at a time; counted, never named (R12)."""

    at: str = Field(description="EDTF")
    value: int
    bound: Bound


class Shipment(Value):
    """One aid activity with what it held. `weight_kg` sums the lines that say one; `values` by currency likewise."""

    id: UUID
    title: dict[LanguageTag, str]
    start: str
    end: str | None
    twins: tuple[Slug, ...]
    status: Status
    direction: Direction = Direction.NONE
    counted: bool = Field(False, description="held and begun in the period: in the sums of weight and value")
    form: str
    recipient: str
    stage: Stage | None
    stage_on: str | None
    goods: tuple[Goods, ...] = ()
    weight_kg: Decimal | None = None
    values: dict[str, Decimal] = Field(default_factory=dict)
    money: tuple[Money, ...] = ()
    beneficiaries: tuple[Reached, ...] = ()
    vehicles: int = 0


class AidFigures(Value):
    """Shipments and programmes that began in the period, or reached somebody or a stage in it."""

    number: Number
    weight_kg: Decimal | None = None
    weight_kg_before: Decimal | None = None
    values: dict[str, Decimal] = Field(default_factory=dict, description="by currency, of goods; money is apart")
    shipments: tuple[Shipment, ...] = ()


class Paper(Value):
    """An agreement: signed or renewed in the period, or ending in it or in the twelve months after."""

    what: Literal["signed", "renewed", "ended", "ending"]
    on: str = Field(description="EDTF, of what happened")
    id: UUID | None
    title: dict[LanguageTag, str]
    twins: tuple[Slug, ...]
    ends: str | None = None


class Given(Value):
    """A gift or an honour of the period (R16): from the register, or a milestone that was logged."""

    kind: str
    title: dict[LanguageTag, str]
    on: str
    twins: tuple[Slug, ...]
    id: UUID | None = None
    by: str = ""
    to: str = ""


class Silent(Value):
    """A twin without any activity in the period, and when there was one last (EDTF; None: never)."""

    twin: Slug
    last: str | None


class Coming(Value):
    """An anniversary of the year that follows."""

    on: str = Field(description="EDTF: the day where it is known, else the month or the year")
    title: dict[LanguageTag, str]
    twins: tuple[Slug, ...]
    years: int | None
    round: bool = False
    jubilee: bool = False


class Visits(Value):
    """Journeys out and guests in of one twin: activities, and people with a number that came."""

    out: int = 0
    into: int = 0
    people_out: Tally = Tally()
    people_in: Tally = Tally()


class Reciprocity(Value):
    """How visits between two cities balance, in the period and over the years before; `last_*` in EDTF."""

    key: str
    twin: Slug
    now: Visits
    years: int
    over_years: Visits
    last_out: str | None = None
    last_in: str | None = None


class Partner(Value):
    """An organisation that took part in something, as activities name it."""

    key: str
    name: str
    side: Side
    activities: int


class Line(Value):
    """An activity as a report lists it. Who answers for it, notes and sources are nobody's business there."""

    id: UUID
    version: int
    kind: Kind
    subtype: str
    status: Status
    reason: str
    title: dict[LanguageTag, str]
    description: dict[LanguageTag, str]
    start: str
    end: str | None
    twins: tuple[Slug, ...]
    direction: Direction
    place: str
    own: bool
    owner: str
    leaders: tuple[Leader, ...] = ()
    organisers: tuple[Organiser, ...] = ()
    counts: tuple[Count, ...] = ()
    money: tuple[Money, ...] = ()
    counts_for: tuple[str, ...] = ()
    programme: tuple[ProgrammeItem, ...] = Field((), description="of a delegation, item by item")
    carried: bool = Field(False, description="began before the period and went on in it; counted in no figure")


class Figures(Value):
    """Everything a report of one period can say, from rows alone."""

    schema_version: int = SCHEMA_VERSION
    scope: Scope
    activities: ActivityFigures
    people: PeopleFigures
    money: MoneyFigures
    aid: AidFigures
    papers: tuple[Paper, ...] = ()
    given: tuple[Given, ...] = ()
    partners: tuple[Partner, ...] = ()
    reciprocity: tuple[Reciprocity, ...] = ()
    silent: tuple[Silent, ...] = ()
    coming: tuple[Coming, ...] = ()
    lines: tuple[Line, ...] = Field((), description="in order of time; what is known to the year only stands first")
