"""Cities in a text people wrote: any name a twin has or had, in any script, in the cases and endings of the languages.

A slip of one letter is forgiven where only one city can be meant. The hub is told apart from its twins.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin

WORD = re.compile(r"[^\W_]+")

_ENDINGS_RU = f"(?:{fold('ь|а|у|ом|ем|е|ы|и|ю|ой|ей|я|ью|ский|ского|ская|ской|ские|ских')})?"
_ENDINGS_LATIN = r"(?:s|er|ern|erin)?"
_ALPHABETIC = re.compile(r"[a-zа-я0-9 ]+")
_SHORTEST_WITH_SLIP = 5
_VOWELS = "аяоеиыьйую"


@dataclass(frozen=True)
class City:
    """A city found in a text: where, which one (the hub by its own slug), and by which of its names."""

    first: int
    last: int
    slug: str
    name: str

    @property
    def is_hub(self) -> bool:
        return self.slug == HUB.slug


@dataclass(frozen=True)
class _Known:
    slug: str
    name: str
    parts: tuple[re.Pattern[str], ...]


class Cities:
    """Finds the twins, and the hub, in texts."""

    def __init__(self, twins: Mapping[str, Twin]) -> None:
        everyone = {**twins, HUB.slug: HUB}
        spelled = [(slug, name) for slug, twin in everyone.items() for name in _spellings(slug, twin)]
        spelled.sort(key=lambda pair: -len(pair[1]))
        self._known = [
            _Known(slug, name, tuple(map(_part, _words(name)))) for slug, name in spelled if _in_letters(name)
        ]
        self._pictured = [(slug, name) for slug, name in spelled if not _in_letters(name)]
        self._single = {fold(name): slug for slug, name in spelled if _in_letters(name) and len(_words(name)) == 1}

    def in_text(self, text: str) -> list[City]:
        """All cities a text names, from left to right; no word counts twice."""
        words = [(match.start(), match.end(), fold(match[0])) for match in WORD.finditer(text)]
        found: list[City] = []
        for slug, name in self._pictured:
            if (at := text.find(name)) >= 0:
                found.append(City(at, at + len(name), slug, name))
        for known in self._known:
            found += self._places(known, words, found)
        for first, last, word in words:
            meant = self._slip(word) if _free(first, last, found) and text[first].isupper() else None
            if meant:
                found.append(City(first, last, meant, text[first:last]))
        return sorted(found, key=lambda city: city.first)

    def one(self, text: str) -> str | None:
        """The twin a text as a whole names; None where it is none, or more than one."""
        slugs = {city.slug for city in self.in_text(text) if not city.is_hub}
        return slugs.pop() if len(slugs) == 1 else None

    @staticmethod
    def _places(known: _Known, words: list[tuple[int, int, str]], taken: list[City]) -> list[City]:
        found: list[City] = []
        many = len(known.parts)
        for at in range(len(words) - many + 1):
            run = words[at : at + many]
            first, last = run[0][0], run[-1][1]
            matches = all(part.fullmatch(word) for part, (_, _, word) in zip(known.parts, run, strict=True))
            if matches and _free(first, last, [*taken, *found]):
                found.append(City(first, last, known.slug, known.name))
        return found

    def _slip(self, word: str) -> str | None:
        if len(word) < _SHORTEST_WITH_SLIP:
            return None
        meant = {
            slug
            for name, slug in self._single.items()
            if len(name) >= _SHORTEST_WITH_SLIP and name[0] == word[0] and one_slip(name, word)
        }
        return meant.pop() if len(meant) == 1 else None


def one_slip(one: str, other: str) -> bool:
    """Whether a letter too many, too few, wrong or swapped makes one of the other."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[at:], other[at:]
    swapped = a[:2] == b[:2][::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _spellings(slug: str, twin: Twin) -> Iterable[str]:
    names = [part.strip() for name in twin.all_names() for part in name.split("/")]
    digraphs = [re.sub("[äöü]", lambda m: {"ä": "ae", "ö": "oe", "ü": "ue"}[m[0]], name.lower()) for name in names]
    return dict.fromkeys([*names, *digraphs, *([slug] if "-" not in slug else [])])


def _words(name: str) -> list[str]:
    return [fold(word) for word in WORD.findall(name)]


def _in_letters(name: str) -> bool:
    return bool(_ALPHABETIC.fullmatch(" ".join(_words(name))))


def _part(word: str) -> re.Pattern[str]:
    """A word of a name with its endings: из Кёльна, Kölner, Coventrys."""
    if re.search("[а-я]", word):
        stem = word.rstrip(_VOWELS) if word[-1] in "аяьй" and len(word) > 4 else word
        bends = word[-1] not in "оеиуюэ" and len(word) > 3
        return re.compile(re.escape(stem) + (_ENDINGS_RU if bends else ""))
    return re.compile(re.escape(word) + (_ENDINGS_LATIN if len(word) > 3 else ""))


def _free(first: int, last: int, taken: Iterable[City]) -> bool:
    return all(last <= city.first or city.last <= first for city in taken)
