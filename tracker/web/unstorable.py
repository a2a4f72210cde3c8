"""What no text can hold is refused before anything reads it: PostgreSQL keeps no NUL, and no keyboard types one.

So no page need think of it. The API tells it by field itself, and what a form holds that came after the session had
ended is kept without it (`actions.drafts`).
"""

from collections.abc import Iterable

from flask import Flask, abort, request

_NUL = "\x00"


def register(app: Flask) -> None:
    # Before anything else looks at the address. The form is read behind what says how large it may be.
    app.before_request_funcs.setdefault(None, []).insert(0, _refuse_address)
    app.before_request(_refuse_form)


def _refuse_address() -> None:
    if not _is_api() and (_NUL in request.path or _holds(request.args.lists())):
        abort(400)


def _refuse_form() -> None:
    if not _is_api() and _holds(request.form.lists()):
        abort(400)


def _is_api() -> bool:
    return request.path.startswith("/api/")


def _holds(fields: Iterable[tuple[str, list[str]]]) -> bool:
    return any(_NUL in text for name, texts in fields for text in (name, *texts))
