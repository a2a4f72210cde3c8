"""Twins, honours, observances and kinds of link as rows, and what the shipped registry last said of each record."""

import datetime as dt
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import CheckConstraint, Float, ForeignKey, Index, Integer, SmallInteger, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from tracker.domain.dates import HistoricDate
from tracker.domain.honours import Honour
from tracker.domain.twins import Level, State, Twin
from tracker.store.base import Base, Instant, Json


class LinkKindRow(Base):
    """A kind of link, from the organisation's own list (R5)."""

    __tablename__ = "link_kinds"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    names: Mapped[dict[str, str]] = mapped_column(Json)


class TwinRow(Base):
    __tablename__ = "twins"
    __table_args__ = (
        CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", "latitude_on_earth"),
        CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", "longitude_on_earth"),
    )

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    names: Mapped[dict[str, str]] = mapped_column(Json)
    local_name: Mapped[str] = mapped_column(String(200), default="")
    former_names: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    country: Mapped[str] = mapped_column(String(2))
    country_label: Mapped[dict[str, str]] = mapped_column(Json)
    link: Mapped[str] = mapped_column(ForeignKey("link_kinds.slug"))
    latitude: Mapped[float | None] = mapped_column(Float)
    longitude: Mapped[float | None] = mapped_column(Float)
    timezone: Mapped[str | None] = mapped_column(String(200))
    verified: Mapped[bool]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    dates: Mapped[list["TwinDateRow"]] = relationship(order_by="TwinDateRow.place", cascade="all, delete-orphan")
    states: Mapped[list["TwinStateRow"]] = relationship(order_by="TwinStateRow.place", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute

    def to_twin(self) -> Twin:
        return Twin.model_validate(
            {
                **{name: getattr(self, name) for name in _PLAIN},
                "dates": [{"date": d.edtf, "basis": d.basis, "primary": d.primary} for d in self.dates],
                "states": [{name: getattr(s, name) for name in _STATE} for s in self.states],
            }
        )


class TwinDateRow(Base):
    __tablename__ = "twin_dates"

    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    edtf: Mapped[str] = mapped_column(String(40))
    basis: Mapped[str] = mapped_column(Text, default="")
    primary: Mapped[bool]


class TwinStateRow(Base):
    __tablename__ = "twin_states"
    __table_args__ = (
        CheckConstraint(f"level IN ({', '.join(repr(v.value) for v in Level)})", "level_known"),
        CheckConstraint(f"state IN ({', '.join(repr(v.value) for v in State)})", "state_known"),
    )

    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    level: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    since: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    verified: Mapped[bool]
    source: Mapped[str] = mapped_column(Text, default="", server_default="")


class HonourRow(Base):
    """A street, tree, bell, tablecloth or other thing that bears a twin's name or was given by one (R16)."""

    __tablename__ = "honours"
    __table_args__ = (Index("ix_honours_twin", "twin"),)

    slug: Mapped[str] = mapped_column(String(120), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(Text)
    local_name: Mapped[str] = mapped_column(Text, default="")
    city: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    twin: Mapped[str | None] = mapped_column(ForeignKey("twins.slug"))
    date: Mapped[str | None] = mapped_column(String(40))
    verified: Mapped[bool]
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(Text, default="")
    direction: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """Given to the hub, or by it; empty where nobody gave it."""
    place: Mapped[str] = mapped_column(Text, default="", server_default="")

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute

    def to_honour(self) -> Honour:
        return Honour(
            slug=self.slug,
            kind=self.kind,
            name=self.name,
            local_name=self.local_name,
            country=self.country,
            twin=self.twin,
            date=HistoricDate.parse(self.date) if self.date else None,
            verified=self.verified,
        )


class ObservanceRow(Base):
    """A day kept every year by rule, such as 2 February or the last Sunday of April."""

    __tablename__ = "observances"

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    rule: Mapped[str] = mapped_column(String(80))
    titles: Mapped[dict[str, str]] = mapped_column(Json)
    twin: Mapped[str | None] = mapped_column(ForeignKey("twins.slug"))
    note: Mapped[str] = mapped_column(Text, default="")
    moved: Mapped[dict[str, str | None]] = mapped_column(Json, default=dict)
    """The years in which it is kept on another day, with that day, or (None) not at all."""

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


class RegistryRow(Base):
    """What the shipped registry last said of a subject: an upgrade changes a record only if nobody has edited it."""

    __tablename__ = "registry"

    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    document: Mapped[dict[str, Any]] = mapped_column(Json)


_PLAIN = ("slug", "names", "local_name", "former_names", "country", "country_label", "link", "latitude", "longitude",
          "timezone", "verified", "sources", "note")  # fmt: skip
_STATE = ("level", "state", "since", "note", "verified", "source")
_KEPT: WeakKeyDictionary[Any, tuple[tuple[int, int], dict[str, Twin]]] = WeakKeyDictionary()
"""The twins of each database as last read; checked against their edition whenever they are used."""


def write_twin(row: TwinRow, twin: Twin) -> None:
    document = twin.model_dump(mode="json")
    for name in _PLAIN:
        setattr(row, name, document[name])
    row.dates = [TwinDateRow(place=i, edtf=d.date, basis=d.basis, primary=d.primary) for i, d in enumerate(twin.dates)]
    row.states = [TwinStateRow(place=i, **s.model_dump(mode="json")) for i, s in enumerate(twin.states)]


_EDITION = select(func.count(), func.coalesce(func.sum(TwinRow.version), 0))


def edition(session: Session) -> tuple[int, int]:
    """A cheap sign of all twins together: differs after any of them was added or revised."""
    number, versions = session.execute(_EDITION).one()  # a row itself would keep its session alive with it
    return number, versions


def current(session: Session) -> dict[str, Twin]:
    """All twins by slug as they stand this moment; read again only when one has changed."""
    known = edition(session)
    bind = session.get_bind()
    kept = _KEPT.get(bind)
    if kept is None or kept[0] != known:
        kept = _KEPT[bind] = (known, load_all(session))
    return kept[1]


def load_all(session: Session) -> dict[str, Twin]:
    """All twins by slug; about thirty, in three queries."""
    query = select(TwinRow).options(selectinload(TwinRow.dates), selectinload(TwinRow.states)).order_by(TwinRow.slug)
    return {row.slug: row.to_twin() for row in session.scalars(query)}


def link_kinds(session: Session) -> list[LinkKindRow]:
    """The organisation's own kinds of link."""
    return list(session.scalars(select(LinkKindRow).order_by(LinkKindRow.slug)))


def honours_of(session: Session, twin: str) -> list[HonourRow]:
    """What bears a twin's name or was given by it."""
    return list(session.scalars(select(HonourRow).where(HonourRow.twin == twin).order_by(HonourRow.slug)))


def honours(session: Session) -> list[HonourRow]:
    """The whole register."""
    return list(session.scalars(select(HonourRow).order_by(HonourRow.slug)))
