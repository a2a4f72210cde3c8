"""No text for people is left in English alone: every message is in both catalogues, with the same placeholders."""

import re
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tracker.domain.twins import Level
from tracker.i18n import CATALOGUES, DEFAULT_LANGUAGE, LANGUAGES

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]

Keywords = Mapping[str, tuple[int | tuple[int, str], ...] | None]

# In Python the language comes first (see tracker.i18n); in templates the page knows it.
IN_PYTHON: Keywords = {"N_": None, "NP_": (1, 2), "gettext": (2,), "ngettext": (2, 3), "pgettext": ((2, "c"), 3)}
IN_TEMPLATES: Keywords = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}

THE_SAME_IN_GERMAN = frozenset(
    {
        "Asteroid",
        "Chats",
        "Delegation",
        "Festival",
        "Form",
        "Code",
        "Name",
        "Organisation",
        "Park",
        "Passkeys",
        "Status",
        "normal",
        "online",
    }
)
"""Words that German spells as English does."""


ONE_NUMBER = {"ordinal": "number", "roman": "number"}
"""A number in the ways languages write it: 38th, 38., XX."""
WORDS_OF_ONE_LANGUAGE = {"ru_from"}
"""Filled in for one language only: Russian says “с” or “со”, by the word that follows."""


CONTEXTS_OF = {"tracker/domain/twin_wording.py": tuple(level.value for level in Level)}
"""Files that look their words up with a context chosen at run time: what a word is said of decides its ending."""


@dataclass(frozen=True)
class Message:
    forms: tuple[str, ...]
    """The text, or singular and plural."""
    context: str | None
    place: str

    @property
    def contexts(self) -> tuple[str | None, ...]:
        """Under which contexts its translation may stand."""
        return (self.context, *CONTEXTS_OF.get(self.place.partition(":")[0], ()))


def extracted() -> Iterator[Message]:
    """Every message in the product, as the programs that write catalogues find it."""
    methods: list[tuple[list[tuple[str, str]], Keywords]] = [
        ([("**.py", "python")], IN_PYTHON),
        ([("**.html", "jinja2"), ("**.txt", "jinja2")], IN_TEMPLATES),
    ]
    for mapping, keywords in methods:
        for name, line, message, _comments, context in extract_from_dir(
            CATALOGUES.parent, mapping, keywords=keywords, options_map={"**": {"silent": "false"}}
        ):
            forms = (message,) if isinstance(message, str) else tuple(message)
            yield Message(forms, context, f"tracker/{name}:{line}")


@cache
def messages() -> tuple[Message, ...]:
    return tuple(extracted())


def catalogue(language: str) -> Catalog:
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def placeholders(text: str) -> set[str]:
    names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    return {ONE_NUMBER.get(name, name) for name in names - WORDS_OF_ONE_LANGUAGE}


def translations(language: str) -> Iterator[tuple[Message, tuple[str, ...]]]:
    """Each message with the texts there are for it, one or one per plural form."""
    known = catalogue(language)
    for message in messages():
        for context in message.contexts:
            found = known.get(message.forms[0], context=context)
            if found is not None and found.string:
                yield message, (found.string,) if isinstance(found.string, str) else tuple(found.string)


def test_messages_are_found_in_python_and_in_templates() -> None:
    places = {message.place.partition(":")[0].rpartition(".")[2] for message in messages()}

    assert {"py", "html"} <= places


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    plurals = {1: 1, 2: catalogue(language).num_plurals}
    complete = {
        message
        for message, strings in translations(language)
        if all(strings) and len(strings) == plurals[len(message.forms)]
    }

    assert [message for message in messages() if message not in complete] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_fills_in_what_the_message_fills_in(language: str) -> None:
    different = []
    for message, strings in translations(language):
        wanted = placeholders(message.forms[-1])
        for text in strings:
            # "one day" needs no number, in whatever language it is said.
            needed = wanted - {"n"} if len(message.forms) > 1 else wanted
            if not needed <= placeholders(text) <= wanted | placeholders(message.forms[0]):
                different.append((message.place, message.forms[0], text))
    assert different == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_catalogue_keeps_what_nobody_says_any_more(language: str) -> None:
    said = {(message.forms[0], context) for message in messages() for context in message.contexts}

    kept = [(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in catalogue(language) if m.id]
    assert [message for message in kept if message not in said] == []


def test_russian_is_written_in_cyrillic() -> None:
    latin = [
        (message.place, text)
        for message, strings in translations("ru")
        for text in strings
        if re.search("[A-Za-z]{3}", _words(message.forms[0])) and not re.search("[А-Яа-яЁё]", text)
    ]

    assert latin == []


def test_german_is_not_english() -> None:
    english = [
        (message.place, message.forms[0])
        for message, strings in translations("de")
        if message.forms[0] in strings
        and re.search("[A-Za-z]{3}", _words(message.forms[0]))
        and message.forms[0] not in THE_SAME_IN_GERMAN
    ]

    assert english == []


def _words(text: str) -> str:
    """The text without its placeholders, marked names and mark-up, which no translator touches."""
    return re.sub(r"\{\w*\}|`[^`]*`|<[^>]*>|[A-Z_]{4,}", "", text)
