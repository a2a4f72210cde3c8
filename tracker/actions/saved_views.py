"""Keeping, renaming and removing views of the list, and choosing the one it begins with: rows and event together."""

import datetime as dt

from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.domain.saved_views import Keeper, SaveView
from tracker.errors import Forbidden, NotFound
from tracker.i18n import N_
from tracker.store import saved_views as store
from tracker.store.unit_of_work import Database, Unit

_NO_VIEW = N_("There is no such view.")
_NOT_YOURS = N_("Views of the whole house are looked after by editors.")


def save_view(database: Database, command: SaveView, keeper: Keeper, actor: Actor, now: dt.datetime) -> int:
    """Keep a view; returns its id. Raises `Forbidden` for one of the house by somebody who keeps none of those."""
    if command.house and not keeper.keeps_house:
        raise Forbidden(_NOT_YOURS)
    owner = None if command.house else keeper.user_id
    with database.unit(actor.name, now) as unit:
        views = store.views_of(unit.session, keeper.user_id)
        row = next((view for view in views if view.user_id == owner and view.name == command.name), None)
        before = {"arguments": row.arguments} if row else {}
        if row is None:
            row = store.SavedViewRow(user_id=owner, name=command.name)
            unit.session.add(row)
        row.arguments, row.saved_at = command.arguments, now
        unit.session.flush()
        after = {"name": row.name, "arguments": row.arguments, "house": command.house}
        unit.append(EventType.VIEW_SAVED, _subject(row), {"before": before, "after": after})
        return row.id


def rename_view(database: Database, view_id: int, name: str, keeper: Keeper, actor: Actor, now: dt.datetime) -> None:
    with database.unit(actor.name, now) as unit:
        row = _kept_by(unit, view_id, keeper)
        if row.name == name:
            return
        before, row.name = row.name, name
        unit.append(EventType.VIEW_RENAMED, _subject(row), {"before": {"name": before}, "after": {"name": name}})


def remove_view(database: Database, view_id: int, keeper: Keeper, actor: Actor, now: dt.datetime) -> None:
    """Remove a view; whoever's list began with it begins with everything again."""
    with database.unit(actor.name, now) as unit:
        row = _kept_by(unit, view_id, keeper)
        before = {"name": row.name, "arguments": row.arguments, "house": row.user_id is None}
        unit.append(EventType.VIEW_REMOVED, _subject(row), {"before": before, "after": {}})
        unit.session.delete(row)


def begin_with(database: Database, view_id: int | None, keeper: Keeper, actor: Actor, now: dt.datetime) -> None:
    """Let a person's list begin with a view of theirs or the house's; None: with everything."""
    with database.unit(actor.name, now) as unit:
        chosen = store.view_of(unit.session, view_id, keeper.user_id) if view_id else None
        if view_id and chosen is None:
            raise NotFound(_NO_VIEW)
        first = unit.session.get(store.FirstViewRow, keeper.user_id)
        before = first.view_id if first else None
        if before == view_id:
            return
        if first and chosen is None:
            unit.session.delete(first)
        elif first and chosen:
            first.view_id = chosen.id
        elif chosen:
            unit.session.add(store.FirstViewRow(user_id=keeper.user_id, view_id=chosen.id))
        changed = {"before": {"view": before}, "after": {"view": view_id}}
        unit.append(EventType.VIEW_CHOSEN, f"view:{view_id or before}", changed)


def _kept_by(unit: Unit, view_id: int, keeper: Keeper) -> store.SavedViewRow:
    row = store.view_of(unit.session, view_id, keeper.user_id)
    if row is None:
        raise NotFound(_NO_VIEW)
    if row.user_id is None and not keeper.keeps_house:
        raise Forbidden(_NOT_YOURS)
    return row


def _subject(row: store.SavedViewRow) -> str:
    return f"view:{row.id}"
