"""Calendar programs as people have them: each is handed a calendar and tells what it has understood.

Libraries are asked through the small programs in `readers`; calcurse, khal with vdirsyncer, and Thunderbird run as they
are, with a home of their own. What they tell in their own ways becomes a list of `Read`; what a program has no way to
tell is None, and `Program.told` leaves it out of what is expected. Missing programs skip, and fail in CI.
"""

import contextlib
import datetime as dt
import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.clients.feed import DAY, Read
from tests.conftest import missing
from tests.journeys.processes import BIN, own_environ, place, until

HERE = Path(__file__).parent
OWN = HERE / ".venv" / "bin"
"""Python programs whose packages do not go together with ours; `make clients` installs them."""
ALL = frozenset({"uid", "summary", "start", "end", "zone", "status", "sequence", "related_to"})
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Program:
    """A program, what it can tell of an entry, and how much of a title it keeps."""

    name: str
    tells: frozenset[str] = ALL
    longest: int | None = None

    def told(self, entries: Iterable[Read]) -> list[Read]:
        """The entries as far as this program can tell them, in a fixed order."""
        untold: dict[str, Any] = {field: "" if field == "uid" else None for field in ALL - self.tells}
        told = [replace(read, summary=read.summary[: self.longest], **untold) for read in entries]
        return sorted(told, key=lambda read: (read.start, read.summary, read.end, read.uid))


def run(command: Sequence[str | Path], home: Path, **environ: str) -> str:
    """What the program prints, in UTC and in a home of its own; a program that fails has failed the test."""
    done = subprocess.run(
        list(map(str, command)),
        env=own_environ(HOME=str(home), TZ="UTC", LC_ALL="C.UTF-8", **environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


# --- libraries -------------------------------------------------------------------------------------------------------

LIBRARIES: dict[str, tuple[str | Path, str]] = {
    "libical": ("/usr/bin/python3", "with_libical.py"),
    "ical.js": ("node", "with_ical_js.mjs"),
    "node-ical": ("node", "with_node_ical.mjs"),
    "ical": (BIN / "python", "with_ical.py"),
    "vobject": (OWN / "python", "with_vobject.py"),
}


def read_by_library(name: str, calendar: Path, home: Path) -> list[Read]:
    interpreter, reader = LIBRARIES[name]
    _check(name)
    told = json.loads(run([interpreter, HERE / "readers" / reader, calendar], home))
    return [Read(**entry) for entry in told]


def _check(name: str) -> None:
    if name == "libical":
        command = ["/usr/bin/python3", "-c", "import gi; gi.require_version('ICalGLib', '3.0')"]
        if not Path(command[0]).exists() or subprocess.run(command, capture_output=True, check=False).returncode:
            missing("libical", "Debian's gir1.2-ical-3.0 and python3-gi are not installed")
    elif name in ("ical.js", "node-ical"):
        if not shutil.which("node") or not (HERE / "node_modules" / name).exists():
            missing(name, "say `make clients` (needs Debian's nodejs and npm)")
    elif name == "vobject":
        own("python")


def own(program: str) -> Path:
    if not (OWN / program).exists():
        missing(program, "say `make clients`")
    return OWN / program


def debian(program: str) -> str:
    return shutil.which(program) or missing(program, f"Debian's package {program} is not installed")


# --- calcurse --------------------------------------------------------------------------------------------------------

CALCURSE = Program("calcurse", frozenset({"summary", "start", "end"}), longest=4000)  # of 8,192 bytes
_LINE = re.compile(
    r"(?P<day>\S+) (?:@ (?P<time>\S+) -> (?P<end_day>\S+) @ (?P<end_time>\d\d:\d\d)|\[1\](?: \{1D -> (?P<last>\S+)\})?)"
    r" ?(?:>[0-9a-f]{40})? ?\|?(?P<summary>.*)"
)


def read_by_calcurse(calendar: Path, home: Path) -> list[Read]:
    """What calcurse keeps after an import."""
    run([debian("calcurse"), "-D", home / "calcurse", "-C", home / "calcurse", "--quiet", "-i", calendar], home)
    kept = (home / "calcurse" / "apts").read_text(errors="replace")
    return [_from_calcurse(line) for line in kept.splitlines()]


def _from_calcurse(line: str) -> Read:
    found = _LINE.fullmatch(line)
    assert found, f"calcurse writes {line!r}"
    day, last = _day(found["day"]), _day(found["last"] or found["day"])
    if found["time"]:
        start, end = f"{day}T{found['time']}:00Z", f"{_day(found['end_day'])}T{found['end_time']}:00Z"
        return Read("", found["summary"], start, end)
    return Read("", found["summary"], str(day), str(last + DAY))


def _day(text: str) -> dt.date:
    month, day, year = map(int, text.split("/"))
    return dt.date(year, month, day)


# --- khal ------------------------------------------------------------------------------------------------------------

KHAL = Program("khal", frozenset({"summary", "start", "end", "status"}))
_VDIRSYNCER = """
[general]
status_path = "{home}/status"
[pair ours]
a = "web"
b = "disk"
collections = null
[storage web]
type = "http"
url = "{url}"
[storage disk]
type = "filesystem"
path = "{home}/entries"
fileext = ".ics"
"""
_KHAL = """
[calendars]
[[ours]]
path = {home}/entries
readonly = True
[sqlite]
path = {home}/khal.db
[locale]
timeformat = %H:%M:%S
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%dT%H:%M:%SZ
longdatetimeformat = %Y-%m-%dT%H:%M:%SZ
local_timezone = UTC
default_timezone = UTC
"""
_TELLS_KHAL = ("title", "start-long-full", "end-long-full", "all-day", "status")


def read_by_khal(url: str, home: Path, first: dt.date, last: dt.date) -> list[Read]:
    """What khal shows of these days once vdirsyncer has fetched the calendar; called again it fetches again."""
    sync: list[str | Path] = [own("vdirsyncer"), "--config", home / "vdirsyncer.conf"]
    if not (home / "khal.conf").exists():
        (home / "entries").mkdir(parents=True)
        (home / "vdirsyncer.conf").write_text(_VDIRSYNCER.format(home=home, url=url))
        (home / "khal.conf").write_text(_KHAL.format(home=home))
        run([*sync, "discover"], home)
    run([*sync, "sync"], home)
    fields = [word for field in _TELLS_KHAL for word in ("--json", field)]
    days = run([own("khal"), "-c", home / "khal.conf", "list", "--once", *fields, str(first), str(last)], home)
    return [_from_khal(shown) for day in days.splitlines() for shown in json.loads(day)]


def _from_khal(shown: dict[str, str]) -> Read:
    start, end = shown["start-long-full"], shown["end-long-full"]
    if shown["all-day"] == "True":  # and then the end is the last day itself
        start, end = start[:10], str(dt.date.fromisoformat(end[:10]) + DAY)
    return Read("", shown["title"], start, end, status=shown["status"].strip())


# --- Thunderbird -----------------------------------------------------------------------------------------------------

THUNDERBIRD = Program("Thunderbird")
_ENTRIES = """
SELECT e.id, e.title, e.event_start, e.event_end, e.event_start_tz, e.flags & 8, e.ical_status, s.value, r.icalString
FROM cal_events e
LEFT JOIN cal_properties s ON s.cal_id = e.cal_id AND s.item_id = e.id AND s.key = 'SEQUENCE'
LEFT JOIN cal_relations r ON r.cal_id = e.cal_id AND r.item_id = e.id
"""


def read_by_thunderbird(url: str, home: Path, there: Callable[[list[Read]], bool]) -> list[Read]:
    """What Thunderbird keeps as soon as it is `there`; started again with the same home it asks again."""
    program = debian("thunderbird")
    profile = home / "profile"
    profile.mkdir(parents=True, exist_ok=True)
    settings = {"type": "ics", "uri": url, "name": "ours", "cache.enabled": True, "refreshInterval": "1"}
    wanted = {f"calendar.registry.ours.{name}": value for name, value in settings.items()} | {
        "calendar.list.sortOrder": "ours",
        "mail.provider.suppress_dialog_on_startup": True,
        "mailnews.start_page.enabled": False,
        "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
        "app.update.enabled": False,
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in wanted.items()]
    (profile / "user.js").write_text("".join(lines))
    with place(home) as processes:
        environ = own_environ(HOME=str(home), TZ="UTC")
        running = processes.start(
            "thunderbird", [program, "--headless", "--no-remote", "--profile", str(profile)], environ
        )

        def kept() -> list[Read] | None:
            found = _from_thunderbird(profile / "calendar-data", home / "copy")
            return found if there(found) else None

        found = until(kept, "Thunderbird has the calendar", 60, running.tail)
        running.stop()
    return found


def _from_thunderbird(folder: Path, copy: Path) -> list[Read]:
    """What is in its database now: read in a copy, for while it runs it lets nobody else in."""
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(folder, copy)
        with contextlib.closing(sqlite3.connect(copy / "cache.sqlite")) as database:
            return [_of_row(*row) for row in database.execute(_ENTRIES)]
    except (OSError, shutil.Error, sqlite3.DatabaseError):  # it is still making its tables, or just writing
        return []


def _of_row(
    uid: str, title: str, start: int, end: int, zone: str, all_day: int, status: str, sequence: str, related: str | None
) -> Read:
    form = "%Y-%m-%d" if all_day else "%Y-%m-%dT%H:%M:%SZ"
    first, after = ((EPOCH + dt.timedelta(microseconds=moment)).strftime(form) for moment in (start, end))
    belongs_to = related.strip().removeprefix("RELATED-TO:") if related else None
    return Read(uid, title, first, after, None if all_day else zone, status, int(sequence), belongs_to)
