"""What the columns mean: rows become activities, and every fault is told at its cell."""

import datetime as dt

import pytest

from tracker.domain.activities import ActivityContent, Status
from tracker.domain.twins import Twin
from tracker.intake.activity_table import activities_command
from tracker.intake.problems import CellProblem, InvalidTable
from tracker.intake.table import read_table

TODAY = dt.date(2026, 10, 1)
RIGHT = {"id": "H1", "date_start": "1988-11-28", "kind": "milestone", "twin_slugs": "cologne", "title": "Twinning"}
TWINS = {
    slug: Twin(slug=slug, names={"en": english, "de": german}, country="DE")
    for slug, english, german in (("cologne", "Cologne", "Köln"), ("dijon", "Dijon", "Dijon"))
}


def sheet(*rows: dict[str, str]) -> bytes:
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = ["\t".join(columns), *("\t".join(row.get(name, "") for name in columns) for row in rows)]
    return "\n".join(lines).encode()


def read(**cells: str) -> ActivityContent:
    [content] = activities_command(read_table("file", sheet({**RIGHT, **cells})), TODAY).contents
    return content


def faults(*rows: dict[str, str], language: str = "en") -> list[CellProblem]:
    with pytest.raises(InvalidTable) as caught:
        activities_command(read_table("file", sheet(*rows)), TODAY, language, TWINS)
    return list(caught.value.problems)


def fault(**cells: str) -> CellProblem:
    [problem] = faults({**RIGHT, **cells})
    return problem


@pytest.mark.parametrize(
    ("cells", "start", "end"),
    [
        ({"date_start": "28.11.1988"}, "1988-11-28", None),
        ({"date_start": "Mai 1960"}, "1960-05", None),
        ({"date_start": "осень 2013"}, "2013-23", None),
        ({"date_start": "1944"}, "1944", None),
        ({"date_start": "2002", "date_end": ".."}, "2002", ".."),
        ({"date_start": "seit 2002"}, "2002", ".."),
        ({"date_start": "27.–30. November 2000"}, "2000-11-27", "2000-11-30"),
        ({"date_start": "1994", "date_end": "2002"}, "1994", "2002"),
        ({"date_start": "3.5.2026", "time_start": "18:00", "timezone": "Europe/Berlin"}, "2026-05-03T18:00", None),
        (
            {"date_start": "3.5.2026", "time_start": "9:00", "time_end": "18:30", "timezone": "Europe/Berlin"},
            "2026-05-03T09:00",
            "2026-05-03T18:30",
        ),
        ({"date_start": "3.5.2026 18:00", "timezone": "Europe/Berlin"}, "2026-05-03T18:00", None),
    ],
)
def test_dates_are_taken_as_exactly_as_they_are_written(cells: dict[str, str], start: str, end: str | None) -> None:
    content = read(**cells)

    assert (content.start, content.end) == (start, end)


@pytest.mark.parametrize(
    ("cells", "column", "value"),
    [
        ({"date_start": "29.02.2023"}, "date_start", "29.02.2023"),
        ({"date_start": "1988-13"}, "date_start", "1988-13"),
        ({"date_start": "5/3/1960"}, "date_start", "5/3/1960"),
        ({"date_start": ""}, "date_start", ""),
        ({"date_start": ".."}, "date_start", ".."),
        ({"date_end": "27.11.1988"}, "date_end", "27.11.1988"),
        ({"date_end": "1990/1995"}, "date_end", "1990/1995"),
        ({"date_start": "2002/..", "date_end": "2004"}, "date_end", "2004"),
        ({"time_start": "18.30"}, "time_start", "18.30"),
        ({"time_start": "18:00"}, "timezone", ""),
        ({"time_start": "18:00", "timezone": "Berlin"}, "timezone", "Berlin"),
        ({"date_start": "1960-05", "time_start": "18:00", "timezone": "Europe/Berlin"}, "time_start", "18:00"),
        ({"time_end": "18:00", "timezone": "Europe/Berlin"}, "time_end", "18:00"),
        ({"time_start": "18:00", "time_end": "17:00", "timezone": "Europe/Berlin"}, "time_end", "17:00"),
        ({"kind": "excursion"}, "kind", "excursion"),
        ({"kind": ""}, "kind", ""),
        ({"direction": "home"}, "direction", "home"),
        ({"status": "done"}, "status", "done"),
        ({"outcome": "done"}, "outcome", "done"),
        ({"status": "held", "outcome": "planned"}, "status", "held"),
        ({"twin_slugs": ""}, "twin_slugs", ""),
        ({"twin_slugs": "dijon|Köln"}, "twin_slugs", "Köln"),
        ({"twin_slugs": "dijon|dijon"}, "twin_slugs", "dijon|dijon"),
        ({"title": ""}, "title", ""),
        ({"participants": "many"}, "participants", "many"),
        ({"participants": "20000000"}, "participants", "20000000"),
        ({"amount": "4.516", "currency": "EUR"}, "amount", "4.516"),
        ({"amount": "4516,123", "currency": "EUR"}, "amount", "4516,123"),
        ({"amount": "4516"}, "currency", ""),
        ({"currency": "EUR"}, "amount", ""),
        ({"amount": "5", "currency": "ERU"}, "currency", "ERU"),
        ({"verified": "perhaps"}, "verified", "perhaps"),
        ({"subtype": "x" * 300}, "subtype", "x" * 79 + "…"),
        ({"colour": "red"}, "colour", "colour"),
    ],
)
def test_a_fault_is_told_at_its_cell_in_three_languages(cells: dict[str, str], column: str, value: str) -> None:
    problem = fault(**cells)

    assert (problem.column, problem.value, problem.row) == (column, value, 1 if column == "colour" else 2)
    messages = {problem.message(language) for language in ("en", "de", "ru")}
    assert len(messages) == 3
    assert not any("{" in message for message in messages)


def test_all_faults_of_all_rows_are_told_together() -> None:
    found = faults(
        {**RIGHT, "date_start": "1988-13", "kind": "excursion"},
        {**RIGHT, "id": "H2"},
        {**RIGHT, "twin_slugs": "atlantis"},
    )

    assert [(p.row, p.column) for p in found] == [(2, "kind"), (2, "date_start"), (4, "id"), (4, "twin_slugs")]
    assert found[2].message() == "The id “H1” stands in row 2 already."
    assert found[3].message() == "“atlantis” is not a twin. Known ones: cologne, dijon."


@pytest.mark.parametrize("name", ["Köln", "Koeln", "COLOGNE", "colgne"])
def test_a_twins_name_is_not_taken_for_it_but_its_slug_is_proposed(name: str) -> None:
    assert fault(twin_slugs=name).message() == f"“{name}” is not a twin's short name. Do you mean cologne?"


def test_a_date_fault_is_worded_in_the_language_of_the_reader() -> None:
    [problem] = faults({**RIGHT, "date_start": "29.02.2023"}, language="de")

    assert "Februar 2023" in problem.message("de")


def test_missing_and_unknown_columns_are_told_together() -> None:
    found = faults({"id": "H1", "colour": "red", "title_de": "Besuch"})

    assert {(p.row, p.column) for p in found} == {
        (1, "colour"), (1, "kind"), (1, "date_start"), (1, "twin_slugs"),
    }  # fmt: skip


def test_the_message_of_a_whole_sheet_names_rows_and_columns() -> None:
    with pytest.raises(InvalidTable) as caught:
        activities_command(read_table("file", sheet({**RIGHT, "kind": "excursion"})), TODAY)

    assert caught.value.message().startswith("Row 2, kind: “excursion” is not a kind of activity.")
    assert caught.value.message("de").startswith("Zeile 2, kind: ")
    assert caught.value.problems[0].as_json()["value"] == "excursion"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("to_volgograd", "to_hub"), ("from_volgograd", "from_hub"), ("n.a.", "none"), ("", "none"), ("Mutual", "mutual")],
)
def test_directions_are_read_in_the_words_of_the_records_and_in_ours(written: str, meant: str) -> None:
    assert read(direction=written).direction.value == meant


def test_status_and_outcome_are_the_same() -> None:
    assert read(outcome="held").status is read(status="Held").status is Status.HELD
    assert read(status="held", outcome="held").status is Status.HELD
    assert read().status is Status.PLANNED


def test_why_something_was_called_off_may_stand_in_the_note() -> None:
    assert read(status="cancelled", note="Hall closed").reason == "Hall closed"
    assert read(status="cancelled").reason == ""
    assert read(status="cancelled", note="Hall closed", reason="War").reason == "War"


def test_titles_stand_in_three_columns() -> None:
    assert read(title_de="Partnerschaft", title_ru="").title == {"en": "Twinning", "de": "Partnerschaft"}


def test_an_address_and_a_print_source_are_told_apart() -> None:
    sources = read(source_url="https://a.example/x | TIME, 3 Dec 1951 (see https://b.example)", verified="yes").sources

    assert [(s.url, s.text, s.verified) for s in sources] == [
        ("https://a.example/x", "", True),
        ("", "TIME, 3 Dec 1951 (see https://b.example)", True),
    ]


def test_what_is_verified_in_part_is_not_verified() -> None:
    assert read(source_url="https://a.example", verified="partly").sources[0].verified is False


def test_money_has_its_role_from_what_it_was_given_for() -> None:
    assert read(amount="4.000,00", currency="eur").money[0].model_dump(mode="json") == {
        "amount": "4000.00", "currency": "EUR", "role": "donation", "funder": "", "note": "",
    }  # fmt: skip
    assert read(amount="1", currency="EUR", subtype="award").money[0].role == "prize"


def test_a_note_without_a_number_of_people_is_kept_as_a_quantity() -> None:
    content = read(participants_note="17 delegations", quantity_note="two buses", participants="")

    assert content.counts == ()
    assert content.quantity_note == "17 delegations; two buses"


def test_only_what_the_sheet_has_columns_for_is_given() -> None:
    [given] = activities_command(read_table("file", sheet(RIGHT)), TODAY).given

    assert given == {"external_id", "kind", "start", "title", "twins"}


@pytest.mark.parametrize(("cell", "remembered"), [("yes", True), ("Ja", True), ("нет", False), ("", None)])
def test_a_sheet_says_what_is_remembered_every_year(cell: str, remembered: bool | None) -> None:
    assert read(kind="festival", remembered=cell).details.remembered is remembered


def test_what_is_neither_yes_nor_no_is_told_at_its_cell() -> None:
    told = fault(remembered="perhaps")

    assert (told.column, told.value) == ("remembered", "perhaps")
    assert "yes, no" in told.message()
