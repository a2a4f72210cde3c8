"""Chats that reminders may go to: a name, and the address by which Apprise reaches it, which is a secret."""

import datetime as dt

from sqlalchemy import Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.deliveries import Channel, DeliveryStatus
from tracker.store.base import Base, Instant
from tracker.store.deliveries import DeliveryRow

_WAITING = (DeliveryStatus.QUEUED.value, DeliveryStatus.SENDING.value)


class ChatRow(Base):
    __tablename__ = "chats"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    url: Mapped[str] = mapped_column(Text)
    """An Apprise address; it holds a password or a token, so it is shown to nobody again and stands in no event."""
    language: Mapped[str] = mapped_column(String(8))
    timezone: Mapped[str] = mapped_column(String(80))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


def chats(session: Session) -> list[ChatRow]:
    return list(session.scalars(select(ChatRow).order_by(ChatRow.name)))


def claim_next(session: Session, now: dt.datetime) -> DeliveryRow | None:
    """Lock the message for a chat that has waited longest of those whose time has come; None where none is left."""
    return session.scalar(
        select(DeliveryRow)
        .where(
            DeliveryRow.channel == Channel.CHAT.value,
            DeliveryRow.status.in_(_WAITING),
            DeliveryRow.next_try_at <= now,
        )
        .order_by(DeliveryRow.next_try_at, DeliveryRow.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
