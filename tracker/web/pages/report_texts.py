"""Texts and pictures of a report: written in place, looked at before they are saved, added and taken out by editors."""

from typing import Any
from uuid import UUID

from flask import Flask, Response, abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from tracker.actions import report_texts as actions
from tracker.bootstrap import Tracker
from tracker.domain.access import may_see
from tracker.domain.report_places import Place
from tracker.domain.report_readers import SectionName
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.outputs.markdown import to_html
from tracker.store import report_texts as store
from tracker.web.auth import Audience, actor, allowed, rights
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.report_choice import Choice, choice

_NO_PICTURE = N_("There is no such picture.")


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.jinja_env.filters["by_stem"] = lambda form, stem: {tag: form.get(f"{stem}.{tag}", "") for tag in LANGUAGES}
    app.add_url_rule("/reports/<period>/text", "report_text", report_text, methods=["GET", "POST"])
    app.add_url_rule("/reports/<period>/pictures", "report_pictures", report_pictures, methods=["GET", "POST"])
    app.add_url_rule("/reports/<period>/pictures/<uuid:picture_id>", "report_picture", report_picture)
    app.add_url_rule("/reports/<period>/pictures/<uuid:picture_id>", "change_picture", change_picture, methods=["POST"])


@allowed(Audience.EDITORS)
def report_text(period: str) -> ResponseReturnValue:
    """One section's text in one language, with a preview below it."""
    shown, place = _chosen(period)
    tag = _language(shown)
    with this_tracker().database.reading() as session:
        row = store.text_at(session, **place.columns, language=tag)
    version, markdown = (row.version, row.markdown) if row else (0, "")
    if request.method == "GET":
        return _text_page(shown, place, tag, version, markdown)
    typed = request.form.get("markdown", "")
    given = request.form.get("version", type=int, default=0)
    if "_preview" in request.form:
        return _text_page(shown, place, tag, given, typed, preview=True)
    try:
        actions.save_text(this_tracker().database, place, tag, typed, given, actor(), now())
    except InvalidInput as fault:
        told = " ".join(problem.message(language()) for problem in fault.problems)
        return _text_page(shown, place, tag, given, typed, fault=told), 422
    except Conflict as fault:
        # What they typed stays; what stands there now is shown beside it, and they decide once more.
        flash(fault.message(language()), "error")
        return _text_page(shown, place, tag, version, typed, theirs=markdown, preview=True), 409
    flash(gettext(language(), N_("The text is saved.")), "success")
    return redirect(shown.address("report", _anchor=f"section-{place.section or 'foreword'}"), 303)


@allowed(Audience.EDITORS)
def report_pictures(period: str) -> ResponseReturnValue:
    shown, place = _chosen(period)
    if request.method == "GET":
        return _pictures_page(shown)
    file = request.files.get("picture")
    try:
        actions.add_picture(
            this_tracker().database,
            place,
            file.read() if file else b"",
            _by_language("alt"),
            _by_language("caption"),
            request.form.get("credit", ""),
            actor(),
            now(),
        )
    except InvalidInput as fault:
        return _pictures_page(shown, {p.field: p.message(language()) for p in fault.problems}), 422
    flash(gettext(language(), N_("The picture is added. What the camera had written into it is left out.")), "success")
    return redirect(shown.address("report_pictures"), 303)


@allowed(Audience.EDITORS)
def report_picture(period: str, picture_id: UUID) -> Response:
    shown = choice(period)
    row = _picture(shown, picture_id)
    with this_tracker().database.reading() as session:
        image = session.get_one(store.ImageRow, row.sha256)
    response = Response(image.data, mimetype=image.media_type)
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@allowed(Audience.EDITORS)
def change_picture(period: str, picture_id: UUID) -> ResponseReturnValue:
    """Change what is said of a picture, or take it out."""
    shown, database = choice(period), this_tracker().database
    row = _picture(shown, picture_id)
    if "_remove" in request.form:
        actions.remove_picture(database, row.id, actor(), now())
        flash(gettext(language(), N_("The picture is taken out. Editions that show it go on showing it.")), "success")
        return redirect(shown.address("report_pictures"), 303)
    version = request.form.get("version", type=int, default=0)
    words = _by_language("alt"), _by_language("caption"), request.form.get("credit", "")
    try:
        actions.revise_picture(database, row.id, *words, version, actor(), now())
    except InvalidInput as fault:
        return _pictures_page(shown, {f"{row.id}": p.message(language()) for p in fault.problems}), 422
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(shown.address("report_pictures", _anchor=f"picture-{row.id}"), 303)


def _chosen(period: str) -> tuple[Choice, Place]:
    """The report, and the place in it: of this reader, or of all where the form says so. Raises `NotFound`."""
    shown = choice(period)
    section = request.values.get("section", "")
    if section not in ("", *SectionName):
        raise NotFound(N_("There is no report here."))
    for_all = request.values.get("all", "") == "1"
    if not for_all and not may_see(rights(), shown.reader.level):
        abort(403)  # what is written for a reader is as confidential as that reader's report
    reader = None if for_all else shown.reader.slug
    columns: dict[str, Any] = {"period": str(shown.period), "reader": reader, "twin": shown.twin or None}
    return shown, Place(**columns, section=SectionName(section) if section else None)


def _text_page(
    shown: Choice,
    place: Place,
    tag: str,
    version: int,
    markdown: str,
    *,
    preview: bool = False,
    theirs: str | None = None,
    fault: str = "",
) -> str:
    return render_template(
        "reports/text.html",
        section="reports",
        choice=shown,
        place=place,
        tag=tag,
        version=version,
        markdown=markdown,
        shown=Markup(to_html(markdown)) if preview else None,  # noqa: S704 -- raw HTML is text there
        theirs=theirs,
        fault=fault,
    )


def _pictures_page(shown: Choice, faults: dict[str, str] | None = None) -> str:
    with this_tracker().database.reading() as session:
        rows = store.pictures(session, str(shown.period), shown.reader.slug, shown.twin)
    seen = [row for row in rows if not row.reader or may_see(rights(), shown.reader.level)]
    return render_template(
        "reports/pictures.html",
        section="reports",
        choice=shown,
        pictures=seen,
        sections=[choice.name.value for choice in shown.reader.sections if choice.on],
        faults=faults or {},
        typed=request.form,
    )


def _picture(shown: Choice, picture_id: UUID) -> store.PictureRow:
    with this_tracker().database.reading() as session:
        row = session.get(store.PictureRow, picture_id)
    if row is None or row.period != str(shown.period) or (row.reader and row.reader != shown.reader.slug):
        raise NotFound(_NO_PICTURE)
    if row.reader and not may_see(rights(), shown.reader.level):
        raise NotFound(_NO_PICTURE)
    return row


def _language(shown: Choice) -> str:
    given = request.values.get("tongue", "")
    return given if given in LANGUAGES else shown.first


def _by_language(stem: str) -> dict[str, str]:
    return {tag: request.form.get(f"{stem}.{tag}", "") for tag in LANGUAGES}
