"""Posting what is queued for chats: claim one message, close the session, call the service, write down what happened.

The rows, the attempts and the pauses are those of mails. Few messages go this way, each to another service, so each is
claimed and sent by itself.
"""

import datetime as dt
import time

import structlog

from tracker.domain.deliveries import CUT_OFF, PAUSES, DeliveryStatus, Outcome, next_try
from tracker.domain.reminders import SkipReason
from tracker.errors import GatewayError
from tracker.gateways.chat import Chat
from tracker.i18n import N_
from tracker.outputs.chat import message_of
from tracker.store import chats, deliveries, reminders
from tracker.store.unit_of_work import Database, Unit

_AT_ONCE = dt.timedelta(minutes=2)
"""How long one call goes on; the next tick takes up the rest."""
_ACTOR = "deliveries"

log = structlog.get_logger()


def deliver_chats(database: Database, chat: Chat, now: dt.datetime) -> int:
    """Post the messages whose time has come; returns how many were taken. Several workers share the work."""
    begun, sent = time.monotonic(), 0
    while True:
        moment = now + dt.timedelta(seconds=time.monotonic() - begun)
        if moment - now > _AT_ONCE:
            return sent
        claimed = _claim(database, moment)
        if claimed is None:
            return sent
        row, number, url = claimed
        if number:
            sent += _post(database, chat, row, number, url, moment)


def _claim(database: Database, now: dt.datetime) -> tuple[deliveries.DeliveryRow, int, str] | None:
    """Take one message for the time of a lease: it, the number of the attempt (0: not to be sent), and where to."""
    with database.unit(_ACTOR, now) as unit:
        row = chats.claim_next(unit.session, now)
        if row is None:
            return None
        found = unit.session.get(chats.ChatRow, message_of(row.payload).chat)
        if reason := _reason_to_skip(found, row, now):
            row.status, row.reason = DeliveryStatus.SKIPPED.value, reason.value
            reminders.settle(unit.session, row.id, DeliveryStatus.SKIPPED, reason, row.last_error)
            return row, 0, ""
        if row.tries > len(PAUSES):  # each try was cut off, and so would be the next
            _settle(unit, row, DeliveryStatus.FAILED, CUT_OFF)
            return row, 0, ""
        return row, deliveries.begin_attempt(unit.session, row, now), found.url if found else ""


def _reason_to_skip(found: chats.ChatRow | None, row: deliveries.DeliveryRow, now: dt.datetime) -> SkipReason | None:
    if found is None or not found.active:
        return SkipReason.CHAT_OFF
    if row.expires_at is not None and now >= row.expires_at:
        return SkipReason.TOO_LATE
    return None


def _post(database: Database, chat: Chat, row: deliveries.DeliveryRow, number: int, url: str, now: dt.datetime) -> bool:
    message = message_of(row.payload)
    fault: GatewayError | None = None
    try:
        chat.send(url, message.title, message.body)
    except GatewayError as refused:
        fault = refused
    except Exception as broken:  # the edge of the loop: whatever goes wrong leaves a trace in a row and is tried again
        # Only the kind of fault: its text may hold the address.
        fault = GatewayError(N_("It could not be sent: {fault}"), permanent=False, fault=type(broken).__name__)
    _write_down(database, row.id, number, fault, now)
    log.info("chat tried", delivery=row.id, attempt=number, fault=str(fault) if fault else None)
    return fault is None


def _write_down(database: Database, row_id: int, number: int, fault: GatewayError | None, now: dt.datetime) -> None:
    with database.unit(_ACTOR, now) as unit:
        row = deliveries.locked(unit.session, row_id)
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
        again = None if fault.permanent else next_try(row.tries, now, row.key)
        if again is None:
            _settle(unit, row, DeliveryStatus.FAILED, str(fault))
        else:
            row.status, row.next_try_at, row.last_error = DeliveryStatus.QUEUED.value, again, str(fault)


def _settle(unit: Unit, row: deliveries.DeliveryRow, outcome: DeliveryStatus, error: str) -> None:
    row.status, row.last_error = outcome.value, error
    reminders.settle(unit.session, row.id, outcome, None, error)
