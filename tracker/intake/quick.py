"""One line as somebody would note it, read into a form to look at: "Delegation Coventry Mai 1960, Harry Stanley".

Three languages, mixed as people mix them. Whatever is understood is told with the words it was read from; what is not
stays in the title, so that no word of the line is lost. Nothing is stored here, and no text is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.domain.activities import Basis, Direction, Kind, Status
from tracker.domain.date_texts import understand
from tracker.domain.dates import HistoricDate, InvalidDate
from tracker.domain.search import fold
from tracker.domain.twins import Twin
from tracker.intake.names import Cities, City
from tracker.intake.quick_numbers import Found, counts, goods, money
from tracker.intake.quick_people import People
from tracker.intake.quick_words import KIND_PATTERNS, PREPOSITIONS, STATUS_PATTERNS

LONGEST = 500
"""Characters of a line; what is beyond stays unread in the title."""

_MOST_WORDS_OF_A_DATE = 7
_DAY_WORDS = frozenset(["today", "heute", "сегодня", "yesterday", "gestern", "вчера", "tomorrow", "morgen", "завтра"])
_OF_A_YEAR = re.compile(r"(?:jahr\w*|years?|год\w*|гг?|века?|веке|century|jahrhunderts?)\.?", re.IGNORECASE)
_TIME = re.compile(
    r"\s*,?\s*(?:um |at |в )?(\d{1,2}:\d{2})(?: ?Uhr)?(?:\s*(?:–|-|bis|to|до)\s*(\d{1,2}:\d{2})(?: ?Uhr)?)?(?![\w:])"
)
_EDGES = " \t,;:–—-/|"


@dataclass(frozen=True)
class Piece:
    """What was understood: the field it belongs to and the words of the line that say it."""

    field: str
    said: str


@dataclass(frozen=True)
class Understood:
    """A line as a form: `document` as an activity's JSON has it, `missing` the fields that the line does not say."""

    kind: Kind | None
    document: dict[str, Any]
    pieces: tuple[Piece, ...]
    missing: tuple[str, ...]


def understand_line(line: str, language: str, today: dt.date, twins: Mapping[str, Twin]) -> Understood:
    """Whatever of an activity a line says. Any text is read; of most only the title comes out."""
    reader = _Reader(" ".join(line.replace("\x00", "").split()), language, today, Cities(twins))
    return reader.read()


@dataclass
class _Reader:
    text: str
    language: str
    today: dt.date
    cities: Cities
    document: dict[str, Any] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)
    kind: Kind | None = None
    when: HistoricDate | None = None

    def read(self) -> Understood:
        self._numbers("counts", counts(self.open(), self.language))
        self._numbers("money", money(self.open()))
        self._status_word()
        self._date()
        found = self.cities.in_text(self.open())
        self._kind()
        self._numbers("goods", goods(self.open(), self.language, [(city.first, city.last) for city in found]))
        self._twins(found)
        self._leaders(found)
        self._ways(found)
        self._status_by_date()
        self._counted_how()
        title = self._rest()
        self.document["title"] = {self._tongue(title): title} if title else {}
        said = {"kind": self.kind, **self.document}
        missing = tuple(name for name in ("kind", "title", "twins", "start") if not said.get(name))
        return Understood(self.kind, self.document, tuple(self.pieces), missing)

    def open(self) -> str:
        """The line with what is taken blotted out, every other letter at its place; not longer than is read."""
        letters = list(self.text[:LONGEST])
        for first, last in self.taken:
            letters[first:last] = "|" * (last - first)
        return "".join(letters)

    def _take(self, name: str, first: int, last: int, *, from_title: bool = True) -> None:
        self.pieces.append(Piece(name, self.text[first:last].strip(_EDGES)))
        if from_title:
            self.taken.append((first, last))

    def _numbers(self, name: str, found: list[Found]) -> None:
        for one in found:
            self.document.setdefault(name, []).append(one.row)
            self._take(name, one.first, one.last)

    def _status_word(self) -> None:
        folded, places = _folded(self.open())
        hits = [(match, status) for words, status in STATUS_PATTERNS if (match := words.search(folded))]
        if hits:
            match, status = min(hits, key=lambda hit: hit[0].start())
            self.document["status"] = status.value
            self._take("status", places[match.start()], places[match.end() - 1] + 1)

    def _date(self) -> None:
        for first, last, known in self._dates():
            start, end = known.ends
            if not known.is_interval or start is None:
                self.document["start"] = known.edtf
            else:
                self.document["start"] = start.edtf
                self.document["end"] = end.edtf if end else ".." if known.edtf.endswith("..") else None
            self.when = known
            self._take("start", first, last)
            if known.exact_day and (time := _TIME.match(self.text, last)):
                self._time(time)
            return

    def _time(self, time: re.Match[str]) -> None:
        clocks = [text.rjust(5, "0") for text in time.groups() if text]
        if all(clock < "24" and clock[3:] < "60" for clock in clocks):
            day = self.document["start"]
            self.document["start"] = f"{day}T{clocks[0]}"
            if len(clocks) > 1 and clocks[1] >= clocks[0]:
                self.document["end"] = f"{day}T{clocks[1]}"
            self._take("start", time.start(), time.end())

    def _dates(self) -> Iterator[tuple[int, int, HistoricDate]]:
        """Runs of words that say a date, the longest first; what only follows it ("1960 in Köln") is left out."""
        words = [(match.start(), match.end()) for match in re.finditer(r"\S+", self.open())]
        for many in range(min(_MOST_WORDS_OF_A_DATE, len(words)), 0, -1):
            for at in range(len(words) - many + 1):
                first, last = words[at][0], words[at + many - 1][1]
                if known := self._as_date(first, last):
                    while many > 1 and not _OF_A_YEAR.fullmatch(self.text[slice(*words[at + many - 1])].strip(",;")):
                        shorter = self._as_date(first, words[at + many - 2][1])
                        if shorter != known:
                            break
                        many, last = many - 1, words[at + many - 2][1]
                    yield first, last - (self.text[last - 1] in ",;"), known

    def _as_date(self, first: int, last: int) -> HistoricDate | None:
        text = self.open()[first:last].strip("(),;:!")
        if "|" in text or not (re.search(r"\d", text) or text.casefold() in _DAY_WORDS):
            return None
        if re.fullmatch(r"\d+", text) and not (len(text) == 4 and 1200 <= int(text) <= 2200):
            return None
        try:
            return understand(text, self.language, self.today)
        except InvalidDate:
            return None

    def _kind(self) -> None:
        folded, places = _folded(self.open())
        hits = [
            (match.start(), n, match)
            for n, (words, _, _) in enumerate(KIND_PATTERNS)
            if (match := words.search(folded))
        ]
        if hits:
            _, n, match = min(hits, key=lambda hit: hit[:2])
            self.kind, subtype = KIND_PATTERNS[n][1:]
            if subtype:
                self.document["subtype"] = subtype
            self._take("kind", places[match.start()], places[match.end() - 1] + 1, from_title=False)

    def _twins(self, found: list[City]) -> None:
        twins = [city for city in found if not city.is_hub]
        self.document["twins"] = list(dict.fromkeys(city.slug for city in twins))
        for city in {city.slug: city for city in reversed(twins)}.values():
            self._take("twins", city.first, city.last, from_title=False)

    def _leaders(self, found: list[City]) -> None:
        people = People(
            self.open(), [(city.first, city.last) for city in found], delegation=self.kind is Kind.DELEGATION
        )
        for one in people.leaders():
            self.document.setdefault("leaders", []).append(one.row)
            self._take("leaders", one.first, one.last, from_title=bool(one.row["name"]))

    def _ways(self, found: list[City]) -> None:
        """Who travels, where the words before the cities agree; and the place, where something is in a city."""
        ways: set[Direction] = set()
        said: list[tuple[int, int]] = []
        for city in found:
            before = re.search(r"(\w+)\s+$", self.text[: city.first])
            word = before[1].casefold() if before else ""
            if before is None or any(first <= before.start() < last for first, last in self.taken):
                continue
            way = _way(word, self.text[city.first : city.last], city)
            if way:
                ways.add(way)
                said.append((before.start(), city.last))
            elif word in PREPOSITIONS["in"] and "place" not in self.document:
                self.document["place"] = city.name
                self._take("place", before.start(), city.last, from_title=False)
        if len(ways) == 1:
            self.document["direction"] = ways.pop().value
            self._take("direction", *said[0], from_title=False)

    def _status_by_date(self) -> None:
        """A day that is over was, one to come is planned. What may be either is left as forms begin: planned."""
        if "status" in self.document or self.when is None:
            return
        latest, earliest = self.when.latest, self.when.earliest
        if latest and latest < self.today:
            self.document["status"] = Status.HELD.value
        elif earliest and earliest > self.today:
            self.document["status"] = Status.PLANNED.value
        else:
            return
        self.pieces.append(Piece("status", ""))

    def _counted_how(self) -> None:
        came = self.document.get("status") == Status.HELD.value
        for row in self.document.get("counts", ()):
            row["basis"] = (Basis.ACTUAL if came else Basis.PLANNED).value

    def _rest(self) -> str:
        """The title: the line without what has a field of its own."""
        parts, at = [], 0
        for first, last in sorted(self.taken):
            parts.append(self.text[at:first])
            at = max(at, last)
        parts.append(self.text[at:])
        text = ""
        for part in parts:
            if part.strip(_EDGES + ".()"):
                comma = text.rstrip().endswith(",") or part.lstrip().startswith(",")
                text = text.rstrip(_EDGES) + (", " if comma else " ") + part.strip(" ,")
            elif "," in part and text:
                text += ","
        return " ".join(text.split()).strip(_EDGES)

    def _tongue(self, title: str) -> str:
        """Whatever language the page is in, Cyrillic letters are Russian."""
        cyrillic, letters = len(re.findall("[а-яёА-ЯЁ]", title)), sum(map(str.isalpha, title))
        return "ru" if letters and cyrillic > letters / 2 else self.language


def _way(word: str, city_as_written: str, city: City) -> Direction | None:
    """Who travels, by the word before a city."""
    if word in PREPOSITIONS["from"]:
        return Direction.FROM_HUB if city.is_hub else Direction.TO_HUB
    if word not in PREPOSITIONS["to"]:
        return None
    if word in ("в", "во"):
        # "В Волгоград" goes there, "в Волгограде" is there already; of Ковентри nobody can tell.
        told, name = fold(city_as_written), fold(city.name)
        if not (told.endswith(("у", "ю")) or (told == name and name[-1] not in "аеиоуюыяэ")):
            return None
    return Direction.TO_HUB if city.is_hub else Direction.FROM_HUB


def _folded(text: str) -> tuple[str, list[int]]:
    """A text folded letter by letter, and for each letter its place in the text."""
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        plain = fold(letter) or (" " if letter.isspace() else "")
        letters.append(plain)
        places += [at] * len(plain)
    return "".join(letters), places
