"""The blueprint all views of the API hang on, and what is the same for each of their descriptions."""

from typing import Any

from flask import Response
from flask_openapi3 import APIBlueprint

from tracker.web.api.callers import identify
from tracker.web.api.problems import MEDIA_TYPE, handle

PREFIX = "/api/v1"
SCHEMAS = "#/components/schemas"

_PHRASES = {
    304: "The caller has this version already",
    400: "The body is not JSON, or the request is malformed",
    401: "No token, or one that is not known",
    403: "The token's owner may not do this",
    404: "There is nothing here, or the caller may not see it",
    409: "Somebody else wrote the same at the same moment",
    412: "If-Match does not name the current version, which is in `current` and ETag",
    413: "The body is larger than 1 MB",
    415: "The body is not application/json",
    422: "Fields or arguments are wrong: see `errors`",
    428: "If-Match is missing",
    500: "A fault of the tracker; nothing was changed",
    503: "The database is away; Retry-After says when to try again",
}


def json_of(schema: str, description: str, *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """The description of an answer whose body is that schema."""
    return {
        "description": description,
        "headers": {n: {"description": d, "schema": {"type": "string"}} for n, d in (headers or {}).items()},
        "content": {"application/json": {"schema": {"$ref": f"{SCHEMAS}/{schema}"}}},
    }


def problems(*statuses: int) -> dict[str | int, Any]:
    """The descriptions of errors; those that every view can give are there already."""
    return {status: _problem(status) for status in statuses}


def body_of(schema: str, example: dict[str, Any]) -> dict[str, Any]:
    """The description of a request's body. Not by a parameter `body`: bodies are read by ourselves (see `bodies`)."""
    content = {"application/json": {"schema": {"$ref": f"{SCHEMAS}/{schema}"}, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def _problem(status: int) -> dict[str, Any]:
    described: dict[str, Any] = {"description": _PHRASES[status]}
    if status != 304:
        described["content"] = {MEDIA_TYPE: {"schema": {"$ref": f"{SCHEMAS}/Problem"}}}
    if status == 401:
        described["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == 503:
        described["headers"] = {"Retry-After": {"schema": {"type": "integer"}}}
    return described


api = APIBlueprint(
    "api",
    __name__,
    url_prefix=PREFIX,
    abp_security=[{"bearer": []}],
    abp_responses=problems(401, 422, 500, 503),
)
# Before everything that runs before a request: the account machinery of the pages looks into every body for a token of
# its own, and must find the API's limit set by then.
api.url_value_preprocessor(identify)
handle(api)


@api.after_request
def _private(response: Response) -> Response:
    """What a token opens is for its bearer only: nothing on the way may keep it."""
    response.headers["Cache-Control"] = "no-store"
    return response
