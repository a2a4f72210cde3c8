"""The handbook: complete in every language, and alike in its build, so that no language says less than another."""

import re
from collections.abc import Sequence

import pytest

from tests.test_translations import messages, translations
from tracker.i18n import LANGUAGES
from tracker.outputs.handbook import FOLDER, TASKS, found, handbook, page_of
from tracker.outputs.markdown import Block, blocks


def build(parts: Sequence[Block]) -> list[object]:
    """What a page is made of, without its words."""
    return [(part.kind, part.number, build(part.blocks)) for part in parts]


def test_every_language_has_the_same_pages() -> None:
    files = {language: {path.stem for path in (FOLDER / language).glob("*.md")} for language in LANGUAGES}

    assert files == {language: set(TASKS) for language in LANGUAGES}
    assert {path.name for path in FOLDER.iterdir()} == set(LANGUAGES)


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_a_page_is_built_alike_in_every_language(task: str, language: str) -> None:
    here, english = ((FOLDER / tag / f"{task}.md").read_text(encoding="utf-8") for tag in (language, "en"))

    assert build(blocks(here)) == build(blocks(english))
    # Whatever is to be typed exactly as it stands is the same everywhere.
    assert re.findall("`[^`]+`", here) == re.findall("`[^`]+`", english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_short_and_begin_with_what_they_are_about(language: str) -> None:
    for page in handbook(language):
        assert 3 < len(page.title) < 60
        assert page.first.endswith(".")
        assert len(page.words.split()) < 350
        assert "<h1" not in page.html


@pytest.mark.parametrize(
    ("query", "language", "task"),
    [
        ("papierkorb", "de", "correct"),
        ("koln", "en", "find"),
        ("КОРЗИНЕ", "ru", "correct"),
        ("pg_dump", "de", "trouble"),
    ],
)
def test_a_page_is_found_by_its_words(query: str, language: str, task: str) -> None:
    assert task in [page.task for page in found(query, language)]


def test_nothing_is_found_by_words_that_stand_nowhere() -> None:
    assert found("papierkorb einhorn", "de") == ()
    assert page_of("einhorn", "de") is None


_EXAMPLES = {
    "3.5.1960",
    "May 1960",
    "autumn 2013",
    "1990s",
    "since 2002",
    "external_id",
}
"""What is bold and is no label: what somebody may type."""


def quoted(task: str, language: str) -> list[str]:
    """The labels a page quotes, in their order."""
    return re.findall(r"\*\*(.+?)\*\*", (FOLDER / language / f"{task}.md").read_text(encoding="utf-8"))


def test_labels_are_quoted_as_the_pages_show_them() -> None:
    # Of a label that explains itself (“Reader: sees …”) a page may quote the word alone.
    shown = {form.partition(":")[0] for message in messages() for form in message.forms}
    shown |= {form for message in messages() for form in message.forms}

    assert {(task, label) for task in TASKS for label in quoted(task, "en") if label not in shown | _EXAMPLES} == set()


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_labels_are_quoted_in_the_words_of_each_language(language: str) -> None:
    words: dict[str, set[str]] = {}
    for message, strings in translations(language):
        words.setdefault(message.forms[0], set()).update(strings)
        words.setdefault(message.forms[0].partition(":")[0], set()).add(strings[0].partition(":")[0])

    wrong = [
        (task, here, words[english])
        for task in TASKS
        for english, here in zip(quoted(task, "en"), quoted(task, language), strict=True)
        if english not in _EXAMPLES and here not in words[english]
    ]

    assert wrong == []
