"""Which milestones and twinning dates tell of an agreement, and whether it was signed or renewed (R17). Pure.

Staff write it in their own words, so it is read off them: the sub-kind, else what the paper or its date is called.
"""

import re
from typing import Literal

from tracker.domain.details import Milestone
from tracker.domain.words import DATED, word
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES

Sort = Literal["signed", "renewed"]

_SIGNED = re.compile(
    r"agreement|treaty|\bpact\b|charter|protocol|contract|twinning|sign(ed|ing)|became twins"
    r"|vertrag|abkommen|vereinbarung|urkunde|unterzeichn|partnerschaftsschluss"
    r"|соглашени|договор|хартия|протокол|подписан|побратим",
    re.IGNORECASE,
)
_RENEWED = re.compile(r"renew|prolong|extend|erneuer|verlänger|продл|возобнов|обновл", re.IGNORECASE)


def sort_of_paper(subtype: str, titles: tuple[str, ...], details: Milestone) -> Sort | None:
    """None where a milestone is no agreement."""
    paper = details.ends or details.title_of_paper or _SIGNED.search(subtype) or _RENEWED.search(subtype)
    if not paper:
        return None
    told = (subtype, details.title_of_paper, *titles)
    return "renewed" if any(_RENEWED.search(text) for text in told) else "signed"


def sort_of_date(basis: str, *, primary: bool) -> Sort | None:
    """What a date of a twinning is the date of; the one that the partners count from is always told."""
    if _RENEWED.search(basis):
        return "renewed"
    return "signed" if primary or _SIGNED.search(basis) else None


def titles_of_date(basis: str) -> dict[str, str]:
    """What to call the paper of a twinning's date, in each language that has a word for it."""
    if basis in DATED:
        return {language: word(DATED, basis, language) for language in LANGUAGES}
    return {DEFAULT_LANGUAGE: basis} if basis else {}
