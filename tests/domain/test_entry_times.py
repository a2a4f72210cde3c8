# ruff: noqa: DTZ001 - times on the wall
"""When something is by the clocks of all its cities, in one line."""

import datetime as dt

import pytest

from tracker.domain.entry_times import both_times
from tracker.domain.twins import Twin

KNOWN = {
    slug: Twin(slug=slug, names={"en": en, "de": de, "ru": ru}, country="XX", timezone=zone)
    for slug, en, de, ru, zone in [
        ("cologne", "Cologne", "Köln", "Кёльн", "Europe/Berlin"),
        ("dijon", "Dijon", "Dijon", "Дижон", "Europe/Paris"),
        ("coventry", "Coventry", "Coventry", "Ковентри", "Europe/London"),
        ("hiroshima", "Hiroshima", "Hiroshima", "Хиросима", "Asia/Tokyo"),
        ("moscow", "Moscow", "Moskau", "Москва", "Europe/Moscow"),
        ("nowhere", "Nowhere", "Nirgends", "Нигде", None),
        ("wrong", "Wrong", "Falsch", "Неверно", "Europe/Stalingrad"),
    ]
}
EVENING = dt.datetime(2026, 7, 5, 18, 0)  # a Sunday


def line(
    *twins: str, start: dt.datetime = EVENING, hours: float | None = 2, zone: str = "Europe/Berlin", lang: str = "de"
) -> str:
    end = None if hours is None else start + dt.timedelta(hours=hours)
    return both_times(start, end, zone, twins, KNOWN, start.date(), lang)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Köln 18:00–20:00 / Wolgograd 19:00–21:00"),
        ("en", "Cologne 18:00–20:00 / Volgograd 19:00–21:00"),
        ("ru", "Кёльн 18:00–20:00 / Волгоград 19:00–21:00"),
    ],
)
def test_each_city_is_told_by_its_own_clock_and_the_hub_last(language: str, told: str) -> None:
    assert line("cologne", lang=language) == told


def test_in_winter_the_clocks_are_further_apart() -> None:
    assert line("cologne", start=dt.datetime(2026, 12, 4, 18, 0)) == "Köln 18:00–20:00 / Wolgograd 20:00–22:00"


def test_cities_whose_clocks_agree_share_one_and_the_hub_stays_last() -> None:
    assert line("moscow", "cologne", "dijon", "coventry") == (
        "Köln, Dijon 18:00–20:00 / Coventry 17:00–19:00 / Moskau, Wolgograd 19:00–21:00"
    )


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("de", "Köln 18:00–22:30 / Hiroshima Mo. 01:00–05:30 / Wolgograd 19:00–23:30"),
        ("en", "Cologne 18:00–22:30 / Hiroshima Mon 01:00–05:30 / Volgograd 19:00–23:30"),
        ("ru", "Кёльн 18:00–22:30 / Хиросима пн 01:00–05:30 / Волгоград 19:00–23:30"),
    ],
)
def test_another_day_is_said(language: str, told: str) -> None:
    assert line("cologne", "hiroshima", hours=4.5, lang=language) == told


def test_an_end_on_another_day_than_its_start_says_so_and_after_a_week_the_date() -> None:
    assert line("cologne", hours=6) == "Köln 18:00–Mo. 00:00 / Wolgograd 19:00–Mo. 01:00"
    assert line("cologne", hours=24 * 8) == "Köln 18:00–Mo., 13.7. 18:00 / Wolgograd 19:00–Mo., 13.7. 19:00"


def test_the_time_may_be_told_in_a_zone_that_no_city_has() -> None:
    assert line("cologne", zone="Asia/Tokyo", hours=None) == "Köln 11:00 / Wolgograd 12:00"


def test_a_city_without_a_known_zone_is_left_out() -> None:
    assert line("nowhere", "wrong", "unheard-of") == "Wolgograd 19:00–21:00"


def test_the_zone_rules_and_the_names_are_those_of_the_day() -> None:
    signing = dt.datetime(1958, 7, 5, 12, 0)

    assert line("cologne", start=signing, hours=0) == "Köln 12:00 / Stalingrad 15:00"


def test_a_day_has_no_clock() -> None:
    assert both_times(EVENING.date(), None, None, ("cologne",), KNOWN, EVENING.date(), "de") == ""
