"""Every error has one shape, in the caller's language, and names what would be right."""

from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

ID = "00000000-0000-0000-0000-000000000000"
JSON = "application/json"


def error(house: Any, status: int, headers: dict[str, str] | None = None) -> Any:
    """A call that ends with that status."""
    headers = headers or {}
    body = {"kind": "festival", "title": {"en": "Fair"}, "twins": ["cologne"], "start": "1990"}
    match status:
        case 400:
            return house.call("POST", "/activities", data="{", content_type=JSON, headers=headers)
        case 401:
            return house.client().get("/api/v1/activities", headers=headers)
        case 403:
            return house.post(body, role="reader", headers=headers)
        case 404:
            return house.get(f"/activities/{ID}", headers=headers)
        case 405:
            return house.call("PATCH", "/activities", headers=headers)
        case 412:
            made = house.made()
            return house.call("DELETE", f"/activities/{made['id']}", headers=headers | {"If-Match": '"9"'})
        case 413:
            return house.call("POST", "/activities", data=" " * 1_000_001, content_type=JSON, headers=headers)
        case 415:
            return house.call("POST", "/activities", data="a=b", content_type="text/plain", headers=headers)
        case 422:
            return house.post(body | {"start": "1988-13"}, headers=headers)
        case 428:
            made = house.made()
            return house.call("DELETE", f"/activities/{made['id']}", headers=headers)
        case 500:
            return broken(house, RuntimeError("a secret of the house"), headers)
        case 503:
            return broken(house, OperationalError("SELECT secret", {}, Exception("server closed")), headers)
    raise AssertionError(status)


def broken(house: Any, fault: Exception, headers: dict[str, str]) -> Any:
    """A call during which the database fails."""

    def fail(*_: object) -> None:
        raise fault

    event.listen(house.tracker.database.engine, "before_cursor_execute", fail)
    try:
        return house.get("/twins", headers=headers)
    finally:
        event.remove(house.tracker.database.engine, "before_cursor_execute", fail)


STATUSES = (400, 401, 403, 404, 405, 412, 413, 415, 422, 428, 500, 503)


@pytest.mark.parametrize("status", STATUSES)
def test_every_error_is_a_problem_of_one_shape(house: Any, status: int) -> None:
    answer = error(house, status)

    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance"} <= set(answer.json)
    assert answer.json["status"] == status
    assert answer.json["instance"].startswith("/api/v1/")
    assert ("errors" in answer.json) == (status == 422)
    assert "secret" not in answer.text


@pytest.mark.parametrize("status", STATUSES)
def test_an_error_speaks_the_callers_language(house: Any, status: int) -> None:
    told = {tag: error(house, status, {"Accept-Language": tag}) for tag in ("en", "de-AT,de;q=0.9", "ru", "fr")}

    details = [answer.json["detail"] for answer in told.values()]
    assert [answer.headers["Content-Language"] for answer in told.values()] == ["en", "de", "ru", "en"]
    assert len(set(details[:3])) == 3


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/activities/", "/activities/not-an-id", "/twins/atlantis", "/twins/a/b", f"/editions/{2**31}",
     f"/documents/{10**40}"],
)  # fmt: skip
def test_an_unknown_address_is_a_problem_too(house: Any, path: str) -> None:
    answer = house.get(path)

    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_a_method_that_is_not_offered_is_answered_with_those_that_are(house: Any) -> None:
    answer = house.call("PATCH", f"/activities/{ID}")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "PUT", "DELETE"}


@pytest.mark.parametrize(
    "body",
    ["", "{", "[1,]", '{"a": NaN}', '{"a": "\\ud800"}', "[" * 100_000, "9" * 5_000, "\u00ff".encode("latin-1")],
    ids=["empty", "open", "comma", "NaN", "half a pair", "deep", "long number", "not UTF-8"],
)
def test_what_is_not_json_is_malformed(house: Any, body: str | bytes) -> None:
    answer = house.call("POST", "/activities", data=body, content_type=JSON)

    assert answer.status_code == 400
    assert "line 1" in answer.json["detail"]


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "1", "{}"])
def test_json_that_is_no_activity_is_invalid(house: Any, body: str) -> None:
    answer = house.call("POST", "/activities", data=body, content_type=JSON)

    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "application/activity+json"])
def test_any_kind_of_json_is_read(house: Any, media_type: str) -> None:
    body = '{"kind": "festival", "title": {"en": "Fair"}, "twins": ["cologne"], "start": "1990"}'

    answer = house.call("POST", "/activities", data=body, content_type=media_type)

    assert answer.status_code == 201


def test_a_long_wrong_value_is_shown_back_shortened(house: Any, minimal: dict[str, Any]) -> None:
    answer = house.post(minimal | {"start": "x" * 150_000})

    assert answer.status_code == 422
    assert len(answer.data) < 2_000


def test_when_the_database_is_away_the_caller_is_told_when_to_ask_again(house: Any) -> None:
    answer = error(house, 503)

    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["type"] == "/problems/database-away"
    assert house.get("/twins").status_code == 200


def test_a_database_that_goes_away_in_the_middle_leaves_nothing_half_written(
    house: Any, minimal: dict[str, Any]
) -> None:
    def fail(*given: Any) -> None:
        if given[2].startswith("INSERT INTO idempotency_keys"):
            raise OperationalError(given[2], {}, Exception("server closed"))

    event.listen(house.tracker.database.engine, "before_cursor_execute", fail)
    refused = house.post(minimal, headers={"Idempotency-Key": "one"})
    event.remove(house.tracker.database.engine, "before_cursor_execute", fail)

    assert refused.status_code == 503
    assert house.get("/activities").json["total"] == 0
    assert house.post(minimal, headers={"Idempotency-Key": "one"}).status_code == 201
