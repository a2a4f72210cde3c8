"""What a desk has decided of the rows in its hands, kept until all are looked at and then written in a few statements.

Nearly always everything can be written at once. Only where the database refuses something is it written once more, one
by one, so that what cannot be kept fails by itself and holds back no other.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

from tracker.domain.reminders import SkipReason
from tracker.store import deliveries, reminders
from tracker.store.base import DATABASE_FAULTS
from tracker.store.unit_of_work import Unit

log = structlog.get_logger()


@dataclass(frozen=True)
class Parcel:
    """A delivery to be (the columns of its row), and the rows of the ledger that leave with it."""

    delivery: Mapping[str, Any]
    rows: Sequence[reminders.ReminderRow]


@dataclass
class Outcomes:
    """Everything that is to become of rows: they leave, are skipped, fail, or wait for the end of quiet hours."""

    unit: Unit
    _parcels: list[Parcel] = field(default_factory=list)
    _skipped: dict[SkipReason, list[int]] = field(default_factory=dict)
    _failed: list[tuple[int, str]] = field(default_factory=list)
    _waiting: dict[dt.datetime, list[int]] = field(default_factory=dict)

    def leave(self, parcel: Parcel) -> None:
        self._parcels.append(parcel)

    def skip(self, rows: Sequence[reminders.ReminderRow], reason: SkipReason) -> None:
        self._skipped.setdefault(reason, []).extend(row.id for row in rows)
        for row in rows:
            log.info("reminder skipped", reminder=row.id, subject=row.subject, reason=reason.value)

    def fail(self, rows: Sequence[reminders.ReminderRow], fault: Exception) -> None:
        for row in rows:
            self._failed.append((row.id, repr(fault)))
            log.error("reminder failed", reminder=row.id, fault=repr(fault))

    def wait(self, rows: Sequence[reminders.ReminderRow], until: dt.datetime) -> None:
        self._waiting.setdefault(until, []).extend(row.id for row in rows)

    def write(self) -> int:
        """Write all of it; returns how many deliveries were made."""
        session = self.unit.session
        made = self._made(self._parcels)
        for reason, ids in self._skipped.items():
            reminders.skip(session, ids, reason)
        for until, ids in self._waiting.items():
            reminders.put_off(session, ids, until)
        reminders.fail(session, self._failed)
        return made

    def _made(self, parcels: Sequence[Parcel]) -> int:
        if not parcels:
            return 0
        try:
            with self.unit.session.begin_nested():
                return self._make(parcels)
        except DATABASE_FAULTS:
            raise
        except Exception as fault:  # whichever it was, it is found here, where it leaves its trace
            if len(parcels) > 1:
                return sum(self._made([parcel]) for parcel in parcels)
            self.fail(parcels[0].rows, fault)
            return 0

    def _make(self, parcels: Sequence[Parcel]) -> int:
        session = self.unit.session
        numbers = deliveries.add_all(session, [parcel.delivery for parcel in parcels])
        leaving = [(row.id, numbers[parcel.delivery["key"]]) for parcel in parcels for row in parcel.rows]
        reminders.claim(session, leaving)
        return len(parcels)
