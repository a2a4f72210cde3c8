"""Logging and changing an activity: one form, whose sections stand in the order that matters for the kind."""

from typing import Any
from uuid import UUID

from flask import Flask, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import record_activity, revise_activity, subject
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Kind
from tracker.domain.commands import RecordActivity, ReviseActivity
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.errors import Conflict, FieldProblem, InvalidInput
from tracker.i18n import N_, gettext, ngettext
from tracker.store import accounts, event_log
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, visibilities
from tracker.web.forms import Filled, read, shown, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language, zone
from tracker.web.pages.activities import span_of, visible_activity
from tracker.web.wording import COUNTED

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
    Kind.EXCHANGE: ("counts", "details"),
    Kind.AID_SHIPMENT: ("goods", "details"),
    Kind.FESTIVAL: ("details", "counts"),
    Kind.DELEGATION: ("leaders", "counts", "details"),
    Kind.MILESTONE: ("details", "sources"),
}
"""The sections that stand open, by kind; all others are folded."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/new", "new_activity", new_activity, methods=["GET", "POST"])
    app.add_url_rule("/activities/<uuid:activity_id>/edit", "edit_activity", edit_activity, methods=["GET", "POST"])
    app.add_url_rule("/understand", "understand", understand_text)


@allowed(Audience.EDITORS)
def new_activity() -> ResponseReturnValue:
    kind = request.args.get("kind", "")
    if kind not in set(Kind):
        return render_template("activities/kinds.html", section="activities")
    if request.method == "GET":
        return _form(Kind(kind), Filled({"twins": request.args.getlist("twin"), "status": "planned"}))
    filled = submitted(request.form)
    if "_add" in request.form:
        return _form(Kind(kind), filled)
    try:
        content = read(filled, {"kind": kind}, language(), today())
        made = record_activity(this_tracker().database, RecordActivity(content), actor(), now())
    except InvalidInput as fault:
        return _refused(Kind(kind), filled, fault)
    return _saved(made)


@allowed(Audience.EDITORS)
def edit_activity(activity_id: UUID) -> ResponseReturnValue:
    known = visible_activity(activity_id)
    if request.method == "GET":
        return _form(known.kind, shown(known.content(), language()), known)
    filled = submitted(request.form)
    if "_add" in request.form:
        return _form(known.kind, filled, known, version=_version())
    try:
        content = read(filled, known.content().model_dump(mode="json"), language(), today())
        command = ReviseActivity(activity_id, content, _version())
        made = revise_activity(this_tracker().database, command, actor(), now())
    except InvalidInput as fault:
        return _refused(known.kind, filled, fault, known)
    except Conflict:
        return _form(known.kind, filled, known, theirs=_changed_since(activity_id, _version())), 409
    return _saved(made)


@allowed(Audience.EDITORS)
def understand_text() -> ResponseReturnValue:
    """How a typed date is understood, for showing it beside the field while typing."""
    text = request.args.get("text", "").strip()
    try:
        known = understand(text, language(), today())
    except InvalidDate as fault:
        return jsonify(edtf=None, says=fault.message(language()))
    return jsonify(edtf=known.edtf, says=understood(known.display(language())))


def understood(words: str) -> str:
    return gettext(language(), N_("Understood as: {when}"), when=words)


def _version() -> int:
    return request.form.get("version", type=int, default=0)


def _saved(made: Activity) -> ResponseReturnValue:
    flash(gettext(language(), N_("Saved. The date was understood as: {when}."), when=span_of(made)), "success")
    return redirect(url_for("activity", activity_id=made.id))


def _refused(kind: Kind, filled: Filled, fault: InvalidInput, known: Activity | None = None) -> ResponseReturnValue:
    in_order = sorted(fault.problems, key=_place_of)
    # A title that is missing altogether is missed in the input for the reader's own language.
    filled.faults = {f"title.{language()}" if p.field == "title" else p.field: p for p in in_order}
    return _form(kind, filled, known, version=_version()), 422


def _place_of(problem: FieldProblem) -> int:
    """Faults are listed in the order in which their fields stand in the form."""
    name = problem.field.split(".")[0]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _form(kind: Kind, filled: Filled, known: Activity | None = None, **more: Any) -> str:
    """The form; `version` is the one the typed changes were made against, `theirs` what others changed since."""
    with this_tracker().database.reading() as session:
        twins = twin_store.load_all(session)
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
        theirs=more.get("theirs"),
        added=added,
        twins=twins,
        people=people,
        open_sections=open_ones,
        folded=[name for name in SECTIONS if name not in open_ones],
        fields_of=SECTIONS,
        zones=_zones(list(twins.values())),
        own_zone=zone().key,
        visibilities=visibilities(),
        counted_words=[(word, ngettext(language(), *COUNTED[word], 5, number="").strip()) for word in COUNTED],
        texts=[language(), *(tag for tag in ("de", "en", "ru") if tag != language())],
    )


def _zones(twins: list[Any]) -> list[str]:
    """The hub's zone first, then the twins': about twenty, rather than all the world's."""
    return list(dict.fromkeys(["Europe/Volgograd", zone().key, *sorted({t.timezone for t in twins if t.timezone})]))


def _changed_since(activity_id: UUID, version: int) -> list[str]:
    """The fields others have changed since a version."""
    with this_tracker().database.reading() as session:
        history = event_log.history(session, subject(activity_id))
    later = [e.data["after"] for e in history if e.data.get("after", {}).get("version", 0) > version]
    return sorted({name for after in later for name in after if name != "version"})
