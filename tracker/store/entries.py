"""Entries with their rendered bytes: kept once, their bytes once per language.

What changed is noted as a touch, which is only ever inserted by consumers and deleted by the export: so several workers
note side by side without waiting for each other, and a change that commits while a calendar is being exported is never
taken for exported.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    delete,
    exists,
    inspect,
    or_,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, attributes, mapped_column, relationship

from tracker.domain.activities import Visibility
from tracker.domain.calendars import OCCASION
from tracker.domain.choices import CalendarChoice, Shown
from tracker.store.base import Base, Instant, Json
from tracker.store.event_log import BIG

LEVELS = ", ".join(repr(v.value) for v in Visibility if v is not Visibility.CONFIDENTIAL)
"""For constraints: no row of an entry or a calendar can be confidential."""


class EntryRow(Base):
    """One entry: where it stands (`first` None: nowhere now), where it stood before, and how often it changed."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint(f"visibility IN ({LEVELS})", "never_confidential"),
        CheckConstraint("(first IS NULL) = (last IS NULL) AND (first IS NULL OR last >= first)", "days_fit"),
        CheckConstraint("sequence >= 0", "sequence_counts_from_0"),
        Index("ix_entries_kind_first", "kind", "first"),
    )

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    visibility: Mapped[str] = mapped_column(String(20))
    twins: Mapped[list[str]] = mapped_column(Json)
    first: Mapped[dt.date | None] = mapped_column(Date)
    last: Mapped[dt.date | None] = mapped_column(Date)
    timezone: Mapped[str | None] = mapped_column(String(200))
    formerly: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    first_position: Mapped[int | None] = mapped_column(BIG)
    last_position: Mapped[int] = mapped_column(BIG)
    sequence: Mapped[int] = mapped_column(Integer)
    stamp: Mapped[dt.datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of an occasion's content: only a change of it raises the sequence."""

    @property
    def standing(self) -> Shown | None:
        """Where it stands now."""
        if self.first is None or self.last is None:
            return None
        return Shown(self.kind, tuple(self.twins), Visibility(self.visibility), self.first, self.last)

    @property
    def stood(self) -> tuple[Shown, ...]:
        """Where it stood before, the newest last."""
        return tuple(map(Shown.from_json, self.formerly))

    twins_ever: Mapped[list["EntryTwinRow"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    bodies: Mapped[list["EntryBodyRow"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class EntryTwinRow(Base):
    """The twins an entry concerns or once concerned, for finding what a calendar may have to show."""

    __tablename__ = "entry_twins"
    __table_args__ = (Index("ix_entry_twins_twin_uid", "twin", "uid"),)

    uid: Mapped[str] = mapped_column(ForeignKey("entries.uid", ondelete="CASCADE"), primary_key=True)
    twin: Mapped[str] = mapped_column(String(80), primary_key=True)


class EntryBodyRow(Base):
    """An entry's bytes in one language: for who may see it, and for who only may know that it is off."""

    __tablename__ = "entry_bodies"

    uid: Mapped[str] = mapped_column(ForeignKey("entries.uid", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    farewell: Mapped[bytes | None] = mapped_column(LargeBinary)


class TouchRow(Base):
    """An entry changed since the calendars were last looked through."""

    __tablename__ = "entry_touches"

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    uid: Mapped[str] = mapped_column(String(200))


class OccasionWindowRow(Base):
    """What the entries of occasions were last made from; also the lock of those who make them."""

    __tablename__ = "occasion_window"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True)
class Stored:
    """An entry as an export reads it."""

    uid: str
    first: dt.date
    timezone: str | None
    body: bytes


def locked_entry(session: Session, uid: str) -> EntryRow:
    """The entry's row, held until the commit; a blank one if there was none.

    An activity's entry is written on behalf of its own events and of its twins', which other workers may read at the
    same moment.
    """
    blank = {"uid": uid, "kind": "", "visibility": Visibility.STAFF.value, "twins": [], "formerly": []}
    numbers = {"last_position": 0, "sequence": 0, "stamp": dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "digest": ""}
    made = insert_if_missing(session, EntryRow, {**blank, **numbers})
    row = session.get_one(EntryRow, uid, with_for_update=True)
    if made:  # nothing hangs on it yet, so nobody need look
        attributes.set_committed_value(row, "twins_ever", [])
        attributes.set_committed_value(row, "bodies", [])
    return row


def write_entry(
    session: Session, row: EntryRow, now: Shown | None, formerly: Sequence[Shown], timezone: str | None = None
) -> None:
    """Put where an entry stands, and stood, into its row, and note that it changed."""
    if now is not None:
        row.kind, row.visibility, row.twins = now.kind, now.visibility.value, list(now.twins)
    row.first, row.last = (now.first, now.last) if now else (None, None)
    row.timezone = timezone if now else None
    row.formerly = [state.to_json() for state in formerly]
    states = [*formerly, now] if now else list(formerly)
    wanted = {slug for state in states for slug in state.twins}
    for gone in [twin for twin in row.twins_ever if twin.twin not in wanted]:
        row.twins_ever.remove(gone)
    known = {twin.twin for twin in row.twins_ever}
    row.twins_ever.extend(EntryTwinRow(twin=slug) for slug in sorted(wanted - known))
    session.add(TouchRow(uid=row.uid))


def write_bodies(row: EntryRow, bodies: Mapping[str, tuple[bytes | None, bytes | None]]) -> None:
    """Put an entry's bytes, by language: for those who may see it, and the farewell for those who no longer may."""
    known = {body.language: body for body in row.bodies}
    for language, (body, farewell) in bodies.items():
        if language not in known:
            row.bodies.append(EntryBodyRow(language=language, body=body, farewell=farewell))
        else:
            known[language].body, known[language].farewell = body, farewell


def occasion_entries(session: Session) -> dict[str, EntryRow]:
    return {row.uid: row for row in session.scalars(select(EntryRow).where(EntryRow.kind == OCCASION))}


def locked_window(session: Session) -> OccasionWindowRow:
    insert_if_missing(session, OccasionWindowRow, {"id": 1, "fingerprint": ""})
    return session.get_one(OccasionWindowRow, 1, with_for_update=True)


def chosen(session: Session, choice: CalendarChoice) -> list[Stored]:
    """What a calendar holds, in the order of days and uids; the order of texts is Python's, not a database's own."""
    found = [stored for row in _candidates(session, choice) if (stored := _stored(row, choice))]
    return sorted(found, key=lambda stored: (stored.first, stored.uid))


def _candidates(session: Session, choice: CalendarChoice) -> Iterator[Any]:
    query = (
        select(EntryRow, EntryBodyRow.body, EntryBodyRow.farewell)
        .join(EntryBodyRow, EntryBodyRow.uid == EntryRow.uid)
        .where(EntryBodyRow.language == choice.selection.language)
    )
    if choice.selection.twins:
        of_twins = exists().where(EntryTwinRow.uid == EntryRow.uid, EntryTwinRow.twin.in_(choice.selection.twins))
        query = query.where(or_(of_twins, EntryRow.kind == OCCASION))
    columns = (EntryRow.uid, EntryRow.kind, EntryRow.twins, EntryRow.visibility, EntryRow.first, EntryRow.last,
               EntryRow.timezone, EntryRow.formerly, EntryBodyRow.body, EntryBodyRow.farewell)  # fmt: skip
    return iter(session.execute(query.with_only_columns(*columns)))


def _stored(row: Any, choice: CalendarChoice) -> Stored | None:
    if row.first is not None and row.body is not None:
        now = Shown(row.kind, tuple(row.twins), Visibility(row.visibility), row.first, row.last)
        if choice.holds(now):
            return Stored(row.uid, row.first, row.timezone, row.body)
    if row.farewell is not None:
        before = [state for state in map(Shown.from_json, row.formerly) if choice.holds(state)]
        if before:
            return Stored(row.uid, before[-1].first, None, row.farewell)
    return None


def states(session: Session, uids: Iterable[str]) -> list[Shown]:
    """Everywhere these entries stand or stood."""
    found: list[Shown] = []
    wanted = sorted(set(uids))
    for at in range(0, len(wanted), 500):
        for row in session.scalars(select(EntryRow).where(EntryRow.uid.in_(wanted[at : at + 500]))):
            found += [*row.stood, *([row.standing] if row.standing else [])]
    return found


def is_touched(session: Session) -> bool:
    return session.scalar(select(TouchRow.id).limit(1)) is not None


def take_touches(session: Session) -> list[str]:
    """The uids of entries that changed; the notes go with this unit of work. Leaves those another worker holds."""
    rows = session.execute(select(TouchRow.id, TouchRow.uid).with_for_update(skip_locked=True)).all()
    ids = [row.id for row in rows]
    for at in range(0, len(ids), 500):
        session.execute(delete(TouchRow).where(TouchRow.id.in_(ids[at : at + 500])))
    return [row.uid for row in rows]


def insert_if_missing(session: Session, row: type[Base], values: dict[str, Any]) -> bool:
    """Insert unless the row is there; waits for another worker that is about to insert the same one."""
    served = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(row) if served else sqlite.insert(row)
    key = inspect(row).primary_key
    return session.execute(statement.values(**values).on_conflict_do_nothing().returning(*key)).first() is not None
