"""A report in words out of its figures: which section comes where, under which heading, with whose text and pictures.

Everything is told in each of the report's languages at once. Same values in, same document out. Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from tracker.domain.figures import Figures
from tracker.domain.report_document import Document, Imprint, Part, Picture, Prose, Said, Section
from tracker.domain.report_readers import Reader, SectionName
from tracker.domain.report_sections_activities import activities, highlights
from tracker.domain.report_sections_aid import aid
from tracker.domain.report_sections_lists import by_category, by_purpose, by_twin, chronicle, programme
from tracker.domain.report_sections_money import money_section
from tracker.domain.report_sections_outlook import outlook, signed_list
from tracker.domain.report_sections_partners import partners, reciprocity, silent
from tracker.domain.report_sections_people import countries, people_section
from tracker.domain.report_sections_register import given, papers
from tracker.domain.report_speech import Speech
from tracker.domain.report_summary import facts
from tracker.domain.report_telling import Telling
from tracker.domain.twins import Twin
from tracker.i18n import N_

FOREWORD = "foreword"
"""The section that holds what staff wrote about the report as a whole."""

SECTIONS: dict[SectionName, tuple[str, Callable[[Telling], tuple[Part, ...]]]] = {
    SectionName.HIGHLIGHTS: (N_("The period at a glance"), highlights),
    SectionName.ACTIVITIES: (N_("Activities in figures"), activities),
    SectionName.CHRONICLE: (N_("Chronicle"), chronicle),
    SectionName.BY_TWIN: (N_("City by city"), by_twin),
    SectionName.BY_PURPOSE: (N_("Activities by purpose"), by_purpose),
    SectionName.BY_CATEGORY: (N_("Activities by category"), by_category),
    SectionName.PROGRAMME: (N_("Programme"), programme),
    SectionName.PEOPLE: (N_("People who took part"), people_section),
    SectionName.COUNTRIES: (N_("Participants by country"), countries),
    SectionName.MONEY: (N_("Funds and costs"), money_section),
    SectionName.AID: (N_("Humanitarian aid"), aid),
    SectionName.PAPERS: (N_("Agreements and contacts"), papers),
    SectionName.GIVEN: (N_("Gifts and honours"), given),
    SectionName.PARTNERS: (N_("Organisations that took part"), partners),
    SectionName.RECIPROCITY: (N_("Visits both ways"), reciprocity),
    SectionName.SILENT: (N_("Twin cities without activity"), silent),
    SectionName.OUTLOOK: (N_("Outlook"), outlook),
    SectionName.SIGNED_LIST: (N_("List to sign"), signed_list),
}
"""Each section's heading and the function that composes it."""

Texts = Mapping[tuple[str, str], str]
"""What staff wrote, by section ("" for the whole report) and language, in Markdown."""
Pictures = Mapping[str, Sequence[Picture]]
"""Pictures by section; the first of "" is that of the cover."""

_TITLE = N_("Activity report for {year}")
_TITLE_OF_SPAN = N_("Activity report {period}")
_ALL_CITIES = N_("{hub} and its twin cities")


def compose(
    figures: Figures,
    reader: Reader,
    texts: Texts,
    cities: Mapping[str, Twin],
    imprint: Imprint,
    languages: tuple[str, ...],
    pictures: Pictures | None = None,
) -> Document:
    """The whole report for one reader, in one language or several beside one another."""
    told = Telling(figures, reader, cities, Speech(languages), imprint.made_on)
    shown = pictures or {}
    cover = next(iter(shown.get("", ())), None)
    return Document(
        languages=languages,
        title=_title(told),
        subtitle=_subtitle(told, imprint),
        imprint=imprint,
        sections=tuple(_sections(told, texts, shown)),
        cover=cover,
    )


def heading_of(name: SectionName, speech: Speech) -> Said:
    """A section's heading, for the pages that switch sections on and off too."""
    return speech.say(SECTIONS[name][0])


def _sections(told: Telling, texts: Texts, pictures: Pictures) -> Iterable[Section]:
    """The foreword, then what the reader's profile has switched on, the first of them with the large numbers."""
    front = (*_prose(told, texts, ""), *pictures.get("", ())[1:])
    if front:
        yield Section(FOREWORD, told.speech.say(N_("Foreword")), front)
    large: tuple[Part, ...] = (facts(told),)
    for name in (choice.name for choice in told.reader.sections if choice.on):
        parts = (*large, *_prose(told, texts, name), *SECTIONS[name][1](told), *pictures.get(name, ()))
        yield Section(name.value, heading_of(name, told.speech), parts)
        large = ()


def _prose(told: Telling, texts: Texts, section: str) -> Iterable[Part]:
    written = told.speech.each(lambda tag: texts.get((section, tag), "").strip())
    if any(written):
        yield Prose(written)


def _title(told: Telling) -> Said:
    if (year := told.period.year) is not None:
        return told.speech.say(_TITLE, year=str(year))
    return told.speech.say(_TITLE_OF_SPAN, period=told.this)


def _subtitle(told: Telling, imprint: Imprint) -> Said:
    twins = told.figures.scope.twins
    places = (
        told.speech.joined([*(told.city(slug) for slug in twins), told.hub()], " – ")
        if twins
        else told.speech.say(_ALL_CITIES, hub=told.hub())
    )
    return told.speech.joined([places, imprint.organisation, told.speech.each(told.reader.name)], " · ")
