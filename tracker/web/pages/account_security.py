"""Logging in and security, of one's own account: second factor, passkeys, sessions, programs, the link to a provider.

Everything here is asked for soon after a login only (`fresh`), and its owner hears of each change by mail.
"""

import datetime as dt

from babel.dates import format_date
from flask import Flask, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import logins, second_factors, tokens
from tracker.actions import passkeys as passkey_actions
from tracker.actions.login_links import unlink
from tracker.bootstrap import Tracker
from tracker.domain.access import Role
from tracker.domain.logins import RECOVERY_CODES, SESSION_LASTS
from tracker.errors import Conflict, InvalidInput, NotFound, TrackerError
from tracker.i18n import N_, gettext
from tracker.store import accounts
from tracker.store import logins as store
from tracker.web import passkeys
from tracker.web.auth import Account, Audience, account, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, locale, zone
from tracker.web.logins import codes, fresh, this_session
from tracker.web.pages.login_steps import confirmed, setting_up

_WAYS = {
    "password": N_("with the password"),
    "code": N_("with password and code"),
    "recovery": N_("with a recovery code"),
    "passkey": N_("with a passkey"),
    "provider": N_("by the other login"),
}
_LASTS = {"30": N_("30 days"), "90": N_("90 days"), "365": N_("a year"), "": N_("until I revoke it")}
_WRONG = N_("This code is not right. Wait for the next one, or check whether your device's clock is right.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    here = "/account/security"
    app.add_url_rule(here, "account_security", security)
    app.add_url_rule("/account/second-factor", "account_second_factor", second_factor, methods=["GET", "POST"])
    for path, endpoint, view in (
        ("/account/second-factor/off", "account_factor_off", factor_off),
        ("/account/recovery-codes", "account_recovery_codes", recovery_codes),
        ("/account/passkeys/options", "account_passkey_options", passkey_options),
        ("/account/passkeys", "account_passkeys", add_passkey),
        ("/account/passkeys/<int:passkey_id>/remove", "account_remove_passkey", remove_passkey),
        ("/account/sessions/end", "account_end_session", end_session),
        ("/account/sessions/end-others", "account_end_others", end_others),
        ("/account/tokens", "account_tokens", new_token),
        ("/account/tokens/revoke", "account_revoke_token", revoke_token),
        ("/account/link/remove", "account_unlink", remove_link),
    ):
        app.add_url_rule(path, endpoint, view, methods=["POST"])


@allowed(Audience.READERS)
@fresh
def security() -> ResponseReturnValue:
    return _page()


@allowed(Audience.READERS)
@fresh
def second_factor() -> ResponseReturnValue:
    if request.method == "GET":
        return setting_up(_me(), "")
    made = confirmed(_me(), request.form.get("code", ""))
    if not made:
        return setting_up(_me(), gettext(language(), _WRONG))
    return render_template("security/recovery_codes.html", codes=made, onward=url_for("account_security"), first=True)


@allowed(Audience.READERS)
@fresh
def factor_off() -> ResponseReturnValue:
    second_factors.switch_off(this_tracker().database, _me().id, now(), this_tracker().letterhead)
    return _done(N_("Codes are no longer asked for."))


@allowed(Audience.READERS)
@fresh
def recovery_codes() -> ResponseReturnValue:
    made = codes().new_recovery()
    tracker = this_tracker()
    hashed = [codes().hashed(one) for one in made]
    second_factors.renew_recovery(tracker.database, _me().id, hashed, now(), tracker.letterhead)
    return render_template("security/recovery_codes.html", codes=made, onward=url_for("account_security"), first=False)


@allowed(Audience.READERS)
@fresh
def passkey_options() -> Response:
    return jsonify(passkeys.question_for_new(_me()))


@allowed(Audience.READERS)
@fresh
def add_passkey() -> ResponseReturnValue:
    name = request.form.get("name", "")
    try:
        made = passkeys.new_passkey(name, request.form.get("credential", ""))
        passkey_actions.add_passkey(this_tracker().database, _me().id, made, now(), this_tracker().letterhead)
    except passkeys.Unconvincing:
        flash(gettext(language(), N_("The device did not make a passkey. Please try again.")), "error")
        return redirect(url_for("account_security"))
    except InvalidInput as fault:
        return _page({f"passkey-{p.field}": p.message(language()) for p in fault.problems}, {"passkey-name": name}), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return redirect(url_for("account_security"))
    return _done(N_("Saved. From now on you can log in with this passkey."))


@allowed(Audience.READERS)
@fresh
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    tracker = this_tracker()
    passkey_actions.remove_passkey(tracker.database, _me().id, passkey_id, now(), tracker.letterhead)
    return _done(N_("The passkey is removed. You may delete it on your device, too."))


@allowed(Audience.READERS)
@fresh
def end_session() -> ResponseReturnValue:
    try:
        logins.end_session(this_tracker().database, _me().id, request.form.get("session", ""), now())
    except NotFound as fault:
        return _refused(fault)
    return _done(N_("This browser is logged out."))


@allowed(Audience.READERS)
@fresh
def end_others() -> ResponseReturnValue:
    logins.end_others(this_tracker().database, _me().id, this_session(), now())
    return _done(N_("All other browsers are logged out."))


@allowed(Audience.READERS)
@fresh
def new_token() -> ResponseReturnValue:
    name, days = request.form.get("name", ""), request.form.get("days", "")
    tracker = this_tracker()
    try:
        made = tokens.issue_own_token(tracker.database, _me().id, name, days, now(), tracker.letterhead)
    except InvalidInput as fault:
        told = {f"token-{problem.field}": problem.message(language()) for problem in fault.problems}
        return _page(told, {"token-name": name, "token-days": days}), 422
    return _page(made=made)


@allowed(Audience.READERS)
@fresh
def revoke_token() -> ResponseReturnValue:
    try:
        tokens.revoke_token(this_tracker().database, _me().id, request.form.get("token", ""), now())
    except NotFound as fault:
        return _refused(fault)
    return _done(N_("The token is revoked; it opens nothing any more."))


@allowed(Audience.READERS)
@fresh
def remove_link() -> ResponseReturnValue:
    unlink(this_tracker().database, _me().id, this_tracker().settings.oidc_issuer, now())
    return _done(N_("The link is removed."))


def _page(faults: dict[str, str] | None = None, typed: dict[str, str] | None = None, made: str = "") -> str:
    me, tracker = _me(), this_tracker()
    with tracker.database.reading() as reading:
        row = reading.get(accounts.UserRow, me.id)
        if row is None:
            abort(404)
        shown = {
            "factor": reading.get(store.SecondFactorRow, me.id),
            "passkeys": store.passkeys_of(reading, me.id),
            "sessions": store.sessions_of(reading, row, now() - SESSION_LASTS),
            "tokens": store.tokens_of(reading, me.id),
            "link": store.link_of(reading, me.id, tracker.settings.oidc_issuer),
            "must": me.role is Role.ADMINISTRATOR and store.second_factor_required(reading),
        }
    return render_template(
        "account_security.html",
        **shown,
        faults=faults or {},
        typed=typed or {},
        made=made,
        mine=tokens.hash_of(this_session()),
        handle=tokens.handle,
        ways_in=_WAYS,
        lasts=_LASTS,
        all_codes=RECOVERY_CODES,
        moment_now=now(),
        on=_local_day,
    )


def _local_day(at: dt.datetime) -> str:
    return format_date(at.astimezone(zone()), "long", locale=locale())


def _me() -> Account:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return me


def _done(message: str) -> ResponseReturnValue:
    flash(gettext(language(), message), "success")
    return redirect(url_for("account_security"))


def _refused(fault: TrackerError) -> ResponseReturnValue:
    """What is over already was done in another window: no page of its own for that."""
    flash(fault.message(language()), "error")
    return redirect(url_for("account_security"))
