"""The buttons beside saved views: keep this one, rename it, remove it, begin with it."""

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import saved_views as action
from tracker.bootstrap import Tracker
from tracker.domain.saved_views import Keeper
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.saved_views import view_name, view_to_save
from tracker.web.auth import Audience, account, actor, allowed, may_write
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.list_query import KEPT


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/views", "save_view", save_view, methods=["POST"])
    app.add_url_rule("/views/<int:view_id>/<deed>", "change_view", change_view, methods=["POST"])


@allowed(Audience.READERS)
def save_view() -> ResponseReturnValue:
    arguments = request.form.get("arguments", "")
    try:
        command = view_to_save(request.form.get("name", ""), arguments, house="house" in request.form, known=KEPT)
    except InvalidInput as fault:
        flash(fault.problems[0].message(language()), "error")
        return redirect(_list(arguments))
    action.save_view(this_tracker().database, command, _keeper(), actor(), now())
    flash(gettext(language(), N_("The view “{name}” is kept."), name=command.name), "success")
    return redirect(_list(command.arguments))


@allowed(Audience.READERS)
def change_view(view_id: int, deed: str) -> ResponseReturnValue:
    database, keeper = this_tracker().database, _keeper()
    try:
        match deed:
            case "rename":
                action.rename_view(database, view_id, view_name(request.form.get("name", "")), keeper, actor(), now())
            case "remove":
                action.remove_view(database, view_id, keeper, actor(), now())
            case "first":
                action.begin_with(database, view_id, keeper, actor(), now())
            case "not-first":
                action.begin_with(database, None, keeper, actor(), now())
            case _:
                raise NotFound(N_("There is no such view."))
    except InvalidInput as fault:
        flash(fault.problems[0].message(language()), "error")
    else:
        flash(gettext(language(), N_("Saved.")), "success")
    return redirect(_list(request.form.get("arguments", "")))


def _keeper() -> Keeper:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    return Keeper(me.id, keeps_house=may_write())


def _list(arguments: str) -> str:
    """Back to the list as it was; without arguments to all of it, not to where it begins."""
    return f"{url_for('activities')}?{arguments or 'view=list'}"
