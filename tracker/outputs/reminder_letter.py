"""The words of a reminder, in the reader's language: what it is about, when, how the partnership stands, what is asked
of the reader, and why they are told. A rule's own words take the place of the product's.

`today` is the reader's own calendar day, so a mail that leaves late still says rightly how many days are left.
"""

import dataclasses
import datetime as dt
from collections.abc import Mapping

from babel.dates import format_date

from tracker.domain.date_wording import Precision
from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occurrence
from tracker.domain.reminders import contacts_go_on, note_on, title, title_of_occurrence
from tracker.domain.rules import About, Due, Matter, fill_in
from tracker.domain.twin_wording import LEVELS, standing
from tracker.domain.twins import Level, State, Twin
from tracker.i18n import DEFAULT_LANGUAGE, N_, gettext, ngettext
from tracker.outputs.mail import Section, Words

_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}


@dataclasses.dataclass(frozen=True)
class Asked:
    """What a letter says besides: of the task, of the reader, of the row of the ledger that it is sent for.

    `left` says that nobody has taken the task on; `account` that the reader has one here.
    """

    task_id: int | None = None
    row_id: int | None = None
    left: bool = False
    name: str = ""
    account: bool = True


@dataclasses.dataclass(frozen=True)
class _To:
    """Whom a letter is written to, when, and from where."""

    language: str
    twins: Mapping[str, Twin]
    today: dt.date
    base_url: str
    asked: Asked


def words_for(
    due: Due, language: str, twins: Mapping[str, Twin], today: dt.date, base_url: str, asked: Asked | None = None
) -> Words:
    """What this reminder says."""
    to = _To(language, twins, today, base_url, asked or Asked())
    match due.matter.about:
        case About.OUTLOOK:
            words = _outlook(due, language, twins, base_url)
        case About.OCCASION:
            words = _occasion(due, to)
        case _:
            words = _other(due, to)
    return _asking(_own_words(words, due, to), due, to)


def _occasion(due: Due, to: _To) -> Words:
    come, language = due.matter.comes[0], to.language
    named, heading = _named(due.matter, to.twins), title(due.matter, language, to.twins)
    notes = [note for twin in named if (note := note_on(twin, to.today, language))]
    return Words(
        language=language,
        subject=_subject(come, language, f"{heading} ({'; '.join(notes)})" if notes else heading, to.today),
        heading=heading,
        lead=_lead(come, language, to.today),
        facts=_facts(come, named, language, to.today),
        paragraphs=_standings(named, to),
        links=_links(named, language, to.base_url),
        why=_why(due, language, to.asked),
        unsubscribe=_unsubscribe(language),
    )


def _other(due: Due, to: _To) -> Words:
    """Of anything that is no occasion: a trip, the end of an agreement, a day of the year, a silence."""
    matter, language = due.matter, to.language
    named, heading = _named(matter, to.twins), title(matter, language, to.twins)
    label = _WHAT_IT_IS.get(matter.about)
    facts = [(gettext(language, label), matter.when.display(language))] if label else []
    if matter.place:
        facts.append((gettext(language, N_("Place")), matter.place))
    if named:
        facts.append((gettext(language, N_("Twin cities")), _names(named, language)))
    links = _links(named, language, to.base_url) if named else ()
    if matter.activity_id:
        record = gettext(language, N_("The record in the tracker"))
        links = ((record, f"{to.base_url}/activities/{matter.activity_id}"), *links)
    return Words(
        language=language,
        subject=_when_and_title(matter, language, heading, to.today),
        heading=heading,
        lead=_when(matter, language, to.today),
        facts=tuple(facts),
        paragraphs=_standings(named, to),
        links=links,
        why=_why(due, language, to.asked),
        unsubscribe=_unsubscribe(language),
    )


_WHAT_IT_IS = {
    About.START: N_("It begins"),
    About.END: N_("It ends"),
    About.AGREEMENT_END: N_("It runs out"),
    About.STUCK_SHIPMENT: N_("It has been there since"),
    About.UNCONFIRMED: N_("It was to end"),
}


def _when_and_title(matter: Matter, language: str, heading: str, today: dt.date) -> str:
    on = matter.when.exact_day
    if matter.about is About.UNCONFIRMED:
        return gettext(language, N_("Did it take place? {title}"), title=heading)
    if on is None or matter.about is About.SILENT_TWIN:
        return heading
    if (days := (on - today).days) < -1:
        return ngettext(language, "{n} day ago: {title}", "{n} days ago: {title}", -days, title=heading)
    return _counted(language, days, heading)


def _when(matter: Matter, language: str, today: dt.date) -> str:
    on = matter.when.exact_day
    if on is None:
        return _capital(matter.when.display(language))
    if (days := (on - today).days) < -1:
        day = _weekday_and_date(on, language)
        return ngettext(language, "{day} – {n} day ago", "{day} – {n} days ago", -days, day=day)
    return _day_and_count(on, language, days)


def _own_words(words: Words, due: Due, to: _To) -> Words:
    """The rule's own subject and text, where it has them: in the reader's language, else in another."""
    wording = due.rule.wording
    given = [wording.get(tag, {}) for tag in (to.language, DEFAULT_LANGUAGE, *sorted(wording))]
    own = next((texts for texts in given if any(texts.values())), None)
    if own is None:
        return words
    matter = due.matter
    values = {
        "title": words.heading,
        "twin": _names(_named(matter, to.twins), to.language),
        "date": matter.when.display(to.language),
        "days": str(abs(((matter.when.earliest or to.today) - to.today).days)),
        "years": str(matter.comes[0].number or "") if matter.about is About.OCCASION else "",
        "place": matter.place,
        "name": to.asked.name,
        "link": words.links[0][1] if words.links else to.base_url,
    }
    subject, text = (fill_in(own.get(part, ""), values).strip() for part in ("subject", "text"))
    said = tuple(part.strip() for part in text.split("\n\n") if part.strip())
    # How a partnership stands is said whatever the rule says.
    return dataclasses.replace(words, subject=subject or words.subject, paragraphs=(*said, *words.paragraphs))


_ASSOCIATION = N_(
    "Official contacts rest: please write to the association that keeps up the partnership, not to the mayor’s office."
)


def _asking(words: Words, due: Due, to: _To) -> Words:
    """What is asked of the reader, and where to read why they are told."""
    language, asked, paragraphs, links = to.language, to.asked, words.paragraphs, words.links
    if asked.left:
        paragraphs = (gettext(language, N_("Nobody has taken this on yet.")), *paragraphs)
    if due.rule.task and any(_rests(twin, to.today) for twin in _named(due.matter, to.twins)):
        paragraphs = (*paragraphs, gettext(language, _ASSOCIATION))
    if asked.task_id is not None and asked.account:
        links = ((gettext(language, N_("I do it")), f"{to.base_url}/tasks/{asked.task_id}"), *links)
    explained: tuple[tuple[str, str], ...] = ()
    if asked.row_id is not None and asked.account:
        explained = ((gettext(language, N_("Why do I get this?")), f"{to.base_url}/reminders/{asked.row_id}"),)
    return dataclasses.replace(words, paragraphs=paragraphs, links=links, explained=explained)


def _standings(named: list[Twin], to: _To) -> tuple[str, ...]:
    told = (_standing(twin, to.language, to.today, name_it=len(named) > 1) for twin in named)
    return tuple(text for text in told if text)


def _rests(twin: Twin, today: dt.date) -> bool:
    """Whether the association is to be asked: officials rest, and nobody says that citizens keep in touch no more."""
    gone = twin.state(Level.CITIZENS, today).state is State.ENDED
    return twin.state(Level.OFFICIAL, today).state is State.RESTING and not gone


def _named(matter: Matter, twins: Mapping[str, Twin]) -> list[Twin]:
    slugs = matter.comes[0].occasion.twins if matter.about is About.OCCASION else matter.twins
    return [twins[slug] for slug in slugs if slug in twins]


def _names(named: list[Twin], language: str) -> str:
    return ", ".join(twin.name(language) for twin in named)


def _subject(come: Occurrence, language: str, heading: str, today: dt.date) -> str:
    if come.on is None:
        return gettext(language, N_("This month: {title}"), title=heading)
    return _counted(language, (come.on - today).days, heading)


def _counted(language: str, days: int, heading: str) -> str:
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
    return _day_and_count(come.on, language, (come.on - today).days)


def _day_and_count(on: dt.date, language: str, days: int) -> str:
    day = _weekday_and_date(on, language)
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


def _why(due: Due, language: str, asked: Asked) -> str:
    days = due.days_left
    if due.lead.escalates:
        text = gettext(language, N_("This is the reminder of what nobody has taken on."))
    elif due.matter.about is About.SILENT_TWIN or due.matter.when.exact_day is None:
        text = ""
    elif days > 0:
        text = ngettext(language, "This is the reminder {n} day before.", "This is the reminder {n} days before.", days)
    elif days < 0:
        text = ngettext(language, "This is the reminder {n} day after.", "This is the reminder {n} days after.", -days)
    else:
        text = gettext(language, N_("This is the reminder on the day itself."))
    if due.matter.about is About.OCCASION and due.matter.when.exact_day is None:
        text = gettext(language, N_("This is the reminder on the first of the month."))
    if asked.account:
        whom = gettext(language, N_("You get it because reminders by mail are switched on for you."))
    else:
        whom = gettext(language, N_("You get it because a rule of the tracker names this address."))
    return f"{text} {whom}".strip()


def _unsubscribe(language: str) -> str:
    return gettext(language, N_("No more reminders by mail"))


def _years(come: Occurrence, language: str) -> str:
    return ngettext(language, "{n} year", "{n} years", come.number or 0)


def _weekday_and_date(day: dt.date, language: str) -> str:
    return _capital(format_date(day, "full", locale=_LOCALES[language]))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
