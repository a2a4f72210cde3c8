"""Activities as lines of a list: the columns that a line shows, in three statements for a page.

What a person may see is narrowed by the same filter as wherever activities are read (see `activities.narrowed`).
"""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.domain.activities import Bound, Kind, Leader, Organiser, Status, Visibility
from tracker.domain.activity_lines import ActivityLine, Counted, Written
from tracker.domain.details import DETAILS, Details
from tracker.store.activities import ActivityFilter, narrowed
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow
from tracker.store.among import among

_LINE = (
    ActivityRow.id, ActivityRow.version, ActivityRow.kind, ActivityRow.status, ActivityRow.title, ActivityRow.start,
    ActivityRow.end, ActivityRow.place, ActivityRow.visibility, ActivityRow.owner, ActivityRow.responsible,
    ActivityRow.recorded_by, ActivityRow.sort_key,
)  # fmt: skip
_WRITTEN = (
    ActivityRow.id, ActivityRow.title, ActivityRow.description, ActivityRow.place, ActivityRow.subtype,
    ActivityRow.owner, ActivityRow.quantity_note, ActivityRow.note, ActivityRow.leaders, ActivityRow.organisers,
    ActivityRow.start, ActivityRow.external_id,
)  # fmt: skip


def lines(session: Session, ids: Sequence[UUID], seen: ActivityFilter) -> list[ActivityLine]:
    """The activities behind some ids, in their order; those alone that are among `seen` at this moment."""
    rows = {row[0]: row for row in _chosen(session, _LINE, ids, seen)}
    if not rows:
        return []
    shown = [identity for identity in ids if identity in rows]
    twins: dict[UUID, list[str]] = {}
    of_twins = select(ActivityTwinRow.activity_id, ActivityTwinRow.twin)
    for identity, twin in session.execute(
        of_twins.where(among(ActivityTwinRow.activity_id, shown)).order_by(ActivityTwinRow.place)
    ):
        twins.setdefault(identity, []).append(twin)
    counts: dict[UUID, list[Counted]] = {}
    numbers = select(CountRow.activity_id, CountRow.of, CountRow.value, CountRow.bound)
    for identity, of, value, bound in session.execute(
        numbers.where(among(CountRow.activity_id, shown)).order_by(CountRow.place)
    ):
        counts.setdefault(identity, []).append(Counted(of, value, Bound(bound)))
    return [
        _line(rows[identity], tuple(twins.get(identity, ())), tuple(counts.get(identity, ()))) for identity in shown
    ]


def _line(row: Any, twins: tuple[str, ...], counts: tuple[Counted, ...]) -> ActivityLine:
    id_, version, kind, status, title, start, end, place, visibility, owner, responsible, recorded_by, key = row
    return ActivityLine(
        id_, version, Kind(kind), Status(status), title, start, end, place, Visibility(visibility), owner, responsible,
        recorded_by, key, twins, counts,
    )  # fmt: skip


def written(session: Session, ids: Collection[UUID], seen: ActivityFilter) -> dict[UUID, Written]:
    """What was written about some activities, by their ids; of those alone that are among `seen`."""
    return {row.id: _written(row) for row in _chosen(session, _WRITTEN, ids, seen)}


def _written(row: Any) -> Written:
    _, title, description, place, subtype, owner, quantity_note, note, leaders, organisers, start, external_id = row
    led = tuple(Leader.model_construct(**one) for one in leaders)
    organised = tuple(Organiser.model_construct(**one) for one in organisers)
    return Written(
        title, description, place, subtype, owner, quantity_note, note, led, organised, start, external_id
    )  # fmt: skip


def details_of(session: Session, ids: Collection[UUID], seen: ActivityFilter) -> dict[UUID, Details]:
    """The details of some activities, by their ids; of those alone that are among `seen`."""
    rows = _chosen(session, (ActivityRow.id, ActivityRow.kind, ActivityRow.details), ids, seen)
    return {id_: DETAILS[kind].model_validate(details) for id_, kind, details in rows}  # type: ignore[misc]  # of that kind


def _chosen(session: Session, columns: tuple[Any, ...], ids: Collection[UUID], seen: ActivityFilter) -> Sequence[Any]:
    if not ids:
        return ()
    query: Any = select(*columns)
    return session.execute(narrowed(query, seen).where(among(ActivityRow.id, list(ids)))).all()
