"""Numbers, bounds, dates and names as a report says them in German, English and Russian."""

from decimal import Decimal

import pytest

from tests.report_figures import composed, figures, held, items, line, money, number, paragraphs, people, rows
from tracker.domain import words
from tracker.domain.activities import Bound
from tracker.domain.figures import ActivityFigures, MoneyFigures, PeopleFigures
from tracker.domain.report_readers import SectionName
from tracker.domain.report_speech import Speech


@pytest.mark.parametrize(
    ("many", "en", "de", "ru"),
    [
        (
            1,
            "In the year 2018, 1 activity took place.",
            "Im Jahr 2018 fand 1 Aktivität statt.",
            "В 2018 году состоялось 1 мероприятие.",
        ),
        (
            2,
            "In the year 2018, 2 activities took place.",
            "Im Jahr 2018 fanden 2 Aktivitäten statt.",
            "В 2018 году состоялось 2 мероприятия.",
        ),
        (
            5,
            "In the year 2018, 5 activities took place.",
            "Im Jahr 2018 fanden 5 Aktivitäten statt.",
            "В 2018 году состоялось 5 мероприятий.",
        ),
        (
            21,
            "In the year 2018, 21 activities took place.",
            "Im Jahr 2018 fanden 21 Aktivitäten statt.",
            "В 2018 году состоялось 21 мероприятие.",
        ),
        (
            1234,
            "In the year 2018, 1,234 activities took place.",
            "Im Jahr 2018 fanden 1.234 Aktivitäten statt.",
            "В 2018 году состоялось 1\u00a0234 мероприятия.",
        ),
    ],
)
def test_a_number_takes_its_nouns_form(many: int, en: str, de: str, ru: str) -> None:
    document = composed(figures(activities=held(many)), SectionName.HIGHLIGHTS, languages=("en", "de", "ru"))

    assert [paragraphs(document, place) for place in range(3)] == [en, de, ru]


@pytest.mark.parametrize(
    ("value", "bound", "en", "de", "ru"),
    [
        (1, Bound.EXACT, "1 pupil", "1 Schülerin oder Schüler", "1 школьник"),
        (2, Bound.EXACT, "2 pupils", "2 Schülerinnen und Schüler", "2 школьника"),
        (5, Bound.EXACT, "5 pupils", "5 Schülerinnen und Schüler", "5 школьников"),
        (21, Bound.EXACT, "21 pupils", "21 Schülerinnen und Schüler", "21 школьник"),
        (21, Bound.ABOUT, "about 21 pupils", "etwa 21 Schülerinnen und Schüler", "около 21 школьника"),
        (22, Bound.ABOUT, "about 22 pupils", "etwa 22 Schülerinnen und Schüler", "около 22 школьников"),
        (40, Bound.MORE_THAN, "more than 40 pupils", "mehr als 40 Schülerinnen und Schüler", "более 40 школьников"),
    ],
)
def test_a_count_is_told_with_its_bound(value: int, bound: Bound, en: str, de: str, ru: str) -> None:
    said = [words.counted("pupils", value, bound, language) for language in ("en", "de", "ru")]

    assert said == [en, de, ru]


def test_a_word_that_somebody_typed_stays_as_it_is() -> None:
    assert words.counted("Ehrengäste", 3, Bound.ABOUT, "ru") == "около 3 Ehrengäste"


def test_a_sum_of_exact_and_other_counts_is_no_exact_number() -> None:
    lines = (
        people("pupils", exact=100, about=20),
        people("audience", exact=1, more_than=40),
        people("guests", about=20, more_than=40),
        people("volunteers", exact=7),
    )

    document = composed(figures(people=PeopleFigures(lines=lines, without_numbers=number())), SectionName.PEOPLE)

    assert [row[-2] for row in rows(document, "people")] == ["etwa 120", "mehr als 41", "mindestens etwa 60", "7"]


def test_the_difference_of_two_counts_is_told_only_where_both_are_exact() -> None:
    lines = (
        people("pupils", exact=10, before={"exact": 12, "activities": 1}),
        people("guests", about=20, before={"exact": 12, "activities": 1}),
    )

    document = composed(figures(people=PeopleFigures(lines=lines, without_numbers=number())), SectionName.PEOPLE)

    assert [row[2:5] for row in rows(document, "people")] == [["10", "12", "−2"], ["etwa 20", "12", "–"]]


@pytest.mark.parametrize(
    ("amount", "currency", "en", "de", "ru"),
    [
        ("4516.00", "GBP", "£4,516.00", "4.516,00\u00a0£", "4\u00a0516,00\u00a0£"),
        ("1234567.50", "EUR", "€1,234,567.50", "1.234.567,50\u00a0€", "1\u00a0234\u00a0567,50\u00a0€"),
        ("100000.00", "RUB", "RUB\u00a0100,000.00", "100.000,00\u00a0RUB", "100\u00a0000,00\u00a0₽"),
        ("5000.00", "JPY", "JP¥5,000", "5.000\u00a0¥", "5\u00a0000\u00a0¥"),
        ("37000.00", "CAD", "CA$37,000.00", "37.000,00\u00a0CA$", "37\u00a0000,00\u00a0CA$"),
    ],
)
def test_money_is_written_as_each_language_writes_it(amount: str, currency: str, en: str, de: str, ru: str) -> None:
    assert Speech(("en", "de", "ru")).money(Decimal(amount), currency) == (en, de, ru)


def test_weights_keep_no_idle_zeros() -> None:
    said = Speech(("en", "de", "ru")).weight(Decimal("1250.500"))

    assert said == ("1,250.5 kg", "1.250,5 kg", "1\u00a0250,5 кг")


def test_a_date_is_never_more_exact_than_it_is_known() -> None:
    lines = tuple(
        line(start, end=end)
        for start, end in (
            ("2018", None),
            ("2018-23", None),
            ("2018-05", None),
            ("2018-01-31", "2018-02-03"),
            ("2018-05-03T18:00", "2018-05-03T20:00"),
            ("2018-11", ".."),
        )
    )

    german, russian = (
        [
            when
            for when, *_ in items(composed(figures(lines=lines), SectionName.CHRONICLE, languages=(tag,)), "chronicle")
        ]
        for tag in ("de", "ru")
    )

    assert german == [
        "2018", "Herbst 2018", "31. Januar – 3. Februar 2018", "Mai 2018", "3. Mai 2018", "seit November 2018",
    ]  # fmt: skip
    assert russian == [
        "2018", "осень 2018", "31 января – 3 февраля 2018", "май 2018", "3 мая 2018", "с ноября 2018 года",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("year", "twin", "en", "de", "ru"),
    [
        (1957, "cologne", "Cologne – Stalingrad", "Köln – Stalingrad", "Кёльн – Сталинград"),
        (
            1980,
            "chemnitz",
            "Karl-Marx-Stadt – Volgograd",
            "Karl-Marx-Stadt – Wolgograd",
            "Карл-Маркс-Штадт – Волгоград",
        ),
        (2018, "chemnitz", "Chemnitz – Volgograd", "Chemnitz – Wolgograd", "Хемниц – Волгоград"),
        (1967, "chennai", "Madras – Volgograd", "Madras – Wolgograd", "Мадрас – Волгоград"),
    ],
)
def test_cities_bear_the_names_of_their_time(year: int, twin: str, en: str, de: str, ru: str) -> None:
    document = composed(figures(year, scope={"twins": (twin,)}), SectionName.HIGHLIGHTS, languages=("en", "de", "ru"))

    assert [said.partition(" · ")[0] for said in document.subtitle] == [en, de, ru]


def test_directions_name_the_hub_as_it_was_called_then() -> None:
    lines = (line("1957-05", direction="to_hub"), line("2018-05", direction="from_hub"))

    document = composed(figures(1957, lines=lines), SectionName.CHRONICLE, languages=("ru",))

    assert [item[-1] for item in items(document, "chronicle")] == ["в Сталинград", "из Волгограда"]


def test_a_report_of_another_span_is_named_by_it() -> None:
    span = {"first": "2018-07-01", "last": "2019-06-30"}

    document = composed(figures(scope=span), SectionName.HIGHLIGHTS, languages=("en", "de", "ru"))

    assert document.title == (
        "Activity report July 2018 – June 2019",
        "Tätigkeitsbericht Juli 2018 – Juni 2019",
        "Отчёт о деятельности, июль 2018 – июнь 2019",
    )
    assert [paragraphs(document, place) for place in range(3)] == [
        "From July 2018 to June 2019, no activity took place.",
        "Von Juli 2018 bis Juni 2019 fand keine Aktivität statt.",
        "С июля 2018 года по июнь 2019 года мероприятий не было.",
    ]


@pytest.mark.parametrize(
    ("before", "de", "ru"),
    [
        (5, "Das sind 2 mehr als ein Jahr zuvor (5).", "Это на 2 больше, чем годом ранее (5)."),
        (9, "Das sind 2 weniger als ein Jahr zuvor (9).", "Это на 2 меньше, чем годом ранее (9)."),
        (7, "Das sind ebenso viele wie ein Jahr zuvor.", "Столько же было годом ранее."),
        (0, "Das sind 7 mehr als ein Jahr zuvor (0).", "Это на 7 больше, чем годом ранее (0)."),
    ],
)
def test_this_year_stands_beside_last(before: int, de: str, ru: str) -> None:
    document = composed(figures(activities=held(7, before)), SectionName.HIGHLIGHTS, languages=("de", "ru"))

    assert paragraphs(document, 0).endswith(de)
    assert paragraphs(document, 1).endswith(ru)


def test_nothing_is_compared_where_there_is_no_year_before() -> None:
    activities: ActivityFigures = held(7, by_kind=({"kind": "exchange", "number": number(7)},))

    document = composed(figures(activities=activities), SectionName.ACTIVITIES)

    assert rows(document, "kinds") == [["Austausch", "7"]]
    assert "zuvor" not in paragraphs(document)


def test_sums_of_money_are_named_in_the_plural() -> None:
    given = MoneyFigures(lines=(money("10.00"), money("5.00", role="cost")))

    document = composed(figures(money=given), SectionName.MONEY, languages=("en", "de", "ru"))

    assert [paragraphs(document, place) for place in range(3)] == [
        "In the year 2018, there were recorded: donations €10.00; costs €5.00.",
        "Im Jahr 2018 wurden erfasst: Spenden 10,00\u00a0€; Kosten 5,00\u00a0€.",
        "В 2018 году учтено: пожертвования 10,00\u00a0€; расходы 5,00\u00a0€.",
    ]
