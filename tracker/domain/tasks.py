"""What a reminder asks somebody to do: open, taken on by somebody, or done; and put off until a day. Pure."""

import datetime as dt
from enum import StrEnum

from tracker.domain.reminders import SkipReason

_SNOOZED, _HANDED = "snooze:", "handed:"


class TaskStatus(StrEnum):
    OPEN = "open"
    CLAIMED = "claimed"
    DONE = "done"


class LetterStatus(StrEnum):
    DRAFT = "draft"
    SENT = "sent"


def skip_reason(status: TaskStatus, claimed_by: int | None, user_id: int | None) -> SkipReason | None:
    """Why somebody need not be reminded of a task; None: they need. `user_id` is None for an address or a chat."""
    match status:
        case TaskStatus.DONE:
            return SkipReason.DONE
        case TaskStatus.CLAIMED if user_id is None or claimed_by != user_id:
            return SkipReason.CLAIMED
        case _:
            return None


def snooze_lead(day: dt.date) -> str:
    """Stands in the ledger where a rule's lead would, of a reminder that somebody put off until `day`."""
    return f"{_SNOOZED}{day:%Y-%m-%d}"


def handed_lead(day: dt.date) -> str:
    """The same of the reminder that tells somebody that a colleague has handed them a task on `day`."""
    return f"{_HANDED}{day:%Y-%m-%d}"


def chosen_day(lead: str) -> dt.date | None:
    """The day of a lead that people made; None for one that a rule gives."""
    word, _, day = lead.rpartition(":")
    return dt.date.fromisoformat(day) if f"{word}:" in (_SNOOZED, _HANDED) else None
