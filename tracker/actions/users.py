"""People's accounts: added by an administrator, opened by a one-time link, changed by themselves.

Nobody types a password for somebody else: an account begins without one, and a signed link lets its owner set it. The
link is the one Flask-Security's reset page reads, so it ends with the first password that is set (which changes the
uniquifier) or after three days.
"""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4
from zoneinfo import available_timezones

from itsdangerous import URLSafeTimedSerializer

from tracker.actions.security_notices import Notice, queue_notice
from tracker.domain.access import Grant, Role
from tracker.domain.events import EventType
from tracker.errors import FieldProblem, InvalidInput, NotFound
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_
from tracker.outputs.mail import Letterhead
from tracker.store import accounts, logins, twins
from tracker.store.unit_of_work import Database, Unit

FIRST_ADMINISTRATOR = "admin@localhost"
LINK_SALT = "set-password"
LINK_LASTS = dt.timedelta(days=3)
_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")


@dataclass(frozen=True)
class NewUser:
    """Who is to be added, and how the tracker speaks to them."""

    email: str
    role: str
    name: str = ""
    language: str = DEFAULT_LANGUAGE
    timezone: str = "Europe/Berlin"
    twins: tuple[str, ...] = ()
    """Where the role holds; none means everywhere."""
    organisation: str | None = None
    """Whose records it is for: "" our own, None everybody's."""


@dataclass(frozen=True)
class GivenGrant:
    """A grant as somebody has chosen it on a page, not looked at yet."""

    role: str
    twins: tuple[str, ...] = ()
    organisation: str | None = None

    @property
    def grant(self) -> Grant:
        return Grant(Role(self.role), frozenset(self.twins) or None, self.organisation)


def add_user(database: Database, new: NewUser, actor: str, now: dt.datetime) -> accounts.UserRow:
    """Add an account without a password. Raises `InvalidInput` for an address that is none or is taken already."""
    email = new.email.strip().lower()
    with database.unit(actor, now) as unit:
        problems = problems_with(new.language, new.timezone)
        if not _ADDRESS.fullmatch(email):
            problems.append(FieldProblem("email", new.email, N_("“{value}” is not an e-mail address.")))
        elif accounts.user_by_email(unit.session, email):
            problems.append(FieldProblem("email", new.email, N_("There is an account with the address “{value}”.")))
        given = GivenGrant(new.role, new.twins, new.organisation)
        problems += problems_with_grant(unit.session, given)
        if problems:
            raise InvalidInput(problems)
        return _add(unit, new, given.grant, email)


def save_credentials(
    database: Database,
    user_id: int,
    password: str | None,
    uniquifier: str,
    now: dt.datetime,
    *,
    language: str,
    letterhead: Letterhead,
) -> None:
    """Keep a new password's hash and the uniquifier that ends older sessions and links; its owner hears of it.

    With the first password the account takes on the language of the page it was set on: that is its owner's.
    """
    with database.unit(f"user:{user_id}", now) as unit:
        user = _user(unit, user_id)
        if (user.password, user.fs_uniquifier) == (password, uniquifier):
            return
        if user.password is None and user.joined_at is None:
            user.language, user.joined_at = language, unit.now
        elif user.password != password:
            queue_notice(unit, user, Notice.PASSWORD, letterhead)
        user.password, user.fs_uniquifier = password, uniquifier
        logins.end_sessions(unit.session, user.id)
        unit.append(EventType.USER_REVISED, f"user:{user.id}", {"changed": ["password"]})


def one_time_link(user: accounts.UserRow, base_url: str, secret_key: str) -> str:
    """The address at which `user` sets a password, once."""
    token = URLSafeTimedSerializer(secret_key, salt=LINK_SALT).dumps([user.fs_uniquifier, None])
    return f"{base_url}/reset/{token}"


def first_administrator(database: Database, *, base_url: str, secret_key: str, now: dt.datetime) -> str | None:
    """Where nobody can log in yet, the link with which the first administrator sets a password.

    It is made anew at every start until it has been used: whoever closed the window has lost nothing.
    """
    with database.reading() as session:
        known = accounts.users(session)
    if any(user.password for user in known):
        return None
    waiting = next((user for user in known if user.email == FIRST_ADMINISTRATOR), None)
    if known and waiting is None:
        return None
    new = NewUser(FIRST_ADMINISTRATOR, Role.ADMINISTRATOR)
    return one_time_link(waiting or add_user(database, new, "system", now), base_url, secret_key)


def _add(unit: Unit, new: NewUser, granted: Grant, email: str) -> accounts.UserRow:
    user = accounts.UserRow(
        email=email,
        name=new.name.strip(),
        active=True,
        fs_uniquifier=uuid4().hex,
        language=new.language,
        timezone=new.timezone,
        created_at=unit.now,
    )
    unit.session.add(user)
    accounts.grant(unit.session, user, [granted])
    # Neither name nor address stands in the log, so that forgetting a person does not mean rewriting it.
    told = {"role": new.role, "language": new.language}
    unit.append(EventType.USER_ADDED, f"user:{user.id}", told | ({} if granted.everywhere else grant_told(granted)))
    return user


def problems_with_grant(session: Any, given: GivenGrant) -> list[FieldProblem]:
    """What is wrong with a role and where it is to hold."""
    problems = []
    if given.role not in set(Role):
        allowed = tuple(role.value for role in Role)
        problems.append(
            FieldProblem("role", given.role, N_("“{value}” is not one of {allowed}."), {"allowed": allowed})
        )
    known = twins.load_all(session)
    unknown = N_("“{value}” is not a twin. Known ones: {known}.")
    problems += [FieldProblem("twins", t, unknown, {"known": tuple(known)}) for t in given.twins if t not in known]
    if given.role == Role.ADMINISTRATOR and (given.twins or given.organisation is not None):
        problems.append(FieldProblem("role", given.role, N_("An administrator is one of the whole house.")))
    return problems


def grant_told(granted: Grant) -> dict[str, Any]:
    """A grant as the log has it."""
    some = None if granted.twins is None else sorted(granted.twins)
    return {"role": granted.role.value, "twins": some, "organisation": granted.organisation}


def _user(unit: Unit, user_id: int) -> accounts.UserRow:
    user = unit.session.get(accounts.UserRow, user_id)
    if user is None:
        raise NotFound(N_("There is no such account."))
    return user


def problems_with(language: str, timezone: str) -> list[FieldProblem]:
    """What is wrong with how somebody wants to be spoken to."""
    problems = []
    if language not in LANGUAGES:
        problems.append(
            FieldProblem("language", language, N_("“{value}” is not one of {allowed}."), {"allowed": LANGUAGES})
        )
    if timezone not in available_timezones():
        wrong = N_("“{value}” is not a time zone. Write one like Europe/Volgograd.")
        problems.append(FieldProblem("timezone", timezone, wrong))
    return problems
