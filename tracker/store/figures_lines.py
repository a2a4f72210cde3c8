"""Activities as a report lists them: those that begin in the span, and those that go on in it from before.

One query for each table, however many activities there are. Whatever is nobody's business in a report is not read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import CompoundSelect, Row, Select, and_, case, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

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
from tracker.domain.periods import Period
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow, GoodsRow, MoneyRow
from tracker.store.among import among_named, listed
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, carried, day, either_id, within
from tracker.store.trusted import trusted

_COLUMNS = (
    ActivityRow.id, ActivityRow.version, ActivityRow.kind, ActivityRow.subtype, ActivityRow.status, ActivityRow.reason,
    ActivityRow.title, ActivityRow.description, ActivityRow.start, ActivityRow.end, ActivityRow.direction,
    ActivityRow.place, ActivityRow.owner, ActivityRow.leaders, ActivityRow.organisers, ActivityRow.counts_for,
)  # fmt: skip
# Looked up, since asking an enum for each of a row's words takes longer than all the rest of it.
KINDS = {kind.value: kind for kind in Kind}
STATUSES = {status.value: status for status in Status}
DIRECTIONS = {direction.value: direction for direction in Direction}
SIDES = {side.value: side for side in Side}
BOUNDS = {bound.value: bound for bound in Bound}
BASES = {basis.value: basis for basis in Basis}

T = TypeVar("T")


class near(GenericFunction[Any]):  # noqa: N801 -- SQLAlchemy names functions so
    """What follows from the rest and leads PostgreSQL to the right index. SQLite takes the wrong one for it."""

    inherit_cache = True


@compiles(near, "sqlite")
def _anywhere(_element: near, _compiler: SQLCompiler, **_how: Any) -> str:
    return "1"


@compiles(near, "postgresql")
def _near(element: near, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clause_expr.element, **how)


@dataclass(frozen=True)
class Found:
    """Activities whose lists are to be read. Those of the span are found by its range, the others one by one."""

    span: Period
    in_span: tuple[UUID, ...]
    others: tuple[UUID, ...]

    @staticmethod
    def of(span: Period, rows: Iterable[Row[Any]]) -> "Found":
        """Of rows with an `id` and whether they began in the span, `now`."""
        ids: tuple[list[UUID], list[UUID]] = ([], [])
        for row in rows:
            ids[bool(row.now)].append(row.id)
        return Found(span, tuple(ids[True]), tuple(ids[False]))


def line_figures(session: Session, scope: Scope, spans: Spans) -> tuple[Line, ...]:
    rows = session.execute(_query(*alike(scope, spans)), spans.days).all()
    found = Found.of(spans.now, rows)
    twins, counts, money = twins_of(session, found), counts_of(session, found), money_of(session, found)
    return tuple(_line(row, twins, counts, money) for row in rows)


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    went_on = ActivityRow.status.not_in(CALLED_OFF)
    chosen = either_id(
        and_(asked_for(scope), spans.is_now), *(and_(asked_for(scope), went_on, one) for one in carried())
    )
    query = select(
        *_COLUMNS,
        case((ActivityRow.kind == Kind.DELEGATION.value, ActivityRow.details)).label("details"),
        case((spans.is_now, 1), else_=0).label("now"),
    ).where(ActivityRow.id.in_(chosen))
    return query.order_by(ActivityRow.sort_key, ActivityRow.id)


def twins_of(session: Session, found: Found) -> Mapping[UUID, tuple[str, ...]]:
    return _children(session, found, ActivityTwinRow, (ActivityTwinRow.twin,), lambda row: str(row.twin))


def counts_of(session: Session, found: Found) -> Mapping[UUID, tuple[Count, ...]]:
    """Without their notes, which are for those who keep the log."""
    columns = (CountRow.of, CountRow.side, CountRow.value, CountRow.bound, CountRow.basis)
    return _children(session, found, CountRow, columns, _count)


def money_of(session: Session, found: Found) -> Mapping[UUID, tuple[Money, ...]]:
    """Likewise without notes."""
    columns = (MoneyRow.amount, MoneyRow.currency, MoneyRow.role, MoneyRow.funder)
    return _children(session, found, MoneyRow, columns, _sum)


def goods_of(session: Session, found: Found) -> Mapping[UUID, tuple[Goods, ...]]:
    columns = (
        GoodsRow.description, GoodsRow.quantity, GoodsRow.unit, GoodsRow.weight_kg, GoodsRow.value, GoodsRow.currency
    )  # fmt: skip
    return _children(session, found, GoodsRow, columns, _goods)


def _children(
    session: Session, found: Found, child: Any, columns: Sequence[Any], make: Callable[[Row[Any]], T]
) -> Mapping[UUID, tuple[T, ...]]:
    """The rows of one child table by activity, in their order."""
    asked = {
        "first": found.span.first,
        "last": found.span.last,
        "in_span": listed(found.in_span),
        "others": listed(found.others),
    }
    made: dict[UUID, list[T]] = defaultdict(list)
    for row in session.execute(_rows_of(child, *columns), asked).all():
        made[row.activity_id].append(make(row))
    return {activity_id: tuple(some) for activity_id, some in made.items()}


@lru_cache
def _rows_of(child: Any, *columns: Any) -> CompoundSelect[*tuple[Any, ...]]:
    each = select(child.activity_id, child.place, *columns)
    return union_all(
        each.where(near(within(child, day("first"), day("last"))), among_named(child.activity_id, "in_span")),
        each.where(among_named(child.activity_id, "others")),
    ).order_by("activity_id", "place")


def _count(row: Row[Any]) -> Count:
    return trusted(
        Count, of=row.of, side=SIDES.get(row.side), value=row.value, bound=BOUNDS[row.bound], basis=BASES[row.basis],
        note="",
    )  # fmt: skip


def _leader(told: Mapping[str, str]) -> Leader:
    return trusted(Leader, name=told.get("name", ""), office=told.get("office", ""))


def _programme(details: Mapping[str, Any] | None) -> tuple[ProgrammeItem, ...]:
    return tuple(ProgrammeItem.model_validate(item) for item in (details or {}).get("programme", ()))


def _sorted(texts: Mapping[str, str]) -> dict[str, str]:
    """In an order of its own, since PostgreSQL keeps none."""
    return dict(sorted(texts.items()))


def _sum(row: Row[Any]) -> Money:
    return trusted(Money, amount=row.amount, currency=row.currency, role=row.role, funder=row.funder, note="")


def _goods(row: Row[Any]) -> Goods:
    return trusted(
        Goods, description=row.description, quantity=row.quantity, unit=row.unit, weight_kg=row.weight_kg,
        value=row.value, currency=row.currency, descriptions={}, package="", hs_code="",
    )  # fmt: skip


def _line(
    row: Row[Any],
    twins: Mapping[UUID, tuple[str, ...]],
    counts: Mapping[UUID, tuple[Count, ...]],
    money: Mapping[UUID, tuple[Money, ...]],
) -> Line:
    return trusted(
        Line, id=row.id, version=row.version, kind=KINDS[row.kind], subtype=row.subtype, status=STATUSES[row.status],
        reason=row.reason, title=_sorted(row.title), description=_sorted(row.description), start=row.start, end=row.end,
        twins=twins.get(row.id, ()), direction=DIRECTIONS[row.direction], place=row.place, own=row.owner == "",
        owner=row.owner, leaders=tuple(_leader(one) for one in row.leaders),
        organisers=tuple(trusted(Organiser, name=one["name"], side=SIDES[one["side"]]) for one in row.organisers),
        counts=counts.get(row.id, ()), money=money.get(row.id, ()), counts_for=tuple(row.counts_for),
        carried=not row.now, programme=_programme(row.details),
    )  # fmt: skip
