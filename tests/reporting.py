"""What tests of figures share: activities kept as rows, and the figures of a span."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from tests.calendars import content
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.figures import Figures, Scope
from tracker.domain.periods import Period
from tracker.store.activities import by_ids
from tracker.store.activity_content import write_content
from tracker.store.activity_rows import ActivityRow
from tracker.store.figures import behind, figures


def keep(tracker: Tracker, start: str, **fields: Any) -> UUID:
    """A held activity with Cologne, unless it is said to be another."""
    return keep_all(tracker, [content(**{"status": "held", "start": start, **fields})])[0]


def keep_all(tracker: Tracker, contents: Sequence[ActivityContent]) -> list[UUID]:
    """As rows alone: no event tells of them, since figures are asked of rows."""
    now = tracker.clock()
    with tracker.database.unit("system", now) as unit:
        rows = [ActivityRow(id=uuid4(), version=1, created_at=now, changed_at=now, dated_at=now) for _ in contents]
        for row, one in zip(rows, contents, strict=True):
            write_content(row, one, "")
        unit.session.add_all(rows)
    return [row.id for row in rows]


def change(tracker: Tracker, activity_id: UUID, start: str, **fields: Any) -> None:
    """The same activity with other content."""
    with tracker.database.unit("system", tracker.clock()) as unit:
        row = unit.session.get_one(ActivityRow, activity_id)
        write_content(row, content(**{"status": "held", "start": start, **fields}), "")


def put_into_bin(tracker: Tracker, activity_id: UUID) -> None:
    with tracker.database.unit("system", tracker.clock()) as unit:
        unit.session.get_one(ActivityRow, activity_id).removed_at = tracker.clock()


def activities(tracker: Tracker, ids: Sequence[UUID]) -> list[Activity]:
    with tracker.database.reading() as session:
        return [row.to_activity() for row in by_ids(session, ids)]


def scope(span: str, **asked: Any) -> Scope:
    period = Period.parse(span)
    return Scope(first=period.first, last=period.last, **asked)


def figures_of(tracker: Tracker, span: str, **asked: Any) -> Figures:
    """Beside those of the span before."""
    with tracker.database.reading() as session:
        return figures(session, scope(span, **asked), Period.parse(span).before)


def behind_of(tracker: Tracker, span: str, key: str, **asked: Any) -> list[UUID]:
    with tracker.database.reading() as session:
        return behind(session, scope(span, **asked), key)
