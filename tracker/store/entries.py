"""Entries with their rendered bytes: kept once, their bytes once per language.

What changed is noted as a touch, which is only ever inserted by consumers and deleted by the export: so several workers
note side by side without waiting for each other, and a change that commits while a calendar is being exported is never
taken for exported.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    bindparam,
    delete,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, attributes, joinedload, mapped_column, relationship

from tracker.domain.activities import Visibility
from tracker.domain.calendars import OCCASION
from tracker.domain.choices import Shown, Standing, Stood
from tracker.store.base import Base, Instant, Json
from tracker.store.event_log import BIG

T = TypeVar("T")

LEVELS = ", ".join(repr(v.value) for v in Visibility if v is not Visibility.CONFIDENTIAL)
"""For constraints: no row of an entry or a calendar can be confidential."""


SLOT_BITS = 16
"""Entries are spread over this many bits of slots by their uid; calendars are kept, and ordered, by slot."""


class EntryRow(Base):
    """One entry: where it stands (`first` None: nowhere now), where it stood before, and how often it changed."""

    __tablename__ = "entries"
    __table_args__ = (
        CheckConstraint(f"visibility IN ({LEVELS})", "never_confidential"),
        CheckConstraint("(first IS NULL) = (last IS NULL) AND (first IS NULL OR last >= first)", "days_fit"),
        CheckConstraint("sequence >= 0", "sequence_counts_from_0"),
        Index("ix_entries_slot", "slot"),
        Index("ix_entries_subject", "subject"),
        Index("ix_entries_expires_on", "expires_on"),
        Index("ix_entries_starts_at", "starts_at"),
    )

    uid: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))
    """The activity it belongs to, by id; for an occasion the occasion's key."""
    part: Mapped[str] = mapped_column(String(80), default="")
    """Which part of the activity; empty for the activity itself."""
    slot: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20), default="")
    status: Mapped[str] = mapped_column(String(20), default="")
    occasion: Mapped[str] = mapped_column(String(20), default="")
    visibility: Mapped[str] = mapped_column(String(20))
    twins: Mapped[list[str]] = mapped_column(Json)
    first: Mapped[dt.date | None] = mapped_column(Date)
    last: Mapped[dt.date | None] = mapped_column(Date)
    timezone: Mapped[str | None] = mapped_column(String(200))
    starts_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    """By the zone data in use when it was rendered; a whole day begins and ends with the hub's."""
    ends_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    opaque: Mapped[bool] = mapped_column(default=False)
    gone_on: Mapped[dt.date | None] = mapped_column(Date)
    """The day it was called off or put in the bin."""
    formerly: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    stood_elsewhere: Mapped[bool] = mapped_column(default=False)
    expires_on: Mapped[dt.date | None] = mapped_column(Date)
    """The next day on which time alone takes it out of calendars."""
    first_position: Mapped[int | None] = mapped_column(BIG)
    last_position: Mapped[int] = mapped_column(BIG)
    sequence: Mapped[int] = mapped_column(Integer)
    stamp: Mapped[dt.datetime] = mapped_column(Instant)
    digest: Mapped[str] = mapped_column(String(64), default="")
    """Of an occasion's content: only a change of it raises the sequence."""
    fault: Mapped[str] = mapped_column(Text, default="")
    """Why its newest bytes were refused; the last good ones stand in the calendars meanwhile."""

    twins_ever: Mapped[list["EntryTwinRow"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    bodies: Mapped[list["EntryBodyRow"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)

    @property
    def standing(self) -> Standing:
        return standing_of(self)


class EntryTwinRow(Base):
    """The twins an entry concerns or once concerned, for finding what a calendar may have to show."""

    __tablename__ = "entry_twins"
    __table_args__ = (Index("ix_entry_twins_twin_uid", "twin", "uid"),)

    uid: Mapped[str] = mapped_column(ForeignKey("entries.uid", ondelete="CASCADE"), primary_key=True)
    twin: Mapped[str] = mapped_column(String(80), primary_key=True)


class EntryBodyRow(Base):
    """An entry's bytes in one language, one column for each way it can stand in a calendar."""

    __tablename__ = "entry_bodies"

    uid: Mapped[str] = mapped_column(ForeignKey("entries.uid", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    both_times: Mapped[bytes | None] = mapped_column(LargeBinary)
    """With the clocks of all its cities; None where that is no different."""
    busy: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its time alone; None where everybody may see it all."""
    farewell: Mapped[bytes | None] = mapped_column(LargeBinary)
    """That it is off, for who may no longer see it."""
    alarm: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The beginning of an alarm, which each calendar ends with its own notice; None where none shall ring."""


class TouchRow(Base):
    """An entry changed since the calendars were last looked through. `began`: when it was to begin before that."""

    __tablename__ = "entry_touches"

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=True)
    uid: Mapped[str] = mapped_column(String(200))
    began: Mapped[dt.datetime | None] = mapped_column(Instant)


class OccasionWindowRow(Base):
    """What the entries of occasions were last made from; also the lock of those who make them."""

    __tablename__ = "occasion_window"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    edition: Mapped[int] = mapped_column(Integer, default=0)
    """Counts the changes of occasions."""
    seen: Mapped[str] = mapped_column(String(200), default="")
    """The editions that were last looked at: a look at them is cheap."""
    fingerprint: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True)
class Bodies:
    """An entry's bytes in one language; see `EntryBodyRow`."""

    body: bytes | None = None
    both_times: bytes | None = None
    busy: bytes | None = None
    farewell: bytes | None = None
    alarm: bytes | None = None


@dataclass(frozen=True)
class Placed:
    """When an entry is, for what calendars do not select by."""

    timezone: str | None = None
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None
    opaque: bool = False


@dataclass(frozen=True)
class Touch:
    uid: str
    began: dt.datetime | None


def slot_of(uid: str) -> int:
    return int.from_bytes(hashlib.sha256(uid.encode()).digest()[: SLOT_BITS // 8])


def standing_of(row: Any) -> Standing:
    """The standing that a row of entries tells, also one of selected columns."""
    now = None
    if row.first is not None:
        now = Shown(
            row.kind, tuple(row.twins), Visibility(row.visibility), row.first, row.last, row.status, row.occasion
        )
    return Standing(now, row.gone_on, tuple(map(Stood.from_json, row.formerly)))


def locked_entry(session: Session, uid: str, subject: str, part: str = "") -> EntryRow:
    """The entry's row, held until the commit; a blank one if there was none.

    An activity's entry is written on behalf of its own events and of its twins', which other workers may read at the
    same moment.
    """
    made = insert_if_missing(session, EntryRow, _blank(uid, subject, part))
    row = session.get_one(EntryRow, uid, with_for_update=True)
    if made:  # nothing hangs on it yet, so nobody need look
        attributes.set_committed_value(row, "twins_ever", [])
        attributes.set_committed_value(row, "bodies", [])
    return row


def of_subject(session: Session, subject: str) -> list[EntryRow]:
    """All entries of an activity."""
    return list(session.scalars(select(EntryRow).where(EntryRow.subject == subject).order_by(EntryRow.uid)))


def new_entry(session: Session, uid: str, subject: str, part: str = "") -> EntryRow:
    """A blank row for an entry that is not there. Were another worker to write it first, this unit of work fails."""
    row = EntryRow(**_blank(uid, subject, part), twins_ever=[], bodies=[])
    session.add(row)
    return row


def _blank(uid: str, subject: str, part: str) -> dict[str, Any]:
    return {
        "uid": uid, "subject": subject, "part": part, "slot": slot_of(uid), "kind": "", "status": "", "occasion": "",
        "visibility": Visibility.STAFF.value, "twins": [], "formerly": [], "stood_elsewhere": False, "opaque": False,
        "last_position": 0, "sequence": 0, "stamp": dt.datetime(1970, 1, 1, tzinfo=dt.UTC), "digest": "", "fault": "",
    }  # fmt: skip


_OF_SUBJECTS = (
    select(EntryRow)
    .where(EntryRow.subject.in_(bindparam("subjects", expanding=True)))
    .order_by(EntryRow.uid)
    .options(joinedload(EntryRow.bodies), joinedload(EntryRow.twins_ever))
    .with_for_update(of=EntryRow)
    .execution_options(populate_existing=True)
)


def locked_of_subjects(session: Session, subjects: Collection[str]) -> dict[str, dict[str, EntryRow]]:
    """All entries of some activities with all that hangs on them, by part, held until the commit."""
    found: dict[str, dict[str, EntryRow]] = {subject: {} for subject in subjects}
    for row in session.scalars(_OF_SUBJECTS, {"subjects": sorted(subjects)}).unique():
        found[row.subject][row.part] = row
    return found


def write_standing(session: Session, row: EntryRow, standing: Standing, placed: Placed, today: dt.date) -> None:
    """Put where an entry stands, and stood, into its row, and note that it changed."""
    session.add(TouchRow(uid=row.uid, began=row.starts_at))
    now = standing.now
    if now is not None:
        row.kind, row.visibility, row.twins = now.kind, now.visibility.value, list(now.twins)
        row.status, row.occasion = now.status, now.occasion
    row.first, row.last = (now.first, now.last) if now else (None, None)
    row.timezone, row.starts_at, row.ends_at = placed.timezone, placed.starts_at, placed.ends_at
    row.opaque, row.gone_on = placed.opaque, standing.gone_on
    row.formerly = [stood.to_json() for stood in standing.formerly]
    row.stood_elsewhere = bool(standing.formerly)
    row.expires_on = standing.next_change(today)
    states = [stood.shown for stood in standing.formerly] + ([now] if now else [])
    wanted = {slug for state in states for slug in state.twins}
    for gone in [twin for twin in row.twins_ever if twin.twin not in wanted]:
        row.twins_ever.remove(gone)
    known = {twin.twin for twin in row.twins_ever}
    row.twins_ever.extend(EntryTwinRow(twin=slug) for slug in sorted(wanted - known))


def write_bodies(row: EntryRow, bodies: Mapping[str, Bodies]) -> None:
    """Put an entry's bytes, by language; good ones, so that no fault is left."""
    row.fault = ""
    known = {body.language: body for body in row.bodies}
    for language, given in bodies.items():
        if language not in known:
            row.bodies.append(EntryBodyRow(language=language, **asdict(given)))
            continue
        for name, value in asdict(given).items():
            setattr(known[language], name, value)


def occasion_entries(session: Session) -> dict[str, EntryRow]:
    return {row.uid: row for row in session.scalars(select(EntryRow).where(EntryRow.kind == OCCASION))}


def faulty(session: Session) -> list[EntryRow]:
    """Entries whose newest bytes were refused."""
    return list(session.scalars(select(EntryRow).where(EntryRow.fault != "").order_by(EntryRow.uid)))


def window_edition(session: Session) -> tuple[int, str]:
    """The edition of the occasions, and what was last looked at."""
    row = session.execute(select(OccasionWindowRow.edition, OccasionWindowRow.seen)).one_or_none()
    return (row.edition, row.seen) if row else (0, "")


def locked_window(session: Session) -> OccasionWindowRow:
    insert_if_missing(session, OccasionWindowRow, {"id": 1, "edition": 0, "seen": "", "fingerprint": ""})
    return session.get_one(OccasionWindowRow, 1, with_for_update=True)


def is_touched(session: Session) -> bool:
    return session.scalar(select(TouchRow.id).limit(1)) is not None


def take_touches(session: Session) -> list[Touch]:
    """What changed, once each; the notes go with this unit of work. Leaves those another worker holds."""
    free = select(TouchRow.id).with_for_update(skip_locked=True)
    taken = delete(TouchRow).where(TouchRow.id.in_(free)).returning(TouchRow.id, TouchRow.uid, TouchRow.began)
    first: dict[str, Touch] = {}
    for row in sorted(session.execute(taken)):
        first.setdefault(row.uid, Touch(row.uid, row.began))
    return list(first.values())


def touch_expired(session: Session, today: dt.date) -> int:
    """Note the entries that time has taken out of calendars since the last look; returns how many."""
    rows = session.scalars(select(EntryRow).where(EntryRow.expires_on <= today).with_for_update()).all()
    for row in rows:
        session.add(TouchRow(uid=row.uid, began=row.starts_at))
        row.expires_on = row.standing.next_change(today)
    return len(rows)


def by_uids(session: Session, uids: Iterable[str]) -> Iterator[EntryRow]:
    for some in batched(sorted(set(uids))):
        yield from session.scalars(select(EntryRow).where(EntryRow.uid.in_(some)))


def batched(items: Sequence[T], size: int = 500) -> Iterator[Sequence[T]]:
    """The items in portions that fit into one statement."""
    return (items[at : at + size] for at in range(0, len(items), size))


def insert_if_missing(session: Session, row: type[Base], values: dict[str, Any]) -> bool:
    """Insert unless the row is there; waits for another worker that is about to insert the same one."""
    served = session.get_bind().dialect.name == "postgresql"
    statement = postgresql.insert(row) if served else sqlite.insert(row)
    key = inspect(row).primary_key
    return session.execute(statement.values(**values).on_conflict_do_nothing().returning(*key)).first() is not None
