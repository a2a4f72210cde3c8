"""The notes of the registry in German and Russian: all of them, none too many, each with the numbers of the English."""

import csv
import datetime as dt
import re
from collections.abc import Iterator

import pytest

from tracker.domain.honour_names import HONOUR_NAMES
from tracker.i18n import LANGUAGES
from tracker.intake.registry import read_registry
from tracker.outputs.registry_notes import FILE, note_in

DAY = dt.date(2026, 10, 1)


def shown() -> Iterator[str]:
    """Every note that pages show of what the registry brings, as it is in the records."""
    registry = read_registry(DAY)
    for twin in registry.twins:
        yield twin.note
        yield from (state.note for state in twin.states)
    yield from (honour.note for honour in registry.honours)
    for content in registry.history:
        yield from (content.note, content.quantity_note, *(count.note for count in content.counts))


def lines() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_note_of_the_registry_is_there_once_and_no_other() -> None:
    notes = [line["en"] for line in lines()]

    # A year alone, as beside the people whom the care service reached, needs no words.
    assert set(notes) == {text for text in shown() if re.search("[a-z]", text)}
    assert len(notes) == len(set(notes))


@pytest.mark.parametrize("line", lines(), ids=lambda line: line["en"][:40])
def test_a_note_is_told_in_every_language_with_the_same_numbers(line: dict[str, str]) -> None:
    told = {language: note_in(language, line["en"]) for language in LANGUAGES}

    assert all(text == text.strip() != "" for text in told.values())
    assert len(set(told.values())) == len(LANGUAGES)
    assert re.search("[а-я]", told["ru"])
    # Days of the English text may be in ISO form: 2012-12-17 is 17. Dezember 2012, the month in words.
    days = re.sub(r"([0-9]{4})-[0-9]{2}-([0-9]{2})", r"\1 \2", line["en"].replace("60th", "60").replace("50th", "50"))
    english = numbers(days)
    assert numbers(told["de"]) == english
    assert numbers(told["ru"]) == english


def numbers(text: str) -> list[int]:
    return sorted(int(number) for number in re.findall("[0-9]+", text))


def test_what_is_not_the_registrys_stands_as_it_is() -> None:
    known = lines()[0]["en"]

    assert note_in("de", known + " And more.") == known + " And more."
    assert note_in("ru", "") == ""
    assert note_in("fi", known) == known


def test_every_honour_is_called_something_in_each_language_but_streets_abroad_and_the_asteroid() -> None:
    names = {honour.name for honour in read_registry(DAY).honours}

    assert names - HONOUR_NAMES.keys() == {
        "Wolgograder Allee", "Avenue de Stalingrad", "Via Stalingrado", "(2250) Stalingrad"
    }  # fmt: skip
    assert HONOUR_NAMES.keys() <= names
