"""What a report may read, and when it counts: the conditions that every block of figures has in common.

A block is a select of *contributions*, one row for each thing counted, with the activity's id and the dimensions it
is counted by. Its figures are that select grouped; what is behind a figure is the same select with the dimensions of
its key. So the two cannot differ. This span and the one before it stand side by side in one query.

Making a query takes longer than many a database needs to answer it. Those of two reports differ in their days alone, so
days are parameters, each by its name, and a query is made once for all that are `alike`.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote_plus
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Date,
    Select,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy import column as column_
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import TableValuedAlias

from tracker.domain.activities import Status
from tracker.domain.beginnings import SEASON
from tracker.domain.counts_for import spellings
from tracker.domain.figures import Number, Scope
from tracker.domain.periods import Period
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, MoneyRow
from tracker.store.base import Json
from tracker.store.json_tables import json_texts, json_things

_LONG, _SHORT = Period(dt.date(2000, 1, 1), dt.date(2000, 12, 31)), Period(dt.date(2000, 1, 1), dt.date(2000, 1, 31))
"""What stands for all others of its sort where a query is made; none of their days is in it."""

KEPT = 64
"""How many queries a block keeps: one for each sort of reader, with and without a twin of theirs, is enough."""


def day(name: str) -> BindParameter[dt.date]:
    """A day of `Spans.days`."""
    return bindparam(name, type_=Date())


@dataclasses.dataclass(frozen=True)
class Spans:
    """The span of a report and the one it is compared with. They overlap where it is longer than a year."""

    now: Period
    before: Period | None = None

    @staticmethod
    def of(scope: Scope, before: Period | None = None) -> "Spans":
        return Spans(Period(scope.first, scope.last), before)

    @cached_property
    def days(self) -> Mapping[str, dt.date]:
        """The parameters of every query of theirs."""
        before, after, first = self.before or self.now, self.now.after, self.now.first
        return {
            "now_first": first,
            "now_last": self.now.last,
            "before_first": before.first,
            "before_last": before.last,
            "either_first": min(before.first, first),
            "either_last": max(before.last, self.now.last),
            "after_last": after.last if after else dt.date.max,
            "year_first": dt.date(first.year, 1, 1),
            "year_last": dt.date(self.now.last.year, 12, 31),
        }

    @property
    def is_now(self) -> ColumnElement[bool]:
        return begun(day("now_first"), day("now_last"), short=is_short(self.now))

    @property
    def either(self) -> ColumnElement[bool]:
        """One range for the index, and in it a choice that a database expects most rows to pass."""
        if self.before is None:
            return self.is_now
        chosen = case(*((one, 1) for one in self._counted), else_=0) != 0
        return and_(self.of_either(ActivityRow), chosen)

    def of_either(self, child: Any) -> ColumnElement[bool]:
        """The rows of a list that can belong to activities of either span: see `within`."""
        return within(child, day("either_first"), day("either_last"))

    def of_now(self, child: Any) -> ColumnElement[bool]:
        return within(child, day("now_first"), day("now_last"))

    @property
    def both(self) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
        """Two columns, `now` and `before`: 1 where an activity counts in it."""
        now, before = (case((one, 1), else_=0) for one in self._counted)
        return now.label("now"), before.label("before")

    @property
    def _counted(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        """Whether it counts now, and before; plainly, for where no index is asked and nothing expected of it."""
        now = _begun(day("now_first"), day("now_last"), short=is_short(self.now))
        if self.before is None:
            return now, false()
        return now, _begun(day("before_first"), day("before_last"), short=is_short(self.before))

    def number(self, key: str, now: int, before: int) -> Number:
        return Number(key=key, now=now, before=before if self.before else None)


def alike(scope: Scope, spans: Spans) -> tuple[Scope, Spans]:
    """What is asked without its days: the same for all that one query can be made for."""
    before = spans.before and _sort_of(spans.before)
    stands = Spans(_sort_of(spans.now), before)
    return scope.model_copy(update={"first": stands.now.first, "last": stands.now.last}), stands


def _sort_of(span: Period) -> Period:
    return _SHORT if is_short(span) else _LONG


def is_short(span: Period) -> bool:
    """Whether it can hold no season."""
    return span.days < SEASON


def begun(first: Any, last: Any, *, short: bool) -> ColumnElement[bool]:
    """Surely begun from the first to the last day, as `beginnings.counts_in` has it.

    The first bound of `begins_by` follows from the second condition and is there for the index. That one is written so
    that no index answers it, and that nearly all rows are expected to pass: a database that took both for independent
    would expect hardly anything, and look every row of other tables up by itself.
    """
    opaque = case((ActivityRow.earliest >= first, 1), else_=0) != 0
    return _begun(first, last, opaque, short=short)


def _begun(first: Any, last: Any, not_before: ColumnElement[bool] | None = None, *, short: bool) -> ColumnElement[bool]:
    begins = ActivityRow.earliest >= first if not_before is None else not_before
    inside = and_(ActivityRow.begins_by.between(first, last), begins)
    return and_(inside, ActivityRow.begins_month.is_not(None)) if short else inside


def within(child: Any, first: Any, last: Any) -> ColumnElement[bool]:
    """Follows from what is asked of the activity; a child table is then read by its own index, in one range.

    Databases else look each activity's rows up one by one, or read the table whole.
    """
    inside: ColumnElement[bool] = child.begins_by.between(first, last)
    return inside


def beside(
    query: Select[*tuple[Any, ...]], child: Any, *conditions: ColumnElement[bool], to: Any = ActivityRow.id
) -> Select[*tuple[Any, ...]]:
    """The rows of a list beside their activities.

    By an outer join, of which activities without any are taken out again: a database expects of it as many rows as
    there are activities. Of an inner join it expects hardly any, as it takes both ranges of time for independent; then
    it sorts texts by the ten thousand, instead of counting them as they come.
    """
    there = case((child.activity_id.is_(None), 0), else_=1) != 0
    return query.outerjoin(child, and_(child.activity_id == to, *conditions)).where(there)


def carried() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Surely begun before the span, and gone on in it: from an earlier year, or within the year of its first day.

    Two conditions, each with an index of its own. Databases make little of an OR between them: see `either_id`.
    """
    first = day("now_first")
    this_year = and_(ActivityRow.begins_by >= day("year_first"), ActivityRow.begins_by < first)
    within_it = func.coalesce(ActivityRow.goes_beyond, dt.date.min) == dt.date.min  # no index: nearly all are
    return (
        and_(ActivityRow.goes_beyond >= first, ActivityRow.begins_by < first),
        and_(this_year, within_it, _has_end(), ActivityRow.latest >= first),
    )


def either_id(*conditions: ColumnElement[bool]) -> CompoundSelect[UUID]:
    """Ids of activities to which one of some conditions applies, each looked for by itself."""
    return union_all(*(select(ActivityRow.id).where(one).correlate(None) for one in conditions))


def _has_end() -> ColumnElement[bool]:
    """Without one its last day is no more than the last on which it can have begun."""
    return or_(ActivityRow.end.is_not(None), ActivityRow.start.contains("/"))


def may_be_read(scope: Scope) -> ColumnElement[bool]:
    """Not in the bin, and nothing that the report's reader may not see."""
    return and_(
        ActivityRow.removed_at.is_(None), ActivityRow.visibility.in_([level.value for level in scope.visibilities])
    )


def asked_for(scope: Scope) -> ColumnElement[bool]:
    """All a scope asks for but its time."""
    asked = [may_be_read(scope)]
    if scope.twins:
        with_one = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin.in_(scope.twins))
        asked.append(ActivityRow.id.in_(with_one))
    if scope.kinds:
        asked.append(ActivityRow.kind.in_([kind.value for kind in scope.kinds]))
    if scope.counts_for:
        asked.append(_counting_for(scope.counts_for))
    if scope.leaves_out:
        asked.append(~_counting_for(scope.leaves_out))
    if scope.funder:
        money = aliased(MoneyRow)  # the block of money has the table itself
        asked.append(exists().where(money.activity_id == ActivityRow.id, money.funder == scope.funder))
    return and_(*asked)


def _counting_for(purposes: tuple[str, ...]) -> ColumnElement[bool]:
    # Staff type a purpose in their own language; a report asks for it in one.
    written = sorted({text for purpose in purposes for text in spellings(purpose)})
    each = json_texts(ActivityRow.counts_for).table_valued("value", joins_implicitly=True)
    return select(1).select_from(each).where(each.c.value.in_(written)).correlate(ActivityRow).exists()


def things(column: Any, path: str = "$") -> TableValuedAlias:
    """The objects of a JSON list as a table of the one column `value`; `path` as SQLite writes it, one name deep."""
    return json_things(column, literal_column(f"'{path}'")).table_valued(column_("value", Json), joins_implicitly=True)


def own() -> ColumnElement[str]:
    """`yes` for what our own organisation did, `no` for others' (R6)."""
    return case((ActivityRow.owner == "", "yes"), else_="no").label("own")


def held_by_us() -> ColumnElement[bool]:
    return and_(ActivityRow.status == Status.HELD.value, ActivityRow.owner == "")


def key_of(block: str, **dimensions: str) -> str:
    """The key of a figure, such as `activities?kind=delegation&own=yes&status=held`."""
    told = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(dimensions.items()))
    return f"{block}?{told}" if told else block


# A report has hundreds of keys of a few words.
_quoted = lru_cache(maxsize=4096)(quote_plus)


def dimensions_of(key: str) -> tuple[str, dict[str, str]]:
    """The block and the dimensions of a key."""
    block, _, rest = key.partition("?")
    return block, dict(parse_qsl(rest, keep_blank_values=True))
