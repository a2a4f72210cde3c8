"""Answers kept under an Idempotency-Key, written in the unit of work that made what they tell of.

So a client that lost the answer asks again and gets the same one, and a crash can never leave a thing without its
answer or an answer without its thing. Two requests at once are told apart by the primary key.
"""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tracker.errors import Conflict
from tracker.i18n import N_
from tracker.store.accounts import IdempotencyRow
from tracker.store.unit_of_work import Unit

KEPT = dt.timedelta(days=7)
"""How long an answer can be asked for again at least."""


@dataclass(frozen=True)
class Answer:
    """What was answered to the request whose content has this fingerprint."""

    fingerprint: str
    status: int
    body: str
    location: str


class KeyTaken(Conflict):
    """Another request with the same key has been answered meanwhile."""


def answered(session: Session, user_id: int, key: str) -> Answer | None:
    """The answer given to this user under this key."""
    row = session.get(IdempotencyRow, (user_id, key))
    return Answer(row.fingerprint, row.status, row.body, row.location) if row else None


def remember(unit: Unit, user_id: int, key: str, answer: Answer) -> None:
    """Keep an answer in the unit's own transaction, and let go of those kept long enough. Raises `KeyTaken`."""
    session = unit.session
    session.flush()  # what the answer tells of comes first, so that a clash here can only be one of keys
    session.execute(delete(IdempotencyRow).where(IdempotencyRow.created_at < unit.now - KEPT))
    session.add(
        IdempotencyRow(
            user_id=user_id,
            key=key,
            fingerprint=answer.fingerprint,
            status=answer.status,
            body=answer.body,
            location=answer.location,
            created_at=unit.now,
        )
    )
    try:
        session.flush()
    except IntegrityError as clash:
        raise KeyTaken(N_("A request with this Idempotency-Key was answered meanwhile.")) from clash
