"""The outlook: what comes round in a span of time, with what is in its way. Read by the page, the API, the terminal."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from tracker.domain.occasions import occurrences
from tracker.domain.outlook import Foreseen, foresee, neighbourhood
from tracker.domain.twins import HUB, Twin
from tracker.gateways.days_off import days_off
from tracker.store import occasions, rules, twins
from tracker.store.unit_of_work import Database


@dataclass(frozen=True)
class Seen:
    """What is foreseen, in order of time, and all twins by their slugs."""

    items: list[Foreseen]
    twins: Mapping[str, Twin]

    def about(self, slug: str) -> list[Foreseen]:
        """What concerns a twin; what names none (9 May) concerns every one."""
        return [item for item in self.items if not item.come.occasion.twins or slug in item.come.occasion.twins]


def look_ahead(database: Database, first: dt.date, last: dt.date) -> Seen:
    """All that comes round from `first` to `last`, both included."""
    with database.reading() as session:
        known = occasions.load_all(session)
        customs = rules.customs(session)
        cities = twins.load_all(session)
    near = occurrences(known, *neighbourhood(first, last), customs)
    comes = occurrences(known, first, last, customs)
    concerned = {slug for come in comes for slug in come.occasion.twins if come.on and slug in cities}
    closed = {slug: days_off(cities[slug], first, last) for slug in concerned}
    return Seen(foresee(comes, near, days_off(HUB, first, last), closed), cities)
