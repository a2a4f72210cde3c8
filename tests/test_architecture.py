"""The rules of the house that no linter knows, kept true by tests: layers, events, queues, migrations, README."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from importlinter import cli as importlinter

from tracker.bootstrap import MIGRATIONS, Tracker
from tracker.cli.main import tracker as command_line
from tracker.consumers.registered import all_consumers
from tracker.domain.events import Event, EventType
from tracker.gateways.live import MemoryLive
from tracker.gateways.nudge import QUEUE_OF_TASK, QUEUES
from tracker.store import event_log
from tracker.store.schema import METADATA, is_compared
from workers import schedule

ROOT = Path(__file__).parent.parent
PRODUCT = ("tracker", "workers")
NOT_OURS = {"__pycache__", ".venv", "node_modules"}
CONSUMERS = all_consumers(MemoryLive())

TELLS_HISTORY_ONLY = {
    EventType.CALENDAR_CREATED: "its bytes are made in the same unit of work, so that its first poll is full",
    EventType.SUBSCRIPTION_CREATED: "for the audit trail alone",
    EventType.SUBSCRIPTION_REVISED: "its name, its mails and its test entry are read from the row when they are needed",
    EventType.SUBSCRIPTION_ROTATED: "the old address is refused when somebody asks for it",
    EventType.SUBSCRIPTION_REVOKED: "a revoked address is refused when somebody asks for it",
    EventType.READER_ADDED: "the next report is made by the profile as it stands",
    EventType.READER_REVISED: "likewise",
    EventType.READER_REMOVED: "likewise",
    EventType.TEXT_REVISED: "the next report is made with the text as it stands",
    EventType.PICTURE_ADDED: "likewise",
    EventType.PICTURE_REVISED: "likewise",
    EventType.PICTURE_REMOVED: "likewise",
    EventType.EDITION_FROZEN: "an edition is whole when it is frozen, and never changes",
    EventType.REPORT_ORDERED: "the row of the job is taken up by a worker",
    EventType.REPORT_FINISHED: "its document, and the mails that carry it, are written beside it",
    EventType.REPORT_FAILED: "shown where it was ordered",
    EventType.MAILING_ADDED: "the clock finds mailings by their day",
    EventType.MAILING_REVISED: "likewise",
    EventType.MAILING_REMOVED: "likewise",
    EventType.MAILING_QUEUED: "the job it makes is written beside it",
    EventType.OFFICE_ADDED: "asked for when a letter is begun or a city is looked at",
    EventType.OFFICE_REVISED: "likewise",
    EventType.OFFICE_REMOVED: "likewise",
    EventType.CONTACT_ADDED: "likewise",
    EventType.CONTACT_REVISED: "likewise",
    EventType.CONTACT_REMOVED: "likewise",
    EventType.FILE_ATTACHED: "a picture's row says that it waits for its thumbnail, and a worker takes it up",
    EventType.FILE_REVISED: "who may see a file is asked each time somebody wants it",
    EventType.FILE_REMOVED: "likewise",
    EventType.FILE_RESTORED: "likewise",
    EventType.FILE_ERASED: "the clock finds bytes that no file names",
    EventType.VIEW_SAVED: "the list reads its views from the rows",
    EventType.VIEW_RENAMED: "likewise",
    EventType.VIEW_REMOVED: "likewise",
    EventType.VIEW_CHOSEN: "likewise",
    EventType.USER_ADDED: "the clock plans reminders for whoever is there",
    EventType.USER_REVISED: "likewise",
    EventType.USER_INVITED: "the mail with its secret link leaves at once",
    EventType.USER_GRANTED: "rights are read with every request, and when a reminder is planned",
    EventType.USER_CLOSED: "asked for at every request, and when a reminder is due",
    EventType.USER_REOPENED: "likewise",
    EventType.USER_ERASED: "all that knew the person is put right in the same unit of work",
    EventType.TOKEN_ISSUED: "for the audit trail alone",
    EventType.TOKEN_REVOKED: "its row is gone, and with it what it opened",
    EventType.RULE_ADDED: "the clock plans by the rules as they stand",
    EventType.RULE_REVISED: "likewise",
    EventType.RULE_REMOVED: "likewise",
    EventType.CUSTOMS_REVISED: "likewise",
    EventType.ORGANISATION_REVISED: "read from the row when a letter, a mail or a report is written",
    EventType.TASK_CLAIMED: "asked for when a reminder is due",
    EventType.TASK_HANDED_OVER: "likewise",
    EventType.TASK_RELEASED: "likewise",
    EventType.TASK_DONE: "likewise",
    EventType.TASK_SNOOZED: "the row of the ledger it makes is found by the clock",
    EventType.LETTER_SENT: "its delivery is written beside it",
    EventType.TEMPLATE_REVISED: "the next letter is written from it",
    EventType.CHAT_ADDED: "asked for when a reminder is due",
    EventType.CHAT_REVISED: "likewise",
    EventType.CHAT_REMOVED: "likewise",
    EventType.MAIL_PAUSED: "asked for when a mail is due",
    EventType.MAIL_RESUMED: "likewise",
    EventType.MAIL_STOPPED: "likewise",
    EventType.DOSSIER_REVISED: "read from the row when somebody opens it",
    EventType.RECEIPT_ASKED: "for the audit trail alone",
    EventType.RECEIPT_REVOKED: "likewise",
    EventType.RECEIPT_CONFIRMED: "shown beside the shipment's lines until somebody accepts it",
    EventType.RECEIPT_ACCEPTED: "the stage it brings about is an activity's revision, written beside it",
    EventType.RECEIPT_FORGOTTEN: "for the audit trail alone",
}
"""Events that no consumer reacts to, each with the reason why nothing follows from it."""


def sources(*folders: str, suffixes: tuple[str, ...] = (".py",)) -> Iterator[Path]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in suffixes and not NOT_OURS & set(path.parts):
                yield path


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def holding(pattern: str, *folders: str) -> set[str]:
    """The files in which the pattern is found."""
    return {named(path) for path in sources(*folders) if re.search(pattern, path.read_text())}


def test_every_import_obeys_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    status = importlinter.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert status == importlinter.EXIT_STATUS_SUCCESS, capsys.readouterr().out


def test_the_contract_gives_every_part_of_the_product_its_layer() -> None:
    layers = (ROOT / "pyproject.toml").read_text().partition("\nlayers = [")[2].partition("\n]")[0]
    parts = {
        f"tracker.{path.stem}"
        for path in (ROOT / "tracker").iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }

    assert set(re.findall(r"tracker\.\w+|workers", re.sub("#.*", "", layers))) == parts | {"workers"}


def test_only_the_unit_of_work_commits() -> None:
    # Migrations run before anybody is at work, on a connection of their own.
    assert holding(r"\.commit\(", *PRODUCT) == {"tracker/bootstrap.py", "tracker/store/unit_of_work.py"}


def test_only_actions_append_events() -> None:
    appending = holding(r"\.append\(\s*EventType\.", *PRODUCT)

    assert appending
    assert {name.rpartition("/")[0] for name in appending} == {"tracker/actions"}


def test_only_bootstrap_reads_the_environment() -> None:
    # The terminal's language is no setting of the installation.
    assert holding(r"os\.(environ|getenv)", *PRODUCT) == {"tracker/bootstrap.py", "tracker/cli/output.py"}


def test_no_import_hides_in_a_function() -> None:
    hidden = [
        f"{named(path)}:{node.lineno}"
        for path in sources(*PRODUCT, "tests")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert hidden == []


def test_only_these_load_a_library_late() -> None:
    # The contract of the layers does not see what is loaded so: who may know a library may load it late, nobody else.
    late = {
        (named(path), library.partition(".")[0])
        for path in sources(*PRODUCT)
        for library in re.findall(r'\bLate\(f?"([\w.]+)', path.read_text())
    }

    assert late == {
        ("tracker/bootstrap.py", "alembic"),
        ("tracker/domain/dates.py", "edtf"),
        ("tracker/gateways/chat.py", "apprise"),
        ("tracker/gateways/files.py", "obstore"),
        ("tracker/gateways/live.py", "redis"),
        ("tracker/gateways/nudge.py", "celery"),
        ("tracker/gateways/nudge.py", "kombu"),
        ("tracker/intake/workbook.py", "openpyxl"),
        ("tracker/outputs/chart_marks.py", "altair"),
        ("tracker/outputs/chart_marks.py", "vl_convert"),
        ("tracker/outputs/ical_check.py", "ical"),
        ("tracker/web/oidc.py", "authlib"),
        ("tracker/web/oidc.py", "joserfc"),
        ("tracker/web/oidc.py", "requests"),
        ("tracker/web/passkeys.py", "webauthn"),
    }


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path in sources(*PRODUCT, "tests", "migrations")
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_no_file_has_grown_beyond_a_look() -> None:
    # The schema's migrations are written once, by Alembic, and never changed.
    long = {
        named(path): lines
        for path in sources(*PRODUCT, "tests", suffixes=(".py", ".html", ".css", ".js"))
        if (lines := len(path.read_text().splitlines())) > 400
    }

    assert long == {}


def test_nothing_tells_of_the_machine_it_was_made_on() -> None:
    machine = r"/(?:work|root)/|/home/(?!tracker\b)\w+/|[.]{2}/shar[e]d|localhost:\d{4,5}/simpl[e]"
    files = [ROOT / name for name in ("README.md", "Makefile", "Dockerfile", "docker-compose.yml", "pyproject.toml")]
    everywhere = [
        *files,
        ROOT / ".ci" / "run",
        *sources(*PRODUCT, "migrations", suffixes=(".py", ".html", ".po", ".js")),
    ]

    assert [named(path) for path in everywhere if re.search(machine, path.read_text())] == []


def test_every_event_has_a_consumer_or_a_reason_for_none() -> None:
    # `live` passes every event on to whoever is watching; that is no reaction to what happened.
    reacting = [consumer for consumer in CONSUMERS if consumer.name != "live"]
    reacted_to = frozenset[EventType]().union(*(consumer.types for consumer in reacting))

    assert set(EventType) - reacted_to == set(TELLS_HISTORY_ONLY)


def test_consumers_have_names_of_their_own() -> None:
    names = [consumer.name for consumer in CONSUMERS]

    assert names
    assert len(set(names)) == len(names)


def test_every_event_is_named_noun_and_past_tense() -> None:
    assert [type_ for type_ in EventType if not re.fullmatch(r"[a-z]+\.[a-z]+(ed|t|n)", type_)] == []


def test_every_event_comes_back_from_the_log_as_it_went_in(tracker: Tracker) -> None:
    data = {"before": {}, "after": {"title": {"ru": "Сталинград"}, "value": 12, "end": None, "twins": ["köln"]}}
    with tracker.database.reading() as session:
        end = event_log.end_of_log(session)

    with tracker.database.unit("system", tracker.clock()) as unit:
        for type_ in EventType:
            unit.append(type_, f"{type_.partition('.')[0]}:1", data)

    with tracker.database.reading() as session:
        events = event_log.read_all(session, end)
    assert [event.type for event in events] == list(EventType)
    assert events[0] == Event(
        events[0].position, EventType.ACTIVITY_RECORDED, "activity:1", data, "system", tracker.clock()
    )
    assert all(json.loads(json.dumps(dict(event.data))) == data for event in events)


def test_every_queue_is_worked_off_in_docker_compose() -> None:
    command = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["worker"]["command"]

    assert command[command.index("--queues") + 1].split(",") == list(QUEUES)


def test_every_task_has_its_queue_and_the_clock_starts_only_known_ones() -> None:
    registered = set(re.findall(r'@app\.task\(name="(\w+)"', (ROOT / "workers" / "tasks.py").read_text()))

    assert registered == set(QUEUE_OF_TASK)
    assert set(QUEUE_OF_TASK.values()) == set(QUEUES)
    assert {entry["task"] for entry in schedule.ENTRIES.values()} <= registered


def test_there_is_one_newest_schema_and_its_migrations_are_numbered() -> None:
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("*.py"))

    assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1
    assert [name[:5] for name in names] == [f"{number:04}_" for number in range(1, len(names) + 1)]
    # `bootstrap.migration_pending` knows the newest schema by the name of its file.
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == names[-1][:4]


def test_rows_and_migrations_agree(tracker: Tracker) -> None:
    with tracker.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_compared})

        assert compare_metadata(context, METADATA) == []


def test_readme_names_every_setting() -> None:
    settings = re.findall(r'^    """([A-Z_]+):', (ROOT / "tracker" / "config.py").read_text(), re.MULTILINE)
    readme = (ROOT / "README.md").read_text()

    assert len(settings) > 5
    assert [name for name in settings if f"`{name}`" not in readme] == []


def test_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [name for name in commands(command_line, "tracker") if name not in readme] == []


def commands(command: click.Command, name: str) -> Iterator[str]:
    """Everything that can be called, as in `tracker token new`."""
    if not isinstance(command, click.Group) or command.invoke_without_command:
        yield name
    if isinstance(command, click.Group):
        for part, below in command.commands.items():
            yield from commands(below, f"{name} {part}")
