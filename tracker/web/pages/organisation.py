"""Whose installation this is, for administrators: what stands above letters, under mails and on the report."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.organisation import revise_organisation
from tracker.actions.second_factors import require
from tracker.bootstrap import Tracker
from tracker.domain.organisation import Organisation
from tracker.errors import Conflict, InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.organisation import organisation_of
from tracker.store import organisation as store
from tracker.store.logins import second_factor_required
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled, submitted
from tracker.web.installation import now, this_tracker
from tracker.web.language import language


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/organisation", "organisation", organisation, methods=["GET", "POST"])
    app.add_url_rule("/admin/organisation/logins", "organisation_logins", logins, methods=["POST"])


@allowed(Audience.ADMINISTRATORS)
def organisation() -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        known, version = store.current(session), store.version(session)
    if request.method == "GET":
        return _page(_typed(known), version)
    filled = submitted(request.form)
    seen = request.form.get("version", type=int)
    try:
        revise_organisation(this_tracker().database, organisation_of(filled.tree), seen, actor(), now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _page(filled.tree, seen or 0, filled), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _page(filled.tree, version, filled), 409
    flash(gettext(language(), N_("Saved. It stands in the letters and mails written from now on.")), "success")
    return redirect(url_for("organisation"))


@allowed(Audience.ADMINISTRATORS)
def logins() -> ResponseReturnValue:
    """What the house asks of those who log in: no part of what it is called, so a form of its own."""
    require(this_tracker().database, "second_factor" in request.form, actor(), now())
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("organisation"))


def _typed(known: Organisation) -> dict[str, Any]:
    return {**dataclasses.asdict(known), "name": dict(known.names)}


def _page(typed: Mapping[str, Any], version: int, filled: Filled | None = None) -> str:
    with this_tracker().database.reading() as session:
        required = second_factor_required(session)
    return render_template(
        "admin/organisation.html",
        second_factor=required,
        filled=filled or Filled(dict(typed)),
        version=version,
    )
