"""What a city's page and the list of cities count: by year, by way, the last with each. Grouped, not loaded.

Everything begins with a filter of what the person asking may see.
"""

import datetime as dt
from collections import defaultdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.activities import Direction, Kind, Status
from tracker.domain.details import Milestone
from tracker.domain.papers import sort_of_paper
from tracker.store.activities import ActivityFilter, by_ids, narrowed
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow
from tracker.store.figures_people import TRAVELLING
from tracker.store.twins import TwinRow

_WAYS = (Direction.TO_HUB.value, Direction.FROM_HUB.value, Direction.MUTUAL.value)
_CANCELLED = Status.CANCELLED.value
_NOT_HELD = (_CANCELLED, Status.POSTPONED.value)
_MOST = 30


def by_year(session: Session, chosen: ActivityFilter) -> tuple[dict[int, dict[str, int]], int]:
    """Activities that took place or are to, by the year they begin in and kind; and how many fit into no one year."""
    year = ActivityRow.begun_year
    both: Any = select(year, ActivityRow.kind, func.count())
    query = narrowed(both, chosen).where(ActivityRow.status.not_in(_NOT_HELD)).group_by(year, ActivityRow.kind)
    found: dict[int, dict[str, int]] = defaultdict(dict)
    nowhere = 0
    for which, kind, number in session.execute(query):
        if which is None:
            nowhere += number
        else:
            found[int(which)][kind] = number
    return dict(found), nowhere


def visits_by_year(session: Session, chosen: ActivityFilter, first: dt.date) -> dict[tuple[int, str], int]:
    """Our own visits that were held, by year and direction, from a day on; as the report's balance counts them."""
    year = ActivityRow.begun_year
    both: Any = select(year, ActivityRow.direction, func.count())
    query = narrowed(both, chosen).where(
        ActivityRow.kind.in_(TRAVELLING),
        ActivityRow.direction.in_(_WAYS),
        ActivityRow.status == Status.HELD.value,
        ActivityRow.owner == "",
        ActivityRow.begins_by >= first,
    )
    rows = session.execute(query.group_by(year, ActivityRow.direction)).all()
    return {(int(which), way): number for which, way, number in rows if which is not None}


def agreements(session: Session, chosen: ActivityFilter) -> list[UUID]:
    """The milestones that tell of an agreement or have an end, the newest first."""
    every: Any = select(ActivityRow.id, ActivityRow.subtype, ActivityRow.details)
    query = narrowed(every, chosen).where(ActivityRow.kind == Kind.MILESTONE.value, ActivityRow.status != _CANCELLED)
    told = session.execute(query.order_by(ActivityRow.sort_key.desc())).all()
    # In whatever words staff write it: the rule that reports go by decides.
    ids = [row.id for row in told if sort_of_paper(row.subtype, (), Milestone.model_validate(row.details))]
    return ids[:_MOST]


def last_of_each(session: Session, chosen: ActivityFilter, today: dt.date) -> dict[str, ActivityRow]:
    """The newest activity with each twin that took place or was to: one look into an index for each of them."""
    every: Any = select(ActivityTwinRow.activity_id).join(ActivityRow, ActivityRow.id == ActivityTwinRow.activity_id)
    newest = (
        narrowed(every, chosen)
        .where(
            ActivityTwinRow.twin == TwinRow.slug,
            ActivityTwinRow.begins_by <= today,
            ActivityRow.status.not_in(_NOT_HELD),
        )
        .order_by(ActivityTwinRow.begins_by.desc(), ActivityTwinRow.activity_id)
        .limit(1)
        .correlate(TwinRow)
        .scalar_subquery()
    )
    pairs: dict[str, UUID] = {slug: found for slug, found in session.execute(select(TwinRow.slug, newest)) if found}
    rows = {row.id: row for row in by_ids(session, list(set(pairs.values())))} if pairs else {}
    return {slug: rows[identity] for slug, identity in pairs.items()}
