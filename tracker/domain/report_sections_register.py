"""What a report says of agreements, and of gifts and honours (R16), with how each partnership stands (R1). Pure."""

from tracker.domain import words
from tracker.domain.figures import Paper
from tracker.domain.report_document import Paragraph, Part, Said, Sort, Table
from tracker.domain.report_speech import begins
from tracker.domain.report_standing import level_of
from tracker.domain.report_tables import Row, date, heads, label, nothing, text
from tracker.domain.report_telling import Telling
from tracker.domain.twin_wording import LEVELS
from tracker.domain.twins import Level, State
from tracker.i18n import N_, NP_

_PAPERS = {
    "signed": N_("signed"),
    "renewed": N_("renewed"),
    "ended": N_("ended in this period"),
    "ending": N_("ends in the coming twelve months"),
}
_NO_PAPERS = N_(
    "No agreement was signed, renewed or ended in this period, and none ends in the twelve months after it."
)
_NO_GIFTS = N_("No gift and no honour was recorded in this period.")
_UNKNOWN = NP_("Of {number} further twin city nothing is known.", "Of {number} further twin cities nothing is known.")
_STANDING_NOTE = N_("As it stood at the end of the period. An agreement stays in force while official contacts rest.")


def papers(told: Telling) -> tuple[Part, ...]:
    """Agreements of the period, then how the partnerships stand on all three levels."""
    return (*_papers(told), *_standing(told))


def given(told: Telling) -> tuple[Part, ...]:
    found = told.figures.given
    if not found:
        return (Paragraph(told.speech.say(_NO_GIFTS)),)
    columns = heads(
        told,
        (N_("When"), Sort.DATE),
        (N_("Kind"), Sort.TEXT),
        (N_("What"), Sort.TEXT),
        (N_("Twin cities"), Sort.TEXT),
        (N_("Given by"), Sort.TEXT),
        (N_("Given to"), Sort.TEXT),
    )
    rows = tuple(
        (
            date(told, one.on),
            label(told, told.speech.word(words.HONOURS | words.SUBTYPES, one.kind)),
            text(told.speech.text(one.title)),
            text(told.cities_of(one.twins, begins(one.on))),
            text(told.speech.same(one.by)) if one.by else nothing(told),
            text(told.speech.same(one.to)) if one.to else nothing(told),
        )
        for one in found
    )
    return (Table("given", told.speech.say(N_("Gifts and honours")), columns, rows),)


def _papers(told: Telling) -> tuple[Part, ...]:
    found = told.figures.papers
    if not found:
        return (Paragraph(told.speech.say(_NO_PAPERS)),)
    columns = heads(
        told,
        (N_("When"), Sort.DATE),
        (N_("What happened"), Sort.TEXT),
        (N_("Agreement"), Sort.TEXT),
        (N_("Twin cities"), Sort.TEXT),
        (N_("Ends"), Sort.DATE),
    )
    rows = tuple(
        (
            date(told, paper.on),
            label(told, told.speech.word(_PAPERS, paper.what)),
            text(_title(told, paper)),
            text(told.cities_of(paper.twins, begins(paper.on))),
            date(told, paper.ends),
        )
        for paper in found
    )
    return (Table("papers", told.speech.say(N_("Agreements")), columns, rows),)


def _title(told: Telling, paper: Paper) -> Said:
    """What the paper is called; the twinning itself where nobody has given it a name."""
    title = told.speech.text(paper.title)
    if any(title):
        return title
    day = begins(paper.on)
    places = told.speech.joined([*(told.city(slug, day) for slug in paper.twins), told.hub(day)], " – ")
    return told.speech.say(N_("Partnership {places}"), places=places)


def _standing(told: Telling) -> tuple[Part, ...]:
    """Of the cities the report is about; of all that anything is known of where it is about none in particular."""
    asked = [slug for slug in told.figures.scope.twins or sorted(told.cities) if slug in told.cities]
    known = [slug for slug in asked if told.figures.scope.twins or _is_known(told, slug)]
    if not known:
        return ()
    columns = heads(told, (N_("Twin city"), Sort.TEXT), *((LEVELS[level], Sort.TEXT) for level in Level))
    rows = tuple(_levels(told, slug) for slug in told.by_name(known))
    note = [told.speech.say(_STANDING_NOTE)]
    if left := len(asked) - len(known):
        note.append(told.speech.count(_UNKNOWN, left))
    title = told.speech.say(N_("How the partnerships stand"))
    return (Table("standing", title, columns, rows, note=told.speech.joined(note)),)


def _is_known(told: Telling, slug: str) -> bool:
    states = (told.cities[slug].state(level, told.period.last).state for level in Level)
    return any(state is not State.UNKNOWN for state in states)


def _levels(told: Telling, slug: str) -> Row:
    return (text(told.city(slug)), *(label(told, level_of(told, slug, level)) for level in Level))
