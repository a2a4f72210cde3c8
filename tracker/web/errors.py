"""The one place where errors become answers. Pages get a page in the reader's language; the API answers for itself.

A fault of our own is logged with its trace and shown without it.
"""

import secrets
from urllib.parse import urlsplit

import structlog
from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.bootstrap import Tracker
from tracker.errors import Conflict, Forbidden, InvalidInput, NotFound, TrackerError
from tracker.i18n import N_
from tracker.web.auth import account
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
    429: N_("Please wait a little"),
    500: N_("Something went wrong on our side"),
}
_ADVICE = {
    400: N_("The form may have been open for too long. Please go back, reload the page and try again."),
    403: N_("Your account is not meant for this page. An administrator can change that."),
    404: N_("The address may be mistyped, or what stood here has been removed."),
    405: N_("This address cannot be used in this way."),
    409: N_("Please look at the newest version first, then make your change again."),
    413: N_("What you sent is larger than can be taken in at once. Nothing of it was kept."),
    429: N_("That was tried too often in a short time. Nothing is locked for good."),
    500: N_("Nothing was half saved. Please try again; if it happens again, tell an administrator the number below."),
}
_STEPS: dict[int, tuple[str, ...]] = {
    400: (
        N_("Go back. What you typed often still stands there."),
        N_("Reload the page, then send it again."),
    ),
    403: (
        N_("If you need this page for your work, ask an administrator for the right to it."),
        N_("If you have several accounts, log in with the other one."),
    ),
    404: (
        N_("Look for it in the list of activities, under any name the city has had."),
        N_("If somebody removed it, it lies in the bin and can be brought back."),
    ),
    409: (
        N_("Go back and reload the page: it then shows the newest version."),
        N_("The history tells who changed what."),
    ),
    413: (
        N_("Send fewer or smaller files. A picture rarely needs more than 5 MB."),
        N_("Split a long sheet into several and send them one after another."),
    ),
    429: (N_("Wait a few minutes, then try once more."),),
    500: (
        N_("Try again in a minute."),
        N_("If it happens again, tell an administrator the number and what you were doing. It stands in the log."),
    ),
}
"""What one can do now, by status: nobody shall be left with an apology alone."""

_FOR_STAFF = (403, 404, 409)
"""Where what one can do is behind the login."""


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.register_error_handler(TrackerError, _of_tracker)
    app.register_error_handler(CSRFError, lambda _fault: page(400))
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(500, _of_ours)


def page(status: int, message: str = "", reference: str = "") -> ResponseReturnValue:
    """The error page of a status; `message` says more than the general advice, `reference` stands in the log too."""
    title = _TITLES.get(status, _TITLES[400] if status < 500 else _TITLES[500])
    shown = render_template(
        "error.html",
        status=status,
        title=title,
        advice=message or _ADVICE.get(status, ""),
        steps=_STEPS.get(status, ()) if account() or status not in _FOR_STAFF else (),
        back=_back(),
        reference=reference,
    )
    return shown, status


def _back() -> str:
    """The page of ours that somebody came from; empty where there is none or it is this one."""
    try:
        came = urlsplit(request.referrer or "")
    except ValueError:  # "http://[": anybody may send anything
        return ""
    if came.netloc != request.host or came.path == request.path or not came.path.startswith("/"):
        return ""
    return came.path + (f"?{came.query}" if came.query else "")


def _logged(fault: object) -> str:
    """Write down a fault of our own; returns the number by which it is found again."""
    reference = secrets.token_hex(4).upper()
    log.error("request failed", path=request.path, reference=reference, exc_info=fault)
    return reference


def _of_tracker(fault: TrackerError) -> ResponseReturnValue:
    status = next((code for kind, code in _STATUS.items() if isinstance(fault, kind)), 500)
    return page(status, fault.message(language()), _logged(fault) if status == 500 else "")


def _of_http(fault: HTTPException) -> ResponseReturnValue:
    if fault.code is None or fault.code < 400:
        return fault.get_response()
    return page(fault.code)


def _of_ours(fault: Exception) -> ResponseReturnValue:
    return page(500, reference=_logged(getattr(fault, "original_exception", fault)))
