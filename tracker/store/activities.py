"""Which activities: one, a few, a page of a list, how many. `narrowed` is where a filter becomes SQL."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.domain.access import Reach
from tracker.domain.activities import Visibility
from tracker.domain.search import Term
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow
from tracker.store.json_tables import json_texts
from tracker.store.search import holding

Cursor = tuple[str, UUID]
"""Where a page of a list ends: sort_key and id of its last activity."""


@dataclass(frozen=True)
class ActivityFilter:
    """What a list of activities is narrowed to. Empty means all; dates overlap with the activity's earliest..latest."""

    twins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = tuple(v.value for v in Visibility)
    further: tuple[Reach, ...] = ()  # what is seen beyond that: see `domain.access`
    first: dt.date | None = None
    last: dt.date | None = None
    own: bool | None = None
    """True: only the activities of the organisation that keeps this log; False: only those of others (R6)."""
    words: tuple[Term, ...] = ()
    """All of these must be found (see `domain.search.query_words`)."""
    directions: tuple[str, ...] = ()
    decades: tuple[int, ...] = ()
    """The first years of decades in which it surely began."""
    place: str = ""
    counts_for: tuple[str, ...] = ()
    """The spellings of a purpose: it counts for one of them."""
    responsible: str = ""
    levels: tuple[str, ...] = ()
    """Visibilities asked for, of those that may be seen at all."""
    missing: tuple[str, ...] = ()
    """What it has not: `sources`, `numbers`, `title-de`."""
    ids: tuple[UUID, ...] = ()
    removed: bool = False
    """True: those in the bin, and they alone."""


_YEAR = dt.timedelta(days=366)

# One statement for a few activities, but for their goods, which can be many.
_FEW = (
    select(ActivityRow)
    .where(ActivityRow.id.in_(bindparam("ids", expanding=True)))
    .order_by(ActivityRow.id)
    .options(*(joinedload(child) for child in (ActivityRow.twins, ActivityRow.counts, ActivityRow.money)))
    .options(selectinload(ActivityRow.goods))
)


def load(session: Session, activity_id: UUID) -> ActivityRow | None:
    return session.scalars(_FEW, {"ids": [activity_id]}).unique().one_or_none()


def glance(session: Session, activity_id: UUID, chosen: ActivityFilter) -> int | None:
    """The version of an activity that is not in the bin, if it is one of those chosen."""
    query = narrowed(select(ActivityRow.version), chosen).where(ActivityRow.id == activity_id)
    return next(iter(session.scalars(query)), None)


def by_ids(session: Session, ids: Sequence[UUID]) -> list[ActivityRow]:
    """Those of a few activities that there are, in the bin too."""
    return list(session.scalars(_FEW, {"ids": list(ids)}).unique())


def ids_of_twin(session: Session, slug: str) -> list[UUID]:
    """All activities with a twin, those in the bin too."""
    query = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin == slug)
    return list(session.scalars(query.order_by(ActivityTwinRow.activity_id)))


def by_external_ids(session: Session, ids: Sequence[str]) -> dict[str, ActivityRow]:
    """Rows by the id they were imported under; read in slices, since both databases limit a statement's parameters."""
    found: dict[str, ActivityRow] = {}
    for at in range(0, len(ids), 500):
        rows = session.scalars(_whole(select(ActivityRow)).where(ActivityRow.external_id.in_(ids[at : at + 500])))
        found |= {row.external_id: row for row in rows if row.external_id}
    return found


def existing(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that are activities, in the bin too."""
    wanted, found = sorted(ids), set[UUID]()
    for at in range(0, len(wanted), 500):
        found |= set(session.scalars(select(ActivityRow.id).where(ActivityRow.id.in_(wanted[at : at + 500]))))
    return found


def listed(
    session: Session,
    chosen: ActivityFilter,
    *,
    newest_first: bool = False,
    after: Cursor | None = None,
    limit: int | None = None,
) -> list[ActivityRow]:
    """Activities in the order of their dates, from behind the cursor `after` = (sort_key, id) on."""
    query = _in_order(_whole(select(ActivityRow)), chosen, after, limit, newest_first=newest_first)
    return list(session.scalars(query))


def ids_listed(
    session: Session,
    chosen: ActivityFilter,
    *,
    newest_first: bool = False,
    after: Cursor | None = None,
    limit: int | None = None,
) -> list[UUID]:
    """The ids of what `listed` gives: few enough to be kept, and looked for in indexes alone."""
    return list(session.scalars(_in_order(select(ActivityRow.id), chosen, after, limit, newest_first=newest_first)))


def ids_before(
    session: Session, chosen: ActivityFilter, before: Cursor, *, newest_first: bool = False, limit: int
) -> list[UUID]:
    """The last `limit` ids in front of a cursor, in the very order `ids_listed` gives them: for paging back."""
    query = narrowed(select(ActivityRow.id), chosen)
    key, identity = ActivityRow.sort_key, ActivityRow.id
    ahead = key > before[0] if newest_first else key < before[0]
    query = query.where(or_(ahead, and_(key == before[0], identity < before[1])))
    query = query.order_by(key if newest_first else key.desc(), identity.desc()).limit(limit)
    return list(session.scalars(query))[::-1]


def counted_by(session: Session, chosen: ActivityFilter, column: str) -> dict[str, int]:
    """How many activities there are of each value of `column`: kind, status, or the decade ("196") it began in."""
    decade = func.substr(ActivityRow.sort_key, 1, 3)
    grouped: Any = {"kind": ActivityRow.kind, "status": ActivityRow.status, "decade": decade}[column]
    both: Any = select(grouped, func.count())
    rows = session.execute(narrowed(both, chosen).group_by(grouped))
    return {value: int(number) for value, number in rows}


def counted(session: Session, chosen: ActivityFilter) -> int:
    return session.scalar(narrowed(select(func.count()).select_from(ActivityRow), chosen)) or 0


def _in_order(
    query: Any, chosen: ActivityFilter, after: Cursor | None, limit: int | None, *, newest_first: bool
) -> Any:
    key, identity = ActivityRow.sort_key, ActivityRow.id
    query = narrowed(query, chosen)
    if after is not None:
        beyond = key < after[0] if newest_first else key > after[0]
        query = query.where(or_(beyond, and_(key == after[0], identity > after[1])))
    query = query.order_by(key.desc() if newest_first else key, identity)
    return query.limit(limit) if limit else query


def _whole(query: Select[ActivityRow]) -> Select[ActivityRow]:
    """With all child rows, in one further query per child table however many activities there are."""
    lists = (ActivityRow.twins, ActivityRow.counts, ActivityRow.money, ActivityRow.goods)
    return query.options(*map(selectinload, lists))


def narrowed(query: Any, chosen: ActivityFilter) -> Any:
    """A select of activities narrowed to the chosen ones that are not in the bin: where a filter becomes SQL."""
    query = query.where(ActivityRow.removed_at.is_not(None) if chosen.removed else ActivityRow.removed_at.is_(None))
    if chosen.ids:
        query = query.where(ActivityRow.id.in_(chosen.ids))
    if chosen.twins:
        query = query.where(_of_twins(chosen.twins))
    for column, some in (
        (ActivityRow.kind, chosen.kinds),
        (ActivityRow.status, chosen.statuses),
        (ActivityRow.direction, chosen.directions),
        (ActivityRow.visibility, chosen.levels),
    ):
        query = query.where(column.in_(some)) if some else query
    if chosen.decades:
        query = query.where(or_(*map(_begun_in_decade, chosen.decades)))
    for column, wanted in ((ActivityRow.place, chosen.place), (ActivityRow.responsible, chosen.responsible)):
        query = query.where(column == wanted) if wanted else query
    if chosen.counts_for:
        each = json_texts(ActivityRow.counts_for).table_valued("value", joins_implicitly=True)
        purposes = select(1).select_from(each).where(each.c.value.in_(chosen.counts_for))
        query = query.where(purposes.correlate(ActivityRow).exists())
    query = query.where(*map(lacks, chosen.missing))
    if chosen.own is not None:
        query = query.where(ActivityRow.owner == "" if chosen.own else ActivityRow.owner != "")
    if len(chosen.visibilities) < len(Visibility):
        query = query.where(or_(ActivityRow.visibility.in_(chosen.visibilities), *map(_within, chosen.further)))
    if chosen.first:
        query = query.where(or_(ActivityRow.latest.is_(None), ActivityRow.latest >= chosen.first))
    if chosen.last:
        query = query.where(or_(ActivityRow.earliest.is_(None), ActivityRow.earliest <= chosen.last))
    if chosen.first and chosen.last and chosen.last - chosen.first < _YEAR:
        query = query.where(ActivityRow.id.in_(_around(chosen.first, chosen.last)))
    if chosen.words:
        query = query.where(ActivityRow.id.in_(holding(chosen.words)))
    return query


def _around(first: dt.date, last: dt.date) -> CompoundSelect[UUID]:
    """Whatever can reach into a short span, and more: three questions, each answered from an index (see `beginnings`).

    What began in a year that is known and lasts into no other one is found near that year; a winter counts with the
    one in which it begins.
    """
    one = aliased(ActivityRow)
    return union_all(
        select(one.id).where(one.begun_year.between(first.year - 1, last.year)),
        select(one.id).where(one.goes_beyond >= first),
        select(one.id).where(one.begun_year.is_(None)),
    )


def _within(reach: Reach) -> ColumnElement[bool]:
    """The activities within a reach, as `Reach.holds` says it of one."""
    bounds: list[ColumnElement[bool]] = [ActivityRow.visibility.in_(reach.visibilities)]
    bounds += [] if reach.twins is None else [_of_twins(sorted(reach.twins))]
    bounds += [] if reach.organisation is None else [ActivityRow.owner == reach.organisation]
    own = ((ActivityRow.recorded_by, reach.person), (ActivityRow.responsible, reach.address))
    whose = [column == name for column, name in own if name]
    return and_(*bounds, or_(*whose) if whose else true())


def _of_twins(slugs: Sequence[str]) -> ColumnElement[bool]:
    return ActivityRow.id.in_(select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin.in_(slugs)))


def _begun_in_decade(first: int) -> ColumnElement[bool]:
    return and_(ActivityRow.earliest >= dt.date(first, 1, 1), ActivityRow.begins_by <= dt.date(first + 9, 12, 31))


def lacks(what: str) -> ColumnElement[bool]:
    """As the steps of closing a year ask it (see `store.closing`)."""
    if what == "sources":
        return cast(ActivityRow.sources, Text) == "[]"
    if what == "numbers":
        return ~exists().where(CountRow.activity_id == ActivityRow.id)
    untitled: ColumnElement[bool] = ActivityRow.title[what.partition("-")[2]].as_string().is_(None)
    return untitled
