"""Logging and changing an activity: one form, whose sections stand in the order that matters for the kind."""

from typing import Any
from uuid import UUID, uuid4

from flask import Flask, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import record_activity, revise_activity
from tracker.actions.drafts import done_with
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Kind
from tracker.domain.commands import RecordActivity, ReviseActivity
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.errors import Conflict, FieldProblem, Forbidden, InvalidInput
from tracker.i18n import N_, gettext
from tracker.store import accounts
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, choosable, writes
from tracker.web.doubles import doubles
from tracker.web.drafting import draft_id, forget_draft, keep_and_leave, own_drafts, own_id
from tracker.web.forms import Filled, day_and_time, read, shown, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language, zone
from tracker.web.pages import conflicts
from tracker.web.pages.activities import span_of, visible_activity

SECTIONS: dict[str, tuple[str, ...]] = {
    "details": ("details",),
    "counts": ("counts", "quantity_note"),
    "goods": ("goods",),
    "money": ("money",),
    "leaders": ("leaders",),
    "organisers": ("organisers", "responsible", "owner"),
    "sources": ("sources",),
    "languages": ("description",),
    "further": ("subtype", "visibility", "counts_for", "note", "reason"),
}
"""Each section of the form and the fields in it."""

ORDER = ("title", "twins", "start", "end", "place", "timezone", "direction", "status", "reason")
"""The fields of the first section, which every kind has, from top to bottom."""

MATTERS: dict[Kind, tuple[str, ...]] = {
    Kind.EXCHANGE: ("counts",),
    Kind.AID_SHIPMENT: ("goods",),
    Kind.FESTIVAL: ("details",),
    Kind.DELEGATION: ("leaders",),
    Kind.MILESTONE: ("details",),
}
"""The sections that stand open, by kind; all others are folded, a click away."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/new", "new_activity", new_activity, methods=["GET", "POST"])
    app.add_url_rule("/activities/<uuid:activity_id>/edit", "edit_activity", edit_activity, methods=["GET", "POST"])
    app.add_url_rule("/understand", "understand", understand_text)


@allowed(Audience.CONTRIBUTORS)
def new_activity() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    if kind not in set(Kind):
        return render_template("activities/kinds.html", section="activities", drafts=own_drafts())
    if request.method == "GET":
        return form(Kind(kind), Filled({"twins": request.args.getlist("twin"), "status": "planned"}))
    filled = submitted(request.form)
    if "_add" in request.form:
        return form(Kind(kind), filled)
    if "_keep" in request.form:
        return keep_and_leave(kind)
    try:
        content = read(filled, {"kind": kind}, language(), today())
        found = [] if "_another" in request.form else doubles(content)
        if "_check" in request.form:
            return form(Kind(kind), filled, found=found, checked=True)
        if found:
            return form(Kind(kind), filled, found=found), 409
        forget = done_with(own_id(), draft_id())
        made = record_activity(this_tracker().database, RecordActivity(content), actor(), now(), forget)
    except (InvalidInput, Forbidden) as fault:
        return _refused(Kind(kind), filled, fault)
    return _saved(made)


@allowed(Audience.CONTRIBUTORS)
def edit_activity(activity_id: UUID) -> ResponseReturnValue:
    known = visible_activity(activity_id)
    if not writes(known):
        raise Forbidden(N_("Your account may change what you logged yourself or answer for, not this."))
    if request.method == "GET":
        return form(known.kind, shown(known.content(), language()), known)
    filled = submitted(request.form)
    if "_add" in request.form:
        return form(known.kind, filled, known, version=_version())
    if "_keep" in request.form:
        return keep_and_leave(known.kind, activity_id)
    try:
        content = read(filled, known.content().model_dump(mode="json"), language(), today())
        if "_check" in request.form:
            return form(known.kind, filled, known, version=_version(), checked=True)
        command = ReviseActivity(activity_id, content, _version())
        made = revise_activity(this_tracker().database, command, actor(), now())
    except (InvalidInput, Forbidden) as fault:
        return _refused(known.kind, filled, fault, known)
    except Conflict:
        # What was typed travels with the choice, and the draft stays until that is saved.
        return conflicts.met(activity_id, _version(), content)
    forget_draft()
    return _saved(made)


@allowed(Audience.CONTRIBUTORS)
def understand_text() -> ResponseReturnValue:
    """How a typed date is understood, for showing it beside the field while typing; `timed`: a time may stand there."""
    text = request.args.get("text", "").strip()
    day, time = day_and_time(text) if request.args.get("timed") else (text, "")
    try:
        known = understand(day, language(), today())
    except InvalidDate as fault:
        return jsonify(edtf=None, says=fault.message(language()))
    said = ", ".join(filter(None, (known.display(language()), time)))
    return jsonify(edtf=f"{known.edtf}T{time}" if time else known.edtf, says=understood(said))


def understood(words: str) -> str:
    return gettext(language(), N_("Understood as: {when}"), when=words)


def _version() -> int:
    return request.form.get("version", type=int, default=0)


def _saved(made: Activity) -> ResponseReturnValue:
    flash(gettext(language(), N_("Saved. The date was understood as: {when}."), when=span_of(made)), "success")
    return redirect(url_for("activity", activity_id=made.id))


def _refused(
    kind: Kind, filled: Filled, fault: InvalidInput | Forbidden, known: Activity | None = None
) -> ResponseReturnValue:
    if isinstance(fault, Forbidden):  # told at the field that goes beyond their grants, so that nothing typed is lost
        fault = InvalidInput([FieldProblem(fault.field or "twins", "", fault.reason, fault.values)])
    in_order = sorted(fault.problems, key=_place_of)
    # A title that is missing altogether is missed in the input for the reader's own language.
    filled.faults = {f"title.{language()}" if p.field == "title" else p.field: p for p in in_order}
    return form(kind, filled, known, version=_version()), 422


def _place_of(problem: FieldProblem) -> int:
    """Faults are listed in the order in which their fields stand in the form."""
    name = problem.field.split(".")[0]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def form(kind: Kind, filled: Filled, known: Activity | None = None, **more: Any) -> str:
    """The form; `version` is the one the typed changes were made against.

    `action`: where it is sent, if not to the address it stands at. `found`: likely doubles. `begun`: what a line was
    understood as. `checked`: somebody asked to look at it before saving.
    """
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        people = [user for user in accounts.users(session) if user.active]
    open_ones = MATTERS[kind]
    added = request.form.get("_add", "")
    if added and added.split(".")[0] not in SECTIONS:
        abort(400)
    return render_template(
        "activities/form.html",
        section="activities",
        kind=kind.value,
        filled=filled,
        activity=known,
        version=more.get("version") or (known.version if known else 0),
        action=more.get("action") or request.full_path.rstrip("?"),
        draft=more.get("draft") or draft_id() or uuid4(),
        found=more.get("found") or [],
        begun=more.get("begun"),
        checked=more.get("checked", False) and not filled.faults,
        added=added,
        twins=twins,
        people=people,
        open_sections=open_ones,
        folded=[name for name in SECTIONS if name not in open_ones],
        fields_of=SECTIONS,
        zones=_zones(list(twins.values())),
        own_zone=zone().key,
        visibilities=choosable(known),
        texts=_tongues(filled),
    )


def _tongues(filled: Filled) -> list[str]:
    """The languages of texts, first the one whose title is asked for: the reader's, or the only one there is."""
    known = filled.tree.get("title")
    titled = [tag for tag in ("de", "en", "ru") if isinstance(known, dict) and known.get(tag)]
    first = language() if not titled or language() in titled else titled[0]
    return [first, *(tag for tag in ("de", "en", "ru") if tag != first)]


def _zones(twins: list[Any]) -> list[str]:
    """The hub's zone first, then the twins': about twenty, rather than all the world's."""
    return list(dict.fromkeys(["Europe/Volgograd", zone().key, *sorted({t.timezone for t in twins if t.timezone})]))
