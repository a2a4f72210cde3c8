"""How to take a calendar into the program one uses: the steps in words, and a sketch of what one sees meanwhile.

The sketches are drawn by us from the names of the menus, so they speak the reader's language and can be read on a
telephone and in the dark. A step that a program's newest version does otherwise is mended here alone.
"""

import textwrap
from dataclasses import dataclass

from tracker.domain.clients import Client
from tracker.i18n import N_, gettext


@dataclass(frozen=True)
class Screen:
    """What one sees at a step: rows below one another, `press` being the one to press; or where the address goes."""

    step: int
    title: str
    rows: tuple[str, ...] = ()
    press: int | None = None
    button: str = ""


@dataclass(frozen=True)
class Guide:
    key: str
    name: str
    client: Client
    steps: tuple[str, ...]
    screens: tuple[Screen, ...]
    telephone: bool = False


GUIDES = (
    Guide(
        "iphone",
        N_("iPhone and iPad"),
        Client.APPLE,
        (
            N_("On that device, press “Open in my calendar program” above, or point its camera at the code."),
            N_("Confirm with “Subscribe”."),
            N_(
                "If nothing opens: Calendar, “Calendars” at the foot, “Add Calendar”, “Add Subscription Calendar”, "
                "and paste the address."
            ),
        ),
        (
            Screen(3, N_("Calendar"), (N_("Today"), N_("Calendars"), N_("Inbox")), 1),
            Screen(3, N_("Add Calendar"), (N_("Add Calendar"), N_("Add Subscription Calendar")), 1),
            Screen(3, N_("Add Subscription Calendar"), button=N_("✓ Subscribe")),
        ),
        telephone=True,
    ),
    Guide(
        "mac",
        "Mac",
        Client.APPLE,
        (
            N_("In Calendar, open the menu “File” and choose “New Calendar Subscription”."),
            N_("Paste the address and press “Subscribe”."),
            N_("Set “Auto-refresh” to every hour. If you want its alarms, untick “Remove: Alerts”."),
        ),
        (
            Screen(1, N_("File"), (N_("New Calendar"), N_("New Calendar Subscription"), N_("Import…")), 1),
            Screen(2, N_("Enter the address of the calendar"), button=N_("✓ Subscribe")),
            Screen(3, N_("Info"), (N_("Remove: Alerts"), N_("Auto-refresh: Every hour")), 1, N_("OK")),
        ),
    ),
    Guide(
        "google",
        N_("Google Calendar"),
        Client.GOOGLE,
        (
            N_("Open calendar.google.com on a computer; the telephone app cannot do this step."),
            N_("On the left, next to “Other calendars”, press + and choose “From URL”."),
            N_("Paste the address and press “Add calendar”."),
            N_("The telephone app shows it afterwards: in its settings, tick the calendar where it is missing."),
        ),
        (
            Screen(2, "Google", (N_("My calendars"), N_("Other calendars +")), 1),
            Screen(2, N_("Other calendars"), (N_("Subscribe to calendar"), N_("From URL"), N_("Import")), 1),
            Screen(3, N_("From URL"), button=N_("Add calendar")),
        ),
    ),
    Guide(
        "outlook",
        N_("Outlook: new and on the web"),
        Client.OUTLOOK_WEB,
        (
            N_("Open the calendar and choose “Add calendar”."),
            N_("Choose “Subscribe from web” and paste the address."),
            N_("Give it a name and press “Import”."),
        ),
        (
            Screen(1, "Outlook", (N_("Add calendar"), N_("My calendars")), 0),
            Screen(
                2,
                N_("Add calendar"),
                (N_("Create blank calendar"), N_("Subscribe from web"), N_("Upload from file")),
                1,
            ),
            Screen(2, N_("Subscribe from web"), button=N_("Import")),
        ),
    ),
    Guide(
        "outlook-classic",
        N_("Outlook: classic"),
        Client.OUTLOOK_DESKTOP,
        (
            N_("In the calendar, choose “Open Calendar” on the ribbon (“Add Calendar” in newer ones)."),
            N_("Choose “From Internet…” and paste the address."),
            N_("Press “OK”, then “Yes”. If it refuses, write https:// at the beginning."),
        ),
        (
            Screen(1, N_("Home"), (N_("Calendar Groups"), N_("Open Calendar")), 1),
            Screen(2, N_("Open Calendar"), (N_("From Address Book…"), N_("From Internet…")), 1),
            Screen(2, N_("New Internet Calendar Subscription"), button=N_("OK")),
        ),
    ),
    Guide(
        "thunderbird",
        "Thunderbird",
        Client.THUNDERBIRD,
        (
            N_("In the calendar, choose “New Calendar”, then “On the Network”."),
            N_("Leave the user name empty and paste the address."),
            N_("Press “Find Calendars”, then “Subscribe”."),
        ),
        (
            Screen(1, N_("Calendar"), (N_("Show All Calendars"), N_("New Calendar…")), 1),
            Screen(1, N_("Create New Calendar"), (N_("On My Computer"), N_("On the Network")), 1),
            Screen(2, N_("Location:"), button=N_("Find Calendars")),
        ),
    ),
    Guide(
        "android",
        "Android: ICSx⁵",
        Client.ICSX5,
        (
            N_("Install ICSx⁵, a free program from F-Droid or Google Play."),
            N_("Press + and paste the address; or open it in the telephone’s browser and choose ICSx⁵."),
            N_("The calendar then shows in the calendar app of your telephone."),
        ),
        (
            Screen(2, "ICSx⁵", ("+",), 0),
            Screen(2, N_("Add subscription"), button=N_("Next")),
        ),
        telephone=True,
    ),
    Guide(
        "nextcloud",
        "Nextcloud",
        Client.NEXTCLOUD,
        (
            N_("In the app Calendar, press + next to “New calendar” on the left."),
            N_("Choose “New subscription from link (read-only)”."),
            N_("Paste the address and confirm with the tick."),
        ),
        (
            Screen(1, "Nextcloud", (N_("New calendar +"), N_("Personal")), 0),
            Screen(2, N_("New calendar +"), (N_("New calendar"), N_("New subscription from link (read-only)")), 1),
            Screen(3, N_("New subscription from link (read-only)"), button="✓"),
        ),
    ),
)


@dataclass(frozen=True)
class Row:
    y: int
    height: int
    lines: tuple[str, ...]
    pressed: bool


@dataclass(frozen=True)
class Sketch:
    """A screen laid out for drawing; the numbers are units of a drawing 240 wide."""

    step: int
    title: tuple[str, ...]
    rows: tuple[Row, ...]
    field: int | None
    button: str
    button_at: int
    height: int


_LETTERS = 23
"""So many fit into a line, wide Cyrillic ones too."""


def sketch(screen: Screen, language: str) -> Sketch:
    title = _lines(screen.title, language)
    y = 20 + 17 * len(title)
    rows = []
    for index, label in enumerate(screen.rows):
        lines = _lines(label, language)
        rows.append(Row(y, 14 + 16 * len(lines), lines, index == screen.press))
        y += rows[-1].height + 4
    field = None if screen.rows else y
    y += 0 if screen.rows else 38
    button = gettext(language, screen.button) if screen.button else ""
    return Sketch(screen.step, title, tuple(rows), field, button, y + 2, y + (46 if button else 8))


def _lines(label: str, language: str) -> tuple[str, ...]:
    return tuple(textwrap.wrap(gettext(language, label), _LETTERS)) if label else ()
