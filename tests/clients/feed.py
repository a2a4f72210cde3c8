# ruff: noqa: DTZ001 - entries carry wall times
"""Entries on which calendar programs have stumbled, their calendar, and what a program is to read in it.

Clocks: just before and after the changes of Volgograd (2018, 2020) and Berlin (2026), the hour that occurs twice and
the hour that does not occur. Texts: every script of our cities, and every sign that a calendar file treats apart.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tracker.domain.calendars import CalendarHead, Entry, EntryStatus
from tracker.outputs.ical import join_calendar, render_entry

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """One entry as a program has read it. Times are instants in UTC, days are days, the end is the first moment after.

    None is what the program does not tell.
    """

    uid: str
    summary: str
    start: str
    end: str
    zone: str | None = None
    status: str | None = None
    sequence: int | None = None
    related_to: str | None = None


def meant(entry: Entry) -> Read:
    """What a program that understands the calendar reads of this entry."""
    end = entry.end or entry.start
    return Read(
        uid=entry.uid,
        summary=entry.summary.replace("\r\n", " "),
        start=_told(entry.start, entry.timezone),
        end=_told(end if isinstance(end, dt.datetime) else end + DAY, entry.timezone),
        zone=_zone(entry.start, entry.timezone),
        status=entry.status,
        sequence=entry.sequence,
        related_to=entry.related_to,
    )


def _zone(start: dt.date, zone: str | None) -> str | None:
    """The zone that is told; a time that the clock shows twice or never is told as an instant."""
    if not isinstance(start, dt.datetime):
        return None
    one, other = (start.replace(tzinfo=ZoneInfo(zone or "UTC"), fold=fold) for fold in (0, 1))
    return zone if one.utcoffset() == other.utcoffset() else "UTC"


def _told(time: dt.date, zone: str | None) -> str:
    if not isinstance(time, dt.datetime):
        return time.isoformat()
    # fold=0 as RFC 5545 has it: of two such times the first, and where there is none, by the clock as it was before.
    return time.replace(tzinfo=ZoneInfo(zone or "UTC")).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(uid: str, summary: str, start: dt.date, end: dt.date | None = None, **more: Any) -> Entry:
    plain: dict[str, Any] = {"sequence": 0, "stamp": dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC), "language": "ru"}
    return Entry(uid=f"{uid}@tracker", summary=summary, start=start, end=end, **plain | more)


def _timed(zone: str, *walls: str) -> list[Entry]:
    """An hour and a half from each of these times on."""
    starts = [dt.datetime.fromisoformat(wall) for wall in walls]
    return [
        _entry(f"{zone.rpartition('/')[2]}-{start:%Y%m%dT%H%M}", f"{zone} {start}", start, _later(start), timezone=zone)
        for start in starts
    ]


def _later(start: dt.datetime) -> dt.datetime:
    return start + dt.timedelta(minutes=90)


DAYS = [
    _entry("a-day", "8 мая", dt.date(2026, 5, 8), transparent=True),
    _entry("new-year", "Festival über Neujahr", dt.date(2026, 12, 30), dt.date(2027, 1, 2), color="darkorchid"),
    _entry("leap-day", "Schalttag", dt.date(2024, 2, 29)),
    _entry("old", "Письмо женщин Ковентри", dt.date(1942, 9, 21), transparent=True),
]
TIMES = [
    *_timed("Europe/Volgograd", "2018-10-28T00:10", "2018-10-28T03:00", "2018-10-28T18:00", "2020-12-26T23:20"),
    *_timed("Europe/Volgograd", "2020-12-27T02:00", "2020-12-27T12:00", "2026-07-01T18:00"),
    *_timed("Europe/Berlin", "2026-03-29T00:20", "2026-03-29T03:00", "2026-03-29T12:00", "2026-07-01T18:00"),
    *_timed(
        "Europe/Berlin",
        "2026-10-25T00:20",
        "2026-10-25T01:20",
        "2026-10-25T03:00",
        "2026-10-25T12:00",
        "1988-11-28T11:00",
    ),
    *_timed("Africa/Cairo", "2026-04-24T09:00", "2026-10-30T09:00"),
    *_timed("Asia/Kolkata", "2026-07-01T18:00"),
    *_timed("UTC", "2026-07-01T18:00"),
    _entry(
        "across-march", "Nachtzug", dt.datetime(2026, 3, 28, 22), dt.datetime(2026, 3, 29, 8), timezone="Europe/Berlin"
    ),
    _entry("no-end", "Anruf", dt.datetime(2026, 5, 8, 10), timezone="Europe/Berlin"),
]
TWICE = _timed("Europe/Berlin", "2026-10-25T02:30") + _timed("Europe/Volgograd", "2020-12-27T01:30")
NEVER = _timed("Europe/Berlin", "2026-03-29T02:30") + _timed("Europe/Volgograd", "2018-10-28T02:30")
STATES = [
    _entry("off", "Отменено: приём делегации", dt.date(2026, 5, 9), status=EntryStatus.CANCELLED, sequence=5),
    _entry("perhaps", "Besuch", dt.date(2026, 5, 10), status=EntryStatus.TENTATIVE, sequence=123_456),
    _entry("part", "Hinreise", dt.date(2026, 5, 10), related_to="perhaps@tracker"),
]
TEXTS = [
    _entry(f"text-{number}", text, dt.date(2026, 6, number), description=text, location=text, categories=(text, "b"))
    for number, text in enumerate(
        [
            "مهرجان بورسعيد، ١٩٦٢",
            "சென்னை நட்பு நகரம்",
            "Երևանի պատվիրակություն",
            "広島市、平和祈念式典",
            "👩‍👩‍👧‍👦🕊️🇦🇲",
            "a;b,c\\d:e\"f'g",
            r"C:\New\nach\;unten\\N",
            "Titel mit\r\nCRLF, am 1.: „Zitat“; 'x' = \"y\"",
            "Ж" * 10_000,
            "wort " * 1_999 + "Ende.",
            "BEGIN:VEVENT",
            "X\r\nEND:VEVENT\r\nEND:VCALENDAR",
        ],
        start=1,
    )
]
ENTRIES = [*DAYS, *TIMES, *TWICE, *NEVER, *STATES, *TEXTS]

HEAD = CalendarHead(
    name="Волгоград – Köln; „alles“, auch 広島",
    language="ru",
    description="Was war\nund was kommt",
    url="https://tracker.example/calendar",
    stamp=dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC),
)


def body(entries: list[Entry] = ENTRIES) -> bytes:
    zones = {entry.timezone for entry in entries if entry.timezone}
    first_year = min((entry.start.year for entry in entries if entry.timezone), default=2015)
    return join_calendar(HEAD, map(render_entry, entries), zones, first_year)
