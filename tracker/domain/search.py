"""Finding across scripts and times: Köln = Koeln = Cologne = Кёльн, ё = е, Łódź = Lodz, Stalingrad = Volgograd.

An activity is stored with one folded text that holds every name its cities have or had; a query is folded the same way.
"""

import unicodedata

from tracker.domain.activities import ActivityContent
from tracker.domain.twins import HUB, Twin

_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(text: str) -> str:
    """Lower case without accents: two spellings that people take for the same become the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def search_text(content: ActivityContent, twins: tuple[Twin, ...]) -> str:
    """Everything an activity can be found by, folded."""
    leaders = [part for leader in content.leaders for part in (leader.name, leader.office)]
    own = [
        *content.title.values(),
        *content.description.values(),
        content.place,
        content.subtype,
        content.owner,
        content.quantity_note,
        content.note,
        content.external_id or "",
        *leaders,
        *(organiser.name for organiser in content.organisers),
    ]
    names = [name for twin in twins for name in twin.all_names()]
    text = fold(" \n ".join([*own, *names]))
    hub = [fold(name) for name in HUB.all_names()]
    return " ".join([text, *hub]) if any(name in text for name in hub) else text


def query_words(query: str) -> tuple[tuple[str, ...], ...]:
    """The words of a query, each with its alternative spellings; all words must be found, one spelling suffices."""
    return tuple(_spellings(word) for word in fold(query).split())


def _spellings(word: str) -> tuple[str, ...]:
    plain = word
    for digraph, vowel in _DIGRAPHS:
        plain = plain.replace(digraph, vowel)
    return (word,) if plain == word else (word, plain)
