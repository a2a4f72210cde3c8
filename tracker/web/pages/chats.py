"""Chats that reminders go to, for administrators: added, tried, changed, switched off, removed.

An address is typed in here and never shown again.
"""

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import chats as actions
from tracker.actions.chats import ChatSettings
from tracker.bootstrap import Tracker
from tracker.errors import GatewayError, InvalidInput, NotFound
from tracker.gateways.chat import service_of
from tracker.i18n import N_, gettext
from tracker.store import chats as store
from tracker.web.auth import Audience, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language, zone
from tracker.web.zone_choices import offered_zones


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/chats", "chats", chats, methods=["GET", "POST"])
    app.add_url_rule("/admin/chats/<int:chat_id>", "chat", chat, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def chats() -> ResponseReturnValue:
    faults: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = actions.add(this_tracker().database, _settings(), actor(), now())
        except InvalidInput as fault:
            faults = _faults(fault)
        else:
            flash(gettext(language(), N_("Added. Post a test to see whether it arrives.")), "success")
            return redirect(url_for("chat", chat_id=made))
    with this_tracker().database.reading() as session:
        rows = [(row, service_of(row.url)) for row in store.chats(session)]
    return render_template("admin/chats.html", rows=rows, faults=faults, filled=_filled(), zones=offered_zones()), (
        422 if faults else 200
    )


@allowed(Audience.ADMINISTRATORS)
def chat(chat_id: int) -> ResponseReturnValue:
    row = _row(chat_id)
    if request.method == "GET":
        return _page(row, {})
    version = request.form.get("version", type=int, default=0)
    database, wish = this_tracker().database, request.form.get("do")
    try:
        if wish == "test":
            return _test(chat_id)
        if wish == "remove":
            actions.remove(database, chat_id, version, actor(), now())
            flash(gettext(language(), N_("Removed. What waited for this chat is not sent.")), "success")
            return redirect(url_for("chats"))
        actions.revise(database, chat_id, _settings(), version, actor(), now())
    except InvalidInput as fault:
        return _page(row, _faults(fault)), 422
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("chat", chat_id=chat_id))


def _test(chat_id: int) -> ResponseReturnValue:
    tracker = this_tracker()
    try:
        actions.post_test(tracker.database, tracker.chat, chat_id, tracker.settings.base_url)
    except GatewayError as fault:
        flash(fault.message(language()), "error")
    else:
        flash(gettext(language(), N_("The service has taken it. Look into the chat.")), "success")
    return redirect(url_for("chat", chat_id=chat_id))


def _page(row: store.ChatRow, faults: dict[str, str]) -> str:
    known = {"name": row.name, "language": row.language, "timezone": row.timezone, "active": row.active}
    filled = _filled() if faults else known
    return render_template(
        "admin/chat.html", row=row, service=service_of(row.url), faults=faults, filled=filled, zones=offered_zones()
    )


def _row(chat_id: int) -> store.ChatRow:
    with this_tracker().database.reading() as session:
        row = session.get(store.ChatRow, chat_id)
    if row is None:
        raise NotFound(N_("There is no such chat."))
    return row


def _settings() -> ChatSettings:
    form = request.form
    return ChatSettings(
        name=form.get("name", ""),
        language=form.get("language", ""),
        timezone=form.get("timezone", ""),
        url=form.get("url", ""),
        active="active" in form,
    )


def _filled() -> dict[str, object]:
    """What a refused form shows again: everything but the address."""
    form = request.form
    return {
        "name": form.get("name", ""),
        "language": form.get("language") or language(),
        "timezone": form.get("timezone") or zone().key,
        "active": "active" in form or request.method == "GET",
    }


def _faults(fault: InvalidInput) -> dict[str, str]:
    return {problem.field: problem.message(language()) for problem in fault.problems}
