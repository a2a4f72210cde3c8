"""What a city's page counts, on both databases: by year, by way, the last with each; never what may not be seen."""

import datetime as dt
from typing import Any

import pytest

from tests.calendars import COLOGNE, COVENTRY, put_twin, record, remove
from tracker.bootstrap import Tracker
from tracker.store.activities import ActivityFilter
from tracker.store.activity_lines import lines
from tracker.store.twin_figures import agreements, by_year, last_of_each, visits_by_year

TODAY = dt.date(2026, 10, 1)
FOR_READERS = ActivityFilter(twins=("cologne",), visibilities=("public", "members"))


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    return tracker


def held(tracker: Tracker, start: str, **fields: Any) -> Any:
    return record(tracker, start=start, status="held", **fields)


def test_activities_are_counted_in_the_year_they_surely_begin_in(house: Tracker) -> None:
    for start in ("1988-11-28", "1988", "1990-05", "199X", "../2018"):
        held(house, start)
    held(house, "1990-06", kind="exchange")
    record(house, start="1990", status="cancelled", reason="Fog")
    held(house, "1990", twins=["coventry"])
    held(house, "1990", visibility="staff")
    remove(house, held(house, "1990"))

    with house.database.reading() as session:
        found = by_year(session, FOR_READERS)

    assert found == ({1988: {"delegation": 2}, 1990: {"delegation": 1, "exchange": 1}}, 2)


def test_visits_are_those_of_our_own_that_were_held_by_way(house: Tracker) -> None:
    held(house, "2018", direction="to_hub")
    held(house, "2018-05", direction="to_hub", kind="festival")
    held(house, "2017", direction="mutual")
    held(house, "2018", direction="to_hub", owner="Another association")
    held(house, "2018", direction="to_hub", kind="aid_shipment")
    held(house, "2018", direction="elsewhere")
    held(house, "2018", direction="from_hub", visibility="confidential")
    held(house, "2009", direction="to_hub")
    record(house, start="2018", direction="from_hub", status="planned")

    with house.database.reading() as session:
        found = visits_by_year(session, FOR_READERS, dt.date(2010, 1, 1))

    assert found == {(2018, "to_hub"): 2, (2017, "mutual"): 1}


def test_the_last_with_each_city_is_the_newest_that_its_reader_may_see(house: Tracker) -> None:
    held(house, "2018-05-01", title={"en": "Old"})
    both = held(house, "2019-05-01", title={"en": "Together"}, twins=["coventry", "cologne"])
    held(house, "2020", title={"en": "Secret"}, visibility="staff")
    record(house, start="2026-12-04", title={"en": "To come"})
    record(house, start="2021", title={"en": "Off"}, status="cancelled", reason="Fog")

    with house.database.reading() as session:
        seen = ActivityFilter(visibilities=("public", "members"))
        readers = last_of_each(session, seen, TODAY)
        everybody = last_of_each(session, ActivityFilter(), TODAY)

    assert {slug: row.title["en"] for slug, row in readers.items()} == {"cologne": "Together", "coventry": "Together"}
    assert readers["cologne"].id == both.id
    assert everybody["cologne"].title["en"] == "Secret"


def test_agreements_are_found_in_whatever_words_they_were_logged(house: Tracker) -> None:
    told: dict[str, Any] = {"kind": "milestone", "title": {"en": "x"}}
    held(house, "1988-11-28", subtype="Partnerschaftsvertrag", **told)
    held(house, "2013", subtype="council decision", details={"ends": "2017-12-31"}, **told)
    held(house, "2014", subtype="gift", **told)
    held(house, "2015", subtype="agreement signing", visibility="staff", **told)

    with house.database.reading() as session:
        found = lines(session, agreements(session, FOR_READERS), FOR_READERS)

    assert [row.start for row in found] == ["2013", "1988-11-28"]
