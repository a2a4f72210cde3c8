"""Agreements, gifts and honours of the span: milestones, twinning dates and the register of honours, each thing once.

Milestones are few and told by their sub-kind, so one query reads them for both; the domain says what each of them is.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Select, and_, select
from sqlalchemy.orm import Session

from tracker.domain.activities import Kind
from tracker.domain.beginnings import counts_in
from tracker.domain.dates import HistoricDate
from tracker.domain.details import Milestone
from tracker.domain.figures import Given, Paper, Scope
from tracker.domain.honours import LOGGED, Honour, is_dated, tells_of, titles_of
from tracker.domain.papers import sort_of_date, sort_of_paper, titles_of_date
from tracker.domain.twins import Level, State, Twin
from tracker.store.activity_rows import ActivityRow
from tracker.store.figures_lines import Found, twins_of
from tracker.store.figures_scope import KEPT, Spans, alike, asked_for, day, either_id, held_by_us
from tracker.store.twins import HonourRow

What = Literal["signed", "renewed", "ended", "ending"]


@dataclass(frozen=True)
class Told:
    """A milestone as far as it can tell of an agreement or of something given."""

    id: UUID
    title: Mapping[str, str]
    subtype: str
    start: HistoricDate
    twins: tuple[str, ...]
    details: Milestone
    now: bool

    @cached_property
    def sort(self) -> Literal["signed", "renewed"] | None:
        """As an agreement; None where it is none."""
        return sort_of_paper(self.subtype, tuple(self.title.values()), self.details)


def milestones(session: Session, scope: Scope, spans: Spans) -> list[Told]:
    """Held ones of our own that begin in the span, or whose agreement ends in it or in the twelve months after."""
    rows = session.execute(_query(*alike(scope, spans)), spans.days).all()
    twins = twins_of(session, Found.of(spans.now, rows))
    return [_told(row, twins.get(row.id, ())) for row in rows]


@lru_cache(maxsize=KEPT)
def _query(scope: Scope, spans: Spans) -> Select[*tuple[Any, ...]]:
    ends = ActivityRow.watched_on.between(day("now_first"), day("after_last"))
    ours = and_(ActivityRow.kind == Kind.MILESTONE.value, held_by_us(), asked_for(scope))
    chosen = either_id(and_(ours, spans.is_now), and_(ours, ends))
    query = select(
        ActivityRow.id, ActivityRow.title, ActivityRow.subtype, ActivityRow.start, ActivityRow.details,
        spans.is_now.label("now"),
    ).where(ActivityRow.id.in_(chosen))  # fmt: skip
    return query.order_by(ActivityRow.sort_key, ActivityRow.id)


def _told(row: Row[Any], twins: tuple[str, ...]) -> Told:
    start = HistoricDate.parse(row.start.partition("T")[0])
    details = Milestone.model_validate(row.details)
    return Told(row.id, row.title, row.subtype, start, twins, details, bool(row.now))


def paper_figures(scope: Scope, spans: Spans, told: Sequence[Told], twins: Mapping[str, Twin]) -> tuple[Paper, ...]:
    found = [paper for milestone in told for paper in _papers(milestone, spans)]
    signed = [milestone for milestone in told if milestone.now and milestone.sort]
    if _registers_count(scope):
        for slug, twin in twins.items():
            if not scope.twins or slug in scope.twins:
                found += [paper for date, paper in _of_twin(twin, spans) if not _is_told(slug, date, signed)]
    return tuple(sorted(found, key=lambda paper: (_day(paper.on).sort_key, paper.what, paper.twins, str(paper.id))))


def _registers_count(scope: Scope) -> bool:
    """Registers of twins and honours say nothing of purposes and funders; and they are milestones, if anything."""
    return not (scope.counts_for or scope.funder) and (not scope.kinds or Kind.MILESTONE in scope.kinds)


def _papers(milestone: Told, spans: Spans) -> Iterator[Paper]:
    sort, ends = milestone.sort, milestone.details.ends
    if sort is None:
        return
    if milestone.now:
        yield _paper(milestone, sort, milestone.start.edtf)
    if ends and (what := _end(_day(ends), spans)):
        yield _paper(milestone, what, ends)


def _paper(milestone: Told, what: What, on: str) -> Paper:
    title = dict(sorted(milestone.title.items()))
    return Paper(what=what, on=on, id=milestone.id, title=title, twins=milestone.twins, ends=milestone.details.ends)


def _end(ends: HistoricDate, spans: Spans) -> What | None:
    if counts_in(ends, spans.now):
        return "ended"
    return "ending" if spans.now.after and counts_in(ends, spans.now.after) else None


def _of_twin(twin: Twin, spans: Spans) -> Iterator[tuple[HistoricDate, Paper]]:
    for told in twin.dates:
        date, sort = HistoricDate.parse(told.date), sort_of_date(told.basis, primary=told.primary)
        if sort and counts_in(date, spans.now):
            title = titles_of_date(told.basis)
            yield date, Paper(what=sort, on=told.date, id=None, title=title, twins=(twin.slug,))
    for state in twin.states:
        if state.level is Level.AGREEMENT and state.state is State.ENDED and state.since:
            since = HistoricDate.parse(state.since)
            if counts_in(since, spans.now):
                yield since, Paper(what="ended", on=state.since, id=None, title={}, twins=(twin.slug,))


def _is_told(slug: str, date: HistoricDate, signed: Iterable[Told]) -> bool:
    """Whether somebody has logged the very agreement of a twin's date."""
    return any(slug in one.twins and (date.contains(one.start) or one.start.contains(date)) for one in signed)


def given_figures(session: Session, scope: Scope, spans: Spans, told: Sequence[Told]) -> tuple[Given, ...]:
    honours = _honours(session, scope, spans) if _registers_count(scope) else []
    found = []
    for milestone in told:
        if milestone.now and _is_given(milestone):
            same = next((one for one in honours if _same(milestone, one)), None)
            if same:
                honours.remove(same)
            found.append(_of_milestone(milestone, same))
    found += [_of_honour(honour) for honour in honours]
    return tuple(sorted(found, key=lambda given: (_day(given.on).sort_key, given.kind, given.twins, str(given.title))))


def _honours(session: Session, scope: Scope, spans: Spans) -> list[Honour]:
    query = select(HonourRow).where(HonourRow.date.is_not(None)).order_by(HonourRow.slug)
    if scope.twins:
        query = query.where(HonourRow.twin.in_(scope.twins))
    known = sorted((row.to_honour() for row in session.scalars(query)), key=lambda honour: honour.slug)
    return [one for one in known if is_dated(one) and one.date and counts_in(one.date, spans.now)]


def _is_given(milestone: Told) -> bool:
    details = milestone.details
    return milestone.subtype.strip().lower() in LOGGED or bool(details.given_by or details.received_by)


def _same(milestone: Told, honour: Honour) -> bool:
    return tells_of(milestone.twins, milestone.subtype, milestone.start, honour)


def _of_milestone(milestone: Told, honour: Honour | None) -> Given:
    """The milestone's own words, and the more exact of both dates."""
    on = milestone.start
    if honour and honour.date and on.contains(honour.date):
        on = honour.date
    return Given(
        kind=milestone.subtype, title=dict(sorted(milestone.title.items())), on=on.edtf, twins=milestone.twins,
        id=milestone.id,
        by=milestone.details.given_by, to=milestone.details.received_by,
    )  # fmt: skip


def _of_honour(honour: Honour) -> Given:
    on = honour.date.edtf if honour.date else ""
    return Given(kind=honour.kind, title=titles_of(honour), on=on, twins=(honour.twin,) if honour.twin else ())


def _day(text: str) -> HistoricDate:
    return HistoricDate.parse(text.partition("T")[0])
