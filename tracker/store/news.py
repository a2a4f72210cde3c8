"""What is new in a calendar: the entries that changed most lately, and those that come next. Selects only."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from tracker.domain.choices import CalendarChoice, Form
from tracker.store.entries import EntryRow, standing_of

_COLUMNS = (
    EntryRow.uid, EntryRow.subject, EntryRow.sequence, EntryRow.stamp, EntryRow.kind, EntryRow.status,
    EntryRow.occasion, EntryRow.twins, EntryRow.visibility, EntryRow.first, EntryRow.last, EntryRow.formerly,
    EntryRow.gone_on,
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """An entry as news: of an activity itself or of an occasion, never of a part."""

    uid: str
    subject: str
    kind: str
    first: dt.date
    sequence: int
    stamp: dt.datetime


def lately_and_next(session: Session, choice: CalendarChoice, today: dt.date, most: int) -> list[Told]:
    """Half of them the last to change, half of them the next to come; the newest change first, each once."""
    lately = _held(session, choice, today, [EntryRow.first.is_not(None)], [EntryRow.stamp.desc(), EntryRow.uid])
    coming = _held(session, choice, today, [EntryRow.last >= today], [EntryRow.first, EntryRow.uid])
    found = {told.uid: told for told in (*islice(lately, most // 2), *islice(coming, most // 2))}
    return sorted(found.values(), key=lambda told: (-told.stamp.timestamp(), told.uid))


def _held(
    session: Session, choice: CalendarChoice, today: dt.date, where: list[ColumnElement[bool]], order: list[Any]
) -> Iterator[Told]:
    """Those that stand in the calendar with all their words; read on only as far as they are asked for."""
    query = select(*_COLUMNS).where(EntryRow.part == "", *where).order_by(*order)
    with session.execute(query, execution_options={"yield_per": 100}) as rows:
        for row in rows:
            if choice.form(standing_of(row), today) is Form.FULL:
                yield Told(row.uid, row.subject, row.kind, row.first, row.sequence, row.stamp)
