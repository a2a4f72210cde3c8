"""`serve`, `init` and `doctor`: an installation at work."""

import sys
from multiprocessing import util

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from tracker.actions.registry import load_registry
from tracker.actions.users import first_administrator
from tracker.bootstrap import Tracker, assemble, secret_key
from tracker.cli.output import as_json, installation, language, print_json
from tracker.diagnosis import examine
from tracker.i18n import N_, gettext
from tracker.web.app import create_app
from workers.embedded import EmbeddedWorkers

_THREADS = 16
"""Requests one web process answers at once; most of the time they wait for the database."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes (served only)."
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages, the API and the calendars; without Redis also everything that works in the background."""
    tracker = installation()
    _welcome(tracker, f"http://{host}:{port}")
    tracker.database.engine.dispose()
    Server(
        "tracker",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1 if tracker.settings.embedded else workers,
        blocking_threads=_THREADS,
        backpressure=_THREADS * 8,
        workers_kill_timeout=3,
        log_level=LogLevels.warning,
    ).serve(target_loader=_load, wrap_loader=False)


def _load() -> object:
    """What each web process runs: the application, and in embedded mode the worker and the clock beside it."""
    tracker = assemble()
    if tracker.settings.embedded:
        beside = EmbeddedWorkers(tracker)
        beside.start()
        util.Finalize(None, beside.stop, exitpriority=100)
        tracker = beside.tracker
    return create_app(tracker)


def _welcome(tracker: Tracker, address: str) -> None:
    """Load the registry, and tell a newcomer where everything is."""
    load_registry(tracker.database, tracker.clock())
    say = _Say(language())
    settings = tracker.settings
    say(N_("tracker is at {address} – stop it with Ctrl-C."), address=address)
    if settings.database_url:
        say(N_("Data: PostgreSQL."))
    else:
        say(N_("Data: {path}"), path=settings.home / "tracker.db")
    if not settings.smtp_url:
        say(
            N_("Mails are not sent but kept as files in {path} (set SMTP_URL to send them)."), path=settings.mail_folder
        )
    link = first_administrator(
        tracker.database,
        base_url=settings.base_url if "BASE_URL" in tracker.environ else address,
        secret_key=secret_key(settings),
        now=tracker.clock(),
    )
    if link:
        say(
            N_("Nobody can log in yet. Open this link once to set the administrator's password (user admin@localhost):")
        )
        click.echo(f"  {link}")
    sys.stdout.flush()


class _Say:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, message: str, **values: object) -> None:
        click.echo(gettext(self.language, message, **values))


@click.command()
@as_json
def init(as_json: bool) -> None:
    """Create or upgrade the database and load the registry. Again changes nothing."""
    tracker = installation()
    outcome = load_registry(tracker.database, tracker.clock())
    if as_json:
        print_json({"created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged})
        return
    say = _Say(language())
    say(
        N_("The database is ready: {created} records new, {changed} changed, {unchanged} unchanged."),
        created=outcome.created,
        changed=outcome.changed,
        unchanged=outcome.unchanged,
    )


@click.command()
@as_json
@click.option("--liveness", is_flag=True, help="Only ask whether a worker has ticked lately (for health checks).")
def doctor(as_json: bool, liveness: bool) -> None:
    """Say what is wrong with this installation, and how to mend it."""
    tracker = assemble()
    findings = [f for f in examine(tracker) if not liveness or f.name == "worker"]
    if as_json:
        print_json([{"name": f.name, "well": f.well, "text": f.message(language())} for f in findings])
    else:
        for finding in findings:
            click.echo(f"{'✓' if finding.well else '✗'} {finding.message(language())}")
    if not all(finding.well for finding in findings):
        raise click.exceptions.Exit(1)


COMMANDS: tuple[click.Command, ...] = (serve, init, doctor)
