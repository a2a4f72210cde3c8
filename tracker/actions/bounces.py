"""Noting mails that came back, pausing the mail to a mailbox that is gone, and letting somebody's go on.

A report by mail may be forged by anybody who knows the address of the mailbox: it pauses somebody's mail only where it
names a mail that has really gone to them. What an administrator's program says is believed.
"""

import datetime as dt
from collections.abc import Iterable

import structlog

from tracker.domain.bounces import Bounce
from tracker.domain.commands import Actor
from tracker.domain.deliveries import Channel, Sort
from tracker.domain.events import EventType, changes
from tracker.errors import Conflict, NotFound
from tracker.gateways.bounce_box import BounceBox, Returned
from tracker.i18n import N_
from tracker.intake.bounces import parse_report
from tracker.store import accounts, addresses
from tracker.store import bounces as store
from tracker.store.deliveries import DeliveryRow, by_message_id
from tracker.store.unit_of_work import Database, Unit

_ACTOR = "bounces"

log = structlog.get_logger()


def read_bounces(database: Database, box: BounceBox, now: dt.datetime) -> int:
    """Note what lies in the mailbox for bounces; returns how many were new. Raises `GatewayError`.

    A mail is marked as read once it stands in the database: read twice it counts once, and none is missed.
    """
    new = 0
    with box.unread() as mails:
        for mail in mails:
            bounces = _told_by(mail)
            if not bounces:
                log.info("a mail that is no report of a delivery", mail=mail.name)
            new += note_bounces(database, bounces, Actor(_ACTOR), now, believed=False)
            mail.done()
    return new


def _told_by(mail: Returned) -> list[Bounce]:
    """What a mail reports. One that no program can take apart must not keep all those behind it from being read."""
    try:
        return parse_report(mail.data)
    except Exception as fault:  # strangers write these mails
        log.warning("a mail that cannot be read", mail=mail.name, fault=repr(fault)[:200])
        return []


def note_bounces(
    database: Database, bounces: Iterable[Bounce], actor: Actor, now: dt.datetime, *, believed: bool
) -> int:
    """Write down each report once; returns how many were new. Hard ones pause the mail to that person or address."""
    new = 0
    for bounce in bounces:
        try:
            with database.unit(actor.name, now) as unit:
                delivery = by_message_id(unit.session, bounce.message_id)
                new += note_in(unit, bounce, delivery, believed=believed)
        except Conflict:  # another worker read the same report, and has just noted it
            log.info("a report of a delivery was noted by another worker", recipient=bounce.recipient)
    return new


def note_in(unit: Unit, bounce: Bounce, delivery: DeliveryRow | None, *, believed: bool) -> bool:
    """Write down one report within a unit of work; whether it was new."""
    if store.is_noted(unit.session, bounce.key):
        return False
    unit.session.add(
        store.BounceRow(
            key=bounce.key,
            at=unit.now,
            recipient=bounce.recipient,
            hard=bounce.hard,
            code=bounce.code,
            said=bounce.said,
            delivery_id=delivery.id if delivery else None,
        )
    )
    whose = _whose(unit, bounce, delivery, believed=believed) if bounce.hard else None
    if whose is not None and whose.mail_paused_at is None:
        before = _told(whose)
        whose.mail_paused_at, whose.mail_paused_why = unit.now, bounce.said or bounce.code
        subject = f"{'user' if isinstance(whose, accounts.UserRow) else 'address'}:{whose.id}"
        unit.append(EventType.MAIL_PAUSED, subject, changes(before, _told(whose)))
        log.warning("mail paused", whose=subject, code=bounce.code)
    return True


def resume_mail(database: Database, user_id: int, actor: Actor, now: dt.datetime) -> None:
    """Send mails to that person again. Raises `NotFound`; again changes nothing."""
    with database.unit(actor.name, now) as unit:
        user = unit.session.get(accounts.UserRow, user_id)
        if user is None:
            raise NotFound(N_("There is no such account."))
        if user.mail_paused_at is not None:
            before = _told(user)
            user.mail_paused_at, user.mail_paused_why = None, ""
            unit.append(EventType.MAIL_RESUMED, f"user:{user.id}", changes(before, _told(user)))


def _whose(
    unit: Unit, bounce: Bounce, delivery: DeliveryRow | None, *, believed: bool
) -> accounts.UserRow | addresses.MailAddressRow | None:
    """Whose mailbox it is: the report must mean the address that they have now.

    A letter of greeting that came back pauses nothing: whoever wrote it is told, and writes another.
    """
    if delivery is not None and delivery.user_id is None:
        reminded = delivery.sort == Sort.REMINDER.value and delivery.channel == Channel.MAIL.value
        return addresses.ensure(unit.session, delivery.recipient) if reminded else None
    if delivery is not None:
        user = unit.session.get(accounts.UserRow, delivery.user_id)
        # A mail that was passed on bounces under another address, yet it is theirs that does not work.
        return user if user is not None and user.email.lower() == delivery.recipient.lower() else None
    if not believed:
        return None
    named = bounce.recipient.lower()
    return accounts.user_by_email(unit.session, named) or addresses.known(unit.session, named)


def _told(whose: accounts.UserRow | addresses.MailAddressRow) -> dict[str, str | None]:
    paused = whose.mail_paused_at
    return {"mail_paused_at": paused.isoformat() if paused else None, "mail_paused_why": whose.mail_paused_why}
