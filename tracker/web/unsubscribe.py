"""No more reminders by mail, from the link in any of them: a page that asks, and the one-click POST of RFC 8058.

The POST comes from a mail program: it has no login, no cookie and no page before it, so the signed token in the address
is all it needs, and the check against forged forms is switched off for it alone.
"""

from flask import Flask, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.reminders import unsubscribe
from tracker.bootstrap import Tracker, secret_key
from tracker.i18n import known_language
from tracker.outputs.unsubscribe import user_of
from tracker.store import accounts
from tracker.web.auth import Audience, allowed


def register(app: Flask, tracker: Tracker) -> None:
    secret = secret_key(tracker.settings)

    @allowed(Audience.EVERYBODY)
    def ask(token: str) -> ResponseReturnValue:
        user = _person(tracker, token, secret)
        return render_template("unsubscribe.html", email=user.email, done=not user.reminders_by_mail)

    @allowed(Audience.EVERYBODY)
    def stop(token: str) -> ResponseReturnValue:
        user = _person(tracker, token, secret)
        unsubscribe(tracker.database, user.id, tracker.clock())
        return render_template("unsubscribe.html", email=user.email, done=True)

    app.add_url_rule("/unsubscribe/<token>", "unsubscribe", ask)
    app.add_url_rule("/unsubscribe/<token>", "unsubscribe_now", stop, methods=["POST"])
    app.extensions["csrf"].exempt(stop)


def _person(tracker: Tracker, token: str, secret: str) -> accounts.UserRow:
    """Whom the link was written to; the page speaks their language, since nobody need be logged in."""
    user_id = user_of(token, secret)
    with tracker.database.reading() as session:
        user = session.get(accounts.UserRow, user_id) if user_id is not None else None
    if user is None:
        abort(404)
    if "lang" not in request.args:
        g.language = known_language(user.language)
    return user
