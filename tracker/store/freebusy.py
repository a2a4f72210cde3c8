"""The times that the entries of a calendar take: a look-up by columns, which reads no word of any entry."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.activities import Status
from tracker.domain.choices import CalendarChoice, Form
from tracker.domain.freebusy import Span, Taken
from tracker.store.entries import EntryRow, standing_of

_TENTATIVE = (Status.PLANNED.value, Status.POSTPONED.value)
_COLUMNS = (
    EntryRow.kind, EntryRow.status, EntryRow.occasion, EntryRow.twins, EntryRow.visibility, EntryRow.first,
    EntryRow.last, EntryRow.formerly, EntryRow.gone_on, EntryRow.starts_at, EntryRow.ends_at,
)  # fmt: skip


def taken(session: Session, choice: CalendarChoice, today: dt.date, within: Span) -> list[Taken]:
    """What takes time in a calendar between two moments; of what its readers may not see, what it tells as busy."""
    touching = EntryRow.starts_at < within[1], EntryRow.ends_at > within[0]
    rows = session.execute(select(*_COLUMNS).where(EntryRow.opaque, *touching))
    return [
        Taken(row.starts_at, row.ends_at, row.status in _TENTATIVE)
        for row in rows
        if choice.form(standing_of(row), today) in (Form.FULL, Form.BUSY)
    ]
