"""From a right password to a session: the second factor in between, and the row each session is.

Flask-Security checks passwords and asks `SecondFactor` whether that is enough; Flask-Login keeps in its cookies what
`Account.open_session` gives it, a secret whose row is looked up with each request. So ending the row logs out, also
from a browser that was to stay logged in.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import user_logged_out
from flask_security import login_user, logout_user, password_reset
from flask_security.tf_plugin import TfPlugin
from flask_security.utils import set_request_attr

from tracker.actions import logins as action
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.logins import FRESH_FOR, HALF_LASTS, Way
from tracker.store import accounts
from tracker.store import logins as store
from tracker.web.auth import Account, account
from tracker.web.installation import now, this_tracker
from tracker.web.login_limits import remember_device
from tracker.web.second_factor import Codes

View = TypeVar("View", bound=Callable[..., Any])
_HALF = "half"


@dataclass(frozen=True)
class Half:
    """Somebody who has given their password, or came from a provider, and is asked for a second factor."""

    account: Account
    remember: bool
    way: Way


class SecondFactor(TfPlugin):
    """What Flask-Security asks after each right password: None lets in, a page to go to does not yet."""

    def tf_enter(self, user: Any, remember_me: bool | None, primary_authn_via: str, next_loc: str | None) -> Any:  # noqa: ARG002 -- as Flask-Security asks
        return ask_for_more(user, remember=bool(remember_me))


def register(app: Flask, tracker: Tracker) -> None:
    security = app.extensions["security"]
    security.two_factor_plugins = SecondFactor()
    manager = app.login_manager  # type: ignore[attr-defined]  # Flask-Login puts it there
    manager.id_attribute = "open_session"
    manager.user_loader(_load)
    # Flask-Security would take tokens of its own from any header or body; ours are the API's alone.
    manager.request_loader(lambda _request: None)
    app.extensions["codes"] = Codes(tracker)
    user_logged_out.connect(_close, app)
    password_reset.connect(_remember_whose, app)
    app.view_functions["security.reset_password"] = _then_let_in(app.view_functions["security.reset_password"])
    app.after_request(_keep_to_its_owner)


def codes() -> Codes:
    found: Codes = current_app.extensions["codes"]
    return found


def ask_for_more(
    user: Account, *, remember: bool, wanted: str = "", way: Way = Way.PASSWORD
) -> ResponseReturnValue | None:
    """Where somebody must go before they are in; None if what they have shown is enough."""
    with this_tracker().database.reading() as reading:
        has_codes = reading.get(store.SecondFactorRow, user.id) is not None
        must = user.role is Role.ADMINISTRATOR and store.second_factor_required(reading)
        has_passkey = bool(must and store.passkeys_of(reading, user.id))
    if not has_codes and not must:
        return None
    session[_HALF] = {"user": user.fs_uniquifier, "at": now().timestamp(), "remember": remember, "way": way.value}
    step = "login_code" if has_codes or has_passkey else "login_second_factor"
    return redirect(url_for(step, next=wanted or request.args.get("next")))


def half() -> Half | None:
    """Who is half-way in; None where nobody is, or it has taken them too long."""
    kept = session.get(_HALF)
    if not kept or now().timestamp() - kept["at"] > HALF_LASTS.total_seconds():
        session.pop(_HALF, None)
        return None
    with this_tracker().database.reading() as reading:
        row = accounts.user_by_uniquifier(reading, kept["user"])
    return Half(Account(row), kept["remember"], Way(kept["way"])) if row and row.active else None


def let_in(user: Account, way: Way, *, remember: bool, wanted: str = "") -> ResponseReturnValue:
    """Open the session, and go where they wanted."""
    enter(user, way, remember=remember)
    return redirect(wanted or next_page())


def enter(user: Account, way: Way, *, remember: bool) -> None:
    """Open the session."""
    g.way = way
    session.pop(_HALF, None)
    login_user(user, remember=remember)


def next_page(otherwise: str = "home") -> str:
    """The page of ours somebody wanted to see; anything else in the address is not followed."""
    wanted = request.args.get("next") or request.form.get("next") or ""
    if wanted.startswith("/") and not wanted.startswith(("//", "/\\", "/login")) and wanted.isprintable():
        return wanted
    return url_for(otherwise)


def is_fresh() -> bool:
    """Whether it is not long since the person has shown who they are."""
    return bool(time.time() - float(session.get("fs_paa", 0)) < FRESH_FOR.total_seconds())


def fresh(view: View) -> View:
    """What guards an account is shown and changed only soon after a login: an open window gives nothing away."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Any:
        if is_fresh():
            return view(*args, **kwargs)
        here = request.path if request.method == "GET" else url_for("account_security")
        return redirect(url_for("security.verify", next=here))

    return checked  # type: ignore[return-value]  # the same view, asked later


def this_session() -> str:
    """The secret of the session that asks."""
    known = account()
    return known.secret if known else ""


def _load(secret: str) -> Account | None:
    tracker = this_tracker()
    found = action.owner_of(tracker.database, str(secret), tracker.clock())
    if found is None:
        return None
    # As its own loader does: by this Flask-Security knows that it is a session which asks, and how fresh.
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    known = Account(found.user)
    known.secret, known.way = str(secret), found.way
    return known


def _remember_whose(_app: Flask, user: Account, **_told: Any) -> None:
    g.set_password = user


def _then_let_in(view: View) -> View:
    """Setting a password by a one-time link is a login: it shows as much, and is asked for the same more."""

    @wraps(view)
    def set_password(**arguments: Any) -> Any:
        answer = view(**arguments)
        user: Account | None = g.pop("set_password", None)
        if user is None:
            return answer
        # Flask-Security would save it after the answer, and saving ends all sessions: the new one, too.
        current_app.extensions["security"].datastore.save()
        if account():
            logout_user()
        return ask_for_more(user, remember=False) or let_in(user, Way.PASSWORD, remember=False)

    return set_password  # type: ignore[return-value]  # the same view, and what follows


def _close(_app: Flask, user: Account | None, **_told: Any) -> None:
    if user is None or not getattr(user, "secret", ""):
        return
    action.close_session(this_tracker().database, user.id, user.secret, now())
    if user.way is Way.PROVIDER:
        # The provider still knows them: the page they come to offers to log out there, too.
        session["came_by_provider"] = True


def _keep_to_its_owner(response: Response) -> Response:
    """Nothing on the way may keep pages that show secrets; a browser that was let in is known the next time."""
    if request.path.startswith(("/account/", "/login", "/verify", "/reset")):
        response.headers["Cache-Control"] = "no-store"
    if "opened_for" in g:
        remember_device(response, g.opened_for)
    return response
