"""Idempotency-Key: a POST that is sent again, because its answer was lost, is answered again and done once."""

import hashlib
import json
import re
from collections.abc import Callable

from flask import request

from tracker.errors import InvalidInput, TrackerError
from tracker.i18n import N_
from tracker.store.idempotency import Answer, answered, remember
from tracker.store.unit_of_work import Unit
from tracker.web.api.callers import at_hand, bearer
from tracker.web.api.problems import ApiError

HEADER = "Idempotency-Key"
_KEY = re.compile(r"[\x21-\x7e]{1,200}")

Keep = Callable[[Unit, int, str, str], None]
"""Writes down (in that unit of work) the status, body and location that will be answered."""


def answer_once(document: object, do: Callable[[Keep | None], Answer]) -> tuple[Answer, bool]:
    """The answer of `do`, or the one given before under the same key; and whether it is such a repetition.

    Raises `ApiError` 422 where the key stands for another request.
    """
    key = _key()
    if key is None:
        return do(None), False
    fingerprint = _fingerprint(document)
    if known := _known(key, fingerprint):
        return known, True

    def keep(unit: Unit, status: int, body: str, location: str) -> None:
        remember(unit, bearer().user_id, key, Answer(fingerprint, status, body, location))

    try:
        return do(keep), False
    except TrackerError:
        # Whatever stood in the way may be the twin of this very request, just done.
        if known := _known(key, fingerprint):
            return known, True
        raise


def _key() -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidInput.one(HEADER, key, N_("A key has 1 to 200 visible ASCII characters, such as a UUID."))
    return key


def _known(key: str, fingerprint: str) -> Answer | None:
    with at_hand().database.reading() as session:
        known = answered(session, bearer().user_id, key)
    if known and known.fingerprint != fingerprint:
        other = N_("This Idempotency-Key was used for another request. Take a new one for each thing you send.")
        raise ApiError(422, other, type_="/problems/idempotency-key-reused")
    return known


def _fingerprint(document: object) -> str:
    """The same for the same content, however it is spaced and its fields are ordered."""
    canonical = json.dumps([request.method, request.path, document], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
