"""The JSON of a request, read strictly: a fault in it is told with its place, never guessed around."""

import re
from typing import Any

from flask import request
from pydantic_core import from_json

from tracker.i18n import N_
from tracker.web.api.problems import ApiError

_PLACE = re.compile(r"at line (\d+) column (\d+)$")


def json_body() -> Any:
    """The request's JSON. Raises `ApiError` 415 for another media type, 400 for what is not JSON, HTTP 413 if too long.

    Not Flask's own: that takes NaN, halves of surrogate pairs and unlimited nesting, which no database keeps.
    """
    media_type = request.mimetype
    if media_type != "application/json" and not (
        media_type.startswith("application/") and media_type.endswith("+json")
    ):
        raise ApiError(415)
    try:
        return from_json(request.get_data(), allow_inf_nan=False)
    except ValueError as fault:
        place = _PLACE.search(str(fault))
        line, column = place.groups() if place else ("1", "1")
        raise ApiError(
            400,
            N_("The body is not valid JSON; reading stopped at line {line}, column {column}."),
            line=line,
            column=column,
        ) from fault
