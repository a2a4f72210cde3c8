"""What an activity can count for in a report: the purposes German law calls charitable, and what is none of them.

Suggestions, not a list that binds: whoever types another word keeps it. A known purpose is known again in whichever of
our languages it was typed. The numbers are those of § 52 (2) sentence 1 and of § 53 of the Abgabenordnung. Pure.
"""

from functools import cache

from tracker.domain.search import fold
from tracker.i18n import LANGUAGES, N_, gettext

SOCIAL_ONLY = "social only"
"""Outings and parties: no purpose of the statutes, so that the tax office's report leaves them out."""

COUNTS_FOR = {
    "international understanding": N_("international understanding"),  # no. 13
    "art and culture": N_("art and culture"),  # no. 5
    "education": N_("education"),  # no. 7
    "youth and elderly welfare": N_("youth and elderly welfare"),  # no. 4
    "help for the persecuted and for victims": N_("help for the persecuted and for victims"),  # no. 10
    "remembrance of victims": N_("remembrance of victims"),  # no. 10
    "science and research": N_("science and research"),  # no. 1
    "public health": N_("public health"),  # no. 3
    "welfare work": N_("welfare work"),  # no. 9
    "development cooperation": N_("development cooperation"),  # no. 15
    "sport": N_("sport"),  # no. 21
    "civic engagement": N_("civic engagement"),  # no. 25
    "benevolent purposes": N_("benevolent purposes"),  # § 53
    SOCIAL_ONLY: N_("social only"),
}


def name_of(typed: str, language: str) -> str:
    """A purpose in `language`, in whichever it was typed; another word stays as it is."""
    message = _known().get(fold(typed))
    return gettext(language, message) if message else typed


def spellings(typed: str) -> tuple[str, ...]:
    """The ways in which the purpose meant by `typed` is likely to be written in records, itself among them."""
    purpose = purpose_of(typed)
    return tuple(sorted(text for text, known in _written().items() if known == purpose)) or (typed,)


def purpose_of(typed: str) -> str:
    """The purpose that is written like this, or the text itself where it is none of those that are known."""
    return _written().get(typed, typed)


@cache
def _written() -> dict[str, str]:
    """Every known purpose by its texts in our languages, with a small and with a capital first letter."""
    named = {gettext(tag, message): purpose for purpose, message in COUNTS_FOR.items() for tag in LANGUAGES}
    return {
        text: purpose
        for name, purpose in {**named, **{purpose: purpose for purpose in COUNTS_FOR}}.items()
        for text in (name, name.lower(), name[:1].upper() + name[1:])
    }


@cache
def _known() -> dict[str, str]:
    return {fold(gettext(tag, message)): message for message in COUNTS_FOR.values() for tag in LANGUAGES}
