"""What a calendar holds: the entries its choice selects, each with the bytes in which it stands there.

A whole calendar is read at once only when it is first exported; after that only the slots in which something has
changed, for all calendars together. The database narrows down, `CalendarChoice.form` decides.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from tracker.domain.activities import Visibility
from tracker.domain.calendars import OCCASION
from tracker.domain.choices import CalendarChoice, Form, Standing, may_see
from tracker.store.entries import EntryBodyRow, EntryRow, EntryTwinRow, batched, standing_of

_COLUMNS = (
    EntryRow.uid, EntryRow.slot, EntryRow.kind, EntryRow.status, EntryRow.occasion, EntryRow.twins, EntryRow.visibility,
    EntryRow.first, EntryRow.last, EntryRow.timezone, EntryRow.formerly, EntryRow.gone_on, EntryBodyRow.body,
    EntryBodyRow.both_times, EntryBodyRow.busy, EntryBodyRow.farewell, EntryBodyRow.alarm,
)  # fmt: skip


@dataclass(frozen=True)
class Stored:
    """An entry as an export reads it. `timezone` is what its bytes name; `alarm` begins one, for the export to end."""

    uid: str
    slot: int
    first: dt.date
    timezone: str | None
    body: bytes
    alarm: bytes | None = None


def chosen(
    session: Session, choice: CalendarChoice, today: dt.date, slots: tuple[int, int] | None = None
) -> list[Stored]:
    """What a calendar holds today, in the order of slots and uids; of a range of `slots` alone (both included)."""
    rows = _candidates(session, choice, slots)
    found = [stored for row in rows if (stored := _stored(row, standing_of(row), choice, today))]
    # The order of texts is Python's, not a database's own.
    return sorted(found, key=lambda stored: (stored.slot, stored.uid))


def in_slots(session: Session, slots: Collection[int], today: dt.date) -> "InSlots":
    """All entries of some slots in every language, read once for whichever calendars may hold them."""
    found: InSlots = InSlots(today)
    query = select(*_COLUMNS, EntryBodyRow.language).join(EntryBodyRow, EntryBodyRow.uid == EntryRow.uid)
    for some in batched(sorted(slots)):
        for row in session.execute(query.where(EntryRow.slot.in_(some))):
            found.rows[row.slot, row.language].append((row, standing_of(row)))
    return found


class InSlots:
    """Rows of entries with their standings, by slot and language."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.rows: dict[tuple[int, str], list[tuple[Any, Standing]]] = defaultdict(list)

    def chosen(self, choice: CalendarChoice, slots: Collection[int]) -> list[Stored]:
        """Which of them a calendar holds, and how."""
        language = choice.selection.language
        rows = (row for slot in slots for row in self.rows.get((slot, language), ()))
        return [stored for row, standing in rows if (stored := _stored(row, standing, choice, self.today))]


def _candidates(session: Session, choice: CalendarChoice, slots: tuple[int, int] | None) -> Iterator[Any]:
    query = (
        select(*_COLUMNS)
        .join(EntryBodyRow, EntryBodyRow.uid == EntryRow.uid)
        .where(EntryBodyRow.language == choice.selection.language)
    )
    if slots is not None:
        query = query.where(EntryRow.slot.between(*slots))
    return iter(session.execute(_narrowed(query, choice)))


def _narrowed(query: Select[Any], choice: CalendarChoice) -> Select[Any]:
    """Leave out what can stand in this calendar under no circumstances."""
    selection = choice.selection
    if selection.twins:
        of_twins = exists().where(EntryTwinRow.uid == EntryRow.uid, EntryTwinRow.twin.in_(selection.twins))
        query = query.where(or_(of_twins, EntryRow.kind == OCCASION))
    now: list[ColumnElement[bool]] = []
    if selection.kinds:
        now.append(EntryRow.kind.in_((*selection.kinds, OCCASION)))
    if not choice.busy:
        now.append(EntryRow.visibility.in_([level for level in Visibility if may_see(choice.level, level)]))
    if selection.first is not None:
        now.append(EntryRow.last >= selection.first)
    if selection.last is not None:
        now.append(EntryRow.first <= selection.last)
    return query.where(or_(EntryRow.stood_elsewhere, and_(*now))) if now else query


def _stored(row: Any, standing: Standing, choice: CalendarChoice, today: dt.date) -> Stored | None:
    form = choice.form(standing, today)
    if form is Form.FULL and row.body is not None:
        body = row.both_times if choice.both_times and row.both_times is not None else row.body
        return Stored(row.uid, row.slot, row.first, row.timezone, body, row.alarm)
    if form is Form.BUSY and row.busy is not None:
        return Stored(row.uid, row.slot, row.first, row.timezone, row.busy)
    if form is Form.FAREWELL and row.farewell is not None:
        return Stored(row.uid, row.slot, standing.formerly[-1].shown.first, None, row.farewell)
    return None
