"""No more mails, from the link in any of them: a page that asks, and the one-click POST of RFC 8058.

A reminder's link stops reminders; that of a change stops the mails about one subscription. The POST comes from a mail
program: it has no login, no cookie and no page before it, so the signed token in the address is all it needs, and the
check against forged forms is switched off for it alone.
"""

from flask import Flask, abort, g, render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.reminders import unsubscribe
from tracker.actions.subscriptions import mail_urgent_changes
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.commands import Actor
from tracker.i18n import known_language
from tracker.outputs.unsubscribe import subscription_of, user_of
from tracker.store import accounts
from tracker.store.subscriptions import SubscriptionRow
from tracker.web.auth import Audience, allowed


def register(app: Flask, tracker: Tracker) -> None:
    secret = secret_key(tracker.settings)

    @allowed(Audience.EVERYBODY)
    def ask(token: str) -> ResponseReturnValue:
        user, subscription = _addressed(tracker, token, secret)
        return _page(user, subscription, done=not (_mailed(subscription) if subscription else user.reminders_by_mail))

    @allowed(Audience.EVERYBODY)
    def stop(token: str) -> ResponseReturnValue:
        user, subscription = _addressed(tracker, token, secret)
        if subscription is None:
            unsubscribe(tracker.database, user.id, tracker.clock())
        elif _mailed(subscription):
            actor = Actor(f"user:{user.id}", g.language)
            mail_urgent_changes(tracker.database, subscription.id, False, actor, tracker.clock())
        return _page(user, subscription, done=True)

    app.add_url_rule("/unsubscribe/<token>", "unsubscribe", ask)
    app.add_url_rule("/unsubscribe/<token>", "unsubscribe_now", stop, methods=["POST"])
    app.extensions["csrf"].exempt(stop)


def _addressed(tracker: Tracker, token: str, secret: str) -> tuple[accounts.UserRow, SubscriptionRow | None]:
    """Whom the mail was written to, and about which subscription; the page speaks their language, logged in or not."""
    user_id, subscription_id, subscription = user_of(token, secret), subscription_of(token, secret), None
    with tracker.database.reading() as session:
        if subscription_id is not None:
            subscription = session.get(SubscriptionRow, subscription_id)
            user_id = subscription.user_id if subscription else None
        user = session.get(accounts.UserRow, user_id) if user_id is not None else None
    if user is None:
        abort(404)
    if "lang" not in request.args:
        g.language = known_language(user.language)
    return user, subscription


def _mailed(subscription: SubscriptionRow) -> bool:
    """Whether mails about it still leave; none do about one that is closed."""
    return subscription.mail_urgent and subscription.revoked_at is None


def _page(user: accounts.UserRow, subscription: SubscriptionRow | None, *, done: bool) -> str:
    return render_template("unsubscribe.html", email=user.email, subscription=subscription, done=done)
