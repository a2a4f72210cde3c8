"""A change of one entry as a mail that people read and calendar programs take over (iTIP, RFC 5546; iMIP, RFC 6047).

The entry is the stored one, byte for byte as the calendar has it, with the two people put in that a message needs. So a
program that gets both sees one entry with one UID and one SEQUENCE. What the mail says in words is read off these bytes
too: it can tell nothing that the calendar does not.
"""

import dataclasses
import datetime as dt
import re
from collections.abc import Iterator
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_location

from tracker.domain.entries import DAY_UNKNOWN
from tracker.domain.twins import HUB
from tracker.i18n import N_, gettext
from tracker.outputs.ical import PRODUCT
from tracker.outputs.ical_zones import FIRST_YEAR, vtimezone
from tracker.outputs.mail import Words

_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}
REQUEST, CANCEL = "REQUEST", "CANCEL"
_HUB = ZoneInfo(HUB.timezone or "UTC")
_BEGIN = b"BEGIN:VEVENT\r\n"
_LINE = re.compile(r"([A-Z-]+)([^:]*):(.*)", re.DOTALL)


@dataclasses.dataclass(frozen=True)
class Told:
    """What an entry says, as far as its reader must be told of a change. `last` is the last day itself."""

    title: str
    place: str
    url: str
    zone: str  # empty for days
    start: dt.date
    last: dt.date
    cancelled: bool

    @property
    def begins(self) -> dt.datetime:
        """The instant; a day begins where the hub is."""
        if isinstance(self.start, dt.datetime):
            return self.start.replace(tzinfo=ZoneInfo(self.zone))
        return dt.datetime.combine(self.start, dt.time(), _HUB)

    def when(self, language: str) -> str:
        start, last = self.start, self.last
        if not isinstance(start, dt.datetime) or not isinstance(last, dt.datetime):
            return _day(start, language) + (f" – {_day(last, language)}" if last > start else "")
        text = f"{_day(start, language)}, {_clock(start, language)}"
        if last.date() > start.date():
            text = f"{text} – {_day(last, language)}, {_clock(last, language)}"
        elif last > start:
            text = f"{text}–{_clock(last, language)}"
        city = get_timezone_location(self.zone, locale=_LOCALES[language], return_city=True)
        return gettext(language, N_("{time} ({city} time)"), time=text, city=city)


@dataclasses.dataclass(frozen=True)
class Change:
    """An entry's bytes before and after; `before` is None where the reader has not seen it.

    `calendar` is the name of what they subscribe to, `calendar_url` its page.
    """

    before: bytes | None
    after: bytes
    language: str
    calendar: str
    calendar_url: str

    @property
    def method(self) -> str:
        return CANCEL if read(self.after).cancelled else REQUEST

    @property
    def is_weighty(self) -> bool:
        """Whether it is worth a mail: new, called off, another time, place or title; no word mended in a text.

        What has no day, and so stands on the first of its month, begins at no moment that could be missed.
        """
        after = read(self.after)
        if after.title.endswith(gettext(self.language, DAY_UNKNOWN, title="").strip()):
            return False
        if self.before is None:
            return not after.cancelled
        before = read(self.before)
        if before.cancelled and after.cancelled:
            return False
        return dataclasses.replace(before, url="") != dataclasses.replace(after, url="")


def message(change: Change, organizer: str, attendee: str) -> str:
    """The iTIP object. Nothing is asked of the reader, so no answer is wanted (RSVP=FALSE)."""
    people = [
        f"ORGANIZER;CN=tracker:{_mailto(organizer)}",
        f"ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:{_mailto(attendee)}",
    ]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", f"METHOD:{change.method}"]
    told = read(change.after)
    zone = vtimezone(told.zone, min(FIRST_YEAR, told.start.year)) if told.zone not in ("", "UTC") else b""
    entry = _without_alarms(change.after).replace(_BEGIN, _BEGIN + b"".join(map(_line, people)), 1)
    return b"".join([*map(_line, head), zone, entry, _line("END:VCALENDAR")]).decode()


def words_for(change: Change) -> Words:
    """What the mail says above the entry."""
    language, told = change.language, read(change.after)
    subject, lead, attached = _wording(change, told)
    links = [(N_("Open in the tracker"), told.url), (N_("Your calendar and its mails"), change.calendar_url)]
    return Words(
        language=language,
        subject=gettext(language, subject, title=told.title, when=told.when(language)),
        heading=told.title,
        lead=gettext(language, lead),
        facts=tuple((gettext(language, label), value) for label, value in _facts(change, told)),
        paragraphs=(gettext(language, attached),),
        links=tuple((gettext(language, label), url) for label, url in links if url),
        why=gettext(language, _WHY, calendar=change.calendar),
        unsubscribe=gettext(language, N_("No more mails about this calendar")),
    )


def _facts(change: Change, told: Told) -> Iterator[tuple[str, str]]:
    """What holds now, and under it what the reader knows where that is something else."""
    before = read(change.before) if change.before else told
    known = [
        (N_("When"), told.when(change.language), before.when(change.language)),
        (N_("Place"), told.place, before.place),
    ]
    if told.title != before.title and not told.cancelled:  # the heading has it
        known.append((N_("Title"), told.title, before.title))
    for label, now, then in known:
        if now or then:
            yield label, now or "–"
        if then and now != then:
            yield N_("Until now"), then


_WHY = N_(
    "You get this because you subscribe to the calendar “{calendar}”, and your calendar program will probably look "
    "there too late."
)


def _wording(change: Change, told: Told) -> tuple[str, str, str]:
    """Subject, first sentence, and what is said of the attachment."""
    if told.cancelled:
        return (
            N_("{title} – {when}"),
            N_("This does not take place as it stands in your calendar."),
            N_("The cancellation is attached for your calendar program. No answer is needed."),
        )
    attached = N_("The entry is attached for your calendar program. No answer is needed.")
    if change.before is None:
        return N_("New: {title} – {when}"), N_("This is new in your calendar, and it is soon."), attached
    return N_("Changed: {title} – {when}"), N_("This has changed, and it is soon."), attached


def read(entry: bytes) -> Told:
    """What one of our own entries says; so no parameter holds a colon."""
    lines = _without_alarms(entry).replace(b"\r\n ", b"").decode().split("\r\n")
    found = {match[1]: (match[2], match[3]) for line in lines if (match := _LINE.fullmatch(line))}
    how, start = found["DTSTART"]
    last = found.get("DTEND", ("", start))[1]
    timed = "T" in start
    return Told(
        title=_text(found["SUMMARY"][1]),
        place=_text(found.get("LOCATION", ("", ""))[1]),
        url=found.get("URL", ("", ""))[1],
        zone=(how.partition(";TZID=")[2] or "UTC") if timed else "",
        start=_time(start),
        # What is stored is the first day that is free again.
        last=_time(last) if timed else _time(last) - dt.timedelta(days=1),
        cancelled=found["STATUS"][1] == "CANCELLED",
    )


def _text(value: str) -> str:
    """A TEXT without its escapes, on one line."""
    plain = re.sub(r"\\(.)", lambda escaped: " " if escaped[1] in "nN" else escaped[1], value)
    return " ".join(plain.split())


def _time(value: str) -> dt.date:
    return dt.datetime.fromisoformat(value.removesuffix("Z")) if "T" in value else dt.date.fromisoformat(value)


def _without_alarms(entry: bytes) -> bytes:
    """An entry sent by mail has none where it is cancelled (RFC 5546, 3.2.5), and rings by the calendar's anyway."""
    return re.sub(rb"BEGIN:VALARM\r\n.*?END:VALARM\r\n", b"", entry, flags=re.DOTALL)


def _day(day: dt.date, language: str) -> str:
    text = format_date(day, "full", locale=_LOCALES[language])
    return text[:1].upper() + text[1:]


def _clock(time: dt.datetime, language: str) -> str:
    return format_time(time.time(), "short", locale=_LOCALES[language])


def _mailto(address: str) -> str:
    return f"mailto:{quote(address, safe='@!$&*+=~')}"


def _line(text: str) -> bytes:
    """At most 75 octets a line; all is ASCII here."""
    return (text[:75] + "".join(f"\r\n {text[n : n + 74]}" for n in range(75, len(text), 74)) + "\r\n").encode("ascii")
