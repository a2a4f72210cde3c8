"""What asks for somebody at the start page, and how much goes on with each twin: selects whose cost does not grow.

Nothing past is read to be left out again: what asks is found through an index, no more of it than is shown.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.domain.activities import Kind, Status
from tracker.domain.activity_matters import TOOK_PLACE, UNCONFIRMED, UNDER_WAY
from tracker.store.activities import ActivityFilter, narrowed
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow

_STANDING = 20
_MOST = 200
"""No page shows more of the coming days."""
_LEFT_OUT = [status.value for status in Status if status not in TOOK_PLACE]
_LATELY = dt.timedelta(days=400)
"""A winter counts with the year in which it begins, and a year may be all that is known."""


@dataclass(frozen=True)
class Glimpse:
    """As much of an activity as a line about it needs."""

    id: UUID
    kind: str
    title: dict[str, str]


def coming(session: Session, chosen: ActivityFilter, first: dt.date, last: dt.date) -> list[UUID]:
    """What is on between two days.

    Two questions, each answered from an index: what began lately or will begin, and what goes on from years before. All
    else is asked in forms that no index answers, or a database would walk through all that is past.
    """
    latest, earliest = func.coalesce(ActivityRow.latest, dt.date.max), func.coalesce(ActivityRow.earliest, dt.date.max)
    inside = narrowed(select(ActivityRow.id), chosen).where(latest >= first, earliest <= last)
    inside = inside.order_by(func.coalesce(ActivityRow.sort_key, "")).limit(_MOST)
    lately = session.scalars(inside.where(ActivityRow.begins_by >= first - _LATELY))
    for_long = session.scalars(inside.where(ActivityRow.goes_beyond >= first))
    return list(dict.fromkeys([*lately, *for_long]))


def unconfirmed(session: Session, chosen: ActivityFilter, today: dt.date, limit: int) -> tuple[list[UUID], int]:
    """Past activities that are still planned (R8), the latest first; the first few, and how many there are."""
    where = ActivityRow.status.in_([s.value for s in UNCONFIRMED]), ActivityRow.latest < today
    query = narrowed(select(ActivityRow.id), chosen).where(*where)
    found = list(session.scalars(query.order_by(ActivityRow.latest.desc(), ActivityRow.id).limit(limit)))
    if len(found) < limit:
        return found, len(found)
    return found, session.scalar(narrowed(select(func.count()).select_from(ActivityRow), chosen).where(*where)) or 0


def standing(session: Session, chosen: ActivityFilter, since: dt.date) -> list[UUID]:
    """Shipments under way whose last stage was that day or before, the last to stop first."""
    query = narrowed(select(ActivityRow.id), chosen).where(
        ActivityRow.status.in_([s.value for s in UNDER_WAY]),
        # In forms no index answers: far fewer are under way than there are shipments, or have ever stopped somewhere.
        func.coalesce(ActivityRow.kind, "") == Kind.AID_SHIPMENT.value,
        func.coalesce(ActivityRow.watched_on, dt.date.max) <= since,
    )
    return list(session.scalars(query.order_by(ActivityRow.watched_on.desc(), ActivityRow.id).limit(_STANDING)))


def glimpses(session: Session, chosen: ActivityFilter, ids: Collection[UUID]) -> dict[UUID, Glimpse]:
    """Those of the activities that are chosen and not in the bin."""
    query = narrowed(select(ActivityRow.id, ActivityRow.kind, ActivityRow.title), chosen)
    rows = session.execute(query.where(ActivityRow.id.in_(ids)))
    return {row.id: Glimpse(row.id, row.kind, row.title) for row in rows}


def with_each_twin(session: Session, chosen: ActivityFilter, first: int, last: int) -> dict[int, dict[str, int]]:
    """How many activities there were with each twin, by the year in which they surely began.

    What did not take place is left out and not the rest chosen: a database that does not know how many there are would
    rather look for their status, and then at each of them.
    """
    year = ActivityRow.begun_year
    query = (
        select(year, ActivityTwinRow.twin, func.count())
        .select_from(ActivityRow)
        .join(ActivityTwinRow, ActivityTwinRow.activity_id == ActivityRow.id)
        .where(year.between(first, last), ActivityRow.status.not_in(_LEFT_OUT))
    )
    found: dict[int, dict[str, int]] = {}
    for when, twin, number in session.execute(narrowed(query, chosen).group_by(year, ActivityTwinRow.twin)):
        found.setdefault(int(when), {})[twin] = int(number)
    return found


def begun_in(session: Session, chosen: ActivityFilter, year: int) -> tuple[dict[str, int], int]:
    """How many of our own activities began in a year, by kind; and how many of others, whatever their kind (R6)."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    own = ActivityRow.owner == ""
    query = select(ActivityRow.kind, own, func.count()).where(
        ActivityRow.begins_by.between(first, last), ActivityRow.earliest >= first
    )
    ours: dict[str, int] = {}
    others = 0
    for kind, is_ours, number in session.execute(narrowed(query, chosen).group_by(ActivityRow.kind, own)):
        if is_ours:
            ours[kind] = number
        else:
            others += number
    return ours, others
