"""Documents made in the background: ordered by a person or by a mailing, taken up by a worker, kept when finished.

A worker claims a job for the time of a lease and holds no session while it lays out pages. One that is killed leaves
the job to another when its lease has run out; after three tries it is given up, with its error.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import structlog

from tracker.actions import editions
from tracker.actions.reports import Asked, allowed_to, draft, rendered
from tracker.domain.access import Who, administers, may_see, narrowest
from tracker.domain.activities import Visibility
from tracker.domain.editions import Frozen
from tracker.domain.events import EventType
from tracker.domain.report_jobs import PROGRESS, Step
from tracker.domain.report_orders import Order
from tracker.errors import Forbidden, NotFound, TrackerError
from tracker.gateways.live import MAKING, Happening, Live
from tracker.i18n import DEFAULT_LANGUAGE, N_
from tracker.store import editions as edition_store
from tracker.store import report_jobs as store
from tracker.store.report_jobs import JobState
from tracker.store.unit_of_work import Database, Unit

_CUT_OFF = N_("The worker was stopped three times while making it.")
_ACTOR = "reports"

log = structlog.get_logger()

Clock = Callable[[], dt.datetime]
Finish = Callable[[Unit, store.JobRow, edition_store.DocumentRow], None]
"""What follows from a finished document, in the unit of work that keeps it."""


def order_document(database: Database, order: Order, who: Who, user_id: int, now: dt.datetime) -> UUID:
    """Let a document be made; the number of the job. Raises `NotFound` or `Forbidden`."""
    if order.edition_id is not None:
        level = Visibility(editions.edition(database, order.edition_id, who).level)
    else:
        level = narrowest(allowed_to(database, order, who))
    with database.unit(f"user:{user_id}", now) as unit:
        return enter(unit, order, level, user_id=user_id)


def enter(
    unit: Unit, order: Order, level: Visibility, *, user_id: int | None = None, mailing_id: UUID | None = None
) -> UUID:
    """Write down a job within a unit of work."""
    row = store.JobRow(
        id=uuid4(),
        wanted=order.model_dump(mode="json"),
        level=level.value,
        user_id=user_id,
        mailing_id=mailing_id,
        state=JobState.WAITING.value,
        step=Step.WAITING.value,
        lease_until=unit.now,
        created_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)
    told = {"wanted": row.wanted, "level": row.level, "mailing": str(mailing_id) if mailing_id else None}
    unit.append(EventType.REPORT_ORDERED, _subject(row.id), {"before": {}, "after": told})
    return row.id


def job(database: Database, job_id: UUID, user_id: int, who: Who) -> store.JobRow:
    """A job, if it is this person's and they may still read what comes of it; administrators see those of mailings."""
    with database.reading() as session:
        row = session.get(store.JobRow, job_id)
    if row is None or not _is_for(row, user_id, who):
        raise NotFound(N_("There is no such document."))
    return row


def _is_for(row: store.JobRow, user_id: int, who: Who) -> bool:
    mine = row.user_id == user_id or (row.mailing_id is not None and administers(who))
    return mine and may_see(who, Visibility(row.level))


def is_waiting(database: Database, now: dt.datetime) -> bool:
    with database.reading() as session:
        return store.is_waiting(session, now)


def make_next(database: Database, live: Live, clock: Clock, finish: Finish) -> bool:
    """Make the document that has waited longest; False where none waits. A fault is written into its row."""
    claimed = _claim(database, clock())
    if claimed is None:
        return False
    work = _Work(database, live, clock, claimed)
    try:
        work.do(finish)
    except TrackerError as fault:
        work.fail(fault.message(DEFAULT_LANGUAGE))
    except Exception as broken:  # the edge of the task: whatever goes wrong leaves a trace in the row
        log.error("a report could not be made", job=str(claimed.id), exc_info=broken)
        work.fail(repr(broken))
    return True


def _claim(database: Database, now: dt.datetime) -> store.JobRow | None:
    with database.unit(_ACTOR, now) as unit:
        row = store.claim_job(unit.session, now)
        if row is None:
            return None
        if row.tries >= store.MOST_TRIES:
            _end(unit, row, JobState.FAILED, _CUT_OFF)
            return row
        row.state, row.tries = JobState.RUNNING.value, row.tries + 1
        row.lease_until, row.changed_at = now + store.LEASE, now
        return row


@dataclass
class _Work:
    """One job under way in this process."""

    database: Database
    live: Live
    clock: Clock
    row: store.JobRow

    def do(self, finish: Finish) -> None:
        if self.row.state != JobState.RUNNING.value:
            self._tell()
            return
        order = Order.model_validate(self.row.wanted)
        frozen, edition_id, sha256 = self._frozen(order)
        self._step(Step.RENDERING)
        languages = order.languages
        data = rendered(self.database, frozen, order.form, languages, sha256)
        self._step(Step.KEEPING)
        with self.database.unit(self._actor(), self.clock()) as unit:
            row = unit.session.get_one(store.JobRow, self.row.id, with_for_update=True)
            if row.state != JobState.RUNNING.value or row.tries != self.row.tries:
                return  # it took too long, and another worker has it by now
            kept = editions.keep(unit, frozen, edition_id, order.form, languages, data)
            row.document_id, row.edition_id = kept.id, edition_id
            finish(unit, row, kept)
            _end(unit, row, JobState.DONE, "")
        self._tell()

    def _frozen(self, order: Order) -> tuple[Frozen, int | None, str]:
        """What it is made of: the edition that was named or that is frozen first, else a draft."""
        known = order.edition_id or self.row.edition_id
        if known is not None:
            with self.database.reading() as session:
                edition = session.get_one(edition_store.EditionRow, known)
            return edition.to_frozen(), edition.id, edition.sha256
        self._step(Step.FIGURES)
        level = Visibility(self.row.level)
        seen = tuple(v for v in Visibility if list(Visibility).index(v) <= list(Visibility).index(level))
        asked = Asked(order, seen, self._actor(), self.clock())
        if not order.edition:
            return draft(self.database, asked), None, ""
        self._step(Step.FREEZING)
        # In the unit that freezes it: a worker that is killed afterwards must not freeze a second one.
        made = editions.freeze(self.database, asked, remember=self._remember)
        return made.to_frozen(), made.id, made.sha256

    def _remember(self, unit: Unit, made: edition_store.EditionRow) -> None:
        row = unit.session.get_one(store.JobRow, self.row.id, with_for_update=True)
        if row.tries != self.row.tries:
            raise Forbidden(N_("Another worker has taken this up."))
        row.edition_id = made.id

    def _step(self, step: Step) -> None:
        now = self.clock()
        with self.database.unit(_ACTOR, now) as unit:
            row = unit.session.get_one(store.JobRow, self.row.id)
            if row.tries == self.row.tries:
                row.step, row.progress = step.value, PROGRESS[step]
                row.lease_until, row.changed_at = now + store.LEASE, now
        self._tell()

    def fail(self, error: str) -> None:
        with self.database.unit(_ACTOR, self.clock()) as unit:
            row = unit.session.get_one(store.JobRow, self.row.id, with_for_update=True)
            if row.state == JobState.RUNNING.value and row.tries == self.row.tries:
                _end(unit, row, JobState.FAILED, error)
        self._tell()

    def _tell(self) -> None:
        self.live.publish(Happening(0, MAKING, _subject(self.row.id)))

    def _actor(self) -> str:
        return f"user:{self.row.user_id}" if self.row.user_id else _ACTOR


def _end(unit: Unit, row: store.JobRow, state: JobState, error: str) -> None:
    row.state, row.error, row.changed_at = state.value, error, unit.now
    if state is JobState.DONE:
        row.step, row.progress = Step.DONE.value, PROGRESS[Step.DONE]
    type_ = EventType.REPORT_FINISHED if state is JobState.DONE else EventType.REPORT_FAILED
    after = {"document": row.document_id, "edition": row.edition_id, "error": error}
    unit.append(type_, _subject(row.id), {"before": {}, "after": after})


def _subject(job_id: UUID) -> str:
    return f"report:{job_id}"
