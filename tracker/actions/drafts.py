"""Keeping what somebody typed until it is saved: rows alone, no event, since nothing has happened yet.

What is sent after the session has ended belongs to nobody until somebody logs in on the same browser; there is little
room for such, so that whoever has no account cannot fill the house.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tracker.domain.activities import Activity
from tracker.domain.commands import Actor
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import activities, drafts
from tracker.store.drafts import DraftRow
from tracker.store.unit_of_work import Database, Unit

KEPT = dt.timedelta(days=30)
WAITING = dt.timedelta(days=1)
"""How long a draft waits for somebody to log in."""

MOST_WAITING = 100
MOST_OF_A_PERSON = 50
LARGEST = 200_000
"""Characters of a draft; a whole activity with long texts in three languages has a tenth of them."""

_TOO_LARGE = N_("This is too much to keep as a draft.")
_GONE = N_("This draft is no longer there. It was saved or discarded, or it is older than a month.")

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Draft:
    """A form as it was left. `activity_id`: the activity it changes."""

    id: UUID
    kind: str
    activity_id: UUID | None
    fields: Fields
    changed_at: dt.datetime

    def first(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")

    @property
    def title(self) -> str:
        named = (texts[0] for name, texts in self.fields.items() if name.startswith("title.") and texts and texts[0])
        return next(named, "")


@dataclass(frozen=True)
class KeepDraft:
    id: UUID
    kind: str
    activity_id: UUID | None
    fields: Fields


def keep_draft(database: Database, user_id: int, command: KeepDraft, actor: Actor, now: dt.datetime) -> None:
    """Keep a form as it stands, over what was kept of it before. Old ones of everybody go."""
    _check_size(command)
    with database.unit(actor.name, now) as unit:
        drafts.drop_older(unit.session, now - KEPT, now - WAITING)
        row = drafts.load(unit.session, command.id)
        if row is not None and row.user_id != user_id:
            raise NotFound(_GONE)
        if row is None:
            own = drafts.of_person(unit.session, user_id, now - KEPT)
            for old in own[MOST_OF_A_PERSON - 1 :]:
                unit.session.delete(old)
            _add(unit, user_id, command)
        else:
            row.fields, row.changed_at = _plain(command.fields), now


def keep_for_whoever_logs_in(database: Database, command: KeepDraft, now: dt.datetime) -> bool:
    """Keep what came after the session had ended; False where too many wait already."""
    _check_size(command)
    with database.unit("system", now) as unit:
        drafts.drop_older(unit.session, now - KEPT, now - WAITING)
        if drafts.waiting(unit.session) >= MOST_WAITING:
            return False
        _add(unit, None, command)
        return True


def claim_draft(database: Database, user_id: int, draft_id: UUID, actor: Actor, now: dt.datetime) -> None:
    """Give a draft that belongs to nobody to the person who has logged in. One that is not there is let be."""
    with database.unit(actor.name, now) as unit:
        row = drafts.load(unit.session, draft_id)
        if row is not None and row.user_id is None:
            row.user_id = user_id


def draft(database: Database, user_id: int, draft_id: UUID) -> Draft:
    """A draft of this person. Raises `NotFound`."""
    with database.reading() as session:
        row = drafts.load(session, draft_id)
        if row is None or row.user_id != user_id:
            raise NotFound(_GONE)
        return _draft(row)


def drafts_of(database: Database, user_id: int, now: dt.datetime) -> list[Draft]:
    with database.reading() as session:
        return [_draft(row) for row in drafts.of_person(session, user_id, now - KEPT)]


def discard_draft(database: Database, user_id: int, draft_id: UUID, actor: Actor, now: dt.datetime) -> None:
    with database.unit(actor.name, now) as unit:
        drafts.drop(unit.session, draft_id, user_id)


def done_with(user_id: int, draft_id: UUID | None) -> Callable[[Unit, Activity], None]:
    """What drops a draft in the very unit of work that saves what it was about."""

    def drop(unit: Unit, _saved: Activity) -> None:
        if draft_id is not None:
            drafts.drop(unit.session, draft_id, user_id)

    return drop


def _add(unit: Unit, user_id: int | None, command: KeepDraft) -> None:
    known = command.activity_id and activities.existing(unit.session, [command.activity_id])
    row = DraftRow(
        id=command.id,
        user_id=user_id,
        kind=command.kind,
        activity_id=command.activity_id if known else None,
        fields=_plain(command.fields),
        created_at=unit.now,
        changed_at=unit.now,
    )
    unit.session.add(row)


def _check_size(command: KeepDraft) -> None:
    if len(json.dumps(_plain(command.fields))) > LARGEST:
        raise InvalidInput.one("fields", "", _TOO_LARGE)


def _plain(fields: Fields) -> dict[str, list[str]]:
    """As JSON both databases can hold: PostgreSQL has no room for a NUL."""
    return {name.replace("\x00", ""): [text.replace("\x00", "") for text in texts] for name, texts in fields.items()}


def _draft(row: DraftRow) -> Draft:
    return Draft(row.id, row.kind, row.activity_id, row.fields, row.changed_at)
