"""A delivery is tried until it has left or is given up, is never lost from sight, and leaves once."""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker.actions.deliveries import deliver_due, retry_delivery
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.deliveries import AWAY, LEASE, PAUSES, DeliveryStatus
from tracker.errors import Conflict, GatewayError, NotFound
from tracker.gateways.journal import FileJournal, Line, MemoryPage, NoJournal, Step
from tracker.gateways.mail import MemoryMail, Outgoing, nothing
from tracker.outputs import mail as output
from tracker.store import deliveries
from tracker.store.accounts import UserRow

NOW = dt.datetime(2026, 11, 28, 7, tzinfo=dt.UTC)
ME = Actor("user:1")
PASSING = GatewayError("busy", permanent=False)
PERMANENT = GatewayError("no such mailbox", permanent=True)


def queue(tracker: Tracker, key: str = "test:1", expires_at: dt.datetime | None = None) -> int:
    with tracker.database.reading() as session:
        known = session.query(UserRow).first()
    user_id = known.id if known else add_user(tracker.database, NewUser("a@x.org", "reader"), "test", NOW).id
    words = output.Words("en", "Today", "Today", "A day")
    letter = output.write(words, tracker.letterhead, key=key, user_id=user_id, to="a@x.org", name="Anna")
    with tracker.database.unit("test", NOW) as unit:
        row = deliveries.DeliveryRow(
            key=key,
            channel="mail",
            user_id=user_id,
            recipient="a@x.org",
            subject="Today",
            payload=output.payload_of(letter),
            status="queued",
            next_try_at=NOW,
            expires_at=expires_at,
            created_at=NOW,
        )
        unit.session.add(row)
        unit.session.flush()
        return row.id


def state(tracker: Tracker, delivery_id: int) -> tuple[str, list[str]]:
    with tracker.database.reading() as session:
        row = deliveries.locked(session, delivery_id)
        assert row is not None
        return row.status, [attempt.outcome for attempt in row.attempts]


def next_try_of(tracker: Tracker, delivery_id: int) -> dt.datetime:
    with tracker.database.reading() as session:
        return session.get_one(deliveries.DeliveryRow, delivery_id).next_try_at


def test_what_is_queued_leaves_and_leaves_once(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail()

    assert (deliver_due(tracker.database, mail, NOW), deliver_due(tracker.database, mail, NOW)) == (1, 0)

    assert len(mail.sent) == 1
    assert state(tracker, made) == ("sent", ["sent"])


def test_several_workers_share_the_work_and_send_nothing_twice(tracker: Tracker) -> None:
    for number in range(12):
        queue(tracker, f"test:{number}")
    mail = MemoryMail()

    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(lambda _: deliver_due(tracker.database, mail, NOW), range(4)))

    assert sum(sent) == len(mail.sent) == len({str(m["Message-ID"]) for m in mail.sent}) == 12


def test_a_passing_fault_is_tried_again_after_longer_and_longer_pauses_then_given_up(tracker: Tracker) -> None:
    made, mail, at = queue(tracker), MemoryMail(*[PASSING] * 20), NOW

    for pause in PAUSES:
        deliver_due(tracker.database, mail, at)
        again = next_try_of(tracker, made)
        assert at + pause <= again <= at + pause * 1.25 + dt.timedelta(seconds=2)
        assert deliver_due(tracker.database, mail, again - dt.timedelta(seconds=2)) == 0
        assert state(tracker, made)[0] == "queued"
        at = again
    deliver_due(tracker.database, mail, at)

    assert state(tracker, made) == ("failed", ["passing"] * (len(PAUSES) + 1))
    assert at - NOW > dt.timedelta(days=2)


def test_a_permanent_fault_is_not_tried_again_and_stays_to_be_seen(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail(PERMANENT)

    deliver_due(tracker.database, mail, NOW)
    deliver_due(tracker.database, mail, NOW + dt.timedelta(days=9))

    assert state(tracker, made) == ("failed", ["permanent"])
    with tracker.database.reading() as session:
        (shown,) = deliveries.listed(session, status=DeliveryStatus.FAILED)
        assert (shown.id, shown.last_error) == (made, "no such mailbox")
        assert deliveries.counted_by_status(session) == {"failed": 1}


def test_a_fault_nobody_thought_of_is_tried_again_too(tracker: Tracker) -> None:
    class Broken(MemoryMail):
        def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
            raise ZeroDivisionError(message, on_handing_over)

    made = queue(tracker)

    deliver_due(tracker.database, Broken(), NOW)

    assert state(tracker, made) == ("queued", ["passing"])


class PowerCut(BaseException):
    pass


class Dying(MemoryMail):
    """Takes the message; then the worker is killed before it can write that down."""

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        super().send(message, on_handing_over)
        raise PowerCut


def test_a_message_whose_worker_was_killed_is_taken_up_again_under_the_same_id(tracker: Tracker) -> None:
    made, dying, mail = queue(tracker), Dying(), MemoryMail()
    with pytest.raises(PowerCut):
        deliver_due(tracker.database, dying, NOW)

    early = deliver_due(tracker.database, mail, NOW + LEASE - dt.timedelta(seconds=1))
    late = deliver_due(tracker.database, mail, NOW + LEASE + dt.timedelta(seconds=1))

    assert (early, late) == (0, 1)
    assert mail.sent[0].as_bytes() == dying.sent[0].as_bytes()
    assert state(tracker, made) == ("sent", ["begun", "sent"])


def test_a_message_that_kills_every_worker_is_given_up(tracker: Tracker) -> None:
    made, at = queue(tracker), NOW

    for _ in range(len(PAUSES) + 1):
        with pytest.raises(PowerCut):
            deliver_due(tracker.database, Dying(), at)
        at += LEASE + dt.timedelta(seconds=1)
    deliver_due(tracker.database, Dying(), at)

    assert state(tracker, made)[0] == "failed"


class Deadly(MemoryMail):
    """Takes two messages; the worker is killed before it hears what became of the second."""

    def send(self, message: Outgoing, on_handing_over: Callable[[], object] = nothing) -> None:
        super().send(message, on_handing_over)
        if len(self.sent) == 2:
            raise PowerCut


def test_the_journal_of_a_killed_worker_says_what_had_left_and_what_had_not_begun(
    tracker: Tracker, tmp_path: Path
) -> None:
    made, deadly, mail = [queue(tracker, f"test:{n}") for n in range(3)], Deadly(), MemoryMail()
    journal = FileJournal(tmp_path / "outbox")
    with pytest.raises(PowerCut):
        deliver_due(tracker.database, deadly, NOW, journal)

    at_once = deliver_due(tracker.database, mail, NOW, journal)
    later = deliver_due(tracker.database, mail, NOW + 2 * PAUSES[0], journal)

    assert (at_once, later) == (1, 1)
    ids = [str(mail["Message-ID"]) for mail in (*deadly.sent, *mail.sent)]
    assert [state(tracker, one) for one in made] == [
        ("sent", ["sent"]),
        ("sent", ["begun", "sent"]),
        ("sent", ["sent"]),
    ]
    assert (len(ids), ids.count(str(deadly.sent[1]["Message-ID"])), len(set(ids))) == (4, 2, 3)
    with tracker.database.reading() as session:
        assert deliveries.counted_maybe_twice(session) == 1
    assert list((tmp_path / "outbox").iterdir()) == []


def test_an_outage_of_the_server_burns_nobodys_tries(tracker: Tracker) -> None:
    away = GatewayError("away", permanent=False, whole=True)
    made, mail = [queue(tracker, f"test:{n}") for n in range(3)], MemoryMail(*[away] * 20)

    at = NOW
    for _ in range(20):
        assert deliver_due(tracker.database, mail, at) == 0
        assert {next_try_of(tracker, one) - at < AWAY + dt.timedelta(seconds=5) for one in made} == {True}
        at += AWAY + dt.timedelta(seconds=5)
    with tracker.database.reading() as session:
        waiting = deliveries.listed(session)
    assert deliver_due(tracker.database, mail, at) == 3

    assert {(row.tries, row.last_error) for row in waiting} == {(0, "away")}
    assert sum(len(row.attempts) for row in waiting) == 20  # those whose turn never came have tried nothing


def test_what_broke_off_at_the_end_may_arrive_twice_and_is_counted(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail(GatewayError("broke off", permanent=False, perhaps_taken=True))

    deliver_due(tracker.database, mail, NOW)
    deliver_due(tracker.database, mail, NOW + 2 * PAUSES[0])

    assert state(tracker, made) == ("sent", ["begun", "sent"])
    with tracker.database.reading() as session:
        assert deliveries.counted_maybe_twice(session) == 1


def test_a_full_disk_stops_the_sending_and_loses_nothing_that_was_done(tracker: Tracker) -> None:
    class FullDisk(MemoryPage):
        def write(self, *lines: Line) -> None:
            super().write(*lines)
            if any(line.step is Step.SENT for line in lines):
                raise OSError("no space left")

    class FullJournal(NoJournal):
        @contextlib.contextmanager
        def page(self) -> Iterator[MemoryPage]:
            yield FullDisk()

    first, second = queue(tracker, "test:1"), queue(tracker, "test:2")

    sent = deliver_due(tracker.database, MemoryMail(), NOW, FullJournal())

    assert (sent, state(tracker, first)[0], state(tracker, second)) == (1, "sent", ("queued", []))


def test_nothing_is_sent_to_somebody_whose_mail_is_paused(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail()
    with tracker.database.unit("test", NOW) as unit:
        unit.session.query(UserRow).one().mail_paused_at = NOW

    deliver_due(tracker.database, mail, NOW)

    assert (mail.sent, state(tracker, made)[0]) == ([], "skipped")


def test_what_waited_until_it_was_of_no_more_use_is_skipped(tracker: Tracker) -> None:
    made, mail = queue(tracker, expires_at=NOW + dt.timedelta(hours=1)), MemoryMail(PASSING)
    deliver_due(tracker.database, mail, NOW)

    deliver_due(tracker.database, mail, NOW + dt.timedelta(hours=2))

    assert state(tracker, made) == ("skipped", ["passing"])


def test_what_is_queued_does_not_reach_somebody_who_has_unsubscribed(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail()
    with tracker.database.unit("test", NOW) as unit:
        unit.session.query(UserRow).one().reminders_by_mail = False

    deliver_due(tracker.database, mail, NOW)

    assert mail.sent == []
    assert state(tracker, made)[0] == "skipped"


def test_what_was_given_up_can_be_sent_again_by_hand(tracker: Tracker) -> None:
    made, mail = queue(tracker), MemoryMail(PERMANENT)
    deliver_due(tracker.database, mail, NOW)

    retry_delivery(tracker.database, made, ME, NOW)
    deliver_due(tracker.database, mail, NOW)

    assert state(tracker, made) == ("sent", ["permanent", "sent"])
    with pytest.raises(Conflict):
        retry_delivery(tracker.database, made, ME, NOW)
    with pytest.raises(NotFound):
        retry_delivery(tracker.database, 999, ME, NOW)


def test_the_list_goes_on_behind_its_cursor(tracker: Tracker) -> None:
    made = [queue(tracker, f"test:{number}") for number in range(3)]

    with tracker.database.reading() as session:
        first = deliveries.listed(session, limit=2)
        rest = deliveries.listed(session, before=(first[-1].created_at, first[-1].id))

    assert [row.id for row in first + rest] == made[::-1]
