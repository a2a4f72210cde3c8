"""A time zone's rules as the VTIMEZONE that a calendar must carry for every zone its entries name.

Written by hand because Outlook ignores blocks made of single dates, which is all that icalendar's own generator
makes. Nothing is known here about any zone: the changes of its clock are observed in the zone data, year after year,
and what repeats becomes a yearly rule. The observation reaches far beyond today since only there does the data follow
the zone's present law alone. The bytes depend on the zone data in use, and on nothing else.
"""

import dataclasses
import functools
import itertools
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

FIRST_YEAR: Final = 2015
"""From here on a zone is told in every calendar; earlier only where a calendar holds an older time."""

# 28 years after the last explicit change in the data (2037) every combination of weekday and leap year has come by,
# so a rule that holds up to here holds for ever.
_LAST_YEAR: Final = 2066
_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_SHORTEST_RUN: Final = 3  # fewer years alike are told one by one
_WALL: Final = "%Y%m%dT%H%M%S"


@dataclasses.dataclass(frozen=True)
class _Change:
    """What a clock change does, without its day: the same in every year of a rule."""

    before: timedelta
    after: timedelta
    name: str
    daylight: bool


@dataclasses.dataclass(frozen=True)
class _Observance:
    """One STANDARD or DAYLIGHT block. `onset` is read off a clock that still shows the time before the change."""

    onset: datetime
    change: _Change
    rule: str = ""


@functools.cache
def vtimezone(tzid: str, first_year: int = FIRST_YEAR) -> bytes:
    """The VTIMEZONE of `tzid`, exact from 1 January of `first_year` on; ZoneInfoNotFoundError for an unknown name.

    A `first_year` after 2015 counts as 2015: the block should not change when an entry goes.
    """
    zone, first_year = ZoneInfo(tzid), min(first_year, FIRST_YEAR)
    # Beginning a year early finds the change that is in force on the first day, in its own right.
    begin = datetime(first_year - 1, 1, 1)  # noqa: DTZ001 - bare UTC, as in the whole module
    changes: dict[_Change, list[datetime]] = {}
    for onset, change in _observe(zone, begin):
        changes.setdefault(change, []).append(onset)
    blocks = [block for change, onsets in changes.items() for block in _observances(change, onsets)]
    if all(block.onset.year >= first_year for block in blocks):
        blocks.append(_as_found(zone, begin))
    blocks.sort(key=lambda block: (block.onset, block.rule))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}", *itertools.chain(*map(_lines, blocks)), "END:VTIMEZONE"]
    return "".join(map(_folded, lines)).encode("ascii")


def _observe(zone: ZoneInfo, begin: datetime) -> Iterator[tuple[datetime, _Change]]:
    """Every change of the zone's clock, in order. Looks once a day, then halves the day to the second."""
    day, end = begin, datetime(_LAST_YEAR, 12, 31)  # noqa: DTZ001 -- wall time on purpose
    state = _state(zone, day)
    while day < end:
        following = day + timedelta(days=1)
        if (changed := _state(zone, following)) != state:
            instant = _bisect(zone, day, following)
            yield instant + state[0], _change_at(zone, instant)
            state = changed
        day = following


def _bisect(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second that is no longer as at `low`."""
    before = _state(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if _state(zone, middle) == before:
            low = middle
        else:
            high = middle
    return high


def _local(zone: ZoneInfo, instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC).astimezone(zone)


def _state(zone: ZoneInfo, instant: datetime) -> tuple[timedelta, bool]:
    """Offset, and whether it is a season's: Türkiye made summer time its standard one without a clock moving."""
    local = _local(zone, instant)
    return local.utcoffset() or timedelta(0), bool(local.dst())


def _change_at(zone: ZoneInfo, instant: datetime) -> _Change:
    before, was_seasonal = _state(zone, instant - timedelta(seconds=1))
    after, is_seasonal = _state(zone, instant)
    # Programs expect the later clock to be the DAYLIGHT one. Ireland's data says it the other way round (winter is
    # the exception), hence the direction decides, and the flag only says that it is a seasonal change at all.
    daylight = is_seasonal if after == before else after > before and (was_seasonal or is_seasonal)
    return _Change(before, after, _local(zone, instant).tzname() or "", daylight)


def _as_found(zone: ZoneInfo, begin: datetime) -> _Observance:
    """The offset in force where observation begins, for zones whose clock last changed long before."""
    offset, seasonal = _state(zone, begin)
    return _Observance(begin, _Change(offset, offset, _local(zone, begin).tzname() or "", seasonal))


def _observances(change: _Change, onsets: list[datetime]) -> Iterator[_Observance]:
    """Tell the onsets of one change in as few blocks as are exact: yearly rules for runs, single days for the rest."""
    rest = onsets
    while rest:
        run, parts = _last_run(rest)
        rest = rest[: -len(run)]
        if len(run) < _SHORTEST_RUN:
            parts = {}
            yield from (_Observance(onset, change) for onset in run)
        for month, part in parts.items():
            members = [onset for onset in run if onset.month == month]
            yield from _month_of_rule(change, members, part, run[-1].year)


def _month_of_rule(change: _Change, members: list[datetime], part: str, last_year: int) -> Iterator[_Observance]:
    if last_year == _LAST_YEAR and members:
        yield _Observance(members[0], change, f"FREQ=YEARLY;{part}")
    elif len(members) > 1:
        # The end of the year and not the last onset in UTC: dateutil takes UNTIL for a wall time and would lose it.
        yield _Observance(members[0], change, f"FREQ=YEARLY;{part};UNTIL={last_year}1231T235959Z")
    elif members:
        yield _Observance(members[0], change)


def _last_run(onsets: list[datetime]) -> tuple[list[datetime], dict[int, str]]:
    """The longest run of successive years at the end that one rule tells, and that rule."""
    first = len(onsets) - 1
    parts = _rule(onsets[first:]) or {}
    while first > 0 and onsets[first - 1].year == onsets[first].year - 1:
        longer = _rule(onsets[first - 1 :])
        if longer is None:
            break
        first, parts = first - 1, longer
    return onsets[first:], parts


def _rule(onsets: list[datetime]) -> dict[int, str] | None:
    """The yearly rule that falls on just these days, as RRULE parts by month; None where there is none."""
    if len({onset.time() for onset in onsets}) > 1:
        return None
    days = [onset.date() for onset in onsets]
    return _nth_weekday(days) or _weekday_in_seven_days(days) or _same_day(days)


def _nth_weekday(days: list[date]) -> dict[int, str] | None:
    months, weekdays = {day.month for day in days}, {day.weekday() for day in days}
    if len(months) > 1 or len(weekdays) > 1:
        return None
    month, weekday = months.pop(), _WEEKDAYS[weekdays.pop()]
    if all((day + timedelta(days=7)).month != day.month for day in days):
        return {month: f"BYMONTH={month};BYDAY=-1{weekday}"}
    nths = {(day.day - 1) // 7 + 1 for day in days}
    return {month: f"BYMONTH={month};BYDAY={nths.pop()}{weekday}"} if len(nths) == 1 else None


def _weekday_in_seven_days(days: list[date]) -> dict[int, str] | None:
    """A weekday within a week that need not begin with the month, for laws such as Egypt's.

    "The last Thursday of October at 24:00" is a Friday at 00:00 and that may be 1 November. One rule for each month
    touched says so with the parts that all programs know.
    """
    if len({day.weekday() for day in days}) > 1 or any((day.month, day.day) == (2, 29) for day in days):
        return None
    plain = [day.replace(year=2001) for day in days]
    first, last = min(plain), max(plain)
    week = [first + timedelta(days=n) for n in range(7)]
    months = {day.month for day in week}
    if last > week[-1] or {2, 3} <= months or {12, 1} <= months:  # 29 February would make eight days of it
        return None
    weekday = _WEEKDAYS[days[0].weekday()]
    return {
        month: f"BYMONTH={month};BYMONTHDAY={','.join(str(d.day) for d in week if d.month == month)};BYDAY={weekday}"
        for month in sorted(months)
    }


def _same_day(days: list[date]) -> dict[int, str] | None:
    same = {(day.month, day.day) for day in days}
    if len(same) > 1:
        return None
    month, day = same.pop()
    return {month: f"BYMONTH={month};BYMONTHDAY={day}"}


def _lines(block: _Observance) -> Iterable[str]:
    kind = "DAYLIGHT" if block.change.daylight else "STANDARD"
    yield f"BEGIN:{kind}"
    yield f"DTSTART:{block.onset:{_WALL}}"
    yield f"TZOFFSETFROM:{_signed(block.change.before)}"
    yield f"TZOFFSETTO:{_signed(block.change.after)}"
    if block.rule:
        yield f"RRULE:{block.rule}"
    yield f"TZNAME:{block.change.name}"
    yield f"END:{kind}"


def _signed(offset: timedelta) -> str:
    """+HHMM, with seconds only for the local mean times of long ago."""
    sign, seconds = ("-" if offset < timedelta(0) else "+"), abs(int(offset.total_seconds()))
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    return f"{sign}{hours:02}{minutes:02}" + (f"{rest:02}" if rest else "")


def _folded(line: str) -> str:
    """At most 75 octets a line. All is ASCII here, and only a weekday within seven days of long ago needs a fold."""
    return line[:75] + "".join(f"\r\n {line[n : n + 74]}" for n in range(75, len(line), 74)) + "\r\n"
