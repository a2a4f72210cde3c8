"""The list of activities with its filters, one activity with its history, and what is done to one by a button."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.actions.activities import remove_activity, revise_activity, subject
from tracker.bootstrap import Tracker
from tracker.domain.access import may_see
from tracker.domain.activities import ALLOWED_CHANGES, Activity, ActivityContent, Kind, Status, Visibility
from tracker.domain.commands import RemoveActivity, ReviseActivity
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.events import Event, EventType
from tracker.domain.search import query_words
from tracker.errors import InvalidInput, NotFound
from tracker.i18n import N_, gettext
from tracker.store import accounts, event_log
from tracker.store import activities as store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, actor, allowed, may_write, role, visibilities
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language

PAGE = 40
_PLAIN_FIELDS = ("status", "start", "end", "place", "direction", "visibility", "reason", "subtype", "kind")
"""Fields whose old and new value the history shows; of the others it says only that they changed."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities", "activities", activities)
    app.add_url_rule("/activities/<uuid:activity_id>", "activity", activity)
    app.add_url_rule("/activities/<uuid:activity_id>/status", "change_status", change_status, methods=["POST"])
    app.add_url_rule("/activities/<uuid:activity_id>/remove", "remove", remove, methods=["POST"])


def span_of(shown: ActivityContent) -> str:
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


def days_of(shown: ActivityContent) -> str:
    """Like `span_of`, for narrow columns: several days without their times."""
    if shown.timed and shown.end_date and shown.end and shown.end[:10] != shown.start[:10]:
        return HistoricDate.span(shown.start_date, shown.end_date).display(language())
    return span_of(shown)


def _timed_span(shown: ActivityContent) -> str:
    start = f"{shown.start_date.display(language())}, {shown.start[11:16]}"
    if not shown.end or shown.running or shown.end_date is None:
        return start
    same_day = shown.end[:10] == shown.start[:10]
    return (
        f"{start}–{shown.end[11:16]}"
        if same_day
        else f"{start} – {shown.end_date.display(language())}, {shown.end[11:16]}"
    )


@dataclass(frozen=True)
class Query:
    """The filters as they stand in the address, and the selection they mean."""

    given: MultiDict[str, str]
    chosen: ActivityFilter
    faults: Mapping[str, str]

    def address(self, **changed: str | None) -> str:
        """The list's address with some arguments changed (None: left out) and the page begun anew."""
        kept = [(k, v) for k, v in self.given.items(multi=True) if v and k not in {"after", "before", *changed}]
        return f"{request.path}?{urlencode([*kept, *((k, v) for k, v in changed.items() if v)])}"

    @property
    def is_empty(self) -> bool:
        return not any(self.given.get(k) for k in ("q", "twin", "kind", "status", "from", "to"))


@allowed(Audience.READERS)
def activities() -> str:
    query = _query(request.args)
    with this_tracker().database.reading() as session:
        rows, newer, older = _page(session, query.chosen)
        found = [row.to_activity() for row in rows]
        twins = twin_store.load_all(session)
        any_kind = ActivityFilter(**{**query.chosen.__dict__, "kinds": ()})
        by_kind = store.counted_by(session, any_kind, "kind")
        total = store.counted(session, query.chosen)
    return render_template(
        "activities/list.html",
        query=query,
        years=[(year, list(group)) for year, group in groupby(found, key=_year)],
        twins=twins,
        by_kind=by_kind,
        total=total,
        newer=_cursor(found[0]) if found and newer else None,
        older=_cursor(found[-1]) if found and older else None,
    )


@allowed(Audience.READERS)
def activity(activity_id: UUID) -> str:
    shown = visible_activity(activity_id)
    with this_tracker().database.reading() as session:
        twins = twin_store.load_all(session)
        history = event_log.history(session, subject(activity_id)) if may_write() else []
        ids = {int(e.actor[5:]) for e in history if e.actor.startswith("user:") and e.actor[5:].isdigit()}
        names = accounts.names_of(session, ids)
        answering = accounts.user_by_email(session, shown.responsible) if may_write() and shown.responsible else None
    return render_template(
        "activities/show.html",
        section="activities",
        activity=shown,
        answers=answering.name or answering.email if answering else shown.responsible if may_write() else "",
        twins=twins,
        history=[_told(event, names) for event in reversed(_seen(history))],
        changes=sorted(ALLOWED_CHANGES[shown.status], key=list(Status).index),
        reason_for=(Status.CANCELLED, Status.POSTPONED),
        asks=shown.status in (Status.PLANNED, Status.CONFIRMED) and bool(shown.latest and shown.latest < today()),
    )


@allowed(Audience.EDITORS)
def change_status(activity_id: UUID) -> ResponseReturnValue:
    shown = visible_activity(activity_id)
    try:
        status = Status(request.form.get("status", ""))
        reason = request.form.get("reason", "").strip()
        if status in (Status.CANCELLED, Status.POSTPONED) and not reason:
            raise InvalidInput.one("reason", "", N_("Say why it is cancelled or postponed; the report tells it."))
        content = ActivityContent.model_validate(
            {**shown.content().model_dump(mode="json"), "status": status, "reason": reason}
        )
        command = ReviseActivity(activity_id, content, request.form.get("version", type=int, default=0))
        revise_activity(this_tracker().database, command, actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
    else:
        flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("activity", activity_id=activity_id))


@allowed(Audience.EDITORS)
def remove(activity_id: UUID) -> ResponseReturnValue:
    visible_activity(activity_id)
    command = RemoveActivity(activity_id, request.form.get("version", type=int, default=0))
    remove_activity(this_tracker().database, command, actor(), now())
    flash(gettext(language(), N_("Removed. Calendars that showed it will tell their subscribers.")), "success")
    return redirect(url_for("activities"))


def visible_activity(activity_id: UUID) -> Activity:
    """The activity, unless there is none the person may know of: both are told alike."""
    with this_tracker().database.reading() as session:
        row = store.load(session, activity_id)
        if row is None or row.removed_at is not None or not may_see(role(), Visibility(row.visibility)):
            raise NotFound(N_("There is no activity with the id {id}."), id=activity_id)
        return row.to_activity()


def _query(given: MultiDict[str, str]) -> Query:
    """Read the address. A filter that cannot be understood is told beside its field and left out."""
    faults: dict[str, str] = {}
    days: dict[str, HistoricDate] = {}
    for name in ("from", "to"):
        if text := given.get(name, "").strip():
            try:
                days[name] = understand(text, language(), today())
            except InvalidDate as fault:
                faults[name] = fault.message(language())
    chosen = ActivityFilter(
        twins=tuple(t for t in given.getlist("twin") if t),
        kinds=tuple(k for k in given.getlist("kind") if k in set(Kind)),
        statuses=tuple(s for s in given.getlist("status") if s in set(Status)),
        visibilities=visibilities(),
        first=days["from"].earliest if "from" in days else None,
        last=days["to"].latest if "to" in days else None,
        words=query_words(given.get("q", "")),
    )
    return Query(given, chosen, faults)


def _page(session: Any, chosen: ActivityFilter) -> tuple[list[store.ActivityRow], bool, bool]:
    """One page, newest first, and whether there are newer and older ones beyond it."""
    before, after = _read_cursor(request.args.get("before")), _read_cursor(request.args.get("after"))
    if before:
        rows = store.listed_before(session, chosen, before, newest_first=True, limit=PAGE + 1)
        return rows[-PAGE:], len(rows) > PAGE, True
    rows = store.listed(session, chosen, newest_first=True, after=after, limit=PAGE + 1)
    return rows[:PAGE], after is not None, len(rows) > PAGE


def _cursor(shown: Activity) -> str:
    minutes = shown.start[11:16].replace(":", "") if shown.timed else ""
    return f"{shown.start_date.sort_key}{minutes}~{shown.id}"


def _read_cursor(text: str | None) -> tuple[str, UUID] | None:
    key, _, identity = (text or "").partition("~")
    try:
        return key, UUID(identity)
    except ValueError:
        return None


def _year(shown: Activity) -> str:
    """The heading an activity stands under: its year, or decade or century where that is all that is known."""
    start = shown.start_date.ends[0] or shown.start_date
    known = start.edtf[:4]
    return HistoricDate.parse(known).display(language()) if start.earliest else start.display(language())


@dataclass(frozen=True)
class Told:
    """One line of a history, in words."""

    at: dt.datetime
    who: str
    what: str
    changes: list[tuple[str, str | None, str | None]]


def _seen(history: list[Event]) -> list[Event]:
    """The part of a history whose content the reader may see: from the last time it was hidden from them on."""
    seen: list[Event] = []
    for event in history:
        levels = [event.data.get(side, {}).get("visibility") for side in ("before", "after")]
        if any(level and not may_see(role(), Visibility(level)) for level in levels):
            seen = []
        else:
            seen.append(event)
    return seen


_DEEDS = {
    EventType.ACTIVITY_RECORDED: N_("recorded it"),
    EventType.ACTIVITY_REVISED: N_("changed it"),
    EventType.ACTIVITY_REMOVED: N_("removed it"),
    EventType.ACTIVITY_RESTORED: N_("brought it back"),
}
_OTHERS = {
    "registry": N_("The registry that ships with the tracker"),
    "system": N_("The tracker itself"),
    "cli": N_("Somebody at the command line"),
}


def _told(event: Event, names: Mapping[int, str]) -> Told:
    number = event.actor.partition(":")[2]
    who = names.get(int(number), "") if number.isdigit() else gettext(language(), _OTHERS.get(event.actor, event.actor))
    changed: list[tuple[str, str | None, str | None]] = []
    if event.type is EventType.ACTIVITY_REVISED:
        before, after = event.data.get("before", {}), event.data.get("after", {})
        fields = [name for name in after if name != "version"]
        changed = [
            (name, str(before.get(name) or ""), str(after.get(name) or ""))
            if name in _PLAIN_FIELDS
            else (name, None, None)
            for name in sorted(fields)
        ]
    return Told(
        event.at,
        who or gettext(language(), N_("Somebody whose account is gone")),
        _DEEDS.get(event.type, event.type.value),
        changed,
    )
