"""Who may do what: tokens, roles, and what a role does not see."""

from typing import Any

import pytest

from tracker.store.accounts import user_by_email
from tracker.store.event_log import read_all

CALLS = [
    ("GET", "/activities"),
    ("POST", "/activities"),
    ("GET", "/activities/00000000-0000-0000-0000-000000000000"),
    ("PUT", "/activities/00000000-0000-0000-0000-000000000000"),
    ("DELETE", "/activities/00000000-0000-0000-0000-000000000000"),
    ("GET", "/twins"),
    ("GET", "/twins/cologne"),
    ("GET", "/occasions"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("given", [None, "Basic YTpi", "Bearer", "Bearer trk_wrong"])
def test_nothing_opens_without_a_valid_token(house: Any, method: str, path: str, given: str | None) -> None:
    headers = {"Authorization": given} if given else {}

    refused = house.client().open(f"/api/v1{path}", method=method, headers=headers)

    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")
    assert refused.mimetype == "application/problem+json"


def test_a_token_ends_with_its_account(house: Any) -> None:
    with house.tracker.database.unit("system", house.tracker.clock()) as unit:
        user = user_by_email(unit.session, "editor@example.org")
        assert user is not None
        user.active = False

    assert house.get("/activities").status_code == 401


def test_a_reader_reads_and_does_not_write(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made()

    answers = [
        house.get(f"/activities/{made['id']}", role="reader"),
        house.post(minimal, role="reader"),
        house.put(made["id"], minimal, 1, role="reader"),
        house.call("DELETE", f"/activities/{made['id']}", role="reader", headers={"If-Match": "*"}),
    ]

    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    assert house.get("/activities").json["total"] == 1


@pytest.mark.parametrize(
    ("role", "seen"),
    [
        ("reader", ["public", "members"]),
        ("editor", ["public", "members", "staff"]),
        ("administrator", ["public", "members", "staff", "confidential"]),
    ],
)
def test_what_a_role_may_not_see_is_not_there(house: Any, role: str, seen: list[str]) -> None:
    made = {level: house.made(visibility=level)["id"] for level in ("public", "members", "staff", "confidential")}

    page = house.get("/activities", role=role).json

    assert sorted(item["visibility"] for item in page["items"]) == sorted(seen)
    assert page["total"] == len(seen)
    for level, id_ in made.items():
        assert house.get(f"/activities/{id_}", role=role).status_code == (200 if level in seen else 404)


def test_an_editor_cannot_touch_what_an_editor_does_not_see(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made(visibility="confidential")

    replaced = house.put(made["id"], minimal, 1)
    removed = house.call("DELETE", f"/activities/{made['id']}", headers={"If-Match": "*"})

    assert (replaced.status_code, removed.status_code) == (404, 404)
    assert house.get(f"/activities/{made['id']}", role="administrator").json["version"] == 1


def test_nobody_writes_what_they_would_not_see_afterwards(house: Any, minimal: dict[str, Any]) -> None:
    made = house.made()

    recorded = house.post(minimal | {"visibility": "confidential"})
    replaced = house.put(made["id"], minimal | {"visibility": "confidential"}, 1)

    assert (recorded.status_code, replaced.status_code) == (403, 403)


def test_answers_are_for_the_bearer_only_and_set_no_cookie(house: Any) -> None:
    for answer in (house.get("/activities"), house.made() and house.get("/twins"), house.get("/nothing")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_the_log_names_the_bearer_as_the_author(house: Any, minimal: dict[str, Any]) -> None:
    house.post(minimal)

    with house.tracker.database.reading() as session:
        user = user_by_email(session, "editor@example.org")
        last = list(read_all(session))[-1]
    assert user is not None
    assert (last.type, last.actor) == ("activity.recorded", f"user:{user.id}")
