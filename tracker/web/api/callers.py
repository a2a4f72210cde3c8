"""Who is asking: the bearer of a token, found before any view runs.

A token opens what its owner's role opens. No cookie counts here, so there is nothing another site could forge.
"""

from typing import Any

from flask import current_app, g, request

from tracker.actions.tokens import Bearer, bearer_of
from tracker.bootstrap import Tracker
from tracker.domain.access import may_see, may_write, visible_to
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor
from tracker.errors import Forbidden
from tracker.i18n import N_
from tracker.web.api.problems import ApiError, language

LARGEST_BODY = 1_000_000
_CHALLENGE = 'Bearer realm="tracker"'
_READING = ("GET", "HEAD")


def at_hand() -> Tracker:
    """The installation this request is for."""
    found: Tracker = current_app.extensions["tracker"]
    return found


def bearer() -> Bearer:
    found: Bearer = g.bearer
    return found


def actor() -> Actor:
    return Actor(f"user:{bearer().user_id}", language())


def visibilities() -> tuple[str, ...]:
    """What the caller may see, as the store selects by it."""
    return tuple(v.value for v in visible_to(bearer().role))


def sees(visibility: str) -> bool:
    return may_see(bearer().role, Visibility(visibility))


def identify(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Find out who is asking, before any view. Raises `ApiError` 401, and `Forbidden` for a reader who would write."""
    request.max_content_length = LARGEST_BODY
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError(401, headers={"WWW-Authenticate": _CHALLENGE})
    known = bearer_of(at_hand().database, token.strip())
    if known is None:
        headers = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
        raise ApiError(401, N_("This token is not known, or its account is closed."), headers=headers)
    if request.method not in _READING and not may_write(known.role):
        raise Forbidden(N_("Your account may only read."))
    g.bearer = known
