"""What a recipient says of a shipment, line by line, and what of it differs from what was sent. Pure.

Each answer keeps the line as it stood when it was answered: staff may change the list afterwards.
"""

import datetime as dt
from collections.abc import Iterable

from pydantic import Field

from tracker.domain.activities import Goods, Line, Quantity, Short, Text, Value
from tracker.domain.details import Dated

LASTS = (30, 90, 180)
"""Days for which a link can be made to hold; a shipment is weeks on its way."""

USUAL = 90


class Answer(Value):
    """What became of one line. `complete`: all of it arrived in order."""

    description: Line = ""
    quantity: Quantity | None = None
    unit: Short = ""
    complete: bool = False
    received: Quantity | None = None
    damaged: Quantity | None = None
    note: Line = ""

    @property
    def differs(self) -> bool:
        short = self.received is not None and self.quantity is not None and self.received != self.quantity
        return short or bool(self.damaged) or (not self.complete and self.received is None)


class Confirmation(Value):
    """The whole of what a recipient says. `confirmed_by` is a person's name: it is never written into an event."""

    lines: tuple[Answer, ...] = Field((), max_length=500)
    received_on: Dated = Field(min_length=4)
    confirmed_by: Short = Field(min_length=1)
    note: Text = Field("", max_length=4000)


def differing(answers: Iterable[Answer]) -> tuple[Answer, ...]:
    return tuple(answer for answer in answers if answer.differs)


def answered(line: Goods, known: Iterable[Answer], place: int) -> Answer | None:
    """What was said of a line: at its place if it is still the same there, else wherever it stands now."""
    answers = tuple(known)
    if place < len(answers) and _same(line, answers[place]):
        return answers[place]
    return next((answer for answer in answers if _same(line, answer)), None)


def _same(line: Goods, answer: Answer) -> bool:
    return (line.description, line.quantity, line.unit) == (answer.description, answer.quantity, answer.unit)


def expiry(now: dt.datetime, days: int) -> dt.datetime:
    return now + dt.timedelta(days=days if days in LASTS else USUAL)
