"""What somebody typed into a form and has not saved yet: theirs alone, and gone once it is saved, or after a month.

A row without a person was sent after the session had ended; whoever logs in on that very browser gets it. Table
`drafts`: personal data, which goes with its account.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Uuid, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant, Json


class DraftRow(Base):
    __tablename__ = "drafts"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    activity_id: Mapped[UUID | None] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    """The activity that was being changed; none where a new one is written."""
    fields: Mapped[dict[str, Any]] = mapped_column(Json)
    """The inputs as they were sent, each name with its texts."""
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)


def load(session: Session, draft_id: UUID) -> DraftRow | None:
    return session.get(DraftRow, draft_id)


def of_person(session: Session, user_id: int, since: dt.datetime) -> list[DraftRow]:
    """A person's drafts, the newest first."""
    own = select(DraftRow).where(DraftRow.user_id == user_id, DraftRow.changed_at >= since)
    return list(session.scalars(own.order_by(DraftRow.changed_at.desc(), DraftRow.id)))


def waiting(session: Session) -> int:
    """How many drafts belong to nobody yet."""
    return session.scalar(select(func.count()).select_from(DraftRow).where(DraftRow.user_id.is_(None))) or 0


def drop(session: Session, draft_id: UUID, user_id: int) -> None:
    session.execute(delete(DraftRow).where(DraftRow.id == draft_id, DraftRow.user_id == user_id))


def drop_older(session: Session, kept: dt.datetime, waited: dt.datetime) -> None:
    """Drop what nobody touched since `kept`, and what belongs to nobody and came before `waited`."""
    unclaimed = DraftRow.user_id.is_(None) & (DraftRow.changed_at < waited)
    session.execute(delete(DraftRow).where(or_(DraftRow.changed_at < kept, unclaimed)))
