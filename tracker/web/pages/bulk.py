"""Changing several activities at once: choose them, say what is to change, look at every row, do it, undo it.

What is chosen is what the list shows: its filters stand in the address. Or it is what was ticked there: then the ids
stand in the address too. Nothing is written before the rows were seen.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.bulk import Outcome, bulk_edit, look_at, undo
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity
from tracker.domain.bulk import MOST, NOBODY, BulkEdit, Chosen
from tracker.domain.bulk_words import edit_in_words
from tracker.domain.changes_told import Change, told
from tracker.domain.value_words import Reader
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, gettext, ngettext
from tracker.intake import bulk as intake
from tracker.store import accounts
from tracker.store import activities as store
from tracker.store import bulk as bulk_store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, actor, allowed, sees, visibilities, visible, writes
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.list_query import Query, read_query
from tracker.web.telling import authors, reader

_LATEST = 5
_NONE_TICKED = N_("No activity is ticked.")


@dataclass(frozen=True)
class Row:
    """One activity of a preview or of a change that was made, and what is told of it."""

    activity: Activity
    changes: list[Change]
    removed: bool = False
    refused: str = ""
    undone: bool = False


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/bulk", "bulk", bulk, methods=["GET", "POST"])
    app.add_url_rule("/bulk/<uuid:bulk_id>", "bulk_done", bulk_done)
    app.add_url_rule("/bulk/<uuid:bulk_id>/undo", "undo_bulk", undo_bulk, methods=["POST"])


@allowed(Audience.EDITORS)
def bulk() -> ResponseReturnValue:
    if request.method == "GET":
        return _selection() if _chosen(read_query("list")) else _nothing_ticked()
    chosen = _writable(intake.chosen(request.form.getlist("one")))
    try:
        edit = intake.bulk_edit(request.form)
        if edit.visibility and edit.visibility not in visibilities():
            raise InvalidInput.one("visibility", edit.visibility, N_("You could not see it any more yourself."))
    except InvalidInput as fault:
        return _selection({problem.field: problem for problem in fault.problems}), 422
    if not chosen:
        flash(gettext(language(), _NONE_TICKED), "error")
        return _selection(), 422
    if request.form.get("step") == "do":
        try:
            made = bulk_edit(this_tracker().database, edit, chosen, actor(), now())
        except Conflict as fault:
            flash(fault.message(language()), "error")
        else:
            flash(
                ngettext(language(), "{n} activity was changed.", "{n} activities were changed.", len(chosen)),
                "success",
            )
            return redirect(url_for("bulk_done", bulk_id=made))
    return _preview(edit, chosen)


@allowed(Audience.EDITORS)
def bulk_done(bulk_id: UUID) -> str:
    """What a change of several did, with the one button that takes it back."""
    with this_tracker().database.reading() as session:
        made = session.get(bulk_store.BulkRow, bulk_id)
        if made is None:
            raise NotFound(N_("There is no change of several activities with the id {id}."), id=bulk_id)
        items = {item.activity_id: item for item in made.items}
        known = [row.to_activity() for row in store.by_ids(session, list(items))]
        name_of = authors(session, [made.made_by, made.undone_by or ""])
        to, twins = reader(session), twin_store.current(session)
    shown = [activity for activity in known if sees(activity)]
    rows = [
        Row(one, [], undone=items[one.id].undone, refused=_since(one, items[one.id]))
        for one in sorted(shown, key=lambda one: one.start_date.sort_key, reverse=True)
    ]
    return render_template(
        "bulk/done.html",
        section="activities",
        made=made,
        edit=edit_in_words(BulkEdit(**made.edit), to),
        rows=rows,
        twins=twins,
        who=name_of(made.made_by),
        undone_by=name_of(made.undone_by) if made.undone_by else "",
        can_undo=any(not row.undone and not row.refused and writes(row.activity) for row in rows),
    )


@allowed(Audience.EDITORS)
def undo_bulk(bulk_id: UUID) -> ResponseReturnValue:
    with this_tracker().database.reading() as session:
        made = session.get(bulk_store.BulkRow, bulk_id)
        known = store.by_ids(session, [item.activity_id for item in made.items]) if made else []
        if made is None or not all(writes(row.to_activity()) for row in known):
            raise NotFound(N_("There is no change of several activities with the id {id}."), id=bulk_id)
    outcomes = undo(this_tracker().database, bulk_id, actor(), now())
    back = sum(outcome.changes for outcome in outcomes)
    flash(
        ngettext(language(), "{n} activity is as it was before.", "{n} activities are as they were before.", back),
        "success",
    )
    if left := len(outcomes) - back:
        told_of_left = ngettext(
            language(),
            "{n} was left as it is: somebody has changed it since.",
            "{n} were left as they are: somebody has changed them since.",
            left,
        )
        flash(told_of_left, "error")
    return redirect(url_for("bulk_done", bulk_id=bulk_id))


def _selection(faults: Any = None) -> str:
    """The first page: which ones, and what is to change. What was ticked and typed stays."""
    query = read_query("list")
    with this_tracker().database.reading() as session:
        rows = store.listed(session, _chosen(query) or query.chosen, newest_first=True, limit=MOST + 1)
        found = [one for one in (row.to_activity() for row in rows[:MOST]) if writes(one)]
        twins = twin_store.current(session)
        people = [user for user in accounts.users(session) if user.active]
        latest = bulk_store.latest(session, _LATEST)
        name_of = authors(session, [made.made_by for made in latest])
        to = reader(session)
    ticked = set(request.form.getlist("one")) if request.method == "POST" else {f"{o.id}.{o.version}" for o in found}
    return render_template(
        "bulk/choose.html",
        section="activities",
        query=query,
        found=found,
        ticked=ticked,
        too_many=len(rows) > MOST,
        most=MOST,
        twins=twins,
        people=people,
        nobody=NOBODY,
        visibilities=visibilities(),
        faults=faults or {},
        latest=[(made, name_of(made.made_by), edit_in_words(BulkEdit(**made.edit), to)) for made in latest],
    )


def _chosen(query: Query) -> ActivityFilter | None:
    """All that the list shows, or those that were ticked there; None where none was."""
    if request.args.get("choose") != "these":
        return query.chosen
    ids = intake.ids(request.args.getlist("one"))
    return visible(ids=ids) if ids else None


def _nothing_ticked() -> ResponseReturnValue:
    """Back to the page of the list where the boxes are. To go on with all it shows would be a surprise."""
    flash(gettext(language(), _NONE_TICKED), "error")
    page = {name: request.args.get(name) for name in ("before", "after")}
    return redirect(read_query("list").address(choose="some", **page))


def _preview(edit: BulkEdit, chosen: tuple[Chosen, ...]) -> str:
    outcomes = look_at(this_tracker().database, edit, chosen, actor(), now())
    with this_tracker().database.reading() as session:
        to, twins = reader(session), twin_store.current(session)
    rows = [_row(outcome, to) for outcome in outcomes]
    return render_template(
        "bulk/preview.html",
        section="activities",
        edit=edit,
        words=edit_in_words(edit, to),
        will=[row for row in rows if row.changes or row.removed],
        refused=[row for row in rows if row.refused],
        same=[row for row in rows if not (row.changes or row.removed or row.refused)],
        twins=twins,
    )


def _row(outcome: Outcome, to: Reader) -> Row:
    refused = " ".join(problem.message(language()) for problem in outcome.refused)
    before = outcome.activity.content().model_dump(mode="json")
    changes = told(before, outcome.after.model_dump(mode="json"), to) if outcome.after else []
    return Row(outcome.activity, changes, outcome.removed, refused)


def _writable(chosen: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
    """Those of the ticked ones that the person may change; an address nobody showed them counts for nothing."""
    with this_tracker().database.reading() as session:
        known = {row.id: row.to_activity() for row in store.by_ids(session, [one.id for one in chosen])}
    return tuple(one for one in chosen if one.id in known and writes(known[one.id]))


def _since(shown: Activity, item: bulk_store.BulkItemRow) -> str:
    if item.undone or shown.version == item.after:
        return ""
    return gettext(language(), N_("Somebody has changed it since."))
