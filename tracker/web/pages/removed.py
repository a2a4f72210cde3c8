"""The bin: what was removed, by whom, when and why; one press brings it back. Nothing is ever deleted here for good."""

from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import restore_activity, subject
from tracker.actions.honours import restore_honour
from tracker.actions.observances import restore_observance
from tracker.bootstrap import Tracker
from tracker.domain.commands import RestoreActivity
from tracker.domain.events import EventType
from tracker.errors import NotFound
from tracker.i18n import N_, gettext
from tracker.store import event_log
from tracker.store import twins as twin_store
from tracker.store.removed import REGISTERS, binned, taken_out
from tracker.web.auth import Audience, actor, admits, allowed, manages, visible
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.pages.history import known_activity
from tracker.web.telling import authors

PAGE = 40


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/bin", "bin", bin_page)
    app.add_url_rule("/bin/<uuid:activity_id>", "restore", restore, methods=["POST"])
    app.add_url_rule("/bin/honours/<slug>", "restore_honour", bring_back_honour, methods=["POST"])
    app.add_url_rule("/bin/observances/<slug>", "restore_observance", bring_back_observance, methods=["POST"])


@allowed(Audience.EDITORS)
def bin_page() -> str:
    page = max(1, request.args.get("page", type=int, default=1))
    with this_tracker().database.reading() as session:
        rows = binned(session, visible(removed=True), offset=(page - 1) * PAGE, limit=PAGE + 1)
        found = [(row.to_activity(), row.removed_at) for row in rows[:PAGE]]
        logs = event_log.histories(session, [subject(shown.id) for shown, _ in found])
        gone = {
            shown.id: next((e for e in reversed(logs.get(subject(shown.id), [])) if _is_removal(e.type)), None)
            for shown, _ in found
        }
        taken = taken_out(session, _registers()) if page == 1 else []
        name_of = authors(session, [event.actor for event in (*gone.values(), *taken) if event])
        twins = twin_store.current(session)
    return render_template(
        "history/bin.html",
        section="activities",
        found=found,
        gone=gone,
        taken=taken,
        name_of=name_of,
        twins=twins,
        page=page,
        more=len(rows) > PAGE,
    )


@allowed(Audience.EDITORS)
def restore(activity_id: UUID) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        shown, _removed = known_activity(session, activity_id)
    if not manages(shown):
        raise NotFound(N_("There is nothing in the bin with the id {id}."), id=activity_id)
    command = RestoreActivity(activity_id, request.form.get("version", type=int, default=0))
    restore_activity(this_tracker().database, command, actor(), now())
    flash(gettext(language(), N_("It is back, as it was. Calendars will tell their subscribers.")), "success")
    return redirect(url_for("activity", activity_id=activity_id))


@allowed(Audience.EDITORS)
def bring_back_honour(slug: str) -> ResponseReturnValue:
    restore_honour(this_tracker().database, slug, actor(), now())
    _say_it_is_back()
    return redirect(url_for("honour", slug=slug), 303)


@allowed(Audience.ADMINISTRATORS)
def bring_back_observance(slug: str) -> ResponseReturnValue:
    restore_observance(this_tracker().database, slug, actor(), now())
    _say_it_is_back()
    return redirect(url_for("observances"), 303)


def _say_it_is_back() -> None:
    flash(gettext(language(), N_("It is back, as it was. Calendars and reminders follow within a minute.")), "success")


def _registers() -> list[EventType]:
    """Those whose things the person may bring back: the days kept are the administrators'."""
    return [
        type_ for type_ in REGISTERS if type_ is not EventType.OBSERVANCE_REMOVED or admits(Audience.ADMINISTRATORS)
    ]


def _is_removal(type_: EventType) -> bool:
    return type_ is EventType.ACTIVITY_REMOVED
