"""Recording, revising, removing and importing activities: rows and event in one unit of work."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from tracker.actions import permission
from tracker.domain.activities import Activity, ActivityContent, Status, StatusChangeRefused, check_status_change
from tracker.domain.activity_matters import what_dates
from tracker.domain.commands import (
    Actor,
    ImportActivities,
    RecordActivity,
    RemoveActivity,
    RestoreActivity,
    ReviseActivity,
)
from tracker.domain.details import Details, identified
from tracker.domain.details import problems as problems_of_details
from tracker.domain.events import EventType, changes
from tracker.domain.merging import merged
from tracker.domain.search import search_words
from tracker.domain.twins import Twin
from tracker.errors import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.store import accounts
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.store.activity_content import write_content
from tracker.store.activity_rows import ActivityRow
from tracker.store.unit_of_work import Database, Unit

_CHANGED_MEANWHILE = N_("Somebody else changed this meanwhile. Please look at the new version first.")
_SLICE = 500
"""Rows of a sheet that are looked up and written together."""


@dataclass(frozen=True)
class ImportOutcome:
    """How many rows of a sheet made a new activity, changed one, or said what was known already."""

    created: int
    changed: int
    unchanged: int


def record_activity(
    database: Database,
    command: RecordActivity,
    actor: Actor,
    now: dt.datetime,
    remember: Callable[[Unit, Activity], None] | None = None,
) -> Activity:
    """Log a new activity. Raises `InvalidInput` for an unknown twin or a status that cannot be yet.

    `remember` writes into the same unit of work: what is answered to whoever asked, so that asking again makes no two.
    """
    with database.unit(actor.name, now) as unit:
        twins = twin_store.current(unit.session)
        _check(unit, command.content, twins)
        _check_external_id(unit, command.content, None)
        activity = _record(unit, command.content, twins, command.id or uuid4()).to_activity()
        if remember:
            remember(unit, activity)
        return activity


def record_within(unit: Unit, content: ActivityContent) -> UUID:
    """Log an activity in a unit of work that somebody else began; returns its id."""
    twins = twin_store.current(unit.session)
    _check(unit, content, twins)
    return _record(unit, content, twins, uuid4()).id


def revise_activity(database: Database, command: ReviseActivity, actor: Actor, now: dt.datetime) -> Activity:
    """Replace an activity's content. Raises `NotFound`, `Conflict` on a stale version, `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        return revise_within(unit, command.id, command.content, command.version)


def revise_within(unit: Unit, activity_id: UUID, content: ActivityContent, version: int | None = None) -> Activity:
    """The same in a unit of work that somebody else began."""
    row = _current(unit, activity_id, version)
    revise_row(unit, row, content, twin_store.current(unit.session))
    return row.to_activity()


def remove_activity(database: Database, command: RemoveActivity, actor: Actor, now: dt.datetime) -> None:
    """Put an activity into the bin: lists no longer show it, calendars tell their subscribers."""
    with database.unit(actor.name, now) as unit:
        remove_within(unit, _current(unit, command.id, command.version), command.reason)


def remove_within(unit: Unit, row: ActivityRow, reason: str = "") -> None:
    """Put a row into the bin within a unit of work that somebody else began."""
    permission.check_manage(unit, row)
    row.version, row.removed_at, row.changed_at = row.version + 1, unit.now, unit.now
    before = row.to_activity().model_dump(mode="json")
    why = {"reason": reason} if reason else {}
    unit.append(EventType.ACTIVITY_REMOVED, subject(row.id), {"before": before, "after": {}, **why})


def restore_activity(database: Database, command: RestoreActivity, actor: Actor, now: dt.datetime) -> Activity:
    """Bring an activity back from the bin. Raises `NotFound` where it is not there, `Conflict` on a stale version."""
    with database.unit(actor.name, now) as unit:
        row = store.load(unit.session, command.id)
        if row is None or row.removed_at is None:
            raise NotFound(N_("There is nothing in the bin with the id {id}."), id=command.id)
        if command.version is not None and row.version != command.version:
            raise Conflict(_CHANGED_MEANWHILE, current=row.version)
        permission.check_manage(unit, row)
        restore_within(unit, row)
        return row.to_activity()


def import_activities(
    database: Database, command: ImportActivities, actor: Actor, now: dt.datetime, *, dry_run: bool = False
) -> ImportOutcome:
    """Take in a whole sheet, all rows or none. A row is known again by its external id.

    Raises `InvalidInput` whose fields are `<row index>.<field>`.
    """
    try:
        with database.unit(actor.name, now) as unit:
            outcome = take_in(unit, command)
            if dry_run:
                raise _DryRun(outcome)
            return outcome
    except _DryRun as stopped:
        return stopped.outcome


class _DryRun(Exception):
    """Leaves the unit of work without a commit, so that a dry run goes exactly the way of a real one."""

    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__()
        self.outcome = outcome


def subject(activity_id: UUID) -> str:
    return f"activity:{activity_id}"


def take_in(unit: Unit, command: ImportActivities) -> ImportOutcome:
    """Import within a unit of work that somebody else began."""
    twins = twin_store.current(unit.session)
    problems = [
        problem
        for index, content in enumerate(command.contents)
        for problem in _in_row(index, _problems(content, twins, unit.now))
    ]
    created = changed = 0
    for at in [] if problems else range(0, len(command.contents), _SLICE):
        contents = command.contents[at : at + _SLICE]
        known = store.by_external_ids(unit.session, [c.external_id for c in contents if c.external_id])
        for index, content in enumerate(contents, start=at):
            row = known.get(content.external_id or "")
            problems += _in_row(index, _unknown_person(content, row.responsible if row else "", unit))
            try:
                if row is None:
                    _record(unit, content, twins, uuid4())
                    created += 1
                else:
                    # A sheet that names a removed activity says that it is wanted again.
                    restored = restore_within(unit, row)
                    revised = _revise(unit, row, _merged(row, content, command.given[index]), twins)
                    changed += restored or revised
            except InvalidInput as fault:
                problems += _in_row(index, fault.problems)
            except Forbidden as fault:
                problems.append(FieldProblem(f"{index}.{fault.field or 'twins'}", "", fault.reason, fault.values))
        if not problems:
            unit.session.flush()
    if problems:
        raise InvalidInput(problems)
    return ImportOutcome(created, changed, len(command.contents) - created - changed)


def _in_row(index: int, problems: Sequence[FieldProblem]) -> list[FieldProblem]:
    return [FieldProblem(f"{index}.{p.field}", p.value, p.reason, p.values) for p in problems]


def _merged(row: ActivityRow, content: ActivityContent, given: frozenset[str]) -> ActivityContent:
    return checked(ActivityContent, merged(row.to_activity().content(), content, given))


def _record(unit: Unit, content: ActivityContent, twins: dict[str, Twin], new_id: UUID) -> ActivityRow:
    permission.check_record(unit, content)
    content = _identified(content, None)
    row = ActivityRow(id=new_id, version=1, created_at=unit.now, changed_at=unit.now, dated_at=unit.now)
    row.recorded_by = permission.recorded_by(unit)
    write_content(row, content, searchable(content, twins))
    unit.session.add(row)
    after = {**content.model_dump(mode="json"), "version": 1}
    unit.append(EventType.ACTIVITY_RECORDED, subject(new_id), {"before": {}, "after": after})
    return row


def restore_within(unit: Unit, row: ActivityRow) -> bool:
    """Bring an activity back from the bin as it was; False where it is not there."""
    if row.removed_at is None:
        return False
    permission.check_manage(unit, row)
    # Its dates have been known all along: a reminder that was due while it lay there is still owed.
    row.version, row.removed_at, row.changed_at = row.version + 1, None, unit.now
    unit.session.flush()
    unit.append(EventType.ACTIVITY_RESTORED, subject(row.id), {"before": {}, "after": {"version": row.version}})
    return True


def revise_row(
    unit: Unit, row: ActivityRow, content: ActivityContent, twins: dict[str, Twin], *, undoing: bool = False
) -> bool:
    """Change a row within somebody else's unit of work, with the checks of a single change; False for no difference.

    `undoing` goes back to what stood before a slip, whatever way a status may otherwise go.
    """
    known = row.to_activity()
    _check(unit, content, twins, known)
    _check_external_id(unit, content, row.id)
    return _revise(unit, row, content, twins, undoing=undoing)


def _revise(
    unit: Unit, row: ActivityRow, content: ActivityContent, twins: dict[str, Twin], *, undoing: bool = False
) -> bool:
    """Change a row if the content differs; False where there is nothing to do."""
    known = row.to_activity().content()
    content, known = _identified(content, known.details), _identified(known, known.details)
    difference = changes(known.model_dump(mode="json"), content.model_dump(mode="json"))
    if not difference["after"]:
        return False
    permission.check_revise(unit, row, content)
    try:
        if not undoing:
            check_status_change(known.status, content.status)
    except StatusChangeRefused as refused:
        reason = N_("An activity that is {before} cannot become “{value}”; it can become: {allowed}.")
        values = {"before": refused.before.value, "allowed": refused.allowed}
        raise InvalidInput.one("status", content.status.value, reason, **values) from refused
    write_content(row, content, searchable(content, twins))
    row.version, row.changed_at = row.version + 1, unit.now
    if what_dates(content) != what_dates(known):
        row.dated_at = unit.now
    unit.session.flush()
    difference["after"]["version"] = row.version
    unit.append(EventType.ACTIVITY_REVISED, subject(row.id), difference)
    return True


def _identified(content: ActivityContent, former: Details | None) -> ActivityContent:
    """The content with an id at whatever stands in calendars by itself, so that an entry is known again."""
    return content.model_copy(update={"details": identified(content.details, former, lambda: uuid4().hex[:12])})


def _current(unit: Unit, activity_id: UUID, version: int | None) -> ActivityRow:
    row = store.load(unit.session, activity_id)
    if row is None or row.removed_at is not None:
        raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
    if version is not None and row.version != version:
        raise Conflict(_CHANGED_MEANWHILE, current=row.version)
    return row


def searchable(content: ActivityContent, twins: dict[str, Twin]) -> str:
    return search_words(content, tuple(twins[slug] for slug in content.twins))


def _check(unit: Unit, content: ActivityContent, twins: dict[str, Twin], known: ActivityContent | None = None) -> None:
    problems = _problems(content, twins, unit.now, known.details if known else None)
    problems += _unknown_person(content, known.responsible if known else "", unit)
    if problems:
        raise InvalidInput(problems)


def _check_external_id(unit: Unit, content: ActivityContent, own: UUID | None) -> None:
    if content.external_id is None:
        return
    holder = store.by_external_ids(unit.session, [content.external_id]).get(content.external_id)
    if holder is not None and holder.id != own:
        taken = N_("Another activity has the external id “{value}” already, perhaps one that was removed.")
        raise InvalidInput.one("external_id", content.external_id, taken)


def _unknown_person(content: ActivityContent, known: str, unit: Unit) -> list[FieldProblem]:
    """Whoever is to answer for something must be able to hear of it. Who left stays until somebody else is named."""
    if content.responsible in ("", known) or content.responsible in accounts.open_addresses(unit.session):
        return []
    reason = N_("“{value}” is not the address of an open account here.")
    return [FieldProblem("responsible", content.responsible, reason)]


def _problems(
    content: ActivityContent, twins: dict[str, Twin], now: dt.datetime, known: Details | None = None
) -> list[FieldProblem]:
    """What is asked at writing only: twins that are not known, something said to be held before its time, and parts.

    Parts that stay as they are `known` are let be, so that an old slip in them stops no other change.
    """
    unknown = [slug for slug in content.twins if slug not in twins]
    reason = N_("“{value}” is not a twin. Known ones: {known}.")
    found = [FieldProblem("twins", slug, reason, {"known": tuple(twins)}) for slug in unknown]
    tomorrow = now.date() + dt.timedelta(days=1)  # somewhere on earth it may be a day later already
    if content.status is Status.HELD and content.earliest is not None and content.earliest > tomorrow:
        late = N_("An activity that begins on {start} cannot have been held yet; it is planned or confirmed.")
        found.append(FieldProblem("status", content.status.value, late, {"start": content.start}))
    return found if content.details == known else [*found, *problems_of_details(content.details)]
