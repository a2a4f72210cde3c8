"""Everybody whom reminders may reach, as planning needs to know them."""

import datetime as dt

from sqlalchemy.orm import Session

from tracker.domain.access import highest
from tracker.domain.rules import Recipient
from tracker.store import accounts


def recipients(session: Session) -> list[Recipient]:
    """All accounts; whether somebody wants mails is asked when one is due."""
    follows = accounts.follows(session)
    return [_of_account(user, follows.get(user.id)) for user in accounts.users(session)]


def _of_account(user: accounts.UserRow, follows: frozenset[str] | None) -> Recipient:
    role = highest([role.name for role in user.roles])
    return Recipient(
        person=f"user:{user.id}",
        zone=user.timezone,
        since=user.created_at,
        role=role.value if role else None,
        user_id=user.id,
        email=user.email,
        follows=follows,
        remind_at=dt.time(*divmod(user.remind_at, 60)),
    )
