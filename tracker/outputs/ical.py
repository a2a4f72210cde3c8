"""Calendar values to bytes (RFC 5545, 7986), such that calendar programs as they are read them rightly.

An entry is rendered once per change and its bytes are stored; a calendar is those bytes joined below a head. The same
values always give the same bytes: no clock, no random number, no order of a set. icalendar builds the properties and
folds the lines; where its 7.3 writes what programs refuse or misread, the small classes here say so and write it
themselves. One of two modules that may import icalendar (the other reads calendars: intake.ical).
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Component, Event, vDate, vDatetime, vDuration, vInt, vText, vUri
from icalendar.prop import vCategory, vGeo

from tracker.domain.calendars import CalendarHead, Entry
from tracker.outputs.ical_zones import FIRST_YEAR, vtimezone

PRODUCT: Final = "-//tracker//Partnerships of Volgograd//EN"
"""Without a version: an upgrade alone must not make every subscriber download everything again."""

_UTC_NAMES: Final = frozenset({"UTC", "Etc/UTC"})
CALENDAR_END: Final = b"END:VCALENDAR\r\n"
_ENTRY_END: Final = b"END:VEVENT\r\n"
_ALARM_END: Final = b"END:VALARM\r\n"
_DAY: Final = 24 * 60
_MORNING: Final = timedelta(hours=9)

# Everything that some program takes for the end of a line, written as the one line break a text may hold.
_LINE_BREAKS: Final = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# What no calendar may hold (RFC 5545 3.1), what UTF-8 cannot write, and the other controls that end a line in Python.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# What may stand in an address as it is; anything else, blanks and line breaks too, is written as %XX.
_URL_SIGNS: Final = ":/?#[]@!$&'()*+,;=%~"


class _Text(vText):
    r"""A TEXT that keeps `C:\New`: icalendar takes a backslash before N for a line break, also where none was meant."""

    def to_ical(self) -> bytes:
        escaped = self.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
        return escaped.encode()


class _Geo(vGeo):
    """A position in plain decimals: icalendar writes 0.00001 as 1e-05, which is no FLOAT of RFC 5545."""

    def to_ical(self) -> str:
        return f"{self.latitude:.6f};{self.longitude:.6f}"


def render_entry(entry: Entry) -> bytes:
    """BEGIN:VEVENT … END:VEVENT with its last line break, ready to be stored and joined."""
    event = Event()
    event["UID"] = _text(entry.uid)
    event["SEQUENCE"] = vInt(entry.sequence)
    # DTSTAMP is the last change, not the moment of rendering: that would change the bytes at every reading.
    event["DTSTAMP"] = event["LAST-MODIFIED"] = _instant(entry.stamp)
    if entry.created is not None:
        event["CREATED"] = _instant(entry.created)
    _put_texts(event, entry)
    _put_times(event, entry)
    event["STATUS"] = _text(entry.status)
    event["TRANSP"] = _text("TRANSPARENT" if entry.transparent else "OPAQUE")
    event["CLASS"] = _text(entry.access_class)
    if entry.color is not None:
        event["COLOR"] = _text(entry.color)
    if entry.geo is not None:
        event["GEO"] = _Geo(entry.geo)
    if entry.url:
        event["URL"] = _uri(entry.url)
    if entry.related_to is not None:
        event["RELATED-TO"] = _text(entry.related_to)
    return _bytes(event)


def alarm_head(entry: Entry) -> bytes:
    """An alarm of the entry up to its TRIGGER, which each calendar adds as it likes: see `with_alarms`."""
    alarm = Alarm()
    alarm["ACTION"] = _text("DISPLAY")
    # Required (RFC 5545 3.6.6), and strict programs drop the whole calendar where it is missing or empty.
    alarm["DESCRIPTION"] = _text(entry.summary or entry.uid, entry.language)
    return _bytes(alarm).removesuffix(_ALARM_END)


def with_alarms(body: bytes, head: bytes, minutes: Iterable[int], *, timed: bool) -> bytes:
    """The rendered entry with an alarm so many minutes before it; costs a copy.

    A whole day has no hour to count from: its alarms ring at nine in the morning, so many days before.
    """
    triggers = [timedelta(minutes=n) if timed else timedelta(days=n // _DAY) - _MORNING for n in minutes]
    alarms = [b"%sTRIGGER:%s\r\n%s" % (head, _duration(-before), _ALARM_END) for before in triggers]
    return b"".join([body.removesuffix(_ENTRY_END), *alarms, _ENTRY_END])


def says(body: bytes, text: str) -> bool:
    """Whether a rendered entry holds this text."""
    return _text(text).to_ical() in body.replace(b"\r\n ", b"")


def join_calendar(
    head: CalendarHead, entries: Iterable[bytes], zones: Iterable[str], first_year: int = FIRST_YEAR
) -> bytes:
    """The whole calendar. `zones` are those the entries name, `first_year` is that of the earliest time among them.

    Costs a copy of the bytes, no parsing. The order of `entries` is kept, so give them in a fixed one.
    """
    return b"".join([calendar_head(head, zones, first_year), *entries, CALENDAR_END])


def calendar_head(head: CalendarHead, zones: Iterable[str], first_year: int = FIRST_YEAR) -> bytes:
    """What stands above the entries: the calendar's own properties and the zones its entries name."""
    blocks = [vtimezone(tzid, first_year) for tzid in sorted(set(zones) - _UTC_NAMES)]
    return b"".join([_head(head).removesuffix(CALENDAR_END), *blocks])


def _head(head: CalendarHead) -> bytes:
    """The calendar's own properties.

    Three are left out on purpose. METHOD: a subscription is a snapshot and no invitation; PUBLISH would demand an
    ORGANIZER in every entry (RFC 5546) and CalDAV stores refuse objects with a METHOD (RFC 4791). X-WR-TIMEZONE: no
    time here floats, and Google shifts what it shows by it. UID: vdirsyncer takes it for the uid of every single entry
    and keeps one of them.
    """
    calendar = Calendar()
    calendar["VERSION"] = _text("2.0")
    calendar["PRODID"] = _text(PRODUCT)
    calendar["CALSCALE"] = _text("GREGORIAN")
    calendar["NAME"] = _text(head.name, head.language)
    calendar["X-WR-CALNAME"] = _text(head.name)
    if head.description:
        calendar["DESCRIPTION"] = _text(head.description, head.language)
        calendar["X-WR-CALDESC"] = _text(head.description)
    calendar["COLOR"] = _text(head.color.name)
    calendar["X-APPLE-CALENDAR-COLOR"] = _text(head.color.hex)
    # icalendar's setter forgets VALUE=DURATION, for which Home Assistant refuses the whole calendar.
    calendar["REFRESH-INTERVAL"] = vDuration(head.refresh, params={"VALUE": "DURATION"})
    calendar["X-PUBLISHED-TTL"] = vDuration(head.refresh)
    if head.stamp is not None:
        calendar["LAST-MODIFIED"] = _instant(head.stamp)
    if head.url:
        calendar["URL"] = _uri(head.url)
    if head.source:
        calendar["SOURCE"] = _uri(head.source)
        calendar["SOURCE"].params["VALUE"] = "URI"
    return _bytes(calendar)


def _put_texts(event: Event, entry: Entry) -> None:
    # On one line: calcurse drops an entry whose title has several, and lists show no more than the first.
    event["SUMMARY"] = _text(" ".join(_clean(entry.summary).split("\n")), entry.summary_language or entry.language)
    if entry.description:
        event["DESCRIPTION"] = _text(entry.description, entry.language)
    if entry.location:
        event["LOCATION"] = _text(entry.location, entry.language)
    if entry.categories:
        categories = vCategory([], params={"LANGUAGE": entry.language})
        categories.cats = [_text(label) for label in entry.categories]
        event["CATEGORIES"] = categories


def _put_times(event: Event, entry: Entry) -> None:
    if isinstance(entry.start, datetime):
        event["DTSTART"] = _wall_time(entry.start, entry.timezone)
        # RFC 5545 wants the end after the start; an entry without one takes no time.
        if isinstance(entry.end, datetime) and entry.end > entry.start:
            event["DTEND"] = _wall_time(entry.end, entry.timezone)
        return
    event["DTSTART"] = _day(entry.start)
    event["DTEND"] = _day((entry.end or entry.start) + timedelta(days=1))  # the first day that is free again
    event["X-MICROSOFT-CDO-ALLDAYEVENT"] = _text("TRUE")


def _duration(span: timedelta) -> bytes:
    written: bytes = vDuration(span).to_ical()  # type: ignore[no-untyped-call]  # icalendar leaves it untyped
    return written


def _text(text: str, language: str = "") -> _Text:
    return _Text(_clean(text), params={"LANGUAGE": language} if language else None)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", _LINE_BREAKS.sub("\n", text))


def _uri(address: str) -> vUri:
    return vUri(quote(_FORBIDDEN.sub("", address.strip()), safe=_URL_SIGNS))


def _instant(moment: datetime) -> vDatetime:
    return vDatetime(moment.astimezone(UTC))


def _wall_time(time: datetime, zone: str | None) -> vDatetime:
    if zone is None or zone in _UTC_NAMES:
        return vDatetime(time.replace(tzinfo=UTC))
    placed = time.replace(tzinfo=ZoneInfo(zone))  # an unknown zone shall stop this entry, not the whole calendar later
    if placed.utcoffset() != placed.replace(fold=1).utcoffset():
        # The clock shows this time twice or never, and then every program means another moment by it.
        return _instant(placed)
    wall_time = vDatetime(time)
    wall_time.params["TZID"] = zone  # afterwards: icalendar drops a TZID that is handed in with a time without tzinfo
    return wall_time


def _day(day: date) -> vDate:
    return vDate(day, params={"VALUE": "DATE"})


def _bytes(component: Component) -> bytes:
    rendered: bytes = component.to_ical()
    return rendered
