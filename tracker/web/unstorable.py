"""What no database can hold is refused before anything asks for it: a NUL, and numbers beyond those of rows.

PostgreSQL keeps no NUL, and no keyboard types one. So no page need think of it. The API tells it by field itself, and
what a form holds that came after the session had ended is kept without it (`actions.drafts`).
"""

from collections.abc import Iterable
from typing import Any

from flask import Flask, abort, current_app, request
from werkzeug.routing import IntegerConverter, Map

from tracker.web.auth import Audience, audience_of

HIGHEST = 2**63 - 1
"""The highest number that a row can have."""
_NUL = "\x00"


class RowNumber(IntegerConverter):
    """A number in an address; at one that no row can have there is nothing."""

    def __init__(self, map: Map, **bounds: Any) -> None:  # noqa: A002 -- named as werkzeug has it
        super().__init__(map, **({"max": HIGHEST} | bounds))


def position(text: str) -> int:
    """A place in the log as an argument names it; whatever lies beyond the end is the end."""
    return max(-1, min(int(text), HIGHEST))


def register(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    # Before anything else looks at the address. The form is read behind what says how large it may be.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_address)
    app.before_request(_refuse_form)


def _refuse_address() -> None:
    if not _is_api() and (_NUL in request.path or _holds(request.args.lists())):
        abort(400)


def _refuse_form() -> None:
    # Those that ask for their own proof say only then how large a request may be, and look at what is in it.
    if not _is_for_programs() and _holds(request.form.lists()):
        abort(400)


def _is_for_programs() -> bool:
    return request.endpoint is not None and audience_of(current_app, request.endpoint) is Audience.TOKEN


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _holds(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return any(_NUL in text for name, texts in fields for text in (name, *texts))
