"""Editions of reports, which never change, and the finished documents made of them or of drafts.

A frozen value is kept packed, its hash beside it. What an edition shows of pictures stays as long as the edition does.
"""

import datetime as dt
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    extract,
    func,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from tracker.domain.activities import Visibility
from tracker.domain.editions import Form, Frozen
from tracker.store.activity_rows import ActivityRow
from tracker.store.base import Base, Instant, Json
from tracker.store.event_log import BIG, EventRow

_LEVELS = ", ".join(repr(v.value) for v in Visibility)


class EditionRow(Base):
    __tablename__ = "report_editions"
    __table_args__ = (
        UniqueConstraint("period", "reader", "twin", "number"),
        CheckConstraint(f"level IN ({_LEVELS})", "level_known"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    period: Mapped[str] = mapped_column(String(30))
    reader: Mapped[str] = mapped_column(String(80))
    twin: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[int] = mapped_column(Integer)
    level: Mapped[str] = mapped_column(String(20))
    """The most confidential thing it holds."""
    languages: Mapped[list[str]] = mapped_column(Json)
    frozen: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    position: Mapped[int] = mapped_column(BIG)
    """The last event of the log it knows of."""
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(120))

    @property
    def name(self) -> str:
        return f"{self.period}-{self.number}"

    def canonical(self) -> bytes:
        return zlib.decompress(self.frozen)

    def to_frozen(self) -> Frozen:
        return Frozen.model_validate_json(self.canonical())


class EditionImageRow(Base):
    """A picture that an edition shows: its bytes stay."""

    __tablename__ = "report_edition_images"

    edition_id: Mapped[int] = mapped_column(ForeignKey("report_editions.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("report_images.sha256"), primary_key=True)


class DocumentRow(Base):
    """A finished document. Of an edition there is one for each form and languages, of a draft each that is new."""

    __tablename__ = "report_documents"
    __table_args__ = (
        Index("ix_report_documents_edition_id", "edition_id"),
        Index("ix_report_documents_period_made_at", "period", "made_at"),
        CheckConstraint(f"level IN ({_LEVELS})", "level_known"),
        CheckConstraint(f"form IN ({', '.join(repr(f.value) for f in Form)})", "form_known"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("report_editions.id"))
    period: Mapped[str] = mapped_column(String(30))
    reader: Mapped[str] = mapped_column(String(80))
    twin: Mapped[str] = mapped_column(String(80), default="")
    form: Mapped[str] = mapped_column(String(10))
    languages: Mapped[list[str]] = mapped_column(Json)
    level: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(300))
    plain_name: Mapped[str] = mapped_column(String(200))
    """The same in letters every program knows."""
    data: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[dt.datetime] = mapped_column(Instant)
    made_by: Mapped[str] = mapped_column(String(120))


def packed(canonical: bytes) -> bytes:
    return zlib.compress(canonical, 6)


def one_view(session: Session) -> None:
    """Let everything this session reads be of one moment. On SQLite it is so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def shows_image(session: Session, sha256: str) -> bool:
    """Whether an edition shows the picture of this hash."""
    query = select(EditionImageRow.edition_id).where(EditionImageRow.sha256 == sha256)
    return session.scalar(query.limit(1)) is not None


def next_number(session: Session, period: str, reader: str, twin: str) -> int:
    mine = (EditionRow.period == period, EditionRow.reader == reader, EditionRow.twin == twin)
    return (session.scalar(select(func.max(EditionRow.number)).where(*mine)) or 0) + 1


def editions(session: Session, levels: Collection[str], period: str | None = None) -> list[EditionRow]:
    """Editions without their frozen values, the newest first."""
    query = select(EditionRow).where(EditionRow.level.in_(levels)).options(defer(EditionRow.frozen, raiseload=True))
    if period is not None:
        query = query.where(EditionRow.period == period)
    return list(session.scalars(query.order_by(EditionRow.made_at.desc(), EditionRow.id.desc())))


def documents(session: Session, levels: Collection[str], period: str, limit: int = 50) -> list[DocumentRow]:
    """Finished documents without their bytes, the newest first."""
    query = select(DocumentRow).where(DocumentRow.period == period, DocumentRow.level.in_(levels))
    query = query.options(defer(DocumentRow.data, raiseload=True))
    return list(session.scalars(query.order_by(DocumentRow.made_at.desc(), DocumentRow.id.desc()).limit(limit)))


def same_document(session: Session, like: DocumentRow) -> DocumentRow | None:
    """The document that has been made of the same for the same readers already, to the byte."""
    query = select(DocumentRow).where(
        DocumentRow.period == like.period,
        DocumentRow.reader == like.reader,
        DocumentRow.twin == like.twin,
        DocumentRow.form == like.form,
        DocumentRow.level == like.level,
        DocumentRow.sha256 == like.sha256,
        DocumentRow.edition_id == like.edition_id if like.edition_id else DocumentRow.edition_id.is_(None),
    )
    return session.scalar(query.options(defer(DocumentRow.data)).limit(1))


def document_bytes(session: Session, ids: Collection[int]) -> dict[int, bytes]:
    """The bytes of documents, by their numbers."""
    rows = session.execute(select(DocumentRow.id, DocumentRow.data).where(DocumentRow.id.in_(ids)))
    return {id_: data for id_, data in rows}  # noqa: C416 -- a result with keys() is no list of pairs to dict()


@dataclass(frozen=True)
class Brief:
    """The little of an activity that is told of what stands behind a figure."""

    id: UUID
    version: int
    title: dict[str, str]
    start: str
    visibility: str
    removed: bool


def briefly(session: Session, ids: Collection[UUID]) -> list[Brief]:
    """Some activities, those in the bin too, in order of time."""
    wanted, found = sorted(ids), list[tuple[str, Brief]]()
    chosen = select(
        ActivityRow.sort_key,
        ActivityRow.id,
        ActivityRow.version,
        ActivityRow.title,
        ActivityRow.start,
        ActivityRow.visibility,
        ActivityRow.removed_at,
    )
    for at in range(0, len(wanted), 500):
        for row in session.execute(chosen.where(ActivityRow.id.in_(wanted[at : at + 500]))):
            brief = Brief(row.id, row.version, row.title, row.start, row.visibility, row.removed_at is not None)
            found.append((row.sort_key, brief))
    return [brief for _, brief in sorted(found, key=lambda one: (one[0], one[1].id))]


def counted_by_year(session: Session, visibilities: Collection[str]) -> dict[int, int]:
    """How many activities begin in each year, by the rule of reports: what may have begun in another counts in none."""
    year = extract("year", ActivityRow.begins_by)
    query = select(year, func.count()).where(
        ActivityRow.removed_at.is_(None),
        ActivityRow.visibility.in_(visibilities),
        year == extract("year", ActivityRow.earliest),
    )
    return {int(y): int(n) for y, n in session.execute(query.group_by(year))}


@dataclass(frozen=True)
class Happened:
    """What the log says of one activity since a position."""

    activity_id: str
    types: tuple[str, ...]
    at: dt.datetime


def happened_since(session: Session, position: int) -> list[Happened]:
    """The activities of which the log has something after a position, in the order of the last."""
    mine = (EventRow.position > position, EventRow.subject.startswith("activity:"))
    query = select(EventRow.subject, EventRow.type, EventRow.at).where(*mine).order_by(EventRow.position)
    found: dict[str, Happened] = {}
    for subject, type_, at in session.execute(query):
        id_ = subject.partition(":")[2]
        # Taken out and put in again: the order is that of what happened last.
        former = found.pop(id_, None)
        found[id_] = Happened(id_, (*(former.types if former else ()), type_), at)
    return list(found.values())
