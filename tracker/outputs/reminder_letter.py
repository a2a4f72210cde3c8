"""The words of a reminder's mail, in the reader's language: what comes round, when, how the partnership stands, and why
the reader is told.

`today` is the reader's own calendar day, so a mail that leaves late still says rightly how many days are left.
"""

import datetime as dt
from collections.abc import Mapping

from babel.dates import format_date

from tracker.domain.date_wording import Precision
from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occurrence
from tracker.domain.reminders import contacts_go_on, note_on, title, title_of_occurrence
from tracker.domain.rules import About, Due
from tracker.domain.twin_wording import LEVELS, standing
from tracker.domain.twins import Level, State, Twin
from tracker.i18n import N_, gettext, ngettext
from tracker.outputs.mail import Section, Words

_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}


def words_for(due: Due, language: str, twins: Mapping[str, Twin], today: dt.date, base_url: str) -> Words:
    """What the mail of this reminder says."""
    matter = due.matter
    if matter.about is About.OUTLOOK:
        return _outlook(due, language, twins, base_url)
    come = matter.comes[0]
    named = [twins[slug] for slug in come.occasion.twins if slug in twins]
    heading = title(matter, language, twins)
    notes = [note for twin in named if (note := note_on(twin, today, language))]
    return Words(
        language=language,
        subject=_subject(come, language, f"{heading} ({'; '.join(notes)})" if notes else heading, today),
        heading=heading,
        lead=_lead(come, language, today),
        facts=_facts(come, named, language, today),
        paragraphs=tuple(text for twin in named if (text := _standing(twin, language, today, name_it=len(named) > 1))),
        links=_links(named, language, base_url),
        why=_why(due, language),
        unsubscribe=_unsubscribe(language),
    )


def _subject(come: Occurrence, language: str, heading: str, today: dt.date) -> str:
    if come.on is None:
        return gettext(language, N_("This month: {title}"), title=heading)
    days = (come.on - today).days
    if days > 0:
        return ngettext(language, "In {n} day: {title}", "In {n} days: {title}", days, title=heading)
    if days == 0:
        return gettext(language, N_("Today: {title}"), title=heading)
    return gettext(language, N_("Yesterday: {title}"), title=heading)


def _lead(come: Occurrence, language: str, today: dt.date) -> str:
    if come.on is None:
        return gettext(
            language, N_("{month}; on which day is not known."), month=_capital(come.when.in_sentence(language))
        )
    day, days = _weekday_and_date(come.on, language), (come.on - today).days
    if days > 0:
        return ngettext(language, "{day} – in {n} day", "{day} – in {n} days", days, day=day)
    if days == 0:
        return gettext(language, N_("{day} – today"), day=day)
    return gettext(language, N_("{day} – yesterday"), day=day)


def _facts(come: Occurrence, named: list[Twin], language: str, today: dt.date) -> tuple[tuple[str, str], ...]:
    facts = []
    if come.occasion.date is not None:
        facts.append((gettext(language, N_("It happened")), come.occasion.date.in_sentence(language)))
    if come.round:
        facts.append((gettext(language, N_("A round anniversary")), _years(come, language)))
    if len(named) == 1:
        facts += [
            (gettext(language, LEVELS[level]), text)
            for level in Level
            if (text := _state(named[0], level, language, today))
        ]
    return tuple(facts)


def _state(twin: Twin, level: Level, language: str, today: dt.date) -> str:
    """How one level stands, with since when; empty where nobody has recorded it."""
    known = twin.state(level, today)
    if known.state is State.UNKNOWN:
        return ""
    text = standing(language, known)
    if known.since is None:
        return text
    since = HistoricDate.parse(known.since)
    return f"{text} {since.in_sentence(language) if known.state is State.ENDED else since.since(language)}"


def _standing(twin: Twin, language: str, today: dt.date, *, name_it: bool) -> str:
    """The sentence that must not be missed (R1): what rests or has ended, and what goes on."""
    note = note_on(twin, today, language)
    if not note:
        return ""
    text = f"{twin.name(language)}: {note}." if name_it else f"{_capital(note)}."
    if contacts_go_on(twin, today):
        # Not inside the f-string, where the programs that collect messages do not look.
        more = gettext(language, N_("Contacts between citizens go on."))
        text = f"{text} {more}"
    return text


def _outlook(due: Due, language: str, twins: Mapping[str, Twin], base_url: str) -> Words:
    parts: list[tuple[str, list[Occurrence]]] = [
        (gettext(language, N_("The year is known, the day is not")), []),
        (gettext(language, N_("The month is known, the day is not")), []),
        (gettext(language, N_("Round anniversaries on a day")), []),
    ]
    # Days and months in order of the year, what has neither from the oldest on.
    for come in sorted(due.matter.comes, key=lambda c: (c.when.sort_key, -(c.number or 0), c.occasion.key)):
        place = {Precision.YEAR: 0, Precision.MONTH: 1}.get(come.precision, 2)
        parts[place][1].append(come)
    heading = title(due.matter, language, twins)
    lead = N_("What comes round in {year} and has no day of its own, and the round ones to begin preparing for.")
    return Words(
        language=language,
        subject=heading,
        heading=heading,
        lead=gettext(language, lead, year=due.matter.year),
        sections=tuple(
            Section(name, tuple(_line(come, language, twins, due.day) for come in comes))
            for name, comes in parts
            if comes
        ),
        links=((gettext(language, N_("All occasions in the tracker")), f"{base_url}/occasions"),),
        why=gettext(language, N_("You get this once a year, because reminders by mail are switched on for you.")),
        unsubscribe=_unsubscribe(language),
    )


def _line(come: Occurrence, language: str, twins: Mapping[str, Twin], today: dt.date) -> tuple[str, str]:
    """One line of the outlook, and beside it when (if that is more than the year) and how the partnership stands."""
    beside = [] if come.precision is Precision.YEAR else [come.when.display(language)]
    if come.round and come.on is None:
        beside.append(gettext(language, N_("a round anniversary")))
    beside += [n for slug in come.occasion.twins if slug in twins and (n := note_on(twins[slug], today, language))]
    return title_of_occurrence(come, language, twins), "; ".join(beside)


def _links(named: list[Twin], language: str, base_url: str) -> tuple[tuple[str, str], ...]:
    if not named:
        return ((gettext(language, N_("All occasions in the tracker")), f"{base_url}/occasions"),)
    return tuple(
        (gettext(language, N_("{place} in the tracker"), place=twin.name(language)), f"{base_url}/twins/{twin.slug}")
        for twin in named
    )


def _why(due: Due, language: str) -> str:
    if due.days_left:
        text = ngettext(
            language,
            "This is the reminder {n} day before.",
            "This is the reminder {n} days before.",
            due.days_left,
        )
    elif due.matter.comes[0].on is None:
        text = gettext(language, N_("This is the reminder on the first of the month."))
    else:
        text = gettext(language, N_("This is the reminder on the day itself."))
    switched = gettext(language, N_("You get it because reminders by mail are switched on for you."))
    return f"{text} {switched}"


def _unsubscribe(language: str) -> str:
    return gettext(language, N_("No more reminders by mail"))


def _years(come: Occurrence, language: str) -> str:
    return ngettext(language, "{n} year", "{n} years", come.number or 0)


def _weekday_and_date(day: dt.date, language: str) -> str:
    return _capital(format_date(day, "full", locale=_LOCALES[language]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
