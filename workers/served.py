"""What `celery -A workers.served worker` (and `beat`) start: one process of a served installation."""

from celery.signals import worker_process_init

from tracker.bootstrap import assemble, configure_logging
from workers import tasks
from workers.app import make_app

configure_logging()
_tracker = assemble()
app = make_app(_tracker)
tasks.register(app, _tracker)


@worker_process_init.connect  # type: ignore[untyped-decorator]  # as in `workers.tasks`
def _own_connections(**_: object) -> None:
    """A child must not share its parent's connections to the database."""
    _tracker.database.engine.dispose(close=False)
