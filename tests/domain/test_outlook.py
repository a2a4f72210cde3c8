"""The outlook: what collides with what, told of both, as exactly as the dates are known and no more."""

import datetime as dt
from collections.abc import Mapping

import pytest

from tracker.domain.dates import HistoricDate
from tracker.domain.holiday_names import in_language
from tracker.domain.occasions import (
    DEFAULT_CUSTOMS,
    Customs,
    Occasion,
    OccasionKind,
    Occurrence,
    occurrence,
    occurrences,
)
from tracker.domain.outlook import Clash, DaysOff, Foreseen, Holiday, arrange, foresee, last_of, neighbourhood
from tracker.domain.outlook_wording import collision_words
from tracker.domain.twins import Twin

MONDAY_TO_FRIDAY = DaysOff()
NO_WEEKEND = DaysOff(weekend=frozenset())
COLOGNE = Twin(slug="cologne", names={"en": "Cologne", "de": "Köln", "ru": "Кёльн"}, country="DE")
COVENTRY = Twin(slug="coventry", names={"en": "Coventry", "ru": "Ковентри"}, country="GB")
PORT_SAID = Twin(slug="port-said", names={"en": "Port Said", "de": "Port Said"}, country="EG")
TWINS = {twin.slug: twin for twin in (COLOGNE, COVENTRY, PORT_SAID)}


def founded(slug: str, date: str, key: str = "") -> Occasion:
    return Occasion(key or f"founding:{slug}", OccasionKind.TWINNING, (slug,), HistoricDate.parse(date))


def come(occasion: Occasion, year: int, customs: Customs = DEFAULT_CUSTOMS) -> Occurrence:
    found = occurrence(occasion, year, customs)
    assert found is not None
    return found


def seen(
    *comes: Occurrence, hub: DaysOff = NO_WEEKEND, twins: Mapping[str, DaysOff] | None = None
) -> dict[str, Foreseen]:
    return {one.come.occasion.key: one for one in foresee(comes, comes, hub, twins or {})}


def clashes(found: Foreseen) -> list[Clash]:
    return [collision.clash for collision in found.collisions]


@pytest.mark.parametrize(("day", "collides"), [("05-04", True), ("05-10", True), ("05-11", False), ("04-28", True)])
def test_two_jubilees_collide_within_seven_days_over_the_end_of_a_week_too(day: str, collides: bool) -> None:
    # 4 May 2028 is a Thursday, so 10 May lies in the next week from Monday to Sunday.
    found = seen(come(founded("cologne", "1988-05-04"), 2028), come(founded("coventry", f"1978-{day}"), 2028))

    expected = [Clash.SAME_WEEK] if collides else []
    assert clashes(found["founding:cologne"]) == clashes(found["founding:coventry"]) == expected


def test_it_is_told_with_the_week_and_the_other_jubilee() -> None:
    found = seen(come(founded("cologne", "1988-05-04"), 2028), come(founded("coventry", "1978-05-09"), 2028))

    one = found["founding:coventry"]
    assert collision_words(one, one.collisions[0], "en", TWINS) == (
        "Both in the week from 4 May 2028: 40th anniversary of the twinning Cologne – Volgograd (4 May 2028)"
    )


def test_only_jubilees_collide_and_the_house_says_which_years_those_are() -> None:
    early, late = founded("cologne", "1988-05-04"), founded("coventry", "1985-05-04")

    by_default = seen(come(early, 2028), come(late, 2028))
    house = Customs(jubilee_years=frozenset({40, 43}))
    by_the_house = seen(come(early, 2028, house), come(late, 2028, house))

    assert clashes(by_default["founding:cologne"]) == []
    assert clashes(by_the_house["founding:cologne"]) == [Clash.SAME_WEEK]


def test_what_one_day_began_between_the_same_cities_is_one_feast() -> None:
    square = founded("cologne", "1988-11-28", key="milestone:square")
    next_day = founded("cologne", "1988-11-29", key="milestone:school")

    found = seen(come(founded("cologne", "1988-11-28"), 2028), come(square, 2028), come(next_day, 2028))

    others = [collision.other for collision in found["founding:cologne"].collisions]
    assert [other.occasion.key for other in others if other] == ["milestone:school"]


def test_where_only_the_month_is_known_it_is_told_as_a_perhaps() -> None:
    found = seen(
        come(founded("liege", "1959-09"), 2029),
        come(founded("dijon", "1959-09-05"), 2029),
        come(founded("kemi", "1959"), 2029),
        come(founded("turin", "1959-10-01"), 2029),
    )

    assert {key: clashes(one) for key, one in found.items()} == {
        "founding:liege": [Clash.SAME_MONTH],
        "founding:dijon": [Clash.SAME_MONTH],
        "founding:kemi": [],
        "founding:turin": [],
    }


def test_a_jubilee_just_outside_the_span_still_collides_with_one_in_it() -> None:
    known = [founded("cologne", "1988-05-04"), founded("coventry", "1978-05-09"), founded("liege", "1988-05")]
    first, last = dt.date(2028, 5, 5), dt.date(2028, 5, 9)

    near = occurrences(known, *neighbourhood(first, last))
    [*_, coventry] = foresee(occurrences(known, first, last), near, NO_WEEKEND, {})

    assert clashes(coventry) == [Clash.SAME_MONTH, Clash.SAME_WEEK]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Public holiday (Germany): Ascension Day"),
        ("de", "Feiertag (Deutschland): Christi Himmelfahrt"),
    ],
)
def test_a_public_holiday_is_told_with_its_country_in_the_readers_language(language: str, words: str) -> None:
    day = dt.date(2027, 5, 6)
    holidays = DaysOff({day: Holiday({"en": "Ascension Day", "de": "Christi Himmelfahrt"})}, frozenset())

    one = seen(come(founded("cologne", "1988-05-06"), 2027), twins={"cologne": holidays})["founding:cologne"]

    assert clashes(one) == [Clash.PUBLIC_HOLIDAY]
    assert collision_words(one, one.collisions[0], language, TWINS) == words


def test_a_holiday_of_the_region_alone_is_told_of_the_city() -> None:
    day = dt.date(2026, 11, 1)
    off = DaysOff({day: Holiday({"en": "All Saints' Day"}, local=True)}, frozenset())

    one = seen(come(founded("cologne", "1986-11-01"), 2026), twins={"cologne": off})["founding:cologne"]

    assert collision_words(one, one.collisions[0], "en", TWINS) == "Public holiday (Cologne): All Saints' Day"


def test_a_holiday_of_another_twin_is_none_of_its_business() -> None:
    day = dt.date(2027, 5, 6)
    off = DaysOff({day: Holiday({"en": "Ascension Day"})}, frozenset())

    one = seen(come(founded("coventry", "1988-05-06"), 2027), twins={"cologne": off})["founding:coventry"]

    assert one.collisions == ()


def test_a_weekend_is_told_once_for_both_places_and_by_country_where_they_differ() -> None:
    friday, saturday = founded("port-said", "1962-05-07"), founded("cologne", "1962-05-08")
    assert (come(friday, 2027).on, come(saturday, 2027).on) == (dt.date(2027, 5, 7), dt.date(2027, 5, 8))

    egypt = DaysOff(weekend=frozenset({4, 5}))
    found = seen(
        come(friday, 2027),
        come(saturday, 2027),
        hub=MONDAY_TO_FRIDAY,
        twins={"port-said": egypt, "cologne": MONDAY_TO_FRIDAY},
    )

    words = [collision_words(one, one.collisions[0], "en", TWINS) for one in found.values()]
    assert words == ["On a weekend (Egypt): Friday", "On a weekend: Saturday"]


def test_a_saturday_that_is_worked_is_no_weekend() -> None:
    worked = DaysOff(worked=frozenset({dt.date(2027, 2, 20)}))

    one = seen(come(founded("cologne", "1990-02-20"), 2027), hub=worked)["founding:cologne"]

    assert one.collisions == ()


def test_what_is_kept_on_a_sunday_is_not_told_that_it_is_one() -> None:
    sunday = Occasion("observance:towns", OccasionKind.OBSERVANCE, (), rule="last sunday of april")
    end_of_war = Occasion("observance:end", OccasionKind.OBSERVANCE, (), rule="05-08")

    found = seen(come(sunday, 2027), come(end_of_war, 2027), hub=MONDAY_TO_FRIDAY)

    assert clashes(found["observance:towns"]) == []
    assert clashes(found["observance:end"]) == [Clash.WEEKEND]


def test_what_has_no_day_has_neither_holiday_nor_weekend() -> None:
    every_day = DaysOff({dt.date(2027, 1, 1): Holiday({"en": "New Year's Day"})}, frozenset(range(7)))

    found = seen(come(founded("coventry", "1944"), 2027), come(founded("liege", "1959-01"), 2027), hub=every_day)

    assert [one.collisions for one in found.values()] == [(), ()]


def test_months_hold_their_days_apart_from_what_has_none_and_years_stand_by_themselves() -> None:
    known = [
        founded("coventry", "1944"),
        founded("liege", "1959-09"),
        founded("dijon", "1959-09-05"),
        founded("cologne", "1988-11-28"),
    ]
    items = foresee(occurrences(known, dt.date(2028, 9, 6), dt.date(2029, 9, 30)), (), NO_WEEKEND, {})

    outlook = arrange(items)

    def keys(found: tuple[Foreseen, ...]) -> list[str]:
        return [one.come.occasion.key.removeprefix("founding:") for one in found]

    assert [(month.first, keys(month.undated), keys(month.dated)) for month in outlook.months] == [
        (dt.date(2028, 9, 1), ["liege"], []),
        (dt.date(2028, 11, 1), [], ["cologne"]),
        (dt.date(2029, 9, 1), ["liege"], ["dijon"]),
    ]
    assert [(year, keys(found)) for year, found in outlook.years] == [(2028, ["coventry"]), (2029, ["coventry"])]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (dt.date(2026, 11, 23), dt.date(2029, 11, 22)),
        (dt.date(2024, 2, 29), dt.date(2027, 2, 27)),
        (dt.date(9998, 1, 1), dt.date.max),
    ],
)
def test_the_last_of_so_many_months_is_the_day_before_the_next_ones_begin(first: dt.date, last: dt.date) -> None:
    assert last_of(first, 36) == last


def test_a_name_of_several_parts_is_translated_in_whole_or_not_at_all() -> None:
    assert in_language("Victory Day", "en") == "Victory Day"
    assert in_language("Day off (substituted from 02/20/2027)", "en") == "Day off"
    assert in_language("Republic Day; Uzhavar Thirunal", "de") is None
    assert in_language("Uzhavar Thirunal (observed)", "ru") is None
