"""What planning reads and writes of the ledger: what the plan was made of, what stands there already, what goes.

Everything goes through an index and in portions, so that a ledger of millions of rows is never held at once.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from tracker.domain.reminders import Planned, ReminderStatus, SkipReason
from tracker.store import entries, event_log, rules
from tracker.store.reminders import PlanRow, ReminderRow

_PORTION = 2_000
_PLANNED = ReminderRow.status == ReminderStatus.PLANNED.value
_MAY_COME_BACK = (SkipReason.WITHDRAWN.value, SkipReason.RULE_OFF.value, SkipReason.NOT_FOR_YOU.value)
"""Let go by the plan and not by what somebody did: it is planned again where it holds again."""
_NOT_LEFT = _PLANNED | (
    (ReminderRow.status == ReminderStatus.SKIPPED.value)
    & ReminderRow.reason.in_(_MAY_COME_BACK)
    & ReminderRow.delivery_id.is_(None)
)

Key = tuple[str, str, int, str, str, str]


@dataclass(frozen=True)
class Known:
    """A row of the ledger as planning sees it. `open`: it may still be moved, or come back."""

    id: int
    when: str
    due_at: dt.datetime
    planned: bool
    open: bool

    def moves_to(self, wanted: Planned, now: dt.datetime) -> bool:
        """Whether it ought to be due at another time, or holds again.

        One whose time has come and that waits for the end of quiet hours is left where it is.
        """
        if not self.planned:
            return self.open
        waits = self.due_at > wanted.due_at and wanted.due_at <= now
        return self.when != wanted.when or (self.due_at != wanted.due_at and not waits)


_LAST_MADE = select(
    select(PlanRow.made_of).where(PlanRow.id == 1).scalar_subquery(),
    select(func.max(event_log.EventRow.position)).scalar_subquery(),
    select(entries.OccasionWindowRow.edition).where(entries.OccasionWindowRow.id == 1).scalar_subquery(),
    *rules.EDITION,
)


def made_of(session: Session, until: dt.date) -> tuple[str, str]:
    """What the plan was made of when it was made last (empty: make it again), and what it would be made of now.

    That changes with rules, customs, people, occasions and activities. All of these are told by events; occasions
    follow theirs a little later, and rules have an edition of their own. It is asked for at every turn of the clock,
    so it is one statement.
    """
    made, end_of_log, edition, versions, many, customs = session.execute(_LAST_MADE).one()
    return made or "", f"{end_of_log or 0} {edition or 0} {versions or 0} {many} {customs or 0} {until}"


def note_made(session: Session, before: str, now: str) -> None:
    """Remember what the plan was made of. If another clock has made one meanwhile of other things, it is made again."""
    entries.insert_if_missing(session, PlanRow, {"id": 1, "made_of": ""})
    row = session.get_one(PlanRow, 1, with_for_update=True, populate_existing=True)
    row.made_of = now if row.made_of in (before, now) else ""


def known_of(session: Session, subjects: Collection[str], years: Collection[int]) -> dict[Key, Known]:
    """The rows about these subjects in these years, whatever became of them."""
    query = select(
        ReminderRow.id, ReminderRow.rule, ReminderRow.subject, ReminderRow.year, ReminderRow.lead, ReminderRow.person,
        ReminderRow.channel, ReminderRow.when, ReminderRow.due_at, _PLANNED, _NOT_LEFT,
    ).where(ReminderRow.subject.in_(subjects), ReminderRow.year.in_(years))  # fmt: skip
    return {
        (rule, subject, year, lead, person, channel): Known(id_, when, due_at, bool(planned), bool(is_open))
        for id_, rule, subject, year, lead, person, channel, when, due_at, planned, is_open in session.execute(query)
    }


def move(session: Session, moved: Collection[tuple[int, Planned]]) -> int:
    """Let rows that have not left be due as told; returns how many still could be."""
    statement = (
        update(ReminderRow)
        .where(ReminderRow.id == bindparam("row"), _NOT_LEFT)
        .values(when=bindparam("to"), due_at=bindparam("at"), status=ReminderStatus.PLANNED.value, reason="")
        .execution_options(synchronize_session=False)
    )
    return sum(
        _count(session.execute(statement, {"row": row_id, "to": planned.when, "at": planned.due_at}))
        for row_id, planned in moved
    )


def highest_id(session: Session) -> int:
    return session.scalar(select(func.max(ReminderRow.id))) or 0


def planned_from(session: Session, first: dt.datetime, highest: int) -> Iterator[list[int]]:
    """The numbers of the rows planned from a moment on, in portions; none that is newer than `highest`."""
    after: tuple[dt.datetime, int] = (first, -1)
    while highest:
        rows = _planned_after(session, after, highest)
        if not rows:
            return
        yield [row.id for row in rows]
        after = (rows[-1].due_at, rows[-1].id)


def _planned_after(session: Session, after: tuple[dt.datetime, int], highest: int) -> Sequence[Row[int, dt.datetime]]:
    at, last = after
    later = (ReminderRow.due_at > at) | ((ReminderRow.due_at == at) & (ReminderRow.id > last))
    query = (
        select(ReminderRow.id, ReminderRow.due_at)
        # The first bound is for the index, which an OR cannot use.
        .where(_PLANNED, ReminderRow.due_at >= at, later, ReminderRow.id <= highest)
        .order_by(ReminderRow.due_at, ReminderRow.id)
        .limit(_PORTION)
    )
    return session.execute(query).all()


def rows_of(session: Session, ids: Collection[int]) -> list[ReminderRow]:
    return list(session.scalars(select(ReminderRow).where(ReminderRow.id.in_(ids)).order_by(ReminderRow.id)))


def let_go(session: Session, ids: Collection[int], reason: SkipReason) -> int:
    """Skip those that no longer hold, unless they have left meanwhile."""
    if not ids:
        return 0
    return _count(
        session.execute(
            update(ReminderRow)
            .where(ReminderRow.id.in_(ids), _PLANNED)
            .values(status=ReminderStatus.SKIPPED.value, reason=reason.value)
            .execution_options(synchronize_session=False)
        )
    )


def _count(result: object) -> int:
    return cast("Any", result).rowcount or 0
