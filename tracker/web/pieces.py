"""Icons, marks and chips: a page shows a hundred of them, and each looks the same at every look.

`pieces.html` draws them; here each is kept as it was drawn in a language. The templates know them by `macros.html`.
"""

from functools import cache
from typing import Any

from flask import Flask
from markupsafe import Markup

from tracker.bootstrap import Tracker
from tracker.web.language import language


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    @cache
    def drawn(piece: str, tag: str, *of: Any) -> Markup:  # noqa: ARG001 -- drawn in the language asked with
        return Markup(getattr(app.jinja_env.get_template("pieces.html").module, piece)(*of))  # noqa: S704 -- a macro's

    def mark(kind: str, *, big: bool = False) -> Markup:
        return drawn("mark", language(), kind, big)

    app.jinja_env.globals |= {
        "kept_icon": lambda name: drawn("icon", "", name),
        "kept_mark": mark,
        "kept_chip": lambda status: drawn("status_chip", language(), status),
    }
