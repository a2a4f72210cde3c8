"""How pages travel: compressed, and with files that a browser keeps until they change.

The address of a static file bears a hash of its content, so it may be kept for a year and a new release is seen at
once. Only pages and their files are compressed. Calendars and the live stream have ways of their own, and the API's
ETags must stay what they are: programs send them back as If-Match.
"""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_compress import Compress

from tracker.bootstrap import Tracker

_STATIC = ("static", "bootstrap.static")
_KEPT = "public, max-age=31536000, immutable"
_COMPRESSED = [
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "image/svg+xml",
]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.config |= {
        "COMPRESS_MIMETYPES": _COMPRESSED,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        # Pages are compressed at each look: the quick levels cost less than they save on any line.
        "COMPRESS_BR_LEVEL": 4,
        "COMPRESS_LEVEL": 5,
        "COMPRESS_STREAMS": False,
    }
    Compress(app)
    marks = _Marks(app)

    @app.url_defaults
    def mark(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint in _STATIC and "filename" in values and "v" not in values and (found := marks.of(endpoint, values)):
            values["v"] = found

    app.after_request(_keep)


class _Marks:
    """The hash of each static file, read once in a process: files change with a release, which is a new process."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._known: dict[tuple[str, str], str] = {}

    def of(self, endpoint: str, values: dict[str, Any]) -> str:
        """Empty where there is no such file; its address then answers 404 as it stands."""
        key = endpoint, str(values["filename"])
        if key not in self._known:
            path = self._folder(endpoint) / key[1]
            self._known[key] = sha256(path.read_bytes()).hexdigest()[:12] if path.is_file() else ""
        return self._known[key]

    def _folder(self, endpoint: str) -> Path:
        place = self._app if endpoint == "static" else self._app.blueprints[endpoint.partition(".")[0]]
        return Path(place.static_folder or "")


def _keep(response: Response) -> Response:
    """Runs before the compression, which leaves files alone that are handed through and not read."""
    if request.endpoint not in _STATIC:
        return response
    if "v" in request.args and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = _KEPT
    if response.status_code == 200 and response.mimetype in _COMPRESSED:
        response.direct_passthrough = False
        response.get_data()
    return response
