"""The outlook: what comes round in a span of time, by month, and what of it gets in one another's way.

A year or two ahead a feast can still be moved by a week. So two jubilees close together are told, and a day on which
offices are closed, here or there. Pure: public holidays are arguments.
"""

import calendar
import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.occasion_rules import FixedDay, parse_rule
from tracker.domain.occasions import Occurrence
from tracker.domain.twins import HUB

WEEK = dt.timedelta(days=7)
"""Any seven days running, not those from Monday to Sunday: a Sunday and the Monday after are one journey."""


class Clash(StrEnum):
    """How something gets in the way. `same_month`: perhaps in one week, but of one of them only the month is known."""

    SAME_WEEK = "same_week"
    SAME_MONTH = "same_month"
    PUBLIC_HOLIDAY = "public_holiday"
    WEEKEND = "weekend"


@dataclasses.dataclass(frozen=True)
class Holiday:
    """`names` is by language, with English always. `local`: kept in the place's region, not all over its country."""

    names: Mapping[str, str]
    local: bool = False


@dataclasses.dataclass(frozen=True)
class DaysOff:
    """When people in a place do not work. Of weekdays Monday is 0; `worked` are days of weekends that are worked."""

    holidays: Mapping[dt.date, Holiday] = dataclasses.field(default_factory=dict)
    weekend: frozenset[int] = frozenset({5, 6})
    worked: frozenset[dt.date] = frozenset()

    def is_weekend(self, day: dt.date) -> bool:
        return day.weekday() in self.weekend and day not in self.worked


@dataclasses.dataclass(frozen=True)
class Collision:
    """One thing in the way of an occasion.

    `other` is the jubilee beside it; `holiday` and `places` (slugs, the hub's too) say what is kept where. Of a
    weekend, `everywhere` says that it is one in all places concerned.
    """

    clash: Clash
    other: Occurrence | None = None
    holiday: Holiday | None = None
    places: tuple[str, ...] = ()
    everywhere: bool = False


@dataclasses.dataclass(frozen=True)
class Foreseen:
    """An occasion come round, and what is in its way."""

    come: Occurrence
    collisions: tuple[Collision, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether it is a round year or a jubilee."""
        return self.come.round or self.come.jubilee


@dataclasses.dataclass(frozen=True)
class Month:
    """`undated` comes round in this month, on nobody knows which day."""

    first: dt.date
    undated: tuple[Foreseen, ...]
    dated: tuple[Foreseen, ...]


@dataclasses.dataclass(frozen=True)
class Outlook:
    """Months that hold something, in order; then by year what has not even a month."""

    months: tuple[Month, ...]
    years: tuple[tuple[int, tuple[Foreseen, ...]], ...]


def last_of(first: dt.date, months: int) -> dt.date:
    """The last day of so many months that begin with `first`; the end of the calendar at the latest."""
    try:
        return first + relativedelta(months=months) - dt.timedelta(days=1)
    except (OverflowError, ValueError):
        return dt.date.max


def neighbourhood(first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """The days around a span whose jubilees may collide with one in it: a week, and the whole of each month."""
    month_ends = last.replace(day=calendar.monthrange(last.year, last.month)[1])
    reach = WEEK.days - 1
    return min(first.replace(day=1), _moved(first, -reach)), max(month_ends, _moved(last, reach))


def foresee(
    comes: Iterable[Occurrence], around: Iterable[Occurrence], hub: DaysOff, of_twins: Mapping[str, DaysOff]
) -> list[Foreseen]:
    """Each of `comes` with what is in its way, in their order; `around` are all that come round near them."""
    jubilees = [come for come in around if come.jubilee]
    return [Foreseen(come, (*_beside(come, jubilees), *_closed(come, hub, of_twins))) for come in comes]


def arrange(items: Sequence[Foreseen]) -> Outlook:
    """By month and year, in the order given."""
    months: dict[dt.date, tuple[list[Foreseen], list[Foreseen]]] = {}
    years: dict[int, list[Foreseen]] = {}
    for item in items:
        first = item.come.when.earliest
        if item.come.precision is Precision.YEAR or first is None:
            years.setdefault(item.come.year, []).append(item)
        else:
            months.setdefault(first.replace(day=1), ([], []))[item.come.on is not None].append(item)
    return Outlook(
        tuple(Month(first, tuple(undated), tuple(dated)) for first, (undated, dated) in sorted(months.items())),
        tuple((year, tuple(found)) for year, found in sorted(years.items())),
    )


def week_of(one: Occurrence, other: Occurrence) -> dt.date | None:
    """The first of the seven days within which both fall; None where that is not certain."""
    if one.on is None or other.on is None or abs(one.on - other.on) >= WEEK:
        return None
    return min(one.on, other.on)


def _beside(come: Occurrence, jubilees: Iterable[Occurrence]) -> list[Collision]:
    if not come.jubilee:
        return []
    found = []
    for other in jubilees:
        if _is_same_thing(come, other):
            continue
        if week_of(come, other):
            found.append(Collision(Clash.SAME_WEEK, other))
        elif _may_be_one_week(come.when, other.when):
            found.append(Collision(Clash.SAME_MONTH, other))
    return found


def _is_same_thing(one: Occurrence, other: Occurrence) -> bool:
    """What happened between the same cities on the same day is one feast, not two that collide."""
    mine, theirs = one.occasion, other.occasion
    return mine.key == theirs.key or (mine.date == theirs.date and set(mine.twins) == set(theirs.twins))


def _may_be_one_week(one: HistoricDate, other: HistoricDate) -> bool:
    """Whether one of them is known to its month only, and the other falls into that month."""
    months = [when for when in (one, other) if when.precision is Precision.MONTH]
    exact = {Precision.DAY, Precision.MONTH}
    return (
        bool(months)
        and {one.precision, other.precision} <= exact
        and any(when.contains(one) and when.contains(other) for when in months)
    )


def _closed(come: Occurrence, hub: DaysOff, of_twins: Mapping[str, DaysOff]) -> list[Collision]:
    """Public holidays and weekends of the hub and the twins concerned, each told once."""
    if come.on is None:
        return []
    day = come.on
    places = {HUB.slug: hub, **{slug: of_twins[slug] for slug in come.occasion.twins if slug in of_twins}}
    found = [
        Collision(Clash.PUBLIC_HOLIDAY, holiday=off.holidays[day], places=(slug,))
        for slug, off in places.items()
        if day in off.holidays
    ]
    resting = tuple(slug for slug, off in places.items() if off.is_weekend(day))
    if resting and not _has_a_weekday(come):
        found.append(Collision(Clash.WEEKEND, places=resting, everywhere=len(resting) == len(places)))
    return found


def _has_a_weekday(come: Occurrence) -> bool:
    """Whether it falls on that weekday in every year, as the last Sunday of April does."""
    return come.occasion.rule is not None and not isinstance(parse_rule(come.occasion.rule), FixedDay)


def _moved(day: dt.date, by: int) -> dt.date:
    """So many days on; the end of the calendar at the furthest."""
    return dt.date.fromordinal(max(dt.date.min.toordinal(), min(dt.date.max.toordinal(), day.toordinal() + by)))
