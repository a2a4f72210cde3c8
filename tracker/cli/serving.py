"""`serve`, `init` and `doctor`: an installation at work."""

import gc
import os
import signal
import sys
import threading
import time
from dataclasses import asdict
from multiprocessing import util
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

import click

from tracker.actions.registry import load_registry
from tracker.actions.users import first_administrator
from tracker.bootstrap import Tracker, assemble, secret_key, serve_at
from tracker.cli.hosting import before_the_end, polls_first, server
from tracker.cli.output import as_json, language, prepared, print_json
from tracker.diagnosis import examine
from tracker.i18n import N_, gettext
from tracker.web import live
from tracker.web.app import create_app
from tracker.web.front import Front
from workers.embedded import EmbeddedWorkers


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Web processes (served only)."
)
@click.option("--feeds", is_flag=True, help="Answer subscribed calendars only, beside another `tracker serve`.")
def serve(host: str, port: int, workers: int, feeds: bool) -> None:
    """Serve the pages, the API and the calendars; without Redis also everything that works in the background."""
    if not feeds:
        serve_at(f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}")  # noqa: S104 -- asked for by --host
    tracker = prepared()
    if not feeds:
        _welcome(tracker)
    tracker.database.engine.dispose()
    gc.collect()
    gc.freeze()
    server(host, port, 1 if tracker.settings.embedded else workers).serve(
        target_loader=_load_feeds if feeds else _load, wrap_loader=False
    )


def _load() -> WSGIApplication:
    """What each web process runs: the application, and in embedded mode the worker and the clock beside it."""
    _supervised()
    tracker = assemble()
    if tracker.settings.embedded:
        beside = EmbeddedWorkers(tracker)
        beside.start()
        util.Finalize(None, beside.stop, exitpriority=100)
        tracker = beside.tracker
    return _fronted(create_app(tracker).extensions["front"])


def _load_feeds() -> WSGIApplication:
    _supervised()
    return _fronted(Front(assemble(), _feeds_only))


def _fronted(front: Front) -> Front:
    polls_first(front)
    before_the_end(live.closing.set)
    front.notes.begin()
    front.copies.listen()
    util.Finalize(None, front.notes.write, exitpriority=90)
    return front


def _feeds_only(environ: dict[str, Any], start_response: StartResponse) -> list[bytes]:
    """What is no poll: health checks ask whether this process answers; there is nothing else."""
    well = environ["PATH_INFO"] == "/healthz"
    start_response("200 OK" if well else "404 Not Found", [("Content-Type", "text/plain")])
    return [b"ok\n" if well else b"Only calendars are served here.\n"]


def _supervised() -> None:
    # A terminal's Ctrl-C is for the supervisor, which then ends us once; two signals at a time can be one too many.
    os.setpgid(0, 0)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="supervised", daemon=True).start()


def _end_with(supervisor: int) -> None:
    """End this web process once its supervisor is gone, however: else it would hold the port and tick for ever."""
    while os.getppid() == supervisor:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


def _welcome(tracker: Tracker) -> None:
    """Load the registry, and tell a newcomer where everything is."""
    load_registry(tracker.database, tracker.clock())
    say = _Say(language())
    settings = tracker.settings
    say(N_("tracker is at {address} – stop it with Ctrl-C."), address=settings.base_url)
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
        base_url=settings.base_url,
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
    tracker = prepared()
    outcome = load_registry(tracker.database, tracker.clock())
    if as_json:
        print_json(asdict(outcome))
        return
    _Say(language())(
        N_("The database is ready. Registry: {added} new, {revised} changed, {kept} kept as staff edited them."),
        added=outcome.added,
        revised=outcome.revised,
        kept=outcome.kept,
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
