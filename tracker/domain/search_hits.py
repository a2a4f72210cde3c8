"""What was found where: the words of a text that a query means, and the few words around them. Pure."""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tracker.domain.search import Term, fold, stored_words

Piece = tuple[str, bool]
"""A stretch of a text, and whether it is what was looked for."""

_AROUND = 70
"""Signs shown on either side of what was found."""


_SHORT = 200
"""Signs of a text whose words are kept: names and titles."""


def pieces(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The whole text in stretches."""
    found: list[Piece] = []
    at = 0
    for first, end in _hits(text, terms):
        if first > at:
            found.append((text[at:first], False))
        found.append((text[first:end], True))
        at = end
    if at < len(text):
        found.append((text[at:], False))
    return found


def excerpt(text: str, terms: Sequence[Term]) -> list[Piece]:
    """The words around the first hit, in stretches; empty where there is none."""
    first = next(_hits(text, terms), None)
    if first is None:
        return []
    begin, end = max(0, first[0] - _AROUND), min(len(text), first[1] + _AROUND)
    while 0 < begin < first[0] and not text[begin - 1].isspace():
        begin += 1
    while first[1] < end < len(text) and not text[end].isspace():
        end -= 1
    cut = pieces(" ".join(text[begin:end].split()), terms)
    return [*([("… ", False)] if begin else []), *cut, *([(" …", False)] if end < len(text) else [])]


def met(texts: Sequence[str], terms: Sequence[Term]) -> set[Term]:
    """The terms that these texts hold."""
    words = set[str]().union(*map(_found_by, texts))
    return {term for term in terms if any(map(term.fits, words))}


def as_written(texts: Sequence[str], folded: str) -> str:
    """How a folded word is written where it stands; itself where it stands nowhere."""
    for text in texts:
        for first, end in _words(text):
            if fold(text[first:end]) == folded:
                return text[first:end]
    return folded


def _found_by(text: str) -> frozenset[str]:
    return _found_by_short(text) if len(text) <= _SHORT else frozenset(stored_words(text))


@lru_cache(maxsize=8192)
def _found_by_short(text: str) -> frozenset[str]:
    """Kept, as the names of cities are looked through for every row, and titles at every look."""
    return frozenset(stored_words(text))


def _hits(text: str, terms: Sequence[Term]) -> Iterator[tuple[int, int]]:
    for first, end in _words(text) if terms else ():
        word = text[first:end]
        held = _found_by(word)
        if not any(term.fits(one) for term in terms for one in held):
            continue
        signs = sorted({sign for term in terms for sign in term.exact if sign in word}, key=len, reverse=True)
        # In a writing without spaces the "word" is a whole line: only the signs asked for are marked.
        if signs and len(word) > len(signs[0]):
            yield from _signs(word, signs, first)
        else:
            yield first, end


def _signs(word: str, signs: Sequence[str], offset: int) -> Iterator[tuple[int, int]]:
    marked = [False] * len(word)
    for sign in signs:
        at = word.find(sign)
        while at >= 0:
            marked[at : at + len(sign)] = [True] * len(sign)
            at = word.find(sign, at + 1)
    at = 0
    while at < len(word):
        end = at
        while end < len(word) and marked[end] == marked[at]:
            end += 1
        if marked[at]:
            yield offset + at, offset + end
        at = end


def _words(text: str) -> Iterator[tuple[int, int]]:
    first = None
    for at, character in enumerate(text):
        written = unicodedata.category(character)[0] in "LNM"
        if written and first is None:
            first = at
        elif not written and first is not None:
            yield first, at
            first = None
    if first is not None:
        yield first, len(text)
