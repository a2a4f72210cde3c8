"""People in office and contact organisations: added, revised, removed; row and event in one unit of work.

How an organisation is reached is personal: the log tells that it changed, not what it was and is (R12).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.partners import PRIVATE, Contact, Officeholder
from tracker.domain.twins import HUB
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.store import partners as store
from tracker.store import twins
from tracker.store.unit_of_work import Database, Unit

_NO_TWIN = N_("There is no twin “{value}”.")
_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")
_GONE = N_("This is not in the register (any more).")

Partner = Officeholder | Contact


@dataclass(frozen=True)
class Register:
    """One of the registers: what its rows are, and how the log tells of them."""

    noun: str
    row: Any
    added: EventType
    revised: EventType
    removed: EventType
    untold: frozenset[str] = frozenset()


OFFICES = Register(
    "office", store.OfficeholderRow, EventType.OFFICE_ADDED, EventType.OFFICE_REVISED, EventType.OFFICE_REMOVED
)
CONTACTS = Register(
    "contact", store.ContactRow, EventType.CONTACT_ADDED, EventType.CONTACT_REVISED, EventType.CONTACT_REMOVED,
    frozenset({*PRIVATE, "note"}),
)  # fmt: skip


def add_partner(database: Database, partner: Partner, actor: Actor, now: dt.datetime) -> UUID:
    """Enter somebody or something into its register. Raises `InvalidInput` for an unknown city."""
    register = _register(partner)
    with database.unit(actor.name, now) as unit:
        _check(unit, partner)
        row = register.row(id=uuid4(), version=1, **partner.model_dump(mode="json"))
        unit.session.add(row)
        told = changes({}, _told(register, partner.model_dump(mode="json")))
        unit.append(register.added, f"{register.noun}:{row.id}", {**told, "twin": partner.twin})
        added: UUID = row.id
        return added


def revise_partner(
    database: Database, partner_id: UUID, partner: Partner, version: int | None, actor: Actor, now: dt.datetime
) -> bool:
    """Replace what is known; False where nothing differs. Raises `NotFound`, `Conflict`, `InvalidInput`."""
    register = _register(partner)
    with database.unit(actor.name, now) as unit:
        row = _current(unit, register, partner_id, version)
        _check(unit, partner)
        before, after = row.to_value().model_dump(mode="json"), partner.model_dump(mode="json")
        differing = changes(before, after)["after"]
        if not differing:
            return False
        for name, value in after.items():
            setattr(row, name, value)
        row.version += 1
        told = {
            "before": {name: _word(register, name, before[name]) for name in differing},
            "after": {**{name: _word(register, name, after[name]) for name in differing}, "version": row.version},
        }
        unit.append(register.revised, f"{register.noun}:{row.id}", {**told, "twin": partner.twin})
        return True


def remove_partner(
    database: Database, register: Register, partner_id: UUID, version: int | None, actor: Actor, now: dt.datetime
) -> None:
    """Take an entry out. Raises `NotFound`, `Conflict`."""
    with database.unit(actor.name, now) as unit:
        row = _current(unit, register, partner_id, version)
        before = _told(register, row.to_value().model_dump(mode="json"))
        unit.append(register.removed, f"{register.noun}:{row.id}", {**changes(before, {}), "twin": row.twin})
        unit.session.delete(row)


def _register(partner: Partner) -> Register:
    return OFFICES if isinstance(partner, Officeholder) else CONTACTS


def _current(unit: Unit, register: Register, partner_id: UUID, version: int | None) -> Any:
    row = unit.session.get(register.row, partner_id, with_for_update=True)
    if row is None:
        raise NotFound(_GONE)
    if version is not None and row.version != version:
        raise Conflict(_CHANGED, current=row.version)
    return row


def _check(unit: Unit, partner: Partner) -> None:
    if partner.twin != HUB.slug and partner.twin not in twins.current(unit.session):
        raise InvalidInput.one("twin", partner.twin, _NO_TWIN)


def _told(register: Register, document: dict[str, Any]) -> dict[str, Any]:
    return {name: _word(register, name, value) for name, value in document.items()}


def _word(register: Register, name: str, value: Any) -> Any:
    return "…" if value and name in register.untold else value
