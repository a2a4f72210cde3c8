"""Logging in by a provider (OpenID Connect): which account one of its people is.

Nobody gets an account this way: people are invited. The first time the address decides, if the provider has verified
it; from then on the provider's own number for the person does, so an address that is given to somebody else later
opens nothing.
"""

import datetime as dt
from dataclasses import dataclass

from tracker.actions.security_notices import Notice, queue_notice
from tracker.domain.events import EventType
from tracker.errors import Forbidden, NotFound
from tracker.i18n import N_
from tracker.outputs.mail import Letterhead
from tracker.store import accounts
from tracker.store import logins as store
from tracker.store.unit_of_work import Database

_UNVERIFIED = N_("The other side has not verified your mail address, so we cannot tell who you are.")
_UNKNOWN = N_("There is no account for you here. Ask an administrator for an invitation to the address you use there.")
_OTHER = N_("The account with your address belongs to another login there. An administrator can tell you more.")


@dataclass(frozen=True)
class Claims:
    """What a provider says of somebody, its signature checked."""

    issuer: str
    subject: str
    email: str
    email_verified: bool


def account_for(database: Database, claims: Claims, now: dt.datetime, letterhead: Letterhead) -> int:
    """The number of the account this person may enter, linked now if need be. Raises `Forbidden` saying why not."""
    with database.unit("system", now) as unit:
        link = unit.session.get(store.LoginLinkRow, (claims.issuer, claims.subject))
        if link is not None:
            user = unit.session.get(accounts.UserRow, link.user_id)
            if user is None or not user.active:
                raise Forbidden(_UNKNOWN)
            return user.id
        if not claims.email_verified:
            raise Forbidden(_UNVERIFIED)
        user = accounts.user_by_email(unit.session, claims.email.strip().lower())
        if user is None or not user.active:
            raise Forbidden(_UNKNOWN)
        if store.link_of(unit.session, user.id, claims.issuer):
            raise Forbidden(_OTHER)
        unit.session.add(
            store.LoginLinkRow(issuer=claims.issuer, subject=claims.subject, user_id=user.id, linked_at=now)
        )
        unit.append(EventType.USER_REVISED, f"user:{user.id}", {"changed": ["login_link"], "linked": True})
        queue_notice(unit, user, Notice.LINKED, letterhead)
        return user.id


def unlink(database: Database, user_id: int, issuer: str, now: dt.datetime) -> None:
    """Forget which of the provider's people this is; the next one with the same verified address is linked anew."""
    with database.unit(f"user:{user_id}", now) as unit:
        link = store.link_of(unit.session, user_id, issuer)
        if link is None:
            raise NotFound(N_("The account is not linked."))
        unit.session.delete(link)
        unit.append(EventType.USER_REVISED, f"user:{user_id}", {"changed": ["login_link"], "linked": False})
