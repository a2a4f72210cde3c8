"""Telling by mail of changes that come too late for a calendar: written down with the change, sent like every delivery.

Called while changed entries are being noted, before calendars are exported anew: what a calendar holds now differs
from its newest export by just what its readers cannot have seen yet.
"""

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping

import structlog

from tracker.actions.occurrences import local_day
from tracker.domain.calendars import KIND_STYLES
from tracker.domain.choices import Form, title
from tracker.domain.clients import Client
from tracker.domain.deliveries import Channel, DeliveryStatus, Sort
from tracker.domain.twins import Twin
from tracker.domain.urgency import NEAR, begins_soon, comes_too_late, next_look
from tracker.outputs import imip, mail
from tracker.store import deliveries, organisation, subscriptions, twins
from tracker.store import urgent as store
from tracker.store.chosen import chosen
from tracker.store.entries import EntryRow, Touch
from tracker.store.unit_of_work import Unit

_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}

log = structlog.get_logger()


def tell_late(unit: Unit, touched: Collection[Touch], letterhead: mail.Letterhead) -> int:
    """Queue a mail for everybody who would see one of these changes too late; returns how many were queued."""
    now = unit.now
    rows = store.begin_soon(unit.session, touched, now, now + NEAR, changed_after=now - NEAR)
    if not rows:
        return 0
    known = twins.current(unit.session)
    letterhead = letterhead.of_house(organisation.current(unit.session))
    desks = [_Desk(unit, letterhead, reader, known) for reader in store.readers(unit.session)]
    began = {touch.uid: touch.began for touch in touched}
    return sum(desk.tell(row, began[row.uid]) for desk in desks for row in rows)


class _Desk:
    """Where the mails of one subscription are written."""

    def __init__(
        self, unit: Unit, letterhead: mail.Letterhead, reader: store.Reader, known: Mapping[str, Twin]
    ) -> None:
        self.unit, self.letterhead, self.reader, self.twins = unit, letterhead, reader, known
        self.today = local_day(unit.now)
        self.choice = reader.calendar.choice.on(self.today)
        self.called_off: set[str] = set()  # activities whose own mail says so; their parts need none

        looks = [self._next_look(row) for row in subscriptions.clients_of(unit.session, reader.subscription.id)]
        self.next_look = max((look for look in looks if look), default=unit.now)

    def tell(self, row: EntryRow, began: dt.datetime | None) -> bool:
        """Queue the mail about one entry, which was to begin at `began`, if it is needed; whether it was queued."""
        soon = begins_soon(self.unit.now, [moment for moment in (began, row.starts_at) if moment])
        if row.subject in self.called_off or not comes_too_late(soon, self.next_look):
            return False
        change = self._change(row)
        if change is None or not change.is_weighty:
            return False
        if change.method == imip.CANCEL and not row.part:
            self.called_off.add(row.subject)
        stem = f"change:{self.reader.subscription.id}:{row.uid}:"
        key = f"{stem}{row.sequence}"
        if deliveries.is_made(self.unit.session, key):
            return False
        try:
            with self.unit.session.begin_nested():
                deliveries.withdraw(self.unit.session, self.reader.subscription.id, stem)
                self.unit.session.add(self._delivery(change, key, max(soon)))
        except Exception:  # one that cannot be written must hold back neither the others nor the calendars
            log.error("change not told", key=key, exc_info=True)
            return False
        return True

    def _next_look(self, row: subscriptions.SubscriptionClientRow) -> dt.datetime | None:
        gap = None if row.gap_seconds is None else dt.timedelta(seconds=row.gap_seconds)
        return next_look(Client(row.client), row.last_at, gap, self.unit.now)

    def _change(self, row: EntryRow) -> imip.Change | None:
        """What the reader must be told of an entry; None where it is no more to them than time that is taken."""
        if self.choice.form(row.standing, self.today) not in (Form.FULL, Form.FAREWELL):
            return None
        held = chosen(self.unit.session, self.choice, self.today, (row.slot, row.slot))
        after = next((stored.body for stored in held if stored.uid == row.uid), None)
        if after is None:
            return None
        subscription = self.reader.subscription
        return imip.Change(
            before=store.exported_entry(self.unit.session, subscription.calendar_id, row),
            after=after,
            language=self.choice.selection.language,
            calendar=subscription.name or title(self.choice, self.twins, _LABELS),
            calendar_url=f"{self.letterhead.base_url}/subscriptions/{subscription.id}",
        )

    def _delivery(self, change: imip.Change, key: str, begins: dt.datetime) -> deliveries.DeliveryRow:
        user, subscription = self.reader.user, self.reader.subscription
        letter = mail.write(
            imip.words_for(change),
            self.letterhead,
            key=key,
            user_id=user.id,
            to=user.email,
            name=user.name,
            subscription_id=subscription.id,
        )
        letter = dataclasses.replace(
            letter, method=change.method, calendar=imip.message(change, self.letterhead.sender, user.email)
        )
        return deliveries.DeliveryRow(
            key=key,
            sort=Sort.CHANGE.value,
            channel=Channel.MAIL.value,
            user_id=user.id,
            subscription_id=subscription.id,
            recipient=letter.to,
            subject=letter.subject,
            payload=mail.payload_of(letter),
            status=DeliveryStatus.QUEUED.value,
            next_try_at=self.unit.now,
            expires_at=begins,
            created_at=self.unit.now,
        )
