"""Reports through the API: figures, documents, editions frozen once, and nothing for who may not see it."""

from typing import Any

import pytest

from tests.reports import put_readers, reader


def test_the_figures_of_a_period_are_json(house: Any) -> None:
    house.made(status="held", visibility="public", start="1960-05")
    house.made(status="held", visibility="confidential", start="1960-06")

    answer = house.get("/reports/1960", role="reader")

    figures = answer.json["figures"]
    assert answer.status_code == 200
    assert figures["activities"]["held"]["now"] == 1
    assert figures["scope"]["visibilities"] == ["public", "members"]


def test_other_formats_come_as_files_with_a_name(house: Any) -> None:
    house.made(status="held", visibility="public", start="1960-05")

    answer = house.get("/reports/1960?format=csv&lang=de&lang=ru")

    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="report-1960-members-de-ru.csv"')


def test_an_edition_is_frozen_once_for_one_key(house: Any) -> None:
    key = {"Idempotency-Key": "c0ffee"}

    first = house.call("POST", "/reports/1960/editions", {"languages": ["de"]}, headers=key)
    again = house.call("POST", "/reports/1960/editions", {"languages": ["de"]}, headers=key)
    other = house.call("POST", "/reports/1960/editions", {"languages": ["de"]})

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert [first.json["name"], other.json["name"]] == ["1960-1", "1960-2"]
    listed = house.get("/reports/1960/editions", role="reader").json
    assert [item["name"] for item in listed["items"]] == ["1960-2", "1960-1"]
    assert house.get(first.headers["Location"].removeprefix("/api/v1"), role="reader").json == first.json


def test_a_document_of_an_edition_is_the_same_each_time(house: Any) -> None:
    house.made(status="held", visibility="public", start="1960-05")
    edition = house.call("POST", "/reports/1960/editions", {}).json["id"]

    bodies = {house.get(f"/editions/{edition}/document?format=xlsx", role="reader").data for _ in range(2)}
    house.made(status="held", visibility="public", start="1960-06")
    bodies.add(house.get(f"/editions/{edition}/document?format=xlsx", role="reader").data)

    assert len(bodies) == 1


def test_what_holds_more_than_the_caller_may_see_is_not_there(house: Any) -> None:
    put_readers(house.tracker, reader("board"))
    edition = house.call("POST", "/reports/1960/editions", {"reader": "board"}, role="administrator").json

    statuses = {role: house.get(f"/editions/{edition['id']}", role=role).status_code for role in house.tokens}
    documents = {
        role: house.get(f"/editions/{edition['id']}/document", role=role).status_code for role in ("reader", "editor")
    }

    assert edition["level"] == "confidential"
    assert statuses == {"reader": 404, "editor": 404, "administrator": 200}
    assert documents == {"reader": 404, "editor": 404}
    assert house.get("/reports/1960/editions", role="editor").json["total"] == 0


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/reports/soon", 404),
        ("/reports/1960?for=nobody", 404),
        ("/reports/1960?format=doc", 422),
        ("/reports/1960?lang=fr", 422),
        ("/reports/1960?twin=atlantis", 422),
        ("/reports/1960?format=iati", 422),
        ("/editions/99", 404),
        ("/documents/99", 404),
    ],
)
def test_what_is_wrong_is_a_problem(house: Any, path: str, status: int) -> None:
    answer = house.get(path)

    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_a_reader_may_not_freeze(house: Any) -> None:
    assert house.call("POST", "/reports/1960/editions", {}, role="reader").status_code == 403


def test_readers_are_listed(house: Any) -> None:
    assert [one["slug"] for one in house.get("/readers", role="reader").json["items"]] == ["members"]
