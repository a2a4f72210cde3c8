"""What can be reminded of, worked out from occasions: each time one comes round, and the outlook on a year. Pure.

What there is of activities and twins stands in `activity_matters`; `store.matters` selects it through indexes.
"""

import datetime as dt
from collections.abc import Iterable, Iterator

from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import DEFAULT_CUSTOMS, Customs, Occasion, Occurrence, in_order, occurrence, occurrences
from tracker.domain.rules import ESCALATED, About, Lead, Matter, Rule

OUTLOOK = "outlook"
"""Stands where an occasion's key would: the one matter a year that is all that has no day."""

_SLACK = 40
"""Days: a matter known to the month has 31, and so many months are not always the same number of days."""

OccasionSince = tuple[Occasion, dt.datetime]
"""An occasion, and the moment since which it has been known."""
Known = Iterable[OccasionSince]
"""Occasions of any number, looked through once."""


def reach(rules: Iterable[Rule], about: About) -> tuple[dt.timedelta, dt.timedelta]:
    """How far back and ahead of a day matters may lie that a rule reminds of on that day."""
    leads = [lead for rule in rules if rule.about is about for lead in rule.leads]
    days = [_days(lead) for lead in leads] or [0]
    return dt.timedelta(days=max(0, *days)), dt.timedelta(days=max(0, *(-each for each in days)))


def spans(rules: Iterable[Rule], about: About, first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The days, in order and apart, on which something may be that a rule reminds of from `first` to `last`.

    A rule that reminds a year before and five years after asks for two spans, and not for the six years between.
    """
    chosen = [rule for rule in rules if rule.about is about]
    leads = {lead for rule in chosen for lead in _reaching(rule)}
    found: list[tuple[dt.date, dt.date]] = []
    for begin, end in sorted((_back(lead, first, -_SLACK), _back(lead, last, _SLACK)) for lead in leads):
        if found and begin <= found[-1][1] + dt.timedelta(days=1):
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def matters_of_occasions(
    known: Known, first: dt.date, last: dt.date, customs: Customs = DEFAULT_CUSTOMS
) -> Iterator[Matter]:
    """Every time an occasion comes round from `first` to `last`, both included; one occasion after the other."""
    for occasion, since in known:
        for come in occurrences([occasion], first, last, customs):
            yield of_occurrence(come, since)


def of_occurrence(come: Occurrence, since: dt.datetime) -> Matter:
    occasion = come.occasion
    return Matter(
        About.OCCASION, occasion.key, come.year, come.when, since, occasion.twins,
        kind=occasion.kind.value, round=come.round, comes=(come,),
    )  # fmt: skip


def matter_of_occasion(known: Known, key: str, year: int, customs: Customs = DEFAULT_CUSTOMS) -> Matter | None:
    """One occasion come round in one year, as it stands now."""
    for occasion, since in known:
        if occasion.key == key:
            come = occurrence(occasion, year, customs)
            return of_occurrence(come, since) if come else None
    return None


def outlook_of(known: Known, year: int, customs: Customs = DEFAULT_CUSTOMS) -> Matter | None:
    """The outlook on a year: what has no day, and the round ones that have; None where there is nothing to say."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    found = [
        (come, since)
        for occasion, since in known
        for come in occurrences([occasion], first, last, customs)
        if come.year == year and (come.round or come.on is None)
    ]
    if not found:
        return None
    first_known = min(since for _, since in found)
    comes = tuple(sorted((come for come, _ in found), key=in_order))
    return Matter(About.OUTLOOK, OUTLOOK, year, HistoricDate.parse(f"{year:04}"), first_known, comes=comes)


def _days(lead: Lead) -> int:
    """At most so many days, whatever the months."""
    days = _about(lead)
    return days + (3 if days > 0 else -3)


def _reaching(rule: Rule) -> Iterator[Lead]:
    """Every distance at which a rule may have something fall due: its leads, and what comes by itself."""
    yield from rule.leads
    if rule.task:
        yield ESCALATED
    if rule.about is About.STUCK_SHIPMENT:
        yield Lead(rule.choice.days)


def _about(lead: Lead) -> int:
    start = dt.date(2001, 1, 1)
    return (lead.day(start) - start).days


def _back(lead: Lead, day: dt.date, slack: int) -> dt.date:
    """The day of a matter of which a lead reminds on `day`, more or less; within the calendar."""
    ordinal = day.toordinal() - _about(lead) + slack
    return dt.date.fromordinal(min(max(ordinal, 1), dt.date.max.toordinal()))
