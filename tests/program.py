"""The real `tracker` program, run for the installation of a test."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tracker.bootstrap import Tracker

PROGRAM = Path(sys.executable).parent / "tracker"


class Ran:
    """What one run of the program left: its exit code, both outputs, and the JSON on standard output."""

    def __init__(self, done: subprocess.CompletedProcess[bytes]) -> None:
        self.code = done.returncode
        self.raw = done.stdout
        self.out = done.stdout.decode()
        self.err = done.stderr.decode()

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
    def run(*arguments: str | Path, **extra: str) -> Ran:
        command = [str(PROGRAM), *map(str, arguments)]
        return Ran(subprocess.run(command, capture_output=True, env=environment(tracker, **extra), check=False))

    return run
