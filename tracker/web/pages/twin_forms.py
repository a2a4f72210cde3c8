"""A city changed by those who may write: its names and dates, and how the partnership stands from a day on."""

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.twins import revise_twin
from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate
from tracker.domain.twin_wording import standing
from tracker.domain.twins import STATES, Level, State, Twin, TwinState
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.twins import twin_of, with_state, without_state
from tracker.store import twins as store
from tracker.web.auth import Audience, actor, allowed
from tracker.web.forms import Filled, Tree, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.rows import with_rows, without_blanks

LISTS = ("former_names", "dates")
_NAMES = {"level": "which", "state": "which"}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/twins/<slug>/edit", "edit_twin", edit_twin, methods=["GET", "POST"])
    app.jinja_env.filters["state_in_words"] = lambda told: standing(language(), TwinState(**told))
    app.add_url_rule("/twins/<slug>/states", "twin_states", twin_states, methods=["GET", "POST"])


@allowed(Audience.EDITORS)
def edit_twin(slug: str) -> ResponseReturnValue:
    known, version = _known(slug)
    if request.method == "GET":
        return _edit_page(known, version, Filled(_typed(known)))
    filled, seen = with_rows(request.form, LISTS), request.form.get("version", type=int, default=0)
    if added := request.form.get("_add", ""):
        return _edit_page(known, seen, filled, added)
    filled.tree = without_blanks(filled.tree, LISTS, "primary")
    try:
        made = twin_of(filled.tree, known, language(), today())
        revise_twin(this_tracker().database, made, seen, actor(), now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _edit_page(known, seen, filled), 422
    except Conflict as fault:
        # What they typed stays in the form: with the new version beside it, they decide once more.
        flash(fault.message(language()), "error")
        return _edit_page(known, version, filled), 409
    flash(gettext(language(), N_("Saved. Calendars and reminders follow within a minute.")), "success")
    return redirect(url_for("twin", slug=slug), 303)


@allowed(Audience.EDITORS)
def twin_states(slug: str) -> ResponseReturnValue:
    """How the partnership stood and stands; one more state from a date on, or one taken out."""
    known, version = _known(slug)
    if request.method == "GET":
        return _states_page(known, version, Filled({}))
    filled, seen = submitted(request.form), request.form.get("version", type=int, default=0)
    # One choice of level and state together: no script has to take away what does not fit.
    filled.tree["level"], _, filled.tree["state"] = str(filled.value("which")).partition(":")
    try:
        place = request.form.get("remove", type=int)
        if place is not None and seen == version:
            made = without_state(known, place)
        else:
            made = with_state(filled.tree, known, language(), today()) if place is None else known
        revise_twin(this_tracker().database, made, seen, actor(), now())
    except InvalidInput as fault:
        filled.faults = {
            _NAMES.get(name := problem.field.rpartition(".")[2], name): problem for problem in fault.problems
        }
        return _states_page(known, seen, filled), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return _states_page(known, version, filled), 409
    flash(gettext(language(), N_("Saved. Calendars and reminders follow within a minute.")), "success")
    return redirect(url_for("twin_states", slug=slug), 303)


def _known(slug: str) -> tuple[Twin, int]:
    with this_tracker().database.reading() as session:
        row = session.get(store.TwinRow, slug)
        if row is None:
            raise NotFound(N_("There is no twin city “{slug}”."), slug=slug)
        return row.to_twin(), row.version


def _typed(known: Twin) -> Tree:
    """The form's texts; dates in words, which are understood again as the same dates."""
    tree: Tree = known.model_dump(mode="json")
    for rows, names in ((tree["former_names"], ("start", "end")), (tree["dates"], ("date",))):
        for row in rows:
            row |= {name: HistoricDate.parse(row[name]).display(language()) for name in names if row[name]}
    tree["primary"] = next((f"dates.{at}" for at, date in enumerate(known.dates) if date.primary), "")
    return tree


def _edit_page(known: Twin, version: int, filled: Filled, added: str = "") -> str:
    with this_tracker().database.reading() as session:
        kinds = {row.slug: row.names for row in store.link_kinds(session)}
    return render_template(
        "twins/form.html", section="twins", twin=known, filled=filled, version=version, kinds=kinds, added=added
    )


def _states_page(known: Twin, version: int, filled: Filled) -> str:
    return render_template(
        "twins/states.html",
        section="twins",
        twin=known,
        filled=filled,
        version=version,
        levels=tuple(Level),
        choices={level: [state for state in State if state in STATES[level]] for level in Level},
    )
