"""What the entries of a calendar file mean: entries to one `ImportActivities`, or every fault in them.

What an entry does not say (kind, twins, language, who may see it) is taken from the options somebody chose; what it
does not say of an activity that is known already is left as staff wrote it. Entries out of our own calendars are known
again by their UID.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tracker.domain.activities import ActivityContent, Kind, Status, Visibility
from tracker.domain.calendars import KIND_STYLES
from tracker.domain.commands import ImportActivities
from tracker.domain.search import fold, without_digraphs
from tracker.domain.twins import HUB, Twin
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, gettext
from tracker.intake.activity_table import source
from tracker.intake.ical_entries import CalendarFile, FileEntry, LeftOut
from tracker.intake.json import checked
from tracker.intake.problems import CellProblem, InvalidCalendar, cell_problem

_NO_TITLE = N_("This entry has no title. Give it one in the program it comes from.")
_NO_KIND = N_("Nothing says which kind of activity this is. Choose a kind for such entries, or put it into CATEGORIES.")
_NO_TWIN = N_(
    "“{value}” names no twin city. Choose twin cities for such entries, or name one in title, place or CATEGORIES."
)
_OURS = N_("It comes from a calendar of this tracker: an anniversary or a part of an activity. It is not taken in.")

_VISIBILITIES = {"": None, "PUBLIC": None, "CONFIDENTIAL": Visibility.CONFIDENTIAL}
_OUR_UID = re.compile("([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@tracker")
_LONGEST_ID = 200
_PROPERTIES = {
    "external_id": "UID",
    "title": "SUMMARY",
    "description": "DESCRIPTION",
    "place": "LOCATION",
    "start": "DTSTART",
    "end": "DTEND",
    "timezone": "DTSTART",
    "status": "STATUS",
    "visibility": "CLASS",
    "kind": "CATEGORIES",
    "twins": "SUMMARY",
    "sources": "URL",
}


@dataclass(frozen=True)
class Options:
    """What is meant where an entry does not say it. `zone`: where times without a zone are the time on the wall.

    `heading`: the number of a sheet's heading row; 0 where the heading is ours and the first row theirs.
    """

    kind: Kind | None = None
    twins: tuple[str, ...] = ()
    language: str = DEFAULT_LANGUAGE
    zone: str = HUB.timezone or ""
    visibility: Visibility = Visibility.PUBLIC
    heading: int = 1


@dataclass(frozen=True)
class Drafts:
    """The activities a file means, each with the entry it comes from; `known` are those of our own calendars."""

    command: ImportActivities
    entries: tuple[FileEntry, ...]
    known: int
    left_out: tuple[LeftOut, ...]


def own_ids(file: CalendarFile) -> set[UUID]:
    """The ids of activities of this tracker that the file shows."""
    return {found for entry in file.entries if (found := _own_id(entry))}


def activities_of(
    file: CalendarFile, options: Options, today: dt.date, twins: Mapping[str, Twin], known: Collection[UUID]
) -> Drafts:
    """Read all entries, or raise `InvalidCalendar` with every fault. `known`: activities there are."""
    reader = _Reader(options, today, twins)
    left_out = list(file.left_out)
    read: list[tuple[FileEntry, ActivityContent, frozenset[str]]] = []
    seen = set()
    for entry in file.entries:
        own = _own_id(entry)
        if own in known:
            seen.add(own)
        elif own is None and entry.uid.endswith("@tracker"):
            left_out.append(LeftOut(entry.number, entry.title, _OURS))
        elif (content := reader.content(entry)) is not None:
            read.append((entry, content, _said(entry, reader.kind_of(entry))))
    if reader.problems:
        raise InvalidCalendar(reader.problems)
    command = ImportActivities(tuple(content for _, content, _ in read), tuple(given for _, _, given in read))
    return Drafts(command, tuple(entry for entry, _, _ in read), len(seen), tuple(left_out))


def placed(problem: FieldProblem, entry: FileEntry) -> CellProblem:
    """A fault of an activity's field, at the entry and the property the field was read from."""
    top = problem.field.partition(".")[0]
    return cell_problem(entry.number, _PROPERTIES.get(top, top), problem.value, problem.reason, problem.values)


class _Reader:
    """Reads entries into contents, gathering faults as it goes."""

    def __init__(self, options: Options, today: dt.date, twins: Mapping[str, Twin]) -> None:
        self.options, self.today = options, today
        self.problems: list[CellProblem] = []
        self._names = {slug: _any_of(twin.all_names()) for slug, twin in twins.items()}
        words = [(gettext(language, KIND_STYLES[kind].label), kind) for kind in Kind for language in LANGUAGES]
        words += [(spelling, kind) for kind in Kind for spelling in (kind.value, kind.value.replace("_", " "))]
        self._kinds = {fold(word): kind for word, kind in words}

    def content(self, entry: FileEntry) -> ActivityContent | None:
        """The activity of this entry; None where `problems` says why not."""
        problems = []
        kind, twins = self.kind_of(entry) or self.options.kind, self._twins_of(entry) or self.options.twins
        if not entry.title:
            problems.append(cell_problem(entry.number, "SUMMARY", "", _NO_TITLE))
        if kind is None:
            problems.append(cell_problem(entry.number, "CATEGORIES", ", ".join(entry.categories), _NO_KIND))
        if not twins:
            problems.append(cell_problem(entry.number, "SUMMARY", entry.title, _NO_TWIN))
        content = None
        if not problems:
            try:
                content = checked(ActivityContent, {**self._document(entry), "kind": kind, "twins": twins})
            except InvalidInput as fault:
                problems += [placed(problem, entry) for problem in fault.problems]
        # The times of a repeating entry share their faults.
        self.problems += [problem for problem in problems if problem not in self.problems[-len(problems) :]]
        return content

    def kind_of(self, entry: FileEntry) -> Kind | None:
        """The kind that a category names, in any of our languages."""
        return next((self._kinds[fold(word)] for word in entry.categories if fold(word) in self._kinds), None)

    def _twins_of(self, entry: FileEntry) -> tuple[str, ...]:
        text = " \n ".join([entry.title, entry.place, *entry.categories])
        spellings = (fold(text), without_digraphs(fold(text)))  # "Koeln" is Köln as well
        return tuple(slug for slug, name in self._names.items() if any(map(name.search, spellings)))

    def _document(self, entry: FileEntry) -> dict[str, Any]:
        language = self.options.language
        described = {entry.description_language or language: entry.description} if entry.description else {}
        return {
            "title": {entry.title_language or language: entry.title},
            "description": described,
            "place": entry.place,
            "start": entry.start,
            "end": entry.end,
            "timezone": entry.zone,
            "status": self._status(entry),
            "visibility": _visibility(entry) or self.options.visibility,
            "sources": [source(entry.url, False)] if entry.url else [],
            "external_id": _external_id(entry),
        }

    def _status(self, entry: FileEntry) -> Status:
        if entry.status == "CANCELLED":
            return Status.CANCELLED
        if (entry.end or entry.start)[:10] < self.today.isoformat():
            return Status.HELD
        return Status.PLANNED if entry.status == "TENTATIVE" else Status.CONFIRMED


def _said(entry: FileEntry, kind: Kind | None) -> frozenset[str]:
    """The fields that an entry really tells of an activity that is known: not what was chosen or only guessed.

    That it takes place is no news either: programs write so of everything, and staff may know better.
    """
    told = {
        "description": entry.description,
        "place": entry.place,
        "kind": kind,
        "visibility": _visibility(entry),
        "status": entry.status == "CANCELLED",
    }
    return frozenset({"external_id", "title", "start", "end", "timezone", *(name for name in told if told[name])})


def _visibility(entry: FileEntry) -> Visibility | None:
    """Who may see it, if not everybody: what is unknown is private (RFC 5545 3.8.1.3)."""
    return _VISIBILITIES.get(entry.access_class, Visibility.STAFF)


def _external_id(entry: FileEntry) -> str:
    whole = f"ics:{entry.uid}" + (f":{entry.recurrence}" if entry.recurrence else "")
    return whole if len(whole) <= _LONGEST_ID else f"ics:sha256:{hashlib.sha256(whole.encode()).hexdigest()}"


def _own_id(entry: FileEntry) -> UUID | None:
    match = _OUR_UID.fullmatch(entry.uid)
    return UUID(match[1]) if match else None


def _any_of(names: Collection[str]) -> re.Pattern[str]:
    """Finds any of some names in a folded text, as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(fold(name)) for name in names)})(?!\w)")
