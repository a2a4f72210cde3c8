"""What comes between the password and the house: a code, setting one up where the house wants it, or a passkey.

Whoever is half-way in is known by the session (`logins.half`); a passkey needs no password before it.
"""

import time

from flask import Flask, Response, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.passkeys import use_passkey
from tracker.actions.second_factors import set_up
from tracker.bootstrap import Tracker
from tracker.domain.logins import Way
from tracker.i18n import N_, gettext
from tracker.store import logins as store
from tracker.web import passkeys
from tracker.web.auth import Account, Audience, account, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.logins import Half, codes, enter, half, let_in, next_page

_SECRET = "new_secret"  # noqa: S105 -- where an encrypted one lies, until an app has shown that it knows it
_TOO_LATE = N_("That took too long. Please log in once more.")
_WRONG = N_("This code is not right, or it has been used already. Wait for the next one, or check your device's clock.")
_NOT_KNOWN = N_("This passkey did not work here. Try again, or log in with your password.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/login/code", "login_code", code, methods=["GET", "POST"])
    app.add_url_rule("/login/second-factor", "login_second_factor", second_factor, methods=["GET", "POST"])
    app.add_url_rule("/login/passkey/options", "login_passkey_options", passkey_options, methods=["POST"])
    app.add_url_rule("/login/passkey", "login_passkey", passkey, methods=["POST"])
    app.jinja_env.globals["passkeys_possible"] = passkeys.possible_here


@allowed(Audience.EVERYBODY)
def code() -> ResponseReturnValue:
    waiting = half()
    if waiting is None:
        return _once_more()
    fault = ""
    if request.method == "POST":
        way = codes().way_by(waiting.account.id, request.form.get("code", ""))
        if way is not None:
            return let_in(waiting.account, _told_way(waiting, way), remember=waiting.remember)
        fault = gettext(language(), _WRONG)
    with this_tracker().database.reading() as reading:
        factor = reading.get(store.SecondFactorRow, waiting.account.id)
        has_passkeys = bool(store.passkeys_of(reading, waiting.account.id))
    return render_template("security/code.html", fault=fault, factor=factor, has_passkeys=has_passkeys)


@allowed(Audience.EVERYBODY)
def second_factor() -> ResponseReturnValue:
    """Where the house wants a second factor and there is none yet: it is set up before one is in."""
    waiting = half()
    if waiting is None:
        return _once_more()
    with this_tracker().database.reading() as reading:
        if reading.get(store.SecondFactorRow, waiting.account.id) or store.passkeys_of(reading, waiting.account.id):
            # Whoever knows no more than the password must not put an app of theirs in the place of the owner's.
            return redirect(url_for("login_code", next=request.args.get("next")))
    fault = ""
    if request.method == "POST":
        made = confirmed(waiting.account, request.form.get("code", ""))
        if made:
            onward = next_page()
            enter(waiting.account, _told_way(waiting, Way.CODE), remember=waiting.remember)
            return render_template("security/recovery_codes.html", codes=made, onward=onward, first=True)
        fault = gettext(language(), _WRONG)
    return setting_up(waiting.account, fault, must=True)


@allowed(Audience.EVERYBODY)
def passkey_options() -> Response:
    """What the browser is to ask a device; asked by our script."""
    waiting = half()
    return jsonify(passkeys.question(account() or (waiting.account if waiting else None)))


@allowed(Audience.EVERYBODY)
def passkey() -> ResponseReturnValue:
    """A device has answered: for a login, for the second step of one, or to show that it is still the same person."""
    me, waiting = account(), half()
    try:
        found = passkeys.answered(request.form.get("credential", ""))
        expected = me or (waiting.account if waiting else None)
        if expected is not None and expected.id != found.account.id:
            raise passkeys.Unconvincing("the passkey is another account's")
    except passkeys.Unconvincing:
        flash(gettext(language(), _NOT_KNOWN), "error")
        step = "security.verify" if me else "login_code" if waiting else "security.login"
        return redirect(url_for(step, next=request.args.get("next")))
    use_passkey(this_tracker().database, found.passkey_id, found.sign_count, now())
    if me is not None:
        session["fs_paa"] = time.time()
        return redirect(next_page())
    way = _told_way(waiting, Way.PASSKEY) if waiting else Way.PASSKEY
    return let_in(found.account, way, remember=waiting.remember if waiting else "remember" in request.form)


def setting_up(user: Account, fault: str, *, must: bool = False) -> ResponseReturnValue:
    """The page that shows the key to scan: the same one until it is confirmed, however often a code was mistyped."""
    if _SECRET not in session:
        session[_SECRET] = codes().new_secret()
    shown = codes().shown(session[_SECRET], user.email, gettext(language(), N_("Picture to scan with your app")))
    page = render_template("security/second_factor.html", shown=shown, fault=fault, must=must)
    return page, 422 if fault else 200


def confirmed(user: Account, typed: str) -> list[str]:
    """The recovery codes, once the app has shown that it knows the key; none where the code was not right."""
    secret = session.get(_SECRET)
    counter = codes().counter(secret, typed) if secret else None
    if counter is None:
        return []
    made = codes().new_recovery()
    tracker = this_tracker()
    hashed = [codes().hashed(one) for one in made]
    set_up(tracker.database, user.id, str(secret), counter, hashed, now(), tracker.letterhead)
    session.pop(_SECRET)
    return made


def _told_way(waiting: Half, way: Way) -> Way:
    # Who came by a provider is offered to log out there, too.
    return waiting.way if waiting.way is Way.PROVIDER else way


def _once_more() -> ResponseReturnValue:
    if account():
        return redirect(next_page())
    flash(gettext(language(), _TOO_LATE), "error")
    return redirect(url_for("security.login", next=request.args.get("next")))
