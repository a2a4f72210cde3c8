"""Whether pages are light or dark: as the reader's system is, or as they have chosen here.

The choice is a cookie and an attribute of the page, so that nothing flickers and no script is needed. `?look=dark` sets
it, on any page, as `?lang=` sets the language.
"""

from urllib.parse import urlencode

from flask import Flask, Response, request

from tracker.bootstrap import Tracker
from tracker.i18n import N_

COOKIE = "look"
LOOKS = (
    ("system", "circle-half", N_("As the device is")),
    ("light", "sun", N_("Light")),
    ("dark", "moon", N_("Dark")),
)
_NAMES = frozenset(name for name, _, _ in LOOKS)
_YEAR = 365 * 24 * 3600


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.after_request(_remember)
    app.jinja_env.globals |= {"look": look, "looks": LOOKS, "address_looking": _address_looking}


def look() -> str:
    """What the reader has chosen: light, dark, or as their system is."""
    wanted = (request.args.get("look"), request.cookies.get(COOKIE))
    return next((name for name in wanted if name in _NAMES), "system")


def _remember(response: Response) -> Response:
    wanted = request.args.get("look")
    if wanted in _NAMES and request.method == "GET" and response.mimetype == "text/html":
        response.set_cookie(
            COOKIE, wanted, max_age=_YEAR, samesite="Lax", httponly=True, secure=request.is_secure, path="/"
        )
    return response


def _address_looking(name: str) -> str:
    """This very page in another look, its other arguments kept."""
    arguments = [(k, v) for k, v in request.args.items(multi=True) if k != "look"]
    return f"{request.path}?{urlencode([*arguments, ('look', name)])}"
