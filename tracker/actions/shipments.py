"""Moving a shipment of aid to another stage, and keeping its lines of goods: ordinary revisions of the activity."""

import datetime as dt
from uuid import UUID

from tracker.actions.activities import revise_activity
from tracker.domain.activities import Activity, ActivityContent, Goods
from tracker.domain.commands import Actor, KeepGoods, MoveShipment, ReviseActivity
from tracker.domain.details import AidShipment
from tracker.domain.shipments import BACK, goes_back, moved, stage_of
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import activities as store
from tracker.store.unit_of_work import Database


def move_shipment(database: Database, command: MoveShipment, actor: Actor, now: dt.datetime) -> Activity:
    """Raises `InvalidInput` where it would go back and nobody said so, or the date does not fit."""
    known = _shipment(database, command.id)
    details = known.details
    if not isinstance(details, AidShipment):
        raise NotFound(N_("There is no shipment with the id {id}."), id=command.id)
    if goes_back(stage_of(known), command.stage) and not command.back:
        raise InvalidInput.one("back", "", BACK)
    return _revise(database, known, {"details": moved(details, command.stage, command.on)}, command.version, actor, now)


def keep_goods(database: Database, command: KeepGoods, actor: Actor, now: dt.datetime) -> Activity:
    known = _shipment(database, command.id)
    return _revise(database, known, {"goods": command.goods}, command.version, actor, now)


def _revise(
    database: Database,
    known: Activity,
    changed: dict[str, AidShipment | tuple[Goods, ...]],
    version: int,
    actor: Actor,
    now: dt.datetime,
) -> Activity:
    content: ActivityContent = known.content().model_copy(update=changed)
    return revise_activity(database, ReviseActivity(known.id, content, version), actor, now)


def _shipment(database: Database, activity_id: UUID) -> Activity:
    with database.reading() as session:
        row = store.load(session, activity_id)
        known = row.to_activity() if row and row.removed_at is None else None
    if known is None or not isinstance(known.details, AidShipment):
        raise NotFound(N_("There is no shipment with the id {id}."), id=activity_id)
    return known
