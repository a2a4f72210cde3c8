"""Keeping the dossier of a journey: its programme stands in the activity, what is private in a row of its own.

One unit of work writes both. The event of the private part names what was changed, and nothing of what stands there.
"""

import datetime as dt

from tracker.actions.activities import revise_within
from tracker.domain.activities import ActivityContent
from tracker.domain.commands import Actor, KeepDossier
from tracker.domain.details import lists_of
from tracker.domain.dossiers import changed_sections
from tracker.domain.events import EventType
from tracker.errors import Conflict, NotFound
from tracker.i18n import N_
from tracker.store import activities as activity_store
from tracker.store import dossiers as store
from tracker.store.unit_of_work import Database, Unit


def keep_dossier(database: Database, command: KeepDossier, actor: Actor, now: dt.datetime) -> None:
    """Raises `NotFound`, `Conflict` where either part was changed meanwhile, and `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        row = activity_store.load(unit.session, command.id)
        known = row.to_activity() if row and row.removed_at is None else None
        if known is None or not lists_of(known.details):
            raise NotFound(N_("There is no journey with the id {id}."), id=command.id)
        content: ActivityContent = known.content().model_copy(
            update={"details": known.details.model_copy(update=dict(command.lists))}
        )
        revise_within(unit, command.id, content, command.version)
        _keep(unit, command)


def _keep(unit: Unit, command: KeepDossier) -> None:
    version, before = store.kept(unit.session, command.id)
    if version != command.dossier_version:
        raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
    sections = changed_sections(before, command.private)
    if not sections:
        return
    row = unit.session.get(store.DossierRow, command.id)
    if row is None:
        row = store.DossierRow(activity_id=command.id, version=0)
        unit.session.add(row)
    row.content, row.version, row.changed_at = command.private.model_dump(mode="json"), version + 1, unit.now
    after = {"sections": list(sections), "version": row.version}
    unit.append(EventType.DOSSIER_REVISED, f"dossier:{command.id}", {"before": {}, "after": after})
