"""What each section of a report says: its tables, totals, notes and charts."""

from decimal import Decimal

import pytest

from tests.report_figures import (
    CITIES,
    composed,
    figures,
    held,
    items,
    line,
    money,
    number,
    paragraphs,
    parts,
    people,
    rows,
    table,
    tables,
)
from tracker.domain.figures import AidFigures, MoneyFigures, PeopleFigures
from tracker.domain.report_document import Chart, FormSheet, Listing
from tracker.domain.report_readers import SectionName

THREE = ("en", "de", "ru")


def test_what_was_cancelled_stays_with_its_reason() -> None:
    lines = (
        line("2018-05-03", status="cancelled", reason="Visum abgelehnt"),
        line("2018-06", status="postponed"),
        line("2018-07", status="planned"),
    )
    by_status = tuple({"status": s, "number": number(1)} for s in ("planned", "cancelled", "postponed"))
    given = figures(lines=lines, activities=held(0, by_status=by_status))

    document = composed(given, SectionName.HIGHLIGHTS, SectionName.ACTIVITIES, SectionName.CHRONICLE, languages=THREE)

    assert rows(document, "called_off", 1) == [
        ["3. Mai 2018", "Reise", "Köln", "Abgesagt", "Visum abgelehnt"],
        ["Juni 2018", "Reise", "Köln", "Verschoben", "–"],
    ]
    assert [item[2] for item in items(document, "chronicle", 2)] == [
        "отменено: Visum abgelehnt",
        "отложено",
        "запланировано; сведений о проведении нет",
    ]
    assert "Of 1 activity it is not recorded whether it took place; it is counted nowhere." in paragraphs(document)


def test_others_activities_stand_apart() -> None:
    lines = (line(title={"de": "Unsere"}), line(title={"de": "Ihre"}, own=False, owner="Rotary"))
    given = figures(lines=lines, activities=held(7, 5, others=number(3, 1)))

    document = composed(given, SectionName.ACTIVITIES, SectionName.CHRONICLE)

    assert [item[1] for item in items(document, "chronicle")] == ["Unsere"]
    assert items(document, "chronicle_others") == [
        ("3. Mai 2018", "Ihre", "Aktivität von: Rotary", "Austausch", "Köln")
    ]
    assert rows(document, "owners") == [
        ["Eigene Organisation", "7", "5", "+2"],
        ["Andere Organisationen", "3", "1", "+2"],
    ]
    assert table(document, "owners").total is None


def test_lines_that_count_the_same_thing_twice_have_no_total_and_say_so() -> None:
    twins = tuple({"twin": slug, "number": number(n)} for slug, n in (("coventry", 1), ("cologne", 4)))
    kinds = tuple({"kind": kind, "number": number(n, 1)} for kind, n in (("exchange", 3), ("festival", 1)))

    document = composed(figures(activities=held(4, 2, by_twin=twins, by_kind=kinds)), SectionName.ACTIVITIES)

    assert rows(document, "cities") == [["Köln", "4"], ["Coventry", "1"]]
    assert table(document, "cities").total is None
    assert table(document, "cities").note == (
        "Eine Aktivität mit mehreren Städten zählt bei jeder von ihnen; die Zeilen ergeben daher keine Summe.",
    )
    total = table(document, "kinds").total
    assert total is not None
    assert [cell.words[0] for cell in total] == ["Summe", "4", "2", "+2"]


def test_all_months_are_shown_and_what_has_none_stands_last() -> None:
    months = tuple(
        {"month": m, "number": number(n, b)} for m, n, b in (("2018-02", 2, 1), ("2018-09", 0, 3), (None, 1, 0))
    )

    document = composed(figures(activities=held(3, 4, by_month=months)), SectionName.ACTIVITIES, languages=("ru",))

    told = rows(document, "months")
    assert len(told) == 13
    assert told[1] == ["Февраль", "2", "1", "+1"]
    assert told[2] == ["Март", "0", "0", "0"]
    assert told[-1] == ["Месяц неизвестен", "1", "0", "+1"]
    (chart,) = (part for part in parts(document) if isinstance(part, Chart) and part.name == "months_chart")
    assert chart.categories[:2] == (("Январь",), ("Февраль",))
    assert [series.values[1] for series in chart.series] == [2, 1]
    assert "февраль: 2 (ранее: 1)" in chart.text[0]


def test_a_month_of_the_year_before_stands_beside_the_same_of_this_year() -> None:
    months = ({"month": "2017-05", "number": number(0, 4)}, {"month": "2018-05", "number": number(3, 0, "may")})

    document = composed(figures(activities=held(3, 4, by_month=months)), SectionName.ACTIVITIES)

    assert rows(document, "months")[4] == ["Mai", "3", "4", "−1"]
    assert table(document, "months").rows[4][1].key == "may"


def test_a_charts_text_tells_bounds_too() -> None:
    lines = (people("pupils", about=20, crowd="young", flow="in", before={"exact": 3, "activities": 1}),)

    document = composed(figures(people=PeopleFigures(lines=lines, without_numbers=number())), SectionName.PEOPLE)

    (chart,) = (part for part in parts(document) if isinstance(part, Chart))
    assert chart.text == ("Reisende und Gäste, 2018. Schülerinnen und Schüler (nach Wolgograd): etwa 20 (zuvor: 3).",)


def test_no_label_is_ever_added_to_another() -> None:
    lines = (
        people("travellers", exact=20, crowd="travellers", flow="out"),
        people("pupils", exact=15, crowd="young", flow="out"),
        people("travellers", exact=30, crowd="travellers", flow="out", basis="registered"),
        people("audience", exact=100, crowd="audience", own=False),
    )

    document = composed(figures(people=PeopleFigures(lines=lines, without_numbers=number(2))), SectionName.PEOPLE)

    assert [row[-2] for row in rows(document, "people")] == ["20", "15"]
    assert [row[-2] for row in rows(document, "announced")] == ["30"]
    assert [row[-2] for row in rows(document, "people_others")] == ["100"]
    assert all(not column.total for name in tables(document) for column in table(document, name).columns)
    assert "Bei 2 Aktivitäten fehlt eine Zahl" in paragraphs(document)


def test_money_is_converted_only_with_a_rate_and_says_so() -> None:
    lines = (
        money("4516.00", "GBP", funder="Coventry"),
        money("100.00", "GBP"),
        money("20.00", "EUR"),
        money("5.00", "RUB"),
        money("7.00", "RUB", role="cost"),
    )
    rate = {"currency": "GBP", "into": "EUR", "rate": "1.1179", "on": "2018-12-31", "source": "EZB"}
    given = figures(money=MoneyFigures.model_validate({"lines": lines, "rates": (rate,)}))

    document = composed(given, SectionName.MONEY)

    assert tables(document) == ["money", "money_sums", "money_eur_1"]
    assert all(not column.total for column in table(document, "money").columns)
    converted = table(document, "money_eur_1")
    assert converted.title == ("Spenden, umgerechnet in EUR",)
    assert rows(document, "money_eur_1") == [
        ["GBP", "4.616,00\u00a0£", "5.160,23\u00a0€"],
        ["EUR", "20,00\u00a0€", "20,00\u00a0€"],
    ]
    assert converted.total is not None
    assert converted.total[-1].value == Decimal("5180.23")
    assert converted.note is not None
    assert converted.note[0] == (
        "Umrechnungskurs: 1 GBP = 1,1179 EUR am 31. Dezember 2018 (EZB). Jeder Betrag ist auf zwei Nachkommastellen"
        " gerundet. Mangels Kurs nicht umgerechnet: RUB."
    )


def test_money_of_several_currencies_is_never_one_sum() -> None:
    given = figures(money=MoneyFigures(lines=(money("10.00", "EUR"), money("10.00", "GBP"), money("1.00", "EUR"))))

    document = composed(given, SectionName.MONEY)

    assert [row[:3] for row in rows(document, "money_sums")] == [
        ["Spenden", "EUR", "11,00\u00a0€"],
        ["Spenden", "GBP", "10,00\u00a0£"],
    ]


def test_activities_stand_under_the_purposes_they_count_for() -> None:
    lines = (
        line(title={"de": "Konzert"}, counts_for=("Kunst und Kultur", "international understanding")),
        line(title={"de": "Ausflug"}, counts_for=("social only",)),
        line(title={"de": "Vortrag"}, counts_for=("образование", "воспитание и образование")),
        line(title={"de": "Ohne"}),
    )
    scope = {"leaves_out": ("nur gesellig",)}

    document = composed(figures(lines=lines, scope=scope), SectionName.BY_PURPOSE, languages=("de", "ru"))

    (listing,) = (part for part in parts(document) if isinstance(part, Listing))
    told = {group.heading[0]: [item.title[0] for item in group.items] for group in listing.groups if group.heading}
    assert told == {
        "Kunst und Kultur": ["Konzert"],
        "Erziehung und Bildung": ["Vortrag"],
        "Völkerverständigung": ["Konzert"],
        "Образование": ["Vortrag"],
    }
    assert [row[1] for row in rows(document, "purposes")] == ["1", "1", "1", "1"]
    assert "1 durchgeführte Aktivität ist keinem Zweck zugeordnet" in paragraphs(document)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        (2018, ""),
        (2023, "официальные контакты приостановлены с 3 марта 2022 года, контакты граждан продолжаются"),
    ],
)
def test_a_partnership_whose_contacts_rest_is_said_to_rest(year: int, said: str) -> None:
    given = figures(year, lines=(line(f"{year}-05"),), scope={"twins": ("cologne",)})

    document = composed(given, SectionName.BY_TWIN, SectionName.PAPERS, languages=("ru",))

    (listing,) = (part for part in parts(document) if isinstance(part, Listing))
    assert listing.groups[0].heading == (" – ".join(filter(None, ("Кёльн", said))),)
    assert rows(document, "standing")[0][:2] == ["Кёльн", "Действует"]


def test_cities_of_which_nothing_is_known_are_only_counted() -> None:
    document = composed(figures(2023), SectionName.PAPERS, languages=("de", "ru"))

    told = [row[0] for row in rows(document, "standing")]
    note = table(document, "standing").note
    assert "Köln" in told
    assert "Orlando" not in told
    assert note is not None
    assert note[0].endswith(f"Von {len(CITIES) - len(told)} weiteren Partnerstädten ist der Stand nicht bekannt.")
    assert note[1].endswith(f"Ещё по {len(CITIES) - len(told)} городам-побратимам сведений нет.")


def test_aid_tells_weight_value_and_whom_it_reached_when() -> None:
    shipment = {
        "id": "00000000-0000-0000-0000-000000000001", "title": {"de": "Pflegedienst"}, "start": "2018-05", "end": "..",
        "twins": ("cologne",), "status": "held", "form": "programme", "recipient": "", "stage": "arrived",
        "stage_on": "2018-06", "weight_kg": "1250.500", "values": {"EUR": "3000.00"}, "vehicles": 1,
        "beneficiaries": (
            {"at": "2002", "value": 1000, "bound": "about"}, {"at": "2018", "value": 300, "bound": "exact"},
        ),
    }  # fmt: skip
    given = AidFigures.model_validate(
        {"number": number(1), "weight_kg": "1250.500", "values": {"EUR": "3000.00"}, "shipments": (shipment,)}
    )

    document = composed(figures(aid=given), SectionName.AID)

    assert paragraphs(document) == (
        "Im Jahr 2018 lief 1 Hilfslieferung oder Hilfsprogramm. Soweit gewogen, hatten die Güter ein Gesamtgewicht von"
        " 1.250,5 kg. Soweit ein Wert angegeben wurde, waren die Güter 3.000,00\u00a0€ wert."
    )
    assert rows(document, "shipments")[0][5:8] == ["Angekommen, Juni 2018", "1", "1.250,5 kg"]
    assert [row[1:] for row in rows(document, "reached")] == [["2002", "etwa 1.000"], ["2018", "300"]]
    assert not any(column.total for column in table(document, "reached").columns)


def test_people_are_told_by_country_under_the_label_that_is_shown_for_it() -> None:
    counts = (
        {"of": "pupils", "side": "twin", "value": 8},
        {"of": "pupils", "side": "hub", "value": 7, "bound": "about"},
        {"of": "pupils", "value": 3},
        {"of": "pupils", "side": "twin", "value": 99, "basis": "wanted"},
    )
    given = figures(lines=(line(counts=counts), line(counts=counts[:1], own=False)))
    labelled = CITIES["cologne"].model_copy(update={"country_label": {"de": "Rheinland"}})

    document = composed(given, SectionName.COUNTRIES, cities={"cologne": labelled})

    assert rows(document, "countries") == [
        ["Rheinland", "Schülerinnen und Schüler", "8", "1"],
        ["Russland", "Schülerinnen und Schüler", "etwa 7", "1"],
        ["nicht vermerkt", "Schülerinnen und Schüler", "3", "1"],
    ]


def test_a_twinning_without_a_title_is_called_by_its_cities() -> None:
    papers = ({"what": "ended", "on": "2022", "id": None, "title": {}, "twins": ("ostrava",)},)

    document = composed(figures(2022, papers=papers), SectionName.PAPERS, languages=("de", "ru"))

    assert rows(document, "papers") == [
        ["2022", "In diesem Zeitraum beendet", "Partnerschaft Ostrau – Wolgograd", "Ostrau", "–"]
    ]
    assert rows(document, "papers", 1)[0][1:3] == ["Прекращено в этот период", "Партнёрство Острава – Волгоград"]


def test_silent_cities_tell_when_they_were_heard_of_last() -> None:
    silent = ({"twin": "coventry", "last": "2016-23"}, {"twin": "brest-by", "last": None})

    document = composed(figures(2023, silent=silent), SectionName.SILENT, languages=("de", "ru"))

    assert paragraphs(document) == "Mit 2 Partnerstädten ist in diesem Zeitraum keine Aktivität erfasst."
    assert rows(document, "silent") == [
        ["Brest", "bisher keine erfasst", "–"],
        ["Coventry", "Herbst 2016", "offizielle Kontakte ruhen seit dem 22. März 2022"],
    ]
    assert rows(document, "silent", 1)[0] == ["Брест", "пока не внесено", "–"]


def test_the_outlook_tells_jubilees_and_how_the_partnership_stands() -> None:
    coming = (
        {"on": "2028-11-28", "title": {"de": "40. Jahrestag der Städtepartnerschaft Köln – Wolgograd"},
         "twins": ("cologne",), "years": 40, "round": True, "jubilee": True},
        {"on": "2028", "title": {"de": "Gründung"}, "twins": ("ruse",), "years": 27},
    )  # fmt: skip

    document = composed(figures(2027, coming=coming), SectionName.OUTLOOK)

    assert items(document, "outlook") == [
        ("28. November 2028", "40. Jahrestag der Städtepartnerschaft Köln – Wolgograd", "Jubiläum",
         "offizielle Kontakte ruhen seit dem 3. März 2022, Bürgerkontakte bestehen fort"),
        ("2028", "Gründung", "Russe"),
    ]  # fmt: skip


def test_the_list_to_sign_is_empty_and_says_when_it_goes() -> None:
    document = composed(figures(), SectionName.SIGNED_LIST)

    (sheet,) = (part for part in parts(document) if isinstance(part, FormSheet))
    assert [column[0] for column in sheet.columns] == [
        "Nr.", "Name, Vorname", "Wohnort und Land", "Alter (wenn unter 27)", "Unterschrift",
    ]  # fmt: skip
    assert sheet.note is not None
    assert "vernichtet" in sheet.note[0]


def test_a_programme_tells_each_day_item_by_item() -> None:
    planned = (
        {
            "start": "2018-02-01T14:00",
            "end": "2018-02-01T15:30",
            "title": "Kranzniederlegung",
            "place": "Museum",
        },
        {"start": "2018-02-01T09:05", "title": "Empfang"},
        {"start": "2018-02-02", "title": "Freier Tag"},
    )
    visit = line("2018-01-31", end="2018-02-02", kind="delegation", title={"de": "Besuch"}, programme=planned)
    off = line("2018-02-01", kind="delegation", status="cancelled", title={"de": "Abgesagtes"}, programme=planned)

    document = composed(figures(lines=(visit, off)), SectionName.PROGRAMME)

    (listing,) = (part for part in parts(document) if isinstance(part, Listing))
    told = [(group.heading, [(one.when[0], one.title[0]) for one in group.items]) for group in listing.groups]
    assert told == [
        (("31. Januar 2018",), [("31. Januar – 2. Februar 2018", "Besuch")]),
        (
            ("1. Februar 2018",),
            [("1. Februar 2018", "Abgesagtes"), ("09:05", "Empfang"), ("14:00–15:30", "Kranzniederlegung")],
        ),
        (("2. Februar 2018",), [("2. Februar 2018", "Freier Tag")]),
    ]
