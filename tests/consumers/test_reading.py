"""Reading on: effectively once, in order, late at worst."""

import datetime as dt
import threading
import time
from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tracker.bootstrap import Tracker
from tracker.consumers import Consumer
from tracker.consumers.reading import behind, catch_up, consume, prepare, read_on, replay, retry_parked
from tracker.domain.events import SHARDS, Event, EventType, shard_of
from tracker.store import event_log
from tracker.store.twins import LinkKindRow
from tracker.store.unit_of_work import Unit

MINUTE = dt.timedelta(minutes=1)


def append(tracker: Tracker, *subjects: str) -> None:
    with tracker.database.unit("user:1", tracker.clock()) as unit:
        for subject in subjects:
            unit.append(EventType.ACTIVITY_RECORDED, subject, {"before": {}, "after": {}})


def noting(seen: list[int], fail: Callable[[Event], bool] = lambda _: False) -> Consumer:
    """A consumer that writes a row per event, so that what it did can be rolled back."""

    def react(unit: Unit, event: Event) -> None:
        unit.session.add(LinkKindRow(slug=f"e{event.position}", names={}))
        unit.session.flush()
        if fail(event):
            raise RuntimeError(f"cannot take in {event.position}")
        seen.append(event.position)

    return Consumer("noting", frozenset({EventType.ACTIVITY_RECORDED}), react)


def rows(tracker: Tracker) -> list[str]:
    with tracker.database.reading() as session:
        return sorted(row.slug for row in session.query(LinkKindRow) if row.slug.startswith("e"))


def test_every_event_is_taken_in_once_and_in_order_per_subject(tracker: Tracker) -> None:
    seen: list[int] = []
    consumer = noting(seen)
    prepare(tracker.database, (consumer,), tracker.clock())
    subjects = [f"activity:{uuid4()}" for _ in range(10)]
    for subject in subjects * 3:
        append(tracker, subject)

    catch_up(tracker.database, (consumer,), tracker.clock())
    catch_up(tracker.database, (consumer,), tracker.clock())

    assert sorted(seen) == list(range(1, 31))
    for shard in range(SHARDS):
        mine = [p for p in seen if shard_of(subjects[(p - 1) % 10]) == shard]
        assert mine == sorted(mine)
    assert behind(tracker.database, (consumer,)) == []


def test_what_a_failing_event_wrote_is_rolled_back_and_it_is_parked_after_five_tries(tracker: Tracker) -> None:
    seen: list[int] = []
    consumer = noting(seen, fail=lambda event: event.position == 2)
    prepare(tracker.database, (consumer,), tracker.clock())
    subject = f"activity:{uuid4()}"
    for _ in range(3):
        append(tracker, subject)
    shard, now = shard_of(subject), tracker.clock()

    progress = []
    for _ in range(5):
        progress.append(consume(tracker.database, consumer, [shard], now))
        now += 30 * MINUTE

    assert progress == [1, 0, 0, 0, 2]
    assert rows(tracker) == ["e1", "e3"]
    with tracker.database.reading() as session:
        [(parked, event)] = event_log.parked(session)
    assert (parked.position, event.subject) == (2, subject)
    assert "cannot take in 2" in parked.error


def test_a_failed_event_waits_before_its_next_try(tracker: Tracker) -> None:
    calls: list[int] = []

    def fail(event: Event) -> bool:
        calls.append(event.position)
        return True

    consumer = noting([], fail=fail)
    prepare(tracker.database, (consumer,), tracker.clock())
    subject = f"activity:{uuid4()}"
    append(tracker, subject)

    consume(tracker.database, consumer, [shard_of(subject)], tracker.clock())
    tried = list(calls)
    consume(tracker.database, consumer, [shard_of(subject)], tracker.clock())

    assert set(tried) == {1}
    assert calls == tried


def test_a_parked_event_is_taken_in_when_it_is_retried_after_the_mend(tracker: Tracker) -> None:
    broken = True
    seen: list[int] = []
    consumer = noting(seen, fail=lambda _: broken)
    prepare(tracker.database, (consumer,), tracker.clock())
    subject = f"activity:{uuid4()}"
    append(tracker, subject)
    now = tracker.clock()
    for _ in range(5):
        consume(tracker.database, consumer, [shard_of(subject)], now)
        now += 30 * MINUTE

    assert retry_parked(tracker.database, (consumer,), now) == (0, 1)
    broken = False
    assert retry_parked(tracker.database, (consumer,), now) == (1, 0)

    assert rows(tracker) == ["e1"]
    with tracker.database.reading() as session:
        assert event_log.parked(session) == []


def test_a_database_that_goes_away_costs_no_try(tracker: Tracker) -> None:
    away = True

    def react(unit: Unit, event: Event) -> None:
        if away:
            raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    consumer = Consumer("noting", frozenset({EventType.ACTIVITY_RECORDED}), react)
    prepare(tracker.database, (consumer,), tracker.clock())
    subject = f"activity:{uuid4()}"
    append(tracker, subject)

    for _ in range(6):
        with pytest.raises(OperationalError):
            consume(tracker.database, consumer, [shard_of(subject)], tracker.clock())
    away = False

    assert consume(tracker.database, consumer, [shard_of(subject)], tracker.clock()) == 1


def test_a_replay_reads_the_whole_log_again(tracker: Tracker) -> None:
    seen: list[int] = []

    def react(unit: Unit, event: Event) -> None:
        seen.append(event.position)

    consumer = Consumer("noting", frozenset({EventType.ACTIVITY_RECORDED}), react)
    prepare(tracker.database, (consumer,), tracker.clock())
    append(tracker, "activity:a", "activity:b")
    catch_up(tracker.database, (consumer,), tracker.clock())

    replay(tracker.database, consumer, tracker.clock())
    catch_up(tracker.database, (consumer,), tracker.clock())

    assert sorted(seen) == [1, 1, 2, 2]


SERVED_ONLY = pytest.mark.parametrize("mode", ["served"], indirect=True)
"""SQLite has one writer at a time by nature."""


@SERVED_ONLY
def test_an_event_that_commits_late_is_never_skipped(tracker: Tracker) -> None:
    """A unit has drawn number 1 and is slow to commit; another one comes meanwhile, and a reader looks in between."""
    seen: list[int] = []
    consumer = noting(seen)
    prepare(tracker.database, (consumer,), tracker.clock())
    late = "activity:same-shard"
    with tracker.database.unit("user:1", tracker.clock()) as slow:
        slow.append(EventType.ACTIVITY_RECORDED, late, {})
        tracker.database._append(slow)
        fast = threading.Thread(target=append, args=(tracker, late))
        fast.start()
        wait_until(lambda: not fast.is_alive() or waiting_for_the_log(tracker))

        catch_up(tracker.database, (consumer,), tracker.clock())
        slow.events.clear()
    fast.join()
    catch_up(tracker.database, (consumer,), tracker.clock())

    assert seen == [1, 2]


def waiting_for_the_log(tracker: Tracker) -> bool:
    with tracker.database.reading() as session:
        return bool(session.scalar(text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")))


def wait_until(well: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not well():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_many_writers_and_a_reader_at_once_lose_nothing(tracker: Tracker) -> None:
    seen: list[int] = []
    consumer = noting(seen)
    prepare(tracker.database, (consumer,), tracker.clock())
    stop = threading.Event()

    def write(name: str) -> None:
        for n in range(40):
            append(tracker, f"activity:{name}{n}")

    def read() -> None:
        while not stop.is_set():
            catch_up(tracker.database, (consumer,), tracker.clock())

    writers = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    reader = threading.Thread(target=read)
    for thread in (*writers, reader):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    catch_up(tracker.database, (consumer,), tracker.clock())

    with tracker.database.reading() as session:
        assert sorted(seen) == [event.position for event in event_log.read_all(session)]
    assert len(seen) == 160


@SERVED_ONLY
def test_a_writer_holds_the_log_only_from_its_first_event_to_its_commit(tracker: Tracker) -> None:
    """A unit that is still open (and has drawn no number) does not keep others from appending."""
    with tracker.database.unit("user:1", tracker.clock()) as slow:
        slow.append(EventType.ACTIVITY_RECORDED, "activity:slow", {})

        append(tracker, "activity:fast")

    with tracker.database.reading() as session:
        assert [event.subject for event in event_log.read_all(session)] == ["activity:fast", "activity:slow"]


@SERVED_ONLY
def test_two_workers_never_share_a_bookmark(tracker: Tracker) -> None:
    consumer = noting([])
    prepare(tracker.database, (consumer,), tracker.clock())
    with tracker.database.unit("one", tracker.clock()) as unit:
        assert len(event_log.claim_bookmarks(unit.session, "noting", [0])) == 1

        assert consume(tracker.database, consumer, [0], tracker.clock()) == 0
        with tracker.database.unit("two", tracker.clock()) as other:
            assert event_log.claim_bookmarks(other.session, "noting", [0]) == []


def test_a_worker_reads_on_for_every_consumer_until_nobody_is_behind(tracker: Tracker) -> None:
    seen: list[int] = []
    consumers = (noting(seen), Consumer("idle", frozenset(), lambda _unit, _event: None))
    prepare(tracker.database, consumers, tracker.clock())
    append(tracker, *(f"activity:{uuid4()}" for _ in range(80)))

    rounds = []
    while taken := read_on(tracker.database, consumers, tracker.clock()):
        rounds.append(taken)

    assert len(rounds) > 1  # so that others may write in between
    assert sum(taken["noting"] for taken in rounds) == len(seen) == 80
    assert sum(taken["idle"] for taken in rounds) == 80
    assert behind(tracker.database, consumers) == []
