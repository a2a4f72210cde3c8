"""Finding across scripts and times: Köln = Koeln = Cologne = Кёльн, ё = е, Łódź = Lodz, Stalingrad = Volgograd.

An activity is stored with the folded words it can be found by, every name its cities have or had among them; a query is
folded the same way. The words are made here and nowhere else, so that both databases have the very same to look up.
A word is found by its beginning, by its other spellings and by its sound (`domain.sounds`). Writings without spaces
(Chinese, Japanese, Thai) are cut into single signs and pairs of them.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from tracker.domain.activities import ActivityContent
from tracker.domain.activity_lines import Written
from tracker.domain.sounds import sound
from tracker.domain.twins import HUB, Twin

_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_DIGRAPHS = (("ae", "a"), ("oe", "o"), ("ue", "u"))
_LONGEST = 60
"""Letters of a word that are looked at."""

_MOST = 24
"""Words of a query that are looked for; nobody remembers more of what they seek."""

SOUND = "§"
"""Stands before a spelling by sound, so that no written word is taken for one."""

_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003134f]+"
)


@dataclass(frozen=True)
class Term:
    """One word of a query: found where a stored word is one of `exact` or begins with one of `prefixes`."""

    exact: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()

    def fits(self, stored: str) -> bool:
        return stored in self.exact or stored.startswith(self.prefixes)


def fold(text: str) -> str:
    """Lower case without accents: two spellings that people take for the same become the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    # Once more: what is taken apart can have capitals of its own, as № has.
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return " ".join(plain.split())


def without_digraphs(text: str) -> str:
    """A folded text with German's umlauts written in one letter: koeln is koln as well."""
    for digraph, vowel in _DIGRAPHS:
        text = text.replace(digraph, vowel)
    return text


def words_of(folded: str) -> list[str]:
    """The words of a folded text, in order: letters, signs and digits of any script, and what is written on them."""
    return "".join(c if _is_written(c) else " " for c in folded).split()


def stored_words(text: str) -> set[str]:
    """Everything a text can be looked up by."""
    return {found for word in words_of(fold(text)) for found in _stored(word)}


def search_words(content: ActivityContent, twins: tuple[Twin, ...]) -> str:
    """Everything an activity can be found by, in one line: each word once, in an order that is always the same."""
    names = [name for twin in twins for name in twin.all_names()]
    text = " \n ".join([*own_texts(content), content.external_id or "", *names])
    found = stored_words(text)
    hub = tuple(fold(name) for name in HUB.all_names())
    if any(word.startswith(hub) for word in found):  # Stalingrader, Сталинграда
        found |= stored_words(" ".join(hub))
    return " ".join(sorted(found))


def own_texts(content: ActivityContent | Written) -> list[str]:
    """What people wrote about an activity, for all who may see it."""
    return [
        *content.title.values(),
        *content.description.values(),
        content.place,
        content.subtype,
        content.owner,
        content.quantity_note,
        content.note,
        *(part for leader in content.leaders for part in (leader.name, leader.office)),
        *(organiser.name for organiser in content.organisers),
        content.start[:4] if content.start[:4].isdigit() else "",
    ]


def query_words(query: str) -> tuple[Term, ...]:
    """The words of a query; all of them must be found."""
    return tuple(dict.fromkeys(term for word in words_of(fold(query)) for term in _terms(word)))[:_MOST]


def _terms(word: str) -> list[Term]:
    terms = []
    for unspaced, part in _parts(word):
        if unspaced:
            terms += [Term(exact=(piece,)) for piece in (_pairs(part) or [part])]
        else:
            heard = sound(part)
            spellings = tuple(dict.fromkeys((part[:_LONGEST], without_digraphs(part)[:_LONGEST])))
            terms.append(Term(exact=(SOUND + heard,) if heard else (), prefixes=spellings))
    return terms


def _stored(word: str) -> set[str]:
    found: set[str] = set()
    for unspaced, part in _parts(word):
        if unspaced:
            found |= {*part, *_pairs(part)}
        else:
            found |= {part[:_LONGEST], without_digraphs(part)[:_LONGEST]}
            if heard := sound(part):
                found.add(SOUND + heard)
    return found


def _parts(word: str) -> list[tuple[bool, str]]:
    """A word cut where a writing without spaces begins or ends."""
    parts, at = [], 0
    for match in _UNSPACED.finditer(word):
        if match.start() > at:
            parts.append((False, word[at : match.start()]))
        parts.append((True, match[0]))
        at = match.end()
    if at < len(word):
        parts.append((False, word[at:]))
    return parts


def _pairs(signs: str) -> list[str]:
    return [signs[at : at + 2] for at in range(len(signs) - 1)]


@lru_cache(maxsize=4096)
def _is_written(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"
