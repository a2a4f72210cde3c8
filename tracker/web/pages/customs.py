"""How the house keeps its days, for administrators: round years, jubilees, 29 February."""

from collections.abc import Mapping

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.customs import revise_customs
from tracker.bootstrap import Tracker
from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import Customs
from tracker.errors import Conflict, InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.customs import customs_of, in_text
from tracker.store import rules as store
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

LEAP_DAYS = {LeapDayPolicy.FEB_28: N_("on 28 February"), LeapDayPolicy.MAR_1: N_("on 1 March")}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/customs", "customs", customs, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def customs() -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        settled, version = store.customs(session), store.customs_version(session)
    if request.method == "GET":
        return _page(_typed(settled), version)
    filled = Filled({name: request.form.get(name, "") for name in _typed(settled)})
    seen = request.form.get("version", type=int)
    try:
        revise_customs(this_tracker().database, customs_of(filled.tree), seen, actor(), now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _page(filled.tree, seen or 0, filled), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _page(filled.tree, version, filled), 409
    flash(gettext(language(), N_("Saved. Calendars and reminders follow within a minute.")), "success")
    return redirect(url_for("customs"))


def _typed(settled: Customs) -> dict[str, str]:
    return {
        "round_years": in_text(settled.round_years),
        "jubilee_years": in_text(settled.jubilee_years),
        "leap_day": settled.leap_day.value,
    }


def _page(typed: Mapping[str, str], version: int, filled: Filled | None = None) -> str:
    return render_template(
        "admin/customs.html",
        section="occasions",
        filled=filled or Filled(dict(typed)),
        version=version,
        leap_days=LEAP_DAYS,
    )
