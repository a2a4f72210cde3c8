"""What may be logged already: likely doubles of an activity among those the person may see."""

from uuid import UUID

from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.likeness import is_double, window
from tracker.domain.twins import HUB
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.web.auth import visible
from tracker.web.installation import this_tracker

MOST = 5
_LOOKED_AT = 400


def doubles(content: ActivityContent, but: UUID | None = None) -> list[Activity]:
    """A few activities that may be the same as this one; `but` is left out, being this one."""
    days = window(content)
    if days is None:
        return []
    chosen = visible(twins=content.twins, first=days[0], last=days[1])
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        found = [row.to_activity() for row in store.listed(session, chosen, limit=_LOOKED_AT) if row.id != but]
    cities = [twins[slug] for slug in content.twins if slug in twins]
    names = {name for city in (*cities, HUB) for name in city.all_names()}
    return [activity for activity in found if is_double(content, activity, names)][:MOST]
