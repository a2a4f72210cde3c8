"""Occasions: days of the year worth remembering, and when they come round.

An occasion recurs as exactly as its date is known: to the day (28 November 1988), to the month (September 1959) or to
the year (1944, for the outlook in January). What is doubtful recurs one step less exactly. Pure: what day it is, and
how the house keeps 29 February and round years, are arguments.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum

from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.occasion_rules import FixedDay, LeapDayPolicy, parse_rule

# Which anniversaries are kept more than others: `round` asks for longer notice, `jubilee` for a feast.
_BEYOND_A_CENTURY = frozenset({125, 150, 175, 200, 250, 300, 400, 500, 600, 700, 750, 800, 900, 1000})
ROUND_YEARS = frozenset(range(5, 101, 5)) | _BEYOND_A_CENTURY
JUBILEE_YEARS = frozenset({10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 100}) | _BEYOND_A_CENTURY


class OccasionKind(StrEnum):
    TWINNING = "twinning"
    AGREEMENT = "agreement"
    MILESTONE = "milestone"
    OBSERVANCE = "observance"


_FOUNDING = (OccasionKind.TWINNING, OccasionKind.AGREEMENT)


@dataclasses.dataclass(frozen=True)
class Customs:
    """How this house keeps its days."""

    leap_day: LeapDayPolicy = LeapDayPolicy.FEB_28
    round_years: frozenset[int] = ROUND_YEARS
    jubilee_years: frozenset[int] = JUBILEE_YEARS


DEFAULT_CUSTOMS = Customs()


Moved = Mapping[int, date | None]


@dataclasses.dataclass(frozen=True)
class Occasion:
    """Something that happened on `date`, or an observance that falls by `rule`; just one of the two is set.

    `key` stays the same as long as it is the same thing. `titles` (language to text) may be empty for a founding,
    which is worded by its kind. `sources` are the subjects that tell of it ("twin:cologne", "activity:<uuid>").
    `moved` has the years in which an observance is kept on another day of the year, or (None) not at all.
    """

    key: str
    kind: OccasionKind
    twins: tuple[str, ...]
    date: HistoricDate | None = None
    rule: str | None = None
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    basis: str = ""
    sources: tuple[str, ...] = ()
    moved: Moved = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Occurrence:
    """An occasion come round: `when` is a day, a month or a year of `year`; `number` is None for an observance."""

    occasion: Occasion
    year: int
    when: HistoricDate
    number: int | None
    round: bool
    jubilee: bool

    @property
    def on(self) -> date | None:
        """The day, where it falls on one."""
        return self.when.exact_day

    @property
    def precision(self) -> Precision:
        return self.when.precision


def occurrence(occasion: Occasion, year: int, customs: Customs = DEFAULT_CUSTOMS) -> Occurrence | None:
    """How the occasion comes round in `year`.

    None in and before the year it happened, if nobody can say, and where it is not kept that year.
    """
    if not date.min.year <= year <= date.max.year:
        return None
    if occasion.rule is not None:
        day = occasion.moved[year] if year in occasion.moved else parse_rule(occasion.rule).on(year, customs.leap_day)
        if day is None:
            return None
        return Occurrence(occasion, year, HistoricDate.of_day(day), None, round=False, jubilee=False)
    happened = _beginning(occasion)
    when = _return(happened, year, customs.leap_day) if happened else None
    if happened is None or happened.earliest is None or when is None:
        return None
    number = year - happened.earliest.year
    if number <= 0:
        return None
    return Occurrence(
        occasion, year, when, number, round=number in customs.round_years, jubilee=number in customs.jubilee_years
    )


def occurrences(
    occasions: Iterable[Occasion],
    first: date,
    last: date,
    customs: Customs = DEFAULT_CUSTOMS,
    precisions: frozenset[Precision] = frozenset({Precision.DAY, Precision.MONTH, Precision.YEAR}),
) -> list[Occurrence]:
    """All that come round from `first` to `last`, both included, in order of time, the less exact before.

    One known to the month or year counts where that month or year touches the span: leave it out by `precisions`.
    """
    found = [
        come
        for occasion in occasions
        for year in range(first.year, last.year + 1)
        if (come := occurrence(occasion, year, customs)) and come.precision in precisions
    ]
    inside = [
        come
        for come in found
        if come.when.earliest and come.when.latest and come.when.earliest <= last and come.when.latest >= first
    ]
    return sorted(inside, key=in_order)


def in_order(come: Occurrence) -> tuple[str, str]:
    """Where it stands among others: in order of time, the less exact before."""
    return come.when.sort_key, come.occasion.key


def next_occurrence(occasion: Occasion, today: date, customs: Customs = DEFAULT_CUSTOMS) -> Occurrence | None:
    """The one that is today or the next to come; a month or year that still runs is not over."""
    happened = _beginning(occasion)
    start = max(today.year, happened.earliest.year + 1 if happened and happened.earliest else today.year)
    # It may have been earlier this year, and be left out for some years to come.
    for year in range(start, start + 2 + len(occasion.moved)):
        come = occurrence(occasion, year, customs)
        if come and come.when.latest and come.when.latest >= today:
            return come
    return None


def merge_duplicates(occasions: Iterable[Occasion]) -> list[Occasion]:
    """One occasion for each founding, though the twin's record and a milestone both tell of it.

    Foundings of the same twins are the same if one date lies within the other. The most exact date is kept, the kind,
    key and words of the twinning. All else on one day stays apart: a square named is not the award given that evening.
    """
    kept: list[Occasion] = []
    # The most exact first, so that a bare year joins one of its days and never makes two days of a year one.
    for occasion in sorted(occasions, key=_exactness):
        place = next((i for i, other in enumerate(kept) if _is_same_founding(other, occasion)), None)
        if place is None:
            kept.append(occasion)
        else:
            kept[place] = _merged(kept[place], occasion)
    return kept


def _beginning(occasion: Occasion) -> HistoricDate | None:
    """What the years are counted from: of something that lasts, its beginning."""
    return occasion.date.ends[0] if occasion.date else None


def _return(happened: HistoricDate, year: int, leap_day: LeapDayPolicy) -> HistoricDate | None:
    """The day, month or year in `year` at which `happened` is remembered; None where its year itself is not known.

    A season has no months that were recorded, so it is remembered in its year.
    """
    first = happened.earliest
    if first is None:
        return None
    doubtful = happened.approximate or happened.uncertain
    match happened.precision, doubtful:
        case Precision.DAY, False:
            return HistoricDate.of_day(FixedDay(first.month, first.day).on(year, leap_day))
        case (Precision.DAY, True) | (Precision.MONTH, False):
            return HistoricDate.parse(f"{year:04}-{first.month:02}")
        case (Precision.MONTH, True) | (Precision.SEASON, _) | (Precision.YEAR, False):
            return HistoricDate.parse(f"{year:04}")
        case _:
            return None


def _exactness(occasion: Occasion) -> tuple[int, str, int, str]:
    begin = _beginning(occasion)
    if begin is None or begin.earliest is None or begin.latest is None:
        return 0, "", 0, occasion.key
    return (begin.latest - begin.earliest).days, begin.sort_key, list(OccasionKind).index(occasion.kind), occasion.key


def _is_same_founding(exact: Occasion, other: Occasion) -> bool:
    exact_date, other_date = _beginning(exact), _beginning(other)
    return (
        exact.kind in _FOUNDING
        and other.kind in _FOUNDING
        and bool(exact.twins)
        and set(exact.twins) == set(other.twins)
        and exact_date is not None
        and other_date is not None
        and other_date.contains(exact_date)
    )


def _merged(exact: Occasion, other: Occasion) -> Occasion:
    leads = other if exact.kind is OccasionKind.AGREEMENT and other.kind is OccasionKind.TWINNING else exact
    follows = exact if leads is other else other
    return dataclasses.replace(
        leads,
        date=exact.date,
        basis=leads.basis or follows.basis,
        sources=tuple(dict.fromkeys((*leads.sources, *follows.sources))),
    )
