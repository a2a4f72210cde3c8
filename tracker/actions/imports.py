"""Importing a file of activities: the sheet is read, its rows become one import, faults come back as row and column."""

import datetime as dt

from tracker.actions.activities import ImportOutcome, import_activities
from tracker.domain.commands import Actor
from tracker.errors import FieldProblem, InvalidInput
from tracker.intake.activity_table import activities_command, placed
from tracker.intake.problems import CellProblem, InvalidTable
from tracker.intake.table import Table, read_table
from tracker.store import twins
from tracker.store.unit_of_work import Database


def import_table(
    database: Database, name: str, data: bytes, actor: Actor, now: dt.datetime, *, dry_run: bool = False
) -> ImportOutcome:
    """Take in a CSV or XLSX file, all rows or none; a dry run says what would happen. Raises `InvalidTable`."""
    table = read_table(name, data)
    with database.reading() as session:
        known = twins.load_all(session)
    command = activities_command(table, now.date(), actor.language, known)
    try:
        return import_activities(database, command, actor, now, dry_run=dry_run)
    except InvalidInput as fault:
        raise InvalidTable([_in_sheet(table, problem) for problem in fault.problems]) from fault


def _in_sheet(table: Table, problem: FieldProblem) -> CellProblem:
    """A fault of `<index>.<field>` at the cell it comes from."""
    index, _, field = problem.field.partition(".")
    return placed(FieldProblem(field, problem.value, problem.reason, problem.values), table.rows[int(index)])
