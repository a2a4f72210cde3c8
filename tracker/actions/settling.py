"""Writing down what became of attempts to send mails: one unit of work for a batch, harmless to repeat.

An attempt is settled once. One whose lease had run out may no longer decide about its message, unless it was sent.
"""

import datetime as dt
from collections.abc import Sequence

from tracker.actions.bounces import note_in
from tracker.domain.bounces import Bounce, status_in
from tracker.domain.deliveries import AWAY, CUT_OFF, DOUBTFUL, Channel, DeliveryStatus, Outcome, next_try
from tracker.gateways.journal import Line, Step
from tracker.store import deliveries as store
from tracker.store import reminders
from tracker.store.deliveries import DeliveryAttemptRow, DeliveryRow
from tracker.store.unit_of_work import Database, Unit

_ACTOR = "deliveries"


def settle_attempts(database: Database, lines: Sequence[Line], now: dt.datetime) -> int:
    """Write down how far each attempt has come; returns how many messages left."""
    if not lines:
        return 0
    away = next((line.error for line in lines if line.step is Step.AWAY), "")
    with database.unit(_ACTOR, now) as unit:
        store.hold(unit.session, {line.delivery_id for line in lines})
        left = _left(unit, [line for line in lines if line.step is Step.SENT])
        others = [line for line in lines if line.step is not Step.SENT]
        rows = {row.id: row for row in store.locked_all(unit.session, {line.delivery_id for line in others})}
        for line in others:
            row = rows.get(line.delivery_id)
            attempt = next((a for a in row.attempts if a.number == line.attempt), None) if row else None
            if row is not None and attempt is not None and attempt.outcome == Outcome.BEGUN.value:
                _stayed(unit, row, attempt, line, away)
        return left


def _left(unit: Unit, lines: Sequence[Line]) -> int:
    """Nearly all lines say this, so it is written for all at once."""
    if not lines:
        return 0
    known = store.outcomes_of(unit.session, {line.delivery_id for line in lines})
    # What does not stand as begun has been settled before.
    new = {line.of: line for line in lines if known.get(line.of) is Outcome.BEGUN}
    doubtful = {of[0] for of, outcome in known.items() if outcome in DOUBTFUL and of not in new}
    left = [store.Left(*line.of, line.at, line.delivery_id in doubtful) for line in new.values()]
    store.note_sent(unit.session, left)
    reminders.settle_all(unit.session, [one.delivery_id for one in left], DeliveryStatus.SENT)
    return len(left)


def _stayed(unit: Unit, row: DeliveryRow, attempt: DeliveryAttemptRow, line: Line, away: str) -> None:
    # Otherwise the lease had run out, and another worker has it now or has sent it.
    ours = row.attempts[-1] is attempt and row.status == DeliveryStatus.SENDING.value
    match line.step:
        case Step.CLAIMED:  # nobody has tried anything
            row.attempts.remove(attempt)
            if ours:
                _back(row, unit.now + AWAY if away else unit.now, away)
            return
        case Step.AWAY:
            attempt.outcome, attempt.error = Outcome.PASSING.value, line.error
            if ours:
                _back(row, unit.now + AWAY, line.error)
            return
        case Step.BEGUN:  # its outcome stays `begun`: the server may have taken it
            attempt.error = line.error or CUT_OFF
        case _:
            attempt.outcome, attempt.error = line.step.value, line.error
    if not ours:
        return
    again = None if line.step is Step.PERMANENT else next_try(row.tries, unit.now, row.key)
    if again is not None:
        row.status, row.next_try_at, row.last_error = DeliveryStatus.QUEUED.value, again, attempt.error
        return
    row.status, row.last_error = DeliveryStatus.FAILED.value, attempt.error
    reminders.settle(unit.session, row.id, DeliveryStatus.FAILED, None, attempt.error)
    if row.channel == Channel.MAIL.value and line.step is Step.PERMANENT and (code := status_in(attempt.error)):
        # The server says at once what others report later by mail.
        note_in(unit, Bounce(row.recipient, code, attempt.error, row.message_id), row, believed=True)


def _back(row: DeliveryRow, at: dt.datetime, error: str) -> None:
    """Into the queue, and that was no try."""
    row.status, row.next_try_at, row.tries = DeliveryStatus.QUEUED.value, at, row.tries - 1
    row.last_error = error or row.last_error
