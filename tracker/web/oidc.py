"""Logging in by an OpenID Connect provider that the settings name: the authorisation code flow with PKCE and a nonce.

Authlib speaks the protocol and checks the signature of what the provider says; `actions.login_links` decides whose
account it opens. Without the settings none of its addresses exists.
"""

from urllib.parse import urlencode, urlsplit

import structlog
from flask import Flask, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.login_links import Claims, account_for
from tracker.bootstrap import Tracker
from tracker.domain.logins import Way
from tracker.errors import Forbidden
from tracker.i18n import N_, gettext
from tracker.late import Late
from tracker.store import accounts
from tracker.web.auth import Account, Audience, account, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.logins import ask_for_more, let_in, next_page

# Loaded by the installations that have a provider; it takes longer than all the rest of a start.
flask_client = Late("authlib.integrations.flask_client")
authlib_errors = Late("authlib.common.errors")
jose_errors = Late("joserfc.errors")
http_errors = Late("requests.exceptions")

log = structlog.get_logger()

_SECONDS = 10
_AWAY = N_("The other side does not answer properly just now. Please try again later, or log in with your password.")
_REFUSED = N_("That did not work: the other side did not let you in, or it took too long. Please try again.")


def register(app: Flask, tracker: Tracker) -> None:
    settings = tracker.settings
    app.jinja_env.globals["provider"] = urlsplit(settings.oidc_issuer).hostname or ""
    if not settings.oidc_issuer:
        return
    oauth = flask_client.OAuth(app)
    app.extensions["provider"] = oauth.register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{settings.oidc_issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "timeout": _SECONDS},
    )
    app.add_url_rule("/login/provider", "login_provider", begin)
    app.add_url_rule("/login/provider/back", "login_provider_back", back)
    app.add_url_rule("/login/provider/out", "login_provider_out", out)


@allowed(Audience.EVERYBODY)
def begin() -> ResponseReturnValue:
    """Lead to the provider; a link, since our policy lets no form end in another house."""
    if account():
        return redirect(next_page())
    session["after_provider"] = next_page()
    try:
        answer: ResponseReturnValue = current_app.extensions["provider"].authorize_redirect(_address("back"))
    except (http_errors.RequestException, ValueError, KeyError) as fault:
        return _failed(_AWAY, fault)
    return answer


@allowed(Audience.EVERYBODY)
def back() -> ResponseReturnValue:
    """The provider sends its people back here."""
    try:
        claims = _claims()
        user_id = account_for(this_tracker().database, claims, now(), this_tracker().letterhead)
    except Forbidden as refusal:
        flash(refusal.message(language()), "error")
        return redirect(url_for("security.login"))
    except (http_errors.RequestException, ValueError, KeyError) as fault:
        return _failed(_AWAY, fault)
    except (authlib_errors.AuthlibBaseError, jose_errors.JoseError) as fault:
        return _failed(_REFUSED, fault)
    with this_tracker().database.reading() as reading:
        row = reading.get(accounts.UserRow, user_id)
        if row is None:
            return redirect(url_for("security.login"))
        user = Account(row)
    wanted = session.pop("after_provider", url_for("home"))
    more = ask_for_more(user, remember=False, wanted=wanted, way=Way.PROVIDER)
    return more or let_in(user, Way.PROVIDER, remember=False, wanted=wanted)


@allowed(Audience.EVERYBODY)
def out() -> ResponseReturnValue:
    """Log out at the provider too, if it has a place for that."""
    session.pop("came_by_provider", None)
    try:
        known = current_app.extensions["provider"].load_server_metadata()
    except (http_errors.RequestException, ValueError) as fault:
        return _failed(_AWAY, fault)
    if not known.get("end_session_endpoint"):
        return redirect(url_for("security.login"))
    settings = this_tracker().settings
    told = {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": f"{settings.base_url}/login"}
    sign = "&" if "?" in known["end_session_endpoint"] else "?"
    return redirect(f"{known['end_session_endpoint']}{sign}{urlencode(told)}")


def _claims() -> Claims:
    """What the provider says of whoever comes back; signature, issuer, audience, nonce and time are checked."""
    provider, settings = current_app.extensions["provider"], this_tracker().settings
    if not request.args.get("state"):
        raise Forbidden(_REFUSED)
    token = provider.authorize_access_token()
    told = dict(token.get("userinfo") or {})
    if not told.get("sub") or str(told.get("iss", "")).rstrip("/") != settings.oidc_issuer:
        raise Forbidden(_REFUSED)
    if "email" not in told:
        asked = dict(provider.userinfo(token=token))
        if asked.get("sub") != told["sub"]:
            raise Forbidden(_REFUSED)
        told |= {name: asked.get(name) for name in ("email", "email_verified")}
    return Claims(
        issuer=settings.oidc_issuer,
        subject=str(told["sub"]),
        email=str(told.get("email") or ""),
        email_verified=told.get("email_verified") is True,
    )


def _address(step: str) -> str:
    return f"{this_tracker().settings.base_url}/login/provider/{step}"


def _failed(message: str, fault: Exception) -> ResponseReturnValue:
    log.warning("logging in by the provider failed", fault=type(fault).__name__, error=str(fault)[:300])
    flash(gettext(language(), message), "error")
    return redirect(url_for("security.login"))
