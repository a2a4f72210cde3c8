"""Activities as rows: what reports count and lists filter is columns and child tables, the rest is JSON.

`ActivityRow.to_activity` and `write_content` are the only two places that know both shapes.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    Select,
    SmallInteger,
    String,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from tracker.domain.activities import Activity, ActivityContent, Basis, Bound, Direction, Kind, Side, Status, Visibility
from tracker.domain.details import watched_date
from tracker.store.base import Base, Fixed, Instant, Json


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(v)) for v in values)})", f"{column}_known")


class ActivityRow(Base):
    __tablename__ = "activities"
    __table_args__ = (
        _one_of("kind", [k.value for k in Kind]),
        _one_of("status", [s.value for s in Status]),
        _one_of("direction", [d.value for d in Direction]),
        _one_of("visibility", [v.value for v in Visibility]),
        CheckConstraint("latest IS NULL OR earliest IS NULL OR latest >= earliest", "ends_after_start"),
        Index("ix_activities_sort_key_id", "sort_key", "id"),
        Index("ix_activities_kind_sort_key", "kind", "sort_key"),
        Index("ix_activities_status_latest", "status", "latest"),
        Index("ix_activities_earliest_latest", "earliest", "latest"),
        Index("ix_activities_kind_watched_on", "kind", "watched_on"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    external_id: Mapped[str | None] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    subtype: Mapped[str] = mapped_column(String(200), default="")
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[dict[str, str]] = mapped_column(Json)
    description: Mapped[dict[str, str]] = mapped_column(Json)
    direction: Mapped[str] = mapped_column(String(20))
    start: Mapped[str] = mapped_column(String(200))
    end: Mapped[str | None] = mapped_column(String(200))
    timezone: Mapped[str | None] = mapped_column(String(200))
    earliest: Mapped[dt.date | None] = mapped_column(Date)
    latest: Mapped[dt.date | None] = mapped_column(Date)
    sort_key: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(Text, default="")
    visibility: Mapped[str] = mapped_column(String(20))
    leaders: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    organisers: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    responsible: Mapped[str] = mapped_column(String(255), default="")
    """The mail address of the account that answers for it."""
    owner: Mapped[str] = mapped_column(String(200), default="")
    quantity_note: Mapped[str] = mapped_column(Text, default="")
    counts_for: Mapped[list[str]] = mapped_column(Json)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(Json)
    search_text: Mapped[str] = mapped_column(Text)
    watched_on: Mapped[dt.date | None] = mapped_column(Date)
    """The first day of the date in its details that reminders look at: an agreement's end, a shipment's last stage."""
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)
    dated_at: Mapped[dt.datetime] = mapped_column(Instant)
    """Since when it has been known with the dates it has: `changed_at` moves with every word that is mended."""
    removed_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """Removed ones stay in the bin: calendars must tell their subscribers, and a slip can be undone."""

    twins: Mapped[list["ActivityTwinRow"]] = relationship(
        order_by="ActivityTwinRow.place", cascade="all, delete-orphan"
    )
    counts: Mapped[list["CountRow"]] = relationship(order_by="CountRow.place", cascade="all, delete-orphan")
    money: Mapped[list["MoneyRow"]] = relationship(order_by="MoneyRow.place", cascade="all, delete-orphan")
    goods: Mapped[list["GoodsRow"]] = relationship(order_by="GoodsRow.place", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute

    def to_activity(self) -> Activity:
        """Trusted data: it was checked on its way in, so nothing is validated again but the types."""
        return Activity.model_validate(
            {
                **{name: getattr(self, name) for name in _PLAIN},
                "twins": [t.twin for t in self.twins],
                "counts": [_plain(row, _COUNT) for row in self.counts],
                "money": [_plain(row, _MONEY) for row in self.money],
                "goods": [_plain(row, _GOODS) for row in self.goods],
            }
        )


class ActivityTwinRow(Base):
    __tablename__ = "activity_twins"
    __table_args__ = (Index("ix_activity_twins_twin_activity_id", "twin", "activity_id"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug"))


class CountRow(Base):
    __tablename__ = "activity_counts"
    __table_args__ = (
        CheckConstraint("value >= 0", "value_not_negative"),
        _one_of("bound", [b.value for b in Bound]),
        _one_of("basis", [b.value for b in Basis]),
        CheckConstraint(f"side IS NULL OR side IN ({', '.join(repr(s.value) for s in Side)})", "side_known"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    of: Mapped[str] = mapped_column(String(200))
    side: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[int] = mapped_column(Integer)
    bound: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")


class MoneyRow(Base):
    __tablename__ = "activity_money"
    __table_args__ = (CheckConstraint("amount >= 0", "amount_not_negative"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Fixed(2))
    currency: Mapped[str] = mapped_column(String(3))
    role: Mapped[str] = mapped_column(String(200))
    funder: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class GoodsRow(Base):
    __tablename__ = "activity_goods"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal | None] = mapped_column(Fixed(3))
    unit: Mapped[str] = mapped_column(String(200), default="")
    weight_kg: Mapped[Decimal | None] = mapped_column(Fixed(3))
    value: Mapped[Decimal | None] = mapped_column(Fixed(2))
    currency: Mapped[str | None] = mapped_column(String(3))


_PLAIN = (
    "id", "version", "external_id", "kind", "subtype", "status", "reason", "title", "description", "direction",
    "start", "end", "timezone", "place", "visibility", "leaders", "organisers", "responsible", "owner", "quantity_note",
    "counts_for", "sources", "note", "details", "created_at", "changed_at",
)  # fmt: skip
_COUNT = ("of", "side", "value", "bound", "basis", "note")
_MONEY = ("amount", "currency", "role", "funder", "note")
_GOODS = ("description", "quantity", "unit", "weight_kg", "value", "currency")
_JSON = ("title", "description", "leaders", "organisers", "counts_for", "sources", "details")
_TEXT = ("external_id", "kind", "subtype", "status", "reason", "direction", "start", "end", "timezone", "place",
         "visibility", "responsible", "owner", "quantity_note", "note")  # fmt: skip


def _plain(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def write_content(row: ActivityRow, content: ActivityContent, search_text: str) -> None:
    """Put a content into a row; child rows are replaced only where they differ, so an unchanged list costs nothing."""
    document = content.model_dump(mode="json")
    for name in (*_TEXT, *_JSON):
        if getattr(row, name, None) != document[name]:
            setattr(row, name, document[name])
    row.earliest, row.latest = content.earliest, content.latest
    watched = watched_date(content.details)
    row.watched_on = watched.earliest if watched else None
    row.sort_key = content.start_date.sort_key + (content.start[11:16].replace(":", "") if content.timed else "")
    row.search_text = search_text
    if [t.twin for t in row.twins] != list(content.twins):
        row.twins = [ActivityTwinRow(place=i, twin=slug) for i, slug in enumerate(content.twins)]
    if [_plain(c, _COUNT) for c in row.counts] != [c.model_dump() for c in content.counts]:
        row.counts = [CountRow(place=i, **c.model_dump(mode="json")) for i, c in enumerate(content.counts)]
    if [_plain(m, _MONEY) for m in row.money] != [m.model_dump() for m in content.money]:
        row.money = [MoneyRow(place=i, **m.model_dump()) for i, m in enumerate(content.money)]
    if [_plain(g, _GOODS) for g in row.goods] != [g.model_dump() for g in content.goods]:
        row.goods = [GoodsRow(place=i, **g.model_dump()) for i, g in enumerate(content.goods)]


@dataclass(frozen=True)
class ActivityFilter:
    """What a list of activities is narrowed to. Empty means all; dates overlap with the activity's earliest..latest."""

    twins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = tuple(v.value for v in Visibility)
    first: dt.date | None = None
    last: dt.date | None = None
    own: bool | None = None
    """True: only the activities of the organisation that keeps this log; False: only those of others (R6)."""
    words: tuple[tuple[str, ...], ...] = ()
    """Folded words, all of which must be found; each as its alternative spellings (see `domain.search`)."""


# One statement for one activity, but for its goods, which can be many.
_ONE = (
    select(ActivityRow)
    .where(ActivityRow.id == bindparam("activity_id"))
    .options(*(joinedload(child) for child in (ActivityRow.twins, ActivityRow.counts, ActivityRow.money)))
    .options(selectinload(ActivityRow.goods))
)


def load(session: Session, activity_id: UUID) -> ActivityRow | None:
    return session.scalars(_ONE, {"activity_id": activity_id}).unique().one_or_none()


def glance(session: Session, activity_id: UUID) -> tuple[int, str] | None:
    """The version and visibility of an activity that is not in the bin."""
    chosen = select(ActivityRow.version, ActivityRow.visibility)
    row = session.execute(chosen.where(ActivityRow.id == activity_id, ActivityRow.removed_at.is_(None))).one_or_none()
    return (row.version, row.visibility) if row else None


def by_ids(session: Session, ids: Sequence[UUID]) -> list[ActivityRow]:
    """Those of a few activities that there are, in the bin too."""
    return list(session.scalars(_whole(select(ActivityRow)).where(ActivityRow.id.in_(ids)).order_by(ActivityRow.id)))


def ids_of_twin(session: Session, slug: str) -> list[UUID]:
    """All activities with a twin, those in the bin too."""
    query = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin == slug)
    return list(session.scalars(query.order_by(ActivityTwinRow.activity_id)))


def by_external_ids(session: Session, ids: Sequence[str]) -> dict[str, ActivityRow]:
    """Rows by the id they were imported under; read in slices, since both databases limit a statement's parameters."""
    found: dict[str, ActivityRow] = {}
    for at in range(0, len(ids), 500):
        rows = session.scalars(_whole(select(ActivityRow)).where(ActivityRow.external_id.in_(ids[at : at + 500])))
        found |= {row.external_id: row for row in rows if row.external_id}
    return found


def existing(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are activities, in the bin too."""
    wanted, found = sorted(ids), set[UUID]()
    for at in range(0, len(wanted), 500):
        found |= set(session.scalars(select(ActivityRow.id).where(ActivityRow.id.in_(wanted[at : at + 500]))))
    return found


def listed(
    session: Session,
    chosen: ActivityFilter,
    *,
    newest_first: bool = False,
    after: tuple[str, UUID] | None = None,
    limit: int | None = None,
) -> list[ActivityRow]:
    """Activities in the order of their dates, from behind the cursor `after` = (sort_key, id) on."""
    query = _narrowed(_whole(select(ActivityRow)), chosen)
    key, identity = ActivityRow.sort_key, ActivityRow.id
    if after is not None:
        beyond = key < after[0] if newest_first else key > after[0]
        query = query.where(or_(beyond, and_(key == after[0], identity > after[1])))
    query = query.order_by(key.desc() if newest_first else key, identity)
    return list(session.scalars(query.limit(limit) if limit else query))


def listed_before(
    session: Session, chosen: ActivityFilter, before: tuple[str, UUID], *, newest_first: bool = False, limit: int
) -> list[ActivityRow]:
    """The last `limit` activities in front of a cursor, in the very order `listed` gives them: for paging back."""
    query = _narrowed(_whole(select(ActivityRow)), chosen)
    key, identity = ActivityRow.sort_key, ActivityRow.id
    ahead = key > before[0] if newest_first else key < before[0]
    query = query.where(or_(ahead, and_(key == before[0], identity < before[1])))
    query = query.order_by(key if newest_first else key.desc(), identity.desc()).limit(limit)
    return list(session.scalars(query))[::-1]


def counted_by(session: Session, chosen: ActivityFilter, column: str) -> dict[str, int]:
    """How many activities there are of each value of `column` (kind or status)."""
    grouped = {"kind": ActivityRow.kind, "status": ActivityRow.status}[column]
    both: Any = select(grouped, func.count())
    rows = session.execute(_narrowed(both, chosen).group_by(grouped)).all()
    return {value: int(number) for value, number in rows}


def counted(session: Session, chosen: ActivityFilter) -> int:
    return session.scalar(_narrowed(select(func.count()).select_from(ActivityRow), chosen)) or 0


def _whole(query: Select[ActivityRow]) -> Select[ActivityRow]:
    """With all child rows, in one further query per child table however many activities there are."""
    children = (ActivityRow.twins, ActivityRow.counts, ActivityRow.money, ActivityRow.goods)
    return query.options(*(selectinload(child) for child in children))


def _narrowed(query: Select[Any], chosen: ActivityFilter) -> Select[Any]:
    query = query.where(ActivityRow.removed_at.is_(None))
    if chosen.twins:
        of_twins = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin.in_(chosen.twins))
        query = query.where(ActivityRow.id.in_(of_twins))
    if chosen.kinds:
        query = query.where(ActivityRow.kind.in_(chosen.kinds))
    if chosen.statuses:
        query = query.where(ActivityRow.status.in_(chosen.statuses))
    if chosen.own is not None:
        query = query.where(ActivityRow.owner == "" if chosen.own else ActivityRow.owner != "")
    if len(chosen.visibilities) < len(Visibility):
        query = query.where(ActivityRow.visibility.in_(chosen.visibilities))
    if chosen.first:
        query = query.where(or_(ActivityRow.latest.is_(None), ActivityRow.latest >= chosen.first))
    if chosen.last:
        query = query.where(or_(ActivityRow.earliest.is_(None), ActivityRow.earliest <= chosen.last))
    for spellings in chosen.words:
        query = query.where(or_(*(ActivityRow.search_text.contains(s, autoescape=True) for s in spellings)))
    return query
