"""Taking in a file: uploaded first, looked at in a preview, and taken in by a button that does just that.

The preview is reckoned anew at every look, and once more by the button: what others changed meanwhile counts.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions.imports import (
    SHOWN,
    ImportFile,
    Preview,
    choose_options,
    keep_upload,
    preview,
    take_in_upload,
    upload,
)
from tracker.bootstrap import Tracker
from tracker.domain.activities import Kind, Visibility
from tracker.domain.field_words import FIELDS
from tracker.domain.twins import HUB
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.intake.ical_activities import Options
from tracker.intake.ical_lines import is_calendar
from tracker.intake.problems import CellProblem, InvalidTable
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, account, actor, allowed, rights, visibilities
from tracker.web.doubles import doubles
from tracker.web.installation import now, this_tracker
from tracker.web.language import changed_value, language, zone

PASTED = N_("Pasted table")
"""What a table is called that was pasted rather than uploaded."""

LOOKED_AT = 50
"""So many new activities are looked up, whether they are logged already."""

LARGEST = 10_000_000
"""Bytes of an upload; a request may be a little larger."""

_NO_FILE = N_("Choose a file first: a calendar (.ics) or a sheet (.csv or .xlsx).")
_TOO_LARGE = N_("“{value}” is larger than {most} MB. Split it into several files.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/imports", "imports", imports, methods=["GET", "POST"])
    app.add_url_rule("/imports/<uuid:upload_id>", "import_preview", import_preview, methods=["GET", "POST"])
    app.add_url_rule("/imports/<uuid:upload_id>/take-in", "take_in", take_in, methods=["POST"])


@allowed(Audience.EDITORS)
def imports() -> ResponseReturnValue:
    if request.method == "GET":
        return _start(Options(language=language()))
    options, given = _options(), request.files.get("file")
    if given is None or not given.filename:
        return _start(options, gettext(language(), _NO_FILE)), 422
    content = given.read()
    if len(content) > LARGEST:
        return _start(options, gettext(language(), _TOO_LARGE, value=given.filename, most=LARGEST // 1_000_000)), 413
    file = ImportFile(given.filename, content, options)
    upload_id = keep_upload(this_tracker().database, _own(), file, actor(), now())
    return redirect(url_for("import_preview", upload_id=upload_id), 303)


@allowed(Audience.EDITORS)
def import_preview(upload_id: UUID) -> ResponseReturnValue:
    database = this_tracker().database
    if request.method == "POST":
        choose_options(database, upload_id, _own(), _options(), actor(), now())
        return redirect(url_for("import_preview", upload_id=upload_id), 303)
    shown = upload(database, upload_id, _own())
    if shown.outcome is not None:
        return render_template("imports/done.html", upload=shown)
    looked: Preview | None = None
    problems: tuple[CellProblem, ...] = ()
    try:
        looked = preview(database, shown.file, actor(), now(), rights())
    except InvalidTable as fault:
        problems = fault.problems
    changed = [(one, list(_differences(one.before, one.after))) for one in looked.changed] if looked else []
    name = shown.file.name
    return render_template(
        "imports/preview.html",
        upload=shown,
        pasted=name in {gettext(tag, PASTED) for tag in LANGUAGES},
        likely=[doubles(content) for content in looked.created[:LOOKED_AT]] if looked else [],
        looked=looked,
        changed=changed,
        problems=problems[:SHOWN],
        more_problems=len(problems[SHOWN:]),
        calendar=is_calendar(shown.file.content),
        **_choices(shown.file.options),
    )


@allowed(Audience.EDITORS)
def take_in(upload_id: UUID) -> ResponseReturnValue:
    try:
        take_in_upload(this_tracker().database, upload_id, _own(), actor(), now(), rights())
    except InvalidTable:
        flash(gettext(language(), N_("Nothing was taken in: something changed meanwhile. Look again below.")), "error")
    return redirect(url_for("import_preview", upload_id=upload_id), 303)


def _own() -> int:
    known = account()
    return known.id if known else 0


def _start(options: Options, fault: str = "") -> str:
    return render_template("imports/start.html", fault=fault, **_choices(options))


def _choices(options: Options) -> dict[str, Any]:
    """What the options of a calendar file can be, and what they are."""
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
    zones = sorted({HUB.timezone, zone().key, options.zone, *(t.timezone for t in twins.values())} - {None}, key=str)
    return {"options": options, "twins": twins, "zones": zones, "visibilities": visibilities()}


def _options() -> Options:
    """The options as chosen; whatever cannot be is left as it is usual."""
    form, usual = request.form, Options(language=language())
    with this_tracker().database.reading() as session:
        known = twin_store.current(session)
    return Options(
        kind=Kind(form["kind"]) if form.get("kind") in set(Kind) else None,
        twins=tuple(slug for slug in form.getlist("twins") if slug in known),
        language=form["language"] if form.get("language") in LANGUAGES else usual.language,
        zone=form["zone"] if form.get("zone") in available_timezones() else usual.zone,
        visibility=Visibility(form["visibility"]) if form.get("visibility") in visibilities() else usual.visibility,
    )


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str, str]]:
    """Each changed field with the language of its text (or none), its old and its new value in words."""
    for name in [field for field in FIELDS if field in after]:
        old, new = before.get(name), after[name]
        if name in ("title", "description"):
            old, new = old or {}, new or {}
            yield from (
                (name, tag, old.get(tag, ""), new.get(tag, ""))
                for tag in sorted({*old, *new})
                if old.get(tag) != new.get(tag)
            )
        else:
            yield name, "", _value(name, old), _value(name, new)


def _value(name: str, value: Any) -> str:
    """A value of the store as a person reads it."""
    if isinstance(value, Mapping):
        return ", ".join(filter(None, (_value("", part) for part in value.values())))
    if isinstance(value, list | tuple):
        return "; ".join(_value(name, part) for part in value)
    return changed_value(str(value), name) if value not in (None, False) else ""
