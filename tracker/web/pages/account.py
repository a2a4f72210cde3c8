"""My account: name, language, time zone, and whether reminders come by mail."""

from zoneinfo import available_timezones

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.users import Preferences, save_preferences
from tracker.bootstrap import Tracker
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.web.auth import Audience, account, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import COOKIE, language


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/account", "preferences", preferences, methods=["GET", "POST"])


@allowed(Audience.READERS)
def preferences() -> ResponseReturnValue:
    me = account()
    if me is None or request.method == "GET":
        return _page(me, {})
    wanted = Preferences(
        name=request.form.get("name", ""),
        language=request.form.get("language", ""),
        timezone=request.form.get("timezone", ""),
        reminders_by_mail="reminders_by_mail" in request.form,
    )
    try:
        save_preferences(this_tracker().database, me.id, wanted, actor().name, now())
    except InvalidInput as fault:
        return _page(wanted, {p.field: p.message(language()) for p in fault.problems}), 422
    flash(gettext(wanted.language, N_("Saved.")), "success")
    answer = redirect(url_for("preferences"))
    answer.delete_cookie(COOKIE)  # from now on the account decides
    return answer


def _page(shown: object, faults: dict[str, str]) -> str:
    # The old names of zones ("US/Eastern") are left out: they mean the same and only make the list longer.
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")
    zones = sorted(zone for zone in available_timezones() if zone.startswith(areas))
    return render_template("account.html", shown=shown, faults=faults, zones=zones)
