"""Calendars as rows: a saved choice of entries each, and which of them must be exported anew.

What they hold lies in `entries`, their bytes in `exports`, and who reads them in `subscriptions`.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
    Uuid,
    delete,
    false,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.activities import Visibility
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.store.base import Base, Instant, Json
from tracker.store.entries import LEVELS, batched, insert_if_missing

MANY = 1000
"""Where so many slots have changed, all of a calendar is exported anew."""
_CHOICES: WeakKeyDictionary[Any, dict[UUID, CalendarChoice]] = WeakKeyDictionary()
"""The calendars of each database."""


class CalendarRow(Base):
    """A saved selection; equal ones share a row. `stale_since`: its exported bytes may no longer be right."""

    __tablename__ = "calendars"
    __table_args__ = (
        CheckConstraint(f"visibility IN ({LEVELS})", "never_confidential"),
        Index("ix_calendars_stale_since", "stale_since"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(Text, unique=True)
    twins: Mapped[list[str]] = mapped_column(Json)
    kinds: Mapped[list[str]] = mapped_column(Json)
    statuses: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    language: Mapped[str] = mapped_column(String(8))
    occasions: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    first: Mapped[dt.date | None] = mapped_column(Date)
    last: Mapped[dt.date | None] = mapped_column(Date)
    visibility: Mapped[str] = mapped_column(String(20))
    years_back: Mapped[int | None] = mapped_column(SmallInteger)
    years_ahead: Mapped[int | None] = mapped_column(SmallInteger)
    alarms: Mapped[list[int]] = mapped_column(Json, server_default="[]")
    both_times: Mapped[bool] = mapped_column(server_default=false())
    busy: Mapped[bool] = mapped_column(server_default=false())
    counted_from: Mapped[int | None] = mapped_column(SmallInteger)
    """The year its moving bounds were counted from when it was exported."""
    stale_since: Mapped[dt.datetime | None] = mapped_column(Instant)
    stale_whole: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """All of it must be exported anew, not only the slots noted in `export_slots`."""
    fault: Mapped[str] = mapped_column(Text, server_default="", default="")
    """Why its newest export was refused; the last good one is served meanwhile."""
    created_at: Mapped[dt.datetime] = mapped_column(Instant)

    @property
    def moves(self) -> bool:
        """Whether its bounds move with the year."""
        return self.years_back is not None or self.years_ahead is not None

    @property
    def choice(self) -> CalendarChoice:
        selection = Selection(
            tuple(self.twins),
            tuple(self.kinds),
            self.language,
            tuple(self.occasions),
            self.first,
            self.last,
            tuple(self.statuses),
        )
        return CalendarChoice(
            selection,
            Visibility(self.visibility),
            self.years_back,
            self.years_ahead,
            tuple(self.alarms),
            self.both_times,
            self.busy,
        )


class ExportSlotRow(Base):
    """A slot of a calendar in which something has changed since its last export."""

    __tablename__ = "export_slots"

    calendar_id: Mapped[UUID] = mapped_column(ForeignKey("calendars.id", ondelete="CASCADE"), primary_key=True)
    slot: Mapped[int] = mapped_column(Integer, primary_key=True)


def calendars(session: Session) -> list[CalendarRow]:
    """All of them, always in one order, so that those who mark several at once never wait for each other crosswise."""
    return list(session.scalars(select(CalendarRow).order_by(CalendarRow.id)))


def choices(session: Session) -> dict[UUID, CalendarChoice]:
    """What each calendar holds. That never changes, so each is read once per process."""
    known = _CHOICES.setdefault(session.get_bind(), {})
    ids = list(session.scalars(select(CalendarRow.id).order_by(CalendarRow.id)))
    for some in batched([key for key in ids if key not in known]):
        for row in session.scalars(select(CalendarRow).where(CalendarRow.id.in_(some))):
            known[row.id] = row.choice
    return {key: known[key] for key in ids}


def mark_stale(session: Session, ids: Collection[UUID], now: dt.datetime) -> None:
    """Let these calendars be exported anew as a whole."""
    _mark(session, ids, {"stale_since": now, "stale_whole": True})


def mark_slots(session: Session, slots: Mapping[UUID, Collection[int]], now: dt.datetime) -> None:
    """Note in which slots of which calendars something has changed."""
    wanted = [{"calendar_id": key, "slot": slot} for key in sorted(slots) for slot in sorted(set(slots[key]))]
    if not wanted:
        return
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    session.execute(insert(ExportSlotRow).on_conflict_do_nothing(), wanted)
    _mark(session, list(slots), {"stale_since": now})


def _mark(session: Session, ids: Collection[UUID], values: Mapping[str, object]) -> None:
    # Locked in one order, so that two workers who mark several at once never wait for each other crosswise.
    ordered = select(CalendarRow.id).where(CalendarRow.id.in_(ids)).order_by(CalendarRow.id).with_for_update()
    held = session.scalars(ordered).all()
    session.execute(update(CalendarRow).where(CalendarRow.id.in_(held)).values(**values))


def take_slots(session: Session, ids: Collection[UUID]) -> dict[UUID, set[int]]:
    """The slots of these calendars to export anew; their notes go with this unit of work."""
    taken = delete(ExportSlotRow).where(ExportSlotRow.calendar_id.in_(ids))
    found: dict[UUID, set[int]] = {key: set() for key in ids}
    for key, slot in session.execute(taken.returning(ExportSlotRow.calendar_id, ExportSlotRow.slot)):
        found[key].add(slot)
    return found


def stale_ids(session: Session) -> list[tuple[UUID, bool]]:
    """The calendars to export anew, and whether that means all of each, or as good as all."""
    slots = select(func.count()).where(ExportSlotRow.calendar_id == CalendarRow.id).scalar_subquery()
    whole = or_(CalendarRow.stale_whole, slots > MANY)
    query = select(CalendarRow.id, whole).where(CalendarRow.stale_since.is_not(None))
    rows = session.execute(query.order_by(CalendarRow.stale_since, CalendarRow.id))
    return [(key, whole) for key, whole in rows]


def claim_stale(session: Session, ids: Collection[UUID]) -> list[CalendarRow]:
    """Hold those of these calendars that are stale, for exporting, save those that another worker has."""
    query = select(CalendarRow).where(CalendarRow.id.in_(ids), CalendarRow.stale_since.is_not(None))
    return list(session.scalars(query.order_by(CalendarRow.id).with_for_update(skip_locked=True)))


def by_choice(session: Session, choice: CalendarChoice, new_id: UUID, now: dt.datetime) -> tuple[CalendarRow, bool]:
    """The calendar of this choice, and whether it had to be made. Two that make the same one at once share it."""
    selection = choice.selection
    made = insert_if_missing(
        session,
        CalendarRow,
        {
            "id": new_id,
            "key": choice.key,
            "twins": list(selection.twins),
            "kinds": list(selection.kinds),
            "statuses": list(selection.statuses),
            "language": selection.language,
            "occasions": list(selection.occasions),
            "first": selection.first,
            "last": selection.last,
            "visibility": choice.level.value,
            "years_back": choice.years_back,
            "years_ahead": choice.years_ahead,
            "alarms": list(choice.alarms),
            "both_times": choice.both_times,
            "busy": choice.busy,
            "created_at": now,
        },
    )
    row = session.scalars(select(CalendarRow).where(CalendarRow.key == choice.key)).one()
    return row, made


def faulty(session: Session) -> list[CalendarRow]:
    """Calendars whose newest export was refused."""
    return list(session.scalars(select(CalendarRow).where(CalendarRow.fault != "").order_by(CalendarRow.id)))
