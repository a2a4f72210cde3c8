"""What can be reminded of, as it stands in the rows now: of a span of days, or one known by its subject and year.

Of activities only those on the days in question are read, in batches through an index, and no more of each than
a matter needs.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tracker.domain.activities import Kind, Status, Visibility
from tracker.domain.activity_matters import (
    CALLED_OFF,
    PLANNED_LINK,
    TOOK_PLACE,
    UNCONFIRMED,
    UNDER_WAY,
    Seen,
    matter_of,
    matter_of_day,
    matter_of_silence,
    silences,
)
from tracker.domain.details import DETAILS, Details
from tracker.domain.matters import OccasionSince, matter_of_occasion, matters_of_occasions, outlook_of, reach, spans
from tracker.domain.occasions import Customs
from tracker.domain.rules import About, Matter, Rule
from tracker.store import occasions, rules, twins
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow

Days = tuple[dt.date, dt.date]
"""The first and the last, both included."""

_SLICE = 500
"""Activities read at once."""

_SEEN: tuple[Any, ...] = (
    ActivityRow.id, ActivityRow.kind, ActivityRow.status, ActivityRow.title, ActivityRow.start, ActivityRow.end,
    ActivityRow.place, ActivityRow.visibility, ActivityRow.responsible, ActivityRow.dated_at, ActivityRow.owner,
)  # fmt: skip
_WITH_DETAILS = (About.AGREEMENT_END, About.STUCK_SHIPMENT)


@dataclass(frozen=True)
class Sources:
    """What matters are worked out from: the house's customs, and its occasions, read as they are asked for.

    Nearly every house has a few hundred occasions; one with a hundred thousand must not hold them all at once.
    """

    session: Session
    customs: Customs
    _held: dict[str, OccasionSince | None] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Sources":
        return cls(session, rules.customs(session))

    def occasions(self) -> Iterator[OccasionSince]:
        """All of them, in portions; each with the moment since which it has been known."""
        return occasions.stream_with_since(self.session)

    def fetch(self, keys: Collection[str]) -> None:
        """Read some occasions at once, which will be asked for one by one."""
        missing = sorted(set(keys) - self._held.keys())
        if missing:
            self._held.update(dict.fromkeys(missing))
            found = occasions.some_with_since(self.session, missing)
            self._held.update((one.key, (one, since)) for one, since in found)

    def occasion(self, key: str) -> list[OccasionSince]:
        """The one of that key, or none."""
        self.fetch([key])
        held = self._held[key]
        return [held] if held else []


def matters(sources: Sources, some: Sequence[Rule], first: dt.date, last: dt.date) -> Iterator[Matter]:
    """Every matter that one of the rules may remind of from `first` to `last`, both included."""
    enabled = [rule for rule in some if rule.enabled]
    for about in sorted({rule.about for rule in enabled}):
        yield from _of(sources, about, [rule for rule in enabled if rule.about is about], first, last)


def find(sources: Sources, rule: Rule, subject: str, year: int) -> Matter | None:
    """One matter as it stands now; None where it is no more."""
    match rule.about:
        case About.OCCASION:
            return matter_of_occasion(sources.occasion(subject), subject, year, sources.customs)
        case About.OUTLOOK:
            return outlook_of(sources.occasions(), year, sources.customs)
        case About.DAY:
            found: Matter | None = matter_of_day(rule, year, sources.customs.leap_day)
        case About.SILENT_TWIN:
            found = _silence(sources, rule, subject)
        case _:
            seen = _one(sources.session, _identity(subject, 1), details=rule.about in _WITH_DETAILS)
            found = matter_of(rule.about, seen) if seen else None
    return found if found and (found.subject, found.year) == (subject, year) else None


def _of(sources: Sources, about: About, some: Sequence[Rule], first: dt.date, last: dt.date) -> Iterator[Matter]:
    """Those of one sort, under rules of that sort."""
    match about:
        case About.OCCASION:
            back, ahead = reach(some, about)
            yield from matters_of_occasions(sources.occasions(), first - back, last + ahead, sources.customs)
        case About.OUTLOOK:
            years = range(first.year, last.year + 1)
            outlooks = (outlook_of(sources.occasions(), year, sources.customs) for year in years)
            yield from (outlook for outlook in outlooks if outlook)
        case About.DAY:
            for rule in some:
                kept = {year for a, b in spans([rule], about, first, last) for year in range(a.year, b.year + 1)}
                yield from (matter_of_day(rule, year, sources.customs.leap_day) for year in sorted(kept))
        case About.SILENT_TWIN:
            for rule in some:
                for days in spans([rule], about, first, last):
                    yield from _silences(sources, rule, days)
        case _:
            for days in spans(some, about, first, last):
                for seen in _on(sources.session, about, days):
                    if matter := matter_of(about, seen):
                        yield matter


def _on(session: Session, about: About, days: Days) -> Iterator[Seen]:
    """The activities with something to be reminded of on those days, in their order."""
    day, query = _selected(about)
    query = query.add_columns(day, *([ActivityRow.details] if about in _WITH_DETAILS else []))
    query = query.order_by(day, ActivityRow.id).limit(_SLICE)
    first, after = days[0], None
    while True:
        chosen = query.where(day.between(first, days[1]))
        if after:
            chosen = chosen.where(or_(day > first, ActivityRow.id > after))
        rows = session.execute(chosen).all()
        yield from _seen(session, rows)
        if len(rows) < _SLICE:
            return
        first, after = getattr(rows[-1], day.key), rows[-1].id


def _selected(about: About) -> tuple[InstrumentedAttribute[dt.date | None], Select[*tuple[Any, ...]]]:
    """By which column activities are found, and which of them.

    What is called off is left out and not the rest chosen, where the index begins with a day: a database that does not
    know how many there are would rather look for their status.
    """
    query: Select[*tuple[Any, ...]] = select(*_SEEN).where(ActivityRow.removed_at.is_(None))
    match about:
        case About.START:
            return ActivityRow.earliest, query.where(ActivityRow.status.not_in(CALLED_OFF))
        case About.END:
            return ActivityRow.latest, query.where(ActivityRow.status.in_(TOOK_PLACE))
        case About.UNCONFIRMED:
            return ActivityRow.latest, query.where(ActivityRow.status.in_(UNCONFIRMED))
        case About.AGREEMENT_END:
            milestones = query.where(ActivityRow.kind == Kind.MILESTONE, ActivityRow.status.not_in(CALLED_OFF))
            return ActivityRow.watched_on, milestones
        case About.STUCK_SHIPMENT:
            finished = [status for status in Status if status not in UNDER_WAY]
            shipments = query.where(ActivityRow.kind == Kind.AID_SHIPMENT, ActivityRow.status.not_in(finished))
            return ActivityRow.watched_on, shipments
        case _:
            raise ValueError(f"{about} is not of activities")


def _one(session: Session, identity: UUID | None, *, details: bool = False) -> Seen | None:
    """One activity that is not in the bin."""
    query: Select[*tuple[Any, ...]] = select(*_SEEN, *([ActivityRow.details] if details else []))
    rows = session.execute(query.where(ActivityRow.id == identity, ActivityRow.removed_at.is_(None))).all()
    return next(_seen(session, rows), None)


def _identity(subject: str, place: int) -> UUID | None:
    """The activity in a subject; None where another sort of rule wrote it."""
    parts = subject.split(":")
    try:
        return UUID(parts[place])
    except (IndexError, ValueError):
        return None


def _seen(session: Session, rows: Sequence[Row[Any]]) -> Iterator[Seen]:
    for at in range(0, len(rows), _SLICE):
        some = rows[at : at + _SLICE]
        cities = _twins_of(session, [row.id for row in some])
        for row in some:
            yield Seen(
                row.id, row.kind, Status(row.status), row.title, row.start, row.end, row.place,
                Visibility(row.visibility), row.responsible, row.dated_at, cities.get(row.id, ()),
                cast("Details", DETAILS[row.kind].model_validate(row.details)) if "details" in row._fields else None,
                row.owner,
            )  # fmt: skip


def _twins_of(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    found: dict[UUID, tuple[str, ...]] = {}
    query = select(ActivityTwinRow.activity_id, ActivityTwinRow.twin).where(ActivityTwinRow.activity_id.in_(ids))
    for activity_id, twin in session.execute(query.order_by(ActivityTwinRow.activity_id, ActivityTwinRow.place)):
        found[activity_id] = (*found.get(activity_id, ()), twin)
    return found


def _silences(sources: Sources, rule: Rule, days: Days, only: str = "") -> Iterator[Matter]:
    """The silences under a rule, or of one twin, that have become too long on those days."""
    known, wanted = twins.current(sources.session), {only} if only else set(rule.choice.twins)
    lived = _going_on(sources.session, rule, days, wanted)
    for slug, twin in known.items():
        if twin.link == PLANNED_LINK or (wanted and slug not in wanted):
            continue
        for last in silences(lived.get(slug, ()), rule.choice.months):
            matter = matter_of_silence(rule, twin, last)
            if days[0] <= (matter.when.earliest or days[0]) <= days[1]:
                yield matter


def _going_on(session: Session, rule: Rule, days: Days, wanted: Collection[str]) -> dict[str, list[Seen]]:
    """By twin, whatever was going on from so many months before those days until their last one.

    With all twins, where none is wanted in particular.
    """
    since = days[0] - relativedelta(months=rule.choice.months)
    query: Select[*tuple[Any, ...]] = select(*_SEEN).where(
        ActivityRow.removed_at.is_(None),
        ActivityRow.status.in_(TOOK_PLACE),
        # In a form no index answers: by its last day there is far less to look through than by its first.
        func.coalesce(ActivityRow.earliest, dt.date.min) <= days[1],
    )
    if wanted:
        of_twins = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin.in_(wanted))
        query = query.where(ActivityRow.id.in_(of_twins))
    found: dict[str, list[Seen]] = {}
    # Two questions, each answered from the index: what still goes on has no last day.
    for ends in (ActivityRow.latest >= since, ActivityRow.latest.is_(None)):
        for seen in _seen(session, session.execute(query.where(ends)).all()):
            for twin in seen.twins:
                found.setdefault(twin, []).append(seen)
    return found


def _silence(sources: Sources, rule: Rule, subject: str) -> Matter | None:
    slug = subject.partition(":")[2].partition(":")[0]
    twin, last = twins.current(sources.session).get(slug), _one(sources.session, _identity(subject, 2))
    if twin is None or last is None:
        return None
    on = matter_of_silence(rule, twin, last).when.earliest
    found = _silences(sources, rule, (on, on), slug) if on else ()
    return next((matter for matter in found if matter.subject == subject), None)
