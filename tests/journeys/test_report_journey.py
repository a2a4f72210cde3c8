"""A long report made by real worker processes: one is killed in the middle, the next one finishes it.

The lease of the one that was killed is let run out by hand: five minutes are too long for a test.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from tests.conftest import BARE, Served
from tests.journeys.processes import Place, Process, RedisServer, own_environ, place, until
from tests.reports import named
from tracker import bootstrap
from tracker.actions.activities import import_activities
from tracker.actions.registry import load_registry
from tracker.actions.report_jobs import order_document
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, ImportActivities
from tracker.domain.report_orders import Order
from tracker.store.editions import DocumentRow, editions
from tracker.store.report_jobs import JobRow

MANY = 1_500
WORKER = ["celery", "-A", "workers.served", "worker", "--queues", "report", "--concurrency", "1"]


@dataclass
class House:
    """A served installation with a long year, and the way to start its workers."""

    tracker: Tracker
    place: Place
    user_id: int

    def worker(self, name: str) -> Process:
        return self.place.start(name, WORKER, dict(self.tracker.environ))

    def job(self, job_id: UUID) -> JobRow:
        with self.tracker.database.reading() as session:
            return session.get_one(JobRow, job_id)


@pytest.fixture
def house(served: Served, tmp_path: Path) -> Iterator[House]:
    with place(tmp_path) as processes:
        settings = served.copy(BARE, tmp_path / "home") | {"REDIS_URL": RedisServer(processes).url}
        made = bootstrap.assemble(own_environ(**settings))
        load_registry(made.database, made.clock())
        named(made)
        command = ImportActivities(tuple(map(meeting, range(MANY))), (frozenset(ActivityContent.model_fields),) * MANY)
        import_activities(made.database, command, Actor("system"), made.clock())
        user = add_user(made.database, NewUser("anna@example.org", "editor"), "system", made.clock()).id
        yield House(made, processes, user)
        processes.kill_all()
        made.database.engine.dispose()
        served.give_back(settings)


def meeting(number: int) -> ActivityContent:
    return ActivityContent.model_validate(
        {
            "kind": "exchange",
            "status": "held",
            "visibility": "public",
            "title": {"de": f"Begegnung {number}", "en": f"Meeting {number}"},
            "description": {"de": "Es wurde gesungen und gegessen. " * 5},
            "twins": ["cologne"],
            "start": (dt.date(2018, 1, 1) + dt.timedelta(days=number % 360)).isoformat(),
            "counts": [{"of": "travellers", "side": "twin", "value": number % 40 + 1}],
        }
    )


def test_a_worker_that_is_killed_leaves_the_report_to_the_next(house: House) -> None:
    database, clock = house.tracker.database, house.tracker.clock
    wanted = {"period": "2018", "reader": "members", "languages": ["de"], "form": "pdf", "edition": True}
    job_id = order_document(database, Order.model_validate(wanted), Role.EDITOR, house.user_id, clock())
    first = house.worker("first")
    house.tracker.nudge("report")

    until(lambda: house.job(job_id).step == "rendering", "the first worker lays out the pages", 90, first.tail)
    first.kill()
    left = house.job(job_id)
    with database.unit("test", clock()) as unit:
        unit.session.execute(update(JobRow).values(lease_until=clock()))
    second = house.worker("second")
    house.tracker.nudge("report")
    until(lambda: house.job(job_id).state == "done", "the second worker finishes it", 120, second.tail)

    done = house.job(job_id)
    assert (left.state, left.tries, done.tries, done.progress) == ("running", 1, 2, 100)
    with database.reading() as session:
        document = session.get_one(DocumentRow, done.document_id)
        frozen = editions(session, ["public", "members", "staff", "confidential"])
    assert document.data.startswith(b"%PDF-")
    assert [row.name for row in frozen] == ["2018-1"]
    assert document.edition_id == frozen[0].id == left.edition_id
