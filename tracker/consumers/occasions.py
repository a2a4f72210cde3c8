"""The consumer `occasions`: works out anew the occasions of every twin an event is about.

It never adds to what it finds but works out a twin's occasions from the rows as they stand now, so an event may come
late, twice or in a replay of the whole log.
"""

from uuid import UUID

from tracker.consumers import Consumer
from tracker.domain.activities import Kind
from tracker.domain.events import Event, EventType
from tracker.domain.occasion_sources import occasion_of_milestone, occasion_of_observance, occasions_of_twin
from tracker.domain.occasions import Occasion, merge_duplicates
from tracker.store import occasions as store
from tracker.store.activities import ActivityRow
from tracker.store.twins import ObservanceRow
from tracker.store.unit_of_work import Unit


def react(unit: Unit, event: Event) -> None:
    match event.type:
        case EventType.TWIN_ADDED | EventType.TWIN_REVISED:
            _of_twins(unit, {event.subject_id}, event)
        case EventType.OBSERVANCE_ADDED | EventType.OBSERVANCE_REVISED:
            _of_observance(unit, event)
        case _:
            _of_milestone(unit, event)


def _of_milestone(unit: Unit, event: Event) -> None:
    """Only milestones have occasions: any other activity costs a look at its event, or at its row at most."""
    before, after = event.data.get("before", {}), event.data.get("after", {})
    told = {before.get("kind"), after.get("kind")} - {None}
    if told and Kind.MILESTONE.value not in told:
        return
    row = unit.session.get(ActivityRow, UUID(event.subject_id), populate_existing=True)
    if row is None or (not told and row.kind != Kind.MILESTONE.value):
        return
    now = [link.twin for link in row.twins]
    _of_twins(unit, {*before.get("twins", ()), *after.get("twins", ()), *now}, event)


def _of_twins(unit: Unit, slugs: set[str], event: Event) -> None:
    store.lock(unit.session)
    milestones = store.milestones_of(unit.session, slugs)
    known = store.twins_named(unit.session, slugs.union(*(milestone.twins for milestone in milestones)))
    found: list[Occasion] = [o for slug in sorted(slugs & known.keys()) for o in occasions_of_twin(known[slug])]
    told = (occasion_of_milestone(milestone.id, milestone, known) for milestone in milestones)
    found.extend(occasion for occasion in told if occasion)
    store.replace_of_twins(unit.session, slugs, merge_duplicates(found), event.at)


def _of_observance(unit: Unit, event: Event) -> None:
    row = unit.session.get(ObservanceRow, event.subject_id, populate_existing=True)
    made = occasion_of_observance(row.slug, row.rule, row.titles, row.twin, row.moved) if row else None
    store.replace_one(unit.session, f"observance:{event.subject_id}", made, event.at)


OCCASIONS = Consumer(
    name="occasions",
    types=frozenset(
        {
            EventType.TWIN_ADDED,
            EventType.TWIN_REVISED,
            EventType.OBSERVANCE_ADDED,
            EventType.OBSERVANCE_REVISED,
            EventType.ACTIVITY_RECORDED,
            EventType.ACTIVITY_REVISED,
            EventType.ACTIVITY_REMOVED,
            EventType.ACTIVITY_RESTORED,
        }
    ),
    react=react,
)
