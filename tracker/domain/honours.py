"""What bears a twin's name or was given by one: a street, a tree, a bell; and when it becomes an occasion.

Somebody may have logged the day it was given, too. Then it is one thing told twice: the milestone's own words are kept,
the more exact of both dates, and both are named as sources. Pure.
"""

import dataclasses
from collections.abc import Collection, Iterable, Sequence

from tracker.domain.activities import ActivityContent
from tracker.domain.dates import HistoricDate
from tracker.domain.details import Milestone
from tracker.domain.honour_names import HONOUR_NAMES
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.words import word
from tracker.i18n import LANGUAGES

_NOT_REMEMBERED = frozenset({"observance", "toponym count"})
"""A day kept every year has a rule of its own, and a count is nothing that happened."""

_GIVEN, _NAMED, _AWARDED, _PLANTED = "gift", "street naming", "award", "tree planting"
_LOGGED_AS = {
    "street": {_NAMED},
    "square": {_NAMED},
    "park": {_NAMED, _PLANTED},
    "tree": {_GIVEN, _PLANTED},
    "award": {_AWARDED},
    "honorary citizenship": {_AWARDED},
}
"""The subtypes of milestones that can tell of a kind of honour; any other kind is a thing that was given."""

LOGGED = frozenset({_GIVEN, _NAMED, _AWARDED, _PLANTED})
"""The subtypes of milestones that tell of something given."""

_SPOKEN = {"RU": "ru", "DE": "de", "AT": "de"}
"""The language of the local name by country, as far as it is one of ours."""


@dataclasses.dataclass(frozen=True)
class Honour:
    slug: str
    kind: str
    name: str
    local_name: str = ""
    country: str = ""
    twin: str | None = None
    date: HistoricDate | None = None
    verified: bool = False


@dataclasses.dataclass(frozen=True)
class Logged:
    """A milestone and its occasion, if it has any."""

    content: ActivityContent
    occasion: Occasion | None


def is_dated(honour: Honour) -> bool:
    """Whether it is something that happened, on a date that is known and verified."""
    return honour.date is not None and honour.verified and honour.kind.strip().lower() not in _NOT_REMEMBERED


def titles_of(honour: Honour) -> dict[str, str]:
    """Its name, in all languages if it is known in them, else as it was typed; and the local one where it is spoken."""
    titles = {"en": honour.name}
    if honour.name in HONOUR_NAMES:
        titles = {language: word(HONOUR_NAMES, honour.name, language) for language in LANGUAGES}
    if honour.local_name and honour.country in _SPOKEN:
        titles[_SPOKEN[honour.country]] = honour.local_name
    return titles


def occasion_of_honour(honour: Honour, linked: Collection[str]) -> Occasion | None:
    """Its occasion; None where its date is not known or not verified, or its twin is not in `linked`."""
    if not is_dated(honour) or (honour.twin is not None and honour.twin not in linked):
        return None
    return Occasion(
        key=f"honour:{honour.slug}",
        kind=OccasionKind.MILESTONE,
        twins=(honour.twin,) if honour.twin else (),
        date=honour.date,
        titles=titles_of(honour),
        sources=(f"honour:{honour.slug}",),
    )


def join_honours(logged: Sequence[Logged], honours: Iterable[Honour], linked: Collection[str]) -> list[Occasion]:
    """The occasions of milestones and honours, each thing once. A milestone can tell of one honour only."""
    found = {place: one.occasion for place, one in enumerate(logged)}
    told: set[int] = set()
    alone = []
    for honour in sorted(honours, key=lambda honour: honour.slug):
        made = occasion_of_honour(honour, linked)
        if made is None:
            continue
        place = next((at for at, one in enumerate(logged) if at not in told and _same(one.content, honour)), None)
        if place is None:
            alone.append(made)
            continue
        told.add(place)
        milestone = found[place]
        if milestone is not None:
            found[place] = _joined(milestone, made)
        elif not _is_left_out(logged[place].content):
            alone.append(made)
    return [*(occasion for occasion in found.values() if occasion), *alone]


def _same(content: ActivityContent, honour: Honour) -> bool:
    return tells_of(content.twins, content.subtype, content.start_date, honour)


def tells_of(twins: Sequence[str], subtype: str, start: HistoricDate, honour: Honour) -> bool:
    """Whether a milestone and an honour are the same thing: of one twin, of a fitting sort, one date in the other."""
    fitting = _LOGGED_AS.get(honour.kind.strip().lower(), {_GIVEN})
    if honour.date is None or tuple(twins) != (honour.twin,) or subtype.strip().lower() not in fitting:
        return False
    return honour.date.contains(start) or start.contains(honour.date)


def _is_left_out(content: ActivityContent) -> bool:
    """Somebody said that it shall not be remembered, so the honour shall not bring it back."""
    return isinstance(content.details, Milestone) and content.details.remembered is False


def _joined(milestone: Occasion, honour: Occasion) -> Occasion:
    date = milestone.date
    if date is None or (honour.date is not None and date.contains(honour.date)):
        date = honour.date
    return dataclasses.replace(milestone, date=date, sources=(*milestone.sources, *honour.sources))
