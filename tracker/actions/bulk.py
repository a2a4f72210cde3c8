"""Changing several activities at once, and taking it back: one unit of work, one event for each activity.

The events of one change carry its id (`bulk`). It is looked at before it is done: what would be refused is shown then,
and whatever is different when it is done stops all of it. Taking back restores each that nobody has touched since.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tracker.actions.activities import remove_within, restore_within, revise_row, subject
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.bulk import BulkEdit, Chosen, applied
from tracker.domain.commands import Actor
from tracker.domain.events import Event, EventType
from tracker.domain.twins import Twin
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.store import activities as store
from tracker.store import event_log
from tracker.store import twins as twin_store
from tracker.store.activity_rows import ActivityRow
from tracker.store.bulk import BulkItemRow, BulkRow
from tracker.store.unit_of_work import Database, Unit

_GONE = N_("It is in the bin by now.")
_STALE = N_("Somebody has changed it meanwhile.")
_SINCE = N_("Somebody has changed it since.")
_ALREADY = N_("There is nothing to undo any more.")


@dataclass(frozen=True)
class Outcome:
    """What becomes of one activity: `after` differs from what it was, or it is `refused`, or it is so already."""

    activity: Activity
    after: ActivityContent | None = None
    removed: bool = False
    refused: tuple[FieldProblem, ...] = ()

    @property
    def changes(self) -> bool:
        return self.removed or self.after is not None


class _DryRun(Exception):
    """Leaves the unit of work without a commit, so that looking goes exactly the way of doing."""


def look_at(
    database: Database, edit: BulkEdit, chosen: Sequence[Chosen], actor: Actor, now: dt.datetime
) -> list[Outcome]:
    """What the change would do, row by row; nothing is written."""
    found: list[Outcome] = []
    try:
        with database.unit(actor.name, now) as unit:
            found = _apply(unit, edit, chosen)
            raise _DryRun
    except _DryRun:
        return found


def bulk_edit(database: Database, edit: BulkEdit, chosen: Sequence[Chosen], actor: Actor, now: dt.datetime) -> UUID:
    """Change all of them; returns the id by which it can be undone. `Conflict` if one cannot be: then none is."""
    with database.unit(actor.name, now) as unit:
        outcomes = _apply(unit, edit, chosen)
        if any(outcome.refused for outcome in outcomes) or len(outcomes) < len(chosen):
            raise Conflict(N_("Something has changed since you looked. Nothing was done: please look once more."))
        bulk_id = uuid4()
        _mark(unit, bulk_id)
        row = BulkRow(id=bulk_id, edit=edit.to_json(), made_by=actor.name, made_at=now)
        row.items = [
            BulkItemRow(
                activity_id=o.activity.id, before=o.activity.version, after=o.activity.version + 1, undone=False
            )
            for o in outcomes
            if o.changes
        ]
        unit.session.add(row)
        return bulk_id


def undo(database: Database, bulk_id: UUID, actor: Actor, now: dt.datetime) -> list[Outcome]:
    """Take a change back where nobody has touched the activity since; the others are told and left as they are."""
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(BulkRow, bulk_id, with_for_update=True)
        if row is None:
            raise NotFound(N_("There is no change of several activities with the id {id}."), id=bulk_id)
        open_items = [item for item in row.items if not item.undone]
        if not open_items:
            raise Conflict(_ALREADY)
        logs = event_log.histories(unit.session, [subject(item.activity_id) for item in open_items])
        twins = twin_store.current(unit.session)
        rows = {r.id: r for r in store.by_ids(unit.session, [item.activity_id for item in open_items])}
        outcomes = []
        for item in open_items:
            past = next((e for e in logs[subject(item.activity_id)] if e.data.get("bulk") == str(bulk_id)), None)
            outcome = _undone(unit, rows[item.activity_id], item, past, twins)
            item.undone = outcome.changes
            outcomes.append(outcome)
        if any(outcome.changes for outcome in outcomes):
            row.undone_by, row.undone_at = actor.name, now
        _mark(unit, bulk_id)
        return outcomes


def _apply(unit: Unit, edit: BulkEdit, chosen: Sequence[Chosen]) -> list[Outcome]:
    twins = twin_store.current(unit.session)
    rows = {row.id: row for row in store.by_ids(unit.session, [one.id for one in chosen])}
    return [_changed(unit, rows[one.id], one.version, edit, twins) for one in chosen if one.id in rows]


def _changed(unit: Unit, row: ActivityRow, version: int, edit: BulkEdit, twins: dict[str, Twin]) -> Outcome:
    known = row.to_activity()
    if row.removed_at is not None:
        return Outcome(known, refused=(FieldProblem("id", "", _GONE),))
    if row.version != version:
        return Outcome(known, refused=(FieldProblem("version", row.version, _STALE),))
    if edit.remove:
        remove_within(unit, row, edit.reason)
        return Outcome(known, removed=True)
    return _revised(unit, row, known, applied(edit, known.content()), twins)


def _undone(unit: Unit, row: ActivityRow, item: BulkItemRow, past: Event | None, twins: dict[str, Twin]) -> Outcome:
    known = row.to_activity()
    if row.version != item.after or past is None:
        return Outcome(known, refused=(FieldProblem("version", row.version, _SINCE),))
    if past.type is EventType.ACTIVITY_REMOVED:
        restore_within(unit, row)
        return Outcome(known, after=known.content())
    document = {**known.content().model_dump(mode="json"), **past.data["before"]}
    return _revised(unit, row, known, document, twins, undoing=True)


def _revised(
    unit: Unit,
    row: ActivityRow,
    known: Activity,
    document: Mapping[str, Any],
    twins: dict[str, Twin],
    *,
    undoing: bool = False,
) -> Outcome:
    try:
        content = checked(ActivityContent, {k: v for k, v in document.items() if v is not None})
        changed = revise_row(unit, row, content, twins, undoing=undoing)
    except InvalidInput as fault:
        return Outcome(known, refused=fault.problems)
    return Outcome(known, after=row.to_activity().content() if changed else None)


def _mark(unit: Unit, bulk_id: UUID) -> None:
    for event in unit.events:
        event.data = {**event.data, "bulk": str(bulk_id)}
