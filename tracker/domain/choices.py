"""What a calendar chooses, and by what: the selection with its reader's level, and where each entry stands.

`Shown` is all that decides whether an entry belongs into a calendar. What an entry was before is kept too: a calendar
that once showed it must tell its subscribers that it has gone, without telling what has become of it. Pure.
"""

import dataclasses
import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tracker.domain.activities import Status, Visibility
from tracker.domain.calendars import OCCASION, Selection
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext

TOMBSTONE = timedelta(days=90)
"""How long what is off, or no longer shown, stays in a calendar as cancelled: programs that merely miss it keep it."""

_LEVELS = tuple(Visibility)


def may_see(level: Visibility, visibility: Visibility) -> bool:
    """Whether a reader of `level` may see it. What is confidential leaves in no calendar, whoever reads it."""
    return visibility is not Visibility.CONFIDENTIAL and _LEVELS.index(visibility) <= _LEVELS.index(level)


class Form(StrEnum):
    """How an entry stands in a calendar: with all its words, as time that is taken, or as something that is off."""

    FULL = "full"
    BUSY = "busy"
    FAREWELL = "farewell"


@dataclasses.dataclass(frozen=True)
class Shown:
    """Where an entry stands: what calendars select by. `first` and `last` are its days, both included.

    `status` is an activity's, `occasion` the kind of an occasion; each is empty for the other.
    """

    kind: str
    twins: tuple[str, ...]
    visibility: Visibility
    first: date
    last: date
    status: str = ""
    occasion: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "twins": list(self.twins),
            "visibility": self.visibility.value,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "status": self.status,
            "occasion": self.occasion,
        }

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Shown":
        return Shown(
            document["kind"],
            tuple(document["twins"]),
            Visibility(document["visibility"]),
            date.fromisoformat(document["first"]),
            date.fromisoformat(document["last"]),
            document["status"],
            document["occasion"],
        )


@dataclasses.dataclass(frozen=True)
class Stood:
    """Where an entry stood before, and the day that ended."""

    shown: Shown
    until: date

    def to_json(self) -> dict[str, Any]:
        return {**self.shown.to_json(), "until": self.until.isoformat()}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Stood":
        return Stood(Shown.from_json(document), date.fromisoformat(document["until"]))


@dataclasses.dataclass(frozen=True)
class Standing:
    """An entry's whole standing: where it is (None: nowhere), since when it is off (None: it is on), where it was."""

    now: Shown | None
    gone_on: date | None = None
    formerly: tuple[Stood, ...] = ()

    def next_change(self, today: date) -> date | None:
        """The next day on which time alone takes it out of calendars; None where nothing runs out."""
        ends = [stood.until for stood in self.formerly] + ([self.gone_on] if self.gone_on else [])
        return min((end + TOMBSTONE + timedelta(days=1) for end in ends if end + TOMBSTONE >= today), default=None)


@dataclasses.dataclass(frozen=True)
class CalendarChoice:
    """What one calendar holds and for whom. `years_back` and `years_ahead` move with the year; None is no bound.

    `alarms` are minutes before an entry; `both_times` tells the clock of every city in the description; `busy` shows
    the time of what readers of `level` may not see, as taken, and nothing else of it.
    """

    selection: Selection
    level: Visibility = Visibility.PUBLIC
    years_back: int | None = None
    years_ahead: int | None = None
    alarms: tuple[int, ...] = ()
    both_times: bool = False
    busy: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "alarms", tuple(sorted(set(self.alarms), reverse=True)))

    @property
    def key(self) -> str:
        """One text for one choice, so that equal calendars share their stored bytes."""
        return json.dumps(dataclasses.asdict(self), sort_keys=True, default=str)

    def on(self, today: date) -> "CalendarChoice":
        """The choice with its moving bounds turned into days."""
        if self.years_back is None and self.years_ahead is None:
            return self
        first, last = self.selection.first, self.selection.last
        if self.years_back is not None:
            first = date(today.year - self.years_back, 1, 1)
        if self.years_ahead is not None:
            last = date(today.year + self.years_ahead, 12, 31)
        return dataclasses.replace(self, selection=dataclasses.replace(self.selection, first=first, last=last))

    def form(self, standing: Standing, today: date) -> Form | None:
        """How an entry stands in this calendar today; None where it does not."""
        now, gone_on = standing.now, standing.gone_on
        recent = [stood.shown for stood in standing.formerly if today <= stood.until + TOMBSTONE]
        known = next((form for shown in recent if (form := self._holds(shown))), None)
        if now is not None and gone_on is not None:
            if today > gone_on + TOMBSTONE:
                return None
            # Cancelled is no status that anybody chooses; who was shown it before must be told.
            return self._holds(now) or (self._holds(now, any_status=True) if known else None)
        if now is not None and (form := self._holds(now)):
            return form
        if now is not None and now.status == Status.HELD and self._holds(now, any_status=True):
            return None  # it took its course, which is no cancellation
        return Form.FAREWELL if known else None

    def touched_by(self, standing: Standing) -> bool:
        """Whether a change of this entry may change this calendar."""
        states = [stood.shown for stood in standing.formerly] + ([standing.now] if standing.now else [])
        return any(self._holds(state, any_status=True) for state in states)

    def _holds(self, shown: Shown, *, any_status: bool = False) -> Form | None:
        if not self.selection.matches(
            kind=shown.kind,
            twins=shown.twins,
            first=shown.first,
            last=shown.last,
            status="" if any_status else shown.status,
            occasion=shown.occasion,
        ):
            return None
        if may_see(self.level, shown.visibility):
            return Form.FULL
        return Form.BUSY if self.busy and shown.visibility is not Visibility.CONFIDENTIAL else None


def title(choice: CalendarChoice, twins: Mapping[str, Twin], labels: Mapping[str, str]) -> str:
    """What the calendar is called in its language: "Köln – Wolgograd", "Partnerships of Volgograd: Festival"."""
    language, selection = choice.selection.language, choice.selection
    hub = HUB.name(language)
    names = [twins[slug].name(language) if slug in twins else slug for slug in selection.twins]
    name = f"{', '.join(names)} – {hub}" if names else gettext(language, N_("Partnerships of {hub}"), hub=hub)
    kinds = [gettext(language, labels[kind]) for kind in selection.kinds if kind != OCCASION and kind in labels]
    return f"{name}: {', '.join(kinds)}" if kinds else name
