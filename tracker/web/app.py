"""The web application, put together from its parts; each part registers itself with the tracker it is given."""

from types import CodeType

from flask import Response
from flask_bootstrap import Bootstrap5
from flask_openapi3 import Info, OpenAPI
from flask_wtf.csrf import CSRFProtect
from jinja2.bccache import Bucket, BytecodeCache

from tracker.bootstrap import Tracker, secret_key
from tracker.web import (
    api,
    appearance,
    auth,
    errors,
    feeds,
    freebusy,
    hooks,
    language,
    lightness,
    live,
    login_limits,
    logins,
    oidc,
    pages,
    pieces,
    unstorable,
    unsubscribe,
)
from tracker.web.pages.files import let_in_large_requests

TITLE = "tracker"
_LARGEST_REQUEST = 10 * 1024 * 1024

# Everything comes from this house: no inline script or style, no other host. Bootstrap's arrows are data: images.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class _Compiled(BytecodeCache):
    """Templates as compiled once in this process, for every application made in it."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._of.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._of[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _Compiled()


def create_app(tracker: Tracker) -> OpenAPI:
    """Make the Flask application of one installation."""
    app = OpenAPI(__name__, info=Info(title=TITLE, version="1"), doc_ui=False)  # web.api serves its own
    app.extensions["tracker"] = tracker
    app.config |= {
        "SECRET_KEY": secret_key(tracker.settings),
        "MAX_CONTENT_LENGTH": _LARGEST_REQUEST,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a form may stay open over lunch
        "TEMPLATES_AUTO_RELOAD": False,
    }
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "bytecode_cache": _COMPILED}
    Bootstrap5(app)
    app.before_request(let_in_large_requests)  # before the form is read for its token
    unstorable.register(app)
    CSRFProtect(app)
    for part in (
        lightness,
        language,
        appearance,
        auth,
        login_limits,
        logins,
        oidc,
        errors,
        pieces,
        pages,
        api,
        feeds,
        freebusy,
        hooks,
        live,
        unsubscribe,
    ):
        part.register(app, tracker)
    app.after_request(_protect)
    return app


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
