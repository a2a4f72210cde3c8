"""When occasions come round, which year it is, what is one occasion told twice, and how it is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.founding import founding, observance
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import (
    JUBILEE_YEARS,
    ROUND_YEARS,
    Customs,
    Occasion,
    OccasionKind,
    merge_duplicates,
    next_occurrence,
    occurrence,
    occurrences,
)

FIRST_OF_MARCH = Customs(leap_day=LeapDayPolicy.MAR_1)


def test_cologne_is_38_years_on_28_november_2026() -> None:
    come = occurrence(founding("1988-11-28"), 2026)

    assert come is not None
    assert (come.on, come.number, come.round, come.jubilee) == (date(2026, 11, 28), 38, False, False)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from(LeapDayPolicy))
def test_a_day_comes_round_once_a_year_on_its_day(happened: date, leap_day: LeapDayPolicy) -> None:
    occasion = founding(happened.isoformat())

    for year in range(happened.year + 1, 2102):
        found = occurrences([occasion], date(year, 1, 1), date(year, 12, 31), Customs(leap_day=leap_day))
        assert [come.number for come in found] == [year - happened.year]
        day = found[0].on
        assert day is not None
        if (happened.month, happened.day) != (2, 29):
            assert (day.month, day.day) == (happened.month, happened.day)


@pytest.mark.parametrize(
    ("year", "customs", "on"),
    [
        (2023, Customs(), date(2023, 2, 28)),
        (2023, FIRST_OF_MARCH, date(2023, 3, 1)),
        (2024, Customs(), date(2024, 2, 29)),
        (2024, FIRST_OF_MARCH, date(2024, 2, 29)),
        (2100, Customs(), date(2100, 2, 28)),
        (2100, FIRST_OF_MARCH, date(2100, 3, 1)),
    ],
)
def test_29_february_is_kept_where_the_house_says(year: int, customs: Customs, on: date) -> None:
    come = occurrence(founding("2000-02-29"), year, customs)

    assert come is not None
    assert come.on == on


@pytest.mark.parametrize("year", [0, 1900, 1987, 1988, 10_000])
def test_the_year_it_happened_and_those_before_are_no_anniversary(year: int) -> None:
    assert occurrence(founding("1988-11-28"), year) is None


@pytest.mark.parametrize(
    ("edtf", "when", "number"),
    [
        ("1988-11-28", "2026-11-28", 38),
        ("1988-11-28?", "2026-11", 38),
        ("1988-11-28~", "2026-11", 38),
        ("1959-09", "2026-09", 67),
        ("1959-09~", "2026", 67),
        ("1944", "2026", 82),
        ("2013-23", "2026", 13),
        ("2013-24", "2026", 13),
        ("2002/..", "2026", 24),
        ("2018-09-13/2018-09-24", "2026-09-13", 8),
    ],
)
def test_it_comes_round_as_exactly_as_it_is_known(edtf: str, when: str, number: int) -> None:
    come = occurrence(founding(edtf), 2026)

    assert come is not None
    assert come.when == HistoricDate.parse(when)
    assert come.number == number
    assert (come.on is None) == (len(when) < 10)


@pytest.mark.parametrize("edtf", ["199X", "19XX", "1957~", "2009?", "../2002"])
def test_where_nobody_knows_which_year_it_is_there_is_no_anniversary(edtf: str) -> None:
    assert occurrence(founding(edtf), 2026) is None
    assert next_occurrence(founding(edtf), date(2026, 1, 1)) is None


def test_a_year_only_occasion_never_falls_on_a_day() -> None:
    found = occurrences([founding("1944", "coventry")], date(2026, 1, 1), date(2026, 1, 31))

    assert [(come.on, come.precision, come.when.display("en")) for come in found] == [(None, Precision.YEAR, "2026")]


@pytest.mark.parametrize(
    ("number", "is_round", "is_jubilee"),
    [
        (1, False, False), (5, True, False), (10, True, True), (15, True, False), (25, True, True), (35, True, False),
        (38, False, False), (50, True, True), (75, True, True), (100, True, True), (105, False, False),
        (110, False, False), (125, True, True),
    ],
)  # fmt: skip
def test_round_years_and_jubilees(number: int, is_round: bool, is_jubilee: bool) -> None:
    come = occurrence(founding("1900-05-01"), 1900 + number)

    assert come is not None
    assert (come.round, come.jubilee) == (is_round, is_jubilee)


def test_every_jubilee_is_round() -> None:
    assert JUBILEE_YEARS < ROUND_YEARS


def test_what_is_round_is_the_houses_own_list() -> None:
    customs = Customs(round_years=frozenset({38}), jubilee_years=frozenset())

    come = occurrence(founding("1988-11-28"), 2026, customs)

    assert come is not None
    assert (come.round, come.jubilee) == (True, False)


def test_a_span_lists_all_in_order_with_the_less_exact_first() -> None:
    occasions = [
        founding("1988-11-28", "cologne"),
        founding("1959-11", "liege"),
        founding("1944", "coventry"),
        founding("1990-09-13", "cleveland"),
        observance("11-14"),
    ]

    found = occurrences(occasions, date(2026, 11, 1), date(2026, 11, 30))

    assert [come.when.edtf for come in found] == ["2026", "2026-11", "2026-11-14", "2026-11-28"]


def test_a_span_can_be_asked_for_days_only() -> None:
    occasions = [founding("1988-11-28"), founding("1944", "coventry"), founding("1959-11", "liege")]

    found = occurrences(occasions, date(2026, 11, 28), date(2026, 11, 28), precisions=frozenset({Precision.DAY}))

    assert [come.occasion.twins for come in found] == [("cologne",)]


def test_a_span_over_the_turn_of_the_year_holds_both_sides() -> None:
    occasions = [founding("1990-12-31"), founding("1991-01-01", "jilin")]

    found = occurrences(occasions, date(2026, 12, 31), date(2027, 1, 1))

    assert [come.when.edtf for come in found] == ["2026-12-31", "2027-01-01"]


@pytest.mark.parametrize(
    ("edtf", "today", "when"),
    [
        ("1988-11-28", date(2026, 11, 27), "2026-11-28"),
        ("1988-11-28", date(2026, 11, 28), "2026-11-28"),
        ("1988-11-28", date(2026, 11, 29), "2027-11-28"),
        ("1988-12-31", date(2026, 12, 31), "2026-12-31"),
        ("1988-11-28", date(1950, 1, 1), "1989-11-28"),
        ("2026-11-28", date(2026, 11, 1), "2027-11-28"),
        ("1959-09", date(2026, 9, 30), "2026-09"),
        ("1959-09", date(2026, 10, 1), "2027-09"),
        ("1944", date(2026, 12, 31), "2026"),
    ],
)
def test_the_next_one_is_today_or_to_come(edtf: str, today: date, when: str) -> None:
    come = next_occurrence(founding(edtf), today)

    assert come is not None
    assert come.when.edtf == when


def test_a_founding_told_by_the_twin_and_by_a_milestone_is_one() -> None:
    twin = founding("1988-11-28")
    milestone = founding("1988-11-28", kind=OccasionKind.AGREEMENT, source="activity", basis="partnership agreed")

    for told in ([twin, milestone], [milestone, twin]):
        (merged,) = merge_duplicates(told)

        assert merged.key == twin.key
        assert merged.kind is OccasionKind.TWINNING
        assert merged.basis == "partnership agreed"
        assert set(merged.sources) == {"twin:cologne", "activity:cologne"}


def test_the_more_exact_date_wins() -> None:
    twin = founding("1959", "liege")
    milestone = founding("1959-09", "liege", kind=OccasionKind.AGREEMENT, source="activity")

    (merged,) = merge_duplicates([twin, milestone])

    assert merged.date == HistoricDate.parse("1959-09")
    assert merged.key == twin.key


def test_a_bare_year_does_not_make_one_of_two_days() -> None:
    told = [
        founding("1988", kind=OccasionKind.AGREEMENT, source="sheet"),
        founding("1988-11-28"),
        founding("1988-05-06", kind=OccasionKind.AGREEMENT, source="activity"),
    ]

    merged = merge_duplicates(told)

    assert sorted(one.date.edtf for one in merged if one.date) == ["1988-05-06", "1988-11-28"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (founding("1988-11-28"), founding("1988-11-28", "coventry")),
        (founding("1988-11-28"), founding("1988-11-28", "cologne", "coventry")),
        (founding("1988-11-28"), founding("1988-11-29", kind=OccasionKind.AGREEMENT)),
        (founding("2002/.."), founding("2010-05-09", kind=OccasionKind.AGREEMENT)),
        (
            founding("2019-11-09", kind=OccasionKind.MILESTONE, source="square"),
            founding("2019-11-09", kind=OccasionKind.MILESTONE, source="award"),
        ),
        (founding("2019-11-09"), founding("2019-11-09", kind=OccasionKind.MILESTONE, source="award")),
        (observance("05-08"), observance("05-09")),
    ],
)
def test_different_happenings_stay_two(one: Occasion, other: Occasion) -> None:
    assert len(merge_duplicates([one, other])) == 2


@given(
    st.permutations(
        [
            founding("1988-11-28"),
            founding("1988", kind=OccasionKind.AGREEMENT, source="a"),
            founding("198X", kind=OccasionKind.AGREEMENT, source="b"),
            founding("1959", "liege"),
            founding("1959-09", "liege", kind=OccasionKind.AGREEMENT, source="c"),
            founding("1959-09-05", "dijon"),
            observance("02-02"),
        ]
    )
)
def test_merging_does_not_depend_on_the_order_told(told: list[Occasion]) -> None:
    merged = merge_duplicates(told)

    assert [(one.key, one.date.edtf if one.date else None) for one in merged] == [
        ("observance:02-02", None),
        ("twin:dijon:twinning:1959-09-05", "1959-09-05"),
        ("twin:cologne:twinning:1988-11-28", "1988-11-28"),
        ("twin:liege:twinning:1959", "1959-09"),
    ]
