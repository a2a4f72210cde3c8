"""Posting what is queued for chats: claim one message, close the session, call the service, write down what happened.

The rows, the attempts, the pauses and the journal are those of mails. Few messages go this way, each to another
service, so each is claimed and sent by itself.
"""

import datetime as dt
import time
from dataclasses import dataclass

import structlog

from tracker.actions.deliveries import settle_left_behind
from tracker.actions.settling import settle_attempts
from tracker.domain.deliveries import CUT_OFF, PAUSES, DeliveryStatus
from tracker.domain.reminders import SkipReason
from tracker.errors import GatewayError
from tracker.gateways.chat import Chat
from tracker.gateways.journal import Journal, Line, NoJournal, Page, Step
from tracker.i18n import N_
from tracker.outputs.chat import message_of
from tracker.store import chats, deliveries, reminders
from tracker.store.unit_of_work import Database, Unit

_AT_ONCE = dt.timedelta(minutes=2)
"""How long one call goes on; the next tick takes up the rest."""
_ACTOR = "deliveries"
_NO_JOURNAL = NoJournal()

log = structlog.get_logger()


def deliver_chats(database: Database, chat: Chat, now: dt.datetime, journal: Journal = _NO_JOURNAL) -> int:
    """Post the messages whose time has come; returns how many were taken. Several workers share the work."""
    settle_left_behind(database, journal, now)
    begun, sent = time.monotonic(), 0
    while True:
        moment = now + dt.timedelta(seconds=time.monotonic() - begun)
        if moment - now > _AT_ONCE:
            return sent
        with journal.page() as page:
            claimed = _claim(database, moment)
            if claimed is not None and claimed[1]:
                row, number, url = claimed
                _post(chat, row, number, url, _Steps(row.id, number, page, moment))
                sent += settle_attempts(database, page.read(), moment)
            page.done()
        if claimed is None:
            return sent


@dataclass(frozen=True)
class _Steps:
    """Where the steps of one attempt are written."""

    row_id: int
    number: int
    page: Page
    at: dt.datetime

    def note(self, step: Step, error: str = "") -> None:
        self.page.write(Line(self.row_id, self.number, step, self.at, error))


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


def _post(chat: Chat, row: deliveries.DeliveryRow, number: int, url: str, steps: _Steps) -> None:
    """Each step goes onto the page before the next is taken: what the service took is never posted a second time."""
    message = message_of(row.payload)
    steps.note(Step.BEGUN)
    fault: GatewayError | None = None
    try:
        chat.send(url, message.title, message.body)
    except GatewayError as refused:
        fault = refused
    except Exception as broken:  # the edge of the loop: whatever goes wrong leaves a trace in a row and is tried again
        # Only the kind of fault: its text may hold the address.
        fault = GatewayError(N_("It could not be sent: {fault}"), permanent=False, fault=type(broken).__name__)
    if fault is None:
        steps.note(Step.SENT)
    else:
        steps.note(Step.PERMANENT if fault.permanent else Step.PASSING, str(fault))
    log.info("chat tried", delivery=row.id, attempt=number, fault=str(fault) if fault else None)


def _settle(unit: Unit, row: deliveries.DeliveryRow, outcome: DeliveryStatus, error: str) -> None:
    row.status, row.last_error = outcome.value, error
    reminders.settle(unit.session, row.id, outcome, None, error)
