"""People in office and contact organisations of the cities, as rows."""

from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, Text, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.partners import Contact, Officeholder
from tracker.store.base import Base, Json


class OfficeholderRow(Base):
    __tablename__ = "officeholders"
    __table_args__ = (Index("ix_officeholders_twin", "twin"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    twin: Mapped[str] = mapped_column(String(80))
    """A twin's or the hub's slug; the hub has no row."""
    name: Mapped[str] = mapped_column(String(200))
    office: Mapped[str] = mapped_column(String(1000))
    start: Mapped[str | None] = mapped_column(String(40))
    end: Mapped[str | None] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(1000), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    def to_value(self) -> Officeholder:
        return Officeholder.model_validate(_stored(self, Officeholder))


class ContactRow(Base):
    __tablename__ = "contacts"
    __table_args__ = (Index("ix_contacts_twin", "twin"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    twin: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(1000))
    local_name: Mapped[str] = mapped_column(String(1000), default="")
    languages: Mapped[list[str]] = mapped_column(Json)
    address: Mapped[str] = mapped_column(String(1000), default="")
    website: Mapped[str] = mapped_column(String(1000), default="")
    person: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[str] = mapped_column(String(200), default="")
    open: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")

    def to_value(self) -> Contact:
        return Contact.model_validate(_stored(self, Contact))


PartnerRow = OfficeholderRow | ContactRow


def officeholders(session: Session, twin: str) -> list[OfficeholderRow]:
    """All who hold or held an office there, the newest first."""
    rows = session.scalars(select(OfficeholderRow).where(OfficeholderRow.twin == twin).order_by(OfficeholderRow.name))
    return sorted(rows, key=lambda row: row.start or "", reverse=True)


def contacts(session: Session, twin: str) -> list[ContactRow]:
    return list(session.scalars(select(ContactRow).where(ContactRow.twin == twin).order_by(ContactRow.name)))


def _stored(row: PartnerRow, model: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields}
