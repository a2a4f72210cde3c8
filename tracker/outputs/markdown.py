"""What staff wrote in Markdown (CommonMark), read once into blocks and runs that each form of a report sets its way.

Raw HTML is text like any other, pictures of other places are their words, and a link is one only where it leads to the
web or to a mailbox. What nests too deep to be meant stands there as it was typed.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LINK: Final = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# Five lists within one another: markdown-it drops what nests deeper, and typst has its own limit.
_DEEPEST: Final = 10


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    QUOTE = "quote"
    BULLETS = "bullets"
    NUMBERS = "numbers"
    ITEM = "item"
    RULE = "rule"


@dataclass(frozen=True)
class Run:
    """Some words that look alike. "\\n" within them is a break that was asked for."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    href: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading or piece of code has `runs`; a quote, a list and its items have `blocks`.

    `number` is a heading's level, from 1, or the number a numbered list begins with; `tight`, a paragraph in a list
    that was written without gaps.
    """

    kind: BlockKind
    runs: tuple[Run, ...] = ()
    blocks: tuple["Block", ...] = ()
    number: int = 0
    tight: bool = False


class _Reader(MarkdownIt):
    def validateLink(self, url: str) -> bool:
        return _LINK.match(url) is not None


_READER: Final = _Reader("commonmark", {"html": False, "maxNesting": _DEEPEST})

_CONTAINERS: Final = {
    "blockquote_open": BlockKind.QUOTE,
    "bullet_list_open": BlockKind.BULLETS,
    "ordered_list_open": BlockKind.NUMBERS,
    "list_item_open": BlockKind.ITEM,
}


def blocks(text: str) -> tuple[Block, ...]:
    """What was written, in order."""
    tokens = _READER.parse(text)
    if any(token.level >= _DEEPEST - 1 for token in tokens):
        return tuple(_as_typed(text))
    return _blocks(tokens)


def to_html(text: str, top: int = 3) -> str:
    """Safe HTML. The first level of heading becomes `top`: on a page the title and the section stand above."""
    return "\n".join(_html_of(block, top) for block in blocks(text))


def plain(written: Iterable[Block]) -> str:
    """The bare words, a line for each block."""
    lines = ("".join(run.text for run in block.runs) or plain(block.blocks) for block in written)
    return "\n".join(filter(None, lines))


def _as_typed(text: str) -> Iterable[Block]:
    for paragraph in re.split(r"\n\s*\n", text):
        if paragraph.strip():
            yield Block(BlockKind.PARAGRAPH, (Run(paragraph.strip()),))


def _blocks(tokens: Sequence[Token]) -> tuple[Block, ...]:
    found: list[Block] = []
    at = 0
    while at < len(tokens):
        end = _end(tokens, at)
        block = _block(tokens[at], tokens[at + 1 : end])
        if block is not None:
            found.append(block)
        at = end + 1
    return tuple(found)


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where what begins at `at` ends; the same place for what has nothing inside."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += tokens[place].nesting
        if depth == 0:
            return place
    return len(tokens)


def _block(token: Token, inside: Sequence[Token]) -> Block | None:
    if kind := _CONTAINERS.get(token.type):
        start = token.attrGet("start")
        return Block(kind, blocks=_blocks(inside), number=1 if start is None else int(start))
    if token.type in ("fence", "code_block"):
        return Block(BlockKind.CODE, (Run(token.content.rstrip("\n"), code=True),))
    if token.type == "hr":
        return Block(BlockKind.RULE)
    runs = _runs(child for part in inside for child in part.children or ())
    if token.type == "heading_open":
        return Block(BlockKind.HEADING, runs, number=int(token.tag[1:]))
    return Block(BlockKind.PARAGRAPH, runs, tight=token.hidden) if runs else None


def _runs(tokens: Iterable[Token]) -> tuple[Run, ...]:
    runs: list[Run] = []
    strong = emphasis = 0
    href = ""
    for token in tokens:
        strong += token.nesting if token.tag == "strong" else 0
        emphasis += token.nesting if token.tag == "em" else 0
        if token.tag == "a":
            href = str(token.attrGet("href") or "") if token.nesting == 1 else ""
        if words := _words(token):
            runs.append(Run(words, strong > 0, emphasis > 0, token.type == "code_inline", href))
    return tuple(
        replace(alike[0], text="".join(run.text for run in alike))
        for alike in (list(found) for _, found in groupby(runs, key=lambda run: replace(run, text="")))
    )


def _words(token: Token) -> str:
    if token.type == "softbreak":
        return " "
    if token.type == "image":
        return "".join(run.text for run in _runs(token.children or ()))
    return "\n" if token.type == "hardbreak" else token.content


def _html_of(block: Block, top: int) -> str:
    inside = "".join(_html_of_run(run) for run in block.runs)
    if block.blocks:
        inside = "\n" + "\n".join(_html_of(inner, top) for inner in block.blocks) + "\n"
    match block.kind:
        case BlockKind.HEADING:
            level = min(top + block.number - 1, 6)
            return f"<h{level}>{inside}</h{level}>"
        case BlockKind.CODE:
            return f"<pre>{inside}</pre>"
        case BlockKind.RULE:
            return "<hr>"
        case BlockKind.NUMBERS:
            start = f' start="{block.number}"' if block.number != 1 else ""
            return f"<ol{start}>{inside}</ol>"
    if block.tight:
        return inside
    tag = {BlockKind.QUOTE: "blockquote", BlockKind.BULLETS: "ul", BlockKind.ITEM: "li"}.get(block.kind, "p")
    return f"<{tag}>{inside}</{tag}>"


def _html_of_run(run: Run) -> str:
    words = html.escape(run.text)
    words = f"<code>{words}</code>" if run.code else words.replace("\n", "<br>\n")
    for tag, wanted in (("em", run.emphasis), ("strong", run.strong)):
        if wanted:
            words = f"<{tag}>{words}</{tag}>"
    return f'<a href="{html.escape(run.href)}" rel="noopener noreferrer">{words}</a>' if run.href else words
