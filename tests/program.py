"""The `tracker` program, run for the installation of a test: as a process of its own, or within that of the tests.

A process takes seconds before it says anything. It is for what only a process shows: that two of them agree, that one
starts on nothing, what a terminal's signals do to it.
"""

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import structlog

from tracker.bootstrap import Tracker
from tracker.cli import output
from tracker.cli.main import main

PROGRAM = Path(sys.executable).parent / "tracker"


class Ran:
    """What one run of the program left: its exit code, both outputs, and the JSON on standard output."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.raw = out
        self.out = out.decode()
        self.err = err.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def environment(tracker: Tracker, **extra: str) -> dict[str, str]:
    """This process's environment with the installation's settings in place of any others."""
    foreign = {"DATABASE_URL", "REDIS_URL", "SMTP_URL", "BASE_URL", "SECRET_KEY", "TRACKER_LANGUAGES", "LC_ALL"}
    kept = {name: value for name, value in os.environ.items() if name not in foreign}
    return kept | {"LANG": "en_GB.UTF-8"} | dict(tracker.environ) | extra


Run = Callable[..., Ran]


def runner(tracker: Tracker) -> Run:
    """Runs a process for each command."""

    def run(*arguments: str | Path, **extra: str) -> Ran:
        command = [str(PROGRAM), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, env=environment(tracker, **extra), check=False)
        return Ran(done.returncode, done.stdout, done.stderr)

    return run


def runner_within(tracker: Tracker) -> Run:
    """Runs the same `main` in this process, with an environment and an installation of its own for each command."""

    def run(*arguments: str | Path, **extra: str) -> Ran:
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        with _as_a_process(["tracker", *map(str, arguments)], environment(tracker, **extra)):
            with redirect_stdout(out), redirect_stderr(err):
                code = _exit_code()
            for told in (out, err):
                told.flush()
        return Ran(code, out.detach().getvalue(), err.detach().getvalue())

    return run


def _exit_code() -> int:
    try:
        main()
    except SystemExit as left:
        return int(left.code or 0)
    raise AssertionError("main always exits")


@contextmanager
def _as_a_process(arguments: list[str], environ: dict[str, str]) -> Iterator[None]:
    """What a process has for itself, and what goes with it when it ends."""
    before = sys.argv, dict(os.environ), structlog.get_config(), logging.getLogRecordFactory()
    sys.argv = arguments
    _set_environment(environ)
    try:
        yield
    finally:
        if output.prepared.cache_info().currsize:
            output.prepared().database.engine.dispose()
        output.prepared.cache_clear()
        output.installation.cache_clear()
        sys.argv, kept, logs, factory = before
        _set_environment(kept)
        structlog.configure(**logs)
        logging.setLogRecordFactory(factory)


def _set_environment(environ: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environ)
