"""The one place where errors become answers. Pages get a page in the reader's language; the API answers for itself.

A fault of our own is logged with its trace and shown without it.
"""

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.bootstrap import Tracker
from tracker.errors import Conflict, Forbidden, InvalidInput, NotFound, TrackerError
from tracker.i18n import N_
from tracker.web.language import language

log = structlog.get_logger()

_STATUS: dict[type[TrackerError], int] = {InvalidInput: 422, NotFound: 404, Conflict: 409, Forbidden: 403}

_TITLES = {
    400: N_("That could not be read"),
    401: N_("Please log in"),
    403: N_("You may not do this"),
    404: N_("There is nothing here"),
    405: N_("That is not possible here"),
    409: N_("Somebody was faster"),
    413: N_("That is too much at once"),
    422: N_("Something is not right yet"),
    500: N_("Something went wrong on our side"),
}
_ADVICE = {
    400: N_("The form may have been open for too long. Please go back, reload the page and try again."),
    403: N_("Your account is not meant for this page. An administrator can change that."),
    404: N_("The address may be mistyped, or what stood here has been removed."),
    409: N_("Please look at the newest version first, then make your change again."),
    500: N_("Nothing was half saved. Please try again; if it happens again, tell an administrator the time."),
}


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.register_error_handler(TrackerError, _of_tracker)
    app.register_error_handler(CSRFError, lambda _fault: page(400))
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(500, _of_ours)


def page(status: int, message: str = "") -> ResponseReturnValue:
    """The error page of a status; `message` says more than the general advice."""
    title = _TITLES.get(status, _TITLES[400] if status < 500 else _TITLES[500])
    return render_template("error.html", status=status, title=title, advice=message or _ADVICE.get(status, "")), status


def _of_tracker(fault: TrackerError) -> ResponseReturnValue:
    status = next((code for kind, code in _STATUS.items() if isinstance(fault, kind)), 500)
    if status == 500:
        log.error("request failed", path=request.path, exc_info=fault)
    return page(status, fault.message(language()))


def _of_http(fault: HTTPException) -> ResponseReturnValue:
    if fault.code is None or fault.code < 400:
        return fault.get_response()
    return page(fault.code)


def _of_ours(fault: Exception) -> ResponseReturnValue:
    log.error("request failed", path=request.path, exc_info=getattr(fault, "original_exception", fault))
    return page(500)
