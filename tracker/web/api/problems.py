"""Every error of the API as one shape: problem+json (RFC 9457), in the language the caller asks for.

`handle` takes the errors of a blueprint's own views, `register` those found before any view (an unknown address, a
method that is not offered). Pages keep their own error pages: nothing here answers outside the API's addresses.
"""

import re
from collections.abc import Mapping
from typing import Any

import structlog
from flask import Blueprint, Flask, Response, request
from pydantic import BaseModel, Field
from pydantic_core import to_jsonable_python
from werkzeug.exceptions import HTTPException, default_exceptions
from werkzeug.routing import RequestRedirect

from tracker.errors import Conflict, FieldProblem, Forbidden, InvalidInput, NotFound, TrackerError
from tracker.i18n import LANGUAGES, N_, gettext, known_language
from tracker.store.base import DATABASE_FAULTS

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 5
"""After how long a caller should try again when the database is away; a restart takes about as long."""

_LONGEST_ECHO = 200
"""A wrong value is shown back, but a book of it is not."""

# Titles are the phrases of HTTP, as RFC 9457 asks for where the type is about:blank; the details are ours.
_WORDS = {
    400: (N_("Bad Request"), N_("The request could not be read.")),
    401: (
        N_("Unauthorized"),
        N_("Send a valid token in the header Authorization: Bearer …; an administrator can issue one."),
    ),
    403: (N_("Forbidden"), N_("Your account may not do this.")),
    404: (N_("Not Found"), N_("There is nothing at this address, or you may not see it.")),
    405: (N_("Method Not Allowed"), N_("This address does not offer {method}.")),
    409: (N_("Conflict"), N_("Somebody else changed this meanwhile. Please look at the new version first.")),
    412: (N_("Precondition Failed"), N_("If-Match does not name the current version. Fetch it again first.")),
    413: (N_("Content Too Large"), N_("A request may hold 1 MB at most.")),
    415: (N_("Unsupported Media Type"), N_("Send the body as application/json.")),
    422: (N_("Unprocessable Content"), N_("Something in the request is not right; see “errors”.")),
    428: (N_("Precondition Required"), N_("Send If-Match with the ETag of the version you are changing.")),
    429: (N_("Too Many Requests"), N_("Please wait a little before asking again.")),
    500: (N_("Internal Server Error"), N_("Something went wrong on our side. Nothing was changed.")),
    503: (N_("Service Unavailable"), N_("The database cannot be reached. Please try again in a moment.")),
}

_log = structlog.get_logger(__name__)


class FieldFault(BaseModel):
    """One wrong field: its name (with dots and indexes inside), what stood there, and what would be right."""

    field: str = Field(examples=["counts.0.value"])
    value: Any = Field(description="what was sent, shortened where it is long")
    message: str


class Problem(BaseModel):
    """An error (RFC 9457). `title` and `detail` are in the language of Accept-Language: en, de or ru."""

    type: str = Field(description="about:blank, or a relative address that names the very problem")
    title: str
    status: int
    detail: str
    instance: str = Field(description="the address that was asked for")
    errors: list[FieldFault] = Field(default_factory=list)
    current: int | None = Field(None, description="the current version, where yours is stale")


class ApiError(TrackerError):
    """An error with a status of its own and headers that belong to it."""

    def __init__(
        self,
        status: int,
        reason: str = "",
        *,
        type_: str = "about:blank",
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> None:
        super().__init__(reason or _WORDS[status][1], **values)
        self.status, self.type, self.headers = status, type_, dict(headers or {})


class StaleVersion(ApiError):
    """The caller's version is not the `current` one."""

    def __init__(self, current: int | None) -> None:
        headers = {} if current is None else {"ETag": f'"{current}"'}
        super().__init__(412, type_="/problems/stale-version", headers=headers)
        self.current = current


def handle(blueprint: Blueprint) -> None:
    """Answer the errors of a blueprint's own views."""
    # By code, since Flask prefers an application's handler of one code to a blueprint's handler of all.
    for code in default_exceptions:
        blueprint.register_error_handler(code, _http)
    blueprint.register_error_handler(TrackerError, _ours)
    for fault in DATABASE_FAULTS:
        blueprint.register_error_handler(fault, _database_away)
    blueprint.register_error_handler(Exception, _unforeseen)


def register(app: Flask, prefix: str) -> None:
    """Answer what no view of the API is there for: an unknown address, a method that is not offered."""

    @app.before_request
    def _without_a_view() -> Response | None:
        fault = request.routing_exception
        if not request.path.startswith(f"{prefix}/") or fault is None or isinstance(fault, RequestRedirect):
            return None
        return _http(fault)


def language() -> str:
    """The language of this caller: programs have no cookie and no account page, only Accept-Language."""
    return known_language(request.accept_languages.best_match(LANGUAGES))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if error.response is not None:
        return error.response  # type: ignore[return-value]  # WSGI response
    allowed = getattr(error, "valid_methods", None)
    return _answer(status, headers={"Allow": ", ".join(sorted(allowed))} if allowed else {})


def _ours(error: TrackerError) -> Response:
    match error:
        case InvalidInput():
            return _answer(422, type_="/problems/invalid-input", errors=error.problems)
        case ApiError():
            detail = error.message(language())
            current = getattr(error, "current", None)
            return _answer(error.status, detail, type_=error.type, headers=error.headers, current=current)
        case NotFound():
            return _answer(404, error.message(language()))
        case Conflict():
            return _answer(409, error.message(language()), current=error.current)
        case Forbidden():
            return _answer(403, error.message(language()))
    return _unforeseen(error)


def _database_away(error: Exception) -> Response:
    _log.error("api.database_away", path=request.path, error=str(error))
    return _answer(503, type_="/problems/database-away", headers={"Retry-After": str(RETRY_SECONDS)})


def _unforeseen(error: Exception) -> Response:
    _log.error("api.failed", path=request.path, method=request.method, exc_info=error)
    return _answer(500)


def _answer(
    status: int,
    detail: str = "",
    *,
    type_: str = "about:blank",
    headers: Mapping[str, str] | None = None,
    errors: tuple[FieldProblem, ...] = (),
    current: int | None = None,
) -> Response:
    tongue = language()
    phrase = default_exceptions[status].__name__ if status in default_exceptions else "Error"
    title, usual = _WORDS.get(status, (re.sub(r"(?<=[a-z])(?=[A-Z])", " ", phrase), ""))
    problem = Problem(
        type=type_,
        title=gettext(tongue, title),
        status=status,
        detail=detail or (gettext(tongue, usual, method=request.method) if usual else gettext(tongue, title)),
        instance=request.path,
        errors=[FieldFault(field=e.field, value=_shown(e.value), message=e.message(tongue)) for e in errors],
        current=current,
    )
    left_out = {name for name in ("errors", "current") if not getattr(problem, name)}
    response = Response(problem.model_dump_json(exclude=left_out), status, mimetype=MEDIA_TYPE)
    response.headers.update({"Cache-Control": "no-store", "Content-Language": tongue, **(headers or {})})
    return response


def _shown(value: object) -> object:
    """The wrong value as JSON, short: enough to find it again."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_ECHO else value[:_LONGEST_ECHO] + "…"
    plain = to_jsonable_python(value, fallback=str)
    text = str(plain)
    return plain if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"
