"""When a worker last carried out the clock's tick: the only honest sign that workers are alive."""

import datetime as dt

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant

TICK = "tick"


class HeartbeatRow(Base):
    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(Instant)


def last_tick(session: Session) -> dt.datetime | None:
    row = session.get(HeartbeatRow, TICK)
    return row.at if row else None
