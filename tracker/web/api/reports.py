"""Reports: the figures of a period as JSON or as a finished document, editions frozen and fetched, readers.

Whoever asks gets what their role and the reader's profile both allow; what holds more is not there for them.
"""

from collections.abc import Sequence
from urllib.parse import quote

from flask import Response, url_for
from flask_openapi3 import Tag

from tracker.actions import editions as actions
from tracker.actions.reports import Asked, allowed_to, draft, known_readers, rendered
from tracker.domain.editions import MEDIA_TYPES, Form, Frozen
from tracker.domain.periods import InvalidPeriod, Period
from tracker.domain.report_orders import Order, file_name, plain_name
from tracker.errors import Forbidden, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.store import editions as store
from tracker.store.idempotency import Answer
from tracker.store.unit_of_work import Unit
from tracker.web.api.blueprint import SCHEMAS, api, body_of, json_of, problems
from tracker.web.api.bodies import json_body
from tracker.web.api.callers import actor, at_hand, bearer
from tracker.web.api.documents import Query
from tracker.web.api.examples import IDEMPOTENCY_KEY, NEW_EDITION
from tracker.web.api.idempotency import Keep, answer_once
from tracker.web.api.report_documents import (
    DocumentItem,
    DocumentPage,
    DocumentPath,
    EditionDocumentQuery,
    EditionInput,
    EditionItem,
    EditionPage,
    EditionPath,
    ReaderPage,
    ReportPath,
    ReportQuery,
)
from tracker.web.auth import Audience, allowed

_TAGS = [Tag(name="Reports", description="What was done in a span of time, for each of its readers.")]
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_DOCUMENT = {
    "description": "The report; as JSON unless another format is asked for",
    "headers": {"Content-Disposition": {"description": "the document's name", "schema": {"type": "string"}}},
    "content": dict.fromkeys(MEDIA_TYPES.values(), _BINARY)
    | {MEDIA_TYPES[Form.JSON]: {"schema": {"$ref": f"{SCHEMAS}/ReportJson"}}},
}
_FILE = {**_DOCUMENT, "description": "The finished document"}


@api.get("/readers", tags=_TAGS, operation_id="listReaders", responses={200: json_of("ReaderPage", "All readers")})
@allowed(Audience.TOKEN)
def list_readers(query: Query) -> Response:  # noqa: ARG001 -- it says that there are no arguments
    """List the readers that reports are written for"""
    known = tuple(known_readers(at_hand().database))
    return _json(ReaderPage(items=known, next=None, total=len(known)).model_dump_json())


@api.get(
    "/reports/<period>",
    tags=_TAGS,
    operation_id="getReport",
    responses={200: _DOCUMENT, **problems(403, 404)},
)
@allowed(Audience.TOKEN)
def get_report(path: ReportPath, query: ReportQuery) -> Response:
    """Fetch the report of a period as it stands now

    The period is a year (2018) or a span (2018-07..2019-06). Two languages stand beside one another.
    """
    order = _order(path.period, query.for_, query.twin, query.lang, query.format)
    frozen = draft(at_hand().database, _asked(order))
    return _document(frozen, order.form, order.languages)


@api.get(
    "/reports/<period>/editions",
    tags=_TAGS,
    operation_id="listEditions",
    responses={200: json_of("EditionPage", "The editions of that period, the newest first"), **problems(404)},
)
@allowed(Audience.TOKEN)
def list_editions(path: ReportPath, query: Query) -> Response:  # noqa: ARG001 -- it says that there are no arguments
    """List the editions of a period"""
    with at_hand().database.reading() as session:
        rows = store.editions(session, actions.seen_levels(bearer().rights), _period(path.period))
    items = tuple(EditionItem.model_validate(actions.told(row)) for row in rows)
    return _json(EditionPage(items=items, next=None, total=len(items)).model_dump_json())


@api.post(
    "/reports/<period>/editions",
    tags=_TAGS,
    operation_id="freezeEdition",
    responses={
        201: json_of("EditionItem", "Frozen", headers={"Location": "its address"}),
        **problems(400, 403, 404, 409, 413, 415),
    },
    openapi_extensions=body_of("EditionInput", NEW_EDITION) | {"x-headers": [IDEMPOTENCY_KEY]},
)
@allowed(Audience.TOKEN)
def freeze_edition(path: ReportPath) -> Response:
    """Freeze an edition

    Figures, texts and pictures are kept as they are now, under the next number. With an Idempotency-Key the same
    request can be sent again: it is answered as the first time, and done once.
    """
    document = json_body()

    def do(keep: Keep | None) -> Answer:
        wanted = checked(EditionInput, document)
        order = _order(path.period, wanted.reader, wanted.twin, wanted.languages, Form.JSON)

        def remember(unit: Unit, row: store.EditionRow) -> None:
            if keep:
                keep(unit, 201, _edition(row), _address(row.id))

        row = actions.freeze(at_hand().database, _asked(order), remember=remember if keep else None)
        return Answer("", 201, _edition(row), _address(row.id))

    answer, repeated = answer_once(document, do)
    response = _json(answer.body, answer.status)
    response.headers["Location"] = answer.location
    if repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@api.get(
    "/editions/<int:edition_id>",
    tags=_TAGS,
    operation_id="getEdition",
    responses={200: json_of("EditionItem", "The edition"), **problems(404)},
)
@allowed(Audience.TOKEN)
def get_edition(path: EditionPath) -> Response:
    """Fetch what is told of an edition"""
    return _json(_edition(actions.edition(at_hand().database, path.edition_id, bearer().rights)))


@api.get(
    "/editions/<int:edition_id>/document",
    tags=_TAGS,
    operation_id="getEditionDocument",
    responses={200: _FILE, **problems(404)},
)
@allowed(Audience.TOKEN)
def get_edition_document(path: EditionPath, query: EditionDocumentQuery) -> Response:
    """Fetch an edition as a document, made from what was frozen"""
    row = actions.edition(at_hand().database, path.edition_id, bearer().rights)
    languages = tuple(dict.fromkeys(map(str, query.lang))) or tuple(row.languages)
    return _document(row.to_frozen(), query.format, languages, row.sha256)


@api.get(
    "/reports/<period>/documents",
    tags=_TAGS,
    operation_id="listDocuments",
    responses={200: json_of("DocumentPage", "The last fifty, the newest first"), **problems(404)},
)
@allowed(Audience.TOKEN)
def list_documents(path: ReportPath, query: Query) -> Response:  # noqa: ARG001 -- it says that there are no arguments
    """List the finished documents of a period"""
    with at_hand().database.reading() as session:
        rows = store.documents(session, actions.seen_levels(bearer().rights), _period(path.period))
    items = tuple(DocumentItem.model_validate(row, from_attributes=True) for row in rows)
    return _json(DocumentPage(items=items, next=None, total=len(items)).model_dump_json())


@api.get(
    "/documents/<int:document_id>", tags=_TAGS, operation_id="getDocument", responses={200: _FILE, **problems(404)}
)
@allowed(Audience.TOKEN)
def get_document(path: DocumentPath) -> Response:
    """Fetch a finished document"""
    row = actions.document(at_hand().database, path.document_id, bearer().rights)
    return _file(row.data, Form(row.form), row.name, row.plain_name)


def _order(period: str, reader: str, twin: str | None, languages: Sequence[str], form: Form) -> Order:
    """Raises `NotFound` for what is no period, `InvalidInput` for the rest."""
    given = {"period": _period(period), "reader": reader, "twin": twin, "languages": list(languages), "form": form}
    return checked(Order, given)


def _period(text: str) -> str:
    try:
        return str(Period.parse(text))
    except InvalidPeriod as fault:
        raise NotFound(fault.reason, value=fault.text) from fault


def _asked(order: Order) -> Asked:
    database = at_hand().database
    seen = allowed_to(database, order, bearer().rights)
    if not seen:
        raise Forbidden(N_("Your account may not read this report."))
    return Asked(order, seen, actor().name, at_hand().clock())


def _document(frozen: Frozen, form: Form, languages: tuple[str, ...], sha256: str = "") -> Response:
    data = rendered(at_hand().database, frozen, form, languages, sha256)
    return _file(data, form, file_name(frozen, form, languages), plain_name(frozen, form, languages))


def _file(data: bytes, form: Form, name: str, plain: str) -> Response:
    response = Response(data, mimetype=MEDIA_TYPES[form])
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
    return response


def _edition(row: store.EditionRow) -> str:
    return EditionItem.model_validate(actions.told(row)).model_dump_json()


def _address(edition_id: int) -> str:
    return url_for("api.get_edition", edition_id=edition_id)


def _json(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="application/json")
