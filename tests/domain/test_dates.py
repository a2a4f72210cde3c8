"""Dates as exactly as they are known: bounds, words in three languages, order, refusals."""

import csv
import itertools
from datetime import date
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.dates import OPEN, HistoricDate, InvalidDate, Precision
from tracker.i18n import LANGUAGES

DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


def simple_dates() -> st.SearchStrategy[HistoricDate]:
    years = st.integers(min_value=1000, max_value=9998).map(str)
    months = st.integers(min_value=1, max_value=12)
    texts = st.one_of(
        st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
        st.builds("{}-{:02}".format, years, months),
        st.builds("{}-{}".format, years, st.integers(min_value=21, max_value=24)),
        years,
        st.integers(min_value=100, max_value=999).map("{}X".format),
        st.integers(min_value=10, max_value=99).map("{}XX".format),
    )
    return st.builds("{}{}".format, texts, st.sampled_from(["", "", "?", "~", "%"])).map(HistoricDate.parse)


def any_dates() -> st.SearchStrategy[HistoricDate]:
    def join(pair: tuple[HistoricDate, HistoricDate]) -> HistoricDate:
        first, second = sorted(pair, key=lambda d: (d.earliest, d.latest))
        return HistoricDate.span(first, second)

    half_open = st.sampled_from(["{}/..", "../{}", "{}/", "/{}"])
    return st.one_of(
        simple_dates(),
        st.tuples(simple_dates(), simple_dates()).map(join),
        st.builds(lambda pattern, d: HistoricDate.parse(pattern.format(d.edtf)), half_open, simple_dates()),
    )


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("1944", "1944-01-01", "1944-12-31", "year"),
        ("1960-05", "1960-05-01", "1960-05-31", "month"),
        ("2000-02", "2000-02-01", "2000-02-29", "month"),
        ("1900-02", "1900-02-01", "1900-02-28", "month"),
        ("1988-11-28", "1988-11-28", "1988-11-28", "day"),
        ("2013-21", "2013-03-01", "2013-05-31", "season"),
        ("2013-22", "2013-06-01", "2013-08-31", "season"),
        ("2013-23", "2013-09-01", "2013-11-30", "season"),
        ("2013-24", "2013-12-01", "2014-02-28", "season"),
        ("2015-24", "2015-12-01", "2016-02-29", "season"),
        ("199X", "1990-01-01", "1999-12-31", "decade"),
        ("19XX", "1900-01-01", "1999-12-31", "century"),
        ("2002/..", "2002-01-01", None, "interval"),
        ("2002/", "2002-01-01", None, "interval"),
        ("../2002", None, "2002-12-31", "interval"),
        ("1994/2002", "1994-01-01", "2002-12-31", "interval"),
        ("1990~/1999", "1990-01-01", "1999-12-31", "interval"),
        ("199X/2003", "1990-01-01", "2003-12-31", "interval"),
        ("2018-01-31/2018-02-03", "2018-01-31", "2018-02-03", "interval"),
        ("1957~", "1957-01-01", "1957-12-31", "year"),
        ("2009?", "2009-01-01", "2009-12-31", "year"),
        ("2013-23~", "2013-09-01", "2013-11-30", "season"),
    ],
)
def test_bounds_are_the_first_and_last_possible_day(
    text: str, earliest: str | None, latest: str | None, precision: str
) -> None:
    found = HistoricDate.parse(text)

    assert found.edtf == text
    assert found.earliest == (date.fromisoformat(earliest) if earliest else None)
    assert found.latest == (date.fromisoformat(latest) if latest else None)
    assert found.precision == precision


@pytest.mark.parametrize(
    ("text", "uncertain", "approximate"),
    [
        ("1957", False, False),
        ("1957?", True, False),
        ("1957~", False, True),
        ("1984%", True, True),
        ("1990~/1999?", True, True),
        ("1990/1999?", True, False),
    ],
)
def test_signs_say_uncertain_and_approximate(text: str, uncertain: bool, approximate: bool) -> None:
    found = HistoricDate.parse(text)

    assert (found.uncertain, found.approximate) == (uncertain, approximate)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [(" 1944 ", "1944"), ("1999-XX", "1999"), ("1999-12-XX", "1999-12"), ("1999-XX-XX", "1999"), ("1944/1944", "1944")],
)
def test_one_date_has_one_spelling(text: str, canonical: str) -> None:
    assert HistoricDate.parse(text).edtf == canonical


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no date"),
        ("1988-13", "no month 13"),
        ("1988-00", "no month 00"),
        ("1960-25", "no month 25"),
        ("1988-11-31", "1988-11 has 30 days"),
        ("2023-02-29", "2023-02 has 28 days"),
        ("1900-02-29", "1900-02 has 28 days"),
        ("1988-13-01", "no month 13"),
        ("XXXX-11-28", "the year must be known"),
        ("XXXX", "the year must be known"),
        ("1XXX", "the year must be known"),
        ("0000", "between 0001 and 9999"),
        ("000X", "between 0001 and 9999"),
        ("-0044", "between 0001 and 9999"),
        ("Y17000", "between 0001 and 9999"),
        ("9999-24", "between 0001 and 9999"),
        ("2002/1994", "ends before it begins"),
        ("../..", "neither beginning nor end"),
        ("/", "neither beginning nor end"),
        ("1988-11-28T10:00:00", "without a time"),
        ("1957~?", "is not a date"),
        ("[1990..1992]", "is not a date"),
        ("{1990,1991}", "is not a date"),
        ("2004-06?-11", "is not a date"),
        ("1999-XX-12", "is not a date"),
        ("199X-05", "is not a date"),
        ("1994/1995/1996", "is not a date"),
        ("28.11.1988", "is not a date"),
        ("٠٩٤٤", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(InvalidDate, match=says) as caught:
        HistoricDate.parse(text)

    assert caught.value.text in text
    assert caught.value.problem("start").message("de") == caught.value.message("de")


@pytest.mark.parametrize(
    ("text", "en", "de", "ru"),
    [
        ("1944", "1944", "1944", "1944"),
        ("1960-05", "May 1960", "Mai 1960", "май 1960"),
        ("1988-11-28", "28 November 1988", "28. November 1988", "28 ноября 1988"),
        ("199X", "1990s", "1990er Jahre", "1990-е годы"),
        ("19XX", "20th century", "20. Jahrhundert", "XX век"),
        ("2013-23", "autumn 2013", "Herbst 2013", "осень 2013"),
        ("1999-24", "winter 1999/00", "Winter 1999/00", "зима 1999/00"),
        ("2002/..", "since 2002", "seit 2002", "с 2002 года"),
        ("2002/", "since 2002 (end unknown)", "seit 2002 (Ende unbekannt)", "с 2002 года (окончание неизвестно)"),
        ("../2002", "until 2002", "bis 2002", "до 2002 года"),
        ("1957~", "about 1957", "um 1957", "около 1957 года"),
        ("2009?", "2009 (uncertain)", "2009 (unsicher)", "2009 (под вопросом)"),
        ("1984%", "about 1984 (uncertain)", "um 1984 (unsicher)", "около 1984 года (под вопросом)"),
        ("1994/2002", "1994–2002", "1994–2002", "1994–2002"),
        (
            "2018-01-31/2018-02-03",
            "31 January – 3 February 2018",
            "31. Januar – 3. Februar 2018",
            "31 января – 3 февраля 2018",
        ),
        ("2018-06-27/2018-06-30", "27–30 June 2018", "27.–30. Juni 2018", "27–30 июня 2018"),
        ("1990~/1999", "about 1990 – 1999", "um 1990 – 1999", "около 1990 года – 1999"),
        ("199X/..", "since the 1990s", "seit den 1990er Jahren", "с 1990-х годов"),
    ],
)
def test_dates_stand_alone_in_three_languages(text: str, en: str, de: str, ru: str) -> None:
    found = HistoricDate.parse(text)

    assert [found.display(language) for language in ("en", "de", "ru")] == [en, de, ru]


@pytest.mark.parametrize(
    ("text", "en", "de", "ru"),
    [
        ("1944", "in 1944", "1944", "в 1944 году"),
        ("1960-05", "in May 1960", "im Mai 1960", "в мае 1960 года"),
        ("2019-08", "in August 2019", "im August 2019", "в августе 2019 года"),
        ("1988-11-28", "on 28 November 1988", "am 28. November 1988", "28 ноября 1988 года"),
        ("2013-23", "in autumn 2013", "im Herbst 2013", "осенью 2013 года"),
        ("199X", "in the 1990s", "in den 1990er Jahren", "в 1990-е годы"),
        ("19XX", "in the 20th century", "im 20. Jahrhundert", "в XX веке"),
        ("2002/..", "since 2002", "seit 2002", "с 2002 года"),
        ("1994/2002", "from 1994 to 2002", "von 1994 bis 2002", "с 1994 по 2002 год"),
        ("1960-05/1960-06", "from May to June 1960", "von Mai bis Juni 1960", "с мая по июнь 1960 года"),
        (
            "2018-01-31/2018-02-03",
            "from 31 January to 3 February 2018",
            "vom 31. Januar bis zum 3. Februar 2018",
            "с 31 января по 3 февраля 2018 года",
        ),
    ],
)
def test_dates_say_when_in_three_languages(text: str, en: str, de: str, ru: str) -> None:
    found = HistoricDate.parse(text)

    assert [found.in_sentence(language) for language in ("en", "de", "ru")] == [en, de, ru]


@pytest.mark.parametrize(
    ("text", "en", "de", "ru"),
    [
        ("2022-03-03", "since 3 March 2022", "seit dem 3. März 2022", "с 3 марта 2022 года"),
        ("2022-02-02", "since 2 February 2022", "seit dem 2. Februar 2022", "со 2 февраля 2022 года"),
        ("2022-03", "since March 2022", "seit März 2022", "с марта 2022 года"),
        ("2013-23", "since autumn 2013", "seit dem Herbst 2013", "с осени 2013 года"),
        ("1990~", "since 1990 (approximately)", "seit 1990 (ungefähr)", "с 1990 года (приблизительно)"),
    ],
)
def test_dates_say_since_when_in_three_languages(text: str, en: str, de: str, ru: str) -> None:
    found = HistoricDate.parse(text)

    assert [found.since(language) for language in ("en", "de", "ru")] == [en, de, ru]


@given(any_dates())
def test_no_words_name_a_day_or_month_that_is_not_recorded(found: HistoricDate) -> None:
    months = ("january", "januar", "январ", "december", "dezember", "декабр")

    said = " ".join(found.display(language) + found.in_sentence(language) for language in LANGUAGES).casefold()

    ends = [end for end in found.ends if end]
    if all(end.precision not in (Precision.DAY, Precision.MONTH) for end in ends):
        assert not any(month in said for month in months)


@given(any_dates())
def test_edtf_is_read_back_as_the_same_date(found: HistoricDate) -> None:
    assert HistoricDate.parse(found.edtf) == found


@given(DAYS)
def test_any_day_is_itself(day: date) -> None:
    found = HistoricDate.parse(day.isoformat())

    assert found == HistoricDate.of_day(day)
    assert found.earliest == found.latest == found.exact_day == day


def test_broader_dates_sort_before_narrower_ones_of_the_same_unit() -> None:
    in_order = ["../1943", "19XX", "195X", "1959-09-05", "1960/..", "196X", "1960/1962", "1960", "1960~", "1960-02-29"]
    in_order += ["1960-21", "1960-03", "1960-03-01", "1960-05", "1960-05-28/1960-05-30", "1960-05-28", "1960-24"]
    in_order += ["1960-12", "1960-12-01", "1961"]

    keys = [HistoricDate.parse(text).sort_key for text in in_order]

    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@given(st.lists(any_dates(), max_size=8))
def test_sort_keys_are_digits_of_one_length(found: list[HistoricDate]) -> None:
    keys = [item.sort_key for item in found]

    assert all(key.isdecimal() and key.isascii() and len(key) == 17 for key in keys)


@given(any_dates(), any_dates())
def test_the_date_that_begins_in_an_earlier_year_sorts_first(one: HistoricDate, other: HistoricDate) -> None:
    years = [found.earliest.year if found.earliest else 0 for found in (one, other)]

    if years[0] < years[1]:
        assert one.sort_key < other.sort_key


def test_a_start_and_an_end_make_one_date() -> None:
    start, end = HistoricDate.parse("1994"), HistoricDate.parse("2002")

    assert HistoricDate.span(start, None) == start
    assert HistoricDate.span(start, start) == start
    assert HistoricDate.span(start, OPEN).display("de") == "seit 1994"
    assert HistoricDate.span(start, end).edtf == "1994/2002"
    with pytest.raises(InvalidDate, match="ends before"):
        HistoricDate.span(end, start)


def test_an_end_may_be_the_wider_unit_of_its_start() -> None:
    assert HistoricDate.parse("1960-05/1960").latest == date(1960, 12, 31)


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("1988", "1988-11-28", True),
        ("1988-11-28", "1988", False),
        ("1988", "1988", True),
        ("199X", "1989", False),
        ("2002/..", "2010", True),
        ("2002/..", "2001/..", False),
        ("../2002", "1990", True),
        ("1990", "../1990", False),
    ],
)
def test_a_date_contains_what_lies_within_it(wide: str, narrow: str, holds: bool) -> None:
    assert HistoricDate.parse(wide).contains(HistoricDate.parse(narrow)) is holds


@pytest.mark.parametrize("text", ["1988-11-28?", "1988-11-28~", "1988-11", "1988", "1988-11-28/.."])
def test_only_a_day_known_without_doubt_is_exact(text: str) -> None:
    assert HistoricDate.parse(text).exact_day is None


def test_every_date_of_the_registry_is_read_and_worded() -> None:
    columns = {
        "history.csv": ("date_start", "date_end"),
        "honours.csv": ("date_edtf",),
        "twin_cities.csv": ("twinned_edtf", "twinned_alt_edtf", "agreement_from", "official_contacts_from"),
    }
    texts: list[str] = []
    for name, wanted in columns.items():
        with resources.files("tracker.data").joinpath(name).open(encoding="utf-8", newline="") as sheet:
            rows = list(csv.DictReader(sheet))
        texts += itertools.chain.from_iterable(row[column].split("|") for row in rows for column in wanted)
    dates = [HistoricDate.parse(text) for text in texts if text not in ("", OPEN)]

    assert len(dates) > 180
    assert all(found.display(language) and found.in_sentence(language) for found in dates for language in LANGUAGES)
