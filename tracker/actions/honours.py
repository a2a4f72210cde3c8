"""The register of honours and gifts: entries added, revised and removed; row and event in one unit of work.

One that ships and was removed stays away: the registry remembers that it has shipped it already.
"""

import datetime as dt
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.intake.registry import Honour, free_slug, slug_of
from tracker.store import registry, removed
from tracker.store.twins import HonourRow, TwinRow
from tracker.store.unit_of_work import Database, Unit

_NO_TWIN = N_("There is no twin “{value}”.")


def add_honour(database: Database, honour: Honour, actor: Actor, now: dt.datetime) -> str:
    """Enter a thing; its short name. Where that is taken it gets the next free one. Raises `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        _check(unit, honour)
        # Those in the bin keep theirs, to come back under it.
        binned = {event.subject_id for event in removed.taken_out(unit.session, [EventType.HONOUR_REMOVED])}
        slug = free_slug(honour.slug, binned.union(registry.honours(unit.session)))
        _add(unit, honour.model_copy(update={"slug": slug}), 1)
        return slug


def revise_honour(database: Database, honour: Honour, version: int | None, actor: Actor, now: dt.datetime) -> bool:
    """Replace what is known of it; False where nothing differs. Raises `NotFound`, `Conflict`, `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, honour.slug, version)
        _check(unit, honour)
        document: dict[str, Any] = honour.model_dump(mode="json")
        difference = changes({name: getattr(row, name) for name in document}, document)
        if not difference["after"]:
            return False
        # Whose it was is told too: the days of both cities are worked out anew.
        difference["before"].setdefault("twin", row.twin)
        for name, value in document.items():
            setattr(row, name, value)
        row.version += 1
        difference["after"]["version"] = row.version
        unit.append(EventType.HONOUR_REVISED, f"honour:{honour.slug}", difference)
        return True


def remove_honour(database: Database, slug: str, version: int | None, actor: Actor, now: dt.datetime) -> None:
    """Take it out of the register; it is remembered no more. Raises `NotFound`, `Conflict`."""
    with database.unit(actor.name, now) as unit:
        row = _known(unit, slug, version)
        before = {name: getattr(row, name) for name in Honour.model_fields}
        unit.append(EventType.HONOUR_REMOVED, f"honour:{slug}", {"before": before, "after": {}})
        unit.session.delete(row)


def restore_honour(database: Database, slug: str, actor: Actor, now: dt.datetime) -> None:
    """Bring it back as it was when it was taken out. Raises `NotFound` where it was not, or is back already."""
    with database.unit(actor.name, now) as unit:
        document, version = removed.last_known(unit.session, f"honour:{slug}", EventType.HONOUR_REMOVED)
        honour = checked(Honour, document)
        _check(unit, honour)
        _add(unit, honour, version + 1)


def slug_for(name: str) -> str:
    """A short name from the first words of a name, in whatever script it is."""
    return slug_of(name) or "thing"


def _add(unit: Unit, honour: Honour, version: int) -> None:
    document = honour.model_dump(mode="json")
    unit.session.add(HonourRow(version=version, **document))
    after = {**document, "version": version}
    unit.append(EventType.HONOUR_ADDED, f"honour:{honour.slug}", {"before": {}, "after": after})


def _known(unit: Unit, slug: str, version: int | None) -> HonourRow:
    row = unit.session.get(HonourRow, slug)
    if row is None:
        raise NotFound(N_("There is no such honour or gift."))
    if version is not None and row.version != version:
        raise Conflict(
            N_("Somebody else changed this meanwhile. Please look at the new version first."), current=row.version
        )
    return row


def _check(unit: Unit, honour: Honour) -> None:
    if honour.twin is not None and unit.session.get(TwinRow, honour.twin) is None:
        raise InvalidInput.one("twin", honour.twin, _NO_TWIN)
