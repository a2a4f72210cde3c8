"""What happened in the house: the event log for people, and the history of any one thing that is kept.

Everybody who writes sees what they may see of it; what tells of people and their mail is for administrators. An
activity's events are told as far as the reader may look at its versions.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.bootstrap import Tracker
from tracker.domain.changes_told import Change, told
from tracker.domain.date_texts import understand
from tracker.domain.dates import InvalidDate
from tracker.domain.events import Event, EventType
from tracker.domain.field_words import label
from tracker.domain.history import Version
from tracker.domain.subjects import FOR_WRITERS, NOUNS, named, noun_of, title_of
from tracker.domain.value_words import Reader
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import accounts, event_log
from tracker.store import activities as store
from tracker.store.activity_rows import ActivityRow
from tracker.store.event_log import Looked
from tracker.web.auth import Audience, admits, allowed, sees
from tracker.web.installation import this_tracker, today
from tracker.web.language import language, zone
from tracker.web.telling import authors, deed, reader, seen_versions
from tracker.web.unstorable import position

PAGE = 50
_BATCH = 200
_BATCHES = 5
"""So many events are looked at for one page: a reader who may see few of them turns over rather than waits."""

_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(9000, 1, 1)
_SHORT = 12
"""A longer name of a subject is one that only the machine reads."""

_ALWAYS = ("organisation:house", "customs:house")
"""What there is before anybody has said anything of it."""

_ACTORS = ("registry", "system", "cli")
_WHERE: Mapping[str, Callable[[str], str]] = {
    "twin": lambda key: url_for("twin", slug=key),
    "rule": lambda key: url_for("rule", key=key),
}
"""The page of a thing, where all who may read its history have one."""


@dataclass(frozen=True)
class Line:
    """One thing that happened, in words."""

    event: Event
    who: str
    what: str
    title: str
    address: str
    fields: str


@dataclass(frozen=True)
class Told:
    event: Event
    who: str
    what: str
    changes: list[Change]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/history", "what_happened", what_happened)
    app.add_url_rule("/history/<path:about>", "history_of", history_of)
    app.jinja_env.globals["history_for"] = lambda about: url_for("history_of", about=about)


@allowed(Audience.EDITORS)
def what_happened() -> str:
    faults: dict[str, str] = {}
    looked = _looked(faults)
    with this_tracker().database.reading() as session:
        lines, last = _lines(session, looked)
        people = {f"user:{user.id}": user.name or user.email for user in accounts.users(session)}
        name_of = authors(session, _ACTORS)
    given = {k: v for k, v in request.args.items() if v and k != "before"}
    return render_template(
        "history/house.html",
        lines=lines,
        faults=faults,
        nouns=[(noun, named(noun, language())) for noun in _nouns()],
        actors={**people, **{each: name_of(each) for each in _ACTORS}},
        older=f"{request.path}?{urlencode({**given, 'before': last})}" if last else "",
        narrowed=bool(given),
    )


@allowed(Audience.EDITORS)
def history_of(about: str) -> ResponseReturnValue:
    """Everything that happened to one thing, newest first; `about` is a subject such as `twin:cologne`."""
    noun, _, key = about.partition(":")
    if noun == "activity":
        return redirect(url_for("activity_history", activity_id=_id_of(about)))
    with this_tracker().database.reading() as session:
        events = [e for e in event_log.history(session, about) if noun_of(e.type) in _nouns()]
        if not events and about not in _ALWAYS:
            raise NotFound(N_("Nothing has happened to “{about}”, or it is not for you to see."), about=about)
        to, name_of = reader(session), authors(session, [event.actor for event in events])
    title = next(
        filter(None, (title_of(event.data, language()) for event in reversed(events))), "" if about in _ALWAYS else key
    )
    trail = [Told(event, name_of(event.actor), deed(event.type), _changes(event, to)) for event in reversed(events)]
    address = _WHERE[noun](key) if noun in _WHERE else ""
    return render_template(
        "history/subject.html", about=about, trail=trail, title=title, noun=named(noun, language()), back=address
    )


def _nouns() -> list[str]:
    """The nouns of which the person may read."""
    everything = admits(Audience.ADMINISTRATORS)
    known = {noun_of(type_) for type_ in EventType}
    return [noun for noun in (*NOUNS, *sorted(known - set(NOUNS))) if everything or noun in FOR_WRITERS]


def _looked(faults: dict[str, str]) -> Looked:
    """Read the filters. A day that is not understood is told beside its field and left out."""
    wanted = request.args.get("what", "")
    nouns = [wanted] if wanted in _nouns() else _nouns()
    moments: dict[str, dt.datetime] = {}
    for name in ("from", "to"):
        if text := request.args.get(name, "").strip():
            try:
                known = understand(text, language(), today())
            except InvalidDate as fault:
                faults[name] = fault.message(language())
                continue
            if day := known.earliest if name == "from" else known.latest:
                # In the first and the last year not every zone has a moment for its midnight.
                day = min(max(day, _FIRST), _LAST) + dt.timedelta(days=name == "to")
                moments[name] = dt.datetime.combine(day, dt.time(), zone())
    return Looked(
        types=tuple(type_ for type_ in EventType if noun_of(type_) in nouns),
        actor=request.args.get("who", ""),
        first=moments.get("from"),
        last=moments.get("to"),
        before=request.args.get("before", type=position),
    )


def _lines(session: Any, looked: Looked) -> tuple[list[Line], int | None]:
    """A page of what the person may see, and the position from which the next one goes on; None at the end."""
    found: list[tuple[Event, str, Version | None]] = []
    at = looked.before
    more = True
    for _ in range(_BATCHES):
        batch = event_log.looked_up(session, Looked(looked.types, looked.actor, looked.first, looked.last, at), _BATCH)
        shown = _visible(session, batch)
        for event in batch:
            at = event.position
            if event.position in shown:
                found.append((event, *shown[event.position]))
            if len(found) == PAGE:
                break
        more = len(found) == PAGE or len(batch) == _BATCH
        if len(found) == PAGE or len(batch) < _BATCH:
            break
    name_of = authors(session, [event.actor for event, _, _ in found])
    to = reader(session)
    return [
        _line(event, title, version, name_of(event.actor), to) for event, title, version in found
    ], at if more else None


def _visible(session: Any, batch: list[Event]) -> dict[int, tuple[str, Version | None]]:
    """By position, those of the events the person may see, with a title."""
    shown: dict[int, tuple[str, Version | None]] = {}
    of_activities = sorted({e.subject for e in batch if e.subject.startswith("activity:")})
    logs = event_log.histories(session, of_activities)
    rows = {row.id: row for row in _rows(session, [_id_of(subject) for subject in of_activities])}
    for subject, events in logs.items():
        row = rows.get(_id_of(subject))
        if row is None or not sees(row.to_activity()):
            continue
        for version in seen_versions(row.id, events):
            shown[version.event.position] = (title_of({"after": dict(version.content)}, language()), version)
    name_of = authors(session, [event.subject for event in batch])
    for event in batch:
        if not event.subject.startswith("activity:"):
            shown[event.position] = (_title(event, name_of), None)
    return shown


def _title(event: Event, name_of: Callable[[str], str]) -> str:
    """What an event is about: its name, else its sort with a number that says something to people."""
    if event.subject.startswith("user:"):
        return name_of(event.subject)
    if title := title_of(event.data, language()):
        return title
    sort = named(noun_of(event.type), language())
    return sort if event.subject in _ALWAYS or len(event.subject_id) > _SHORT else f"{sort} {event.subject_id}"


def _rows(session: Any, ids: list[UUID]) -> list[ActivityRow]:
    return store.by_ids(session, ids) if ids else []


def _line(event: Event, title: str, version: Version | None, who: str, to: Reader) -> Line:
    names = [*(event.data.get("after") or {})] if event.type.value.endswith(".revised") else []
    fields = ", ".join(sorted(label(name, to.language) for name in names if name not in ("version", "id")))
    if version is not None:
        address = url_for("activity_history", activity_id=_id_of(event.subject))
    else:
        address = url_for("history_of", about=event.subject)
        title = to.cities.get(event.subject_id, title) if event.subject.startswith("twin:") else title
    return Line(event, who, deed(event.type), title, address, fields)


def _changes(event: Event, to: Reader) -> list[Change]:
    if not event.type.value.endswith((".revised", ".updated")):
        return []
    return told(event.data.get("before") or {}, event.data.get("after") or {}, to)


def _id_of(subject: str) -> UUID:
    try:
        return UUID(subject.partition(":")[2])
    except ValueError as fault:
        raise NotFound(N_("Nothing has happened to “{about}”, or it is not for you to see."), about=subject) from fault
