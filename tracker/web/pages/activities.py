"""One activity with its history, and what is done to it by a button. The list of them all is in `finding`."""

from typing import Literal
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import remove_activity, revise_activity
from tracker.bootstrap import Tracker
from tracker.domain.activities import ALLOWED_CHANGES, Activity, ActivityContent, Status, Visibility
from tracker.domain.activity_lines import Lasting
from tracker.domain.commands import RemoveActivity, ReviseActivity
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.errors import Forbidden, InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.store import accounts
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, actor, allowed, manages, sees, writes
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.telling import trail_of

_LATEST_CHANGES = 5
"""So many changes an activity's own page tells; its history has them all."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/<uuid:activity_id>", "activity", activity)
    app.add_url_rule("/activities/<uuid:activity_id>/status", "change_status", change_status, methods=["POST"])
    app.add_url_rule("/activities/<uuid:activity_id>/remove", "remove", remove, methods=["POST"])


def span_of(shown: Lasting) -> str:
    """When an activity is or was, exactly as far as it is known, with the clock time where there is one."""
    if shown.timed:
        words = _timed_span(shown)
    else:
        end: HistoricDate | Literal[".."] | None = ".." if shown.running else shown.end_date
        try:
            words = HistoricDate.span(shown.start_date, end).display(language())
        except InvalidDate:  # a start that is an interval itself, as "1994/2002", with an end of its own
            words = " – ".join(d.display(language()) for d in (shown.start_date, shown.end_date) if d)
    return words


def days_of(shown: Lasting) -> str:
    """Like `span_of`, for narrow columns: several days without their times."""
    if shown.timed and shown.end_date and shown.end and shown.end[:10] != shown.start[:10]:
        return HistoricDate.span(shown.start_date, shown.end_date).display(language())
    return span_of(shown)


def _timed_span(shown: Lasting) -> str:
    start = f"{shown.start_date.display(language())}, {shown.start[11:16]}"
    if not shown.end or shown.running or shown.end_date is None:
        return start
    same_day = shown.end[:10] == shown.start[:10]
    return (
        f"{start}–{shown.end[11:16]}"
        if same_day
        else f"{start} – {shown.end_date.display(language())}, {shown.end[11:16]}"
    )


@allowed(Audience.READERS)
def activity(activity_id: UUID) -> str:
    shown = visible_activity(activity_id)
    told = writes(shown)  # who answers for it is personal (R12)
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        history = trail_of(session, activity_id) if manages(shown) else []
        answering = accounts.user_by_email(session, shown.responsible) if told and shown.responsible else None
    return render_template(
        "activities/show.html",
        section="activities",
        activity=shown,
        answers=answering.name or answering.email if answering else shown.responsible if told else "",
        twins=twins,
        history=history,
        latest_changes=_LATEST_CHANGES,
        changes=sorted(ALLOWED_CHANGES[shown.status], key=list(Status).index),
        reason_for=(Status.CANCELLED, Status.POSTPONED),
        asks=shown.status in (Status.PLANNED, Status.CONFIRMED) and bool(shown.latest and shown.latest < today()),
    )


@allowed(Audience.CONTRIBUTORS)
def change_status(activity_id: UUID) -> ResponseReturnValue:
    shown = visible_activity(activity_id)
    try:
        status, reason = request.form.get("status", ""), request.form.get("reason", "").strip()
        if status in (Status.CANCELLED, Status.POSTPONED) and not reason:
            raise InvalidInput.one("reason", "", N_("Say why it is cancelled or postponed; the report tells it."))
        changed = {"status": status, "reason": reason}
        content = checked(ActivityContent, {**shown.content().model_dump(mode="json"), **changed})
        command = ReviseActivity(activity_id, content, request.form.get("version", type=int, default=0))
        revise_activity(this_tracker().database, command, actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
    else:
        flash(gettext(language(), N_("Saved.")), "success")
    # The start page has the same buttons, and whoever goes through its list wants to go on there.
    return redirect(
        url_for("home") if request.form.get("then") == "home" else url_for("activity", activity_id=activity_id)
    )


@allowed(Audience.CONTRIBUTORS)
def remove(activity_id: UUID) -> ResponseReturnValue:
    visible_activity(activity_id)
    command = RemoveActivity(activity_id, request.form.get("version", type=int, default=0), _reason())
    remove_activity(this_tracker().database, command, actor(), now())
    flash(gettext(language(), N_("Removed. Calendars that showed it will tell their subscribers.")), "success")
    return redirect(url_for("activities"))


def _reason() -> str:
    return request.form.get("reason", "").strip()[:1000]


def visible_activity(activity_id: UUID) -> Activity:
    """The activity, unless there is none the person may know of: both are told alike."""
    with this_tracker().database.reading() as session:
        row = store.load(session, activity_id)
        shown = row.to_activity() if row and row.removed_at is None else None
    if shown is None or not sees(shown):
        raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
    return shown


def leaving_the_house(shown: Activity) -> Activity:
    """The activity, unless it is confidential: that goes out on no paper and by no link. Raises `Forbidden`."""
    if shown.visibility is Visibility.CONFIDENTIAL:
        raise Forbidden(N_("This is confidential and leaves on no paper and by no link. Change who may see it first."))
    return shown
