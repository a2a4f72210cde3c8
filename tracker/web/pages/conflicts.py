"""Two people changed one activity at the same time: what only one touched is joined, what both touched is chosen here.

Nothing that was typed is lost: it travels with the form as the document it means. With nothing to choose the change is
saved at once over the newest version, and the page tells what others had changed.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.activities import revise_activity, subject
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.commands import ReviseActivity
from tracker.domain.field_words import label
from tracker.domain.history import Version, numbered
from tracker.domain.three_ways import Clash, Document, Merge, Side, three_ways
from tracker.domain.value_words import Reader, in_words, language_name, row_in_words
from tracker.domain.word_marks import Piece, marked
from tracker.errors import Conflict, FieldProblem, InvalidInput
from tracker.i18n import N_, gettext
from tracker.intake.json import checked
from tracker.store import event_log
from tracker.web.auth import Audience, actor, allowed
from tracker.web.drafting import draft_id, forget_draft
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.pages.activities import visible_activity
from tracker.web.telling import authors, reader, seen_versions

_CHOOSE = N_("Both of you changed this. Please choose which one is to stand.")


@dataclass(frozen=True)
class Option:
    """One of the three ways out, in words; `pieces` mark what differs from what stood there before."""

    side: Side
    words: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Choice:
    name: str
    label: str
    options: list[Option]
    who: str
    at: Any
    """Who changed it last, and when."""


@dataclass(frozen=True)
class Meeting:
    """What is known of the two changes: `base` is the number of the version that both began from."""

    theirs: Activity
    base: int
    mine: ActivityContent
    made: tuple[Version, ...]
    merge: Merge


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/<uuid:activity_id>/conflict", "choose_sides", choose_sides, methods=["POST"])


def met(activity_id: UUID, base: int, mine: ActivityContent) -> ResponseReturnValue:
    """The answer to a form that was saved against a version that is no longer the newest."""
    meeting = _meeting(activity_id, base, mine)
    if meeting.merge.clashes:
        return _page(meeting, {}), 409
    try:
        return _saved(meeting, {})
    except InvalidInput as fault:
        return _page(_meeting(activity_id, base, mine, all_of_it=True), {}, fault.problems), 409


@allowed(Audience.CONTRIBUTORS)
def choose_sides(activity_id: UUID) -> ResponseReturnValue:
    try:
        mine = checked(ActivityContent, json.loads(request.form.get("mine", "")))
    except (ValueError, RecursionError, InvalidInput):
        abort(400)
    all_of_it = bool(request.form.get("all_of_it"))
    meeting = _meeting(activity_id, request.form.get("base", type=int, default=0), mine, all_of_it=all_of_it)
    given = {clash.name: request.form.get(f"choice.{clash.name}", "") for clash in meeting.merge.clashes}
    choices = {name: Side(side) for name, side in given.items() if side in set(Side)}
    missing = [FieldProblem(name, "", _CHOOSE) for name in given if name not in choices]
    if missing or meeting.theirs.version != request.form.get("version", type=int):
        return _page(meeting, choices, missing), 422 if missing else 409
    try:
        return _saved(meeting, choices)
    except InvalidInput as fault:
        return _page(meeting, choices, fault.problems), 422
    except Conflict:
        return met(activity_id, meeting.base, mine)


def _meeting(activity_id: UUID, base: int, mine: ActivityContent, *, all_of_it: bool = False) -> Meeting:
    """`all_of_it`: whatever differs is to be chosen, because joining both made nothing that can be."""
    theirs = visible_activity(activity_id)
    with this_tracker().database.reading() as session:
        made = seen_versions(activity_id, event_log.history(session, subject(activity_id)))
    began = None if all_of_it else numbered(made, base)
    merge = three_ways(
        began.content if began else None, theirs.content().model_dump(mode="json"), mine.model_dump(mode="json")
    )
    return Meeting(theirs, base, mine, made, merge)


def _saved(meeting: Meeting, choices: Mapping[str, Side]) -> ResponseReturnValue:
    document = meeting.merge.document(choices)
    content = checked(ActivityContent, {name: value for name, value in document.items() if value is not None})
    command = ReviseActivity(meeting.theirs.id, content, meeting.theirs.version)
    revise_activity(this_tracker().database, command, actor(), now())
    forget_draft()
    flash(gettext(language(), N_("Saved.")), "success")
    if meeting.merge.theirs:
        joined = N_("Others had changed meanwhile: {fields}. That is kept, and so is yours.")
        fields = ", ".join(_named(name) for name in meeting.merge.theirs)
        flash(gettext(language(), joined, fields=fields), "success")
    return redirect(url_for("activity", activity_id=meeting.theirs.id))


def _page(meeting: Meeting, choices: Mapping[str, Side], problems: Any = ()) -> str:
    with this_tracker().database.reading() as session:
        to = reader(session)
        later = [version for version in meeting.made if version.number > meeting.base]
        name_of = authors(session, [version.event.actor for version in later])
    asked = [_choice(clash, later, name_of, to) for clash in meeting.merge.clashes]
    return render_template(
        "activities/conflict.html",
        section="activities",
        activity=meeting.theirs,
        base=meeting.base,
        mine=meeting.mine.model_dump_json(),
        asked=asked,
        choices=choices,
        faults={problem.field: problem for problem in problems},
        names={name: _named(name) for name in (*meeting.merge.theirs, *meeting.merge.mine)},
        merge=meeting.merge,
        draft=draft_id(),
        all_of_it=numbered(meeting.made, meeting.base) is None or bool(request.form.get("all_of_it")),
    )


def _choice(clash: Clash, later: list[Version], name_of: Any, to: Reader) -> Choice:
    fields = {path.partition(".")[0] for side in clash.sides.values() for path in side}
    last = next((v for v in reversed(later) if fields & set(v.event.data.get("after", {}))), None)
    words = {side: _said(clash.sides[side], to) for side in Side}
    options = [Option(side, words[side], marked(words[Side.BASE], words[side]) if words[side] else ()) for side in Side]
    who, at = (name_of(last.event.actor), last.event.at) if last else ("", None)
    return Choice(clash.name, _named(clash.name), options, who, at)


def _said(document: Document, to: Reader) -> str:
    """One side's values in words, a row of a list on a line of its own."""
    if "start" in document:
        zone = in_words("timezone", document.get("timezone"), to) if "T" in str(document["start"]) else ""
        return " · ".join(filter(None, [row_in_words("", document, to), zone]))
    return "\n".join(filter(None, (_value(path, value, to) for path, value in document.items())))


def _value(path: str, value: Any, to: Reader) -> str:
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return "\n".join(row_in_words(path, row, to) for row in value)
    return in_words(path, value, to)


def _named(name: str) -> str:
    if name == "when":
        return gettext(language(), N_("When"))
    field, _, tag = name.partition(".")
    if tag and field in ("title", "description"):
        return f"{label(field, language())} ({language_name(tag, language())})"
    return label(name, language())
