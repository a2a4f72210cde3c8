"""Whoever led something, in a noted line: "OB Henriette Reker", "Harry Stanley, Mayor of Coventry", "мэр Ковентри".

Names count only of people in public office: beside the word for one, or alone behind a comma where a delegation has
been named. Everything else that is written with capitals stays in the title.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tracker.domain.search import fold
from tracker.intake.quick_numbers import Found
from tracker.intake.quick_words import OFFICE, kind_of

_OF = re.compile(r"\s+(?:of|von|der Stadt|des Landes|города|г\.)\s+")
_PARTICLES = frozenset(("von", "van", "de", "di", "der", "zu", "al"))
_COMMON = re.compile(
    r"(?:ung|heit|keit|schaft|tag|tage|platz|haus|schule|verein|chor|club|orchester|gruppe|theater|museum|stadt|rat"
    r"|treffen|reise|woche|kirche|rathaus|city|club|society|council|hall|school|university|museum)$"
)
_MOST_WORDS = 3


@dataclass
class People:
    """The people in a line; `cities` are places that are no names, `delegation`: a name alone may be its leader's."""

    line: str
    cities: list[tuple[int, int]]
    delegation: bool

    def leaders(self) -> list[Found]:
        found: list[Found] = []
        for match in OFFICE.finditer(self.line):
            if all(match.start() >= one.last for one in found):
                found.append(self._in_office(match))
        if self.delegation and not found:
            found += self._alone()
        return found

    def _in_office(self, match: re.Match[str]) -> Found:
        office_ends = self._office_end(match.end())
        office = self.line[match.start() : office_ends].strip()
        if name := self._name_from(office_ends):
            return Found({"name": name[0], "office": office}, match.start(), name[1])
        if before := self._name_until(match.start()):
            return Found({"name": before[0], "office": office}, before[1], office_ends)
        return Found({"name": "", "office": office}, match.start(), office_ends)

    def _office_end(self, at: int) -> int:
        """Where an office ends: behind the city it is held in, if one follows."""
        of = _OF.match(self.line, at)
        begins = of.end() if of else at + len(self.line[at:]) - len(self.line[at:].lstrip())
        return next((last for first, last in self.cities if first == begins), at)

    def _name_from(self, at: int) -> tuple[str, int] | None:
        words: list[tuple[str, int]] = []
        for match in re.finditer(r"[^\s,;|()]+", self.line[at:]):
            between = self.line[at + (words[-1][1] if words else 0) : at + match.start()]
            if between.strip() or len(words) == _MOST_WORDS or not self._may_be_name(match[0], at + match.start()):
                break
            words.append((match[0], match.end()))
        while words and words[-1][0] in _PARTICLES:
            words.pop()
        return (" ".join(word for word, _ in words), at + words[-1][1]) if words else None

    def _name_until(self, at: int) -> tuple[str, int] | None:
        """A name of two or three words that ends with a comma before the office."""
        run = re.search(r"((?:\S+ ){1,2}\S+),\s*$", self.line[:at])
        if run is None:
            return None
        first, words = run.start(1), run[1].split(" ")
        while words:
            places = [first + len(" ".join(words[:n])) + (1 if n else 0) for n in range(len(words))]
            if len(words) > 1 and all(map(self._may_be_name, words, places)) and words[0] not in _PARTICLES:
                return " ".join(words), first
            first += len(words.pop(0)) + 1
        return None

    def _alone(self) -> Iterator[Found]:
        """Parts between commas that are nothing but a name, where the line has other parts too."""
        parts = list(re.finditer(r"[^,;|()]+", self.line))
        for part in parts if len(parts) > 1 else []:
            text = part[0].strip()
            first = part.start() + len(part[0]) - len(part[0].lstrip())
            words = text.split(" ")
            places = [first + len(" ".join(words[:n])) + (1 if n else 0) for n in range(len(words))]
            named = 2 <= len(words) <= _MOST_WORDS and all(map(self._may_be_name, words, places))
            if named and not any(_COMMON.search(word.casefold()) for word in words):
                yield Found({"name": text, "office": ""}, first, first + len(text))

    def _may_be_name(self, word: str, at: int) -> bool:
        if word in _PARTICLES:
            return True
        if any(first <= at < last for first, last in self.cities) or "|" in word:
            return False
        plain = word.strip(".")
        return (
            plain[:1].isupper() and not re.search(r"\d", plain) and kind_of(plain) is None and fold(plain) not in _ORDER
        )


_ORDER = frozenset(
    ("und", "and", "die", "der", "das", "the", "в", "и", "mit", "with", "in", "nach", "aus", "to", "from")
)
