"""When occasions come round, which year it is, what is one occasion told twice, and how it is said."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.occasion_rules import FixedDay, InvalidRule, LeapDayPolicy, NthWeekday, parse_rule
from tracker.domain.occasion_wording import ordinal_title, status_note
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
NAMES = {
    "en": {"cologne": "Cologne", "ortona": "Ortona", "coventry": "Coventry"},
    "de": {"cologne": "Köln", "ortona": "Ortona", "coventry": "Coventry"},
    "ru": {"cologne": "Кёльн", "ortona": "Ортона", "coventry": "Ковентри"},
}
HUB = {"en": "Volgograd", "de": "Wolgograd", "ru": "Волгоград"}


def founding(
    edtf: str, *twins: str, kind: OccasionKind = OccasionKind.TWINNING, source: str = "twin", basis: str = ""
) -> Occasion:
    twins = twins or ("cologne",)
    return Occasion(
        key=f"{source}:{','.join(twins)}:{kind}:{edtf}",
        kind=kind,
        twins=twins,
        date=HistoricDate.parse(edtf),
        basis=basis,
        sources=(f"{source}:{','.join(twins)}",),
    )


def observance(rule: str) -> Occasion:
    return Occasion(
        key=f"observance:{rule}", kind=OccasionKind.OBSERVANCE, twins=(), rule=rule, titles={"en": "Twin Cities Day"}
    )


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


@pytest.mark.parametrize(
    ("rule", "year", "on"),
    [
        ("02-02", 2026, date(2026, 2, 2)),
        ("05-09", 2026, date(2026, 5, 9)),
        ("last sunday of april", 2026, date(2026, 4, 26)),
        ("last sunday of april", 2023, date(2023, 4, 30)),
        ("last sunday of february", 2024, date(2024, 2, 25)),
        ("second sunday of september", 2026, date(2026, 9, 13)),
        ("last sunday of may", 2026, date(2026, 5, 31)),
        ("first monday of june", 2026, date(2026, 6, 1)),
        ("Fourth  Thursday of November", 2026, date(2026, 11, 26)),
        ("02-29", 2026, date(2026, 2, 28)),
    ],
)
def test_observances_fall_by_their_rule(rule: str, year: int, on: date) -> None:
    come = occurrence(observance(rule), year)

    assert come is not None
    assert (come.on, come.number, come.round) == (on, None, False)


@given(st.integers(min_value=1900, max_value=2100))
def test_the_last_sunday_of_april_is_a_sunday_and_none_follows_in_april(year: int) -> None:
    day = parse_rule("last sunday of april").on(year, LeapDayPolicy.FEB_28)

    assert (day.year, day.month, day.isoweekday()) == (year, 4, 7)
    assert day.day > 30 - 7


def test_rules_are_read_once_into_values() -> None:
    assert parse_rule("02-02") == FixedDay(2, 2)
    assert parse_rule("last sunday of april") == NthWeekday(-1, 6, 4)


@pytest.mark.parametrize(
    "rule", ["", "2-2", "13-01", "02-30", "04-31", "fifth sunday of may", "last sunday", "last sunday of aprill", "…"]
)
def test_a_rule_nobody_can_read_is_refused(rule: str) -> None:
    with pytest.raises(InvalidRule, match="Write 02-02 or last sunday of april"):
        parse_rule(rule)


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


@pytest.mark.parametrize(
    ("occasion", "link_type", "en", "de", "ru"),
    [
        (
            founding("1988-11-28"),
            "twin",
            "38th anniversary of the twinning Cologne – Volgograd",
            "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd",
            "38-я годовщина побратимских связей: Кёльн – Волгоград",
        ),
        (
            founding("2014-08-08", "ortona"),
            "friendship_pact",
            "12th anniversary of the friendship pact Ortona – Volgograd",
            "12. Jahrestag des Freundschaftspakts Ortona – Wolgograd",
            "12-я годовщина договора о дружбе: Ортона – Волгоград",
        ),
        (
            founding("2015-10-09"),
            "partner",
            "11th anniversary of the partnership Cologne – Volgograd",
            "11. Jahrestag der Partnerschaft Köln – Wolgograd",
            "11-я годовщина партнёрства: Кёльн – Волгоград",
        ),
        (
            founding("2005-10-09"),
            "sister_port",
            "21st anniversary of the ties Cologne – Volgograd",
            "21. Jahrestag der Verbindung Köln – Wolgograd",
            "21-я годовщина связей: Кёльн – Волгоград",
        ),
        (
            founding("2004", "coventry", kind=OccasionKind.AGREEMENT),
            "twin",
            "22nd anniversary of the agreement Coventry – Volgograd",
            "22. Jahrestag der Vereinbarung Coventry – Wolgograd",
            "22-я годовщина соглашения: Ковентри – Волгоград",
        ),
        (
            Occasion(
                key="activity:square",
                kind=OccasionKind.MILESTONE,
                twins=("cologne",),
                date=HistoricDate.parse("2023-05-09"),
                titles={"en": "Volgograd Square named", "de": "Wolgograd-Platz benannt"},
            ),
            "twin",
            "3rd anniversary: Volgograd Square named",
            "3. Jahrestag: Wolgograd-Platz benannt",
            "3-я годовщина: Volgograd Square named",
        ),
    ],
)
def test_anniversaries_are_said_with_their_number(
    occasion: Occasion, link_type: str, en: str, de: str, ru: str
) -> None:
    come = occurrence(occasion, 2026)

    assert come is not None
    said = [
        ordinal_title(come, language, names=NAMES[language], hub=HUB[language], link_type=link_type)
        for language in ("en", "de", "ru")
    ]
    assert said == [en, de, ru]


def test_an_observance_is_said_without_a_number() -> None:
    come = occurrence(observance("last sunday of april"), 2026)

    assert come is not None
    assert ordinal_title(come, "de", names={}, hub="Wolgograd") == "Twin Cities Day"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
        (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th"), (113, "113th"), (123, "123rd"),
    ],
)  # fmt: skip
def test_english_counts_as_english_does(number: int, said: str) -> None:
    come = occurrence(founding("1900"), 1900 + number)

    assert come is not None
    assert ordinal_title(come, "en", names=NAMES["en"], hub="Volgograd").startswith(f"{said} anniversary")


@pytest.mark.parametrize(
    ("since", "en", "de", "ru"),
    [
        (
            "2022-03-03",
            "official contacts resting since 3 March 2022",
            "offizielle Kontakte ruhen seit dem 3. März 2022",
            "официальные контакты приостановлены с 3 марта 2022 года",
        ),
        (
            "2022",
            "official contacts resting since 2022",
            "offizielle Kontakte ruhen seit 2022",
            "официальные контакты приостановлены с 2022 года",
        ),
        (None, "official contacts resting", "offizielle Kontakte ruhen", "официальные контакты приостановлены"),
    ],
)
def test_resting_contacts_are_said(since: str | None, en: str, de: str, ru: str) -> None:
    when = HistoricDate.parse(since) if since else None

    said = [
        status_note(language, agreement="in_force", official="resting", official_since=when)
        for language in ("en", "de", "ru")
    ]

    assert said == [en, de, ru]


@pytest.mark.parametrize(
    ("since", "en", "de", "ru"),
    [
        ("2022", "agreement ended in 2022", "Vereinbarung 2022 beendet", "соглашение прекращено в 2022 году"),
        (
            "2022-04-23",
            "agreement ended on 23 April 2022",
            "Vereinbarung am 23. April 2022 beendet",
            "соглашение прекращено 23 апреля 2022 года",
        ),
        (None, "agreement ended", "Vereinbarung beendet", "соглашение прекращено"),
    ],
)
def test_an_ended_agreement_is_said_and_its_contacts_go_without_saying(
    since: str | None, en: str, de: str, ru: str
) -> None:
    when = HistoricDate.parse(since) if since else None

    said = [
        status_note(language, agreement="ended", official="resting", agreement_since=when)
        for language in ("en", "de", "ru")
    ]

    assert said == [en, de, ru]


@pytest.mark.parametrize(("agreement", "official"), [("in_force", "normal"), ("unknown", "unknown")])
def test_what_goes_on_needs_no_note(agreement: str, official: str) -> None:
    assert status_note("ru", agreement=agreement, official=official) == ""
