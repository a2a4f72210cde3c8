"""A worker and the clock as threads of this process, for an installation without Redis."""

import threading
import time

from celery import Celery
from celery.beat import EmbeddedService

from tracker.bootstrap import Tracker
from tracker.gateways.nudge import QUEUES, CeleryNudge
from workers import tasks
from workers.app import make_app
from workers.schedule import PatientScheduler


class EmbeddedWorkers:
    """Start with `start`, end with `stop`; what was under way is finished first."""

    def __init__(self, tracker: Tracker) -> None:
        self.app: Celery = make_app(tracker)
        self.tracker = tracker.waking(CeleryNudge(self.app))
        """The installation as the web part must use it: its commits wake the worker beside it."""
        tasks.register(self.app, self.tracker)
        # Without this a task that publishes does so on Celery's unconfigured default application.
        self.app.set_default()
        self._worker = self.app.WorkController(
            pool="threads", concurrency=2, queues=list(QUEUES), without_gossip=True, without_mingle=True,
            without_heartbeat=True,
        )  # fmt: skip
        self._clock = EmbeddedService(self.app, thread=True, scheduler_cls=PatientScheduler)
        self._threads = [
            threading.Thread(target=self._worker.start, name="worker", daemon=True),
            self._clock,
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Return once clock and worker are done, after three seconds at the latest."""
        deadline = time.monotonic() + 3
        self._clock.stop()
        self._worker.stop()
        for thread in self._threads:
            thread.join(timeout=max(0.0, deadline - time.monotonic()))
