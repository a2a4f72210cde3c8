"""The building bricks of a report's tables: cells of every sort, and this year beside last with the difference."""

import dataclasses
from collections.abc import Iterable, Sequence
from decimal import Decimal

from tracker.domain.dates import InvalidDate
from tracker.domain.figures import Number, Tally
from tracker.domain.report_document import Cell, Chart, Column, Said, Series, Sort, Table
from tracker.domain.report_speech import NOTHING, day_of
from tracker.domain.report_telling import Telling
from tracker.i18n import N_

BEFORE = "before"
"""The key of the series of the year compared with."""
_DIFFERENCE = N_("Difference")
_TOTAL = N_("Total")

Row = tuple[Cell, ...]


def text(said: Said) -> Cell:
    return Cell(said)


def label(told: Telling, said: Said) -> Cell:
    """A word of ours at the head of a line."""
    return Cell(told.speech.heading(said))


def nothing(told: Telling) -> Cell:
    return Cell(told.speech.same(NOTHING))


def number(told: Telling, value: int | None, key: str = "") -> Cell:
    return nothing(told) if value is None else Cell(told.speech.number(value), value, key)


def change(told: Telling, now: int, before: int | None) -> Cell:
    return nothing(told) if before is None else Cell(told.speech.change(now - before), now - before)


def money(told: Telling, amount: Decimal | None, currency: str, key: str = "") -> Cell:
    return nothing(told) if amount is None else Cell(told.speech.money(amount, currency), amount, key)


def money_change(told: Telling, now: Decimal, before: Decimal | None, currency: str) -> Cell:
    return nothing(told) if before is None else Cell(told.speech.money_change(now - before, currency), now - before)


def weight(told: Telling, kilograms: Decimal | None) -> Cell:
    return nothing(told) if kilograms is None else Cell(told.speech.weight(kilograms), kilograms)


def people(told: Telling, tally: Tally | None, key: str = "") -> Cell:
    return nothing(told) if tally is None else Cell(told.speech.tally(tally), tally.total, key)


def people_change(told: Telling, now: Tally, before: Tally | None) -> Cell:
    """A difference only where both sides are counted exactly: "more than 40" less 30 is no number."""
    exact = before is not None and now.total == now.exact and before.total == before.exact
    return change(told, now.total, before.total) if exact and before else nothing(told)


def date(told: Telling, edtf: str | None, end: str | None = None) -> Cell:
    """A date in words; its value only where it is one known day."""
    if not edtf:
        return nothing(told)
    try:
        return Cell(told.speech.span(edtf, end), None if end else day_of(edtf))
    except InvalidDate:
        return Cell(told.speech.same(edtf))


def heads(told: Telling, *columns: tuple[str, Sort]) -> tuple[Column, ...]:
    return tuple(Column(told.speech.say(heading), sort) for heading, sort in columns)


def compared_columns(told: Telling, *, before: bool, total: bool, sort: Sort = Sort.COUNT) -> tuple[Column, ...]:
    now = Column(told.this, sort, total)
    difference = Column(told.speech.say(_DIFFERENCE), sort, total)
    return (now, Column(told.before, sort, total), difference) if before else (now,)


def compared_cells(told: Telling, found: Number, *, before: bool) -> Row:
    now = number(told, found.now, found.key)
    return (now, number(told, found.before), change(told, found.now, found.before)) if before else (now,)


def compared(
    told: Telling,
    name: str,
    title: Said,
    heading: Said,
    lines: Sequence[tuple[Said, Number]],
    *,
    adds_up: bool = True,
    note: Said | None = None,
) -> Table:
    """A table of numbers of activities, this year beside last; with a last line where they may be added up."""
    before = any(found.before is not None for _, found in lines)
    rows = tuple((label(told, said), *compared_cells(told, found, before=before)) for said, found in lines)
    total = None
    if adds_up and len(lines) > 1:
        total = (text(told.speech.say(_TOTAL)), *compared_cells(told, _sum([n for _, n in lines]), before=before))
    columns = (Column(heading), *compared_columns(told, before=before, total=adds_up))
    return Table(name, title, columns, rows, total, note)


def total_label(told: Telling) -> Cell:
    return text(told.speech.say(_TOTAL))


@dataclasses.dataclass(frozen=True)
class Bar:
    """One category of a chart: its length now and before, and both in words, where a bound belongs to them."""

    label: Said
    now: int
    before: int | None
    words: Said
    words_before: Said


def bars_of(told: Telling, lines: Iterable[tuple[Said, Number]]) -> list[Bar]:
    number_of = told.speech.number
    return [Bar(said, n.now, n.before, number_of(n.now), number_of(n.before or 0)) for said, n in lines]


def chart(told: Telling, name: str, title: Said, bars: Sequence[Bar]) -> Chart:
    """Bars of this year and, where there is one, the year compared with."""
    series = [Series("now", told.this, tuple(bar.now for bar in bars))]
    if any(bar.before is not None for bar in bars):
        series.append(Series(BEFORE, told.before, tuple(bar.before or 0 for bar in bars)))
    categories = tuple(told.speech.heading(bar.label) for bar in bars)
    named = told.speech.say(N_("{title}, {period}"), title=title, period=told.this)
    return Chart(name, named, categories, tuple(series), _in_words(told, named, bars))


def chart_of_two(told: Telling, name: str, title: Said, labels: Sequence[Said], series: tuple[Series, Series]) -> Chart:
    """Bars of two things beside one another, such as visits out and in."""
    speech = told.speech
    parts = [
        speech.joined(
            [
                speech.say(N_("{label}: {now}"), label=label, now=_worded(told, series[0], place)),
                _worded(told, series[1], place),
            ],
            ", ",
        )
        for place, label in enumerate(labels)
    ]
    words = speech.say(N_("{title}. {values}."), title=title, values=speech.joined(parts, "; "))
    return Chart(name, title, tuple(labels), series, words)


def _worded(told: Telling, series: Series, place: int) -> Said:
    return told.speech.joined([series.label, told.speech.number(series.values[place])])


def _in_words(told: Telling, title: Said, bars: Sequence[Bar]) -> Said:
    """What the bars show, as sentences that can be read aloud."""
    speech = told.speech
    parts = []
    for bar in bars:
        message = N_("{label}: {now}") if bar.before is None else N_("{label}: {now} (before: {before})")
        parts.append(speech.say(message, label=bar.label, now=bar.words, before=bar.words_before))
    return speech.say(N_("{title}. {values}."), title=title, values=speech.joined(parts, "; "))


def _sum(numbers: Sequence[Number]) -> Number:
    before = [n.before for n in numbers if n.before is not None]
    return Number(key="", now=sum(n.now for n in numbers), before=sum(before) if before else None)
