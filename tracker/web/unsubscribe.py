"""No more reminders by mail, from the link in any of them: a page that asks, and the one-click POST of RFC 8058.

The POST comes from a mail program: it has no login, no cookie and no page before it, so the signed token in the address
is all it needs, and the check against forged forms is switched off for it alone.
"""

from flask import Flask, abort, render_template
from flask.typing import ResponseReturnValue

from tracker.actions.reminders import unsubscribe
from tracker.bootstrap import Tracker, secret_key
from tracker.outputs.unsubscribe import user_of
from tracker.store import accounts
from tracker.web.auth import Audience, allowed


def register(app: Flask, tracker: Tracker) -> None:
    secret = secret_key(tracker.settings)

    @allowed(Audience.TOKEN)
    def ask(token: str) -> ResponseReturnValue:
        with tracker.database.reading() as session:
            user = session.get(accounts.UserRow, _person(token, secret))
        if user is None:
            abort(404)
        return render_template("unsubscribe.html", email=user.email, done=not user.reminders_by_mail)

    @allowed(Audience.TOKEN)
    def stop(token: str) -> ResponseReturnValue:
        email = unsubscribe(tracker.database, _person(token, secret), tracker.clock())
        return render_template("unsubscribe.html", email=email, done=True)

    app.add_url_rule("/unsubscribe/<token>", "unsubscribe", ask)
    app.add_url_rule("/unsubscribe/<token>", "unsubscribe_now", stop, methods=["POST"])
    app.extensions["csrf"].exempt(stop)


def _person(token: str, secret: str) -> int:
    user_id = user_of(token, secret)
    if user_id is None:
        abort(404)
    return user_id
