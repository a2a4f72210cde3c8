"""What is still missing in a span of time, asked of the rows: one select for each step of closing a year."""

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, Select, Text, and_, cast, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from tracker.domain.activities import Kind, Status, Visibility
from tracker.domain.closing import Step
from tracker.domain.periods import Period
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow
from tracker.store.figures_scope import begun, is_short


def missing(
    session: Session,
    step: Step,
    period: Period,
    *,
    twin: str,
    seen: Collection[Visibility],
    languages: Sequence[str],
    today: dt.date,
) -> list[ActivityRow]:
    """Our own activities of the period that a step asks about, in order of time."""
    asked = select(ActivityRow).where(
        ActivityRow.removed_at.is_(None), ActivityRow.owner == "", ActivityRow.visibility.in_(seen)
    )
    if twin:
        asked = asked.where(_with(twin))
    asked = asked.where(*_conditions(step, period, languages, today))
    return list(session.scalars(_whole(asked.order_by(ActivityRow.sort_key, ActivityRow.id))))


def _conditions(
    step: Step, period: Period, languages: Sequence[str], today: dt.date
) -> tuple[ColumnElement[bool], ...]:
    held = ActivityRow.status == Status.HELD.value
    inside = begun(period.first, period.last, short=is_short(period))
    match step:
        case Step.UNCONFIRMED:
            open_ones = ActivityRow.status.in_((Status.PLANNED.value, Status.CONFIRMED.value))
            return inside, open_ones, ActivityRow.latest < today
        case Step.NUMBERS:
            counted = exists().where(CountRow.activity_id == ActivityRow.id)
            return inside, held, ~counted, ActivityRow.kind != Kind.MILESTONE.value
        case Step.SOURCES:
            return inside, held, cast(ActivityRow.sources, Text) == "[]"
        case Step.TITLES:
            untold = or_(*(ActivityRow.title[tag].as_string().is_(None) for tag in languages))
            return inside, ActivityRow.status != Status.CANCELLED.value, untold
        case Step.SHIPMENTS:
            # Which stages it has reached is looked at row by row: there are a few shipments in a year.
            return inside, ActivityRow.kind == Kind.AID_SHIPMENT.value, ActivityRow.status != Status.CANCELLED.value
        case _:
            last = period.after.last if period.after else period.last
            ends = ActivityRow.watched_on.between(period.first, last)
            return (and_(ActivityRow.kind == Kind.MILESTONE.value, ends),)


def _with(twin: str) -> ColumnElement[bool]:
    return exists().where(ActivityTwinRow.activity_id == ActivityRow.id, ActivityTwinRow.twin == twin)


def _whole(query: Select[ActivityRow]) -> Select[ActivityRow]:
    children = (ActivityRow.twins, ActivityRow.counts, ActivityRow.money, ActivityRow.goods)
    return query.options(*(selectinload(child) for child in children))
