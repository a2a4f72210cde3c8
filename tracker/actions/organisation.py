"""Saying whose installation this is. Letters, mails and reports ask for it when they are written."""

import dataclasses
import datetime as dt

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.organisation import Organisation
from tracker.errors import Conflict
from tracker.i18n import N_
from tracker.store import organisation as store
from tracker.store.unit_of_work import Database

SUBJECT = "organisation:house"


def revise_organisation(
    database: Database, told: Organisation, version: int | None, actor: Actor, now: dt.datetime
) -> bool:
    """Let the house be called so from now on; False where it already is.

    `version` is what the person looked at: 0 as long as nobody had said anything. Raises `Conflict` if it is stale.
    """
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(store.OrganisationRow, 1, with_for_update=True)
        current = row.version if row else 0
        if version is not None and version != current:
            raise Conflict(
                N_("Somebody else changed this meanwhile. Please look at the new version first."), current=current
            )
        difference = changes(dataclasses.asdict(store.current(unit.session)), dataclasses.asdict(told))
        if not difference["after"]:
            return False
        row = row or store.OrganisationRow(id=1)
        row.version = current + 1
        for name, value in dataclasses.asdict(told).items():
            setattr(row, name, value)
        unit.session.add(row)
        difference["after"]["version"] = row.version
        unit.append(EventType.ORGANISATION_REVISED, SUBJECT, difference)
        return True
