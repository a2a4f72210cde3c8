"""Subscribing to a calendar: choose, get a secret address once, take it into the program one already uses."""

from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.calendars import new_subscription, revoke_subscription
from tracker.bootstrap import Tracker
from tracker.domain.access import visible_to
from tracker.domain.activities import Kind, Visibility
from tracker.domain.calendars import KIND_STYLES, Selection
from tracker.domain.choices import CalendarChoice, title
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.store import calendars as store
from tracker.store import twins as twin_store
from tracker.web.auth import Account, Audience, account, actor, allowed, role
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/subscribe", "subscribe", subscribe, methods=["GET", "POST"])
    app.add_url_rule("/subscriptions/<uuid:subscription_id>/revoke", "revoke", revoke, methods=["POST"])


@allowed(Audience.READERS)
def subscribe() -> ResponseReturnValue:
    me = _me()
    if request.method == "GET":
        return _page(me)
    tracker, choice = this_tracker(), _choice()
    with tracker.database.reading() as session:
        twins = twin_store.load_all(session)
    name = title(choice, twins, _LABELS)
    try:
        token = new_subscription(tracker.database, choice, actor(), now(), name=name, user_email=me.email)
    except InvalidInput as fault:
        return _page(me, faults=[problem.message(language()) for problem in fault.problems]), 422
    address = f"{tracker.settings.base_url}/feeds/{token}.ics"
    return _page(me, address=address, name=name)


@allowed(Audience.READERS)
def revoke(subscription_id: UUID) -> ResponseReturnValue:
    """Close one of one's own addresses; another person's is as unknown as one that never was."""
    with this_tracker().database.reading() as session:
        own = {row.id for row in store.subscriptions_of(session, _me().id)}
    if subscription_id not in own:
        raise NotFound(N_("There is no subscription with the id {id}."), id=subscription_id)
    revoke_subscription(this_tracker().database, subscription_id, actor(), now())
    flash(gettext(language(), N_("This address is closed. Calendars that used it get no more news.")), "success")
    return redirect(url_for("subscribe"))


def _me() -> Account:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return me


def _choice() -> CalendarChoice:
    """What was ticked, for the level of the person: what is confidential stands in no calendar."""
    kinds = tuple(kind for kind in request.form.getlist("kinds") if kind in set(Kind))
    spoken = request.form.get("language", "")
    selection = Selection(
        twins=tuple(request.form.getlist("twins")),
        kinds=() if len(kinds) == len(Kind) else kinds,
        language=spoken if spoken in LANGUAGES else language(),
        occasions="occasions" in request.form,
    )
    seen = [level for level in visible_to(role()) if level is not Visibility.CONFIDENTIAL]
    return CalendarChoice(selection, seen[-1], years_back=None if "past" in request.form else 1)


def _page(me: Account, *, address: str = "", name: str = "", faults: list[str] | None = None) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.load_all(session)
        own = store.subscriptions_of(session, me.id)
    return render_template(
        "subscribe.html",
        twins=twins,
        chosen=request.form.getlist("twins") or request.args.getlist("twin"),
        kinds=tuple(Kind),
        own=own,
        address=address,
        webcal="webcal://" + address.partition("://")[2] if address else "",
        name=name,
        faults=faults or [],
    )
