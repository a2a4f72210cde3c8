"""Twins and occasions over HTTP."""

import datetime as dt
from typing import Any

import pytest

from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.store.occasions import replace_one

OCCASIONS = (
    Occasion("founding:cologne", OccasionKind.TWINNING, ("cologne",), date=HistoricDate.parse("1988-11-28")),
    Occasion("founding:coventry", OccasionKind.TWINNING, ("coventry",), date=HistoricDate.parse("1944")),
    Occasion(
        "observance:hiroshima",
        OccasionKind.OBSERVANCE,
        ("hiroshima",),
        rule="08-06",
        titles={"en": "Hiroshima Day", "de": "Hiroshima-Tag", "ru": "День Хиросимы"},
    ),
)


@pytest.fixture
def remembering(house: Any) -> Any:
    """The house with three occasions: one of a day, one of a year, one by rule."""
    with house.tracker.database.unit("system", house.tracker.clock()) as unit:
        for occasion in OCCASIONS:
            replace_one(unit.session, occasion.key, occasion, unit.now)
    return house


def test_all_twins_are_listed(house: Any) -> None:
    page = house.get("/twins", role="reader").json

    assert [twin["slug"] for twin in page["items"]] == ["cologne", "coventry", "hiroshima"]
    assert (page["total"], page["next"]) == (3, None)


def test_a_twin_is_fetched_by_its_short_name(house: Any) -> None:
    twin = house.get("/twins/hiroshima").json

    assert twin == house.get("/twins").json["items"][2]
    assert twin["names"] == {"en": "Hiroshima", "ru": "Хиросима"}
    assert twin["local_name"] == "広島市"


def test_an_argument_that_twins_do_not_know_is_refused(house: Any) -> None:
    assert house.get("/twins?kind=festival").status_code == 422


def test_occasions_come_in_the_order_of_time_with_their_number_and_words(remembering: Any) -> None:
    page = remembering.get("/occasions?from=2026-01-01&to=2026-12-31", role="reader").json

    assert [(item["key"], item["on"], item["precision"], item["number"]) for item in page["items"]] == [
        ("founding:coventry", "2026", "year", 82),
        ("observance:hiroshima", "2026-08-06", "day", None),
        ("founding:cologne", "2026-11-28", "day", 38),
    ]
    assert page["items"][2]["title"]["de"] == "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd"
    assert page["items"][1]["title"]["ru"] == "День Хиросимы"
    assert page["total"] == 3


def test_occasions_are_narrowed_to_twins(remembering: Any) -> None:
    page = remembering.get("/occasions?from=2026-01-01&to=2026-12-31&twin=cologne").json

    assert [item["key"] for item in page["items"]] == ["founding:cologne"]


def test_round_years_and_jubilees_are_marked(remembering: Any) -> None:
    (item,) = remembering.get("/occasions?from=2028-11-28&to=2028-11-28&twin=cologne").json["items"]

    assert (item["number"], item["round"], item["jubilee"]) == (40, True, True)


def test_what_is_in_the_way_is_told_with_its_place_and_its_words(remembering: Any) -> None:
    (item,) = remembering.get("/occasions?from=2027-11-28&to=2027-11-28&twin=cologne").json["items"]
    (hiroshima,) = remembering.get("/occasions?from=2027-08-06&to=2027-08-06&twin=hiroshima").json["items"]

    [weekend] = item["collisions"]
    assert (weekend["clash"], weekend["places"], weekend["key"]) == ("weekend", ["volgograd", "cologne"], None)
    assert weekend["words"]["en"] == "On a weekend: Sunday"
    assert hiroshima["collisions"] == []


def test_two_jubilees_in_a_week_name_one_another(remembering: Any) -> None:
    tree = Occasion("milestone:tree", OccasionKind.MILESTONE, ("hiroshima",), HistoricDate.parse("1978-12-02"))
    with remembering.tracker.database.unit("system", remembering.tracker.clock()) as unit:
        replace_one(unit.session, tree.key, tree, unit.now)

    (item,) = remembering.get("/occasions?from=2028-11-28&to=2028-11-28&twin=cologne").json["items"]

    [other] = [found for found in item["collisions"] if found["clash"] == "same_week"]
    assert (other["key"], other["on"]) == ("milestone:tree", "2028-12-02")


def test_a_year_from_today_is_shown_where_nothing_is_asked(remembering: Any) -> None:
    remembering.tracker.clock.set(dt.datetime(2026, 11, 29, tzinfo=dt.UTC))

    keys = [item["on"] for item in remembering.get("/occasions?twin=cologne").json["items"]]

    assert keys == ["2027-11-28"]


@pytest.mark.parametrize(
    "query", ["from=2026-12-31&to=2026-01-01", "from=2000-01-01&to=2026-01-01", "to=tomorrow", "twin=Köln"]
)
def test_a_span_that_makes_no_sense_is_refused(remembering: Any, query: str) -> None:
    refused = remembering.get(f"/occasions?{query}")

    assert refused.status_code == 422
    assert refused.json["errors"][0]["message"]


@pytest.mark.parametrize("query", ["from=9999-06-01", "from=0001-01-01&to=0001-02-01"])
def test_the_ends_of_the_calendar_are_no_fault(remembering: Any, query: str) -> None:
    assert remembering.get(f"/occasions?{query}").status_code == 200
