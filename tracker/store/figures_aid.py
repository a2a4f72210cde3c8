"""Aid by weight and value, and each shipment with its goods, the stage it reached and whom it reached.

What began in the span is counted; a shipment or programme begun earlier is listed where it reached a stage or somebody
in it. What was reached after the span is left to the next report.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, and_, case, func, null, select, type_coerce, union_all
from sqlalchemy.orm import Session

from tracker.domain.activities import Goods, Kind, Money, Status
from tracker.domain.dates import HistoricDate
from tracker.domain.details import AidShipment, last_of
from tracker.domain.figures import AidFigures, Reached, Scope, Shipment
from tracker.store.activity_rows import ActivityRow, GoodsRow
from tracker.store.base import Fixed
from tracker.store.figures_lines import BOUNDS, DIRECTIONS, STATUSES, Found, goods_of, money_of, twins_of
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, day, either_id, held_by_us, key_of
from tracker.store.trusted import trusted

BLOCK = "aid"
_AID = ActivityRow.kind == Kind.AID_SHIPMENT.value


def contributions(scope: Scope, spans: Spans, dimensions: Collection[str] = ()) -> Select[*tuple[Any, ...]]:  # noqa: ARG001 -- as every block has it
    """One row for each line of goods, and one for a shipment without any."""
    return (
        select(ActivityRow.id, GoodsRow.weight_kg, GoodsRow.value, GoodsRow.currency, *spans.both)
        .outerjoin(GoodsRow, and_(GoodsRow.activity_id == ActivityRow.id, spans.of_either(GoodsRow)))
        .where(_AID, held_by_us(), asked_for(scope), spans.either)
    )


def aid_figures(session: Session, scope: Scope, spans: Spans) -> AidFigures:
    rows = session.execute(_query(*alike(scope, spans)), spans.days).all()
    total = next(row for row in rows if row.currency is None)
    return AidFigures(
        number=spans.number(key_of(BLOCK), int(total.now or 0), int(total.before or 0)),
        weight_kg=total.weight,
        weight_kg_before=total.weight_before,
        values={row.currency: row.value for row in sorted(rows, key=_currency) if row.currency and row.value},
        shipments=_shipments(session, scope, spans),
    )


def _currency(row: Row[Any]) -> str:
    return row.currency or ""


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> CompoundSelect[*tuple[Any, ...]]:
    """Number and weight of all shipments, and below them the value of their goods by currency."""
    each = contributions(scope, spans).subquery()
    one = select(each.c.id, each.c.now, each.c.before, func.sum(each.c.weight_kg).label("weight"))
    shipment = one.group_by(each.c.id, each.c.now, each.c.before).subquery().c
    total = select(
        null().label("currency"),
        func.sum(shipment.now).label("now"),
        func.sum(shipment.before).label("before"),
        func.sum(case((shipment.now == 1, shipment.weight)), type_=Fixed(3)).label("weight"),
        func.sum(case((shipment.before == 1, shipment.weight)), type_=Fixed(3)).label("weight_before"),
        type_coerce(null(), Fixed(2)).label("value"),
    )
    goods = contributions(scope, spans).where(GoodsRow.currency.is_not(None)).subquery()
    value = func.sum(case((goods.c.now == 1, goods.c.value)), type_=Fixed(2)).label("value")
    values = select(goods.c.currency, null(), null(), null(), null(), value).group_by(goods.c.currency)
    return union_all(total, values)


@lru_cache(maxsize=KEPT)
def _listed(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    ours, first = and_(ActivityRow.owner == "", asked_for(scope)), day("now_first")
    # Whatever ended in the year before is only asked for where it reached somebody after that.
    from_before = and_(ActivityRow.goes_beyond >= first, ActivityRow.begins_by < first)
    # SQLite would look through all shipments there ever were, not through the few things that go on.
    aid = case((_AID, 1), else_=0) != 0
    this_year = and_(ActivityRow.begins_by >= day("year_first"), ActivityRow.begins_by < first)
    chosen = either_id(*(and_(ours, *one) for one in ((_AID, spans.is_now), (aid, from_before), (_AID, this_year))))
    query = select(
        ActivityRow.id, ActivityRow.title, ActivityRow.start, ActivityRow.end, ActivityRow.status,
        ActivityRow.direction, ActivityRow.details,
        case((spans.is_now, 1), else_=0).label("now"),
    )  # fmt: skip
    return query.where(ActivityRow.id.in_(chosen)).order_by(ActivityRow.sort_key, ActivityRow.id)


def _shipments(session: Session, scope: Scope, spans: Spans) -> tuple[Shipment, ...]:
    rows = session.execute(_listed(*alike(scope, spans)), spans.days).all()
    each = [(row, AidShipment.model_validate(row.details)) for row in rows]
    told = [(row, details) for row, details in each if row.now or _reached_in(details, spans)]
    found = Found.of(spans.now, (row for row, _ in told))
    twins, goods, money = twins_of(session, found), goods_of(session, found), money_of(session, found)
    return tuple(
        _shipment(row, details, scope.last, twins.get(row.id, ()), goods.get(row.id, ()), money.get(row.id, ()))
        for row, details in told
    )


def _reached_in(details: AidShipment, spans: Spans) -> bool:
    """Whether a stage or somebody was surely reached in the span."""
    days = [_day(stage.on) for stage in details.stages] + [_day(group.at) for group in details.beneficiaries]
    first, last = spans.now.first, spans.now.last
    return any(d.earliest and d.latest and first <= d.earliest and d.latest <= last for d in days)


def _shipment(
    row: Row[Any],
    details: AidShipment,
    last: dt.date,
    twins: tuple[str, ...],
    goods: tuple[Goods, ...],
    money: tuple[Money, ...],
) -> Shipment:
    stage = last_of(stage for stage in details.stages if _begun_by(stage.on, last))
    weights = [line.weight_kg for line in goods if line.weight_kg is not None]
    values: dict[str, Decimal] = defaultdict(Decimal)
    for line in goods:
        if line.currency and line.value is not None:
            values[line.currency] += line.value
    return trusted(
        Shipment,
        id=row.id,
        title=dict(sorted(row.title.items())),
        start=row.start,
        end=row.end,
        twins=twins,
        direction=DIRECTIONS[row.direction],
        status=STATUSES[row.status],
        counted=bool(row.now) and row.status == Status.HELD,
        form=details.form,
        recipient=details.recipient,
        stage=stage.stage if stage else None,
        stage_on=stage.on if stage else None,
        goods=goods,
        weight_kg=sum(weights, Decimal(0)) if weights else None,
        values=dict(sorted(values.items())),
        money=money,
        beneficiaries=tuple(
            trusted(Reached, at=group.at, value=group.value, bound=BOUNDS[group.bound])
            for group in details.beneficiaries
            if _begun_by(group.at, last)
        ),
        vehicles=len(details.vehicles),
    )


def _begun_by(text: str, last: dt.date) -> bool:
    earliest = _day(text).earliest
    return earliest is None or earliest <= last


def _day(text: str) -> HistoricDate:
    return HistoricDate.parse(text.partition("T")[0])
