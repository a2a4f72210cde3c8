"""What a calendar file says, as values: its entries, what was left out of it, and what else to know about it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.dates import HistoricDate
from tracker.i18n import gettext, ngettext


@dataclass(frozen=True)
class FileEntry:
    """One entry, or one time of an entry that repeats. `start` and `end` are days or times on the wall in `zone`."""

    number: int  # in the file, the first is 1
    uid: str
    recurrence: str  # the time it stands for, where the entry repeats
    title: str
    title_language: str
    description: str
    description_language: str
    place: str
    start: str
    end: str | None
    zone: str | None
    status: str
    access_class: str
    categories: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class Remark:
    """Something whoever takes in the file should know: a text with its plural, and how many entries it is about."""

    text: tuple[str, str]
    n: int
    values: dict[str, object]

    def message(self, language: str) -> str:
        singular, plural = self.text
        return ngettext(language, singular, plural, self.n, **_told(self.values, language))


@dataclass(frozen=True)
class LeftOut:
    """An entry that is not taken in, or not wholly, and why."""

    number: int
    title: str
    reason: str
    values: dict[str, object] = field(default_factory=dict)

    def message(self, language: str) -> str:
        return gettext(language, self.reason, **_told(self.values, language))


@dataclass(frozen=True)
class CalendarFile:
    entries: tuple[FileEntry, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[Remark, ...]


def _told(values: Mapping[str, object], language: str) -> dict[str, object]:
    """The values of a text, days as one writes them in its language."""
    return {
        name: HistoricDate.parse(value.isoformat()).display(language) if isinstance(value, dt.date) else value
        for name, value in values.items()
    }
