"""Files somebody uploaded to look at before taking them in: kept for a day, seen by their owner only.

A file is taken in once: whoever takes it claims it in the very unit of work that writes its activities.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String, Uuid, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant, Json


class UploadRow(Base):
    __tablename__ = "uploads"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    options: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[dt.datetime] = mapped_column(Instant, index=True)
    taken_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    outcome: Mapped[dict[str, int] | None] = mapped_column(Json)


def upload_of(session: Session, upload_id: UUID, user_id: int) -> UploadRow | None:
    """An upload, if it is this person's."""
    return session.scalar(select(UploadRow).where(UploadRow.id == upload_id, UploadRow.user_id == user_id))


def claimed(session: Session, upload_id: UUID, user_id: int) -> UploadRow | None:
    """The upload, locked for whoever takes it in; None where that was done before, or it is gone."""
    own = (UploadRow.id == upload_id, UploadRow.user_id == user_id, UploadRow.taken_at.is_(None))
    return session.scalar(select(UploadRow).where(*own).with_for_update())


def drop_older(session: Session, than: dt.datetime) -> None:
    session.execute(delete(UploadRow).where(UploadRow.created_at < than))
