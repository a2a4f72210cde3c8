"""Files as rows: what staff say of each, and for the bytes, which several can share, whether they are still needed.

Bytes lie with a gateway, under their hash. A row in `file_bytes` is written before they are, and goes after they went:
so whatever happens in between, nothing lies there that no row knows of.
"""

import datetime as dt
from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    Uuid,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from tracker.domain.activities import Visibility
from tracker.domain.files import KEPT_IN_BIN, Consent, Thumbnail
from tracker.store.base import Base, Instant, Json

MOST_TRIES = 3
LEASE = dt.timedelta(minutes=5)
UNUSED_AFTER = dt.timedelta(hours=1)
"""Bytes that no row names may belong to somebody who is just sending them."""


class BytesState(StrEnum):
    KEPT = "kept"
    GOING = "going"


class BytesRow(Base):
    __tablename__ = "file_bytes"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(s.value) for s in BytesState)})", "state_known"),
        CheckConstraint(f"thumbnail IN ({', '.join(repr(t.value) for t in Thumbnail)})", "thumbnail_known"),
        Index("ix_file_bytes_thumbnail_lease_until", "thumbnail", "lease_until"),
        Index("ix_file_bytes_wanted_at", "wanted_at"),
    )

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(Integer)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(10), default=BytesState.KEPT.value)
    wanted_at: Mapped[dt.datetime] = mapped_column(Instant)
    """When somebody last sent these bytes."""
    thumbnail: Mapped[str] = mapped_column(String(10))
    thumbnail_key: Mapped[str | None] = mapped_column(String(80))
    """Under which the small picture is kept; pictures that look alike can share one."""
    fault: Mapped[str] = mapped_column(Text, default="")
    """Why there is no thumbnail."""
    tries: Mapped[int] = mapped_column(SmallInteger, default=0)
    lease_until: Mapped[dt.datetime] = mapped_column(Instant)


class FileRow(Base):
    __tablename__ = "files"
    __table_args__ = (
        CheckConstraint(f"consent IN ({', '.join(repr(c.value) for c in Consent)})", "consent_known"),
        CheckConstraint(f"visibility IN ({', '.join(repr(v.value) for v in Visibility)})", "visibility_known"),
        Index("ix_files_subject", "subject", "created_at"),
        Index("ix_files_sha256", "sha256"),
        Index("ix_files_delete_on", "delete_on"),
        Index("ix_files_removed_at", "removed_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str] = mapped_column(String(120))
    """`activity:<id>`, `twin:<slug>`, `honour:<slug>`: whose rights it follows."""
    part: Mapped[str] = mapped_column(String(120), default="")
    """What of the subject it belongs to, such as a receipt; empty: the subject itself."""
    sha256: Mapped[str] = mapped_column(ForeignKey("file_bytes.sha256"))
    name: Mapped[str] = mapped_column(String(200))
    caption: Mapped[dict[str, str]] = mapped_column(Json)
    credit: Mapped[str] = mapped_column(String(400), default="")
    licence: Mapped[str] = mapped_column(String(200), default="")
    consent: Mapped[str] = mapped_column(String(20))
    shown_people: Mapped[str] = mapped_column(Text, default="")
    delete_on: Mapped[dt.date | None] = mapped_column(Date)
    visibility: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[dt.datetime] = mapped_column(Instant)
    created_by: Mapped[str] = mapped_column(String(120))
    removed_at: Mapped[dt.datetime | None] = mapped_column(Instant)

    bytes: Mapped[BytesRow] = relationship()

    __mapper_args__ = {"version_id_col": version, "version_id_generator": False}  # noqa: RUF012 -- SQLAlchemy's own attribute


def file(session: Session, file_id: UUID) -> FileRow | None:
    """A file with what is known of its bytes, also one in the bin."""
    return session.scalar(select(FileRow).where(FileRow.id == file_id).options(joinedload(FileRow.bytes)))


def of_subjects(session: Session, subjects: Collection[str], *, part: str | None = None) -> list[FileRow]:
    """The files of some subjects, the oldest first, those in the bin too; `part` None: of all their parts."""
    query = select(FileRow).where(FileRow.subject.in_(subjects)).options(joinedload(FileRow.bytes))
    if part is not None:
        query = query.where(FileRow.part == part)
    return list(session.scalars(query.order_by(FileRow.created_at, FileRow.id)))


def due(session: Session, today: dt.date, now: dt.datetime, limit: int) -> list[FileRow]:
    """Those whose last day has come, and those that have lain in the bin long enough; locked."""
    over = or_(FileRow.delete_on <= today, FileRow.removed_at <= now - KEPT_IN_BIN)
    query = select(FileRow).where(over).order_by(FileRow.id).limit(limit)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def locked_bytes(session: Session, sha256: str) -> BytesRow | None:
    return session.get(BytesRow, sha256, with_for_update=True, populate_existing=True)


def claim_thumbnail(session: Session, now: dt.datetime) -> BytesRow | None:
    """A picture that waits for its thumbnail; locked, past those another worker holds."""
    query = select(BytesRow).where(_waiting(now), BytesRow.state == BytesState.KEPT).order_by(BytesRow.lease_until)
    return session.scalar(query.limit(1).with_for_update(skip_locked=True))


def is_thumbnail_waiting(session: Session, now: dt.datetime) -> bool:
    return session.scalar(select(BytesRow.sha256).where(_waiting(now)).limit(1)) is not None


def unused(session: Session, now: dt.datetime, limit: int) -> list[BytesRow]:
    """Bytes that no file names (any more), and those whose going was broken off; locked."""
    named = select(FileRow.id).where(FileRow.sha256 == BytesRow.sha256).exists()
    query = select(BytesRow).where(or_(BytesRow.wanted_at <= now - UNUSED_AFTER, BytesRow.state == BytesState.GOING))
    query = query.where(~named).order_by(BytesRow.wanted_at).limit(limit)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def is_thumbnail_of_another(session: Session, thumbnail: str, sha256: str) -> bool:
    """Whether other bytes have the very same small picture."""
    shared = select(BytesRow.sha256).where(BytesRow.sha256 != sha256, BytesRow.thumbnail_key == thumbnail)
    return session.scalar(shared.limit(1)) is not None


def _waiting(now: dt.datetime) -> ColumnElement[bool]:
    return (BytesRow.thumbnail == Thumbnail.WAITING) & (BytesRow.lease_until <= now)
