"""Days kept every year by rule, for administrators: the list, adding one, changing one, removing one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.observances import add_observance, remove_observance, revise_observance
from tracker.bootstrap import Tracker
from tracker.domain.occasion_sources import occasion_of_observance
from tracker.domain.occasions import next_occurrence
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.observances import in_text, observance_of
from tracker.intake.registry import Observance
from tracker.store import registry, rules
from tracker.store import twins as twin_store
from tracker.store.twins import ObservanceRow
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language


@dataclass(frozen=True)
class Listed:
    """A day kept every year, with the next one on which it is."""

    observance: Observance
    next_on: date | None


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/observances", "observances", observances)
    app.add_url_rule("/admin/observances/new", "new_observance", new_observance, methods=["GET", "POST"])
    app.add_url_rule("/admin/observances/<slug>", "observance", observance, methods=["GET", "POST"])


@allowed(Audience.ADMINISTRATORS)
def observances() -> str:
    with this_tracker().database.reading() as session:
        rows = registry.observances(session).values()
        customs = rules.customs(session)
        twins = twin_store.current(session)
    found = []
    for row in rows:
        come = next_occurrence(
            occasion_of_observance(row.slug, row.rule, row.titles, row.twin, row.moved), today(), customs
        )
        found.append(Listed(_value(row), come.on if come else None))
    in_order = sorted(found, key=lambda one: (one.next_on or date.max, one.observance.slug))
    return render_template("admin/observances.html", section="occasions", found=in_order, twins=twins)


@allowed(Audience.ADMINISTRATORS)
def new_observance() -> ResponseReturnValue:
    if request.method == "GET":
        return _form(None, Filled({}), 0)
    return _save(None, 0, lambda given, _: add_observance(this_tracker().database, given, actor(), now()))


@allowed(Audience.ADMINISTRATORS)
def observance(slug: str) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        row = session.get(ObservanceRow, slug)
    if row is None:
        raise NotFound(N_("There is no day of remembrance “{value}”."), value=slug)
    if request.form.get("do") == "remove":
        return _remove(row)
    if request.method == "GET":
        return _form(_value(row), Filled(in_text(_value(row), language())), row.version)
    return _save(
        _value(row),
        row.version,
        lambda given, seen: revise_observance(this_tracker().database, given, seen, actor(), now()),
    )


def _remove(row: ObservanceRow) -> ResponseReturnValue:
    try:
        remove_observance(
            this_tracker().database, row.slug, request.form.get("version", type=int, default=0), actor(), now()
        )
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return redirect(url_for("observance", slug=row.slug))
    flash(gettext(language(), N_("Removed. Calendars and reminders follow within a minute.")), "success")
    return redirect(url_for("observances"))


def _save(
    known: Observance | None, version: int, save: Callable[[Observance, int | None], object]
) -> ResponseReturnValue:
    filled, seen = submitted(request.form), request.form.get("version", type=int)
    try:
        save(observance_of(filled.tree, known.slug if known else None, language(), today()), seen)
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _form(known, filled, seen or 0), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _form(known, filled, version), 409
    flash(gettext(language(), N_("Saved. Calendars and reminders follow within a minute.")), "success")
    return redirect(url_for("observances"))


def _form(known: Observance | None, filled: Filled, version: int) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    return render_template(
        "admin/observance.html", section="occasions", known=known, filled=filled, version=version, twins=twins
    )


def _value(row: ObservanceRow) -> Observance:
    stored: dict[str, Any] = {name: getattr(row, name) for name in Observance.model_fields}
    return Observance.model_validate(stored)
