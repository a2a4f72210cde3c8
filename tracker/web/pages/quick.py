"""Forms that begin with something: one line that was noted, or an activity that comes again. Nothing is stored here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Flask, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.bootstrap import Tracker
from tracker.domain.activities import RUNNING, Kind
from tracker.domain.copying import again
from tracker.domain.dates import HistoricDate
from tracker.domain.twins import Twin
from tracker.intake.quick import LONGEST, Piece, Understood, understand_line
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, allowed
from tracker.web.forms import Filled, prefilled
from tracker.web.installation import this_tracker, today
from tracker.web.language import in_words, language, when
from tracker.web.pages.activities import visible_activity
from tracker.web.pages.activity_forms import form


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities/quick", "quick", quick)
    app.add_url_rule("/activities/<uuid:activity_id>/again", "log_again", log_again)


@allowed(Audience.CONTRIBUTORS)
def quick() -> ResponseReturnValue:
    """The form a line means; where it says no kind, the question which."""
    line, chosen = request.args.get("line", "").strip(), request.args.get("kind", "")
    if not line:
        return render_template("activities/quick.html", section="activities", line="", begun=None, longest=LONGEST)
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    read = understand_line(line, language(), today(), twins)
    kind = Kind(chosen) if chosen in set(Kind) else read.kind
    begun = {"line": line, "pieces": _told(read, twins), "missing": read.missing, "kind": kind}
    if kind is None:
        return render_template("activities/quick.html", section="activities", line=line, begun=begun, longest=LONGEST)
    action = url_for("new_activity", kind=kind.value)
    return form(kind, _filled(read), begun=begun, action=action)


@allowed(Audience.CONTRIBUTORS)
def log_again(activity_id: UUID) -> ResponseReturnValue:
    known = visible_activity(activity_id)
    filled = prefilled(again(known.content(), today()), language())
    action = url_for("new_activity", kind=known.kind.value)
    return form(known.kind, filled, action=action, begun={"copied": known})


def _filled(read: Understood) -> Filled:
    filled = prefilled({"status": "planned", **read.document}, language())
    if start := read.document.get("start"):
        filled.understood["start"] = HistoricDate.parse(start.partition("T")[0])
    return filled


def _told(read: Understood, twins: Mapping[str, Twin]) -> list[dict[str, str]]:
    """Each field that was understood, as what, and the words that say it."""
    said: dict[str, list[Piece]] = {}
    for piece in read.pieces:
        said.setdefault(piece.field, []).append(piece)
    order = ("kind", "twins", "start", "status", "direction", "place", "leaders", "counts", "goods", "money")
    return [
        {"field": name, "means": _meaning(name, read, twins), "said": ", ".join(p.said for p in said[name] if p.said)}
        for name in order
        if name in said
    ]


def _meaning(name: str, read: Understood, twins: Mapping[str, Twin]) -> str:
    value: Any = read.kind if name == "kind" else read.document.get(name)
    if name in ("kind", "status", "direction"):
        return in_words(value, name)
    if name == "twins":
        return ", ".join(twins[slug].name(language()) for slug in value)
    if name == "start":
        return _span(value, read.document.get("end"))
    if name == "leaders":
        return "; ".join(", ".join(filter(None, (one["name"], one["office"]))) for one in value)
    return value if isinstance(value, str) else ""


def _span(start: str, end: str | None) -> str:
    day, _, time = start.partition("T")
    first = HistoricDate.parse(day)
    if end == RUNNING:
        whole = HistoricDate.span(first, "..")
    else:
        last = HistoricDate.parse(end.partition("T")[0]) if end else first
        whole = first if last == first else HistoricDate.span(first, last)
    return f"{when(whole)}, {time[:5]}" if time else when(whole)
