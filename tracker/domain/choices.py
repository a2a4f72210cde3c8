"""What a calendar chooses, and by what: the selection with its reader's level, and where each entry stands.

`Shown` is all that decides whether an entry belongs into a calendar. What an entry was before is kept too: a calendar
that once showed it must tell its subscribers that it has gone, without telling what has become of it. Pure.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from tracker.domain.activities import Visibility
from tracker.domain.calendars import OCCASION, Selection
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext

_LEVELS = tuple(Visibility)


def may_see(level: Visibility, visibility: Visibility) -> bool:
    """Whether a reader of `level` may see it. What is confidential leaves in no calendar, whoever reads it."""
    return visibility is not Visibility.CONFIDENTIAL and _LEVELS.index(visibility) <= _LEVELS.index(level)


@dataclasses.dataclass(frozen=True)
class Shown:
    """Where an entry stands: what calendars select by. `first` and `last` are its days, both included."""

    kind: str
    twins: tuple[str, ...]
    visibility: Visibility
    first: date
    last: date

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "twins": list(self.twins),
            "visibility": self.visibility.value,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Shown":
        return Shown(
            document["kind"],
            tuple(document["twins"]),
            Visibility(document["visibility"]),
            date.fromisoformat(document["first"]),
            date.fromisoformat(document["last"]),
        )


@dataclasses.dataclass(frozen=True)
class CalendarChoice:
    """What one calendar holds and for whom. `years_back` and `years_ahead` move with the year; None is no bound."""

    selection: Selection
    level: Visibility = Visibility.PUBLIC
    years_back: int | None = None
    years_ahead: int | None = None

    @property
    def key(self) -> str:
        """One text for one choice, so that equal calendars share their stored bytes."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, default=str)

    def on(self, today: date) -> "CalendarChoice":
        """The choice with its moving bounds turned into days."""
        first, last = self.selection.first, self.selection.last
        if self.years_back is not None:
            first = date(today.year - self.years_back, 1, 1)
        if self.years_ahead is not None:
            last = date(today.year + self.years_ahead, 12, 31)
        return dataclasses.replace(self, selection=dataclasses.replace(self.selection, first=first, last=last))

    def holds(self, shown: Shown) -> bool:
        return may_see(self.level, shown.visibility) and self.selection.matches(
            kind=shown.kind, twins=shown.twins, first=shown.first, last=shown.last
        )


def title(choice: CalendarChoice, twins: Mapping[str, Twin], labels: Mapping[str, str]) -> str:
    """What the calendar is called in its language: "Köln – Wolgograd", "Partnerships of Volgograd: Festival"."""
    language, selection = choice.selection.language, choice.selection
    hub = HUB.name(language)
    names = [twins[slug].name(language) if slug in twins else slug for slug in selection.twins]
    name = f"{', '.join(names)} – {hub}" if names else gettext(language, N_("Partnerships of {hub}"), hub=hub)
    kinds = [gettext(language, labels[kind]) for kind in selection.kinds if kind != OCCASION and kind in labels]
    return f"{name}: {', '.join(kinds)}" if kinds else name
