"""Rows of goods as they are pasted from spreadsheets in three languages."""

import pytest

from tracker.errors import InvalidInput
from tracker.intake.goods_table import COLUMNS, LONGEST, pasted_goods


def test_columns_without_a_heading_are_taken_in_their_order() -> None:
    [row] = pasted_goods("Betten\t12\tStück\t1140,5\t3600\tEUR\tPalette 1\t94 02.10", "de")

    assert [row[name] for name in COLUMNS] == ["Betten", "12", "Stück", "1140,5", "3600", "EUR", "Palette 1", "940210"]


@pytest.mark.parametrize(
    "heading",
    ["Menge\tBezeichnung\tKarton", "Qty.\tItem\tBox", "Кол-во\tНаименование\tМесто", "Anzahl\tWare\tPackstück"],
)
def test_a_heading_says_which_column_is_which(heading: str) -> None:
    [row] = pasted_goods(f"{heading}\n12\tBetten\t7", "de")

    assert (row["description"], row["quantity"], row["package"]) == ("Betten", "12", "7")


def test_columns_by_language_give_the_words_for_papers() -> None:
    [row] = pasted_goods("Deutsch\tРусский\tMenge\nBetten\tКровати\t12", "de")

    assert row["description"] == "Betten"
    assert row["descriptions"] == {"ru": "Кровати"}


def test_blank_rows_and_the_empty_cells_behind_a_row_count_for_nothing() -> None:
    rows = pasted_goods("Betten\t12\t\t\t\t\t\t\t\t\t\r\n\t\t\r\nStühle\r\n", "de")

    assert [row["description"] for row in rows] == ["Betten", "Stühle"]


def test_a_cell_with_a_line_break_stays_one_cell() -> None:
    [row] = pasted_goods('"Betten,\nelektrisch"\t12', "de")

    assert (row["description"], row["quantity"]) == ("Betten, elektrisch", "12")


def test_signs_of_currencies_become_their_codes() -> None:
    assert [row["currency"] for row in pasted_goods("x\t1\t\t\t5\t€\ny\t1\t\t\t5\trub", "de")] == ["EUR", "RUB"]


def test_a_first_row_of_goods_is_not_taken_for_a_heading() -> None:
    assert len(pasted_goods("Ware\t12\nBetten\t3", "de")) == 2


@pytest.mark.parametrize("text", ["x\n" * (LONGEST + 1), "\t".join("abcdefghij")])
def test_too_much_is_refused_with_its_measure(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        pasted_goods(text, "en")

    assert refused.value.problems[0].field == "_pasted"
