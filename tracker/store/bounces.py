"""Mails that came back, or were said to be undeliverable later: what was said, of whom, and of which delivery."""

import datetime as dt
from collections.abc import Collection

from sqlalchemy import ForeignKey, Index, Integer, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


def is_noted(session: Session, key: str) -> bool:
    return session.scalar(select(BounceRow.id).where(BounceRow.key == key)) is not None


def of_deliveries(session: Session, ids: Collection[int]) -> dict[int, list[BounceRow]]:
    """What came back of these deliveries, by their ids, the oldest first."""
    found: dict[int, list[BounceRow]] = {}
    for row in session.scalars(select(BounceRow).where(BounceRow.delivery_id.in_(ids)).order_by(BounceRow.id)):
        found.setdefault(row.delivery_id or 0, []).append(row)
    return found


def counted(session: Session, since: dt.datetime) -> list[tuple[str, int, int]]:
    """What came back since then, by recipient: how many for good, and how many for the time being."""
    hard = func.count().filter(BounceRow.hard)
    query = select(BounceRow.recipient, hard, func.count() - hard).where(BounceRow.at >= since)
    rows = session.execute(query.group_by(BounceRow.recipient).order_by(BounceRow.recipient))
    return [(recipient, int(lasting), int(passing)) for recipient, lasting, passing in rows]
