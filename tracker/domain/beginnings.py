"""When an activity begins and how long it goes on, as far as it can be counted by that.

An activity counts in the span of days in which it surely begins: `1957` in that year, `199X` in none. The winter of a
year counts in the year it is named by, although it ends in the next. A month is only known where a day or a month was
written. Kept as columns beside the EDTF, so that the figures of a year are an index away. Pure.
"""

import datetime as dt
from dataclasses import dataclass

from tracker.domain.activities import ActivityContent
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.details import AidShipment
from tracker.domain.periods import Period

SEASON = 90
"""Days; a span that is shorter can hold no season, not even the part of a winter by which that counts in its year."""

FOR_EVER = dt.date.max
"""The last day of what still goes on."""


@dataclass(frozen=True)
class Beginning:
    """`by`: the last day on which it can have begun, None where that is not known. `month`: `2018-02`, where known.

    `beyond`: the last day of something that goes on, or reaches somebody, after the year in which it begins; None for
    all the rest, which can be looked for in that year alone.
    """

    by: dt.date | None
    month: str | None
    beyond: dt.date | None


def beginning(content: ActivityContent) -> Beginning:
    start, by = content.start_date.ends[0], begun_by(content.start_date)
    if start is None or by is None:
        return Beginning(None, None, None)
    month = f"{by:%Y-%m}" if start.precision in (Precision.DAY, Precision.MONTH) else None
    last = _last_day(content)
    return Beginning(by, month, last if last and last.year > by.year else None)


def begun_by(date: HistoricDate) -> dt.date | None:
    """The last day on which it can have begun.

    The winter of 2013 can have begun in February 2014, but everybody looks for it in 2013.
    """
    start = date.ends[0]
    if start is None or start.earliest is None or start.latest is None:
        return None
    if start.precision is Precision.SEASON and start.earliest.year < start.latest.year:
        return dt.date(start.earliest.year, 12, 31)
    return start.latest


def year_and_decade(first: dt.date | None, by: dt.date | None) -> tuple[int | None, int | None]:
    """The year and the decade in which it surely begins, of the first and the last day it can; None where unsure."""
    if first is None or by is None:
        return None, None
    decade = by.year // 10 * 10
    return by.year if first.year == by.year else None, decade if first.year // 10 * 10 == decade else None


def counts_in(date: HistoricDate, span: Period) -> bool:
    """Whether what began then counts in a span; `store.figures_scope.begun` asks the database the same."""
    by, start = begun_by(date), date.ends[0]
    if by is None or start is None or start.earliest is None:
        return False
    if span.days < SEASON and start.precision not in (Precision.DAY, Precision.MONTH):
        return False
    return span.first <= start.earliest and by <= span.last


def _last_day(content: ActivityContent) -> dt.date | None:
    """The last day it goes on, reaches a stage or somebody; None where it has no end but an inexact start alone."""
    if content.running or (content.end is None and content.start_date.edtf.endswith(("/", "/.."))):
        return FOR_EVER
    ends = [content.end_date or (content.start_date if content.start_date.is_interval else None)]
    if isinstance(content.details, AidShipment):
        told = [stage.on for stage in content.details.stages] + [
            reached.at for reached in content.details.beneficiaries
        ]
        ends += [HistoricDate.parse(text.partition("T")[0]) for text in told]
    return max((end.latest or FOR_EVER for end in ends if end), default=None)
