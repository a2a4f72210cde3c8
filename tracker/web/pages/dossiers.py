"""The dossier of a delegation and the plan of an exchange: as a page, as a PDF, and the form both are written with.

Whoever may change the activity sees all of it. Others see its programme and journeys, which stand in calendars anyway;
the version for guests, which staff print or send, leaves out what is nobody else's business.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from flask import Flask, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.dossiers import keep_dossier
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.commands import KeepDossier
from tracker.domain.details import DETAILS, Exchange, items_in, lists_of
from tracker.domain.dossier_days import Day, days_of_dossier
from tracker.domain.dossiers import NOTHING, Private, for_guests
from tracker.domain.parts import cities_of, usual_zone
from tracker.domain.twins import Twin
from tracker.errors import Conflict, FieldProblem, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.outputs.half_year import half_year_pdf
from tracker.store import dossiers as store
from tracker.store import reminders as reminder_store
from tracker.store import rules as rule_store
from tracker.store import tasks as task_store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, writes
from tracker.web.dossier_words import in_order, paper_of
from tracker.web.forms import Filled, in_words, submitted, typed
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.pages.activities import leaving_the_house, visible_activity
from tracker.web.zone_choices import offered_zones

PRIVATE_LISTS = ("stays", "gifts", "todos", "contacts", "emergencies")
LISTS = ("programme", "legs", *PRIVATE_LISTS)
_OF_MEETING = ("guests", "hosts", "interpreter", "languages", "note")
_ITEM = ("id", "start", "end", "timezone", "title", "place")
GUESTS = "guests"


@dataclass(frozen=True)
class Asked:
    """What a reminder asks for, or will: its rule's name, and the task it has become."""

    name: str
    when: str
    task: task_store.TaskRow | None = None


@dataclass(frozen=True)
class Opened:
    """A dossier as one person may see it. `version` is that of its private part."""

    activity: Activity
    private: Private
    version: int
    days: tuple[Day, ...]
    twins: dict[str, Twin]
    asked: tuple[Asked, ...]
    may_change: bool
    guests: bool
    changed: Any


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/<uuid:activity_id>/dossier", "dossier", dossier)
    app.add_url_rule("/activities/<uuid:activity_id>/dossier.pdf", "dossier_pdf", printed)
    app.add_url_rule("/activities/<uuid:activity_id>/dossier/edit", "edit_dossier", edit, methods=["GET", "POST"])
    app.add_url_rule("/activities/<uuid:activity_id>/dossier/done", "dossier_done", done, methods=["POST"])
    app.jinja_env.tests["journey"] = lambda shown: bool(lists_of(shown.details))
    app.jinja_env.globals["dossier_tasks"] = in_order


@allowed(Audience.READERS)
def dossier(activity_id: UUID) -> str:
    return render_template("dossiers/show.html", section="activities", dossier=_opened(activity_id))


@allowed(Audience.READERS)
def printed(activity_id: UUID) -> Response:
    leaving_the_house(visible_activity(activity_id))
    opened = _opened(activity_id)
    listed = paper_of(opened.activity, opened.private, opened.days, opened.twins, opened.changed, guests=opened.guests)
    response = Response(half_year_pdf(listed), mimetype="application/pdf")
    name = f"dossier-{opened.activity.start_date.edtf[:10].replace('/', '-')}{'-guests' if opened.guests else ''}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@allowed(Audience.READERS)
def edit(activity_id: UUID) -> ResponseReturnValue:
    known = _journey(activity_id)
    if not writes(known):
        abort(403)
    with this_tracker().database.reading() as session:
        version, private = store.kept(session, activity_id)
    if request.method == "GET":
        return _form(known, _shown(known, private), known.version, version)
    filled = submitted(request.form, LISTS)
    versions = (request.form.get("version", type=int, default=0), request.form.get("dossier", type=int, default=0))
    if "_add" in request.form:
        return _form(known, filled, *versions, added=request.form["_add"])
    try:
        keep_dossier(this_tracker().database, _command(known, filled, *versions), actor(), now())
    except InvalidInput as fault:
        filled.faults = {_field_of(known, problem.field): problem for problem in fault.problems}
        return _form(known, filled, *versions), 422
    except Conflict as fault:
        filled.faults = {"version": FieldProblem("version", "", fault.reason)}
        return _form(known, filled, *versions), 409
    flash(gettext(language(), N_("The dossier is saved.")), "success")
    return redirect(url_for("dossier", activity_id=activity_id))


@allowed(Audience.READERS)
def done(activity_id: UUID) -> ResponseReturnValue:
    """Tick one line of the list of things to do, or take the tick off."""
    known = _journey(activity_id)
    if not writes(known):
        abort(403)
    with this_tracker().database.reading() as session:
        version, private = store.kept(session, activity_id)
    place = request.form.get("place", type=int, default=-1)
    if not 0 <= place < len(private.todos) or request.form.get("version", type=int) != version:
        raise Conflict(N_("Somebody else changed this meanwhile. Please look at the new version first."))
    todos = list(private.todos)
    todos[place] = todos[place].model_copy(update={"done": not todos[place].done})
    private = private.model_copy(update={"todos": tuple(todos)})
    keep_dossier(this_tracker().database, KeepDossier(activity_id, {}, private, known.version, version), actor(), now())
    return redirect(url_for("dossier", activity_id=activity_id, _anchor="todos"))


def _journey(activity_id: UUID) -> Activity:
    known = visible_activity(activity_id)
    if not lists_of(known.details):
        raise NotFound(N_("There is no journey with the id {id}."), id=activity_id)
    return known


def _opened(activity_id: UUID) -> Opened:
    known = _journey(activity_id)
    may_change = writes(known)
    guests = not may_change or request.args.get("for") == GUESTS
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        version, kept = store.kept(session, activity_id) if may_change else (0, NOTHING)
        row = session.get(store.DossierRow, activity_id) if may_change else None
        asked = _asked(session, activity_id) if may_change and not guests else ()
    private = for_guests(kept) if guests else kept
    days = days_of_dossier(known, private, twins, language())
    changed = max(known.changed_at, row.changed_at) if row else known.changed_at
    return Opened(known, private, version, days, twins, asked, may_change, guests, changed)


def _asked(session: Any, activity_id: UUID) -> tuple[Asked, ...]:
    names = {rule.key: rule.names for rule in rule_store.rules(session)}

    def named(key: str) -> str:
        called = names.get(key, {})
        return called.get(language()) or called.get("en") or key

    rows = task_store.of_activity(session, activity_id)
    begun = [Asked(named(row.rule), row.when, row) for row in rows]
    known = {row.rule for row in rows}
    planned = reminder_store.planned_of_activity(session, activity_id)
    return (*begun, *(Asked(named(rule), f"{due:%Y-%m-%d}") for rule, due in planned if rule not in known))


def _lists(known: Activity) -> tuple[str, str]:
    """The fields of its details that hold the items of its programme, and its journeys."""
    return ("plan" if isinstance(known.details, Exchange) else "programme"), "legs"


def _shown(known: Activity, private: Private) -> Filled:
    items_name, legs_name = _lists(known)
    items = []
    for item in items_in(known.details, items_name):
        meeting = private.meeting(item.id)
        items.append({**item.model_dump(mode="json"), **{name: getattr(meeting, name) for name in _OF_MEETING}})
    tree = {
        "programme": items,
        "legs": [leg.model_dump(mode="json") for leg in items_in(known.details, legs_name)],
        **private.model_dump(mode="json", include={*PRIVATE_LISTS, "note"}),
    }
    return Filled(in_words(tree, language()))


def _command(known: Activity, filled: Filled, version: int, dossier_version: int) -> KeepDossier:
    items_name, legs_name = _lists(known)
    document = typed(filled, language(), today())
    items, legs = document.get("programme", []), document.get("legs", [])
    for row in (*items, *legs):
        row["id"] = row.get("id") or uuid4().hex[:12]
    details = {
        items_name: [{name: row[name] for name in _ITEM if name in row} for row in items],
        legs_name: legs,
    }
    met = [{name: row[name] for name in _OF_MEETING if name in row} | {"item": row["id"]} for row in items]
    private = {
        "meetings": [row for row in met if len(row) > 1],
        **{name: document.get(name, []) for name in PRIVATE_LISTS},
        "note": document.get("note", ""),
    }
    problems: list[FieldProblem] = []
    made: list[Any] = []
    for model, told, prefix in ((DETAILS[known.kind], details, "details."), (Private, private, "")):
        try:
            made.append(checked(model, told))
        except InvalidInput as fault:
            problems += [FieldProblem(f"{prefix}{p.field}", p.value, p.reason, p.values) for p in fault.problems]
    if problems:
        raise InvalidInput(problems)
    lists = {name: getattr(made[0], name) for name in (items_name, legs_name)}
    return KeepDossier(known.id, lists, made[1], version, dossier_version)


def _field_of(known: Activity, name: str) -> str:
    """The input that a fault belongs to: items stand in the form under one name, whatever the kind calls them."""
    name = name.removeprefix("details.")
    items_name = _lists(known)[0]
    return f"programme{name.removeprefix(items_name)}" if name.startswith(f"{items_name}.") else name


def _form(known: Activity, filled: Filled, version: int, dossier_version: int, added: str = "") -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    return render_template(
        "dossiers/edit.html",
        section="activities",
        activity=known,
        filled=filled,
        version=version,
        dossier_version=dossier_version,
        added=added,
        clocks=_clocks(known, twins),
        usual=usual_zone(known, cities_of(known, twins)),
        elsewhere=offered_zones(),
    )


def _clocks(known: Activity, twins: dict[str, Twin]) -> dict[str, str]:
    """The zones of the cities concerned, each with the names of those that have it."""
    names: dict[str, list[str]] = {}
    for city in cities_of(known, twins):
        if city.timezone:
            names.setdefault(city.timezone, []).append(city.name_at(known.earliest, language()))
    return {zone: ", ".join(here) for zone, here in names.items()}
