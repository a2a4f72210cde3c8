"""Lists: filters, order, and walking through all pages while others write."""

from collections import Counter
from typing import Any

import pytest
from sqlalchemy import event


def walk(house: Any, path: str, between: Any = lambda: None) -> list[str]:
    """The ids on all pages, in order; `between` runs after each page."""
    seen: list[str] = []
    cursor = ""
    while True:
        page = house.get(f"{path}{f'&cursor={cursor}' if cursor else ''}").json
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            return seen
        between()


@pytest.fixture
def five(house: Any) -> dict[str, str]:
    """Five activities by the name of the test's reader, in the order of their dates."""
    return {
        "visit": house.made(start="1957", title={"de": "Besuch aus Köln"})["id"],
        "festival": house.made(start="1960-05", kind="festival", twins=["coventry"], status="held")["id"],
        "aid": house.made(start="1991-12-24", end="1992-01-10", kind="aid_shipment", twins=["hiroshima"])["id"],
        "exchange": house.made(start="2002", end="..", kind="exchange", twins=["cologne", "coventry"])["id"],
        "milestone": house.made(start="2026-11-28", kind="milestone", status="confirmed")["id"],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", "visit festival aid exchange milestone"),
        ("order=newest", "milestone exchange aid festival visit"),
        ("twin=coventry", "festival exchange"),
        ("twin=coventry&twin=hiroshima", "festival aid exchange"),
        ("kind=festival&kind=milestone", "festival milestone"),
        ("kind=festival&twin=cologne", ""),
        ("status=held", "festival"),
        ("from=1992-01-01&to=1992-12-31", "aid"),
        ("from=2020-01-01", "exchange milestone"),
        ("to=1957-01-01", "visit"),
        ("q=koeln", "visit exchange milestone"),
        ("q=Кёльн besuch", "visit"),
        ("q=100%25", ""),
    ],
)
def test_filters_narrow_the_list_together(house: Any, five: dict[str, str], query: str, expected: str) -> None:
    names = {id_: name for name, id_ in five.items()}

    page = house.get(f"/activities?{query}").json

    assert " ".join(names[item["id"]] for item in page["items"]) == expected
    assert page["total"] == len(expected.split())
    assert page["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kind=excursion", "kind.0"),
        ("status=done", "status.0"),
        ("from=28.11.2026", "from"),
        ("to=2023-02-29", "to"),
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("order=random", "order"),
        ("cursor=abc", "cursor"),
        ("cursor=W10", "cursor"),
        ("colour=red", "colour"),
        ("q=%00", "q"),
        (f"q={'x' * 201}", "q"),
    ],
)
def test_a_wrong_argument_is_named(house: Any, query: str, field: str) -> None:
    refused = house.get(f"/activities?{query}")

    assert refused.status_code == 422
    assert [error["field"] for error in refused.json["errors"]] == [field]
    assert refused.json["errors"][0]["message"]


def test_a_cursor_of_the_other_order_is_refused(house: Any, five: dict[str, str]) -> None:
    cursor = house.get("/activities?limit=2").json["next"]

    refused = house.get(f"/activities?limit=2&order=newest&cursor={cursor}")

    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "cursor")


@pytest.mark.parametrize("order", ["oldest", "newest"])
def test_walking_through_the_pages_meets_each_exactly_once_while_others_write(house: Any, order: str) -> None:
    # Several of one day, so that the id must decide between them.
    starts = ["1990", "1990", "1990", "2001-05-01", "2001-05-01", "2020-11", "199X"]
    there = [house.made(start=start)["id"] for start in starts]

    seen = walk(house, f"/activities?limit=2&order={order}", between=lambda: (house.made(start="1950"), house.made()))

    counted = Counter(seen)
    assert max(counted.values()) == 1
    assert set(there) <= set(counted)


def test_removing_the_last_one_seen_loses_nothing(house: Any, five: dict[str, str]) -> None:
    page = house.get("/activities?limit=2").json
    house.call("DELETE", f"/activities/{page['items'][-1]['id']}", headers={"If-Match": "*"})

    rest = house.get(f"/activities?limit=200&cursor={page['next']}").json

    assert [item["id"] for item in rest["items"]] == [five["aid"], five["exchange"], five["milestone"]]


def test_the_link_header_leads_on_with_the_same_filters(house: Any, five: dict[str, str]) -> None:
    first = house.get("/activities?limit=1&twin=cologne&twin=coventry&q=cologne")
    address = first.headers["Link"].removeprefix("</api/v1").removesuffix('>; rel="next"')

    second = house.get(address)

    assert [first.json["items"][0]["id"], second.json["items"][0]["id"]] == [five["visit"], five["exchange"]]
    assert "Link" not in house.get("/activities").headers
    assert first.json["total"] == second.json["total"] == 3


def test_a_longer_list_takes_no_more_queries(house: Any, five: dict[str, str]) -> None:
    house.get("/activities?limit=1")  # which notes that the token was used, once in ten minutes
    statements: list[str] = []
    event.listen(house.tracker.database.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))

    house.get("/activities?limit=1")
    short = len(statements)
    statements.clear()
    house.get("/activities?limit=200")

    assert len(statements) == short
    assert short <= 12
