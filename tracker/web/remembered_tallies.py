"""Counts kept until something happens: the same question asked again between two events has the same answer.

What is kept belongs to a place in the event log and to the whole filter, with what the person may see in it. So it is
never older than the list beside it, and nobody is told a number made for somebody else. A few volunteers change
something a few times a day; eighty years of activities are counted once after each change, not once for each look.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

from tracker.store import event_log

_KEPT = 500
_NAME = "tracker_tallies"
T = TypeVar("T")


class Kept:
    """Answers by question, the least asked for leave first."""

    def __init__(self) -> None:
        self._answers: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, question: tuple[Any, ...], ask: Callable[[], T]) -> T:
        with self._lock:
            if question in self._answers:
                self._answers.move_to_end(question)
                known: T = self._answers[question]
                return known
        found = ask()
        with self._lock:
            self._answers[question] = found
            while len(self._answers) > _KEPT:
                self._answers.popitem(last=False)
        return found


def kept(session: Any, ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """`ask(session, *arguments)`, or what it was since the last event; the arguments must tell all that matters.

    Whoever gets it must leave it as it is: the next one gets the very same.
    """
    return kept_until(place_in_log(session), session, ask, *arguments, **named)


def kept_until(sign: int, session: Any, ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
    """The same for what has a sign of its own that changes whenever its answer may."""
    answers: Kept = current_app.extensions.setdefault(_NAME, Kept())
    question = (sign, ask.__module__, ask.__qualname__, *arguments, *sorted(named.items()))
    return answers.answer(question, lambda: ask(session, *arguments, **named))


def place_in_log(session: Any) -> int:
    """Read first, and once a page: a count made while somebody commits may be newer than its place, never older."""
    if _NAME not in session.info:
        session.info[_NAME] = event_log.end_of_log(session)
    place: int = session.info[_NAME]
    return place
