"""What can be reminded of an activity: its start, its end, an agreement's end, a stage, that nobody confirmed it. Pure.

Also of a day of the year that a rule names, and of a twin with which nothing has been done for long. `store.matters`
selects what is handed in here; a day is the one on the wall where the activity is, whatever the reader's zone.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from dateutil.relativedelta import relativedelta

from tracker.domain.activities import RUNNING, ActivityContent, Kind, Status, Visibility
from tracker.domain.dates import HistoricDate
from tracker.domain.details import Details, Stage, last_stage, watched_date
from tracker.domain.entries import localized
from tracker.domain.occasion_rules import LeapDayPolicy, parse_rule
from tracker.domain.parts import RUNS_OUT, STAGES, PartKind
from tracker.domain.rules import About, Matter, Rule
from tracker.domain.twins import Twin
from tracker.i18n import LANGUAGES, N_, gettext

CALLED_OFF = frozenset({Status.CANCELLED, Status.POSTPONED})
"""What is not going to be on its days: nothing is reminded of."""
UNCONFIRMED = frozenset({Status.PLANNED, Status.CONFIRMED})
UNDER_WAY = frozenset({Status.PLANNED, Status.CONFIRMED, Status.POSTPONED})
"""A shipment that is put off still stands where it stood last."""
TOOK_PLACE = frozenset({Status.PLANNED, Status.CONFIRMED, Status.HELD})
"""What counts as done with a twin once its days are over, though nobody has said yet that it was held."""

PLANNED_LINK = "planned"
"""The kind of link with which nothing need be going on yet."""

_SILENCE = N_("No activity with {twin} {since}")


@dataclass(frozen=True)
class Seen:
    """As much of an activity as its matters need. `details` are left out where no date in them is asked for.

    `dated_at` is since when it has been known with the dates it has.
    """

    id: UUID
    kind: str
    status: Status
    title: Mapping[str, str]
    start: str
    end: str | None
    place: str
    visibility: Visibility
    responsible: str
    dated_at: dt.datetime
    twins: tuple[str, ...] = ()
    details: Details | None = None
    owner: str = ""

    @property
    def begins(self) -> HistoricDate | None:
        return _date(self.start).ends[0]

    @property
    def ends(self) -> HistoricDate | None:
        """Its last day, month or year; None while it goes on."""
        return None if self.end == RUNNING else _date(self.end or self.start).ends[1]


def what_dates(content: ActivityContent) -> tuple[object, ...]:
    """What an activity is reminded of by: where it differs, the activity is known anew, with other dates."""
    return content.kind, content.start, content.end, content.status in CALLED_OFF, watched_date(content.details)


def matter_of(about: About, seen: Seen) -> Matter | None:
    """What there is to be reminded of an activity; None where there is nothing."""
    make = _OF_ACTIVITY.get(about)
    return make(seen) if make else None


def matter_of_day(rule: Rule, year: int, leap_day: LeapDayPolicy) -> Matter:
    """The day that a rule names, in one year; of no twin in particular."""
    day = HistoricDate.of_day(parse_rule(rule.choice.day).on(year, leap_day))
    return Matter(About.DAY, f"day:{rule.key}", year, day, rule.since, title=rule.names, rule=rule.key)


def silences(lived: Iterable[Seen], months: int) -> Iterator[Seen]:
    """The last activity before each time of so many months in which nothing was going on, of those of one twin."""
    last: Seen | None = None
    for one in sorted(lived, key=lambda seen: (_first_day(seen), seen.id)):
        if last and _first_day(one) > _silent_on(last, months):
            yield last
        if last is None or _last_day(one) >= _last_day(last):
            last = one
    if last and last.ends:
        yield last


def matter_of_silence(rule: Rule, twin: Twin, last: Seen) -> Matter:
    """That nothing has been done with a twin since `last`, on the day when it has been too long.

    It is told to those who may see that activity, since its date is told. The activity stands in the subject, so that
    a silence is told of once, and the next one too, should both begin in one year.
    """
    day = _silent_on(last, rule.choice.months)
    return Matter(
        About.SILENT_TWIN, f"twin:{twin.slug}:{last.id}", day.year, HistoricDate.of_day(day), last.dated_at,
        (twin.slug,), last.visibility, rule=rule.key, owner=last.owner,
        title={language: silence_in_words(twin, last, language) for language in LANGUAGES},
    )  # fmt: skip


def silence_in_words(twin: Twin, last: Seen, language: str) -> str:
    """ "No activity with Coventry since May 2024", as exactly as it is known."""
    since = (last.ends or _date(last.start)).since(language)
    return gettext(language, _SILENCE, twin=twin.name(language), since=since)


def _start(seen: Seen) -> Matter | None:
    return None if seen.status in CALLED_OFF else _matter(About.START, seen, seen.begins)


def _end(seen: Seen) -> Matter | None:
    return None if seen.status in CALLED_OFF else _matter(About.END, seen, seen.ends)


def _unconfirmed(seen: Seen) -> Matter | None:
    return _matter(About.UNCONFIRMED, seen, seen.ends) if seen.status in UNCONFIRMED else None


def _agreement_end(seen: Seen) -> Matter | None:
    if seen.kind != Kind.MILESTONE or seen.status in CALLED_OFF or seen.details is None:
        return None
    return _matter(About.AGREEMENT_END, seen, watched_date(seen.details), words=RUNS_OUT)


def _stuck_shipment(seen: Seen) -> Matter | None:
    """Where it stands, as long as it has not reached its end; the day is that on which it came there."""
    reached = last_stage(seen.details) if seen.details else None
    if reached is None or reached.stage is Stage.RECEIPT_CONFIRMED or seen.status not in UNDER_WAY:
        return None
    when, part = _date(reached.on).ends[1], f"{PartKind.STAGE}-{reached.stage}"
    return _matter(About.STUCK_SHIPMENT, seen, when, part=part, words=STAGES[reached.stage])


_OF_ACTIVITY: Mapping[About, Callable[[Seen], Matter | None]] = {
    About.START: _start,
    About.END: _end,
    About.AGREEMENT_END: _agreement_end,
    About.STUCK_SHIPMENT: _stuck_shipment,
    About.UNCONFIRMED: _unconfirmed,
}


def _matter(about: About, seen: Seen, when: HistoricDate | None, *, part: str = "", words: str = "") -> Matter | None:
    if when is None or when.earliest is None:
        return None
    subject = f"activity:{seen.id}:{part}" if part else f"activity:{seen.id}"
    title = {language: gettext(language, words, title=localized(seen.title, language)) for language in LANGUAGES}
    return Matter(
        about, subject, when.earliest.year, when, seen.dated_at, seen.twins, seen.visibility, seen.kind,
        title=title if words else seen.title, place=seen.place, responsible=seen.responsible, owner=seen.owner,
        activity_id=seen.id,
    )  # fmt: skip


def _date(text: str) -> HistoricDate:
    """Of a time on the wall the day: the one where the activity is."""
    return HistoricDate.parse(text.partition("T")[0])


def _first_day(seen: Seen) -> dt.date:
    return (seen.begins and seen.begins.earliest) or dt.date.min


def _last_day(seen: Seen) -> dt.date:
    return (seen.ends and seen.ends.latest) or dt.date.max


def _silent_on(last: Seen, months: int) -> dt.date:
    """The day on which it has been so many months; of what goes on, or ends with the calendar, the last there is."""
    try:
        return _last_day(last) + relativedelta(months=months)
    except ValueError:
        return dt.date.max
