"""Changes of several activities at once, and which version of each they made: what undoing them needs."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tracker.store.base import Base, Instant, Json


class BulkRow(Base):
    """One change of several activities."""

    __tablename__ = "bulk_edits"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    edit: Mapped[dict[str, Any]] = mapped_column(Json)
    made_by: Mapped[str] = mapped_column(String(120))
    made_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    undone_by: Mapped[str | None] = mapped_column(String(120))
    undone_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    items: Mapped[list["BulkItemRow"]] = relationship(order_by="BulkItemRow.activity_id", cascade="all, delete-orphan")


class BulkItemRow(Base):
    """One activity it changed: the versions before and after, and whether it was taken back."""

    __tablename__ = "bulk_edit_items"

    bulk_id: Mapped[UUID] = mapped_column(ForeignKey("bulk_edits.id", ondelete="CASCADE"), primary_key=True)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    before: Mapped[int] = mapped_column(Integer)
    after: Mapped[int] = mapped_column(Integer)
    undone: Mapped[bool] = mapped_column(default=False)


def latest(session: Session, limit: int) -> list[BulkRow]:
    return list(session.scalars(select(BulkRow).order_by(BulkRow.made_at.desc(), BulkRow.id).limit(limit)))
