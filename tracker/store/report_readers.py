"""Readers of reports as rows: the profiles that shipped, as administrators have edited them, and their own."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Integer, SmallInteger, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.activities import Visibility
from tracker.domain.report_readers import Reader
from tracker.store.base import Base, Instant, Json


class ReaderRow(Base):
    __tablename__ = "report_readers"
    __table_args__ = (CheckConstraint(f"level IN ({', '.join(repr(v.value) for v in Visibility)})", "level_known"),)

    slug: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    names: Mapped[dict[str, str]] = mapped_column(Json)
    level: Mapped[str] = mapped_column(String(20))
    sections: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    viewpoint: Mapped[str] = mapped_column(String(20))
    twins: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    counts_for: Mapped[list[str]] = mapped_column(Json)
    leaves_out: Mapped[list[str]] = mapped_column(Json)
    funder: Mapped[str] = mapped_column(String(200), default="")
    rates: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    def to_reader(self) -> Reader:
        return Reader.model_validate({name: getattr(self, name) for name in Reader.model_fields})


def write_reader(row: ReaderRow, reader: Reader) -> None:
    for name, value in reader.model_dump(mode="json").items():
        setattr(row, name, value)


def readers(session: Session) -> list[ReaderRow]:
    """All of them in their order; a handful."""
    return list(session.scalars(select(ReaderRow).order_by(ReaderRow.position, ReaderRow.slug)))
