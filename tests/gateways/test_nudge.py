"""The nudge: no message that would only say again what another says already."""

from collections.abc import Iterator

import pytest
from celery import Celery

from tests.conftest import REDIS_URL, Served
from tracker.gateways.nudge import CONSUME, EXPORT, CeleryNudge, broker


def waiting(app: Celery, queue: str) -> int:
    with app.connection_for_write() as connection:
        return int(connection.default_channel.queue_declare(queue).message_count)


@pytest.fixture
def app(served: Served) -> Iterator[Celery]:
    """An application whose broker is Redis: a process's memory is shared with workers that other tests have started."""
    assert served
    made = Celery("test", set_as_current=False)
    made.conf.update(broker(REDIS_URL))
    with made.connection_for_write() as connection:
        for queue in (CONSUME, EXPORT):
            connection.default_channel.queue_declare(queue)
            connection.default_channel.queue_purge(queue)
        yield made
        for queue in (CONSUME, EXPORT):
            connection.default_channel.queue_purge(queue)


def test_an_export_that_waits_already_is_not_asked_for_again(app: Celery) -> None:
    nudge = CeleryNudge(app)

    nudge("export")
    nudge("export")

    assert waiting(app, EXPORT) == 1


def test_each_task_is_asked_for(app: Celery) -> None:
    nudge = CeleryNudge(app)

    nudge("consume")
    nudge("export")

    assert (waiting(app, CONSUME), waiting(app, EXPORT)) == (1, 1)
