"""The description of the API (OpenAPI 3.1) and the page that shows it, both from this house: no other host is asked.

flask-openapi3 collects addresses and arguments from the views; the schemas are put in whole from pydantic, because
its own copy of them leaves out patterns of keys and tells input and output apart by nothing.
"""

import copy
from functools import cache
from pathlib import Path
from typing import Any

import flask_openapi3_swagger
from flask import Blueprint, Response, abort, current_app, jsonify, render_template, send_from_directory
from flask_openapi3 import Info, OpenAPI
from pydantic import ValidationError
from pydantic.json_schema import models_json_schema

from tracker.domain.activities import Activity
from tracker.domain.twins import Twin
from tracker.intake.json import refused
from tracker.outputs.report_json import ReportJson
from tracker.web.api import report_documents
from tracker.web.api.blueprint import PREFIX, SCHEMAS
from tracker.web.api.documents import QUERIES, ActivityInput, ActivityPage, OccasionPage, TwinPage
from tracker.web.api.problems import Problem, handle
from tracker.web.api.report_documents import DocumentPage, EditionInput, EditionItem, EditionPage, ReaderPage
from tracker.web.auth import Audience, allowed

_ABOUT = """
Activities, twins, occasions and reports of Volgograd and its twin cities.

**Access.** Every call needs `Authorization: Bearer <token>`; an administrator issues tokens with `tracker token new`.
A token opens what its owner's role opens: what you may not see answers 404, what you may not do 403.

**Dates** are EDTF (ISO 8601-2): `1988-11-28`, `1960-05`, `1944`, `199X`, `2013-23` (autumn 2013), `2002/..` (still
running); or a local date-time such as `2026-11-28T18:00` with `timezone`. Nobody invents a day.

**Versions.** A change needs `If-Match` with the ETag you have read: 428 without, 412 if somebody was faster.

**Sending again.** With `Idempotency-Key` a POST can be repeated safely.

**Errors** are `application/problem+json` (RFC 9457) in the language of `Accept-Language` (en, de, ru). `type` is
about:blank or one of `/problems/invalid-input`, `/problems/idempotency-key-reused`, `/problems/stale-version`,
`/problems/version-required`, `/problems/database-away`.
"""

_SWAGGER = Path(flask_openapi3_swagger.__file__).parent / "templates" / "swagger"
_SWAGGER_FILES = {
    "swagger-ui-bundle.js": "js/swagger-ui-bundle.js",
    "swagger-ui.css": "css/swagger-ui.css",
}

_ANSWERED = (
    Activity, ActivityPage, Twin, TwinPage, OccasionPage, ReportJson, EditionItem, EditionPage, DocumentPage,
    ReaderPage, Problem,
)  # fmt: skip
_QUERIES = {**QUERIES, **report_documents.QUERIES}

docs = Blueprint("api_docs", __name__, url_prefix=PREFIX)
handle(docs)


def register(app: OpenAPI) -> None:
    """Complete what flask-openapi3 has collected."""
    app.info = Info(title="tracker", version="1", description=_ABOUT.strip())
    app.validation_error_callback = _refuse
    app.validation_error_model = Problem
    app.openapi_extensions = {
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `tracker token new`."}
            },
        }
    }
    app.register_blueprint(docs)


def document(app: OpenAPI) -> dict[str, Any]:
    """The whole description as JSON."""
    made: dict[str, Any] = copy.deepcopy(app.api_doc)
    for operations in made["paths"].values():
        for operation in operations.values():
            # Docstrings are Markdown; flask-openapi3 puts a break at the end of each of their lines.
            operation["description"] = operation.get("description", "").replace("<br/>", "\n").strip()
            # Headers are no parameters of our views: those would be checked before we could answer in our own way.
            operation.setdefault("parameters", []).extend(operation.pop("x-headers", []))
    return made


@docs.get("/openapi.json")
@allowed(Audience.EVERYBODY)
def openapi_json() -> Response:
    kept = current_app.extensions
    if "api_description" not in kept:
        kept["api_description"] = document(current_app)  # type: ignore[arg-type]  # Flask proxy
    return jsonify(kept["api_description"])


@docs.get("/docs")
@allowed(Audience.EVERYBODY)
def page() -> Response:
    return Response(render_template("api_docs.html"))


@docs.get("/docs/<name>")
@allowed(Audience.EVERYBODY)
def asset(name: str) -> Response:
    if name not in _SWAGGER_FILES:
        abort(404)
    return send_from_directory(_SWAGGER, _SWAGGER_FILES[name], max_age=86400)


@cache
def _schemas() -> dict[str, Any]:
    given = [(m, "validation") for m in (ActivityInput, EditionInput)]
    answered = [(m, "serialization") for m in _ANSWERED]
    asked = [(m, "validation") for m in _QUERIES.values()]
    _, found = models_json_schema(
        [*given, *answered, *asked],  # type: ignore[list-item]  # of three kinds
        ref_template=f"{SCHEMAS}/{{model}}",
    )
    made: dict[str, Any] = found["$defs"]
    return {name: schema for name, schema in made.items() if name not in _QUERIES}


def _refuse(fault: ValidationError) -> None:
    """Arguments that are wrong, in our own shape instead of flask-openapi3's; an address that cannot be is nowhere."""
    if fault.title not in _QUERIES:
        abort(404)
    raise refused(fault, _QUERIES[fault.title])
