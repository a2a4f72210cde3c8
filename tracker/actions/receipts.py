"""Asking a recipient what arrived of a shipment by a secret link, keeping the answer, and accepting it.

The token follows from the receipt's id and the installation's key, so that it can be printed again on a packing list
while the database keeps nothing but its hash. Events tell how many lines differ; who confirmed stands in the row alone.
"""

import base64
import datetime as dt
import hmac
from dataclasses import dataclass
from uuid import UUID, uuid4

from tracker.actions.activities import revise_within
from tracker.actions.calendars import token_hash
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor
from tracker.domain.details import AidShipment, Stage
from tracker.domain.events import EventType
from tracker.domain.receipts import Confirmation, differing, expiry
from tracker.domain.shipments import BACK, goes_back, moved, stage_of
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_
from tracker.outputs.mail import can_be_written_to
from tracker.store import activities as activity_store
from tracker.store import receipts as store
from tracker.store.unit_of_work import Database, Unit

RECIPIENT = "recipient"
"""The author of an answer: somebody without an account, whose name is nobody else's business."""

_UNKNOWN = N_("There is no receipt with the id {id}.")


@dataclass(frozen=True)
class AskReceipt:
    """`sent_to` is where the link is mailed; empty where staff hand it over by themselves."""

    activity_id: UUID
    language: str
    sent_to: str
    days: int


def token_of(receipt_id: UUID, secret: str) -> str:
    """256 bits that nobody can work out without the installation's key."""
    told = hmac.digest(secret.encode(), f"receipt:{receipt_id}".encode(), "sha256")
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def ask_receipt(database: Database, command: AskReceipt, secret: str, actor: Actor, now: dt.datetime) -> UUID:
    """Make a link; its token follows by `token_of`. Raises `InvalidInput`, `NotFound`."""
    sent_to = command.sent_to.strip()
    if sent_to and not ("@" in sent_to and can_be_written_to(sent_to)):
        raise InvalidInput.one("sent_to", sent_to, N_("“{value}” is not an e-mail address."))
    if command.language not in LANGUAGES:
        raise InvalidInput.one(
            "language", command.language, N_("“{value}” is not one of {allowed}."), allowed=LANGUAGES
        )
    with database.unit(actor.name, now) as unit:
        _shipment(unit, command.activity_id)
        row = store.ReceiptRow(
            id=uuid4(),
            version=1,
            activity_id=command.activity_id,
            language=command.language,
            sent_to=sent_to,
            created_at=now,
            expires_at=expiry(now, command.days),
            lines=[],
        )
        row.token_hash = token_hash(token_of(row.id, secret))
        unit.session.add(row)
        after = {"activity": str(command.activity_id), "expires_at": row.expires_at.isoformat()}
        unit.append(EventType.RECEIPT_ASKED, _subject(row), {"before": {}, "after": after})
        return row.id


def revoke_receipt(database: Database, receipt_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """The link opens nothing any more; what was answered stays."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, receipt_id)
        if row.revoked_at is None:
            row.revoked_at, row.version = now, row.version + 1
            unit.append(EventType.RECEIPT_REVOKED, _subject(row), {"before": {}, "after": {}})


def confirm_receipt(database: Database, token: str, command: Confirmation, version: int, now: dt.datetime) -> None:
    """Keep what the recipient says, in place of what they said before. `NotFound` where the link is none any more."""
    with database.unit(RECIPIENT, now) as unit:
        row = store.by_hash(unit.session, token_hash(token))
        if row is None or not row.is_open(now):
            raise NotFound(N_("This link is not valid any more."))
        if row.version != version:
            raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
        row.lines = [answer.model_dump(mode="json") for answer in command.lines]
        row.received_on, row.confirmed_by, row.note = command.received_on, command.confirmed_by, command.note
        row.answered_at, row.accepted_at, row.version = now, None, row.version + 1
        after = {
            "activity": str(row.activity_id),
            "received_on": command.received_on,
            "lines": len(command.lines),
            "differing": len(differing(command.lines)),
        }
        unit.append(EventType.RECEIPT_CONFIRMED, _subject(row), {"before": {}, "after": after})


def accept_receipt(database: Database, receipt_id: UUID, stage: Stage, actor: Actor, now: dt.datetime) -> None:
    """Take the answer for true: the shipment stands at `stage` since the day it says. Both in one unit of work."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, receipt_id)
        if row.answered_at is None or row.accepted_at is not None:
            raise NotFound(_UNKNOWN, id=receipt_id)
        known = _shipment(unit, row.activity_id)
        assert isinstance(known.details, AidShipment)  # noqa: S101 -- `_shipment` has looked
        if goes_back(stage_of(known), stage):
            raise InvalidInput.one("stage", stage.value, BACK)
        details = moved(known.details, stage, row.received_on)
        revise_within(unit, known.id, known.content().model_copy(update={"details": details}))
        row.accepted_at, row.version = now, row.version + 1
        unit.append(EventType.RECEIPT_ACCEPTED, _subject(row), {"before": {}, "after": {"stage": stage.value}})


def forget_recipient(database: Database, receipt_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Erase who confirmed and where the link was sent: what arrived stays known without them (R12)."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, receipt_id)
        row.confirmed_by, row.sent_to, row.version = "", "", row.version + 1
        row.revoked_at = row.revoked_at or now
        unit.append(EventType.RECEIPT_FORGOTTEN, _subject(row), {"before": {}, "after": {}})


def _shipment(unit: Unit, activity_id: UUID) -> Activity:
    row = activity_store.load(unit.session, activity_id)
    known = row.to_activity() if row and row.removed_at is None else None
    if known is None or not isinstance(known.details, AidShipment):
        raise NotFound(N_("There is no shipment with the id {id}."), id=activity_id)
    return known


def _row(unit: Unit, receipt_id: UUID) -> store.ReceiptRow:
    row = unit.session.get(store.ReceiptRow, receipt_id)
    if row is None:
        raise NotFound(_UNKNOWN, id=receipt_id)
    return row


def _subject(row: store.ReceiptRow) -> str:
    return f"receipt:{row.id}"
