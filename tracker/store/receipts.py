"""Receipts of aid: a link by which whoever got a shipment says what arrived, and their answer.

The link's token is kept as its hash only. The name of who confirmed is personal: it stands here and in no event.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, String, Text, Uuid, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant, Json


class ReceiptRow(Base):
    __tablename__ = "receipts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    sent_to: Mapped[str] = mapped_column(String(255), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    expires_at: Mapped[dt.datetime] = mapped_column(Instant)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    received_on: Mapped[str] = mapped_column(String(40), default="")
    """When it arrived, in EDTF."""
    confirmed_by: Mapped[str] = mapped_column(String(200), default="")
    lines: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """What was said of each line, with the line as it stood then: see `domain.receipts`."""
    note: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    accepted_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute

    def is_open(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


def by_hash(session: Session, token_hash: str) -> ReceiptRow | None:
    return session.scalar(select(ReceiptRow).where(ReceiptRow.token_hash == token_hash))


def of_activity(session: Session, activity_id: UUID) -> list[ReceiptRow]:
    """All links of a shipment and what was answered by them, the newest first."""
    query = select(ReceiptRow).where(ReceiptRow.activity_id == activity_id)
    return list(session.scalars(query.order_by(ReceiptRow.created_at.desc(), ReceiptRow.id)))
