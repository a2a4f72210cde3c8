"""What lies in the bin, the last removed first: activities by their rows, things of a register by the log alone."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.events import Event, EventType
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store.activities import ActivityFilter, by_ids, narrowed
from tracker.store.activity_rows import ActivityRow
from tracker.store.event_log import Looked, history, looked_up
from tracker.store.twins import HonourRow, ObservanceRow

REGISTERS: dict[EventType, type[HonourRow | ObservanceRow]] = {
    EventType.HONOUR_REMOVED: HonourRow,
    EventType.OBSERVANCE_REMOVED: ObservanceRow,
}
_MOST = 500
"""Removals that are looked through: a house takes out a few a year."""


def binned(session: Session, chosen: ActivityFilter, *, offset: int, limit: int) -> list[ActivityRow]:
    """A page of it; `chosen` asks for removed ones."""
    query = narrowed(select(ActivityRow.id), chosen).order_by(ActivityRow.removed_at.desc(), ActivityRow.id)
    ids = list(session.scalars(query.offset(offset).limit(limit)))
    rows = {row.id: row for row in by_ids(session, ids)} if ids else {}
    return [rows[one] for one in ids]


def taken_out(session: Session, types: Iterable[EventType]) -> list[Event]:
    """The last removal of each thing that these registers no longer hold, the newest first."""
    last: dict[str, Event] = {}
    for event in looked_up(session, Looked(types=tuple(types)), _MOST):
        last.setdefault(event.subject, event)
    there = {
        (type_, slug)
        for type_ in {event.type for event in last.values()}
        for slug in session.scalars(select(REGISTERS[type_].slug))
    }
    return [event for event in last.values() if (event.type, event.subject_id) not in there]


def last_known(session: Session, subject: str, removal: EventType) -> tuple[dict[str, Any], int]:
    """A thing as it was when it was taken out, and its version then. Raises `NotFound` where it was not, or is back."""
    told = history(session, subject)
    if not told or told[-1].type is not removal:
        raise NotFound(N_("There is nothing in the bin with the id {id}."), id=subject.partition(":")[2])
    return told[-1].data["before"], max(event.data.get("after", {}).get("version", 1) for event in told)
