"""The exported bytes of calendars, kept in parts so that a change rewrites one of them, however large the calendar is.

A part holds the entries of a range of slots, plain and compressed; part `HEAD` what stands above the entries. What is
served is the parts one after the other: `served` reads them in one statement, hence of one moment.
"""

import datetime as dt
import functools
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Insert,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    delete,
    select,
    tuple_,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.store.base import Base, Instant, Json
from tracker.store.entries import batched

HEAD = -1
"""The part before all parts of entries."""


class ExportRow(Base):
    """A calendar's newest export as a whole. It has `2 ** bits` parts."""

    __tablename__ = "exports"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), primary_key=True)
    bits: Mapped[int] = mapped_column(SmallInteger)
    etag: Mapped[str] = mapped_column(String(80))
    last_modified: Mapped[dt.datetime] = mapped_column(Instant)
    entries: Mapped[int] = mapped_column(Integer)


class ExportPartRow(Base):
    __tablename__ = "export_parts"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    # Before the bytes: SQLite reads a row from its beginning, and these are read of every part at each change.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    entries: Mapped[int] = mapped_column(Integer)
    zones: Mapped[list[str]] = mapped_column(Json)
    first_year: Mapped[int] = mapped_column(BigInteger)
    members: Mapped[list[list[Any]]] = mapped_column(Json)
    """Slot, uid, zone, year and length of each entry in `body`: one can be replaced without reading the others anew."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    """`body` as a piece of a DEFLATE stream that ends on a whole byte and refers to nothing before it."""


@dataclass(frozen=True)
class Told:
    """What the whole must know of a part."""

    part: int
    digest: bytes
    entries: int
    zones: tuple[str, ...]
    first_year: int


@dataclass(frozen=True)
class Member:
    """An entry as it stands in a part. `zone` is what its bytes name, `year` that of its first day."""

    slot: int
    uid: str
    zone: str | None
    year: int
    body: bytes


@dataclass(frozen=True)
class Part(Told):
    """A part with its bytes, plain and compressed."""

    members: tuple[Member, ...]
    body: bytes
    packed: bytes


def of_calendars(session: Session, ids: Collection[UUID]) -> dict[UUID, ExportRow]:
    rows = session.scalars(select(ExportRow).where(ExportRow.calendar_id.in_(ids)))
    return {row.calendar_id: row for row in rows}


def parts_told(session: Session, ids: Collection[UUID]) -> dict[UUID, dict[int, Told]]:
    """All parts of these calendars by their numbers, without their bytes."""
    columns = (ExportPartRow.calendar_id, ExportPartRow.part, ExportPartRow.digest, ExportPartRow.entries,
               ExportPartRow.zones, ExportPartRow.first_year)  # fmt: skip
    found: dict[UUID, dict[int, Told]] = {key: {} for key in ids}
    for key, part, digest, entries, zones, first_year in session.execute(
        select(*columns).where(ExportPartRow.calendar_id.in_(ids))
    ):
        found[key][part] = Told(part, digest, entries, tuple(zones), first_year)
    return found


def members(session: Session, wanted: Mapping[UUID, Collection[int]]) -> dict[tuple[UUID, int], list[Member]]:
    """The entries in some parts of some calendars, in order."""
    keys = [(calendar_id, part) for calendar_id, parts in wanted.items() for part in parts]
    columns = (ExportPartRow.calendar_id, ExportPartRow.part, ExportPartRow.members, ExportPartRow.body)
    found = {}
    for some in batched(keys):
        named = tuple_(ExportPartRow.calendar_id, ExportPartRow.part).in_(some)
        for calendar_id, part, listed, body in session.execute(select(*columns).where(named)):
            found[calendar_id, part] = list(_members(listed, body))
    return found


def _members(listed: list[list[Any]], body: bytes) -> Iterator[Member]:
    at = 0
    for slot, uid, zone, year, length in listed:
        yield Member(slot, uid, zone, year, body[at : at + length])
        at += length


def write_parts(session: Session, parts: Iterable[tuple[UUID, Part]]) -> None:
    """Put these parts of calendars in the place of what they were."""
    written = [{"calendar_id": key, **vars(part), "members": _listed(part)} for key, part in parts]
    if written:
        session.execute(_put(session.get_bind().dialect.name), written)


@functools.cache
def _put(dialect: str) -> Insert:
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(ExportPartRow.__table__)
    key = ("calendar_id", "part")
    changed = {column.name: column for column in insert.excluded if column.name not in key}
    put: Insert = insert.on_conflict_do_update(index_elements=key, set_=changed)
    return put


def drop_parts(session: Session, calendar_id: UUID, parts: Iterable[int]) -> None:
    for numbers in batched(sorted(parts)):
        mine = ExportPartRow.calendar_id == calendar_id
        session.execute(delete(ExportPartRow).where(mine, ExportPartRow.part.in_(numbers)))


def _listed(part: Part) -> list[list[Any]]:
    return [[member.slot, member.uid, member.zone, member.year, len(member.body)] for member in part.members]


@dataclass(frozen=True)
class Served:
    """A whole export: the pieces of its body and of its DEFLATE stream, in order."""

    etag: str
    last_modified: dt.datetime
    bodies: tuple[bytes, ...]
    packed: tuple[bytes, ...]


def served(session: Session, calendar_id: UUID) -> Served | None:
    """The newest export of a calendar; None where it has none yet."""
    rows = session.execute(
        select(ExportRow.etag, ExportRow.last_modified, ExportPartRow.body, ExportPartRow.packed)
        .join(ExportPartRow, ExportPartRow.calendar_id == ExportRow.calendar_id)
        .where(ExportRow.calendar_id == calendar_id)
        .order_by(ExportPartRow.part)
    ).all()
    if not rows:
        return None
    return Served(rows[0].etag, rows[0].last_modified, tuple(r.body for r in rows), tuple(r.packed for r in rows))
