"""The nudge that wakes consumers after a commit. It carries no fact: losing one means late, never lost.

Here too are the names of tasks and queues and the way to the broker, which whoever nudges and whoever works share.
`Nudge` is the protocol, `CeleryNudge` the real one, `NoNudge` for one-off commands (the clock nudges too) and
`CountingNudge` the in-memory one for tests.
"""

from typing import TYPE_CHECKING, Protocol

import structlog

from tracker.late import Late

if TYPE_CHECKING:
    from celery import Celery

# Without Redis only `serve` speaks to a broker.
celery = Late("celery")
kombu = Late("kombu.connection")
kombu_exceptions = Late("kombu.exceptions")

log = structlog.get_logger()

CONSUME, EXPORT, DELIVER, REPORT, FILES, CLOCK = "consume", "export", "deliver", "report", "files", "clock"
QUEUES = (CONSUME, EXPORT, DELIVER, REPORT, FILES, CLOCK)

QUEUE_OF_TASK = {
    "consume": CONSUME,
    "export": EXPORT,
    "deliver": DELIVER,
    "bounces": DELIVER,
    "report": REPORT,
    "thumbnails": FILES,
    "tick": CLOCK,
    "plan": CLOCK,
    "roll": CLOCK,
    "tidy": CLOCK,
    "count": CLOCK,
}
"""Which queue each task waits in."""


class Nudge(Protocol):
    def __call__(self, task: str, *args: object) -> None:
        """Ask that `task` be run soon. Never raises, never blocks for long."""


class CeleryNudge:
    """Publishes a task by name; a broker that is away costs a line in the log and nothing else.

    A task without arguments that waits in the broker already is not published again: it will do what is there by then.
    """

    def __init__(self, app: "Celery") -> None:
        self._app = app

    def __call__(self, task: str, *args: object) -> None:
        try:
            if not args and self._waits(QUEUE_OF_TASK[task]):
                return
            self._app.send_task(task, args=args, queue=QUEUE_OF_TASK[task], retry=False, ignore_result=True)
        except (kombu_exceptions.OperationalError, OSError) as fault:
            log.warning("nudge lost, the clock will wake the consumers", task=task, fault=repr(fault))

    def _waits(self, queue: str) -> bool:
        if queue == CLOCK:
            return False  # several tasks share it
        with self._app.pool.acquire() as connection:
            return bool(connection.default_channel.queue_declare(queue).message_count > 0)


def broker(redis_url: str) -> dict[str, object]:
    """Celery's settings for the way to the broker; this process's memory where there is no Redis."""
    if not redis_url:
        return {"broker_url": "memory://", "broker_transport_options": {"polling_interval": 0.05}}
    return {
        "broker_url": redis_url,
        "broker_connection_retry_on_startup": True,
        # A connection that died unnoticed must not leave a worker deaf; a lost message returns after an hour.
        "broker_transport_options": {
            "visibility_timeout": 3600,
            "socket_timeout": 20,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 10,
        },
    }


def broker_fault(redis_url: str) -> str | None:
    """What keeps this process from reaching the broker; None where it answers."""
    settings = broker(redis_url)
    try:
        options = settings["broker_transport_options"]
        with kombu.Connection(settings["broker_url"], transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, timeout=3)
    except (kombu_exceptions.OperationalError, OSError) as fault:
        return str(fault)
    return None


def publisher(redis_url: str) -> "Celery":
    """An application that only publishes, for the web and the command line."""
    app: Celery = celery.Celery("tracker", set_as_current=False)
    app.conf.update(broker(redis_url), task_serializer="json")
    return app


class NoNudge:
    def __call__(self, task: str, *args: object) -> None:
        """Nobody is waiting in this process."""


class CountingNudge:
    """Remembers what it was asked, for tests."""

    def __init__(self) -> None:
        self.asked: list[tuple[object, ...]] = []

    def __call__(self, task: str, *args: object) -> None:
        self.asked.append((task, *args))
