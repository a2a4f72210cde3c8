"""Importing a file of activities, a sheet or a calendar: read, looked at beforehand, taken in whole or not at all.

Faults come back as the row and column, or the entry and property, they stem from. A preview is the import itself, left
before its commit, so it cannot promise anything else.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from tracker.actions.activities import ImportOutcome, import_activities, take_in
from tracker.domain.access import Grant, Rights, Role
from tracker.domain.activities import ActivityContent, Kind, Visibility
from tracker.domain.commands import Actor, ImportActivities
from tracker.domain.events import EventType
from tracker.domain.twins import HUB
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake import activity_table, ical_activities
from tracker.intake.ical import read_calendar
from tracker.intake.ical_activities import Options
from tracker.intake.ical_entries import LeftOut, Remark
from tracker.intake.ical_lines import is_calendar
from tracker.intake.problems import CellProblem, InvalidCalendar, InvalidTable
from tracker.intake.table import read_table
from tracker.store import activities as store
from tracker.store import twins, uploads
from tracker.store.unit_of_work import Database, Unit

KEPT = dt.timedelta(days=1)
"""How long an upload is kept at most once the next one arrives."""

SHOWN = 200
"""So many new and so many changed activities a preview tells one by one."""

_EVERYTHING = Rights((Grant(Role.ADMINISTRATOR),))
_HIDDEN = N_("An activity you may not see has this id. It stays as it is.")
_HUB_ZONE = HUB.timezone or "UTC"


@dataclass(frozen=True)
class ImportFile:
    name: str
    content: bytes
    options: Options = field(default_factory=Options)


@dataclass(frozen=True)
class Imported:
    """What came of a file: the counts, what was left out and why, and what else to know."""

    outcome: ImportOutcome
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True)
class Changed:
    """What a file would change of an activity, field by field; `restored`: it comes back from the bin."""

    id: UUID
    title: dict[str, str]
    before: dict[str, Any]
    after: dict[str, Any]
    restored: bool


@dataclass(frozen=True)
class Preview(Imported):
    created: tuple[ActivityContent, ...]
    changed: tuple[Changed, ...]


@dataclass(frozen=True)
class Upload:
    """A file somebody uploaded; `outcome` once it was taken in, when its content is no longer kept."""

    id: UUID
    file: ImportFile
    outcome: ImportOutcome | None


@dataclass(frozen=True)
class _Reading:
    """A file understood: the import it means, where each activity stands in it, and how a fault is placed there."""

    command: ImportActivities
    places: tuple[Any, ...]
    placed: Callable[[FieldProblem, Any], CellProblem]
    refusal: type[InvalidTable]
    known: int = 0
    left_out: tuple[LeftOut, ...] = ()
    remarks: tuple[Remark, ...] = ()

    @contextmanager
    def telling_places(self) -> Iterator[None]:
        """Turns faults of `<index>.<field>` into faults of the file."""
        try:
            yield
        except InvalidInput as fault:
            raise self.refusal([self._in_file(problem) for problem in fault.problems]) from fault

    def _in_file(self, problem: FieldProblem) -> CellProblem:
        index, _, field = problem.field.partition(".")
        return self.placed(replace(problem, field=field), self.places[int(index)])

    def counted(self, outcome: ImportOutcome) -> ImportOutcome:
        """The outcome with those our own calendars showed."""
        return replace(outcome, unchanged=outcome.unchanged + self.known)


def import_file(
    database: Database, file: ImportFile, actor: Actor, now: dt.datetime, *, dry_run: bool = False
) -> Imported:
    """Take in a CSV, XLSX or ICS file, all or nothing; a dry run says what would happen. Raises `InvalidTable`."""
    reading = _read(database, file, actor, now, _EVERYTHING)
    with reading.telling_places():
        outcome = import_activities(database, reading.command, actor, now, dry_run=dry_run)
    return Imported(reading.counted(outcome), reading.left_out, reading.remarks)


def preview(database: Database, file: ImportFile, actor: Actor, now: dt.datetime, sees: Rights) -> Preview:
    """What taking in the file would do. `sees`: whose activities may be shown. Raises `InvalidTable`."""
    reading = _read(database, file, actor, now, sees)
    try:
        with database.unit(actor.name, now) as unit:
            with reading.telling_places():
                outcome = take_in(unit, reading.command)
            raise _Looked(
                Preview(reading.counted(outcome), reading.left_out, reading.remarks, _created(unit), _changed(unit))
            )
    except _Looked as stopped:
        return stopped.preview


def keep_upload(database: Database, user_id: int, file: ImportFile, actor: Actor, now: dt.datetime) -> UUID:
    """Keep a file to be looked at; everybody's old ones go."""
    with database.unit(actor.name, now) as unit:
        uploads.drop_older(unit.session, now - KEPT)
        row = uploads.UploadRow(
            id=uuid4(),
            user_id=user_id,
            name=file.name[-200:],
            content=file.content,
            options=asdict(file.options),
            created_at=now,
        )
        unit.session.add(row)
    return row.id


def choose_options(
    database: Database, upload_id: UUID, user_id: int, options: Options, actor: Actor, now: dt.datetime
) -> None:
    """Change what is meant where a file that waits does not say it. Raises `NotFound`."""
    with database.unit(actor.name, now) as unit:
        row = uploads.upload_of(unit.session, upload_id, user_id)
        if row is None:
            raise _gone(upload_id)
        row.options = asdict(options)


def upload(database: Database, upload_id: UUID, user_id: int) -> Upload:
    """An upload of this person. Raises `NotFound`."""
    with database.reading() as session:
        row = uploads.upload_of(session, upload_id, user_id)
        if row is None:
            raise _gone(upload_id)
        options = row.options | {"twins": tuple(row.options["twins"])}
        kind, visibility = options.pop("kind"), options.pop("visibility")
        chosen = Options(**options, kind=Kind(kind) if kind else None, visibility=Visibility(visibility))
        outcome = ImportOutcome(**row.outcome) if row.outcome else None
        return Upload(row.id, ImportFile(row.name, row.content, chosen), outcome)


def take_in_upload(
    database: Database, upload_id: UUID, user_id: int, actor: Actor, now: dt.datetime, sees: Rights
) -> None:
    """Take in an upload, reckoned anew from what is known now. Done once: doing it again changes nothing."""
    waiting = upload(database, upload_id, user_id)
    if waiting.outcome is not None:
        return
    reading = _read(database, waiting.file, actor, now, sees)
    with database.unit(actor.name, now) as unit, reading.telling_places():
        row = uploads.claimed(unit.session, upload_id, user_id)
        if row is None:
            return
        outcome = take_in(unit, reading.command)
        # The file may name persons that the tracker has no business with.
        row.taken_at, row.content, row.outcome = now, b"", asdict(reading.counted(outcome))


class _Looked(Exception):
    """Leaves the unit of work without a commit."""

    def __init__(self, preview: Preview) -> None:
        super().__init__()
        self.preview = preview


def _gone(upload_id: UUID) -> NotFound:
    return NotFound(N_("There is no uploaded file with the id {id}. Files are kept for a day."), id=upload_id)


def _read(database: Database, file: ImportFile, actor: Actor, now: dt.datetime, sees: Rights) -> _Reading:
    if is_calendar(file.content) or file.name.lower().endswith((".ics", ".ical")):
        reading = _calendar(database, file, now)
    else:
        reading = _sheet(database, file, actor, now)
    return reading if set(sees.everywhere) == set(Visibility) else _without_hidden(database, reading, sees)


def _sheet(database: Database, file: ImportFile, actor: Actor, now: dt.datetime) -> _Reading:
    table = read_table(file.name, file.content, file.options.heading)
    with database.reading() as session:
        known = twins.load_all(session)
    command = activity_table.activities_command(table, now.date(), actor.language, known)
    return _Reading(command, table.rows, activity_table.placed, InvalidTable)


def _calendar(database: Database, file: ImportFile, now: dt.datetime) -> _Reading:
    today = now.astimezone(ZoneInfo(_HUB_ZONE)).date()
    calendar = read_calendar(file.name, file.content, today, file.options.zone, _HUB_ZONE)
    with database.reading() as session:
        cities = twins.load_all(session)
        known = store.existing(session, ical_activities.own_ids(calendar))
    drafts = ical_activities.activities_of(calendar, file.options, today, cities, known)
    return _Reading(
        drafts.command,
        drafts.entries,
        ical_activities.placed,
        InvalidCalendar,
        drafts.known,
        drafts.left_out,
        calendar.remarks,
    )


def _without_hidden(database: Database, reading: _Reading, sees: Rights) -> _Reading:
    """The reading without what would change, and show, activities the person may not see."""
    contents = reading.command.contents
    with database.reading() as session:
        rows = store.by_external_ids(session, [c.external_id for c in contents if c.external_id])
        hidden = {identity for identity, row in rows.items() if not sees.may_see(row.mark)}
    kept = [at for at, content in enumerate(contents) if content.external_id not in hidden]
    left_out = [
        LeftOut(reading.places[at].number, next(iter(content.title.values())), _HIDDEN)
        for at, content in enumerate(contents)
        if content.external_id in hidden
    ]
    command = ImportActivities(tuple(contents[at] for at in kept), tuple(reading.command.given[at] for at in kept))
    places = tuple(reading.places[at] for at in kept)
    return replace(reading, command=command, places=places, left_out=(*reading.left_out, *left_out))


def _created(unit: Unit) -> tuple[ActivityContent, ...]:
    recorded = [event.data["after"] for event in unit.events if event.type == EventType.ACTIVITY_RECORDED.value]
    return tuple(
        ActivityContent.model_validate({name: value for name, value in after.items() if name != "version"})
        for after in recorded[:SHOWN]
    )


def _changed(unit: Unit) -> tuple[Changed, ...]:
    """What the events tell of activities that were known, each activity once."""
    told: dict[str, list[Any]] = {}
    for event in unit.events:
        if event.type != EventType.ACTIVITY_RECORDED.value:
            told.setdefault(event.subject, []).append(event)
    found = []
    for subject, events in list(told.items())[:SHOWN]:
        row = store.load(unit.session, UUID(subject.partition(":")[2]))
        if row is not None:
            revised: Any = next((e.data for e in events if e.type == EventType.ACTIVITY_REVISED.value), {})
            restored = any(e.type == EventType.ACTIVITY_RESTORED.value for e in events)
            before, after = dict(revised.get("before", {})), dict(revised.get("after", {}))
            after.pop("version", None)
            found.append(Changed(row.id, row.title, before, after, restored))
    return tuple(found)
