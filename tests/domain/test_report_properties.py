"""Whatever the figures are, a report of them can be told, and says in words what its values are."""

import re
from decimal import Decimal

import pytest
from babel.numbers import parse_decimal
from hypothesis import Phase, given, settings

from tests.report_figures import any_figures, cells, composed, everything_said, parts
from tracker.domain.figures import Figures
from tracker.domain.report_document import Chart, Facts, Table
from tracker.domain.report_readers import SectionName
from tracker.domain.words import LOCALES

ALL = ("en", "de", "ru")
WHOLE = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without making a failing example smaller: of figures this large that takes minutes, and tells little more."""
SOME = settings(max_examples=40, deadline=None, phases=WHOLE)


def numbers_in(words: str, language: str) -> list[Decimal]:
    """The numbers that stand in a text, as its language writes them; a sign stands before everything."""
    sign = -1 if words.startswith("−") else 1
    found = [text.strip("\u00a0.,") for text in re.findall(r"\d[\d.,\u00a0]*", words)]
    return [sign * parse_decimal(text, LOCALES[language]) for text in found]


@SOME
@given(any_figures())
def test_any_figures_can_be_told_in_each_language_alike(figures: Figures) -> None:
    alone = [composed(figures, languages=(language,)) for language in ALL]
    beside = composed(figures, languages=ALL)

    said = list(everything_said(beside))
    assert all(len(text) == len(ALL) for text in said)
    assert [text for text in said if any("{" in words or "None" in words for words in text)] == []
    assert [len(list(everything_said(document))) for document in alone] == [len(said)] * len(ALL)


@SOME
@given(any_figures())
def test_every_value_stands_in_its_words(figures: Figures) -> None:
    document = composed(figures, languages=ALL)

    wrong = [
        (cell.words, cell.value)
        for cell in cells(document)
        if isinstance(cell.value, int | Decimal)
        for place, language in enumerate(ALL)
        if Decimal(cell.value) not in numbers_in(cell.words[place], language)
    ]
    assert wrong == []


@SOME
@given(any_figures())
def test_every_figure_is_told_with_its_key(figures: Figures) -> None:
    told = {(cell.key, cell.value) for cell in cells(composed(figures)) if cell.key}

    assert expected(figures) - told == set()


@SOME
@given(any_figures())
def test_totals_are_the_sums_of_what_may_be_added(figures: Figures) -> None:
    for table in (part for part in parts(composed(figures)) if isinstance(part, Table) and part.total):
        for place, column in enumerate(table.columns):
            values = [row[place].value for row in table.rows]
            numbers = [value for value in values if isinstance(value, int | Decimal)]
            if column.total and numbers:
                assert table.total is not None
                assert table.total[place].value == sum(numbers)


@SOME
@given(any_figures())
def test_the_same_figures_make_the_same_report(figures: Figures) -> None:
    names = [part.name for part in parts(composed(figures)) if isinstance(part, Table | Chart)]

    assert composed(figures) == composed(figures)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", SectionName)
@settings(max_examples=5, deadline=None, phases=WHOLE)
@given(figures=any_figures())
def test_a_report_can_be_of_any_one_section(name: SectionName, figures: Figures) -> None:
    document = composed(figures, name, languages=("ru", "de"))

    assert [section.name for section in document.sections] == [name]
    assert isinstance(document.sections[0].parts[0], Facts)
    assert len(document.sections[0].parts) > 1


def expected(figures: Figures) -> set[tuple[str, int | Decimal]]:
    """What a report of all sections has to tell; of months and others only what is there."""
    activities = figures.activities
    blocks = [activities.by_status, activities.by_kind, activities.by_subtype]
    blocks += [activities.by_twin] if len(figures.scope.twins) != 1 else []
    numbers = [line.number for block in blocks for line in block]
    numbers += [line.number for line in activities.by_direction]
    numbers += [line.number for line in activities.by_month if line.number.now]
    found: set[tuple[str, int | Decimal]] = {(number.key, number.now) for number in numbers}
    if not any((activities.held.now, activities.held.before, activities.others.now)):
        found = {(line.number.key, line.number.now) for line in activities.by_status if line.number.now} and found
    if activities.others.now:
        found.add((activities.others.key, activities.others.now))
    found |= {(line.key, line.now.total) for line in figures.people.lines}
    found |= {(line.key, line.now) for line in figures.money.lines}
    found |= {(partner.key, partner.activities) for partner in figures.partners}
    found |= {(line.key, number) for line in figures.reciprocity for number in (line.now.out, line.now.into)}
    return found
