"""The consumer `occasions`: works out anew the occasions of every twin an event is about.

It never adds to what it finds but works out a twin's occasions from the rows as they stand now, so an event may come
late, twice or in a replay of the whole log.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tracker.consumers import Consumer
from tracker.domain.events import Event, EventType
from tracker.domain.honours import Logged, join_honours, occasion_of_honour
from tracker.domain.occasion_sources import (
    linked_twins,
    may_be_remembered,
    occasion_of_activity,
    occasion_of_observance,
    occasions_of_twin,
)
from tracker.domain.occasions import Occasion, merge_duplicates
from tracker.store import occasions as store
from tracker.store.activity_rows import ActivityRow
from tracker.store.twins import HonourRow, ObservanceRow
from tracker.store.unit_of_work import Unit


def react(unit: Unit, event: Event) -> None:
    match event.type:
        case EventType.TWIN_ADDED | EventType.TWIN_REVISED:
            _of_twins(unit, {event.subject_id}, event)
        case EventType.OBSERVANCE_ADDED | EventType.OBSERVANCE_REVISED | EventType.OBSERVANCE_REMOVED:
            observance = unit.session.get(ObservanceRow, event.subject_id, populate_existing=True)
            _of_one(unit, event, observance, _occasion_of(observance) if observance else None)
        case EventType.HONOUR_ADDED | EventType.HONOUR_REVISED | EventType.HONOUR_REMOVED:
            honour = unit.session.get(HonourRow, event.subject_id, populate_existing=True)
            _of_one(unit, event, honour, occasion_of_honour(honour.to_honour(), ()) if honour else None)
        case _:
            _of_activity(unit, event)


def _of_activity(unit: Unit, event: Event) -> None:
    """Few activities are remembered: any other costs a look at its event, or at its row at most."""
    before, after = event.data.get("before", {}), event.data.get("after", {})
    told = [side for side in (before, after) if "kind" in side]
    memorable = any(_may_be_remembered(side.get("kind", ""), side.get("details")) for side in (before, after))
    if told and not memorable:
        return
    row = unit.session.get(ActivityRow, UUID(event.subject_id), populate_existing=True)
    if row is None or not (memorable or _may_be_remembered(row.kind, row.details)):
        return
    now = [link.twin for link in row.twins]
    _of_twins(unit, {*before.get("twins", ()), *after.get("twins", ()), *now}, event)


def _may_be_remembered(kind: str, details: Mapping[str, Any] | None) -> bool:
    return may_be_remembered(kind, asked=(details or {}).get("remembered"))


def _of_twins(unit: Unit, slugs: set[str], event: Event) -> None:
    store.lock(unit.session)
    memorable = store.memorable_of(unit.session, slugs)
    known = store.twins_named(unit.session, slugs.union(*(activity.twins for activity in memorable)))
    found: list[Occasion] = [o for slug in sorted(slugs & known.keys()) for o in occasions_of_twin(known[slug])]
    logged = [Logged(activity, occasion_of_activity(activity.id, activity, known)) for activity in memorable]
    honours = [row.to_honour() for row in store.honours_of(unit.session, slugs)]
    found.extend(join_honours(logged, honours, linked_twins(known)))
    found.extend(_occasion_of(row) for row in store.observances_of(unit.session, slugs))
    store.replace_of_twins(unit.session, slugs, merge_duplicates(found), event.at)


def _of_one(unit: Unit, event: Event, row: HonourRow | ObservanceRow | None, alone: Occasion | None) -> None:
    """An honour or observance is worked out with its twin, and with one it was taken from; else it is `alone`."""
    told = [event.data.get(side, {}).get("twin") for side in ("before", "after")]
    twins = {twin for twin in (*told, row.twin if row else None) if twin}
    if twins:
        _of_twins(unit, twins, event)
    if row is None or row.twin is None:
        store.lock(unit.session)
        store.replace_one(unit.session, event.subject, alone, event.at)


def _occasion_of(row: ObservanceRow) -> Occasion:
    return occasion_of_observance(row.slug, row.rule, row.titles, row.twin, row.moved)


OCCASIONS = Consumer(
    name="occasions",
    types=frozenset(
        {
            EventType.TWIN_ADDED,
            EventType.TWIN_REVISED,
            EventType.OBSERVANCE_ADDED,
            EventType.OBSERVANCE_REVISED,
            EventType.OBSERVANCE_REMOVED,
            EventType.HONOUR_ADDED,
            EventType.HONOUR_REVISED,
            EventType.HONOUR_REMOVED,
            EventType.ACTIVITY_RECORDED,
            EventType.ACTIVITY_REVISED,
            EventType.ACTIVITY_REMOVED,
            EventType.ACTIVITY_RESTORED,
        }
    ),
    react=react,
)
