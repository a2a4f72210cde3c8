"""Single cells: what can be read one way only is read, what can be read two ways is refused with both."""

from decimal import Decimal

import pytest

from tracker.domain.activities import Bound
from tracker.errors import FieldProblem
from tracker.intake import cells
from tracker.intake.cells import CellFault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4516", "4516"),
        ("4516.5", "4516.5"),
        ("4516,50", "4516.50"),
        ("4.516,00", "4516.00"),
        ("4,516.00", "4516.00"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("37 000", "37000"),
        ("37\u202f000,50", "37000.50"),
        ("4'516.00", "4516.00"),
        ("0.500", "0.500"),
        ("12345", "12345"),
    ],
)
def test_an_amount_is_read_in_german_and_english_spelling(text: str, expected: str) -> None:
    assert cells.amount(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["4.516", "4,516", "12,345"])
def test_an_amount_with_two_readings_is_refused_with_both(text: str) -> None:
    with pytest.raises(CellFault) as caught:
        cells.amount(text)

    message = FieldProblem("amount", text, caught.value.reason, caught.value.values).message()
    digits = text.replace(".", "").replace(",", "")
    assert f"may be {digits} or {text.replace(',', '.')}." in message


@pytest.mark.parametrize("text", ["-5", "five", "4.516.00", "1,23,456", "4516 EUR", "", "1e5", "٤٥"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        cells.amount(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", (12, Bound.EXACT)),
        ("1.000", (1000, Bound.EXACT)),
        ("1 000", (1000, Bound.EXACT)),
        ("about 200", (200, Bound.ABOUT)),
        ("ca. 200", (200, Bound.ABOUT)),
        ("около 200", (200, Bound.ABOUT)),
        ("mehr als 100", (100, Bound.MORE_THAN)),
        (">100", (100, Bound.MORE_THAN)),
    ],
)
def test_people_are_whole_and_may_be_about(text: str, expected: tuple[int, Bound]) -> None:
    assert cells.people(text) == expected


@pytest.mark.parametrize("text", ["12.5", "-3", "a dozen", "10-20", "1,0000"])
def test_what_is_no_number_of_people_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        cells.people(text)


@pytest.mark.parametrize(("text", "expected"), [("18:00", "18:00"), ("9:05", "09:05"), ("18:00:00", "18:00")])
def test_a_time_of_day_is_read(text: str, expected: str) -> None:
    assert cells.clock(text) == expected


@pytest.mark.parametrize("text", ["18.30", "25:00", "18:60", "6 pm", "18"])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        cells.clock(text)


def test_a_date_may_bring_its_time() -> None:
    assert cells.date_and_time("2026-11-28T18:00") == ("2026-11-28", "18:00")
    assert cells.date_and_time("28.11.2026 18:00") == ("28.11.2026", "18:00")
    assert cells.date_and_time("Mai 1960") == ("Mai 1960", "")


def test_a_currency_must_exist() -> None:
    assert cells.currency("eur") == "EUR"
    with pytest.raises(CellFault):
        cells.currency("ERU")
