"""The words for occasions in English, German and Russian: "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd".

Names of cities stand uninflected, because their Russian case endings cannot be derived; every phrase is built so that
it needs none. How a partnership stands (R1: resting, ended) is worded here too, since no anniversary is told without.
"""

from collections.abc import Mapping

from tracker.domain.date_wording import english_ordinal
from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occasion, OccasionKind, Occurrence
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext

# What a link is called when its founding is remembered. The list of kinds of link is the organisation's own; one that
# is not known here is called "ties".
_FOUNDINGS = {
    "twin": N_("{ordinal} anniversary of the twinning {places}"),
    "friendship_pact": N_("{ordinal} anniversary of the friendship pact {places}"),
    "partner": N_("{ordinal} anniversary of the partnership {places}"),
}
_TIES = N_("{ordinal} anniversary of the ties {places}")
_AGREEMENT = N_("{ordinal} anniversary of the agreement {places}")
_TITLED = N_("{ordinal} anniversary: {title}")


def ordinal_title(
    occurrence: Occurrence, language: str, *, names: Mapping[str, str], hub: str, link_type: str = "twin"
) -> str:
    """The occurrence with its number: "38th anniversary of the twinning Cologne – Volgograd".

    `names` gives the name of each twin, and `hub` that of the hub, in `language`; `link_type` is the kind of link.
    """
    occasion = occurrence.occasion
    title = title_of(occasion, language)
    if occurrence.number is None:
        return title or occasion.key
    places = " – ".join([*(names.get(slug, slug) for slug in occasion.twins), hub])
    if title:
        message = _TITLED
    elif occasion.kind is OccasionKind.AGREEMENT:
        message = _AGREEMENT
    else:
        message = _FOUNDINGS.get(link_type, _TIES)
    number = occurrence.number
    return gettext(
        language, message, number=number, ordinal=english_ordinal(number), places=places, title=title or occasion.basis
    )


def title_of(occasion: Occasion, language: str) -> str:
    """Its own title in `language`, else in English, else in any; empty for a founding that is worded by its kind."""
    titles = occasion.titles
    return titles.get(language) or titles.get(DEFAULT_LANGUAGE) or next(filter(None, titles.values()), "")


def status_note(
    language: str,
    *,
    agreement: str,
    official: str,
    agreement_since: HistoricDate | None = None,
    official_since: HistoricDate | None = None,
) -> str:
    """What must be said beside an anniversary about how the partnership stands; empty where nothing need be.

    `agreement` and `official` are states of those levels (`ended`, `resting`; others say nothing), `..._since` the
    dates from which they hold. Where the agreement has ended, the contacts under it go without saying.
    """
    if agreement == "ended":
        if agreement_since is None:
            return gettext(language, N_("agreement ended"))
        return gettext(language, N_("agreement ended {when}"), when=agreement_since.in_sentence(language))
    if official == "resting":
        if official_since is None:
            return gettext(language, N_("official contacts resting"))
        return gettext(language, N_("official contacts resting {since}"), since=official_since.since(language))
    return ""
