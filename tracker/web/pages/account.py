"""My account: name, language, time zone; when, how and of what reminders come."""

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import preferences as action
from tracker.actions.preferences import Preferences, save_preferences
from tracker.bootstrap import Tracker
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.store import twins
from tracker.web.auth import Audience, account, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import COOKIE, language
from tracker.web.zone_choices import offered_zones


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/account", "preferences", preferences, methods=["GET", "POST"])


@allowed(Audience.READERS)
def preferences() -> ResponseReturnValue:
    me = account()
    if me is None:
        raise NotFound(N_("There is no such account."))
    if request.method == "GET":
        return _page(action.preferences(this_tracker().database, me.id), {})
    wanted = Preferences(
        name=request.form.get("name", ""),
        language=request.form.get("language", ""),
        timezone=request.form.get("timezone", ""),
        reminders_by_mail="reminders_by_mail" in request.form,
        remind_at=request.form.get("remind_at", "08:00"),
        quiet_from=request.form.get("quiet_from", "").strip(),
        quiet_until=request.form.get("quiet_until", "").strip(),
        single_mails=request.form.get("mails") == "single",
        tasks_by_mail="tasks_by_mail" in request.form,
        follows=tuple(request.form.getlist("follows")),
    )
    try:
        save_preferences(this_tracker().database, me.id, wanted, actor().name, now())
    except InvalidInput as fault:
        return _page(wanted, {p.field: p.message(language()) for p in fault.problems}), 422
    flash(gettext(wanted.language, N_("Saved.")), "success")
    answer = redirect(url_for("preferences"))
    answer.delete_cookie(COOKIE)  # from now on the account decides
    return answer


def _page(shown: Preferences, faults: dict[str, str]) -> str:
    with this_tracker().database.reading() as session:
        known = twins.current(session)
    return render_template("account.html", shown=shown, faults=faults, zones=offered_zones(), twins=known)
