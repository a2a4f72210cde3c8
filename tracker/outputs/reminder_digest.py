"""One letter with all that somebody is reminded of in a morning: a section for each, in order of their days."""

import dataclasses
from collections.abc import Sequence

from tracker.i18n import N_, gettext, ngettext
from tracker.outputs.mail import Section, Words


def digest_of(letters: Sequence[Words], *, account: bool) -> Words:
    """Several reminders' words as those of one letter; a single one's as they are. `account`: the reader has one."""
    if len(letters) == 1:
        return letters[0]
    first, more = letters[0], len(letters) - 1
    why = (
        N_("You get this because reminders by mail are switched on for you.")
        if account
        else N_("You get this because rules of the tracker name this address.")
    )
    return dataclasses.replace(
        first,
        subject=ngettext(first.language, "{first} – and {n} more", "{first} – and {n} more", more, first=first.subject),
        heading=gettext(first.language, N_("Your reminders")),
        lead=ngettext(first.language, "{n} reminder this morning", "{n} reminders this morning", len(letters)),
        facts=(),
        paragraphs=(),
        sections=tuple(section for words in letters for section in _sections(words)),
        links=(),
        why=gettext(first.language, why),
        explained=(),
    )


def _sections(words: Words) -> tuple[Section, ...]:
    """What must be known of each to decide what to do; the details stand behind its links."""
    paragraphs = (words.lead, *words.paragraphs)
    return Section(words.heading, (), paragraphs, (*words.links, *words.explained)), *words.sections
