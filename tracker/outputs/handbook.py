"""The handbook that ships: one page per task and language, written in Markdown, read once per process.

A page begins with its title as a heading of the first level and one sentence that says what it is about.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tracker.domain.search import fold
from tracker.i18n import LANGUAGES
from tracker.outputs.markdown import BlockKind, blocks, plain, to_html

FOLDER = Path(__file__).parent.parent / "data" / "handbook"
TASKS = (
    "log", "correct", "find", "subscribe", "reminders", "letter", "journey", "aid", "files", "import", "report",
    "login", "people", "trouble",
)  # fmt: skip
"""The pages in the order in which people need them."""


@dataclass(frozen=True)
class Page:
    task: str
    title: str
    first: str
    """The sentence under the title."""
    html: str
    words: str
    """All of it, folded, for finding."""


@cache
def handbook(language: str) -> tuple[Page, ...]:
    """All pages in a language."""
    return tuple(_read(task, language) for task in TASKS) if language in LANGUAGES else handbook(LANGUAGES[0])


def page_of(task: str, language: str) -> Page | None:
    return next((page for page in handbook(language) if page.task == task), None)


def found(query: str, language: str) -> tuple[Page, ...]:
    """The pages that have all words of a query, however they are spelt."""
    words = fold(query).split()
    return tuple(page for page in handbook(language) if all(word in page.words for word in words))


def _read(task: str, language: str) -> Page:
    text = (FOLDER / language / f"{task}.md").read_text(encoding="utf-8")
    heading, first, *rest = blocks(text)
    if heading.kind is not BlockKind.HEADING or first.kind is not BlockKind.PARAGRAPH:
        raise ValueError(f"{language}/{task}.md does not begin with its title and a sentence")
    body = text.split("\n", 1)[1]
    return Page(task, plain([heading]), plain([first]), to_html(body, 1), fold(plain([heading, first, *rest])))
