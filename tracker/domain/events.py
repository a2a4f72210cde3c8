"""Domain events: what happened in the tracker, in the past tense.

Wire names are `noun.verb-past`. An event carries what changed, before and after, so that history, undo and consumers
need nothing else. Events are appended by `actions` only, in the unit of work that writes the rows.
"""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

SHARDS = 8
"""Events are spread over this many shards by subject: order holds per subject, and workers share the load."""


class EventType(StrEnum):
    ACTIVITY_RECORDED = "activity.recorded"
    ACTIVITY_REVISED = "activity.revised"
    ACTIVITY_REMOVED = "activity.removed"
    ACTIVITY_RESTORED = "activity.restored"
    TWIN_ADDED = "twin.added"
    TWIN_REVISED = "twin.revised"
    HONOUR_ADDED = "honour.added"
    HONOUR_REVISED = "honour.revised"
    HONOUR_REMOVED = "honour.removed"
    OFFICE_ADDED = "office.added"
    OFFICE_REVISED = "office.revised"
    OFFICE_REMOVED = "office.removed"
    CONTACT_ADDED = "contact.added"
    CONTACT_REVISED = "contact.revised"
    CONTACT_REMOVED = "contact.removed"
    OBSERVANCE_ADDED = "observance.added"
    OBSERVANCE_REVISED = "observance.revised"
    OBSERVANCE_REMOVED = "observance.removed"
    CALENDAR_CREATED = "calendar.created"
    SUBSCRIPTION_CREATED = "subscription.created"
    SUBSCRIPTION_REVISED = "subscription.revised"
    SUBSCRIPTION_ROTATED = "subscription.rotated"
    SUBSCRIPTION_REVOKED = "subscription.revoked"
    ZONES_UPDATED = "zones.updated"
    RULE_ADDED = "rule.added"
    RULE_REVISED = "rule.revised"
    RULE_REMOVED = "rule.removed"
    CUSTOMS_REVISED = "customs.revised"
    ORGANISATION_REVISED = "organisation.revised"
    TASK_CLAIMED = "task.claimed"
    TASK_HANDED_OVER = "task.handed"
    TASK_RELEASED = "task.released"
    TASK_DONE = "task.finished"
    TASK_SNOOZED = "task.snoozed"
    LETTER_SENT = "letter.sent"
    TEMPLATE_REVISED = "template.revised"
    CHAT_ADDED = "chat.added"
    CHAT_REVISED = "chat.revised"
    CHAT_REMOVED = "chat.removed"
    MAIL_PAUSED = "mail.paused"
    MAIL_RESUMED = "mail.resumed"
    MAIL_STOPPED = "mail.stopped"
    READER_ADDED = "reader.added"
    READER_REVISED = "reader.revised"
    READER_REMOVED = "reader.removed"
    TEXT_REVISED = "text.revised"
    PICTURE_ADDED = "picture.added"
    PICTURE_REVISED = "picture.revised"
    PICTURE_REMOVED = "picture.removed"
    EDITION_FROZEN = "edition.frozen"
    REPORT_ORDERED = "report.ordered"
    REPORT_FINISHED = "report.finished"
    REPORT_FAILED = "report.failed"
    MAILING_ADDED = "mailing.added"
    MAILING_REVISED = "mailing.revised"
    MAILING_REMOVED = "mailing.removed"
    MAILING_QUEUED = "mailing.queued"
    FILE_ATTACHED = "file.attached"
    FILE_REVISED = "file.revised"
    FILE_REMOVED = "file.removed"
    FILE_RESTORED = "file.restored"
    FILE_ERASED = "file.erased"
    VIEW_SAVED = "view.saved"
    VIEW_RENAMED = "view.renamed"
    VIEW_REMOVED = "view.removed"
    VIEW_CHOSEN = "view.chosen"
    DOSSIER_REVISED = "dossier.revised"
    RECEIPT_ASKED = "receipt.asked"
    RECEIPT_REVOKED = "receipt.revoked"
    RECEIPT_CONFIRMED = "receipt.confirmed"
    RECEIPT_ACCEPTED = "receipt.accepted"
    RECEIPT_FORGOTTEN = "receipt.forgotten"
    USER_ADDED = "user.added"
    USER_REVISED = "user.revised"
    USER_INVITED = "user.invited"
    USER_GRANTED = "user.granted"
    USER_CLOSED = "user.closed"
    USER_REOPENED = "user.reopened"
    USER_ERASED = "user.erased"
    TOKEN_ISSUED = "token.issued"  # noqa: S105 -- a wire name, not a secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 -- likewise


LOGGED = frozenset(type_ for type_ in EventType if type_.startswith("activity."))
"""What colleagues are told of as it happens: whatever is done to an activity."""


@dataclass(frozen=True)
class Event:
    """One entry of the log. `position` is its place in the one total order; `subject` is like `activity:<uuid>`."""

    position: int
    type: EventType
    subject: str
    data: Mapping[str, Any]
    actor: str
    at: dt.datetime

    @property
    def subject_id(self) -> str:
        return self.subject.partition(":")[2]


def shard_of(subject: str) -> int:
    """The shard of a subject: stable between processes and releases, unlike `hash()`."""
    return int.from_bytes(hashlib.blake2b(subject.encode(), digest_size=4).digest()) % SHARDS


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields that differ, as `{"before": {...}, "after": {...}}`; equal fields are left out."""
    fields = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return {"before": {k: before.get(k) for k in fields}, "after": {k: after.get(k) for k in fields}}
