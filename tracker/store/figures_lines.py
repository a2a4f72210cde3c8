"""Activities as a report lists them: those that begin in the span, and those that go on in it from before.

One query for each table, however many activities there are. Whatever is nobody's business in a report is not read.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, and_, case, select
from sqlalchemy.orm import Session

from tracker.domain.activities import (
    Basis,
    Bound,
    Count,
    Direction,
    Goods,
    Kind,
    Leader,
    Money,
    Organiser,
    Side,
    Status,
)
from tracker.domain.activity_matters import CALLED_OFF
from tracker.domain.details import ProgrammeItem
from tracker.domain.figures import Line, Scope
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow, GoodsRow, MoneyRow
from tracker.store.figures_scope import Spans, asked_for, carried, either_id

_COLUMNS = (
    ActivityRow.id, ActivityRow.version, ActivityRow.kind, ActivityRow.subtype, ActivityRow.status, ActivityRow.reason,
    ActivityRow.title, ActivityRow.description, ActivityRow.start, ActivityRow.end, ActivityRow.direction,
    ActivityRow.place, ActivityRow.owner, ActivityRow.leaders, ActivityRow.organisers, ActivityRow.counts_for,
)  # fmt: skip
# Looked up, since asking an enum for each of a row's words takes longer than all the rest of it.
_KINDS = {kind.value: kind for kind in Kind}
_STATUSES = {status.value: status for status in Status}
_DIRECTIONS = {direction.value: direction for direction in Direction}
_SIDES = {side.value: side for side in Side}
_BOUNDS = {bound.value: bound for bound in Bound}
_BASES = {basis.value: basis for basis in Basis}

T = TypeVar("T")
Ids = CompoundSelect[UUID]


def line_figures(session: Session, scope: Scope, spans: Spans) -> tuple[Line, ...]:
    went_on = ActivityRow.status.not_in(CALLED_OFF)
    chosen = either_id(
        and_(asked_for(scope), spans.is_now), *(and_(asked_for(scope), went_on, one) for one in carried(scope))
    )
    query = select(
        *_COLUMNS,
        case((ActivityRow.kind == Kind.DELEGATION.value, ActivityRow.details)).label("details"),
        case((spans.is_now, False), else_=True).label("carried"),
    ).where(ActivityRow.id.in_(chosen))
    rows = session.execute(query.order_by(ActivityRow.sort_key, ActivityRow.id)).all()
    twins, counts, money = twins_of(session, chosen), counts_of(session, chosen), money_of(session, chosen)
    return tuple(_line(row, twins, counts, money) for row in rows)


def twins_of(session: Session, chosen: Ids) -> Mapping[UUID, tuple[str, ...]]:
    return _children(session, chosen, ActivityTwinRow, (ActivityTwinRow.twin,), lambda row: str(row.twin))


def counts_of(session: Session, chosen: Ids) -> Mapping[UUID, tuple[Count, ...]]:
    """Without their notes, which are for those who keep the log."""
    columns = (CountRow.of, CountRow.side, CountRow.value, CountRow.bound, CountRow.basis)
    return _children(session, chosen, CountRow, columns, _count)


def money_of(session: Session, chosen: Ids) -> Mapping[UUID, tuple[Money, ...]]:
    """Likewise without notes."""
    columns = (MoneyRow.amount, MoneyRow.currency, MoneyRow.role, MoneyRow.funder)
    return _children(session, chosen, MoneyRow, columns, _sum)


def goods_of(session: Session, chosen: Ids) -> Mapping[UUID, tuple[Goods, ...]]:
    columns = (
        GoodsRow.description, GoodsRow.quantity, GoodsRow.unit, GoodsRow.weight_kg, GoodsRow.value, GoodsRow.currency
    )  # fmt: skip
    return _children(session, chosen, GoodsRow, columns, _goods)


def _children(
    session: Session, chosen: Ids, child: Any, columns: Sequence[Any], make: Callable[[Row[Any]], T]
) -> Mapping[UUID, tuple[T, ...]]:
    """The rows of one child table by activity, in their order."""
    query = select(child.activity_id, *columns).where(child.activity_id.in_(chosen))
    found: dict[UUID, list[T]] = defaultdict(list)
    for row in session.execute(query.order_by(child.activity_id, child.place)):
        found[row.activity_id].append(make(row))
    return {activity_id: tuple(made) for activity_id, made in found.items()}


def _count(row: Row[Any]) -> Count:
    return Count.model_construct(
        of=row.of, side=_SIDES.get(row.side), value=row.value, bound=_BOUNDS[row.bound], basis=_BASES[row.basis],
        note="",
    )  # fmt: skip


def _programme(details: Mapping[str, Any] | None) -> tuple[ProgrammeItem, ...]:
    return tuple(ProgrammeItem.model_validate(item) for item in (details or {}).get("programme", ()))


def _sorted(texts: Mapping[str, str]) -> dict[str, str]:
    """In an order of its own, since PostgreSQL keeps none."""
    return dict(sorted(texts.items()))


def _sum(row: Row[Any]) -> Money:
    return Money.model_construct(amount=row.amount, currency=row.currency, role=row.role, funder=row.funder, note="")


def _goods(row: Row[Any]) -> Goods:
    return Goods.model_construct(
        description=row.description, quantity=row.quantity, unit=row.unit, weight_kg=row.weight_kg, value=row.value,
        currency=row.currency,
    )  # fmt: skip


def _line(
    row: Row[Any],
    twins: Mapping[UUID, tuple[str, ...]],
    counts: Mapping[UUID, tuple[Count, ...]],
    money: Mapping[UUID, tuple[Money, ...]],
) -> Line:
    """Trusted data: it was checked on its way in, so nothing is validated again."""
    return Line.model_construct(
        id=row.id, version=row.version, kind=_KINDS[row.kind], subtype=row.subtype, status=_STATUSES[row.status],
        reason=row.reason, title=_sorted(row.title), description=_sorted(row.description), start=row.start, end=row.end,
        twins=twins.get(row.id, ()), direction=_DIRECTIONS[row.direction], place=row.place, own=row.owner == "",
        owner=row.owner, leaders=tuple(Leader.model_construct(**one) for one in row.leaders),
        organisers=tuple(
            Organiser.model_construct(name=one["name"], side=_SIDES[one["side"]]) for one in row.organisers
        ),
        counts=counts.get(row.id, ()), money=money.get(row.id, ()), counts_for=tuple(row.counts_for),
        carried=bool(row.carried), programme=_programme(row.details),
    )  # fmt: skip
