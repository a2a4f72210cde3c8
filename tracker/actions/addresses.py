"""An address without an account wants no more reminders, or wants them again.

Events tell of it by its number: the address itself stands in one row only, where it can be forgotten.
"""

import datetime as dt
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store.addresses import MailAddressRow
from tracker.store.unit_of_work import Database, Unit


def stop_address(database: Database, address_id: int, now: dt.datetime) -> None:
    """Send no more reminders there. Raises `NotFound`; again changes nothing."""
    with database.unit(f"address:{address_id}", now) as unit:
        row = _known(unit, address_id)
        if row.stopped_at is None:
            before = told(row)
            row.stopped_at = now
            unit.append(EventType.MAIL_STOPPED, f"address:{row.id}", changes(before, told(row)))


def resume_address(database: Database, address_id: int, actor: Actor | None, now: dt.datetime) -> None:
    """Send reminders there again, whyever none were sent; without an `actor` its own reader wants it.

    Raises `NotFound`; again changes nothing.
    """
    with database.unit(actor.name if actor else f"address:{address_id}", now) as unit:
        row = _known(unit, address_id)
        if row.silent:
            before = told(row)
            row.stopped_at, row.mail_paused_at, row.mail_paused_why = None, None, ""
            unit.append(EventType.MAIL_RESUMED, f"address:{row.id}", changes(before, told(row)))


def told(row: MailAddressRow) -> dict[str, Any]:
    """What the log may know of it."""
    return {
        "stopped_at": row.stopped_at.isoformat() if row.stopped_at else None,
        "mail_paused_at": row.mail_paused_at.isoformat() if row.mail_paused_at else None,
        "mail_paused_why": row.mail_paused_why,
    }


def _known(unit: Unit, address_id: int) -> MailAddressRow:
    row = unit.session.get(MailAddressRow, address_id, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no such address."))
    return row
