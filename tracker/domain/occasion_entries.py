"""How an occasion that comes round becomes an entry: "38th anniversary of the twinning Cologne – Volgograd".

Each time it comes round is an entry of its own with its number in the title, never a rule from 1944 on, which several
calendar programs cannot read. How the partnership stands that day (R1) is said with it. Pure.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from tracker.domain.activities import Visibility
from tracker.domain.calendars import KIND_STYLES, OCCASION, Entry
from tracker.domain.choices import Shown
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.entries import DAY_UNKNOWN, Numbering
from tracker.domain.occasion_wording import ordinal_title, status_note
from tracker.domain.occasions import OccasionKind, Occurrence
from tracker.domain.twins import HUB, Level, State, Twin, TwinState
from tracker.i18n import gettext

YEARS_BACK, YEARS_AHEAD = 1, 3
"""The years before and after this one whose occasions stand in calendars."""

_FOUNDINGS = frozenset({OccasionKind.TWINNING, OccasionKind.AGREEMENT})
_TOLD_OF_AGREEMENT = {State.ENDED: "ended"}
_TOLD_OF_CONTACTS = {State.RESTING: "resting", State.ENDED: "resting"}


def window(today: date) -> tuple[date, date]:
    """The first and last day of the years whose occasions stand in calendars."""
    return date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)


def uid_of(occurrence: Occurrence) -> str:
    return f"{occurrence.occasion.key}:{occurrence.year}@tracker"


def shown(occurrence: Occurrence) -> Shown | None:
    """Where the entry stands: on its day, or on the first of its month; nowhere if only the year is known."""
    if occurrence.precision not in (Precision.DAY, Precision.MONTH) or occurrence.when.earliest is None:
        return None
    first = occurrence.when.earliest
    kind = occurrence.occasion.kind.value
    return Shown(OCCASION, occurrence.occasion.twins, Visibility.PUBLIC, first, first, occasion=kind)


def occurrence_entry(
    occurrence: Occurrence, twins: Mapping[str, Twin], language: str, numbering: Numbering
) -> Entry | None:
    """The entry of an occasion that comes round, in one language; None where it falls on no day or month."""
    place = shown(occurrence)
    if place is None:
        return None
    concerned = [twins[slug] for slug in occurrence.occasion.twins if slug in twins]
    return Entry(
        uid=numbering.uid,
        sequence=numbering.sequence,
        stamp=numbering.stamp,
        created=numbering.created,
        language=language,
        summary=_summary(occurrence, concerned, place.first, language),
        description="\n".join(_description(occurrence, concerned, place.first, language)),
        start=place.first,
        end=place.last,
        categories=(gettext(language, KIND_STYLES[OCCASION].label), *(twin.name(language) for twin in concerned)),
        color=KIND_STYLES[OCCASION].colour.name,
        transparent=True,
    )


def _summary(occurrence: Occurrence, concerned: list[Twin], day: date, language: str) -> str:
    names = {twin.slug: twin.name(language) for twin in concerned}
    link = concerned[0].link if concerned else ""
    text = ordinal_title(occurrence, language, names=names, hub=HUB.name(language), link_type=link)
    if occurrence.precision is Precision.MONTH:
        text = gettext(language, DAY_UNKNOWN, title=text)
    # A greeting for a partnership that rests is a different greeting, so it is said where nobody can miss it.
    if occurrence.occasion.kind in _FOUNDINGS and len(concerned) == 1 and (note := _note(concerned[0], day, language)):
        return f"{text} ({note})"
    return text


def _description(occurrence: Occurrence, concerned: list[Twin], day: date, language: str) -> Iterable[str]:
    if occurrence.occasion.date is not None:
        yield occurrence.occasion.date.display(language)
    for twin in concerned:
        if note := _note(twin, day, language):
            yield f"{twin.name(language)}: {note}"


def _note(twin: Twin, day: date, language: str) -> str:
    agreement, official = twin.state(Level.AGREEMENT, day), twin.state(Level.OFFICIAL, day)
    return status_note(
        language,
        agreement=_TOLD_OF_AGREEMENT.get(agreement.state, ""),
        official=_TOLD_OF_CONTACTS.get(official.state, ""),
        agreement_since=_since(agreement),
        official_since=_since(official),
    )


def _since(state: TwinState) -> HistoricDate | None:
    return HistoricDate.parse(state.since) if state.since else None
