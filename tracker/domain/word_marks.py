"""What of a text is gone and what is new, word by word, so that a reader sees a mended slip at a glance.

Pure. Words are what stands between spaces and punctuation; scripts without spaces are compared sign by sign.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOO_MANY = 2_000
"""Tokens beyond which comparing costs more than a reader gains: such texts are told by paragraphs, or as a whole."""

_PUNCTUATION = r".,;:!?()\[\]\"“”„«»/–—"
_WITHOUT_SPACES = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
_TOKEN = re.compile(rf"\s+|[{_PUNCTUATION}{_WITHOUT_SPACES}]|[^\s{_PUNCTUATION}{_WITHOUT_SPACES}]+")
_PARAGRAPH = re.compile(r"[^\n]*\n|[^\n]+")


class Mark(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stayed, left or came."""

    mark: Mark
    text: str


def marked(before: str, after: str) -> tuple[Piece, ...]:
    """The two texts as one, each stretch marked."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) + len(new) > _TOO_MANY:
        old, new = _PARAGRAPH.findall(before), _PARAGRAPH.findall(after)
    if len(old) + len(new) > _TOO_MANY:
        old, new = [before], [after]
    return tuple(_joined(_pieces(old, new)))


def _pieces(old: list[str], new: list[str]) -> Iterator[Piece]:
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            yield Piece(Mark.SAME, "".join(old[a:b]))
            continue
        if b > a:
            yield Piece(Mark.GONE, "".join(old[a:b]))
        if d > c:
            yield Piece(Mark.NEW, "".join(new[c:d]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Without the islands of mere spaces between two changes: "May 1960" to "June 1961" is one change, not two."""
    gone, new = "", ""
    waiting = ""
    for piece in pieces:
        if piece.mark is Mark.SAME:
            if (gone or new) and not piece.text.strip():
                waiting = piece.text
                continue
            yield from _told(gone, new)
            yield piece
            gone = new = ""
            continue
        gone, new = gone + waiting, new + waiting
        waiting = ""
        gone += piece.text if piece.mark is Mark.GONE else ""
        new += piece.text if piece.mark is Mark.NEW else ""
    yield from _told(gone, new)
    if waiting:
        yield Piece(Mark.SAME, waiting)


def _told(gone: str, new: str) -> Iterator[Piece]:
    if gone:
        yield Piece(Mark.GONE, gone)
    if new:
        yield Piece(Mark.NEW, new)
