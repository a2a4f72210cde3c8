"""The words for pieces of a reminder: how far from its day, whom a rule tells, what a rule is called.

Pure; sentences are built from them elsewhere.
"""

from collections.abc import Mapping

from babel.dates import format_date

from tracker.domain.rules import ESCALATION, Audience, Lead, Rule, Span, To, Years
from tracker.domain.tasks import chosen_day
from tracker.errors import InvalidInput
from tracker.i18n import DEFAULT_LANGUAGE, N_, NP_, gettext, ngettext

_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}
_BEFORE = {
    Span.DAYS: NP_("{n} day before", "{n} days before"),
    Span.WEEKS: NP_("{n} week before", "{n} weeks before"),
    Span.MONTHS: NP_("{n} month before", "{n} months before"),
}
_AFTER = {
    Span.DAYS: NP_("{n} day after", "{n} days after"),
    Span.WEEKS: NP_("{n} week after", "{n} weeks after"),
    Span.MONTHS: NP_("{n} month after", "{n} months after"),
}
_ROLES = {
    "reader": N_("every reader"),
    "editor": N_("every editor"),
    "administrator": N_("every administrator"),
}


def lead_in_words(code: str, language: str, *, rounds_only: bool = False) -> str:
    """How far from its day: "30 days before"; of what people chose by themselves, the day they chose."""
    if (day := chosen_day(code)) is not None:
        on = format_date(day, "long", locale=_LOCALES[language])
        if code.startswith("snooze"):
            return gettext(language, N_("put off until {day}"), day=on)
        return gettext(language, N_("handed over on {day}"), day=on)
    if code == ESCALATION:
        return gettext(language, N_("nobody has taken it on"))
    try:
        lead = Lead.parse(code)
    except InvalidInput:
        return code
    words = _distance(lead, language)
    if rounds_only or lead.years is Years.ROUND:
        return gettext(language, N_("{distance}, in round years"), distance=words)
    return words


def _distance(lead: Lead, language: str) -> str:
    if lead.amount == 0:
        return gettext(language, N_("on the day itself"))
    forms = (_BEFORE if lead.amount < 0 else _AFTER)[lead.span]
    return ngettext(language, *forms, abs(lead.amount))


def told_by(audience: Audience, language: str, chats: Mapping[str, str]) -> str:
    """Whom a part of a rule tells. `chats` gives the names of chats by their numbers."""
    match audience.to:
        case To.FOLLOWERS:
            return gettext(language, N_("whoever follows the city"))
        case To.RESPONSIBLE:
            return gettext(language, N_("whoever is responsible for it"))
        case To.ROLE:
            return gettext(language, _ROLES.get(audience.value, audience.value))
        case To.ADDRESS:
            return audience.value
        case To.CHAT:
            name = chats.get(audience.value, audience.value)
            return gettext(language, N_("the chat “{name}”"), name=name)


def name_of_rule(rule: Rule, language: str) -> str:
    names = rule.names
    return names.get(language) or names.get(DEFAULT_LANGUAGE) or next(filter(None, names.values()), rule.key)
