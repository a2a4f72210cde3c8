"""No more mails, from the link in any of them: a page that asks, and the one-click POST of RFC 8058.

A reminder's link stops reminders; that of a change stops the mails about one subscription. The POST comes from a mail
program: it has no login, no cookie and no page before it, so the signed token in the address is all it needs, and the
check against forged forms is switched off for it alone. Somebody with an account changes their mind there; an address
without one by the same link.
"""

from dataclasses import dataclass

from flask import Flask, abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.addresses import resume_address, stop_address
from tracker.actions.reminders import unsubscribe
from tracker.actions.subscriptions import mail_urgent_changes
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.commands import Actor
from tracker.i18n import known_language
from tracker.outputs.unsubscribe import address_of, subscription_of, user_of
from tracker.store import accounts, people, rules
from tracker.store.addresses import MailAddressRow
from tracker.store.subscriptions import SubscriptionRow
from tracker.web.auth import Audience, allowed


@dataclass(frozen=True)
class _Addressed:
    """Whom a mail was written to: an account, perhaps about one of its subscriptions, or an address without one."""

    user: accounts.UserRow | None = None
    subscription: SubscriptionRow | None = None
    address: MailAddressRow | None = None

    @property
    def done(self) -> bool:
        """Whether no more of these mails leave."""
        if self.address:
            return self.address.stopped_at is not None
        if self.subscription:
            return not self.subscription.mail_urgent or self.subscription.revoked_at is not None
        return self.user is not None and not self.user.reminders_by_mail


def register(app: Flask, tracker: Tracker) -> None:
    secret = secret_key(tracker.settings)

    @allowed(Audience.EVERYBODY)
    def ask(token: str) -> ResponseReturnValue:
        told = _addressed(tracker, token, secret)
        return _page(told, token, done=told.done)

    @allowed(Audience.EVERYBODY)
    def stop(token: str) -> ResponseReturnValue:
        told = _addressed(tracker, token, secret)
        if told.address:
            stop_address(tracker.database, told.address.id, tracker.clock())
        elif told.user and told.subscription is None:
            unsubscribe(tracker.database, told.user.id, tracker.clock())
        elif told.user and told.subscription and not told.done:
            actor = Actor(f"user:{told.user.id}", g.language)
            mail_urgent_changes(tracker.database, told.subscription.id, False, actor, tracker.clock())
        return _page(told, token, done=True)

    @allowed(Audience.EVERYBODY)
    def again(token: str) -> ResponseReturnValue:
        told = _addressed(tracker, token, secret)
        if told.address is None:
            abort(404)
        resume_address(tracker.database, told.address.id, None, tracker.clock())
        return redirect(url_for("unsubscribe", token=token))

    app.add_url_rule("/unsubscribe/<token>", "unsubscribe", ask)
    app.add_url_rule("/unsubscribe/<token>", "unsubscribe_now", stop, methods=["POST"])
    app.add_url_rule("/unsubscribe/<token>/again", "subscribe_again", again, methods=["POST"])
    app.extensions["csrf"].exempt(stop)
    app.extensions["csrf"].exempt(again)


def _addressed(tracker: Tracker, token: str, secret: str) -> _Addressed:
    """Whom the mail was written to, and about which subscription; the page speaks their language, logged in or not."""
    user_id, subscription_id, subscription = user_of(token, secret), subscription_of(token, secret), None
    address_id = address_of(token, secret)
    with tracker.database.reading() as session:
        if subscription_id is not None:
            subscription = session.get(SubscriptionRow, subscription_id)
            user_id = subscription.user_id if subscription else None
        user = session.get(accounts.UserRow, user_id) if user_id is not None else None
        address = session.get(MailAddressRow, address_id) if address_id is not None else None
        named = people.addresses(rules.rules(session)).get(address.address) if address else None
    if user is None and address is None:
        abort(404)
    tongue = user.language if user else named.language if named else ""
    if tongue and "lang" not in request.args:
        g.language = known_language(tongue)
    return _Addressed(user, subscription, address)


def _page(told: _Addressed, token: str, *, done: bool) -> str:
    email = told.user.email if told.user else told.address.address if told.address else ""
    return render_template(
        "unsubscribe.html", email=email, subscription=told.subscription, done=done, token=token if told.address else ""
    )
