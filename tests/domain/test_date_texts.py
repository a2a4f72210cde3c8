"""Dates as people write them, in three languages and many hands."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.i18n import LANGUAGES

TODAY = date(2026, 11, 22)


def written_dates() -> st.SearchStrategy[str]:
    """EDTF of every sort, with years of four digits."""
    years = st.integers(min_value=1000, max_value=9998).map(str)
    simple = st.one_of(
        st.dates(min_value=date(1000, 1, 1)).map(date.isoformat),
        st.builds("{}-{:02}".format, years, st.integers(min_value=1, max_value=12)),
        st.builds("{}-{}".format, years, st.integers(min_value=21, max_value=24)),
        years,
        st.integers(min_value=100, max_value=999).map("{}X".format),
        st.integers(min_value=10, max_value=98).map("{}XX".format),
    )
    signed = st.builds("{}{}".format, simple, st.sampled_from(["", "", "?", "~", "%"]))

    def in_order(pair: tuple[str, str]) -> str:
        first, second = sorted(pair, key=lambda text: HistoricDate.parse(text).sort_key)
        return f"{first}/{second}"

    half_open = st.builds(str.format, st.sampled_from(["{}/..", "../{}", "{}/", "/{}"]), signed)
    return st.one_of(
        signed, half_open, st.tuples(signed, signed).map(in_order), st.tuples(simple, simple).map(in_order)
    )


@pytest.mark.parametrize(
    ("text", "edtf"),
    [
        # as it is stored
        ("1960-05", "1960-05"),
        ("199X", "199X"),
        ("199x", "199X"),
        ("2002/..", "2002/.."),
        ("1957~", "1957~"),
        # years
        ("1944", "1944"),
        ("in 1944", "1944"),
        ("im Jahr 1944", "1944"),
        ("1944 год", "1944"),
        ("в 1944 году", "1944"),
        ("1944 г.", "1944"),
        ("1944г.", "1944"),
        # months
        ("Mai 1960", "1960-05"),
        ("mai 1960", "1960-05"),
        ("im Mai 1960", "1960-05"),
        ("May 1960", "1960-05"),
        ("in May, 1960", "1960-05"),
        ("май 1960", "1960-05"),
        ("мая 1960", "1960-05"),
        ("в мае 1960 года", "1960-05"),
        ("МАЙ  1960", "1960-05"),
        ("Sept. 2009", "2009-09"),
        ("Mär 2009", "2009-03"),
        ("Jänner 2009", "2009-01"),
        ("окт. 2009", "2009-10"),
        ("октябрём 2009", "2009-10"),
        ("05/1960", "1960-05"),
        ("5.1960", "1960-05"),
        ("1960 Mai", "1960-05"),
        # days
        ("3.5.1960", "1960-05-03"),
        ("03.05.1960", "1960-05-03"),
        ("3. 5. 1960", "1960-05-03"),
        ("3. Mai 1960", "1960-05-03"),
        ("3.Mai 1960", "1960-05-03"),
        ("am 3. Mai 1960", "1960-05-03"),
        ("3 May 1960", "1960-05-03"),
        ("3rd of May 1960", "1960-05-03"),
        ("on the 3rd of May, 1960", "1960-05-03"),
        ("May 3, 1960", "1960-05-03"),
        ("May 3rd, 1960", "1960-05-03"),
        ("3 мая 1960 г.", "1960-05-03"),
        ("3 мая 1960 года", "1960-05-03"),
        ("28/11/1988", "1988-11-28"),
        ("11/28/1988", "1988-11-28"),
        ("5/5/1960", "1960-05-05"),
        ("1960/05/03", "1960-05-03"),
        ("1960-5-3", "1960-05-03"),
        ("29.02.2024", "2024-02-29"),
        ("heute", "2026-11-22"),
        ("yesterday", "2026-11-21"),
        ("Завтра", "2026-11-23"),
        # seasons
        ("Herbst 2013", "2013-23"),
        ("im Herbst 2013", "2013-23"),
        ("autumn 2013", "2013-23"),
        ("fall 2013", "2013-23"),
        ("осень 2013", "2013-23"),
        ("осенью 2013", "2013-23"),
        ("осенью 2013 года", "2013-23"),
        ("Frühjahr 2013", "2013-21"),
        ("летом 2013", "2013-22"),
        ("Winter 2013/14", "2013-24"),
        ("зима 2013/2014", "2013-24"),
        # decades and centuries
        ("1990er", "199X"),
        ("1990er Jahre", "199X"),
        ("in den 1990er Jahren", "199X"),
        ("1990s", "199X"),
        ("1990's", "199X"),
        ("the 1990s", "199X"),
        ("1990-е", "199X"),
        ("1990-е годы", "199X"),
        ("1990-х", "199X"),
        ("в 1990-х годах", "199X"),
        ("20. Jahrhundert", "19XX"),
        ("20th century", "19XX"),
        ("XX век", "19XX"),
        # open, about, doubtful
        ("seit 2002", "2002/.."),
        ("since 2002", "2002/.."),
        ("since May 2002", "2002-05/.."),
        ("с 2002", "2002/.."),
        ("с 2002 года", "2002/.."),
        ("со 2 февраля 2002 г.", "2002-02-02/.."),
        ("seit den 1990er Jahren", "199X/.."),
        ("bis 2002", "../2002"),
        ("до 2002 года", "../2002"),
        ("um 1957", "1957~"),
        ("ca. 1957", "1957~"),
        ("c. 1957", "1957~"),
        ("about 1957", "1957~"),
        ("около 1957", "1957~"),
        ("~1957", "1957~"),
        ("Mai 1960?", "1960-05?"),
        # from one to another
        ("1994-2002", "1994/2002"),
        ("1994–2002", "1994/2002"),
        ("1994 - 2002", "1994/2002"),
        ("von 1994 bis 2002", "1994/2002"),
        ("с 1994 по 2002 год", "1994/2002"),
        ("2002–heute", "2002/.."),
        ("2002 по настоящее время", "2002/.."),
        ("Mai bis Juni 1960", "1960-05/1960-06"),
        ("May-June 1960", "1960-05/1960-06"),
        ("28.-31.1.2018", "2018-01-28/2018-01-31"),
        ("28-31 January 2018", "2018-01-28/2018-01-31"),
        ("31.1. – 3.2.2018", "2018-01-31/2018-02-03"),
        ("31. Januar – 3. Februar 2018", "2018-01-31/2018-02-03"),
        ("с 31 января по 3 февраля 2018 года", "2018-01-31/2018-02-03"),
        ("30.12.2018 - 2.1.2019", "2018-12-30/2019-01-02"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_written_date_is_understood_whatever_the_language_of_the_page(text: str, edtf: str, language: str) -> None:
    assert understand(text, language, TODAY) == HistoricDate.parse(edtf)


@given(written_dates(), st.sampled_from(LANGUAGES))
def test_what_we_say_we_also_understand(edtf: str, language: str) -> None:
    found = HistoricDate.parse(edtf)

    assert understand(found.display(language), "en", TODAY) == found
    assert understand(found.in_sentence(language), "en", TODAY) == found


def test_a_day_that_may_be_two_is_refused_naming_both() -> None:
    with pytest.raises(InvalidDate) as caught:
        understand("5/3/1960", "de", TODAY)

    assert caught.value.message("en").startswith("“5/3/1960” may be 5. März 1960 or 3. Mai 1960.")
    assert caught.value.message("de") == (
        "„5/3/1960“ kann 5. März 1960 oder 3. Mai 1960 sein. "
        "Schreiben Sie den Monat als Wort, oder 1960-03-05 oder 1960-05-03."
    )


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        ("29.02.2023", "en", "“29.02.2023”: February 2023 has 28 days."),
        ("29.02.2023", "de", "„29.02.2023“: Februar 2023 hat 28 Tage."),
        ("29.02.2023", "ru", "«29.02.2023»: февраль 2023 — дней в месяце: 28."),
        ("31 April 2020", "en", "“31 April 2020”: April 2020 has 30 days."),
        ("0.5.1960", "en", "“0.5.1960”: May 1960 has 31 days."),
        ("3.13.1960", "en", "“3.13.1960”: there is no month 13, months are 1 to 12."),
        ("1988-13", "en", "“1988-13”: there is no month 13."),
        ("2002–1994", "en", "“2002–1994” ends before it begins."),
        ("3.5.0000", "en", "“3.5.0000”: the year must lie between 0001 and 9999."),
        ("", "en", "There is no date."),
        ("   ", "en", "There is no date."),
    ],
)
def test_what_cannot_be_is_refused_with_what_would_be_right(text: str, language: str, says: str) -> None:
    with pytest.raises(InvalidDate) as caught:
        understand(text, language, TODAY)

    assert caught.value.message(language).startswith(says)


@pytest.mark.parametrize(
    "text", ["60", "'60", "3.5.60", "5/3/60", "Mai 60", "3 May 60", "90er Jahre", "'90s", "3.5.196"]
)
def test_no_century_is_guessed(text: str) -> None:
    with pytest.raises(InvalidDate, match="write the year with four digits"):
        understand(text, "en", TODAY)


@pytest.mark.parametrize(
    "text",
    [
        "soon", "kommt noch", "um", "seit", "-", "–", "May", "3 May", "3. Mayo 1960", "Mayo 1960", "early May 1960",
        "between 1990 and 1994", "1995s", "44 BC", "Sommer 2013/14", "Winter 2013/16", "XXXX век", "1st century",
        "٣.٥.١٩٦٠", "2..", "1990/1991/92", "2013-23-23-23", "<b>1960</b>",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidDate, match=r"is not understood as a date\. Write a date like"):
        understand(text, "en", TODAY)


def test_a_pasted_page_is_not_repeated_in_the_reason() -> None:
    with pytest.raises(InvalidDate) as caught:
        understand("1960 " * 10_000, "en", TODAY)

    assert len(str(caught.value)) < 250


@given(st.text(max_size=100))
def test_any_text_is_a_date_or_refused(text: str) -> None:
    assert _answer(text)


@given(st.text(alphabet="0123456789.-/ –MaiмаяbisXх~?№г", max_size=24))
def test_any_text_of_the_letters_of_dates_is_a_date_or_refused(text: str) -> None:
    assert _answer(text)


def _answer(text: str) -> str:
    try:
        return understand(text, "ru", TODAY).edtf
    except InvalidDate as refusal:
        return refusal.message("ru")
