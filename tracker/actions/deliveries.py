"""Sending the mails that are queued: claim a batch, close the session, send all over one connection, write it down.

At least once, and as near to once as mail allows. Every step goes to a journal before the next one is taken, so a
worker that is killed leaves in doubt at most the one message it was handing over: that one goes once more, under the
same Message-ID, and is counted as perhaps arrived twice. Without the journal (another machine, a power cut) the lease
decides: ten minutes later the whole batch goes once more.
"""

import datetime as dt
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import structlog

from tracker.actions.settling import settle_attempts
from tracker.domain.commands import Actor
from tracker.domain.deliveries import CUT_OFF, PAUSES, Channel, DeliveryStatus, Sort
from tracker.domain.reminders import SkipReason
from tracker.errors import Conflict, GatewayError, NotFound
from tracker.gateways.journal import Journal, Line, NoJournal, Page, Step
from tracker.gateways.mail import Mail, Outgoing, Session
from tracker.i18n import N_
from tracker.outputs import mail as output
from tracker.store import accounts, addresses, reminders
from tracker.store import deliveries as store
from tracker.store.editions import document_bytes
from tracker.store.subscriptions import SubscriptionRow
from tracker.store.unit_of_work import Database, Unit

_AT_ONCE = dt.timedelta(minutes=4)
"""How long one call goes on; the next tick takes up the rest. A batch given up here has most of its lease left."""
_BATCH = 100
_ACTOR = "deliveries"
_NO_JOURNAL = NoJournal()

log = structlog.get_logger()


def deliver_due(database: Database, mail: Mail, now: dt.datetime, journal: Journal = _NO_JOURNAL) -> int:
    """Send the mails whose time has come; returns how many left. Several workers share the work."""
    settle_left_behind(database, journal, now)
    begun, sent = time.monotonic(), 0

    def clock() -> dt.datetime:
        # A slow server makes a call long, and a lease counted from its beginning would run out while it is in use.
        return now + dt.timedelta(seconds=time.monotonic() - begun)

    with journal.witness() as witness, mail.session(witness) as session:
        while clock() - now < _AT_ONCE:
            with journal.page() as page:
                witness.watch(page.descriptor)
                batch = _claim(database, clock())
                if batch is None:
                    page.done()
                    return sent
                enclosed = _enclosed(database, [row for row, _ in batch])
                attempts = [_Attempt(*one, page, clock, enclosed) for one in batch]
                go_on = _send_all(session, attempts, now + _AT_ONCE)
                sent += settle_attempts(database, page.read(), clock())
                page.done()
            if not go_on:
                return sent
    return sent


def settle_left_behind(database: Database, journal: Journal, now: dt.datetime) -> None:
    """Write down what workers that died had done, before anybody claims anything."""
    for page in journal.left_behind():
        lines = page.read()
        settle_attempts(database, lines, now)
        page.done()
        if lines:
            log.warning("a worker was stopped while sending", deliveries=len(lines))


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


def _claim(database: Database, now: dt.datetime) -> list[tuple[store.DeliveryRow, int]] | None:
    """Take a batch for the time of a lease: messages and the numbers of the attempts; None where nothing is due."""
    with database.unit(_ACTOR, now) as unit:
        rows = store.claim(unit.session, Channel.MAIL, now, _BATCH)
        if not rows:
            return None
        people = accounts.users_by_id(unit.session, {row.user_id for row in rows if row.user_id})
        wanted = [row for row in rows if _is_to_be_sent(unit, row, people.get(row.user_id or 0))]
        numbers = store.begin_attempts(unit.session, wanted, now)
        return [(row, numbers[row.id]) for row in wanted]


def _enclosed(database: Database, rows: Sequence[store.DeliveryRow]) -> dict[int, bytes]:
    """The documents that go with these mails, each once however many get it."""
    wanted = {one["document"] for row in rows for one in row.payload.get("enclosed", ())}
    if not wanted:
        return {}
    with database.reading() as session:
        return document_bytes(session, wanted)


def _is_to_be_sent(unit: Unit, row: store.DeliveryRow, user: accounts.UserRow | None) -> bool:
    if reason := _reason_to_skip(unit, row, user):
        row.status, row.reason = DeliveryStatus.SKIPPED.value, reason.value
        reminders.settle(unit.session, row.id, DeliveryStatus.SKIPPED, reason, row.last_error)
        return False
    if row.tries > len(PAUSES):  # each try was cut off, and so would be the next
        row.status, row.last_error = DeliveryStatus.FAILED.value, CUT_OFF
        reminders.settle(unit.session, row.id, DeliveryStatus.FAILED, None, CUT_OFF)
        return False
    return True


@dataclass(frozen=True)
class _Attempt:
    """One message whose turn it is, and where its steps are written."""

    row: store.DeliveryRow
    number: int
    page: Page
    clock: Callable[[], dt.datetime]
    enclosed: Mapping[int, bytes]

    def line(self, step: Step, error: str = "") -> Line:
        return Line(self.row.id, self.number, step, self.clock(), error)

    def note(self, step: Step, error: str = "") -> None:
        self.page.write(self.line(step, error))

    def send(self, session: Session) -> GatewayError | None:
        """Each step goes onto the page before the next is taken; returns the fault, if there was one."""
        try:
            letter = output.letter_of(self.row.payload)
            content = output.compose(letter, self.row.created_at, self.enclosed)
        except Exception as broken:
            return self._broken(broken)
        try:
            session.send(Outgoing(letter.sender, letter.to, content), lambda: self.note(Step.BEGUN))
        except GatewayError as refused:
            self.note(_step_after(refused), str(refused))
            return refused
        except Exception as broken:
            return self._broken(broken)
        self.note(Step.SENT)
        return None

    def _broken(self, broken: Exception) -> GatewayError:
        """The edge of the loop: whatever goes wrong leaves a trace in a row, and is tried again."""
        fault = GatewayError(N_("It could not be sent: {fault}"), permanent=False, fault=repr(broken))
        self.note(Step.PASSING, str(fault))
        return fault


def _send_all(session: Session, batch: Sequence[_Attempt], until: dt.datetime) -> bool:
    """Send one after the other; what is left stays `claimed`. Returns whether to go on afterwards."""
    try:
        if batch:
            batch[0].page.write(*(attempt.line(Step.CLAIMED) for attempt in batch))
        for attempt in batch:
            if attempt.clock() >= until:
                return False
            fault = attempt.send(session)
            log.info("delivery tried", delivery=attempt.row.id, attempt=attempt.number, fault=str(fault or "") or None)
            if fault is not None and fault.whole:
                return False
    except OSError as fault:  # no room for the journal: what is known goes to the database, and no further mail leaves
        log.error("the journal of mails cannot be written", fault=repr(fault))
        return False
    return True


def _step_after(fault: GatewayError) -> Step:
    if fault.whole:
        return Step.AWAY
    if fault.perhaps_taken:
        return Step.BEGUN
    return Step.PERMANENT if fault.permanent else Step.PASSING


def _reason_to_skip(unit: Unit, row: store.DeliveryRow, user: accounts.UserRow | None) -> SkipReason | None:
    """A message may have waited for days: perhaps it is of no more use, or no longer wanted.

    Whom somebody wrote a letter to is not asked: the letter decides. Nor is anybody whose account was changed: if it
    was not they who changed it, they must hear of it.
    """
    if user is not None and row.sort not in (Sort.LETTER.value, Sort.SECURITY.value):
        if not user.active:
            return SkipReason.ACCOUNT_CLOSED
        if not (user.reminders_by_mail if row.sort == Sort.REMINDER.value else _wants_changes(unit, row)):
            return SkipReason.UNSUBSCRIBED
        if user.mail_paused_at is not None:
            return SkipReason.MAIL_PAUSED
    if user is None and row.sort == Sort.REMINDER.value and (address := addresses.known(unit.session, row.recipient)):
        if address.stopped_at is not None:
            return SkipReason.UNSUBSCRIBED
        if address.mail_paused_at is not None:
            return SkipReason.MAIL_PAUSED
    if row.expires_at is not None and unit.now >= row.expires_at:
        return SkipReason.TOO_LATE
    return None


def _wants_changes(unit: Unit, row: store.DeliveryRow) -> bool:
    found = unit.session.get(SubscriptionRow, row.subscription_id) if row.subscription_id else None
    return found is not None and found.mail_urgent and found.revoked_at is None
