"""One Celery application per process, configured from the installation's settings.

The broker carries no fact. Messages only say "look", so they may be lost or doubled; whatever matters is a row.
"""

from celery import Celery, Task

from tracker.bootstrap import Tracker
from tracker.gateways import nudge
from workers import schedule


class QuietTask(Task):  # type: ignore[misc]  # celery ships no types
    """Every task of ours: acknowledged when done, no result kept, not tried again (the clock will ask anew)."""

    acks_late = True
    ignore_result = True
    max_retries = 0


def make_app(tracker: Tracker) -> Celery:
    """The Celery application of this installation, without its tasks: see `tasks.register`."""
    app = Celery("tracker", task_cls=QuietTask, set_as_current=False)
    app.conf.update(
        nudge.broker(tracker.settings.redis_url),
        task_default_queue=nudge.CLOCK,
        task_routes={name: {"queue": queue} for name, queue in nudge.QUEUE_OF_TASK.items()},
        task_serializer="json",
        accept_content=["json"],
        timezone="UTC",
        worker_prefetch_multiplier=1,
        # Control messages and events leave keys behind in Redis, and nothing here needs them.
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_cancel_long_running_tasks_on_connection_loss=True,
        beat_schedule=schedule.ENTRIES,
        beat_scheduler="workers.schedule:PatientScheduler",
        beat_max_loop_interval=1,
    )
    return app
