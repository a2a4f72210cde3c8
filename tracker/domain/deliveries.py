"""When an outgoing message is tried again, and when it is given up.

Passing faults (the server is away, busy, over its quota) are waited out for three days, long enough for a weekend;
what is given up stays, is shown, and can be sent again by hand. Pure: the moment is an argument.
"""

import datetime as dt
import hashlib
from enum import StrEnum

from tracker.domain.reminders import SKIP_REASONS, SkipReason
from tracker.i18n import N_


class Channel(StrEnum):
    MAIL = "mail"
    CHAT = "chat"


class Sort(StrEnum):
    """What a message is about; that decides whether somebody still wants it when it can leave."""

    REMINDER = "reminder"
    CHANGE = "change"
    LETTER = "letter"
    REPORT = "report"
    SECURITY = "security"


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"


class Outcome(StrEnum):
    """How an attempt ended. One that stays `begun` was cut off: the worker was killed."""

    BEGUN = "begun"
    SENT = "sent"
    PASSING = "passing"
    PERMANENT = "permanent"


_MINUTE, _HOUR = dt.timedelta(minutes=1), dt.timedelta(hours=1)
PAUSES = (_MINUTE, 5 * _MINUTE, 30 * _MINUTE, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR, 24 * _HOUR, 24 * _HOUR)
AWAY = dt.timedelta(minutes=2)
"""How long all wait where the server is away or does not let us in; that is no try of theirs, and is never given up."""
LEASE = dt.timedelta(minutes=10)
"""After this long a message that is still being sent has lost its worker, and another one takes it up."""

WHY_SKIPPED = {
    Sort.REMINDER: SKIP_REASONS,
    Sort.CHANGE: {
        SkipReason.TOO_LATE: N_("Too late: it had begun before the mail could leave."),
        SkipReason.WITHDRAWN: N_("A later change took its place."),
        SkipReason.UNSUBSCRIBED: N_("The subscription was closed, or its mails were switched off."),
        SkipReason.ACCOUNT_CLOSED: SKIP_REASONS[SkipReason.ACCOUNT_CLOSED],
        SkipReason.MAIL_PAUSED: SKIP_REASONS[SkipReason.MAIL_PAUSED],
    },
    Sort.LETTER: {SkipReason.WITHDRAWN: N_("The letter was taken back before it left.")},
    Sort.REPORT: {},
    Sort.SECURITY: {},
}

DOUBTFUL = frozenset({Outcome.BEGUN, Outcome.SENT})
"""After any of these the message may have arrived."""

CUT_OFF = N_("The worker was stopped while sending; it may have left.")


def next_try(attempts: int, now: dt.datetime, key: str) -> dt.datetime | None:
    """When to try again after that many attempts that met a passing fault; None: give it up.

    Up to a quarter later than the pause says, by the delivery's key: what was refused together does not come back
    together, and each comes when it would have come in any other process.
    """
    if attempts > len(PAUSES):
        return None
    pause = PAUSES[attempts - 1]
    chance = int.from_bytes(hashlib.sha256(f"{key} {attempts}".encode()).digest()[:4]) / 2**32
    return now + pause + pause * chance / 4
