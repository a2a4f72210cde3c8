"""The people of a report: each label by itself, with how it was counted, and never one added to another (R9). Pure."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence

from tracker.domain import words
from tracker.domain.activities import Basis, Count, Side, Status
from tracker.domain.figures import Crowd, Flow, Line, PeopleLine, Tally
from tracker.domain.report_document import Cell, Column, Paragraph, Part, Said, Sort, Table
from tracker.domain.report_speech import is_rough
from tracker.domain.report_tables import (
    Bar,
    chart,
    heads,
    nothing,
    number,
    people,
    people_change,
    text,
)
from tracker.domain.report_tables import (
    label as cell_label,
)
from tracker.domain.report_telling import Telling
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, NP_

_MOST_FACTS = 5
_CROWDS = {
    Crowd.TRAVELLERS: N_("travellers and guests"),
    Crowd.YOUNG: N_("young people"),
    Crowd.AUDIENCE: N_("audience"),
    Crowd.ONLINE: N_("online"),
    Crowd.HELPERS: N_("helpers"),
    Crowd.OTHERS: N_("further people"),
}
_NEVER_ADDED = N_(
    "These numbers are never added up: one person may have been counted under several words."
    " “About” and “more than” stand where not everybody was counted."
)
_NO_PEOPLE = N_("No activity of this period says how many people took part.")
_WITHOUT = NP_(
    "{number} activity gives no number, so that more people may have taken part.",
    "{number} activities give no number, so that more people may have taken part.",
)
_OTHERS_NOTE = N_("Activities of other organisations; in no other number of this report.")
_NOT_TOLD = N_("not recorded")


def people_section(told: Telling) -> tuple[Part, ...]:
    """Who came, then who had been announced, then the people of other organisations' activities."""
    lines = told.figures.people.lines
    came = [line for line in lines if line.own and line.basis is Basis.ACTUAL]
    announced = [line for line in lines if line.own and line.basis is not Basis.ACTUAL]
    others = [line for line in lines if not line.own]
    parts: list[Part] = [Paragraph(told.speech.say(_NO_PEOPLE))] if not lines else []
    never = told.speech.say(_NEVER_ADDED)
    parts += _table(told, "people", told.speech.say(N_("Who took part")), came, never)
    parts += _journeys(told, came)
    parts += _table(told, "announced", told.speech.say(N_("Planned and registered")), announced, never)
    note = told.speech.say(_OTHERS_NOTE)
    parts += _table(told, "people_others", told.speech.say(N_("With other organisations")), others, note)
    if without := told.figures.people.without_numbers.now:
        parts.append(Paragraph(told.speech.count(_WITHOUT, without)))
    return tuple(parts)


def countries(told: Telling) -> tuple[Part, ...]:
    """Who came from which country, as far as the counts say whose side they are of."""
    found = _by_country(told)
    if not found:
        return (Paragraph(told.speech.say(_NO_PEOPLE)),)
    columns = heads(
        told,
        (N_("Country"), Sort.TEXT),
        (N_("Who"), Sort.TEXT),
        (N_("Number"), Sort.COUNT),
        (N_("Activities"), Sort.COUNT),
    )
    rows = [
        (text(country), cell_label(told, _who(told, of)), people(told, tally), number(told, tally.activities))
        for (country, of), tally in found.items()
    ]
    title = told.speech.say(N_("Participants by country"))
    return (Table("countries", title, columns, tuple(rows), note=told.speech.say(_NEVER_ADDED)),)


def facts_worth(lines: Sequence[PeopleLine]) -> list[PeopleLine]:
    """The lines that stand large: people who came to our own activities, the most numerous of each crowd."""
    came = [line for line in lines if line.own and line.basis is Basis.ACTUAL and line.now.total]
    best: dict[tuple[Crowd, Flow], PeopleLine] = {}
    for line in came:
        known = best.setdefault((line.crowd, line.flow), line)
        if line.now.total > known.now.total:
            best[line.crowd, line.flow] = line
    return sorted(best.values(), key=lambda line: list(Crowd).index(line.crowd))[:_MOST_FACTS]


def fact_of(told: Telling, line: PeopleLine) -> tuple[Cell, Said]:
    return people(told, line.now, line.key), told.speech.heading(label(told, line))


def label(told: Telling, line: PeopleLine) -> Said:
    """Whom a line counts: "pupils (from Volgograd)", "audience"; with the side where no journey tells it."""
    return _with_way(told, line, _who(told, line.of))


def counted(told: Telling, line: PeopleLine) -> Said:
    """The same with its number: "about 21 pupils (from Volgograd)"."""
    total, bound, roughly = line.now.total, line.now.bound, is_rough(line.now)
    said = told.speech.each(lambda tag: words.counted(line.of, total, bound, tag, roughly=roughly))
    return _with_way(told, line, said)


def _with_way(told: Telling, line: PeopleLine, who: Said) -> Said:
    journey = line.flow in (Flow.OUT, Flow.IN, Flow.MUTUAL)
    mark = told.way(line.flow) if journey else _side(told, line.side) if line.side else None
    return told.speech.say(N_("{who} ({marks})"), who=who, marks=mark) if mark else who


def _table(told: Telling, name: str, title: Said, lines: Sequence[PeopleLine], note: Said) -> list[Part]:
    if not lines:
        return []
    before = any(line.before is not None for line in lines)
    marks = [mark for mark in _MARKS if any(mark.tells(line) for line in lines)]
    columns = (
        *heads(told, *((mark.heading, Sort.TEXT) for mark in marks)),
        Column(told.this, Sort.COUNT),
        *((Column(told.before, Sort.COUNT), *heads(told, (N_("Difference"), Sort.COUNT))) if before else ()),
        *heads(told, (N_("Activities"), Sort.COUNT)),
    )
    rows = tuple((*(_marked(told, mark, line) for mark in marks), *_numbers(told, line, before)) for line in lines)
    return [Table(name, title, columns, rows, note=note)]


@dataclasses.dataclass(frozen=True)
class _Mark:
    """A column that says whom a line counts; it is left out where it `tells` nothing of any line."""

    heading: str
    said: Callable[[Telling, PeopleLine], Said]
    tells: Callable[[PeopleLine], bool] = lambda _: True


def _marked(told: Telling, mark: _Mark, line: PeopleLine) -> Cell:
    return cell_label(told, mark.said(told, line)) if mark.tells(line) else nothing(told)


_MARKS = (
    _Mark(N_("Group"), lambda told, line: _group(told, line)),
    _Mark(N_("Counted as"), lambda told, line: _who(told, line.of)),
    _Mark(N_("Side"), lambda told, line: _side(told, line.side), lambda line: line.side is not None),
    _Mark(N_("Journey"), lambda told, line: told.way(line.flow), lambda line: line.flow is not Flow.NONE),
    _Mark(
        N_("Planned, wanted or registered"),
        lambda told, line: told.speech.word(words.BASES, line.basis),
        lambda line: line.basis is not Basis.ACTUAL,
    ),
)


def _numbers(told: Telling, line: PeopleLine, before: bool) -> Iterable[Cell]:
    yield people(told, line.now, line.key)
    if before:
        yield people(told, line.before)
        yield people_change(told, line.now, line.before)
    yield number(told, line.now.activities)


def _journeys(told: Telling, came: Sequence[PeopleLine]) -> list[Part]:
    """Travellers out and guests in, side by side."""
    lines = [line for line in came if line.flow in (Flow.OUT, Flow.IN)]
    if not lines:
        return []
    bars = [_bar(told, line) for line in lines]
    return [chart(told, "journeys_chart", told.speech.say(N_("Travellers and guests")), bars)]


def _bar(told: Telling, line: PeopleLine) -> Bar:
    before = line.before.total if line.before else None
    words_now, words_before = told.speech.tally(line.now), told.speech.tally(line.before or Tally())
    return Bar(label(told, line), line.now.total, before, words_now, words_before)


def _by_country(told: Telling) -> dict[tuple[Said, str], Tally]:
    found: dict[tuple[Said, str], Tally] = {}
    for line in told.figures.lines:
        if line.own and line.status is Status.HELD and not line.carried:
            for count in line.counts:
                if count.basis is Basis.ACTUAL:
                    key = _country_of(told, line, count), count.of
                    found[key] = _added(found.get(key, Tally()), count)
    return dict(sorted(found.items()))


def _country_of(told: Telling, line: Line, count: Count) -> Said:
    """The country whose people were counted, as far as the count says whose they are."""
    if count.side is Side.HUB:
        return told.speech.country(HUB.country)
    of_twins = {_country(told, told.cities[slug]) for slug in line.twins if slug in told.cities}
    return of_twins.pop() if count.side is Side.TWIN and len(of_twins) == 1 else told.speech.say(_NOT_TOLD)


def _added(tally: Tally, count: Count) -> Tally:
    field = count.bound.value
    return tally.model_copy(update={field: getattr(tally, field) + count.value, "activities": tally.activities + 1})


def _country(told: Telling, twin: Twin) -> Said:
    """The label that is shown for it, else what its code is called (R14)."""
    return told.speech.text(twin.country_label) if twin.country_label else told.speech.country(twin.country)


def _who(told: Telling, of: str) -> Said:
    return told.speech.word(words.LABELS, of)


def _group(told: Telling, line: PeopleLine) -> Said:
    travelling = {Flow.OUT: N_("travellers"), Flow.IN: N_("guests")} if line.crowd is Crowd.TRAVELLERS else {}
    return told.speech.say(travelling.get(line.flow, _CROWDS[line.crowd]))


def _side(told: Telling, side: Side | None) -> Said:
    if side is None:
        return told.speech.say(_NOT_TOLD)
    return told.speech.each(lambda tag: words.side(side, told.period.first, tag))
