"""What the house knows of a person, handed to them; and forgotten, with the records kept as nobody's (GDPR).

What somebody did stays in the log under their number, which then resolves to nobody. What has left the house (a mail, a
frozen report, a backup) cannot be called back; the page that asks for confirmation says so.
"""

import datetime as dt
from typing import Any

from tracker.actions import tasks
from tracker.actions.activities import searchable, subject
from tracker.actions.grants import check_not_last, current
from tracker.domain.activities import ActivityContent
from tracker.domain.events import EventType
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import accounts, personal
from tracker.store import tasks as task_store
from tracker.store import twins as twin_store
from tracker.store.activity_content import write_content
from tracker.store.unit_of_work import Database, Unit


def known_of(database: Database, user_id: int, now: dt.datetime, *, whole: bool = True) -> dict[str, Any]:
    """Everything that is known of a person, as one document. Raises `NotFound`.

    Not `whole`: as the person themself may read it, without what other people's records say beside their name.
    """
    with database.reading() as session:
        user = session.get(accounts.UserRow, user_id)
        if user is None or user.erased_at is not None:
            raise NotFound(N_("There is no such account."))
        return {
            "person": f"user:{user.id}",
            "address": user.email,
            "name": user.name,
            "as of": now.isoformat(),
            "kept": personal.rows_about(session, user, whole=whole),
        }


def erase(database: Database, user_id: int, confirmed: str, actor: str, now: dt.datetime) -> None:
    """Forget a person. `confirmed` is their address, typed by whoever does it. Raises `InvalidInput`, `NotFound`."""
    with database.unit(actor, now) as unit:
        user = current(unit, user_id)
        if confirmed.strip().lower() != user.email:
            raise InvalidInput.one("confirmed", confirmed, N_("Write the address {email} here."), email=user.email)
        check_not_last(unit, user)
        _release_tasks(unit, user_id)
        _clear_activities(unit, user)
        personal.forget(unit.session, user, now)
        unit.append(EventType.USER_ERASED, f"user:{user_id}", {})


def _release_tasks(unit: Unit, user_id: int) -> None:
    """What they had taken on is open again; what they did stays done."""
    for task in task_store.held_by(unit.session, user_id):
        tasks.reopen(unit, task)


def _clear_activities(unit: Unit, user: accounts.UserRow) -> None:
    """Nobody answers for what they answered for. The event tells what is there now; what it was is to be forgotten."""
    twins = twin_store.current(unit.session)
    for row in personal.activities_naming(unit.session, user.email):
        before = row.to_activity().content().model_dump(mode="json")
        responsible = "" if before["responsible"].lower() == user.email else before["responsible"]
        after = personal.without({**before, "responsible": responsible}, user.email, "…")
        changed = {name: after[name] for name in after if after[name] != before[name]}
        if not changed:
            continue
        content = ActivityContent.model_validate(after)
        write_content(row, content, searchable(content, twins))
        row.version, row.changed_at = row.version + 1, unit.now
        unit.session.flush()
        if row.removed_at is None:
            told = {"before": {}, "after": {**changed, "version": row.version}}
            unit.append(EventType.ACTIVITY_REVISED, subject(row.id), told)
