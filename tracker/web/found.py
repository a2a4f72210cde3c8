"""Why something is in the list: the hits in its title, and where else it says what was looked for.

Everything shown here stands on the activity's own page too, which the reader may open: nothing else is quoted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.domain.activities import Activity
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

    activity: Activity
    title: list[Piece]
    quotes: list[tuple[str, list[Piece]]]


def explained(activity: Activity, twins: Mapping[str, Twin], terms: Sequence[Term]) -> Found:
    if not terms:
        return Found(activity, [], [])
    title, tag = titled(activity.title)
    names = [twins[slug].name_at(activity.start_date.earliest, language()) for slug in activity.twins if slug in twins]
    open_terms = [t for t in terms if t not in met([title, activity.place, activity.start[:4], *names], terms)]
    quotes: list[tuple[str, list[Piece]]] = []
    for name, text in _elsewhere(activity, twins, tag) if open_terms else ():
        here = met([text], open_terms)
        if here and len(quotes) < _QUOTED:
            quotes.append((name, excerpt(text, open_terms)))
            open_terms = [term for term in open_terms if term not in here]
    return Found(activity, pieces(title, terms), quotes)


def own_and_names(activity: Activity, twins: Mapping[str, Twin]) -> list[str]:
    """All texts a word of a query can stand in."""
    return [
        *own_texts(activity),
        *(name for slug in activity.twins if slug in twins for name in twins[slug].all_names()),
    ]


def _elsewhere(activity: Activity, twins: Mapping[str, Twin], shown: str) -> list[tuple[str, str]]:
    fields = [
        *(("title", text) for tag, text in activity.title.items() if tag != shown),
        *(("description", text) for text in activity.description.values()),
        *(("leaders", ", ".join(part for part in (one.name, one.office) if part)) for one in activity.leaders),
        *(("organisers", one.name) for one in activity.organisers),
        ("subtype", activity.subtype),
        ("owner", activity.owner),
        ("quantity_note", activity.quantity_note),
        ("note", activity.note),
        ("external_id", activity.external_id or ""),
    ]
    told = [(in_words(name, "field"), text) for name, text in fields if text]
    also = gettext(language(), N_("Also called"))
    for city in [*(twins[slug] for slug in activity.twins if slug in twins), HUB]:
        told += [(also, name) for name in city.all_names()]
    return told
