"""Whoever watches is told where to look, once it is committed."""

from tracker.bootstrap import Tracker
from tracker.consumers.live import live
from tracker.consumers.reading import catch_up, prepare
from tracker.domain.events import EventType
from tracker.gateways.live import Happening, Live, MemoryLive, RedisLive


def gateway(tracker: Tracker) -> Live:
    return RedisLive(tracker.settings.redis_url) if tracker.settings.redis_url else MemoryLive()


def test_a_watcher_is_told_of_each_event(tracker: Tracker) -> None:
    telling = gateway(tracker)
    consumer = live(telling)
    prepare(tracker.database, (consumer,), tracker.clock())
    with tracker.database.unit("user:1", tracker.clock()) as unit:
        unit.append(EventType.TWIN_ADDED, "twin:cologne", {})

    with telling.watch() as watching:
        catch_up(tracker.database, (consumer,), tracker.clock())
        told = watching.next(timeout=5)

    assert told is not None
    assert (told.position, told.type, told.subject) == (1, "twin.added", "twin:cologne")


def test_installations_on_one_redis_do_not_hear_one_another(tracker: Tracker) -> None:
    address = tracker.settings.redis_url
    if not address:
        return  # words of one process reach no other anyway
    ours, neighbour = RedisLive(address), RedisLive(address.rsplit("/", 1)[0] + "/10")

    with ours.watch() as watching:
        neighbour.publish(Happening(7, "twin.added", "twin:theirs"))
        ours.publish(Happening(1, "twin.added", "twin:cologne"))
        told = watching.next(timeout=5)

    assert told == Happening(1, "twin.added", "twin:cologne")


def test_redis_that_is_away_costs_nothing_but_the_word(tracker: Tracker) -> None:
    consumer = live(RedisLive("redis://127.0.0.1:1/0"))
    prepare(tracker.database, (consumer,), tracker.clock())
    with tracker.database.unit("user:1", tracker.clock()) as unit:
        unit.append(EventType.TWIN_ADDED, "twin:cologne", {})

    assert catch_up(tracker.database, (consumer,), tracker.clock()) == 1
