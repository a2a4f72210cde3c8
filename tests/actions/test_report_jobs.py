"""Documents made in the background: claimed, told of, survived when a worker dies, given up in the end."""

import datetime as dt
from functools import partial
from uuid import UUID

import pytest

from tests.reports import order, small_year
from tracker.actions.report_jobs import is_waiting, job, make_next, order_document
from tracker.actions.report_mailings import queue_mails
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.activities import Visibility
from tracker.domain.editions import Form
from tracker.errors import NotFound
from tracker.gateways.live import MAKING, MemoryLive
from tracker.store import report_jobs as store
from tracker.store.accounts import RoleRow, UserRow
from tracker.store.editions import DocumentRow, EditionRow, editions


def person(tracker: Tracker, role: str = "editor") -> int:
    with tracker.database.unit("system", tracker.clock()) as unit:
        user = UserRow(email=f"{role}@example.org", fs_uniquifier=role, created_at=unit.now)
        user.roles = [RoleRow(name=role)]
        unit.session.add(user)
        unit.session.flush()
        return user.id


def make(tracker: Tracker, live: MemoryLive | None = None) -> bool:
    finish = partial(queue_mails, letterhead=tracker.letterhead)
    return make_next(tracker.database, live or MemoryLive(), tracker.clock, finish)


def row_of(tracker: Tracker, job_id: UUID) -> store.JobRow:
    with tracker.database.reading() as session:
        return session.get_one(store.JobRow, job_id)


def later(tracker: Tracker, by: dt.timedelta) -> None:
    tracker.clock.set(tracker.clock() + by)  # type: ignore[attr-defined]  # a test's clock


def test_a_document_is_made_and_told_of_step_by_step(tracker: Tracker) -> None:
    small_year(tracker)
    me, live = person(tracker), MemoryLive()
    job_id = order_document(tracker.database, order(form=Form.CSV), Role.EDITOR, me, tracker.clock())

    with live.watch() as watching:
        made = make(tracker, live)
        words = [watching.next(0) for _ in range(4)]

    row = row_of(tracker, job_id)
    assert made
    assert not make(tracker)
    assert {word.type for word in words if word} == {MAKING}
    assert len([word for word in words if word]) == 4
    assert (row.state, row.progress, row.step) == ("done", 100, "done")
    with tracker.database.reading() as session:
        document = session.get_one(DocumentRow, row.document_id)
    assert document.data.startswith(b"\xef\xbb\xbf") or b"," in document.data
    assert document.made_by == f"user:{me}"


def test_an_edition_is_frozen_first_where_that_was_asked_for(tracker: Tracker) -> None:
    small_year(tracker)
    me = person(tracker)
    wanted = order(form=Form.CSV, edition=True)
    job_id = order_document(tracker.database, wanted, Role.EDITOR, me, tracker.clock())

    make(tracker)

    with tracker.database.reading() as session:
        edition = session.get_one(EditionRow, row_of(tracker, job_id).edition_id)
    assert edition.name == "2018-1"


def test_what_a_worker_that_died_had_begun_is_taken_up_when_its_lease_is_over(tracker: Tracker) -> None:
    small_year(tracker)
    me = person(tracker)
    wanted = order(form=Form.CSV, edition=True)
    job_id = order_document(tracker.database, wanted, Role.EDITOR, me, tracker.clock())

    def dies(*_: object) -> None:
        raise KeyboardInterrupt  # what no task catches, as little as it catches a kill

    with pytest.raises(KeyboardInterrupt):
        make_next(tracker.database, MemoryLive(), tracker.clock, dies)
    at_once = make(tracker)
    later(tracker, store.LEASE)
    waits = is_waiting(tracker.database, tracker.clock())
    make(tracker)

    assert (at_once, waits) == (False, True)
    assert row_of(tracker, job_id).state == "done"
    with tracker.database.reading() as session:
        assert len(editions(session, ["public", "members", "staff", "confidential"])) == 1


def test_it_is_given_up_after_three_workers_have_died(tracker: Tracker) -> None:
    small_year(tracker)
    me = person(tracker)
    job_id = order_document(tracker.database, order(form=Form.CSV), Role.EDITOR, me, tracker.clock())

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    for _ in range(store.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            make_next(tracker.database, MemoryLive(), tracker.clock, dies)
        later(tracker, store.LEASE)
    make(tracker)

    row = row_of(tracker, job_id)
    assert row.state == "failed"
    assert row.error


def test_a_fault_is_written_into_its_row(tracker: Tracker) -> None:
    small_year(tracker)
    me = person(tracker)
    job_id = order_document(tracker.database, order(form=Form.CSV), Role.EDITOR, me, tracker.clock())

    def breaks(*_: object) -> None:
        raise ValueError("no room")

    make_next(tracker.database, MemoryLive(), tracker.clock, breaks)

    row = row_of(tracker, job_id)
    assert (row.state, "no room" in row.error) == ("failed", True)


def test_a_job_is_its_owners_alone_and_holds_what_they_may_see(tracker: Tracker) -> None:
    small_year(tracker)
    me = person(tracker)
    job_id = order_document(tracker.database, order("board", Form.CSV), Role.EDITOR, me, tracker.clock())

    with pytest.raises(NotFound):
        job(tracker.database, job_id, me + 1, Role.ADMINISTRATOR)
    with pytest.raises(NotFound):
        job(tracker.database, job_id, me, Role.READER)  # who has been set back since sees it no more
    assert job(tracker.database, job_id, me, Role.EDITOR).level == Visibility.STAFF
