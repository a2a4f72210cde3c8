"""A served installation's worker and clock that go by a clock a test can move; else the same as `workers.served`.

`celery -A tests.journeys.moved worker`; MOVED_BY names a file that holds by how many seconds.
"""

import datetime as dt
import os
from pathlib import Path

from celery.signals import worker_process_init

from tracker.bootstrap import assemble, configure_logging
from workers import tasks
from workers.app import make_app


class MovedClock:
    """The real time, moved by the seconds that stand in a file, for every process that reads it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(self.file.read_text()))

    def set(self, now: dt.datetime) -> None:
        half = self.file.with_suffix(".half")
        half.write_text(str((now - dt.datetime.now(dt.UTC)).total_seconds()))
        half.replace(self.file)


if "MOVED_BY" in os.environ:
    configure_logging()
    _tracker = assemble(clock=MovedClock(Path(os.environ["MOVED_BY"])))
    app = make_app(_tracker)
    tasks.register(app, _tracker)

    @worker_process_init.connect  # type: ignore[untyped-decorator]  # celery ships no types
    def _own_connections(**_: object) -> None:
        _tracker.database.engine.dispose(close=False)
