"""Documents of reports being made: ordered with a button, watched while they are made, fetched when they are done.

The page of one is kept fresh by `/live`; without scripts a link looks again.
"""

from urllib.parse import quote
from uuid import UUID

from flask import Flask, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.actions import editions as edition_actions
from tracker.actions.report_jobs import job, order_document
from tracker.bootstrap import Tracker
from tracker.domain.editions import MEDIA_TYPES, Form
from tracker.domain.report_jobs import WORDS, Step
from tracker.domain.report_orders import Order
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES, N_, gettext
from tracker.store.editions import DocumentRow
from tracker.store.report_jobs import JobState
from tracker.web.auth import Audience, account, allowed, rights
from tracker.web.installation import now, this_tracker
from tracker.web.language import language
from tracker.web.report_choice import choice

_OPEN = (JobState.WAITING.value, JobState.RUNNING.value)


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/reports/<period>/make", "make_report", make_report, methods=["POST"])
    app.add_url_rule("/reports/editions/<int:edition_id>/make", "make_of_edition", make_of_edition, methods=["POST"])
    app.add_url_rule("/reports/making/<uuid:job_id>", "report_job", report_job)
    app.add_url_rule("/reports/documents/<int:document_id>/<name>", "finished_document", finished_document)


@allowed(Audience.READERS)
def make_report(period: str) -> ResponseReturnValue:
    """Order a draft of the report in the form that was chosen."""
    return _ordered(choice(period).order(_form()))


@allowed(Audience.READERS)
def make_of_edition(edition_id: int) -> ResponseReturnValue:
    """Order a document of an edition; readers may, it says nothing that its page does not."""
    row = edition_actions.edition(this_tracker().database, edition_id, rights())
    first = _language("in") or language()
    tags = tuple(dict.fromkeys(tag for tag in (first, _language("beside")) if tag))
    order = Order(
        period=row.period, reader=row.reader, twin=row.twin or None, languages=tags, form=_form(), edition_id=edition_id
    )
    return _ordered(order)


@allowed(Audience.READERS)
def report_job(job_id: UUID) -> ResponseReturnValue:
    """How far a document is, and where it lies when it is done."""
    row = job(this_tracker().database, job_id, _own(), rights())
    made: DocumentRow | None = None
    if row.document_id is not None:
        made = edition_actions.document(this_tracker().database, row.document_id, rights())
    order = Order.model_validate(row.wanted)
    return render_template(
        "reports/making.html",
        section="reports",
        job=row,
        order=order,
        made=made,
        open=row.state in _OPEN,
        step=step_in_words(row.step),
    )


@allowed(Audience.READERS)
def finished_document(document_id: int, name: str) -> Response:  # noqa: ARG001 -- for whoever reads the address
    row = edition_actions.document(this_tracker().database, document_id, rights())
    return handed_over(row.data, Form(row.form), row.name, row.plain_name)


def handed_over(data: bytes, form: Form, name: str, plain: str) -> Response:
    """A document to keep, under its own name where the browser knows the letters, else under the plain one."""
    response = Response(data, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def step_in_words(step: str) -> str:
    return gettext(language(), WORDS[Step(step)]) if step in set(Step) else ""


def _ordered(order: Order) -> ResponseReturnValue:
    tracker = this_tracker()
    job_id = order_document(tracker.database, order, rights(), _own(), now())
    tracker.nudge("report")
    return redirect(url_for("report_job", job_id=job_id), 303)


def _form() -> Form:
    given = request.form.get("form", "")
    if given not in set(Form):
        allowed = tuple(Form)
        raise InvalidInput.one("form", given, N_("“{value}” is not one of {allowed}."), allowed=allowed)
    return Form(given)


def _language(name: str) -> str:
    given = request.form.get(name, "")
    return given if given in LANGUAGES else ""


def _own() -> int:
    me = account()
    return me.id if me else 0
