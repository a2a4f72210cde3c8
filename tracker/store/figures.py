"""The figures of a report, block by block, and the activities behind any one of them.

Each block is one query (the listing one for each of its tables), from rows alone. What a block counts is told once, by
its `contributions`; `behind` asks the same select for the dimensions in a figure's key.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tracker.domain.figures import Coming, Figures, Scope
from tracker.domain.periods import Period
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import (
    figures_activities,
    figures_aid,
    figures_money,
    figures_partners,
    figures_people,
    figures_reciprocity,
    twins,
)
from tracker.store.activity_rows import ActivityRow
from tracker.store.base import plan_for_values
from tracker.store.figures_activities import activity_figures
from tracker.store.figures_aid import aid_figures
from tracker.store.figures_lines import line_figures
from tracker.store.figures_milestones import given_figures, milestones, paper_figures
from tracker.store.figures_money import money_figures
from tracker.store.figures_partners import partner_figures
from tracker.store.figures_people import people_figures
from tracker.store.figures_reciprocity import reciprocity_figures
from tracker.store.figures_scope import Spans, dimensions_of
from tracker.store.figures_silent import silent_figures

_BLOCKS = {
    block.BLOCK: block
    for block in (
        figures_activities, figures_people, figures_money, figures_aid, figures_partners, figures_reciprocity,
    )
}  # fmt: skip


def figures(
    session: Session,
    scope: Scope,
    before: Period | None,
    *,
    years: int = 5,
    coming: Sequence[Coming] = (),
    listing: bool = True,
) -> Figures:
    """All figures of a span beside the one before it; visits are balanced over so many `years`.

    Without the `listing` there are no lines: the numbers alone cost the same however much there is to list.
    """
    plan_for_values(session)
    spans = Spans.of(scope, before)
    told, counted = milestones(session, scope, spans), activity_figures(session, scope, spans)
    return Figures(
        scope=scope,
        activities=counted,
        people=people_figures(session, scope, spans),
        money=money_figures(session, scope, spans),
        aid=aid_figures(session, scope, spans),
        papers=paper_figures(scope, spans, told, twins.current(session)),
        given=given_figures(session, scope, spans, told),
        partners=partner_figures(session, scope, spans),
        reciprocity=reciprocity_figures(session, scope, spans, years),
        silent=silent_figures(session, scope, spans, {by.twin for by in counted.by_twin if by.number.now}),
        coming=tuple(coming),
        lines=line_figures(session, scope, spans) if listing else (),
    )


def behind(session: Session, scope: Scope, key: str) -> list[UUID]:
    """The activities behind a figure, in order of time. Raises `NotFound` for a key that no figure has."""
    name, dimensions = dimensions_of(key)
    if name not in _BLOCKS:
        raise NotFound(_UNKNOWN)
    block = _BLOCKS[name]
    spans = Spans.of(scope)
    each = block.contributions(scope, spans, dimensions).subquery()
    if name == figures_people.BLOCK:
        dimensions = figures_people.condition(dimensions)
    if not set(dimensions) <= set(each.c.keys()):
        raise NotFound(_UNKNOWN)
    these = select(each.c.id).where(and_(True, *(each.c[name] == value for name, value in dimensions.items())))
    query = select(ActivityRow.id).where(ActivityRow.id.in_(these)).order_by(ActivityRow.sort_key, ActivityRow.id)
    return list(session.scalars(query, spans.days))


_UNKNOWN = N_("There is no such figure.")
