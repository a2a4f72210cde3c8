"""Files: added to an activity, a city or an honour, described, put into the bin and back, and handed out.

Whoever asks for bytes is asked each time whether they may see what the file belongs to, so nothing is kept by a browser
without asking again.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote
from uuid import UUID

from flask import Flask, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import files as actions
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.files import LICENCES, PICTURES, Thumbnail
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_, NP_, gettext, ngettext
from tracker.intake.file_words import OTHER, said_of
from tracker.intake.files import LARGEST_REQUEST, take
from tracker.store import files as store
from tracker.store.files import FileRow
from tracker.web.auth import Audience, account, actor, allowed
from tracker.web.files import Shown, Subject, gallery_of, show, subject_named
from tracker.web.forms import Filled, submitted
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language, when

_NO_FILE = N_("There is no such file.")
_ADDED = NP_("{n} file is added.", "{n} files are added.")
_MOST = 30
"""Files sent at once."""

View = TypeVar("View", bound=Callable[..., Any])


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/files", "add_files", add_files, methods=["GET", "POST"])
    app.add_url_rule("/files/<uuid:file_id>/<name>", "file", file)
    app.add_url_rule("/files/<uuid:file_id>/thumbnail", "file_thumbnail", file_thumbnail)
    app.add_url_rule("/files/<uuid:file_id>", "edit_file", edit_file, methods=["GET", "POST"])
    app.add_url_rule("/files/<uuid:file_id>/bin", "bin_file", bin_file, methods=["POST"])
    app.jinja_env.globals |= {"files_of": gallery_of}
    app.jinja_env.filters["file_size"] = file_size


def takes(largest: int) -> Callable[[View], View]:
    """Declare that a view takes larger requests than others, from people who are logged in."""

    def declare(view: View) -> View:
        view.largest_request = largest  # type: ignore[attr-defined]  # a mark on a function
        return view

    return declare


def let_in_large_requests() -> None:
    """Before anything reads the form: nobody unknown may send more than other pages take."""
    largest = getattr(current_app.view_functions.get(request.endpoint or ""), "largest_request", None)
    if largest and account() is not None:
        request.max_content_length = largest


def file_size(size: int) -> str:
    """As one says it: 340 kB, 2.4 MB."""
    number = f"{size / 1_000_000:.1f}" if size >= 1_000_000 else str(max(1, round(size / 1000)))
    number = number.removesuffix(".0").replace(".", "." if language() == "en" else ",")
    return f"{number} {'MB' if size >= 1_000_000 else 'kB'}"


@allowed(Audience.READERS)
@takes(LARGEST_REQUEST)
def add_files() -> ResponseReturnValue:
    subject = _subject(request.values.get("subject", ""))
    if request.method == "GET":
        return _upload_page(subject, Filled({}))
    filled = submitted(request.form)
    sent = [one for one in request.files.getlist("files") if one.filename][:_MOST]
    try:
        said = said_of(filled.tree, language(), today())
        if not sent:
            raise InvalidInput.one("files", "", N_("Choose at least one file."))
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _upload_page(subject, filled), 422
    kept, faults = 0, []
    tracker = this_tracker()
    for one in sent:
        try:
            taken = take(one.filename or "", one.read())
            one.close()
            actions.attach_file(tracker.database, tracker.files, subject.key, taken, said, actor(), now())
            kept += 1
        except (InvalidInput, Conflict) as fault:
            faults.append(fault)
    if kept:
        tracker.nudge("thumbnails")
        flash(ngettext(language(), *_ADDED, kept), "success")
    for refused in faults:
        flash(_in_short(refused), "error")
    if not kept:
        return _upload_page(subject, filled), 422
    return redirect(address_of(subject), 303)


@allowed(Audience.READERS)
def edit_file(file_id: UUID) -> ResponseReturnValue:
    shown, subject = _file(file_id, writing=True)
    row = shown.row
    if request.method == "GET":
        return _edit_page(shown, subject, _typed(row), row.version)
    filled = submitted(request.form)
    version = request.form.get("version", type=int, default=0)
    try:
        said = said_of(filled.tree, language(), today())
        actions.revise_file(this_tracker().database, file_id, said, version, actor(), now())
    except InvalidInput as fault:
        filled.faults = {problem.field: problem for problem in fault.problems}
        return _edit_page(shown, subject, filled, version), 422
    except Conflict as fault:
        flash(fault.message(language()), "error")
        return _edit_page(shown, subject, filled, row.version), 409
    flash(gettext(language(), N_("Saved.")), "success")
    return redirect(address_of(subject), 303)


@allowed(Audience.READERS)
def bin_file(file_id: UUID) -> ResponseReturnValue:
    """Into the bin, out of it, or away for good."""
    _, subject = _file(file_id, writing=True, binned=True)
    database = this_tracker().database
    if "restore" in request.form:
        actions.restore_file(database, file_id, actor(), now())
        flash(gettext(language(), N_("The file is back.")), "success")
    elif "erase" in request.form:
        actions.erase_file(database, file_id, actor(), now())
        flash(gettext(language(), N_("The file is deleted for good.")), "success")
    else:
        actions.remove_file(database, file_id, actor(), now())
        flash(gettext(language(), N_("The file lies in the bin now, for 30 days.")), "success")
    return redirect(address_of(subject), 303)


@allowed(Audience.READERS)
def file(file_id: UUID, name: str) -> Response:  # noqa: ARG001 -- for whoever reads the address
    """The file itself: pictures are shown in place, everything else is kept by whoever asks."""
    shown, _ = _file(file_id)
    row = shown.row
    inline = row.bytes.media_type in PICTURES and "download" not in request.args
    response = _bytes(row.sha256, row.bytes.size, row.bytes.media_type)
    plain = "".join(
        letter if letter.isascii() and letter.isprintable() and letter not in '"\\' else "_" for letter in row.name
    )
    how = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = (
        f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(row.name, safe='')}"
    )
    return response


@allowed(Audience.READERS)
def file_thumbnail(file_id: UUID) -> Response:
    shown, _ = _file(file_id)
    kept = shown.row.bytes
    if kept.thumbnail != Thumbnail.READY or kept.thumbnail_key is None:
        raise NotFound(_NO_FILE)
    key = kept.thumbnail_key
    response = _guarded(Response(b"", mimetype="image/webp"), key)
    if response.status_code != HTTPStatus.NOT_MODIFIED:
        response.set_data(this_tracker().files.get(key))
    return response


def address_of(subject: Subject) -> str:
    """The page a subject's files stand on."""
    kind, _, key = subject.key.partition(":")
    if kind == "activity":
        return url_for("activity", activity_id=key, _anchor="files")
    if kind == "twin":
        return url_for("twin", slug=key, _anchor="files")
    return url_for("honour", slug=key, _anchor="files")


def _bytes(sha256: str, size: int, media_type: str) -> Response:
    """The bytes or the one part of them that is asked for; several parts at once are answered with all."""
    response = _guarded(Response(b"", mimetype=media_type), sha256)
    if response.status_code == HTTPStatus.NOT_MODIFIED:
        return response
    start, end = 0, size
    asked = request.range if sha256 in (request.if_range.etag or sha256) else None
    if asked is not None and asked.units == "bytes" and len(asked.ranges) == 1:
        part = asked.range_for_length(size)
        if part is None:
            response.status_code = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
            response.headers["Content-Range"] = f"bytes */{size}"
            return response
        start, end = part
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response.headers["Content-Length"] = str(end - start)
    response.headers["Accept-Ranges"] = "bytes"
    if request.method != "HEAD":
        response.response = this_tracker().files.read(sha256, start, end - start)
    return response


def _guarded(response: Response, etag: str) -> Response:
    """With what keeps a browser from doing more with it than showing it, and from showing it without asking."""
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.set_etag(etag)
    if request.if_none_match.contains(etag):
        response.status_code = HTTPStatus.NOT_MODIFIED
    return response


def _file(file_id: UUID, *, writing: bool = False, binned: bool = False) -> tuple[Shown, Subject]:
    """The file and its subject; `NotFound` alike where there is none and where the person may not see it."""
    with this_tracker().database.reading() as session:
        row = store.file(session, file_id)
        subject = subject_named(session, row.subject) if row else None
    shown = show(subject, row) if subject and row and (binned or row.removed_at is None) else None
    if subject is None or shown is None or (shown.hidden and not writing):
        raise NotFound(_NO_FILE)
    if writing and not subject.writable:
        abort(403)
    return shown, subject


def _subject(key: str) -> Subject:
    with this_tracker().database.reading() as session:
        found = subject_named(session, key)
    if found is None:
        raise NotFound(N_("What the file is to belong to is not there."))
    if not found.writable:
        abort(403)
    return found


def _in_short(fault: InvalidInput | Conflict) -> str:
    if isinstance(fault, InvalidInput):
        return " ".join(problem.message(language()) for problem in fault.problems)
    return fault.message(language())


def _typed(row: FileRow) -> Filled:
    known = row.licence in ("", *LICENCES)
    return Filled(
        {
            "caption": dict(row.caption),
            "credit": row.credit,
            "licence": row.licence if known else OTHER,
            "licence_other": "" if known else row.licence,
            "consent": row.consent,
            "shown_people": row.shown_people,
            "delete_on": when(row.delete_on.isoformat()) if row.delete_on else "",
            "visibility": row.visibility,
        }
    )


def _levels(subject: Subject) -> list[str]:
    """Who may see a file: never more than may see its subject."""
    order = list(Visibility)
    wider = order.index(subject.visibility)
    return [level.value for level in order if order.index(level) >= wider and subject.sees(level)]


def _upload_page(subject: Subject, filled: Filled) -> str:
    return render_template(
        "files/upload.html", subject=subject, filled=filled, levels=_levels(subject), back=address_of(subject)
    )


def _edit_page(shown: Shown, subject: Subject, filled: Filled, version: int) -> str:
    return render_template(
        "files/edit.html",
        shown=shown,
        filled=filled,
        version=version,
        levels=_levels(subject),
        back=address_of(subject),
    )
