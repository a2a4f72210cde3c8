"""Adding and revising days kept every year: row and event in one unit of work."""

import datetime as dt
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.registry import Observance
from tracker.store import registry
from tracker.store.twins import ObservanceRow, TwinRow
from tracker.store.unit_of_work import Database, Unit

_NO_TWIN = N_("There is no twin “{value}”.")
_LONGEST_SLUG = 80


def add_observance(database: Database, observance: Observance, actor: Actor, now: dt.datetime) -> Observance:
    """Keep one more day. Where its slug is taken it gets the next free one. Raises `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        _check(unit, observance)
        made = observance.model_copy(update={"slug": _free(observance.slug, set(registry.observances(unit.session)))})
        document = made.model_dump(mode="json")
        unit.session.add(ObservanceRow(version=1, **document))
        after = {**document, "version": 1}
        unit.append(EventType.OBSERVANCE_ADDED, _subject(made), {"before": {}, "after": after})
        return made


def revise_observance(
    database: Database, observance: Observance, version: int | None, actor: Actor, now: dt.datetime
) -> bool:
    """Replace what is known of a day; False where nothing differs. Raises `NotFound`, `Conflict`, `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        row = unit.session.get(ObservanceRow, observance.slug)
        if row is None:
            raise NotFound(N_("There is no day of remembrance “{value}”."), value=observance.slug)
        if version is not None and row.version != version:
            raise Conflict(
                N_("Somebody else changed this meanwhile. Please look at the new version first."), current=row.version
            )
        _check(unit, observance)
        document: dict[str, Any] = observance.model_dump(mode="json")
        difference = changes({name: getattr(row, name) for name in document}, document)
        if not difference["after"]:
            return False
        for name, value in document.items():
            setattr(row, name, value)
        row.version += 1
        difference["after"]["version"] = row.version
        unit.append(EventType.OBSERVANCE_REVISED, _subject(observance), difference)
        return True


def _check(unit: Unit, observance: Observance) -> None:
    if observance.twin is not None and unit.session.get(TwinRow, observance.twin) is None:
        raise InvalidInput.one("twin", observance.twin, _NO_TWIN)


def _free(slug: str, taken: set[str]) -> str:
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug[: _LONGEST_SLUG - len(str(number)) - 1]}-{number}"
    return free


def _subject(observance: Observance) -> str:
    return f"observance:{observance.slug}"
