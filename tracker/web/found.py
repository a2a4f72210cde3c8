"""Why something is in the list: the hits in its title, and where else it says what was looked for.

Everything shown here stands on the activity's own page too, which the reader may open: nothing else is quoted.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.activity_lines import ActivityLine, Written
from tracker.domain.search import Term, own_texts
from tracker.domain.search_hits import Piece, excerpt, met, pieces
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext
from tracker.web.language import in_words, language, titled

_QUOTED = 2


@dataclass(frozen=True)
class Found:
    """One row of the list. `title`: with the hits in it, where words were looked for.

    `quotes`: the name of a field, and the words around the hit in it.
    """

    activity: ActivityLine
    title: list[Piece]
    quotes: list[tuple[str, list[Piece]]]


def explained(line: ActivityLine, texts: Written | None, twins: Mapping[str, Twin], terms: Sequence[Term]) -> Found:
    """Why a line is there; `texts` are read where words were looked for."""
    if texts is None:
        return Found(line, [], [])
    title, tag = titled(line.title)
    cities = [twins[slug] for slug in line.twins if slug in twins]
    names = [city.name_at(line.start_date.earliest, language()) for city in cities]
    open_terms = [t for t in terms if t not in met([title, line.place, line.start[:4], *names], terms)]
    quotes: list[tuple[str, list[Piece]]] = []
    for name, text in _elsewhere(texts, cities, tag) if open_terms else ():
        here = met([text], open_terms)
        if here and len(quotes) < _QUOTED:
            quotes.append((name, excerpt(text, open_terms)))
            open_terms = [term for term in open_terms if term not in here]
    return Found(line, pieces(title, terms), quotes)


def own_and_names(texts: Written, cities: Iterable[Twin]) -> list[str]:
    """All texts a word of a query can stand in."""
    return [*own_texts(texts), *(name for city in cities for name in city.all_names())]


def _elsewhere(texts: Written, cities: Sequence[Twin], shown: str) -> list[tuple[str, str]]:
    fields = [
        *(("title", text) for tag, text in texts.title.items() if tag != shown),
        *(("description", text) for text in texts.description.values()),
        *(("leaders", ", ".join(part for part in (one.name, one.office) if part)) for one in texts.leaders),
        *(("organisers", one.name) for one in texts.organisers),
        ("subtype", texts.subtype),
        ("owner", texts.owner),
        ("quantity_note", texts.quantity_note),
        ("note", texts.note),
        ("external_id", texts.external_id or ""),
    ]
    told = [(in_words(name, "field"), text) for name, text in fields if text]
    also = gettext(language(), N_("Also called"))
    for city in [*cities, HUB]:
        told += [(also, name) for name in city.all_names()]
    return told
