"""Versions as ETags: what the caller has seen, and whether it is still so (RFC 9110, section 13)."""

from flask import Response, request

from tracker.web.api.problems import ApiError, StaleVersion


def etag(version: int) -> str:
    return f'"{version}"'


def check_version(current: int) -> int | None:
    """The version a change may be made against: the current one if If-Match names it, None for `*` (any).

    Raises `ApiError` 428 without If-Match, 412 where it names other versions only. Weak tags never match.
    """
    if not request.headers.get("If-Match", "").strip():
        raise ApiError(428, type_="/problems/version-required")
    if request.if_match.star_tag:
        return None
    if not request.if_match.contains(str(current)):
        raise StaleVersion(current)
    return current


def unless_known(response: Response) -> Response:
    """An answer that carries an ETag, or 304 without a body if the caller has that version already."""
    response.make_conditional(request)
    return response
