"""The programme of a journey day by day, each item by the clocks of all its cities, with who takes part in it. Pure.

Items and journeys are read as calendars read them (`parts.part_entry`), so that paper and calendar never disagree.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from tracker.domain.activities import Activity
from tracker.domain.calendars import Entry
from tracker.domain.details import Leg, ProgrammeItem, wall_time
from tracker.domain.dossiers import Meeting, Private
from tracker.domain.entries import Numbering
from tracker.domain.entry_times import both_times
from tracker.domain.parts import Part, PartKind, days_of_part, part_entry, parts_of, uid_of_part
from tracker.domain.twins import Twin

SHOWN = (PartKind.PROGRAMME, PartKind.LEG)


@dataclass(frozen=True)
class Happening:
    """`clock`: its time where it is, "" for the whole day; `times`: the same by the clock of each city."""

    part: Part
    title: str
    place: str
    clock: str
    times: str
    day: dt.date | None
    meeting: Meeting

    @property
    def is_journey(self) -> bool:
        return self.part.kind is PartKind.LEG


@dataclass(frozen=True)
class Day:
    """`date` is None for what has no day yet."""

    date: dt.date | None
    happenings: tuple[Happening, ...]


def days_of_dossier(shown: Activity, private: Private, twins: Mapping[str, Twin], language: str) -> tuple[Day, ...]:
    """All days on which something stands in the programme, in order; what has no day comes last."""
    happenings = sorted(_happenings(shown, private, twins, language), key=lambda pair: pair[0])
    in_order = [happening for _, happening in happenings]
    return tuple(Day(day, tuple(group)) for day, group in groupby(in_order, key=lambda happening: happening.day))


_Key = tuple[str, str, int]


def _happenings(
    shown: Activity, private: Private, twins: Mapping[str, Twin], language: str
) -> Iterator[tuple[_Key, Happening]]:
    for place, part in enumerate(parts_of(shown)):
        told = part.told
        if part.kind not in SHOWN or not isinstance(told, ProgrammeItem | Leg):
            continue
        entry = _entry(shown, part, twins, language)
        day = _day(entry) if entry else None
        yield (
            _key(part, entry, place),
            Happening(
                part,
                entry.summary if entry else _bare(told),
                told.place if isinstance(told, ProgrammeItem) else "",
                _clock(entry, told),
                both_times(entry.start, entry.end, entry.timezone, shown.twins, twins, day, language) if entry else "",
                day,
                private.meeting(told.id),
            ),
        )


def _entry(shown: Activity, part: Part, twins: Mapping[str, Twin], language: str) -> Entry | None:
    """As a calendar has it; None where no day is known, which a calendar shows on the first of its month."""
    days = days_of_part(part)
    if days is None or not days.day_known:
        return None
    numbering = Numbering(uid_of_part(shown.id, part.key), 0, shown.changed_at)
    return part_entry(shown, part, twins, language, numbering)


def _bare(told: ProgrammeItem | Leg) -> str:
    return told.title if isinstance(told, ProgrammeItem) else " – ".join(filter(None, (told.origin, told.destination)))


def _key(part: Part, entry: Entry | None, place: int) -> _Key:
    """By day, then what lasts all day, then by the hour where it is."""
    day = _day(entry) if entry else None
    start = part.start.partition("T")[2] if isinstance(entry and entry.start, dt.datetime) else ""
    return (day.isoformat() if day else "9999-99-99", start, place)


def _day(entry: Entry) -> dt.date:
    return entry.start.date() if isinstance(entry.start, dt.datetime) else entry.start


def _clock(entry: Entry | None, told: ProgrammeItem | Leg) -> str:
    """By the clock where it is; a journey as its ticket says it, with the arrival by the clock of where it arrives."""
    if entry is None or not isinstance(entry.start, dt.datetime):
        return ""
    if isinstance(told, Leg):
        arrives = wall_time(told.end)
        return f"{entry.start:%H:%M} → {arrives:%H:%M}" if arrives else f"{entry.start:%H:%M}"
    end = entry.end
    if not isinstance(end, dt.datetime) or end.date() != entry.start.date():
        return f"{entry.start:%H:%M}"
    return f"{entry.start:%H:%M}–{end:%H:%M}"
