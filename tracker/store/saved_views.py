"""Views of the list that people keep: a name and the address' arguments, one's own or the whole house's."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ForeignKey, Integer, String, Text, and_, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant


class SavedViewRow(Base):
    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    """Whose it is; None: the whole house's."""
    name: Mapped[str] = mapped_column(String(80))
    arguments: Mapped[str] = mapped_column(Text)
    """As they stand in the address, behind the question mark."""
    saved_at: Mapped[dt.datetime] = mapped_column(Instant)


class FirstViewRow(Base):
    """The view with which a person's list begins."""

    __tablename__ = "first_views"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    view_id: Mapped[int] = mapped_column(ForeignKey("saved_views.id", ondelete="CASCADE"), index=True)


def views_of(session: Session, user_id: int) -> Sequence[SavedViewRow]:
    """A person's own views and the house's, those first that are their own."""
    return views_and_first(session, user_id)[0]


def views_and_first(session: Session, user_id: int) -> tuple[Sequence[SavedViewRow], int | None]:
    """The same, and the id of the one with which this person's list begins."""
    begins = and_(FirstViewRow.view_id == SavedViewRow.id, FirstViewRow.user_id == user_id)
    query = select(SavedViewRow, FirstViewRow.view_id).outerjoin(FirstViewRow, begins)
    rows = session.execute(query.where(or_(SavedViewRow.user_id == user_id, SavedViewRow.user_id.is_(None)))).all()
    views = sorted((row for row, _ in rows), key=lambda row: (row.user_id is None, row.name.casefold(), row.id))
    return views, next((view_id for _, view_id in rows if view_id is not None), None)


def view_of(session: Session, view_id: int, user_id: int) -> SavedViewRow | None:
    """A view, if it is this person's or the house's."""
    row = session.get(SavedViewRow, view_id)
    return row if row and row.user_id in (user_id, None) else None


def first_view(session: Session, user_id: int) -> SavedViewRow | None:
    query = select(SavedViewRow).join(FirstViewRow, FirstViewRow.view_id == SavedViewRow.id)
    return session.scalar(query.where(FirstViewRow.user_id == user_id))
