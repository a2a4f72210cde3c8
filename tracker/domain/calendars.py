"""Calendars as values: what one entry is, what stands at a calendar's head, and what a calendar selects.

Pure: an `Entry` carries everything its bytes need, so that the same values give the same bytes on every machine and
on every day. How an activity or an occasion becomes an `Entry` is told elsewhere; here are only the decisions that all
entries share (colour and label of a kind, what may never be written into a calendar).
"""

import dataclasses
import enum
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tracker.domain.occasions import OccasionKind
from tracker.domain.twins import HUB
from tracker.i18n import N_

OCCASION: Final = "occasion"
"""The kind of an entry that is an anniversary or an observance, beside the five kinds of activity."""

ALL_OCCASIONS: Final = tuple(sorted(kind.value for kind in OccasionKind))

CANCELLED_TITLE: Final = N_("Cancelled: {title}")
"""Some programs show a cancelled entry like any other, so the title says it too."""


class EntryStatus(enum.StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


class AccessClass(enum.StrEnum):
    PUBLIC = "PUBLIC"
    PRIVATE = "PRIVATE"
    CONFIDENTIAL = "CONFIDENTIAL"


@dataclasses.dataclass(frozen=True)
class Colour:
    """A colour under both its names: calendar programs want the CSS3 word, Apple and our pages the number."""

    name: str
    hex: str


@dataclasses.dataclass(frozen=True)
class KindStyle:
    """How a kind looks wherever it is shown: in calendars, charts, reports and pages."""

    colour: Colour
    at_night: str
    """The same colour on a dark page, as a number."""
    icon: str
    """Its name among the icons of the pages."""
    label: str  # message id


# White has a contrast of at least 4.5 : 1 (WCAG AA) on each colour, and the dark page's ink on each one at night.
KIND_STYLES: Final[dict[str, KindStyle]] = {
    "exchange": KindStyle(Colour("teal", "#008080"), "#5CC4C0", "arrow-left-right", N_("Exchange")),
    "aid_shipment": KindStyle(Colour("darkolivegreen", "#556B2F"), "#A9C27A", "truck", N_("Aid shipment")),
    "festival": KindStyle(Colour("darkorchid", "#9932CC"), "#D6A3F0", "music-note-beamed", N_("Festival")),
    "delegation": KindStyle(Colour("royalblue", "#4169E1"), "#93B1FA", "people", N_("Delegation")),
    "milestone": KindStyle(Colour("sienna", "#A0522D"), "#E0A887", "flag", N_("Milestone")),
    OCCASION: KindStyle(Colour("firebrick", "#B22222"), "#F29A95", "calendar-heart", N_("Anniversary")),
}

CALENDAR_COLOUR: Final = Colour("darkslateblue", "#483D8B")


def instants(start: date | datetime, end: date | datetime | None, timezone: str | None) -> tuple[datetime, datetime]:
    """When something begins and ends, in UTC by the zone data in use; a whole day is one of the hub's."""
    zone = ZoneInfo(timezone or HUB.timezone or "UTC")
    if isinstance(start, datetime):
        moments = start, end if isinstance(end, datetime) else start
    else:
        moments = datetime.combine(start, time.min), datetime.combine((end or start) + timedelta(days=1), time.min)
    begin, finish = (moment.replace(tzinfo=zone).astimezone(UTC) for moment in moments)
    return begin, max(begin, finish)


@dataclasses.dataclass(frozen=True)
class Entry:
    """One entry of a calendar (a VEVENT).

    A `date` means the whole day and `end` is then the last day itself. A `datetime` is the time on the wall in
    `timezone`, never an instant: the zone's rules may change between planning and happening.
    """

    uid: str  # from a stored identity, never from content or time
    sequence: int  # only grows
    stamp: datetime  # aware UTC, the last change
    summary: str
    start: date | datetime
    end: date | datetime | None
    language: str  # of summary, description, location and categories
    summary_language: str = ""  # where the summary had to be taken from another language
    timezone: str | None = None  # IANA name, for times only
    created: datetime | None = None
    description: str = ""
    location: str = ""
    url: str = ""
    categories: tuple[str, ...] = ()
    color: str | None = None  # CSS3 name
    status: EntryStatus = EntryStatus.CONFIRMED
    transparent: bool = False
    access_class: AccessClass = AccessClass.PUBLIC
    geo: tuple[float, float] | None = None  # latitude, longitude
    related_to: str | None = None  # uid of the entry this one belongs to

    def __post_init__(self) -> None:
        for fault in self._faults():
            raise ValueError(f"entry {self.uid!r}: {fault}")

    @property
    def all_day(self) -> bool:
        return not isinstance(self.start, datetime)

    @property
    def instants(self) -> tuple[datetime, datetime]:
        """When it begins and ends, in UTC by the zone data in use."""
        return instants(self.start, self.end, self.timezone)

    def _faults(self) -> list[str]:
        """What would make calendar programs refuse or misread the entry. Our own mistakes, hence no InvalidInput."""
        faults = []
        if not self.uid.strip():
            faults.append("needs a uid")
        if self.sequence < 0:
            faults.append("sequence counts from 0")
        if self.stamp.utcoffset() is None or (self.created is not None and self.created.utcoffset() is None):
            faults.append("stamp and created must be aware")
        if self.color is not None and not (self.color.isascii() and self.color.isalpha()):
            faults.append(f"color must be a CSS3 name, not {self.color!r}")
        return faults + self._faults_of_time()

    def _faults_of_time(self) -> list[str]:
        if self.end is not None and isinstance(self.end, datetime) == self.all_day:
            return ["start and end must both be days or both be times"]
        if self.all_day and self.timezone is not None:
            return ["a whole day has no time zone"]
        if isinstance(self.start, datetime) and self.timezone is None:
            return ["a time needs its zone; programs read a floating time each in their own way"]
        if any(isinstance(t, datetime) and t.tzinfo is not None for t in (self.start, self.end)):
            return ["start and end are times on the wall, without tzinfo"]
        if self.end is not None and self.end < self.start:
            return ["ends before it starts"]
        return []


@dataclasses.dataclass(frozen=True)
class CalendarHead:
    """What stands above the entries. `stamp` is the last change of anything inside, None where nobody keeps it."""

    name: str
    language: str
    description: str = ""
    color: Colour = CALENDAR_COLOUR
    refresh: timedelta = timedelta(hours=6)
    url: str = ""  # a page about the calendar
    source: str = ""  # where its newest bytes are; leave it out where that address is a secret
    stamp: datetime | None = None


@dataclasses.dataclass(frozen=True)
class Selection:
    """What a calendar holds. Empty `twins`, `kinds` or `statuses` mean all; `first` and `last` are days, inclusive.

    `occasions` are the kinds of occasion that are followed: all by default, `()` for none.
    """

    twins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    language: str = "en"
    occasions: tuple[str, ...] = ALL_OCCASIONS
    first: date | None = None
    last: date | None = None
    statuses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # One spelling for one selection, so that equal calendars can share their stored bytes.
        for name in ("twins", "kinds", "occasions", "statuses"):
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    def matches(
        self,
        *,
        kind: str,
        twins: Collection[str],
        first: date | None,
        last: date | None,
        status: str = "",
        occasion: str = "",
    ) -> bool:
        """Does a thing of this kind, with these twins, between these days (None: not bounded) belong in here?

        Occasions follow `occasions`, not the lists of kinds and statuses. An occasion without a twin (8 May) concerns
        every partnership; an activity without one is shown only where all twins are.
        """
        if kind == OCCASION:
            wanted = occasion in self.occasions and (not self.twins or not twins or self._names_one_of(twins))
        else:
            wanted = (
                (not self.kinds or kind in self.kinds)
                and (not self.statuses or not status or status in self.statuses)
                and (not self.twins or self._names_one_of(twins))
            )
        return wanted and self._overlaps(first, last)

    def _names_one_of(self, twins: Collection[str]) -> bool:
        return not set(self.twins).isdisjoint(twins)

    def _overlaps(self, first: date | None, last: date | None) -> bool:
        ends_before = self.first is not None and last is not None and last < self.first
        begins_after = self.last is not None and first is not None and first > self.last
        return not (ends_before or begins_after)
