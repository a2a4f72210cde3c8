"""Readers of reports as administrators keep them: the list, the form of one, copies, and back to what shipped."""

from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import report_readers as actions
from tracker.bootstrap import Tracker
from tracker.domain.activities import Kind, Side, Visibility
from tracker.domain.report_readers import Reader, SectionName
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.store import twins as twin_store
from tracker.store.report_readers import ReaderRow, readers
from tracker.web.auth import Audience, actor, allowed
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

VIEWPOINTS = {
    Side.HUB: N_("From Volgograd: guests come to Volgograd"),
    Side.TWIN: N_("From the twin city: guests come to the twin city"),
}
_LISTS = ("counts_for", "leaves_out")
_RATE = ("currency", "rate", "into", "on", "source")
_BLANK_RATES = 2
"""Rows of the form that wait for another rate of exchange."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/admin/readers", "report_readers", report_readers)
    app.add_url_rule("/admin/readers/<slug>", "report_reader", report_reader)
    app.add_url_rule("/admin/readers/<slug>", "save_reader", save_reader, methods=["POST"])
    app.add_url_rule("/admin/readers/<slug>/copy", "copy_reader", copy_reader, methods=["POST"])
    app.add_url_rule("/admin/readers/<slug>/reset", "reset_reader", reset_reader, methods=["POST"])
    app.add_url_rule("/admin/readers/<slug>/remove", "remove_reader", remove_reader, methods=["POST"])


@allowed(Audience.ADMINISTRATORS)
def report_readers() -> str:
    with this_tracker().database.reading() as session:
        rows = readers(session)
    known = [(row.to_reader(), actions.is_own(this_tracker().database, row.slug)) for row in rows]
    return render_template("reports/readers.html", section="report_readers", readers=known)


@allowed(Audience.ADMINISTRATORS)
def report_reader(slug: str) -> str:
    row = _row(slug)
    return _form(row, row.to_reader().model_dump(mode="json"), row.version)


@allowed(Audience.ADMINISTRATORS)
def save_reader(slug: str) -> ResponseReturnValue:
    row = _row(slug)
    version = request.form.get("version", type=int, default=0)
    document = _document(row)
    if move := request.form.get("_move", ""):
        # A press on an arrow moves a section in the form; nothing is saved by it.
        return _form(row, _moved(document, move), version)
    try:
        actions.revise_reader(this_tracker().database, slug, document, version, actor(), now())
    except InvalidInput as fault:
        return _form(row, document, version, {p.field: p.message(language()) for p in fault.problems}), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return _form(row, document, fault.current or version), 409
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(url_for("report_readers"), 303)


@allowed(Audience.ADMINISTRATORS)
def copy_reader(slug: str) -> ResponseReturnValue:
    names = _row(slug).to_reader().names
    called = {tag: gettext(tag, N_("{name} (copy)"), name=name) for tag, name in names.items()}
    made = actions.copy_reader(this_tracker().database, slug, called, actor(), now())
    flash(gettext(language(), N_("Copied. Give it a name of its own.")), "success")
    return redirect(url_for("report_reader", slug=made), 303)


@allowed(Audience.ADMINISTRATORS)
def reset_reader(slug: str) -> ResponseReturnValue:
    actions.reset_reader(this_tracker().database, slug, actor(), now())
    flash(gettext(language(), N_("It is again as it came with the tracker.")), "success")
    return redirect(url_for("report_reader", slug=slug), 303)


@allowed(Audience.ADMINISTRATORS)
def remove_reader(slug: str) -> ResponseReturnValue:
    name = _row(slug).to_reader().name(language())
    try:
        actions.remove_reader(this_tracker().database, slug, actor(), now())
    except InvalidInput as fault:
        flash(" ".join(problem.message(language()) for problem in fault.problems), "error")
        return redirect(url_for("report_reader", slug=slug), 303)
    flash(gettext(language(), N_("“{name}” is removed."), name=name), "success")
    return redirect(url_for("report_readers"), 303)


def _row(slug: str) -> ReaderRow:
    with this_tracker().database.reading() as session:
        row = session.get(ReaderRow, slug)
    if row is None:
        raise NotFound(N_("There is no reader “{slug}”."), slug=slug)
    return row


def _document(row: ReaderRow) -> dict[str, Any]:
    """What was sent, as far as the form shows a reader."""
    kept = row.to_reader().model_dump(mode="json")
    on = set(request.form.getlist("on"))
    order = [name for name in request.form.getlist("sections") if name in set(SectionName)]
    return {
        **kept,
        "names": {tag: request.form.get(f"names.{tag}", "") for tag in LANGUAGES},
        "level": request.form.get("level", ""),
        "viewpoint": request.form.get("viewpoint", ""),
        "twins": request.form.getlist("twins"),
        "kinds": request.form.getlist("kinds"),
        "funder": request.form.get("funder", "").strip(),
        **{name: _split(request.form.get(name, "")) for name in _LISTS},
        "sections": [{"name": name, "on": name in on} for name in order],
        "rates": _rates(),
    }


def _rates() -> list[dict[str, str]]:
    """The rows that somebody has filled in."""
    columns = [request.form.getlist(f"rates.{name}") for name in _RATE]
    rows = (dict(zip(_RATE, map(str.strip, row), strict=True)) for row in zip(*columns, strict=False))
    return [row for row in rows if any(row.values())]


def _split(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _moved(document: dict[str, Any], move: str) -> dict[str, Any]:
    """The sections with one of them a place further up or down: `up.people`, `down.people`."""
    way, _, name = move.partition(".")
    sections = list(document["sections"])
    place = next((at for at, one in enumerate(sections) if one["name"] == name), None)
    other = None if place is None else place + (-1 if way == "up" else 1)
    if place is not None and other is not None and 0 <= other < len(sections):
        sections[place], sections[other] = sections[other], sections[place]
    return {**document, "sections": sections}


def _form(row: ReaderRow, document: dict[str, Any], version: int, faults: dict[str, str] | None = None) -> str:
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    there = [one["name"] for one in document["sections"]]
    sections = [*document["sections"], *({"name": n.value, "on": False} for n in SectionName if n.value not in there)]
    return render_template(
        "reports/reader.html",
        section="report_readers",
        reader=Reader.model_validate(row.to_reader()),
        own=actions.is_own(this_tracker().database, row.slug),
        document=document,
        sections=sections,
        rates=[*document["rates"], *[{}] * _BLANK_RATES],
        version=version,
        faults=faults or {},
        twins=twins,
        kinds=list(Kind),
        levels=list(Visibility),
        viewpoints=VIEWPOINTS,
        moved=request.form.get("_move", ""),
    )
