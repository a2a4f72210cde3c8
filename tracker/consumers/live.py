"""`live`: after each event has been committed here, a word to those who are watching. Writes no rows."""

from tracker.consumers import Consumer
from tracker.domain.events import Event, EventType
from tracker.gateways.live import Happening, Live
from tracker.store.unit_of_work import Unit


def live(gateway: Live) -> Consumer:
    """The consumer that publishes through `gateway`."""

    def react(unit: Unit, event: Event) -> None:
        happening = Happening(event.position, event.type.value, event.subject)
        unit.after_commit(lambda: gateway.publish(happening))

    return Consumer("live", frozenset(EventType), react)
