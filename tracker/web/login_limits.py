"""How often passwords and codes may be tried, and mails asked for: before a form is read, and after it was right.

Counted by where somebody asks from and by whose account it is about, whether there is such an account or not. A browser
that has been let in before is known by a cookie and counted by itself, so strangers' guesses do not keep it out. What
is counted stands in the database under keyed hashes.
"""

import hmac
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, abort, g, make_response, request, session
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.actions import guesses
from tracker.bootstrap import Tracker, secret_key
from tracker.domain.logins import ACCOUNT, CODE, DEVICE, MAILS_FROM, MAILS_TO, PLACE, Bucket
from tracker.i18n import ngettext
from tracker.store import accounts
from tracker.web import errors
from tracker.web.auth import account
from tracker.web.guessing import place_of
from tracker.web.installation import now, this_tracker
from tracker.web.language import language

_COOKIE = "known"
_YEAR = 365 * 24 * 3600

Buckets = dict[str, Bucket]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all parts register alike
    app.before_request(_before)
    app.after_request(_after)


def remember_device(response: Response, user_id: int) -> None:
    """Know this browser the next time somebody says from it that they are this person."""
    kept = _signer().dumps([user_id, _device(user_id) or secrets.token_urlsafe(12)])
    response.set_cookie(
        _COOKIE, kept, max_age=_YEAR, path="/login", httponly=True, samesite="Lax", secure=request.is_secure
    )


def refused(wait: int) -> Response:
    """The page that says when to come again."""
    minutes = -(-wait // 60)
    text = ngettext(
        language(),
        "There were too many tries. Please wait a minute, then try again.",
        "There were too many tries. Please wait {n} minutes, then try again.",
        minutes,
    )
    answer = make_response(errors.page(429, text))
    answer.headers["Retry-After"] = str(wait)
    return answer


def _before() -> Response | None:
    if request.method != "POST" or request.endpoint not in (*_COUNTED, *_ALSO_TYPED):
        return None
    if any(len(text) > _LONGEST for text in request.form.values()):
        abort(413)  # beyond it passwords cannot be hashed
    if request.is_json:
        # Flask-Security would read the fields from there, past those that are counted.
        abort(415)
    if request.endpoint not in _COUNTED:
        return None
    g.guessed = {key_of(name): bucket for name, bucket in _COUNTED[request.endpoint]().items()}
    wait = guesses.take(this_tracker().database, g.guessed, now()) if g.guessed else 0
    if wait:
        g.guessed = {}
        return refused(wait)
    return None


def _after(response: Response) -> Response:
    """All these forms lead on when they are right, and come again when they are not."""
    if g.get("guessed") and response.status_code == 302 and request.endpoint != "security.forgot_password":
        guesses.give_back(this_tracker().database, g.guessed, now())
    return response


def _of_login() -> Buckets:
    email = _typed_email()
    known = _known_device()
    mine = known is not None and known[0] == _number_of(email)
    return {
        f"place:{place_of(request.environ)}": PLACE,
        **({f"device:{known[1]}": DEVICE} if known and mine else {f"account:{email}": ACCOUNT}),
    }


def _of_code() -> Buckets:
    kept = session.get("half") or {}
    known = _known_device()
    with this_tracker().database.reading() as reading:
        user = accounts.user_by_uniquifier(reading, str(kept.get("user", "")))
    if user is None:
        return {}
    device = known[1] if known and known[0] == user.id else ""
    return {f"code:{user.id}:{device}": CODE}


def _of_verifying() -> Buckets:
    known = account()
    return {f"verify:{known.id}": ACCOUNT} if known else {}


def _of_mails() -> Buckets:
    return {f"mails:{_typed_email()}": MAILS_TO, f"mails from:{place_of(request.environ)}": MAILS_FROM}


_COUNTED: dict[str | None, Callable[[], Buckets]] = {
    "security.login": _of_login,
    "security.verify": _of_verifying,
    "security.forgot_password": _of_mails,
    "login_code": _of_code,
}
_ALSO_TYPED = ("security.reset_password",)
"""Where a password is typed that is nobody's yet."""
_LONGEST = 1000
"""Letters of an address, a password or a code."""


def _typed_email() -> str:
    return request.form.get("email", "").strip().lower()


def _number_of(email: str) -> int | None:
    with this_tracker().database.reading() as reading:
        user = accounts.user_by_email(reading, email)
    return user.id if user else None


def _known_device() -> tuple[int, str] | None:
    """Whose browser this was before, and its number."""
    try:
        kept: Any = _signer().loads(request.cookies.get(_COOKIE, ""))
        return int(kept[0]), str(kept[1])
    except (BadSignature, ValueError, TypeError, IndexError):
        return None


def _device(user_id: int) -> str | None:
    known = _known_device()
    return known[1] if known and known[0] == user_id else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_key(this_tracker().settings), salt="known device")


def key_of(name: str) -> str:
    """Under what a bucket is kept: nobody can read off it whose it is."""
    return hmac.new(secret_key(this_tracker().settings).encode(), f"guess {name}".encode(), "sha256").hexdigest()
