"""What staff add to a report: texts in Markdown and pictures, for a period, a reader or all, a twin, a section.

An empty `reader` is all of them, an empty `twin` the report of the whole house, an empty `section` its beginning (of a
picture: the cover). A picture's bytes lie apart under their hash, so that an edition goes on having what is taken out.
"""

import datetime as dt
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant, Json


class TextRow(Base):
    __tablename__ = "report_texts"
    __table_args__ = (
        UniqueConstraint("period", "reader", "twin", "section", "language", name="uq_report_texts_place"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    period: Mapped[str] = mapped_column(String(30))
    reader: Mapped[str] = mapped_column(String(80), default="")
    twin: Mapped[str] = mapped_column(String(80), default="")
    section: Mapped[str] = mapped_column(String(40), default="")
    language: Mapped[str] = mapped_column(String(8))
    markdown: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(120))


class ImageRow(Base):
    """The bytes of a picture, as they were taken in: without the place and the camera."""

    __tablename__ = "report_images"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PictureRow(Base):
    __tablename__ = "report_pictures"
    __table_args__ = (Index("ix_report_pictures_period", "period"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    period: Mapped[str] = mapped_column(String(30))
    reader: Mapped[str] = mapped_column(String(80), default="")
    twin: Mapped[str] = mapped_column(String(80), default="")
    section: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    sha256: Mapped[str] = mapped_column(ForeignKey("report_images.sha256"))
    alt: Mapped[dict[str, str]] = mapped_column(Json)
    caption: Mapped[dict[str, str]] = mapped_column(Json)
    credit: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[dt.datetime] = mapped_column(Instant)


def texts(session: Session, period: str, reader: str, twin: str) -> list[TextRow]:
    """The texts that a report is made with: those for all readers, then the reader's own, which go before."""
    query = select(TextRow).where(TextRow.period == period, TextRow.reader.in_(("", reader)), TextRow.twin == twin)
    return list(session.scalars(query.order_by(TextRow.reader, TextRow.section, TextRow.language)))


def text_at(session: Session, period: str, reader: str, twin: str, section: str, language: str) -> TextRow | None:
    """The one text of a place, locked."""
    place = (TextRow.period == period, TextRow.reader == reader, TextRow.twin == twin)
    query = select(TextRow).where(*place, TextRow.section == section, TextRow.language == language)
    return session.scalar(query.with_for_update())


def pictures(session: Session, period: str, reader: str, twin: str) -> list[PictureRow]:
    """The pictures of a report, those for all readers first."""
    mine = (PictureRow.period == period, PictureRow.reader.in_(("", reader)), PictureRow.twin == twin)
    order = (PictureRow.section, PictureRow.reader, PictureRow.position, PictureRow.id)
    return list(session.scalars(select(PictureRow).where(*mine).order_by(*order)))


def images(session: Session, hashes: list[str]) -> dict[str, bytes]:
    """The bytes under these hashes."""
    rows = session.execute(select(ImageRow.sha256, ImageRow.data).where(ImageRow.sha256.in_(hashes)))
    return {sha256: data for sha256, data in rows}  # noqa: C416 -- a result with keys() is no list of pairs to dict()


def is_shown(session: Session, sha256: str) -> bool:
    """Whether a report that is not frozen shows the picture of this hash."""
    return session.scalar(select(PictureRow.id).where(PictureRow.sha256 == sha256).limit(1)) is not None
