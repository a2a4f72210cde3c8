"""What only those on a journey need: who meets whom, beds, gifts, telephone numbers. One document an activity.

It stands apart from the activity, so that nothing which tells of activities (feeds, API, exports, reports, events)
can tell of it.
"""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.dossiers import NOTHING, Private
from tracker.store.base import Base, Instant, Json


class DossierRow(Base):
    __tablename__ = "dossiers"

    activity_id: Mapped[UUID] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


def kept(session: Session, activity_id: UUID) -> tuple[int, Private]:
    """The version and content of an activity's dossier; 0 and an empty one where nobody has begun it."""
    row = session.get(DossierRow, activity_id)
    return (row.version, Private.model_validate(row.content)) if row else (0, NOTHING)
