"""Sending what is queued: claim one message, close the session, call the gateway, write down what happened.

At least once, as near to once as mail allows: a worker that dies after the server took the message and before that was
written down leaves it `sending`; ten minutes later it goes once more, with the same Message-ID.
"""

import datetime as dt
import time

import structlog

from tracker.domain.commands import Actor
from tracker.domain.deliveries import CUT_OFF, PAUSES, Channel, DeliveryStatus, Outcome, Sort, next_try
from tracker.domain.reminders import SkipReason
from tracker.errors import Conflict, GatewayError, NotFound
from tracker.gateways.mail import Mail
from tracker.i18n import N_
from tracker.outputs import mail as output
from tracker.store import accounts, reminders
from tracker.store import deliveries as store
from tracker.store.subscriptions import SubscriptionRow
from tracker.store.unit_of_work import Database, Unit

_AT_ONCE = dt.timedelta(minutes=4)
"""How long one call goes on; the next tick takes up the rest."""
_ACTOR = "deliveries"

log = structlog.get_logger()


def deliver_due(database: Database, mail: Mail, now: dt.datetime) -> int:
    """Send the messages whose time has come; returns how many left. Several workers share the work."""
    begun, sent = time.monotonic(), 0
    while True:
        # A slow server makes a call long, and a lease counted from its beginning would run out while it is in use.
        moment = now + dt.timedelta(seconds=time.monotonic() - begun)
        if moment - now > _AT_ONCE:
            return sent
        claimed = _claim(database, moment)
        if claimed is None:
            return sent
        row, number = claimed
        if number:
            sent += _send(database, mail, row, number, moment)


def retry_delivery(database: Database, delivery_id: int, actor: Actor, now: dt.datetime) -> None:
    """Queue a message that was given up once more. Raises `NotFound`, or `Conflict` where it was not given up."""
    with database.unit(actor.name, now) as unit:
        row = store.locked(unit.session, delivery_id)
        if row is None:
            raise NotFound(N_("There is no such delivery."))
        if row.status != DeliveryStatus.FAILED.value:
            raise Conflict(N_("Only a delivery that was given up can be sent again."))
        row.status, row.next_try_at, row.tries = DeliveryStatus.QUEUED.value, now, 0
        reminders.settle(unit.session, row.id, DeliveryStatus.QUEUED, None, "")


def _claim(database: Database, now: dt.datetime) -> tuple[store.DeliveryRow, int] | None:
    """Take one message for the time of a lease: it and the number of the attempt; 0 where it is not to be sent."""
    with database.unit(_ACTOR, now) as unit:
        row = store.claim_next(unit.session, now, Channel.MAIL)
        if row is None:
            return None
        if reason := _reason_to_skip(unit, row):
            row.status, row.reason = DeliveryStatus.SKIPPED.value, reason.value
            reminders.settle(unit.session, row.id, DeliveryStatus.SKIPPED, reason, row.last_error)
            return row, 0
        if row.tries > len(PAUSES):  # each try was cut off, and so would be the next
            _settle(unit, row, DeliveryStatus.FAILED, CUT_OFF)
            return row, 0
        return row, store.begin_attempt(unit.session, row, now)


def _send(database: Database, mail: Mail, row: store.DeliveryRow, number: int, now: dt.datetime) -> bool:
    fault: GatewayError | None = None
    try:
        mail.send(output.compose(output.letter_of(row.payload), row.created_at))
    except GatewayError as refused:
        fault = refused
    except Exception as broken:  # the edge of the loop: whatever goes wrong leaves a trace in a row and is tried again
        fault = GatewayError(N_("It could not be sent: {fault}"), permanent=False, fault=repr(broken))
        fault.__cause__ = broken
    _write_down(database, row.id, number, fault, now)
    log.info("delivery tried", delivery=row.id, attempt=number, fault=str(fault) if fault else None)
    return fault is None


def _write_down(database: Database, row_id: int, number: int, fault: GatewayError | None, now: dt.datetime) -> None:
    with database.unit(_ACTOR, now) as unit:
        row = store.locked(unit.session, row_id)
        if row is None:
            return
        attempt = next(a for a in row.attempts if a.number == number)
        if fault is None:
            attempt.outcome, row.sent_at = Outcome.SENT.value, now
            _settle(unit, row, DeliveryStatus.SENT, "")
            return
        attempt.outcome = (Outcome.PERMANENT if fault.permanent else Outcome.PASSING).value
        attempt.error = str(fault)
        if row.attempts[-1].number != number or row.status != DeliveryStatus.SENDING.value:
            return  # the lease had run out, and another worker has it now or has sent it
        again = None if fault.permanent else next_try(row.tries, now)
        if again is None:
            _settle(unit, row, DeliveryStatus.FAILED, str(fault))
        else:
            row.status, row.next_try_at, row.last_error = DeliveryStatus.QUEUED.value, again, str(fault)


def _settle(unit: Unit, row: store.DeliveryRow, outcome: DeliveryStatus, error: str) -> None:
    row.status, row.last_error = outcome.value, error
    reminders.settle(unit.session, row.id, outcome, None, error)


def _reason_to_skip(unit: Unit, row: store.DeliveryRow) -> SkipReason | None:
    """A message may have waited for days: perhaps it is of no more use, or no longer wanted."""
    user = unit.session.get(accounts.UserRow, row.user_id) if row.user_id else None
    if user is None or not user.active:
        return SkipReason.ACCOUNT_CLOSED
    if not (user.reminders_by_mail if row.sort == Sort.REMINDER.value else _wants_changes(unit, row)):
        return SkipReason.UNSUBSCRIBED
    if row.expires_at is not None and unit.now >= row.expires_at:
        return SkipReason.TOO_LATE
    return None


def _wants_changes(unit: Unit, row: store.DeliveryRow) -> bool:
    found = unit.session.get(SubscriptionRow, row.subscription_id) if row.subscription_id else None
    return found is not None and found.mail_urgent and found.revoked_at is None
