"""The package of holidays as we ask it: by country and region, in our languages, for any year of the calendar."""

import datetime as dt

import holidays
import pytest

from tracker.domain.twins import HUB, Twin
from tracker.gateways.days_off import days_off, regions
from tracker.intake.registry import read_registry


def city(slug: str, country: str) -> Twin:
    return Twin(slug=slug, names={"en": slug.title()}, country=country)


COLOGNE, CHEMNITZ = city("cologne", "DE"), city("chemnitz", "DE")
YEAR = (dt.date(2027, 1, 1), dt.date(2027, 12, 31))


def test_a_holiday_has_its_name_in_the_languages_that_are_known() -> None:
    victory_day = days_off(HUB, *YEAR).holidays[dt.date(2027, 5, 9)]
    ascension = days_off(COLOGNE, *YEAR).holidays[dt.date(2027, 5, 6)]

    assert (victory_day.names["en"], victory_day.names["ru"], victory_day.local) == (
        "Victory Day",
        "День Победы",
        False,
    )
    assert (ascension.names["en"], ascension.names["de"]) == ("Ascension Day", "Christi Himmelfahrt")


def test_a_region_keeps_days_of_its_own() -> None:
    corpus_christi, reformation = dt.date(2027, 5, 27), dt.date(2027, 10, 31)

    cologne, chemnitz = days_off(COLOGNE, *YEAR), days_off(CHEMNITZ, *YEAR)

    assert cologne.holidays[corpus_christi].local
    assert reformation not in cologne.holidays
    assert chemnitz.holidays[reformation].local
    assert corpus_christi not in chemnitz.holidays
    assert not chemnitz.holidays[dt.date(2027, 10, 3)].local


def test_weekends_are_those_of_the_country_and_some_saturdays_are_worked() -> None:
    friday, saturday, sunday = dt.date(2027, 2, 19), dt.date(2027, 2, 20), dt.date(2027, 2, 21)

    egypt, russia = days_off(city("port-said", "EG"), *YEAR), days_off(HUB, *YEAR)

    assert [egypt.is_weekend(day) for day in (friday, saturday, sunday)] == [True, True, False]
    # That Saturday is worked in Russia, for the Monday after it.
    assert [russia.is_weekend(day) for day in (friday, saturday, sunday)] == [False, False, True]
    assert dt.date(2027, 2, 22) in russia.holidays


def test_a_span_has_the_days_of_all_its_years() -> None:
    off = days_off(COLOGNE, dt.date(2026, 12, 31), dt.date(2028, 1, 1))

    assert {dt.date(year, 10, 3) for year in (2026, 2027, 2028)} <= off.holidays.keys()
    assert dt.date(2029, 1, 1) not in off.holidays


@pytest.mark.parametrize("year", [1, 1944, 9999])
def test_years_of_which_nothing_is_known_are_no_fault(year: int) -> None:
    assert days_off(HUB, dt.date(year, 1, 1), dt.date(year, 12, 31)).weekend == {5, 6}


def test_a_country_nobody_knows_has_weekends_only() -> None:
    off = days_off(city("atlantis", "QQ"), *YEAR)

    assert (off.holidays, off.is_weekend(dt.date(2027, 2, 20))) == ({}, True)


def test_a_city_that_is_said_to_lie_elsewhere_keeps_the_days_of_that_country() -> None:
    moved = days_off(city("cologne", "FR"), *YEAR)

    assert moved.holidays[dt.date(2027, 7, 14)].names["en"] == "National Day"


def test_every_region_is_one_of_a_twin_and_known_to_the_package() -> None:
    twins = {twin.slug: twin for twin in read_registry(YEAR[0]).twins}

    known = holidays.list_supported_countries()
    for slug, region in regions().items():
        country, _, part = region.partition("-")
        assert twins[slug].country == country
        assert part in known[country]
