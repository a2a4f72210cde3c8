"""Activities as rows: what reports count and lists filter is columns and child tables, the rest is JSON.

`ActivityRow.to_activity` and `activity_content.write_content` are the only two places that know both shapes.
"""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    Uuid,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.domain.access import Mark
from tracker.domain.activities import Activity, Basis, Bound, Direction, Kind, Side, Status, Visibility
from tracker.store.base import Base, Fixed, Instant, Json
from tracker.store.search import ActivityWordsRow


def _one_of(column: str, values: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(v)) for v in values)})", f"{column}_known")


_COUNTED_BY = (
    "begins_by", "status", "owner", "visibility", "kind", "direction", "subtype", "begins_month", "earliest",
    "removed_at", "id", "sort_key", "start",
)  # fmt: skip
# What rights look at, wherever something is counted.
_SEEN_BY = ("removed_at", "visibility", "owner", "recorded_by", "responsible")
_TALLIED = (
    "kind", "status", "direction", "owner", "begun_decade", "visibility", "removed_at", "recorded_by", "responsible",
    "id",
)  # fmt: skip
_BY_ID = (
    "id", *_SEEN_BY, "kind", "status", "direction", "begun_decade", "begun_year", "begins_by", "earliest", "latest",
    "sort_key",
)  # fmt: skip

_IN_THE_BIN = text("removed_at IS NOT NULL")


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
        # All that figures count by, in the order of time: they need not read the rows, which are far longer.
        Index("ix_activities_counted", *_COUNTED_BY),
        Index("ix_activities_goes_beyond", "goes_beyond"),
        # All that filters count by: in the order in which choices are grouped; and beside the rows of an activity's
        # cities, which are in the order of ids, too.
        Index("ix_activities_tallied", *_TALLIED),
        Index("ix_activities_by_id", *_BY_ID),
        Index("ix_activities_begun_year", "begun_year", "id"),
        Index("ix_activities_place", "place", *_SEEN_BY, "id"),
        # The few in the bin, found among all the others.
        Index("ix_activities_in_the_bin", "removed_at", sqlite_where=_IN_THE_BIN, postgresql_where=_IN_THE_BIN),
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
    begins_by: Mapped[dt.date | None] = mapped_column(Date)
    """The last day on which it can have begun: what it is counted by (see `domain.beginnings`)."""
    begins_month: Mapped[str | None] = mapped_column(String(7))
    goes_beyond: Mapped[dt.date | None] = mapped_column(Date)
    """The last day of what goes on after the year in which it begins."""
    begun_year: Mapped[int | None] = mapped_column(SmallInteger)
    """The year in which it surely began (see `domain.beginnings`), and the decade; None where that is not known."""
    begun_decade: Mapped[int | None] = mapped_column(SmallInteger)
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
    search_text: Mapped[str] = mapped_column(Text, default="")
    """No longer read: what it is found by stands in `found_by`. The next release takes the column away."""
    watched_on: Mapped[dt.date | None] = mapped_column(Date)
    """The first day of the date in its details that reminders look at: an agreement's end, a shipment's last stage."""
    memorable: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it may have anniversaries: found by this, since few of a twin's many activities have."""
    recorded_by: Mapped[str] = mapped_column(String(120), default="", server_default="")
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
    found_by: Mapped[ActivityWordsRow | None] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute

    @property
    def mark(self) -> Mark:
        twins = tuple(each.twin for each in self.twins)
        return Mark(Visibility(self.visibility), twins, self.owner, self.recorded_by, self.responsible)

    def to_activity(self) -> Activity:
        """Trusted data: it was checked on its way in, so nothing is validated again but the types."""
        return Activity.model_validate(
            {
                **{name: getattr(self, name) for name in _PLAIN},
                "twins": [t.twin for t in self.twins],
                "counts": [plain(row, COUNT) for row in self.counts],
                "money": [plain(row, MONEY) for row in self.money],
                "goods": [plain(row, GOODS) for row in self.goods],
            }
        )


class Child:
    """What the tables of an activity's lists have in common."""

    begins_by: Mapped[dt.date | None] = mapped_column(Date)
    """As the activity has it: a year's rows are found without looking each up by its activity's id."""


class ActivityTwinRow(Child, Base):
    __tablename__ = "activity_twins"
    __table_args__ = (
        Index("ix_activity_twins_twin_activity_id", "twin", "activity_id"),
        Index("ix_activity_twins_activity_id_twin", "activity_id", "twin"),
        Index("ix_activity_twins_begins_by", "begins_by"),
        # The newest of each city is at the end of its range.
        Index("ix_activity_twins_twin_begins_by", "twin", "begins_by", "activity_id"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug"))


class CountRow(Child, Base):
    __tablename__ = "activity_counts"
    __table_args__ = (
        CheckConstraint("value >= 0", "value_not_negative"),
        _one_of("bound", [b.value for b in Bound]),
        _one_of("basis", [b.value for b in Basis]),
        CheckConstraint(f"side IS NULL OR side IN ({', '.join(repr(s.value) for s in Side)})", "side_known"),
        Index("ix_activity_counts_begins_by", "begins_by"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    of: Mapped[str] = mapped_column(String(200))
    side: Mapped[str | None] = mapped_column(String(20))
    value: Mapped[int] = mapped_column(Integer)
    bound: Mapped[str] = mapped_column(String(20))
    basis: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")


class MoneyRow(Child, Base):
    __tablename__ = "activity_money"
    __table_args__ = (
        CheckConstraint("amount >= 0", "amount_not_negative"),
        Index("ix_activity_money_begins_by", "begins_by"),
    )

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Fixed(2))
    currency: Mapped[str] = mapped_column(String(3))
    role: Mapped[str] = mapped_column(String(200))
    funder: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(Text, default="")


class GoodsRow(Child, Base):
    __tablename__ = "activity_goods"
    __table_args__ = (Index("ix_activity_goods_begins_by", "begins_by"),)

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    description: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal | None] = mapped_column(Fixed(3))
    unit: Mapped[str] = mapped_column(String(200), default="")
    weight_kg: Mapped[Decimal | None] = mapped_column(Fixed(3))
    value: Mapped[Decimal | None] = mapped_column(Fixed(2))
    currency: Mapped[str | None] = mapped_column(String(3))
    descriptions: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")
    package: Mapped[str] = mapped_column(String(200), default="", server_default="")
    hs_code: Mapped[str] = mapped_column(String(10), default="", server_default="")


_PLAIN = (
    "id", "version", "external_id", "kind", "subtype", "status", "reason", "title", "description", "direction",
    "start", "end", "timezone", "place", "visibility", "leaders", "organisers", "responsible", "owner", "quantity_note",
    "counts_for", "sources", "note", "details", "created_at", "changed_at", "recorded_by",
)  # fmt: skip
COUNT = ("of", "side", "value", "bound", "basis", "note")
MONEY = ("amount", "currency", "role", "funder", "note")
GOODS = (
    "description", "quantity", "unit", "weight_kg", "value", "currency", "descriptions", "package", "hs_code",
)  # fmt: skip


def plain(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
