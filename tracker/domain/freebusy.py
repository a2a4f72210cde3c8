"""Free and busy: the times something takes, joined until none touches another. No words, no names. Pure."""

import dataclasses
import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from tracker.domain.twins import HUB

Span = tuple[dt.datetime, dt.datetime]


@dataclasses.dataclass(frozen=True)
class Taken:
    """A stretch of time, in UTC; `tentative` where nobody has confirmed it yet."""

    begin: dt.datetime
    end: dt.datetime
    tentative: bool = False


def window(today: dt.date) -> Span:
    """What is told: from a month ago until a year from now, by the hub's days."""
    zone = ZoneInfo(HUB.timezone or "UTC")
    first, last = today - relativedelta(months=1), today + relativedelta(years=1)
    begin, end = (dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC) for day in (first, last))
    return begin, end


def joined(found: Iterable[Taken], within: Span) -> list[Taken]:
    """The same times in order, each told once: the certain hides the tentative, and what lies outside is cut off."""
    inside = [Taken(max(one.begin, within[0]), min(one.end, within[1]), one.tentative) for one in found]
    certain = _union((one.begin, one.end) for one in inside if not one.tentative)
    open_ones = _without(_union((one.begin, one.end) for one in inside if one.tentative), certain)
    taken = [Taken(*span) for span in certain] + [Taken(*span, tentative=True) for span in open_ones]
    return sorted(taken, key=lambda one: one.begin)


def _union(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begin, end in sorted(span for span in spans if span[0] < span[1]):
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _without(spans: list[Span], others: list[Span]) -> list[Span]:
    """What is left of the spans beside the others; both in order and apart."""
    left: list[Span] = []
    for begin, end in spans:
        for other_begin, other_end in others:
            if begin < other_end and other_begin < end:
                if begin < other_begin:
                    left.append((begin, other_begin))
                begin = other_end
        if begin < end:
            left.append((begin, end))
    return left
