"""What tests of reminders do again and again: people, the clock's work, the mails that left."""

import datetime as dt
from email.message import EmailMessage
from typing import Any

from tracker.actions.deliveries import deliver_due
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import queue_due
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.consumers.occasions import OCCASIONS
from tracker.domain.commands import Actor
from tracker.domain.events import EventType
from tracker.gateways.mail import MemoryMail
from tracker.store.accounts import UserRow
from tracker.store.reminders import ReminderRow

ME = Actor("user:1")
BERLIN = "Europe/Berlin"


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[arg-type]  # a star has no types


def person(
    tracker: Tracker,
    email: str = "anna@example.org",
    zone: str = BERLIN,
    language: str = "en",
    role: str = "editor",
    **wishes: Any,
) -> int:
    """Somebody who gets a mail for each reminder, unless their wishes (columns of an account) say otherwise."""
    user_id = add_user(tracker.database, NewUser(email, role, "Anna", language, zone), "test", tracker.clock()).id
    wish(tracker, user_id, **{"single_mails": True, **wishes})
    return user_id


def wish(tracker: Tracker, user_id: int, **wishes: Any) -> None:
    with tracker.database.unit("test", tracker.clock()) as unit:
        user = unit.session.get_one(UserRow, user_id)
        for name, value in wishes.items():
            setattr(user, name, value)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": sorted(wishes)})


def take_in(tracker: Tracker) -> None:
    reading.catch_up(tracker.database, (OCCASIONS,), tracker.clock())


def work(tracker: Tracker, mail: MemoryMail, now: dt.datetime) -> list[EmailMessage]:
    """What the clock starts, once; returns the mails that left."""
    tracker.clock.set(now)  # type: ignore[attr-defined]  # a test's clock
    already = len(mail.sent)
    plan_reminders(tracker.database, now)
    queue_due(tracker.database, now, tracker.letterhead)
    deliver_due(tracker.database, mail, now)
    return mail.sent[already:]


def of_cologne(mails: list[EmailMessage]) -> list[EmailMessage]:
    return [m for m in mails if "38th anniversary of the twinning Cologne" in m["Subject"]]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def rows(tracker: Tracker, **by: Any) -> list[ReminderRow]:
    with tracker.database.reading() as session:
        return session.query(ReminderRow).filter_by(**by).order_by(ReminderRow.id).all()
