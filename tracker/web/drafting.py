"""Drafts as forms know them: which draft a form belongs to, keeping it, and catching what comes after the session.

A form carries the id of its draft (`_draft`), which the server made; a draft is found by it only for its own person.
"""

import hmac
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from flask import flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.actions.drafts import (
    Draft,
    KeepDraft,
    claim_draft,
    discard_draft,
    drafts_of,
    keep_draft,
    keep_for_whoever_logs_in,
)
from tracker.errors import InvalidInput
from tracker.i18n import N_, gettext
from tracker.web.auth import account, actor
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

FORMS = frozenset(("new_activity", "edit_activity"))
"""The endpoints whose typed text outlives the session."""

_WAITS = "draft"


def own_id() -> int:
    known = account()
    return known.id if known else 0


def draft_id() -> UUID | None:
    """The draft that the sent form belongs to."""
    return _uuid(request.form.get("_draft", ""))


def own_drafts() -> list[Draft]:
    return drafts_of(this_tracker().database, own_id(), now())


def typed() -> dict[str, list[str]]:
    """What was typed, without what only belongs to the sending of it."""
    return {
        name: texts
        for name, texts in request.form.to_dict(flat=False).items()
        if name != "csrf_token" and not name.startswith("_")
    }


def as_form(draft: Draft) -> MultiDict[str, str]:
    return MultiDict((name, text) for name, texts in draft.fields.items() for text in texts)


def keep(kind: str, activity_id: UUID | None = None) -> None:
    command = KeepDraft(draft_id() or uuid4(), kind, activity_id, typed())
    keep_draft(this_tracker().database, own_id(), command, actor(), now())


def keep_and_leave(kind: str, activity_id: UUID | None = None) -> ResponseReturnValue:
    keep(kind, activity_id)
    flash(gettext(language(), N_("Kept as a draft. Only you can see it; it stays for a month.")), "success")
    return redirect(url_for("new_activity"), 303)


def forget_draft() -> None:
    if (known := draft_id()) is not None:
        discard_draft(this_tracker().database, own_id(), known, actor(), now())


def catch_typed() -> ResponseReturnValue | None:
    """Before anything else looks at it: a form sent after the session ended is kept, and the login leads back to it."""
    if request.method != "POST" or request.endpoint not in FORMS or account() is not None or not _from_here():
        return None
    arguments = request.view_args or {}
    kept = KeepDraft(uuid4(), request.args.get("kind", "")[:20], arguments.get("activity_id"), typed())
    try:
        if not keep_for_whoever_logs_in(this_tracker().database, kept, now()):
            return None
    except InvalidInput:
        return None
    session[_WAITS] = str(kept.id)
    flash(gettext(language(), N_("You are no longer logged in. What you typed is kept: log in, and go on.")), "error")
    return redirect(url_for("security.login", next=url_for("resume_draft", draft_id=kept.id)), 303)


def claim(wanted: UUID) -> None:
    """Take over what waits on this very browser."""
    if hmac.compare_digest(str(session.get(_WAITS, "")), str(wanted)):
        del session[_WAITS]
        claim_draft(this_tracker().database, own_id(), wanted, actor(), now())


def _from_here() -> bool:
    """Whether the form was sent by a page of ours: other sites may not leave anything here, nor end a session."""
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    try:
        return site in ("same-origin", "none") and (not origin or urlsplit(origin).netloc == request.host)
    except ValueError:  # "http://[": no browser sends that
        return False


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
