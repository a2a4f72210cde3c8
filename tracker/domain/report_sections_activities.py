"""The report's first numbers: what took place, how it compares with the year before, and how it divides. Pure."""

import datetime as dt
from collections.abc import Iterable, Sequence

from tracker.domain import words
from tracker.domain.activities import Status
from tracker.domain.figures import ByTwin, Number
from tracker.domain.periods import Period
from tracker.domain.report_document import Paragraph, Part, Said, Sort, Table
from tracker.domain.report_readers import SectionName
from tracker.domain.report_speech import begins
from tracker.domain.report_summary import summary
from tracker.domain.report_tables import bars_of, chart, compared, date, heads, label, nothing, text
from tracker.domain.report_telling import Telling
from tracker.domain.search import fold
from tracker.i18n import N_

_UNCONFIRMED = N_("{status}; not recorded whether it took place")
_HELD_ALONE = N_("Counted is what our own organisation has held; only the table by status counts the rest as well.")
_APART = N_("What other organisations did is in no other number of this report.")
_SEVERAL_CITIES = N_("An activity with several cities counts with each of them, so these lines do not add up.")
_NO_MONTH = N_("month not known")
_NO_MONTH_NOTE = N_("What is known to the season or the year only stands in no month.")
_MOST_MONTHS = 24
_NOTHING = N_("Nothing has been logged for this period yet.")


def highlights(told: Telling) -> tuple[Part, ...]:
    """What the period amounts to, in sentences; the large numbers stand above them."""
    return (Paragraph(summary(told)),)


def activities(told: Telling) -> tuple[Part, ...]:
    """By status, kind, sort, city, direction and month, each with the year before; and what was called off, and why."""
    figures = told.figures.activities
    if not any((figures.held.now, figures.held.before, figures.others.now, *_each(told))):
        return (Paragraph(told.speech.say(_NOTHING)),)
    tables = (_lead, _status, _called_off, _kinds, _subtypes, _twins, _directions, _months, _others)
    return tuple(part for made in tables for part in made(told))


def _each(told: Telling) -> Iterable[int]:
    return (line.number.now for line in told.figures.activities.by_status)


def _lead(told: Telling) -> Iterable[Part]:
    """The sentences of the summary, unless they stand in the section of highlights."""
    shown = {choice.name for choice in told.reader.sections if choice.on}
    said = told.speech.say(_HELD_ALONE)
    yield Paragraph(said if SectionName.HIGHLIGHTS in shown else told.speech.joined([summary(told), said]))


def _status(told: Telling) -> Iterable[Part]:
    lines = [(_status_words(told, line.status), line.number) for line in told.figures.activities.by_status]
    if lines:
        yield compared(told, "status", told.speech.say(N_("By status")), told.speech.say(N_("Status")), lines)


def _status_words(told: Telling, status: Status) -> Said:
    said = told.speech.word(words.STATUSES, status)
    open_one = status in (Status.PLANNED, Status.CONFIRMED)
    return told.speech.say(_UNCONFIRMED, status=said) if open_one and told.over else said


def _called_off(told: Telling) -> Iterable[Part]:
    """What was cancelled or postponed, each with its reason (R8)."""
    off = (Status.CANCELLED, Status.POSTPONED)
    rows = tuple(
        (
            date(told, line.start, line.end),
            text(told.speech.text(line.title)),
            text(told.cities_of(line.twins, begins(line.start))),
            label(told, told.speech.word(words.STATUSES, line.status)),
            text(told.speech.same(line.reason)) if line.reason else nothing(told),
        )
        for line in told.figures.lines
        if line.own and line.status in off and not line.carried
    )
    if rows:
        columns = heads(
            told,
            (N_("When"), Sort.DATE),
            (N_("What"), Sort.TEXT),
            (N_("Twin cities"), Sort.TEXT),
            (N_("Status"), Sort.TEXT),
            (N_("Reason"), Sort.TEXT),
        )
        yield Table("called_off", told.speech.say(N_("Cancelled and postponed")), columns, rows)


def _kinds(told: Telling) -> Iterable[Part]:
    lines = [(told.speech.word(words.KINDS, line.kind), line.number) for line in told.figures.activities.by_kind]
    if lines:
        title = told.speech.say(N_("By kind"))
        yield compared(told, "kinds", title, told.speech.say(N_("Kind")), lines)
        yield chart(told, "kinds_chart", title, bars_of(told, lines))


def _subtypes(told: Telling) -> Iterable[Part]:
    speech = told.speech
    lines = [
        (
            speech.joined([speech.word(words.KINDS, line.kind), speech.word(words.SUBTYPES, line.subtype)], ": "),
            line.number,
        )
        for line in told.figures.activities.by_subtype
    ]
    if lines:
        yield compared(told, "sorts", speech.say(N_("By sort")), speech.say(N_("Kind and sort")), lines)


def _twins(told: Telling) -> Iterable[Part]:
    def place(line: ByTwin) -> tuple[int, int, str]:
        return -line.number.now, -(line.number.before or 0), fold(told.city(line.twin)[0])

    lines = [(told.city(line.twin), line.number) for line in sorted(told.figures.activities.by_twin, key=place)]
    if lines and not told.of_one_city:
        title, heading = told.speech.say(N_("By twin city")), told.speech.say(N_("Twin city"))
        note = told.speech.say(_SEVERAL_CITIES)
        yield compared(told, "cities", title, heading, lines, adds_up=False, note=note)
        yield from _chart_of_several(told, "cities_chart", title, lines)


def _directions(told: Telling) -> Iterable[Part]:
    lines = [(_direction(told, line.direction), line.number) for line in told.figures.activities.by_direction]
    if lines:
        title, heading = told.speech.say(N_("By direction")), told.speech.say(N_("Who travels"))
        yield compared(told, "directions", title, heading, lines)


def _direction(told: Telling, direction: str) -> Said:
    return told.speech.each(lambda tag: words.direction(direction, told.period.first, tag))


def _months(told: Telling) -> Iterable[Part]:
    """Each month of the period beside the same one a year earlier; what has none stands last and in no bar."""
    speech, title = told.speech, told.speech.say(N_("By month"))
    months = _by_month(told)
    alone = told.period.year is not None and all(month.startswith(f"{told.period.year:04}-") for month, _ in months)
    lines = [(speech.month(month) if alone else speech.date(month), number) for month, number in months]
    vague = [(speech.say(_NO_MONTH), line.number) for line in told.figures.activities.by_month if line.month is None]
    if lines or vague:
        note = speech.say(_NO_MONTH_NOTE) if vague else None
        yield compared(told, "months", title, speech.say(N_("Month")), [*lines, *vague], note=note)
    yield from _chart_of_several(told, "months_chart", title, lines)


def _by_month(told: Telling) -> list[tuple[str, Number]]:
    """All months of the period where any of them has something: a gap is to be seen as one.

    A month that lies before the period, with nothing but what it had then, stands beside the one it is compared with.
    """
    found: dict[str, Number] = {}
    months = set(_months_of(told.period))
    lines = [(line.month, line.number) for line in told.figures.activities.by_month if line.month is not None]
    for month, number in lines:
        earlier = bool(months) and month not in months and number.before and not number.now
        place = _year_later(month) if earlier else month
        found[place] = _added(found[place], number) if place in found else number
    empty = Number(key="", before=0 if any(number.before is not None for _, number in lines) else None)
    return [(month, found.get(month, empty)) for month in sorted({*found, *(months if found else ())})]


def _year_later(month: str) -> str:
    return f"{min(int(month[:4]) + 1, dt.date.max.year):04}{month[4:]}"


def _added(number: Number, more: Number) -> Number:
    """Two parts of one month; the key is that of the part that has something now."""
    before = [n.before for n in (number, more) if n.before is not None]
    key = (number if number.now else more).key
    return Number(key=key, now=number.now + more.now, before=sum(before) if before else None)


def _months_of(period: Period) -> Iterable[str]:
    """As EDTF; none of a span so long that nobody looks at its months."""
    first, last = period.first, period.last
    many = 12 * (last.year - first.year) + last.month - first.month + 1
    for place in range(first.month - 1, first.month - 1 + many) if many <= _MOST_MONTHS else ():
        yield f"{first.year + place // 12:04}-{place % 12 + 1:02}"


def _others(told: Telling) -> Iterable[Part]:
    """Our own and others', beside one another and never as one sum (R6)."""
    figures = told.figures.activities
    if figures.others.now or figures.others.before:
        lines = [
            (told.speech.say(N_("our own organisation")), figures.held),
            (told.speech.say(N_("other organisations")), figures.others),
        ]
        title, heading = told.speech.say(N_("Our own and others’")), told.speech.say(N_("Organisation"))
        yield compared(told, "owners", title, heading, lines, adds_up=False, note=told.speech.say(_APART))


def _chart_of_several(told: Telling, name: str, title: Said, lines: Sequence[tuple[Said, Number]]) -> Iterable[Part]:
    """A single bar tells nothing."""
    if len(lines) > 1:
        yield chart(told, name, title, bars_of(told, lines))
