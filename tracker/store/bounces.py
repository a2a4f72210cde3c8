"""Mails that came back, or were said to be undeliverable later: what was said, of whom, and of which delivery."""

import datetime as dt

from sqlalchemy import ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.store.base import Base, Instant


class BounceRow(Base):
    __tablename__ = "bounces"
    __table_args__ = (
        Index("ix_bounces_recipient_at", "recipient", "at"),
        Index("ix_bounces_delivery_id", "delivery_id"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    """What tells one report from another, so that one read twice counts once."""
    at: Mapped[dt.datetime] = mapped_column(Instant)
    recipient: Mapped[str] = mapped_column(String(255))
    hard: Mapped[bool]
    """There is no such mailbox, and never will be; else it was full, or busy for days."""
    code: Mapped[str] = mapped_column(String(20), default="")
    """The status of RFC 3463, such as 5.1.1."""
    said: Mapped[str] = mapped_column(Text, default="")
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("deliveries.id", ondelete="SET NULL"))
