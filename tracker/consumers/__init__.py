"""Who reacts to what: one screen.

A consumer is code that reads the event log on from its own bookmark. It knows no other consumer; what it must change
elsewhere it asks of an action, whose own event closes the loop through the log.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.domain.events import Event, EventType
from tracker.store.unit_of_work import Unit

React = Callable[[Unit, Event], None]
Together = Callable[[Unit, Sequence[Event]], None]


@dataclass(frozen=True)
class Consumer:
    """`react` takes in one event, writing rows only through the unit; `types` are the events it reacts to.

    `together` takes in a batch of them as `react` would one by one, for less.
    """

    name: str
    types: frozenset[EventType]
    react: React
    together: Together | None = None
