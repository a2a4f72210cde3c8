"""Who is asking: the bearer of a token, found before any view runs.

A token opens what its owner's role opens. No cookie counts here, so there is nothing another site could forge.
"""

from typing import Any

from flask import current_app, g, request

from tracker.actions.tokens import Bearer, bearer_of
from tracker.bootstrap import Tracker
from tracker.domain.access import Mark, Rights, may_write
from tracker.domain.commands import Actor
from tracker.errors import Forbidden
from tracker.i18n import N_
from tracker.store.activities import ActivityFilter
from tracker.web.api.problems import ApiError, language

LARGEST_BODY = 1_000_000
_CHALLENGE = 'Bearer realm="tracker"'
_LOGGING = ("api.record", "api.replace_activity", "api.remove")
"""What who logs activities may send; whatever else changes something is for editors of the whole house."""
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


def visible(**narrowing: Any) -> ActivityFilter:
    """The activities the caller may see, narrowed further: what every list and every look-up begins with."""
    rights = bearer().rights
    return ActivityFilter(visibilities=tuple(v.value for v in rights.everywhere), further=rights.further, **narrowing)


def sees(mark: Mark) -> bool:
    return bearer().rights.may_see(mark)


def identify(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Find out who is asking, before any view. Raises `ApiError` 401, and `Forbidden` for a reader who would write."""
    request.max_content_length = LARGEST_BODY
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise ApiError(401, headers={"WWW-Authenticate": _CHALLENGE})
    known = bearer_of(at_hand().database, token.strip(), at_hand().clock())
    if known is None:
        headers = {"WWW-Authenticate": f'{_CHALLENGE}, error="invalid_token"'}
        raise ApiError(401, N_("This token is not known, or its account is closed."), headers=headers)
    if request.method not in _READING and not _may_send(known.rights):
        raise Forbidden(N_("Your account may only read."))
    g.bearer = known


def _may_send(rights: Rights) -> bool:
    """Whether they may change anything by this request; which activity they may change, the action says."""
    return rights.may_log if request.endpoint in _LOGGING else may_write(rights)
