"""What the event log tells of, by noun: what it is called, and that all who write may read of it. Pure.

Events are named `noun.verb-past`. Whatever stands in no table here is for administrators alone: a new noun is hidden
until somebody decides otherwise.
"""

from collections.abc import Mapping
from typing import Any

from tracker.domain.events import EventType
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext

NOUNS: Mapping[str, str] = {
    "activity": N_("Activities"),
    "twin": N_("Twin cities"),
    "honour": N_("Honours and gifts"),
    "office": N_("People in office"),
    "contact": N_("Organisations to write to"),
    "file": N_("Files"),
    "view": N_("Saved views"),
    "dossier": N_("Dossiers"),
    "receipt": N_("Receipts"),
    "observance": N_("Days we keep every year"),
    "rule": N_("Reminder rules"),
    "organisation": N_("Our organisation"),
    "customs": N_("How days are kept"),
    "task": N_("Tasks"),
    "letter": N_("Letters"),
    "template": N_("Texts of letters"),
    "reader": N_("Readers of reports"),
    "text": N_("Texts of reports"),
    "picture": N_("Pictures of reports"),
    "edition": N_("Editions of reports"),
    "report": N_("Documents"),
    "mailing": N_("Reports by mail"),
    "calendar": N_("Calendars"),
    "subscription": N_("Subscriptions"),
    "chat": N_("Chats"),
    "mail": N_("Mail addresses"),
    "user": N_("Accounts"),
    "token": N_("Tokens"),
    "zones": N_("Time zones"),
}
FOR_WRITERS = frozenset({"activity", "twin", "honour", "observance", "rule", "organisation", "customs"})
"""Everything else tells of people and their mail, of reports for a small circle, or of how the house is run."""


def noun_of(type_: EventType) -> str:
    return type_.value.partition(".")[0]


def named(noun: str, language: str) -> str:
    return gettext(language, NOUNS[noun]) if noun in NOUNS else noun


def title_of(data: Mapping[str, Any], language: str) -> str:
    """What the thing is called, where its event tells it."""
    for side in ("after", "before"):
        told = data.get(side) or {}
        for name in ("title", "titles", "names", "name"):
            value = told.get(name)
            if isinstance(value, str) and value:
                return value
            if isinstance(value, Mapping) and any(value.values()):
                wanted = (language, DEFAULT_LANGUAGE, *value)
                return next(str(value[tag]) for tag in wanted if value.get(tag))
    return ""
