"""Adding, revising and removing days kept every year: row and event in one unit of work.

One that ships and was removed stays away: the registry remembers that it has shipped it already.
"""

import datetime as dt
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.intake.registry import Observance, free_slug
from tracker.store import registry, removed
from tracker.store.twins import ObservanceRow, TwinRow
from tracker.store.unit_of_work import Database, Unit

_NO_TWIN = N_("There is no twin “{value}”.")


def add_observance(database: Database, observance: Observance, actor: Actor, now: dt.datetime) -> Observance:
    """Keep one more day. Where its slug is taken it gets the next free one. Raises `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        _check(unit, observance)
        # Those in the bin keep theirs, to come back under it.
        binned = {event.subject_id for event in removed.taken_out(unit.session, [EventType.OBSERVANCE_REMOVED])}
        slug = free_slug(observance.slug, binned.union(registry.observances(unit.session)))
        made = observance.model_copy(update={"slug": slug})
        _add(unit, made, 1)
        return made


def revise_observance(
    database: Database, observance: Observance, version: int | None, actor: Actor, now: dt.datetime
) -> bool:
    """Replace what is known of a day; False where nothing differs. Raises `NotFound`, `Conflict`, `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, observance.slug, version)
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


def remove_observance(database: Database, slug: str, version: int | None, actor: Actor, now: dt.datetime) -> None:
    """Keep that day no more; what was sent of it stays in the ledger. Raises `NotFound`, `Conflict`."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, slug, version)
        before = {name: getattr(row, name) for name in Observance.model_fields}
        unit.append(EventType.OBSERVANCE_REMOVED, f"observance:{slug}", {"before": before, "after": {}})
        unit.session.delete(row)


def restore_observance(database: Database, slug: str, actor: Actor, now: dt.datetime) -> None:
    """Keep that day again, as it was. Raises `NotFound` where it was not removed, or is back already."""
    with database.unit(actor.name, now) as unit:
        document, version = removed.last_known(unit.session, f"observance:{slug}", EventType.OBSERVANCE_REMOVED)
        observance = checked(Observance, document)
        _check(unit, observance)
        _add(unit, observance, version + 1)


def _add(unit: Unit, observance: Observance, version: int) -> None:
    document = observance.model_dump(mode="json")
    unit.session.add(ObservanceRow(version=version, **document))
    after = {**document, "version": version}
    unit.append(EventType.OBSERVANCE_ADDED, _subject(observance), {"before": {}, "after": after})


def _known(unit: Unit, slug: str, version: int | None) -> ObservanceRow:
    row = unit.session.get(ObservanceRow, slug)
    if row is None:
        raise NotFound(N_("There is no day of remembrance “{value}”."), value=slug)
    if version is not None and row.version != version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Please look at the new version first."), current=row.version
        )
    return row


def _check(unit: Unit, observance: Observance) -> None:
    if observance.twin is not None and unit.session.get(TwinRow, observance.twin) is None:
        raise InvalidInput.one("twin", observance.twin, _NO_TWIN)


def _subject(observance: Observance) -> str:
    return f"observance:{observance.slug}"
