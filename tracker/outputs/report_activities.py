"""All activities of a report as the last sheet of its workbook: one a line, each fact in a column of its own.

What a column holds is words, but for the first and last day where they are known, so that a reader can sort, filter and
count for themselves. Whoever answers for an activity, notes and sources are not here, as nowhere in a report.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from tracker.domain import words
from tracker.domain.activities import RUNNING, Count, Money, Status
from tracker.domain.figures import Line
from tracker.domain.report_document import Column, Sort, one_line
from tracker.domain.report_speech import Speech, begins, day_of
from tracker.domain.twins import Twin
from tracker.i18n import N_
from tracker.outputs.report_xlsx import Bare, Sheet

_NAME: Final = N_("All activities")
_HEADINGS: Final = (
    (N_("When"), Sort.TEXT),
    (N_("First day"), Sort.DATE),
    (N_("Last day"), Sort.DATE),
    (N_("Title"), Sort.TEXT),
    (N_("Kind"), Sort.TEXT),
    (N_("Sort"), Sort.TEXT),
    (N_("Status"), Sort.TEXT),
    (N_("Reason"), Sort.TEXT),
    (N_("Twin cities"), Sort.TEXT),
    (N_("Who travels"), Sort.TEXT),
    (N_("Place"), Sort.TEXT),
    (N_("Led by"), Sort.TEXT),
    (N_("Organisers"), Sort.TEXT),
    (N_("People"), Sort.TEXT),
    (N_("Money"), Sort.TEXT),
    (N_("Counts for"), Sort.TEXT),
    (N_("Whose activity it is"), Sort.TEXT),
    (N_("Counted in the figures"), Sort.TEXT),
    (N_("Number"), Sort.TEXT),
)
_YES, _NO = N_("yes"), N_("no")
_OURS: Final = N_("ours")


def activity_sheet(lines: Iterable[Line], cities: Mapping[str, Twin], languages: tuple[str, ...]) -> Sheet:
    """The sheet; its lines are worded as they are asked for."""
    speech = Speech(languages)
    columns = tuple(Column(speech.say(heading), sort) for heading, sort in _HEADINGS)
    rows = (_row(line, cities, speech) for line in lines)
    return Sheet(one_line(speech.say(_NAME)), columns, rows)


def _row(line: Line, cities: Mapping[str, Twin], speech: Speech) -> Sequence[Bare]:
    day = begins(line.start)
    towns = [speech.each(partial(_town, cities, slug, day)) for slug in line.twins]
    return (
        one_line(speech.span(line.start, line.end)),
        day_of(line.start),
        None if line.end == RUNNING else day_of(line.end or line.start),
        one_line(speech.text(line.title)),
        one_line(speech.word(words.KINDS, line.kind)),
        one_line(speech.word(words.SUBTYPES, line.subtype)),
        one_line(speech.word(words.STATUSES, line.status)),
        line.reason,
        one_line(speech.joined(towns, ", ")),
        one_line(speech.each(lambda tag: words.direction(line.direction, day, tag))),
        line.place,
        "; ".join(", ".join(filter(None, (leader.name, leader.office))) for leader in line.leaders),
        "; ".join(organiser.name for organiser in line.organisers),
        "; ".join(_counted(speech, count) for count in line.counts),
        "; ".join(_summed(speech, money) for money in line.money),
        "; ".join(line.counts_for),
        one_line(speech.say(_OURS)) if line.own else line.owner,
        one_line(speech.say(_NO if line.carried or line.status is not Status.HELD else _YES)),
        str(line.id),
    )


def _town(cities: Mapping[str, Twin], slug: str, day: dt.date | None, language: str) -> str:
    return cities[slug].name_at(day, language) if slug in cities else slug


def _counted(speech: Speech, count: Count) -> str:
    said = one_line(speech.each(lambda tag: words.counted(count.of, count.value, count.bound, tag)))
    return f"{said} ({one_line(speech.word(words.BASES, count.basis))})"


def _summed(speech: Speech, money: Money) -> str:
    said = one_line(speech.money(money.amount, money.currency))
    return f"{one_line(speech.word(words.PURPOSES, money.role))}: {said}"
