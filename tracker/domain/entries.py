"""How an activity becomes an entry of a calendar: its days, its words, and what is left when it may no longer be seen.

Nobody invents a day: known to the month it stands on the first, marked so; known less exactly it stands in no calendar.
Cities bear the name they had then (R4). Pure: the same values give the same entry.
"""

import dataclasses
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from babel.numbers import format_decimal

from tracker.domain.activities import RUNNING, Activity, Basis, Bound, Count, Side, Status, Visibility
from tracker.domain.calendars import CANCELLED_TITLE, KIND_STYLES, AccessClass, Entry, EntryStatus
from tracker.domain.choices import Shown, Stood
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin, names_on
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext

RENDERED = frozenset({
    "kind", "status", "reason", "title", "description", "twins", "start", "end", "timezone", "place", "visibility",
    "leaders", "counts", "direction", "details",
})  # fmt: skip
"""The fields of an activity that an entry is made of; a change of any other changes no calendar."""

SHOWN_BY = frozenset({"kind", "status", "twins", "visibility", "start", "end", "details"})
"""The fields that say where an activity's entries stand."""

RENDERED_OF_TWIN = frozenset({"names", "local_name", "former_names", "latitude", "longitude", "timezone"})

DAY_UNKNOWN = N_("{title} (day unknown)")
_BEGINS = N_("Begins: {title}")
_POSTPONED = N_("Postponed: {title}")
_CANCELLED = N_("Cancelled")
_BUSY = N_("Busy")

_COUNTED = {
    "participants": N_("Participants"),
    "travellers": N_("Travellers"),
    "audience": N_("Audience"),
    "pupils": N_("Pupils"),
}
_BOUNDS = {Bound.ABOUT: N_("about {number}"), Bound.MORE_THAN: N_("more than {number}")}
_BASES = {Basis.PLANNED: N_("planned"), Basis.WANTED: N_("wanted"), Basis.REGISTERED: N_("registered")}
_STATUSES = {
    Status.PLANNED: EntryStatus.TENTATIVE,
    Status.POSTPONED: EntryStatus.TENTATIVE,
    Status.CANCELLED: EntryStatus.CANCELLED,
}


@dataclasses.dataclass(frozen=True)
class Numbering:
    """An entry's identity and age, which come from the log and not from its content."""

    uid: str
    sequence: int
    stamp: datetime
    created: datetime | None = None


@dataclasses.dataclass(frozen=True)
class Days:
    """The days an entry stands on. `day_known` False: on the first of its month; `begins`: only its first day."""

    first: date
    last: date
    day_known: bool = True
    begins: bool = False


def uid_of(activity_id: UUID) -> str:
    return f"{activity_id}@tracker"


def days_of(start: str, end: str | None) -> Days | None:
    """The days of something that lasts from `start` to `end`; None where no day and no month is known."""
    if "T" in start:
        first = date.fromisoformat(start[:10])
        return Days(first, date.fromisoformat(end[:10]) if end and end != RUNNING else first)
    span = HistoricDate.parse(start)
    begin, finish = span.ends
    if end is not None:
        finish = HistoricDate.parse(end).ends[1] if end != RUNNING else None
    if begin is None or begin.earliest is None:
        return None
    if (day := begin.exact_day) is None:
        return _in_month(begin)
    if end is None and not span.is_interval:
        return Days(day, day)
    if finish is not None and finish.exact_day is not None:
        return Days(day, finish.exact_day)
    return Days(day, day, begins=True)


def _in_month(begin: HistoricDate) -> Days | None:
    """The first of the month for what is known to the month; a doubtful day is no better than its month."""
    doubtful = begin.approximate or begin.uncertain
    if begin.earliest is None or (begin.precision, doubtful) not in {(Precision.MONTH, False), (Precision.DAY, True)}:
        return None
    first = begin.earliest.replace(day=1)
    return Days(first, first, day_known=False)


def shown(document: Mapping[str, Any]) -> Shown | None:
    """Where an activity's entry stands, from its JSON; None where it has none, or is confidential."""
    return stands(document, days_of(document["start"], document.get("end"))) if document.get("start") else None


def stands(document: Mapping[str, Any], days: Days | None) -> Shown | None:
    """Where an entry of an activity stands that is on these days."""
    visibility = document.get("visibility")
    if days is None or visibility in (None, Visibility.CONFIDENTIAL):
        return None
    return Shown(
        str(document["kind"]),
        tuple(document["twins"]),
        Visibility(visibility),
        days.first,
        days.last,
        status=str(document.get("status", "")),
    )


def activity_entry(
    activity: Activity,
    twins: Mapping[str, Twin],
    language: str,
    numbering: Numbering,
    *,
    base_url: str = "",
    removed: bool = False,
) -> Entry | None:
    """The entry of an activity in one language; None where it has no day. One that was removed keeps its title only."""
    days = days_of(activity.start, activity.end)
    if days is None:
        return None
    places = _Places(activity, twins, language)
    cancelled = removed or activity.status is Status.CANCELLED
    location, geo = places.location
    return Entry(
        uid=numbering.uid,
        sequence=numbering.sequence,
        stamp=numbering.stamp,
        created=numbering.created,
        language=language,
        summary=_summary(activity, days, language, cancelled=cancelled),
        summary_language=told_in(activity.title, language),
        description="" if removed else _description(activity, days, places),
        location="" if removed else location,
        geo=None if removed else geo,
        url=f"{base_url}/activities/{activity.id}" if base_url and not removed else "",
        categories=(gettext(language, KIND_STYLES[activity.kind].label), *places.twins),
        color=KIND_STYLES[activity.kind].colour.name,
        status=EntryStatus.CANCELLED if cancelled else _STATUSES.get(activity.status, EntryStatus.CONFIRMED),
        # A day in the calendar that informs must not make anybody look busy.
        transparent=cancelled or not activity.timed,
        access_class=AccessClass.PUBLIC if activity.visibility is Visibility.PUBLIC else AccessClass.PRIVATE,
        **_times(activity, days),
    )


def farewell_entry(formerly: tuple[Stood, ...], language: str, numbering: Numbering) -> Entry:
    """What is left for those who have seen an entry and no longer may: that it is off, on the day they knew.

    The day is the last one that the widest circle knew, so it tells nobody anything new.
    """
    states = [stood.shown for stood in formerly]
    widest = min(list(Visibility).index(state.visibility) for state in states)
    known = [state for state in states if list(Visibility).index(state.visibility) == widest][-1]
    return Entry(
        uid=numbering.uid,
        sequence=numbering.sequence,
        stamp=numbering.stamp,
        language=language,
        summary=gettext(language, _CANCELLED),
        start=known.first,
        end=known.last,
        status=EntryStatus.CANCELLED,
        transparent=True,
    )


def busy_entry(entry: Entry) -> Entry:
    """The same time without its words, for those who may know that it is taken and nothing else."""
    cancelled = entry.status is EntryStatus.CANCELLED
    return Entry(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.stamp,
        language=entry.language,
        summary=gettext(entry.language, _CANCELLED if cancelled else _BUSY),
        start=entry.start,
        end=entry.end,
        timezone=entry.timezone,
        status=entry.status,
        transparent=entry.transparent,
        access_class=AccessClass.PRIVATE,
    )


def told_in(texts: Mapping[str, str], language: str) -> str:
    """The language a text is told in: `language` itself, else English, else the first of its languages by tag."""
    return next((tag for tag in (language, DEFAULT_LANGUAGE, *sorted(texts)) if texts.get(tag)), language)


def localized(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, or as `told_in` falls back."""
    return texts.get(told_in(texts, language), "")


def _times(activity: Activity, days: Days) -> dict[str, Any]:
    if not activity.timed:
        return {"start": days.first, "end": days.last}
    end = datetime.fromisoformat(activity.end) if activity.end and activity.end != RUNNING else None
    return {"start": datetime.fromisoformat(activity.start), "end": end, "timezone": activity.timezone}


def _summary(activity: Activity, days: Days, language: str, *, cancelled: bool) -> str:
    title = localized(activity.title, language)
    if not days.day_known:
        title = gettext(language, DAY_UNKNOWN, title=title)
    if days.begins:
        title = gettext(language, _BEGINS, title=title)
    if cancelled:
        return gettext(language, CANCELLED_TITLE, title=title)
    if activity.status is Status.POSTPONED:
        return gettext(language, _POSTPONED, title=title)
    return title


def _description(activity: Activity, days: Days, places: "_Places") -> str:
    language = places.language
    lines = [] if days.day_known and not days.begins else [_when(activity).display(language)]
    lines.append(" – ".join([*places.twins, places.hub]))
    lines.append(localized(activity.description, language))
    lines += [", ".join(filter(None, (leader.name, leader.office))) for leader in activity.leaders]
    lines += [_count(count, places) for count in activity.counts]
    if activity.reason and activity.status in (Status.CANCELLED, Status.POSTPONED):
        lines.append(gettext(language, N_("Reason: {reason}"), reason=activity.reason))
    return "\n".join(filter(None, lines))


def _when(activity: Activity) -> HistoricDate:
    if activity.start_date.is_interval:
        return activity.start_date
    end = activity.end_date
    if end is not None and end.is_interval:
        end = end.ends[1]
    return HistoricDate.span(activity.start_date, ".." if activity.running else end)


def _count(count: Count, places: "_Places") -> str:
    """A number never without its label (R9): "Travellers: about 12 (registered, Coventry)"."""
    language = places.language
    number = format_decimal(count.value, locale=language)
    if count.bound in _BOUNDS:
        number = gettext(language, _BOUNDS[count.bound], number=number)
    label = gettext(language, _COUNTED[count.of]) if count.of in _COUNTED else count.of
    sides = {Side.HUB: [places.hub], Side.TWIN: places.twins}.get(count.side, []) if count.side else []
    notes = [*([gettext(language, _BASES[count.basis])] if count.basis in _BASES else []), *sides]
    return f"{label}: {number}" + (f" ({', '.join(notes)})" if notes else "")


class _Places:
    """The cities of an activity as they were called then, in one language."""

    def __init__(self, activity: Activity, twins: Mapping[str, Twin], language: str) -> None:
        self.language, self.day = language, activity.earliest
        self.twins = names_on(self.day, twins, activity.twins, language)
        self.hub = HUB.name_at(self.day, language)
        self._place = activity.place
        self._cities = [HUB, *(twins[slug] for slug in activity.twins if slug in twins)]

    @property
    def location(self) -> tuple[str, tuple[float, float] | None]:
        """The place as written; if it is one of the cities, under its name of then, with its position."""
        for city in self._cities:
            if self._place and _folded(self._place) in map(_folded, city.all_names()):
                known = city.latitude is not None and city.longitude is not None
                position = (city.latitude or 0.0, city.longitude or 0.0) if known else None
                return city.name_at(self.day, self.language), position
        return self._place, None


_folded = lru_cache(maxsize=2048)(fold)
