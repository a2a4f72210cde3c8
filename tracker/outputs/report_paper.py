"""What the two papers of a report share, PDF and DOCX: the words beside the report's own, and the shape of tables."""

from collections.abc import Iterator
from typing import Final

from babel.dates import format_date

from tracker.domain.report_document import Document, Said, Sort, Table
from tracker.i18n import N_, gettext, known_language
from tracker.outputs.signs import printable

TO_THE_RIGHT: Final = frozenset({Sort.COUNT, Sort.MONEY, Sort.WEIGHT})
CROWDED: Final = 105
"""Shares in all, from which on a table is set smaller."""

_CONTENTS: Final = N_("Contents")
_EDITION: Final = N_("Edition {number}")
_DRAFT: Final = N_("Draft")
_FIGURES_OF: Final = N_("Figures of {day}")
_CHECKSUM: Final = N_("Checksum: {hash}")
_BOXES: Final = N_("A box (□) stands for a sign of a script for which no font was at hand.")


def contents(document: Document) -> Said:
    return _said(document, _CONTENTS)


def edition(document: Document) -> Said:
    number = document.imprint.edition
    return _said(document, _EDITION, number=number) if number else _said(document, _DRAFT)


def figures_of(document: Document) -> Said:
    day = document.imprint.made_on
    return tuple(
        gettext(language, _FIGURES_OF, day=format_date(day, "long", locale=known_language(language)))
        for language in document.languages
    )


def checksum(document: Document) -> Said | None:
    return _said(document, _CHECKSUM, hash=document.imprint.hash) if document.imprint.hash else None


def boxes(document: Document) -> Said:
    """Said where signs are missing."""
    return _said(document, _BOXES)


def in_all(said: Said) -> str:
    """One line for where there is room for one text only, such as the text that stands for a picture."""
    return " / ".join(dict.fromkeys(filter(None, (" ".join(printable(words).split()) for words in said))))


def shares(table: Table) -> Iterator[int]:
    """The share of each column, by its longest text; a long text may take several lines, a word may not be cut."""
    for place, column in enumerate(table.columns):
        cells = [words for row in table.rows for words in row[place].words]
        heads = [word for heading in column.heading for word in ("-", *heading.split())]
        most, room = (36, 1.0) if column.sort is Sort.TEXT else (22, 1.3)
        longest = max((len(text[:most]) * room for text in cells), default=0)
        yield round(min(max(longest, *(len(word) * 1.2 for word in heads)), 40)) + 3


def _said(document: Document, message: str, **values: str) -> Said:
    return tuple(gettext(language, message, **values) for language in document.languages)
