"""Drafts: kept while somebody types, opened again, discarded. They are personal: nobody else finds them."""

from uuid import UUID

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from tracker.actions.drafts import discard_draft, draft
from tracker.bootstrap import Tracker
from tracker.domain.activities import Kind
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.web import errors
from tracker.web.auth import Audience, account, actor, admits, allowed
from tracker.web.doubles import doubles
from tracker.web.drafting import FORMS, as_form, catch_typed, claim, draft_id, keep, own_id
from tracker.web.forms import read, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.pages.activities import visible_activity
from tracker.web.pages.activity_forms import form


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/drafts", "keep_draft", keep_typed, methods=["POST"])
    app.add_url_rule("/activities/drafts/<uuid:draft_id>", "resume_draft", resume_draft)
    app.add_url_rule("/activities/drafts/<uuid:draft_id>/discard", "discard_draft", discard, methods=["POST"])
    app.add_url_rule("/activities/doubles", "doubles", likely_doubles)
    # Before the token is looked at and the login asked for: both would answer, and what was typed would be gone.
    app.before_request_funcs.setdefault(None, []).insert(1, catch_typed)  # behind what refuses the address
    app.register_error_handler(CSRFError, _stale)


@allowed(Audience.CONTRIBUTORS)
def keep_typed() -> ResponseReturnValue:
    """What a form sends by itself while somebody writes."""
    kind = request.args.get("kind", "")
    if kind not in set(Kind) or draft_id() is None:
        abort(400)
    activity_id = request.args.get("activity", type=UUID)
    if activity_id is not None:
        visible_activity(activity_id)
    keep(kind, activity_id)
    return "", 204


@allowed(Audience.CONTRIBUTORS)
def resume_draft(draft_id: UUID) -> ResponseReturnValue:
    claim(draft_id)
    known = draft(this_tracker().database, own_id(), draft_id)
    typed = as_form(known)
    if known.activity_id is not None:
        activity = visible_activity(known.activity_id)
        action = url_for("edit_activity", activity_id=activity.id)
        version = typed.get("version", type=int)
        return form(activity.kind, submitted(typed), activity, version=version, action=action, draft=known.id)
    if known.kind not in set(Kind):
        raise NotFound(N_("What was being changed there has been removed."))
    action = url_for("new_activity", kind=known.kind)
    return form(Kind(known.kind), submitted(typed), action=action, draft=known.id)


@allowed(Audience.CONTRIBUTORS)
def discard(draft_id: UUID) -> ResponseReturnValue:
    discard_draft(this_tracker().database, own_id(), draft_id, actor(), now())
    flash(gettext(language(), N_("The draft is discarded.")), "success")
    return redirect(url_for("new_activity"), 303)


@allowed(Audience.CONTRIBUTORS)
def likely_doubles() -> ResponseReturnValue:
    """What may be logged already, as a piece of the form's page; empty where too little is typed yet."""
    kind = request.args.get("kind", "")
    try:
        content = read(submitted(request.args), {"kind": kind}, language(), today())
    except InvalidInput:
        return ""
    return render_template("activities/_doubles.html", found=doubles(content), saving=False)


def _stale(_fault: CSRFError) -> ResponseReturnValue:
    """A form whose session is another one now comes back as it was typed, to be sent once more."""
    kind = request.args.get("kind", "")
    if request.endpoint not in FORMS or account() is None or not admits(Audience.CONTRIBUTORS):
        return errors.page(400)
    said = gettext(
        language(), N_("The form was open for too long and was not saved. Nothing is lost: please save again.")
    )
    flash(said, "error")
    typed = submitted(request.form)
    if request.endpoint == "edit_activity":
        try:
            activity = visible_activity((request.view_args or {})["activity_id"])
        except NotFound as fault:  # a fault while one is answered would be one of ours
            return errors.page(404, fault.message(language()))
        return form(activity.kind, typed, activity, version=request.form.get("version", type=int)), 400
    return (form(Kind(kind), typed), 400) if kind in set(Kind) else errors.page(400)
