"""An activity's history: every version as it was, what changed from one to the next, and the way back to any."""

from typing import Any
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import revise_activity, subject
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.changes_told import standing, told
from tracker.domain.commands import ReviseActivity
from tracker.domain.history import Version, numbered
from tracker.domain.value_words import Reader
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.store import activities as store
from tracker.store import event_log
from tracker.web.auth import Audience, actor, allowed, manages, writes
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.telling import reader, seen_versions, trail_of


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    at = "/activities/<uuid:activity_id>/history"
    app.add_url_rule(at, "activity_history", activity_history)
    app.add_url_rule(f"{at}/restore", "restore_version", restore_version, methods=["POST"])


@allowed(Audience.CONTRIBUTORS)
def activity_history(activity_id: UUID) -> str:
    """All versions; with `?version=` one as it was, with `&against=` what another has that it has not."""
    with this_tracker().database.reading() as session:
        shown, removed = known_activity(session, activity_id)
        trail = trail_of(session, activity_id)
        to = reader(session)
    made = [told_of.version for told_of in trail]
    page: dict[str, Any] = {"section": "activities", "activity": shown, "removed": removed, "may_restore": False}
    one, other = (_asked_for(made, name) for name in ("version", "against"))
    if one and other:
        return render_template("history/compare.html", **page, trail=trail, **_compared(one, other, to))
    if one:
        page["may_restore"] = not removed and writes(shown) and one.number != shown.version
        told_of = next(each for each in trail if each.version is one)
        return render_template("history/version.html", **page, told=told_of, facts=standing(one.content, to))
    return render_template("history/activity.html", **page, trail=trail)


@allowed(Audience.CONTRIBUTORS)
def restore_version(activity_id: UUID) -> ResponseReturnValue:
    """An ordinary change whose content is that of an earlier version: with the same checks as any other."""
    number = request.form.get("number", type=int, default=0)
    with this_tracker().database.reading() as session:
        shown, removed = known_activity(session, activity_id)
        made = seen_versions(activity_id, event_log.history(session, subject(activity_id)))
    wanted = numbered(made, number)
    if wanted is None or removed or not writes(shown):
        raise NotFound(N_("There is no version {number} of this activity."), number=number)
    document = {k: v for k, v in wanted.content.items() if v is not None}
    if request.form.get("keep_status"):
        document |= {"status": shown.status, "reason": shown.reason}
    try:
        content = checked(ActivityContent, document)
        command = ReviseActivity(activity_id, content, request.form.get("version", type=int, default=0))
        revise_activity(this_tracker().database, command, actor(), now())
    except InvalidInput as fault:
        for problem in fault.problems:
            flash(problem.message(language()), "error")
        of_status = [problem.field for problem in fault.problems] == ["status"]
        return redirect(
            url_for("activity_history", activity_id=activity_id, version=number, keep="status" if of_status else None)
        )
    flash(
        gettext(language(), N_("Version {number} is back. The one before it stays in the history."), number=number),
        "success",
    )
    return redirect(url_for("activity", activity_id=activity_id))


def known_activity(session: Any, activity_id: UUID) -> tuple[Activity, bool]:
    """An activity whose history the person may read, those in the bin too, and whether it lies there."""
    row = store.load(session, activity_id)
    shown = row.to_activity() if row else None
    if row is None or shown is None or not manages(shown):
        raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
    return shown, row.removed_at is not None


def _asked_for(made: list[Version], name: str) -> Version | None:
    number = request.args.get(name, type=int)
    if number is None:
        return None
    found = numbered(made, number)
    if found is None:
        raise NotFound(N_("There is no version {number} of this activity."), number=number)
    return found


def _compared(one: Version, other: Version, to: Reader) -> dict[str, Any]:
    older, newer = sorted((one, other), key=lambda version: version.number)
    return {"older": older, "newer": newer, "changes": told(older.content, newer.content, to)}
