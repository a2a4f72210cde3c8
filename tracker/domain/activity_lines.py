"""An activity as a line of a list shows it, and what was written about it where words were looked for. Pure.

A page of a list holds up to 150 of them, so they have no more than the line says and what decides who may change the
activity. They are made of what the store holds, which was checked on its way in: nothing is checked again.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol
from uuid import UUID

from tracker.domain.activities import RUNNING, Bound, Kind, Leader, Organiser, Status, Visibility
from tracker.domain.dates import HistoricDate


class Counted(NamedTuple):
    """A number of people with its label."""

    of: str
    value: int
    bound: Bound


class Lasting(Protocol):
    """Whatever lasts from a start to an end: an activity, or the line about it."""

    @property
    def start(self) -> str: ...
    @property
    def end(self) -> str | None: ...
    @property
    def start_date(self) -> HistoricDate: ...
    @property
    def end_date(self) -> HistoricDate | None: ...
    @property
    def running(self) -> bool: ...
    @property
    def timed(self) -> bool: ...
    @property
    def latest(self) -> dt.date | None: ...


@dataclass(frozen=True)
class ActivityLine:
    id: UUID
    version: int
    kind: Kind
    status: Status
    title: dict[str, str]
    start: str
    end: str | None
    place: str
    visibility: Visibility
    owner: str
    responsible: str
    recorded_by: str
    sort_key: str
    twins: tuple[str, ...]
    counts: tuple[Counted, ...]

    @cached_property
    def start_date(self) -> HistoricDate:
        return _day(self.start)

    @cached_property
    def end_date(self) -> HistoricDate | None:
        return _day(self.end) if self.end and self.end != RUNNING else None

    @property
    def running(self) -> bool:
        return self.end == RUNNING

    @property
    def timed(self) -> bool:
        return "T" in self.start

    @property
    def earliest(self) -> dt.date | None:
        return self.start_date.earliest

    @property
    def latest(self) -> dt.date | None:
        """The last day it can cover; None while it is still running."""
        return None if self.running else (self.end_date or self.start_date).latest


@dataclass(frozen=True)
class Written:
    """The texts of an activity that a word of a query can stand in."""

    title: dict[str, str]
    description: dict[str, str]
    place: str
    subtype: str
    owner: str
    quantity_note: str
    note: str
    leaders: tuple[Leader, ...]
    organisers: tuple[Organiser, ...]
    start: str
    external_id: str | None


def _day(text: str) -> HistoricDate:
    return HistoricDate.parse(text[:10] if "T" in text else text)
