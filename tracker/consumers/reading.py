"""How a consumer reads on: lock its bookmark, take in a batch in order, commit rows and bookmark together.

An event that fails is rolled back to before it and tried again later, up to five times, then parked with its error;
the bookmark goes on. Nothing is logged and dropped. A database that fails is nobody's fault: it costs no try.
Nearly every batch goes well, so a batch is taken in together, without a way back from a single event; only where
something in it has failed is it read once more, event by event.
"""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence

import structlog

from tracker.consumers import Consumer
from tracker.domain.events import SHARDS, Event, shard_of
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import event_log
from tracker.store.base import DATABASE_FAULTS
from tracker.store.unit_of_work import Database, Unit

BATCH = 20
"""So many events are taken in at most before others may write again."""
_SHARDS_AT_ONCE = SHARDS // 2
"""One worker leaves some to another."""
_FIRST_PAUSE = dt.timedelta(seconds=1)
log = structlog.get_logger()


def consume(database: Database, consumer: Consumer, shards: Collection[int], now: dt.datetime) -> int:
    """Take in the next events of some shards; returns how many events their bookmarks went on.

    0 also where another worker has these bookmarks, or where the next event is waiting for its next try.
    """
    try:
        return _consume(database, consumer, shards, now, _together)
    except DATABASE_FAULTS:
        raise
    except Exception:  # whichever event it was, it is found below, where it leaves its trace
        return _consume(database, consumer, shards, now, _one_by_one)


_Bookmarks = Mapping[int, event_log.BookmarkRow]
"""Those that are claimed and wait for nothing, by shard."""
_Take = Callable[[Unit, Consumer, _Bookmarks, Sequence[Event]], int]


def _consume(database: Database, consumer: Consumer, shards: Collection[int], now: dt.datetime, take: _Take) -> int:
    with database.unit(consumer.name, now) as unit:
        claimed = event_log.claim_bookmarks(unit.session, consumer.name, shards, _SHARDS_AT_ONCE)
        ready = {mark.shard: mark for mark in claimed if mark.not_before is None or now >= mark.not_before}
        after = {shard: mark.position for shard, mark in ready.items()}
        return take(unit, consumer, ready, event_log.read_on(unit.session, after, BATCH))


def _together(unit: Unit, consumer: Consumer, bookmarks: _Bookmarks, events: Sequence[Event]) -> int:
    concerned = [event for event in events if event.type in consumer.types]
    if consumer.together is not None:
        consumer.together(unit, concerned)
    else:
        for event in concerned:
            consumer.react(unit, event)
    for event in events:
        _go_on(bookmarks[shard_of(event.subject)], event)
    return len(events)


def _one_by_one(unit: Unit, consumer: Consumer, bookmarks: _Bookmarks, events: Sequence[Event]) -> int:
    done, held = 0, set[int]()
    for event in events:
        shard = shard_of(event.subject)
        if shard in held:
            continue
        if event.type in consumer.types and not _take_in(unit, consumer, event, bookmarks[shard]):
            held.add(shard)
            continue
        _go_on(bookmarks[shard], event)
        done += 1
    return done


def _go_on(bookmark: event_log.BookmarkRow, event: Event) -> None:
    bookmark.position = event.position
    bookmark.tries, bookmark.not_before, bookmark.error = 0, None, None


def read_on(database: Database, consumers: tuple[Consumer, ...], now: dt.datetime) -> dict[str, int]:
    """Take in the next events of every consumer that is behind; how many, by consumer: none where nobody is.

    Who is behind is looked at without a lock: a worker that claimed a bookmark only to find nothing would turn away
    another one that has just been woken.
    """
    waiting = behind(database, consumers)
    shards = {c: [shard for name, shard in waiting if name == c.name] for c in consumers}
    taken = {c.name: consume(database, c, shards[c], now) for c in consumers if shards[c]}
    return {name: events for name, events in taken.items() if events}


def catch_up(database: Database, consumers: tuple[Consumer, ...], now: dt.datetime) -> int:
    """Bring every consumer to the end of the log as far as it will go; returns how many events were taken in."""
    total = 0
    for consumer in consumers:
        for shard in range(SHARDS):
            while taken := consume(database, consumer, [shard], now):
                total += taken
    return total


def behind(database: Database, consumers: tuple[Consumer, ...]) -> list[tuple[str, int]]:
    """The bookmarks that are not at the end of their shard, as (consumer, shard): what the clock looks for."""
    names = {consumer.name for consumer in consumers}
    with database.reading() as session:
        return sorted(found for found in event_log.behind(session) if found[0] in names)


def prepare(database: Database, consumers: tuple[Consumer, ...], now: dt.datetime) -> None:
    """Make the bookmarks that are missing, at the start of the log: a new consumer takes in everything."""
    with database.unit("system", now) as unit:
        known = {(b.consumer, b.shard) for b in event_log.bookmarks(unit.session)}
        missing = [(c.name, s) for c in consumers for s in range(SHARDS) if (c.name, s) not in known]
        unit.session.add_all(event_log.BookmarkRow(consumer=c, shard=s, position=0, tries=0) for c, s in missing)


def replay(database: Database, consumer: Consumer, now: dt.datetime) -> None:
    """Put a consumer's bookmarks back to the start of the log; what it writes must bear being written again."""
    with database.unit("system", now) as unit:
        for bookmark in event_log.claim_bookmarks(unit.session, consumer.name, range(SHARDS)):
            bookmark.position, bookmark.tries, bookmark.not_before, bookmark.error = 0, 0, None, None


def retry_parked(database: Database, consumers: tuple[Consumer, ...], now: dt.datetime) -> tuple[int, int]:
    """Try every parked event once more; returns how many went well and how many stay parked."""
    by_name = {c.name: c for c in consumers}
    with database.reading() as session:
        waiting = [(row.consumer, event) for row, event in event_log.parked(session)]
    well = 0
    for name, event in waiting:
        if name not in by_name:
            raise NotFound(N_("There is no consumer named “{name}”."), name=name)
        well += _retry(database, by_name[name], event, now)
    return well, len(waiting) - well


def _retry(database: Database, consumer: Consumer, event: Event, now: dt.datetime) -> bool:
    with database.unit(consumer.name, now) as unit:
        row = unit.session.get(event_log.ParkedEventRow, (consumer.name, event.position))
        if row is None:
            return True
        try:
            with unit.session.begin_nested():
                consumer.react(unit, event)
        except DATABASE_FAULTS:
            raise
        except Exception as fault:  # an administrator asked for it: the new reason stays in the row for them
            row.error, row.parked_at = repr(fault), now
            return False
        unit.session.delete(row)
        return True


def _take_in(unit: Unit, consumer: Consumer, event: Event, bookmark: event_log.BookmarkRow) -> bool:
    """Let the consumer react; False where the event must wait. After the last try it is parked, and that counts."""
    try:
        with unit.session.begin_nested():
            consumer.react(unit, event)
    except DATABASE_FAULTS:
        raise
    except Exception as fault:  # the edge of the loop: whatever a consumer raises leaves a trace in a row
        bookmark.tries += 1
        bookmark.error = repr(fault)
        log.warning(
            "event failed", consumer=consumer.name, position=event.position, tries=bookmark.tries, exc_info=True
        )
        if bookmark.tries < event_log.MAX_TRIES:
            bookmark.not_before = unit.now + _FIRST_PAUSE * 4 ** (bookmark.tries - 1)
            return False
        unit.session.merge(
            event_log.ParkedEventRow(
                consumer=consumer.name, position=event.position, error=repr(fault), parked_at=unit.now
            )
        )
    return True
