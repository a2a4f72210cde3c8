"""When people in a place do not work: public holidays and weekends, as the package `holidays` knows them.

It knows them by country and, for some, by region (ISO 3166-2); which region a twin lies in stands in
`data/holiday_regions.csv`. Days reckoned by the moon that nobody has announced yet are marked as expected.
"""

import csv
import datetime as dt
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

import holidays

from tracker.domain.holiday_names import in_language
from tracker.domain.outlook import DaysOff, Holiday
from tracker.domain.twins import Twin
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES

_REGIONS = Path(__file__).parent.parent / "data" / "holiday_regions.csv"


def days_off(city: Twin, first: dt.date, last: dt.date) -> DaysOff:
    """Those of a city in the years of a span; none but the usual weekend where its country is not known."""
    country, region = city.country, _region_of(city)
    if country not in _countries():
        return DaysOff()
    years = range(first.year, last.year + 1)
    found = {day: holiday for year in years for day, holiday in _year(country, region, year).items()}
    return DaysOff(found, _weekend(country), frozenset().union(*(_worked(country, year) for year in years)))


@cache
def regions() -> Mapping[str, str]:
    """The region of each twin that lies in one whose holidays are known, as ISO 3166-2."""
    with _REGIONS.open(encoding="utf-8", newline="") as file:
        return {row["slug"]: row["region"] for row in csv.DictReader(file)}


def _region_of(city: Twin) -> str | None:
    """The part of the code behind the country; None where the city is said to lie in another country now."""
    country, _, region = regions().get(city.slug, "").partition("-")
    return region if country == city.country else None


# Kept by the year and never changed: the package's own objects grow while they are asked, which threads must not share.
@lru_cache(maxsize=4096)
def _year(country: str, region: str | None, year: int) -> Mapping[dt.date, Holiday]:
    english = _named(country, region, year, DEFAULT_LANGUAGE)
    others = {tag: _named(country, region, year, tag) for tag in LANGUAGES if _speaks(country, tag)}
    national = _named(country, None, year, DEFAULT_LANGUAGE) if region else english
    found = {}
    for day, name in english.items():
        names = {tag: others[tag][day] if tag in others else in_language(name, tag) for tag in LANGUAGES}
        found[day] = Holiday({tag: known for tag, known in names.items() if known}, local=day not in national)
    return found


@lru_cache(maxsize=4096)
def _worked(country: str, year: int) -> frozenset[dt.date]:
    made = holidays.country_holidays(country, years=year, expand=False)
    return frozenset(getattr(made, "weekend_workdays", ()))


@cache
def _weekend(country: str) -> frozenset[int]:
    return frozenset(holidays.country_holidays(country).weekend)


@cache
def _countries() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries(include_aliases=False))


@cache
def _spoken(country: str) -> tuple[str, ...]:
    """The languages the package names a country's holidays in; a country with one language does not say which."""
    return tuple(holidays.country_holidays(country).supported_languages)


def _speaks(country: str, language: str) -> bool:
    return language != DEFAULT_LANGUAGE and language in _spoken(country)


def _named(country: str, region: str | None, year: int, language: str) -> dict[dt.date, str]:
    tag = next((tag for tag in _spoken(country) if tag.partition("_")[0] == language), None)
    made = holidays.country_holidays(country, subdiv=region, years=year, expand=False, language=tag)
    return {day: name for day, name in made.items() if day.year == year}
