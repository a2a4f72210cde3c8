"""Calendar programs: which one reads an address, how often it looks, and what it makes of what it reads.

A program says who it is by its User-Agent. What is known of its habits was read off its documentation or its source,
and stands beside it; what we see ourselves (the usual time between two looks) counts more. Pure.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, StrEnum

from tracker.domain.calendars import CalendarHead
from tracker.i18n import N_


class Client(StrEnum):
    GOOGLE = "google"
    APPLE = "apple"
    OUTLOOK_DESKTOP = "outlook_desktop"
    OUTLOOK_WEB = "outlook_web"
    THUNDERBIRD = "thunderbird"
    NEXTCLOUD = "nextcloud"
    GNOME = "gnome"
    KDE = "kde"
    ICSX5 = "icsx5"
    HOME_ASSISTANT = "home_assistant"
    VDIRSYNCER = "vdirsyncer"
    BROWSER = "browser"
    OTHER = "other"


class Cancelled(Enum):
    """What becomes of an entry with STATUS:CANCELLED; the value is the sentence for people."""

    VANISHES = N_("Cancelled entries disappear from it.")
    STRUCK = N_("Cancelled entries are shown struck through.")
    TITLED = N_("Cancelled entries look like all others; only their title says so.")


@dataclass(frozen=True)
class Habits:
    """`usual`: the time between two looks where nothing was observed yet."""

    name: str
    usual: timedelta
    takes_hint: bool = False  # looks as often as the calendar itself asks (REFRESH-INTERVAL, X-PUBLISHED-TTL)
    alarms: bool = True
    colours: bool = False
    cancelled: Cancelled = Cancelled.TITLED
    keeps_by_address: bool = False  # may go on showing what it once read at an address


_HINT = CalendarHead.refresh
_DAY = timedelta(days=1)

HABITS: dict[Client, Habits] = {
    # 8 to 24 hours, whatever the calendar asks for; drops VALARM and COLOR; its copy is shared between accounts, and
    # only another address makes it read again.
    Client.GOOGLE: Habits(
        N_("Google Calendar"), _DAY, alarms=False, cancelled=Cancelled.VANISHES, keeps_by_address=True
    ),
    # As set on the Mac (up to a week) or by "Fetch New Data" on the telephone. Alarms are taken off unless "Remove
    # Alerts" is unticked when subscribing.
    Client.APPLE: Habits(N_("Apple Calendar (iPhone, iPad, Mac)"), _DAY, alarms=False, cancelled=Cancelled.STRUCK),
    # Obeys X-PUBLISHED-TTL as the provider's limit ("Update Limit" in its account settings); no VALARM, no COLOR.
    Client.OUTLOOK_DESKTOP: Habits(N_("Outlook on a computer"), _HINT, takes_hint=True, alarms=False),
    # About three hours; up to a day has been seen.
    Client.OUTLOOK_WEB: Habits(N_("Outlook on the web"), timedelta(hours=3), alarms=False),
    # Every 30 minutes by default, as set in the calendar's properties.
    Client.THUNDERBIRD: Habits("Thunderbird", timedelta(minutes=30), cancelled=Cancelled.STRUCK),
    # A week, unless the calendar asks for more; takes off VALARM unless told otherwise (RefreshWebcalService). Draws
    # COLOR.
    Client.NEXTCLOUD: Habits(
        "Nextcloud", _HINT, takes_hint=True, alarms=False, colours=True, cancelled=Cancelled.STRUCK
    ),
    # Evolution's data server reads for GNOME Calendar too, under one name. As set in the calendar's properties.
    Client.GNOME: Habits(N_("Evolution or GNOME Calendar"), timedelta(hours=1), cancelled=Cancelled.STRUCK),
    Client.KDE: Habits("KDE Kontact", timedelta(hours=1), colours=True, cancelled=Cancelled.STRUCK),
    # One interval for all calendars, a day by default; alarms and COLOR are taken over.
    Client.ICSX5: Habits("ICSx⁵", _DAY, colours=True, cancelled=Cancelled.STRUCK),
    # Its remote calendar asks once a day (SCAN_INTERVAL) and knows neither alarms nor colours.
    Client.HOME_ASSISTANT: Habits("Home Assistant", _DAY, alarms=False),
    # As often as its owner lets it run; what it fetches is shown by khal or another program.
    Client.VDIRSYNCER: Habits("vdirsyncer", timedelta(hours=1)),
    Client.BROWSER: Habits(N_("A web browser"), _DAY, alarms=False),
    Client.OTHER: Habits(N_("Another program"), _DAY),
}

# The first that is found decides, so what pretends to be something else stands before it: Thunderbird and Outlook say
# "Mozilla" as browsers do.
_MARKS: tuple[tuple[Client, str], ...] = (
    (Client.GOOGLE, r"google-calendar-importer"),
    (Client.OUTLOOK_WEB, r"^microsoft\.exchange/"),
    (Client.OUTLOOK_DESKTOP, r"microsoft outlook|microsoft office/|ms-office|outlook/"),
    (Client.THUNDERBIRD, r"thunderbird/|lightning/"),
    (Client.NEXTCLOUD, r"nextcloud"),
    (Client.ICSX5, r"icsx5/"),
    (Client.APPLE, r"dataaccessd/|calendaragent/|calendarstore/|\bical/"),
    (Client.GNOME, r"evolution/"),
    (Client.KDE, r"\bkio/|akonadi|konqueror/"),
    (Client.HOME_ASSISTANT, r"homeassistant/"),
    (Client.VDIRSYNCER, r"vdirsyncer/"),
    (Client.BROWSER, r"^mozilla/5\.0 .*(firefox/|chrome/|safari/|edg/)"),
)
_KNOWN = tuple((client, re.compile(mark, re.IGNORECASE)) for client, mark in _MARKS)

_GONE_AFTER = timedelta(days=30)

ALARMS_IGNORED = N_("It ignores the alarms in a calendar; set them in the program itself.")
ALARMS_REMOVED = N_("It takes the alarms off, unless you untick “Remove alerts” when you subscribe.")
COLOURS_IGNORED = N_("It gives the whole calendar one colour, whatever kind of activity it is.")
HINT_TAKEN = N_("It looks as often as this calendar asks it to.")
KEEPS_BY_ADDRESS = N_("It may go on showing an old version; only a fresh address makes it read everything again.")


def recognise(agent: str) -> Client:
    """Which program calls itself so."""
    return next((client for client, mark in _KNOWN if mark.search(agent)), Client.OTHER)


def looks_again(client: Client) -> bool:
    """Whether it comes back by itself; in a browser somebody looked once."""
    return client is not Client.BROWSER


def expected_fetch(client: Client, last_at: datetime, gap: timedelta | None) -> datetime:
    """When it will probably look again: after the gap we have seen, else its usual one; never before `last_at`."""
    return last_at + max(HABITS[client].usual if gap is None else gap, timedelta(0))


def has_gone(last_at: datetime, now: datetime) -> bool:
    """Whether it has been silent for so long that nobody waits for it any more."""
    return now - last_at > _GONE_AFTER


def remarks(client: Client, *, alarms: bool) -> list[str]:
    """What its owner should know, as message ids; about alarms only where the calendar has some."""
    habits = HABITS[client]
    if client in (Client.BROWSER, Client.OTHER):
        return []
    said = [HINT_TAKEN] if habits.takes_hint else []
    if alarms and not habits.alarms:
        said.append(ALARMS_REMOVED if client is Client.APPLE else ALARMS_IGNORED)
    if not habits.colours:
        said.append(COLOURS_IGNORED)
    said.append(habits.cancelled.value)
    if habits.keeps_by_address:
        said.append(KEEPS_BY_ADDRESS)
    return said
