"""Settling how the house keeps its days: which years are round, which are jubilees, where 29 February is kept.

Entries of occasions and the plan of reminders follow by themselves: both look at the version of the customs.
"""

import datetime as dt
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.occasions import Customs
from tracker.errors import Conflict
from tracker.i18n import N_
from tracker.store import rules as store
from tracker.store.unit_of_work import Database

SUBJECT = "customs:house"


def revise_customs(database: Database, customs: Customs, version: int | None, actor: Actor, now: dt.datetime) -> bool:
    """Let these be the customs from now on; False where they are already.

    `version` is what the person looked at: 0 as long as nobody had settled anything. Raises `Conflict` if it is stale.
    """
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(store.CustomsRow, 1, with_for_update=True)
        current = row.version if row else 0
        if version is not None and version != current:
            raise Conflict(
                N_("Somebody else changed this meanwhile. Please look at the new version first."), current=current
            )
        difference = changes(_document(store.customs(unit.session)), _document(customs))
        if not difference["after"]:
            return False
        row = row or store.CustomsRow(id=1)
        row.version = current + 1
        for name, value in _document(customs).items():
            setattr(row, name, value)
        unit.session.add(row)
        difference["after"]["version"] = row.version
        unit.append(EventType.CUSTOMS_REVISED, SUBJECT, difference)
        return True


def _document(customs: Customs) -> dict[str, Any]:
    return {
        "leap_day": customs.leap_day.value,
        "round_years": sorted(customs.round_years),
        "jubilee_years": sorted(customs.jubilee_years),
    }
