"""What can be reminded of, as it stands in the rows now: of a span of days, or one known by its subject and year."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.domain.matters import Known, matter_of_occasion, matters_of_occasions, outlook_of, reach
from tracker.domain.occasions import Customs
from tracker.domain.rules import About, Matter, Rule
from tracker.store import occasions, rules


@dataclass(frozen=True)
class Sources:
    """What matters are worked out from, read once: the occasions and the house's customs."""

    session: Session
    known: Known
    customs: Customs

    @classmethod
    def of(cls, session: Session) -> "Sources":
        return cls(session, occasions.load_with_since(session), rules.customs(session))


def matters(sources: Sources, some: Sequence[Rule], first: dt.date, last: dt.date) -> Iterator[Matter]:
    """Every matter that one of the rules may remind of from `first` to `last`, both included."""
    enabled = [rule for rule in some if rule.enabled]
    for about in sorted({rule.about for rule in enabled}):
        back, ahead = reach(enabled, about)
        yield from _between(sources, about, first - back, last + ahead)


def find(sources: Sources, rule: Rule, subject: str, year: int) -> Matter | None:
    """One matter as it stands now; None where it is no more."""
    match rule.about:
        case About.OCCASION:
            return matter_of_occasion(sources.known, subject, year, sources.customs)
        case About.OUTLOOK:
            return outlook_of(sources.known, year, sources.customs)
        case _:
            return None


def _between(sources: Sources, about: About, first: dt.date, last: dt.date) -> Iterator[Matter]:
    match about:
        case About.OCCASION:
            yield from matters_of_occasions(sources.known, first, last, sources.customs)
        case About.OUTLOOK:
            outlooks = (outlook_of(sources.known, year, sources.customs) for year in range(first.year, last.year + 1))
            yield from (outlook for outlook in outlooks if outlook)
        case _:
            return
