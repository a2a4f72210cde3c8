"""Two hundred years of reminders in every zone of the twins: each (occasion, year, lead) is due once, on its day.

The clock is walked through time in steps of any length, as a machine does that is now and then off. What ought to come
is worked out here once more by other means: months by counting them, Easter by the rules of Meeus, weekdays by looking
through the month.
"""

import calendar
import csv
import dataclasses
import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.domain.dates import HistoricDate
from tracker.domain.matters import matters_of_occasions, reach
from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import Customs, Moved, Occasion, OccasionKind
from tracker.domain.reminders import after_quiet, due_at, plan
from tracker.domain.rules import About, Audience, Lead, Matter, Recipient, Rule, To, Years
from tracker.domain.twins import HUB
from tracker.intake.registry import DATA

LONG_AGO = dt.datetime(1, 1, 2, tzinfo=dt.UTC)
FOR_EVER = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
LEADS = ("-24m round", "-12m round", "-6m", "-8w", "-30d", "-7d", "0d", "+1d", "+1m")
RULE = Rule("anniversary", About.OCCASION, tuple(map(Lead.parse, LEADS)), (Audience(To.FOLLOWERS),), since=LONG_AGO)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NTH = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}


def zones_of_the_house() -> list[str]:
    with (DATA / "twin_cities.csv").open(encoding="utf-8", newline="") as file:
        return sorted({row["tz"] for row in csv.DictReader(file)} | {HUB.timezone or "UTC"})


ZONES = zones_of_the_house()


@dataclass(frozen=True)
class Told:
    """An occasion, and what a calendar on the wall says of it: the day on which it falls in a year, if any."""

    occasion: Occasion
    days: dict[int, dt.date]
    """For the years in which it is known to the day."""
    months: dict[int, dt.date] = field(default_factory=dict)
    """The first of its month, for the years in which only that is known."""
    begins: int | None = None


def western_easter(year: int) -> dt.date:
    """Meeus, Astronomical Algorithms, chapter 8."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    j = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * j) // 451
    n, p = divmod(h + j - 7 * m + 114, 31)
    return dt.date(year, n, p + 1)


def orthodox_easter(year: int) -> dt.date:
    """Meeus for the Julian calendar, whose days are 12 (until February 1900), 13 or 14 (from March 2100) behind."""
    d = (19 * (year % 19) + 15) % 30
    e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7
    month, day = divmod(d + e + 114, 31)
    return dt.date(year, month, day + 1) + dt.timedelta(days=14 if year >= 2100 else 13)


def kept_on(month: int, day: int, year: int, leap_day: LeapDayPolicy) -> dt.date:
    if (month, day) == (2, 29) and not calendar.isleap(year):
        return dt.date(year, 3, 1) if leap_day is LeapDayPolicy.MAR_1 else dt.date(year, 2, 28)
    return dt.date(year, month, day)


def shifted(day: dt.date, lead: Lead) -> dt.date:
    """So many days, weeks or months from a day; a month that is too short ends where it ends."""
    if lead.span.value != "m":
        return day + dt.timedelta(days=lead.amount * (7 if lead.span.value == "w" else 1))
    year, month = divmod(day.year * 12 + day.month - 1 + lead.amount, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@st.composite
def foundings(draw: st.DrawFn, years: range, leap_day: LeapDayPolicy) -> Told:
    """Something that happened on a day or in a month of the last two centuries; often on 29 February."""
    happened = draw(st.dates(dt.date(1890, 1, 1), dt.date(years.stop, 12, 31)) | st.just(dt.date(1988, 2, 29)))
    coming = [year for year in years if year > happened.year]
    if draw(st.booleans()):
        edtf, months = f"{happened:%Y-%m}", {year: dt.date(year, happened.month, 1) for year in coming}
        return Told(_occasion(date=HistoricDate.parse(edtf)), {}, months, happened.year)
    days = {year: kept_on(happened.month, happened.day, year, leap_day) for year in coming}
    return Told(_occasion(date=HistoricDate.of_day(happened)), days, begins=happened.year)


@st.composite
def observances(draw: st.DrawFn, years: range, leap_day: LeapDayPolicy) -> Told:
    """A day by rule, in some years moved or left out."""
    sort = draw(st.sampled_from(("fixed", "weekday", "easter")))
    if sort == "fixed":
        on = draw(st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)) | st.just(dt.date(2024, 2, 29)))
        rule, days = f"{on:%m-%d}", {year: kept_on(on.month, on.day, year, leap_day) for year in years}
    elif sort == "weekday":
        nth, weekday, month = draw(st.sampled_from(sorted(NTH))), draw(st.integers(0, 6)), draw(st.integers(1, 12))
        rule = f"{nth} {WEEKDAYS[weekday]} of {calendar.month_name[month].lower()}"
        weeks = {year: calendar.monthcalendar(year, month) for year in years}
        days = {y: dt.date(y, month, [w[weekday] for w in weeks[y] if w[weekday]][NTH[nth]]) for y in years}
    else:
        before, orthodox = draw(st.integers(0, 70)), draw(st.booleans())
        rule = f"{before} days before {'orthodox ' if orthodox else ''}easter"
        feast = orthodox_easter if orthodox else western_easter
        days = {year: feast(year) - dt.timedelta(days=before) for year in years}
    moved: Moved = {
        year: draw(st.none() | st.dates(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        for year in draw(st.sets(st.sampled_from(years), max_size=2))
    }
    kept = {year: moved.get(year, day) for year, day in days.items()}
    return Told(_occasion(rule=rule, moved=moved), {year: day for year, day in kept.items() if day})


def _occasion(date: HistoricDate | None = None, rule: str | None = None, moved: Moved | None = None) -> Occasion:
    kind = OccasionKind.OBSERVANCE if rule else OccasionKind.TWINNING
    return Occasion("it", kind, ("cologne",), date=date, rule=rule, titles={"en": "It"}, moved=moved or {})


def expected(told: Told, customs: Customs) -> Iterator[tuple[tuple[int, str], dt.date]]:
    for year, day in told.days.items():
        is_round = told.begins is not None and year - told.begins in customs.round_years
        for lead in RULE.leads:
            if is_round or lead.years is Years.ALL:
                yield (year, lead.code), shifted(day, lead)
    for year, first in told.months.items():
        yield (year, "0d"), first


@st.composite
def ticks_after(draw: st.DrawFn, start: dt.datetime, days: list[dt.date]) -> list[dt.datetime]:
    """When the clock ticks in the four years after `start`: at any time, and close to days when something is due."""
    ends = start + dt.timedelta(days=4 * 365)
    close = [dt.datetime.combine(day, dt.time(), dt.UTC) for day in days if start.date() < day < ends.date()]
    hours = st.timedeltas(dt.timedelta(hours=-14), dt.timedelta(hours=38))
    near = [at + draw(hours) for at in close]
    anywhere = draw(st.lists(st.timedeltas(dt.timedelta(minutes=1), ends - start), max_size=5))
    return sorted({*(tick for tick in near if tick > start), *(start + after for after in anywhere), ends})


@settings(max_examples=100, deadline=None)
@given(data=st.data(), zone=st.sampled_from(ZONES), leap_day=st.sampled_from(LeapDayPolicy))
def test_however_the_clock_is_walked_each_is_due_once_on_its_local_day(
    data: st.DataObject, zone: str, leap_day: LeapDayPolicy
) -> None:
    begin = data.draw(st.dates(dt.date(1900, 1, 1), dt.date(2099, 1, 1)))
    years = range(begin.year - 1, begin.year + 6)
    told = data.draw(foundings(years, leap_day) | observances(years, leap_day))
    customs = Customs(leap_day)
    remind_at = data.draw(st.times().map(lambda at: at.replace(second=0, microsecond=0)))
    person = Recipient("user:1", zone, LONG_AGO, user_id=1, remind_at=remind_at)
    wanted = dict(expected(told, customs))
    start = dt.datetime.combine(begin, dt.time(), dt.UTC)
    ticks = data.draw(ticks_after(start, sorted(set(wanted.values()))))

    known = [(told.occasion, LONG_AGO)]
    matters = list(matters_of_occasions(known, dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31), customs))
    moments: dict[tuple[int, str], set[dt.datetime]] = {}
    looks_back = data.draw(st.sampled_from((dt.timedelta(0), DAY)))
    for last, tick in itertools.pairwise([start, *ticks]):
        for row in plan([RULE], matters, [person], max(start, last - looks_back), tick):
            moments.setdefault((row.year, row.lead), set()).add(row.due_at)

    assert {key for key, found in moments.items() if len(found) > 1} == set()
    there = {key: at.astimezone(ZoneInfo(zone)).date() for key, (at,) in moments.items()}
    assert there == {key: wanted.get(key) for key in there}
    missed = {key: day for key, day in wanted.items() if key not in there}
    assert {key for key, day in missed.items() if begin + DAY < day < ticks[-1].date() - DAY} == set()


@settings(max_examples=100, deadline=None)
@given(data=st.data(), zone=st.sampled_from(ZONES), leap_day=st.sampled_from(LeapDayPolicy))
def test_looking_only_as_far_as_leads_reach_misses_nothing(
    data: st.DataObject, zone: str, leap_day: LeapDayPolicy
) -> None:
    """Planning reads the occasions around a span of days, and not those of two centuries."""
    year = data.draw(st.integers(1900, 2099))
    years = range(year - 3, year + 4)
    told, customs = data.draw(foundings(years, leap_day) | observances(years, leap_day)), Customs(leap_day)
    some = data.draw(st.lists(st.sampled_from(RULE.leads), min_size=1, unique=True))
    rule = Rule("some", About.OCCASION, tuple(some), RULE.audience, since=LONG_AGO)
    person, known = Recipient("user:1", zone, LONG_AGO, user_id=1), [(told.occasion, LONG_AGO)]
    # Something is due at one end of the span, where looking not far enough would miss it.
    codes = {lead.code for lead in some}
    due = sorted({day for (_, code), day in expected(told, customs) if code in codes and abs(day.year - year) < 2})
    close = data.draw(st.sampled_from(due or [dt.date(year, 7, 1)]))
    first, last = data.draw(st.sampled_from(((close, close + 90 * DAY), (close - 90 * DAY, close), (close, close))))
    begin = dt.datetime.combine(first - DAY, dt.time(12), dt.UTC)
    end = dt.datetime.combine(last + DAY, dt.time(12), dt.UTC)

    back, ahead = reach([rule], About.OCCASION)
    near = matters_of_occasions(known, first - 2 * DAY - back, last + 2 * DAY + ahead, customs)
    everything = matters_of_occasions(known, dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31), customs)

    assert list(plan([rule], near, [person], begin, end)) == list(plan([rule], everything, [person], begin, end))


@settings(max_examples=200, deadline=None)
@given(
    starts=st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 1)),
    days=st.integers(0, 40),
    zone=st.sampled_from(ZONES),
    leads=st.lists(st.tuples(st.integers(-24, 24), st.sampled_from("dwm")), min_size=1, max_size=6, unique=True),
)
def test_each_lead_of_a_journey_is_due_once_on_its_local_day(
    starts: dt.date, days: int, zone: str, leads: list[tuple[int, str]]
) -> None:
    ends = starts + dt.timedelta(days=days)
    asked = tuple(Lead.parse(f"{amount:+}{span}") for amount, span in leads)
    rule = Rule("trip", About.START, asked, RULE.audience, since=LONG_AGO)
    matter = Matter(About.START, "activity:1", starts.year, HistoricDate.of_day(starts), LONG_AGO)
    last = dataclasses.replace(matter, about=About.END, when=HistoricDate.of_day(ends))
    person = Recipient("user:1", zone, LONG_AGO, user_id=1)

    for what, on in ((matter, starts), (last, ends)):
        rows = list(plan([dataclasses.replace(rule, about=what.about)], [what], [person], LONG_AGO, FOR_EVER))

        due = [(row.lead, row.due_at.astimezone(ZoneInfo(zone)).date()) for row in rows]
        assert sorted(due) == sorted({lead.code: (lead.code, shifted(on, lead)) for lead in asked}.values())


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "quiet", [(dt.time(22), dt.time(7)), (dt.time(1, 30), dt.time(2, 30)), (dt.time(0), dt.time(3))]
)
def test_where_the_clocks_are_changed_quiet_hours_end_when_they_say(zone: str, quiet: tuple[dt.time, dt.time]) -> None:
    """Whatever is due around a change of the clocks waits until the clock on the wall shows the end, and no longer."""
    here, (begin, end) = ZoneInfo(zone), quiet
    for day in around_changes(here):
        midnight = dt.datetime.combine(day, dt.time(), here).astimezone(dt.UTC)
        for moment in (midnight + dt.timedelta(minutes=40 * step) for step in range(36)):
            at = moment.astimezone(here).time()
            is_quiet = at >= begin or at < end if end <= begin else begin <= at < end

            leaves = after_quiet(moment, zone, quiet)

            assert (leaves > moment) is is_quiet, (moment, leaves)
            assert leaves - moment < DAY
            wall = leaves.astimezone(here).time()
            # Where the end itself never comes, just after the leap over it.
            assert not is_quiet or end <= wall <= (dt.datetime.combine(day, end) + dt.timedelta(hours=2)).time()


@pytest.mark.parametrize("leap_day", LeapDayPolicy)
def test_what_happened_on_29_february_comes_once_a_year_for_two_centuries(leap_day: LeapDayPolicy) -> None:
    known = [(_occasion(date=HistoricDate.parse("1896-02-29")), LONG_AGO)]
    person = Recipient("user:1", "Europe/Volgograd", LONG_AGO, user_id=1)
    matters = list(matters_of_occasions(known, dt.date(1900, 1, 1), dt.date(2100, 12, 31), Customs(leap_day)))
    on_its_day = Rule("day", About.OCCASION, (Lead(0),), RULE.audience, since=LONG_AGO)

    rows = list(plan([on_its_day], matters, [person], LONG_AGO, dt.datetime(2101, 1, 1, tzinfo=dt.UTC)))

    days = [row.due_at.astimezone(ZoneInfo("Europe/Volgograd")).date() for row in rows]
    assert days == [kept_on(2, 29, year, leap_day) for year in range(1900, 2101)]
    assert [row.year for row in rows] == list(range(1900, 2101))


@pytest.mark.parametrize("zone", ZONES)
def test_where_the_clocks_are_changed_a_morning_stays_on_its_day(zone: str) -> None:
    """Every change of the clocks from 1900 to 2100: hours that come twice, and hours that never come."""
    here = ZoneInfo(zone)
    hours = [dt.time(0), dt.time(0, 30), dt.time(1, 30), dt.time(2, 30), dt.time(3, 15), dt.time(8), dt.time(22)]

    for day in around_changes(here):
        for at in hours:
            moment = due_at(day, zone, at)
            asked = dt.datetime.combine(day, at)
            both = {asked.replace(tzinfo=here, fold=fold).astimezone(dt.UTC) for fold in (0, 1)}
            shown = [one for one in both if one.astimezone(here).replace(tzinfo=None, fold=0) == asked]
            assert moment.astimezone(here).date() == day
            # The first of two; where it never comes, just after the leap.
            assert moment == min(shown) if shown else moment.astimezone(here).time() > at


def around_changes(zone: ZoneInfo) -> Iterator[dt.date]:
    """The day of each change of the clocks, and the days before and after it."""
    for week in (week for week in weeks() if offset(week, zone) != offset(week + WEEK, zone)):
        days = [week + dt.timedelta(days=days) for days in range(8)]
        changed = next(day for day in days[1:] if offset(day, zone) != offset(day - DAY, zone))
        yield from (changed - DAY, changed, changed + DAY)


def weeks() -> Iterator[dt.date]:
    day = dt.date(1900, 1, 1)
    while day.year <= 2100:
        yield day
        day += WEEK


def offset(day: dt.date, zone: ZoneInfo) -> dt.timedelta | None:
    return dt.datetime.combine(day, dt.time(12), zone).utcoffset()
