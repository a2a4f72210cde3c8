"""Who is asking, and may they: accounts for Flask-Security, and the declaration every route must make.

A route says who may call it (`@allowed(EDITORS)`); one that says nothing is refused, so forgetting it cannot open a
door. Accounts are handed to Flask-Security as plain values: it reads them by a short reading session and writes a new
password through the action for it, never through a session of its own.
"""

from collections.abc import Callable
from dataclasses import replace
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid
from enum import Enum
from typing import Any, TypeVar

import structlog
from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_security import RoleMixin, Security, UserDatastore, UserMixin
from flask_security.mail_util import MailUtil

from tracker.actions import logins, users
from tracker.bootstrap import Tracker
from tracker.domain.access import Mark, Rights, Role, administers, mark_of
from tracker.domain.access import may_write as may_write_all
from tracker.domain.activities import Activity, Visibility
from tracker.domain.activity_lines import ActivityLine
from tracker.domain.commands import Actor
from tracker.domain.logins import SESSION_LASTS, Way
from tracker.errors import GatewayError
from tracker.gateways.mail import Outgoing
from tracker.i18n import N_, gettext
from tracker.outputs.mail import Letterhead
from tracker.store import accounts, organisation
from tracker.store.activities import ActivityFilter
from tracker.web.language import language

log = structlog.get_logger()


class Audience(Enum):
    """Who may call a route. TOKEN: it asks for its own proof (a bearer token, a secret address) and is no page.

    READERS have any grant, CONTRIBUTORS may log something somewhere (which activity they may change, `writes` and
    `manages` say); EDITORS and ADMINISTRATORS are those of the whole house.
    """

    EVERYBODY = "everybody"
    TOKEN = "token"  # noqa: S105 -- says that one is needed, is none
    READERS = "readers"
    CONTRIBUTORS = "contributors"
    EDITORS = "editors"
    ADMINISTRATORS = "administrators"


_ADMITTED: dict[Audience, Callable[[Rights], bool]] = {
    Audience.READERS: lambda rights: bool(rights.grants),
    Audience.CONTRIBUTORS: lambda rights: rights.may_log,
    Audience.EDITORS: may_write_all,
    Audience.ADMINISTRATORS: administers,
}

View = TypeVar("View", bound=Callable[..., Any])

# Routes that packages register for themselves, by the beginning of their endpoint.
OF_PACKAGES = {
    "static": Audience.EVERYBODY,
    "bootstrap.static": Audience.EVERYBODY,
    "security.": Audience.EVERYBODY,
    "openapi.": Audience.EVERYBODY,
}


def allowed(audience: Audience) -> Callable[[View], View]:
    """Declare who may call a view."""

    def declare(view: View) -> View:
        view.audience = audience  # type: ignore[attr-defined]  # a mark on a function
        return view

    return declare


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Who may call `endpoint`, as its view or the table of packages declares; None where nobody has said so."""
    declared = getattr(app.view_functions[endpoint], "audience", None)
    if declared is not None:
        return Audience(declared)
    return next((audience for start, audience in OF_PACKAGES.items() if endpoint.startswith(start)), None)


class AccountRole(RoleMixin):
    def __init__(self, name: str) -> None:
        self.name = name


class Account(UserMixin):
    """A person as the web part knows them: a copy, which no session holds on to."""

    fs_uniquifier = ""
    secret = ""
    """Of the session it was found by; `way`: how that was opened."""
    way = Way.PASSWORD

    def __init__(self, row: accounts.UserRow) -> None:
        self.id = row.id
        self.email = row.email
        self.name = row.name
        self.password = row.password
        self.active = row.active
        self.fs_uniquifier = row.fs_uniquifier
        self.language = row.language
        self.timezone = row.timezone
        self.reminders_by_mail = row.reminders_by_mail
        self.tour = row.tour
        self.mail_paused_at = row.mail_paused_at
        self.mail_paused_why = row.mail_paused_why
        self.rights = row.rights
        self.roles = [AccountRole(name) for name in {grant.role.value for grant in row.rights.grants}]

    @property
    def role(self) -> Role | None:
        """In the whole house."""
        return self.rights.role

    def open_session(self) -> str:
        """Let the browser that asks in; what Flask-Login keeps in its cookies instead of the account's number."""
        tracker: Tracker = current_app.extensions["tracker"]
        self.way = g.get("way", Way.PASSWORD)
        agent = request.headers.get("User-Agent", "")
        self.secret = logins.open_session(tracker.database, self.id, self.way, agent, tracker.clock())
        g.opened_for = self.id
        return self.secret


class Accounts(UserDatastore):
    """Flask-Security's window on our accounts. `put` remembers what it changed, `commit` saves it by an action."""

    def __init__(self, tracker: Tracker) -> None:
        super().__init__(Account, AccountRole)
        self._tracker = tracker
        self.db = tracker.database

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Account | None:  # noqa: ARG002 -- addresses are kept in lower case
        field, value = by.popitem()
        find = {"email": accounts.user_by_email, "fs_uniquifier": accounts.user_by_uniquifier}[field]
        with self._tracker.database.reading() as session:
            row = find(session, str(value).lower() if field == "email" else str(value))
            return Account(row) if row else None

    def find_role(self, role: str) -> AccountRole | None:
        return AccountRole(role) if role in set(Role) else None

    def put(self, account: Account) -> Account:
        g.changed_account = account
        return account

    def commit(self) -> None:
        self.save()

    def save(self) -> None:
        """Save what was `put`, once; doing it again does nothing."""
        account: Account | None = g.pop("changed_account", None)
        if account is not None:
            users.save_credentials(
                self._tracker.database,
                account.id,
                account.password,
                account.fs_uniquifier,
                self._tracker.clock(),
                language=language(),
                letterhead=self._tracker.letterhead,
            )


class Mails(MailUtil):
    """The mail about a forgotten password leaves by the gateway all others leave by, but at once and without a
    delivery row: its link is a secret that nobody else may read on a page."""

    def normalize(self, email: str) -> str:
        """The address as accounts keep it. Which ones there are is known here: nobody else is asked, no DNS either."""
        return email.strip().lower()

    def validate(self, email: str) -> str:
        return self.normalize(email)

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **kwargs: Any,
    ) -> None:
        del template, subject, sender, html, kwargs  # Flask-Security's words and sender; ours follow
        tracker: Tracker = current_app.extensions["tracker"]
        house = Letterhead.of(tracker.settings, "")
        with tracker.database.reading() as session:
            name = organisation.current(session).name(language())
        message = EmailMessage()
        message["From"], message["To"] = Address(name or "tracker", addr_spec=house.sender), str(recipient)
        message["Subject"] = gettext(language(), N_("tracker: set a new password"))
        message["Date"], message["Message-ID"] = tracker.clock(), make_msgid(domain=house.host)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(body or "")
        try:
            current_app.extensions.get("tracker_mail", tracker.mail).send(Outgoing.of(message))
        except GatewayError as fault:
            # The answer must be that to an address nobody has. Whoever waits in vain asks once more.
            log.error("the mail for a new password did not leave", fault=repr(fault))


def register(app: Flask, tracker: Tracker) -> None:
    secure = tracker.settings.base_url.startswith("https://")
    app.config |= {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
        # argon2 salts by itself. A second salt of the installation would make every password depend on one more secret.
        "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_SALT": users.LINK_SALT,
        "SECURITY_RESET_PASSWORD_WITHIN": users.LINK_LASTS,
        "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/login",
        "SECURITY_EMAIL_HTML": False,
        # In the words of the page; the usual message speaks of a reset to people who come for the first time.
        "SECURITY_MSG_PASSWORD_RESET_NO_LOGIN": (N_("Your password is set."), "success"),
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": str.lower, "case_insensitive": True}}],
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_DURATION": SESSION_LASTS,
        "SECURITY_API_ENABLED_METHODS": ["session"],
    }
    app.extensions["tracker_mail"] = tracker.mail
    Security(app, Accounts(tracker), mail_util_cls=Mails)
    app.before_request(_admit)
    app.jinja_env.globals |= {
        "account": account, "may_write": may_write, "writes": writes, "manages": manages, "may_log": may_log,
    }  # fmt: skip


def account() -> Account | None:
    """The person who is logged in."""
    # Behind its proxy, which looks for the person again at each touch: a page asks for every row.
    known = current_user._get_current_object()
    return known if known and known.is_authenticated else None


def rights() -> Rights:
    """What the person may see and do; nothing, where nobody is logged in."""
    known = account()
    return known.rights if known else Rights()


def role() -> Role | None:
    """The person's role in the whole house; None for somebody whose grants all have bounds."""
    return rights().role


def actor() -> Actor:
    """The person as the author of a change."""
    known = account()
    if known is None:
        abort(401)
    return Actor(f"user:{known.id}", language())


def visibilities() -> tuple[str, ...]:
    """What the person sees of whichever twin: for what counts over all of them and cannot be narrowed (a report)."""
    return tuple(v.value for v in rights().everywhere)


def choosable(known: Activity | None = None) -> tuple[str, ...]:
    """The visibilities the person may give an activity, and the one it has."""
    offered = {*rights().visibilities, *([known.visibility] if known else [])}
    return tuple(level.value for level in Visibility if level in offered)


def visible(**narrowing: Any) -> ActivityFilter:
    """The activities the person may see, narrowed further: what every page that lists or counts begins with."""
    return ActivityFilter(visibilities=visibilities(), further=rights().further, **narrowing)


def printable(**narrowing: Any) -> ActivityFilter:
    """The same without what is confidential: for paper, which is passed on."""
    seen = tuple(v for v in visibilities() if v != Visibility.CONFIDENTIAL)
    return ActivityFilter(visibilities=seen, further=rights().further, **narrowing)


def sees(shown: Activity) -> bool:
    """Whether the person may know of an activity at all."""
    return rights().may_see(mark_of(shown))


def seen_as(shown: Activity, visibility: Visibility) -> bool:
    """Whether the person would see an activity if it had that visibility, as it may have had before."""
    return rights().may_see(replace(mark_of(shown), visibility=visibility))


def writes(shown: Activity | ActivityLine) -> bool:
    """Whether the person may change an activity: an editor any within their grants, a contributor their own."""
    return rights().may_revise(mark_of(shown))


def manages(shown: Activity) -> bool:
    """Whether the person may also put it into the bin, and see who did what to it."""
    return rights().may_manage(mark_of(shown))


def admits(audience: Audience) -> bool:
    """Whether the person asking is among those who may call a page for `audience`."""
    return _ADMITTED[audience](rights())


def may_log(*twins: str) -> bool:
    """Whether the person may log something new, with these twins."""
    known = rights()
    return known.may_record(Mark(Visibility.PUBLIC, twins)) if twins else known.may_log


def may_write() -> bool:
    """Whether the person edits in the whole house."""
    return admits(Audience.EDITORS)


def _admit() -> ResponseReturnValue | None:
    """Refuse whoever the route does not name, before its view runs."""
    if request.endpoint is None:
        return None  # no such address: the error page says so
    audience = audience_of(current_app, request.endpoint)
    if audience is Audience.TOKEN:
        return None
    g.account = account()
    if audience is Audience.EVERYBODY:
        return None
    if g.account is None and request.endpoint == "home" and _has_page_for_everybody():
        return redirect(url_for("welcome"))
    if g.account is None:
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("security.login", next=back))
    if audience is None or not admits(audience):
        abort(403)
    return None


def _has_page_for_everybody() -> bool:
    """Whether the house shows what is public to whoever comes without an account."""
    tracker: Tracker = current_app.extensions["tracker"]
    with tracker.database.reading() as session:
        return organisation.current(session).public_page
