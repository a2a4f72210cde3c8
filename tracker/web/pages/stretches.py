"""A month or a year of what the filters leave: days as a table and lists; what has no day under its own words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from babel.dates import get_day_names

from tracker.domain.activity_lines import ActivityLine
from tracker.domain.half_year import Arranged, arrange
from tracker.domain.stretches import Span, by_day
from tracker.store import activities as store
from tracker.store.activities import ActivityFilter
from tracker.store.activity_lines import lines
from tracker.web.auth import visible
from tracker.web.installation import today
from tracker.web.language import locale
from tracker.web.list_query import Query
from tracker.web.remembered_tallies import kept

MOST_OF_MONTH, MOST_OF_YEAR = 100, 150
"""Activities a month or a year shows; of more it says so. Busy houses log 150 a year, and each costs a line of both."""

_BRIEF = 8
"""Activities that a year shows of each month."""


@dataclass(frozen=True)
class Stretch:
    span: Span
    arranged: Arranged[ActivityLine, Any]
    days: Mapping[dt.date, list[ActivityLine]]
    weekdays: list[tuple[str, str]]
    cut: bool
    most: int
    brief: int = _BRIEF


def span_of_query(query: Query) -> Span | None:
    """The month or the year that the address asks for; None where it asks for neither."""
    if query.view not in ("month", "year"):
        return None
    return Span.parse(query.given.get("at", ""), monthly=query.view == "month", today=today())


def stretch(session: Any, query: Query, span: Span) -> Stretch:
    most = MOST_OF_MONTH if span.month else MOST_OF_YEAR
    ids = kept(session, store.ids_listed, within(query.chosen, span), limit=most + 1)
    found = lines(session, ids[:most], visible())
    names, short = (get_day_names(width, "stand-alone", locale()) for width in ("wide", "short"))
    weekdays = [(names[day], short[day]) for day in range(7)]
    days = by_day(span, found) if span.month else {}  # a year has no table of its days
    return Stretch(span, arrange(span, found, ()), days, weekdays, len(ids) > most, most)


def within(chosen: ActivityFilter, span: Span) -> ActivityFilter:
    """The filter for a stretch; what was asked for by days narrows it further."""
    return replace(
        chosen,
        first=max(filter(None, (chosen.first, span.first))),
        last=min(filter(None, (chosen.last, span.last))),
    )
