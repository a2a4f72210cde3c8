"""One activity as an item of a report's lists: when, what, and the facts below it, with others' marked as such."""

from collections.abc import Iterable

from tracker.domain import words
from tracker.domain.activities import Basis, Count, Direction, Leader, Money, Status
from tracker.domain.details import ProgrammeItem, wall_time
from tracker.domain.figures import Line
from tracker.domain.report_document import Item, Said
from tracker.domain.report_speech import begins
from tracker.domain.report_telling import Telling
from tracker.i18n import N_

_OFF = (Status.CANCELLED, Status.POSTPONED)
_OPEN = (Status.PLANNED, Status.CONFIRMED)
_REASON = N_("{status}: {reason}")
_NOT_CONFIRMED = N_("{status}; not recorded whether it took place")
_OF_ANOTHER = N_("Activity of {owner}")
_OF_SOMEBODY = N_("Activity of another organisation")
_CARRIED = N_("began earlier; counted in the year it began")


def item(told: Telling, line: Line, known: str = "") -> Item:
    """`known` is what the heading above it says already: its `kind` or its `twins`."""
    description = told.speech.text(line.description)
    return Item(
        when=told.speech.span(line.start, line.end),
        title=told.speech.text(line.title),
        facts=tuple(fact for fact in _facts(told, line, known) if any(fact)),
        text=description if any(description) else None,
        kind=line.kind,
        off=line.status in _OFF,
        link=str(line.id),
    )


def programme_item(told: Telling, line: Line, planned: ProgrammeItem) -> Item:
    """One item of a delegation's programme: its time on the wall, or its day where no time is set."""
    place = told.speech.say(N_("Place: {place}"), place=planned.place)
    return Item(
        when=_clock(told, planned),
        title=told.speech.same(planned.title),
        facts=(place,) if planned.place else (),
        kind=line.kind,
        link=str(line.id),
    )


def _clock(told: Telling, planned: ProgrammeItem) -> Said:
    start, end = wall_time(planned.start), wall_time(planned.end)
    if start is None:
        return told.speech.span(planned.start, planned.end)
    if end is None or end.date() != start.date():
        return told.speech.same(f"{start:%H:%M}")
    return told.speech.same(f"{start:%H:%M}–{end:%H:%M}")


def _facts(told: Telling, line: Line, known: str) -> Iterable[Said]:
    """In the order in which people ask: whose, does it count, what, where, who, how many, how much."""
    speech, day = told.speech, begins(line.start)
    if not line.own:
        yield speech.say(_OF_ANOTHER, owner=line.owner) if line.owner else speech.say(_OF_SOMEBODY)
    yield from _standing(told, line)
    kind = [] if known == "kind" else [speech.word(words.KINDS, line.kind)]
    yield speech.joined([*kind, speech.word(words.SUBTYPES, line.subtype)], " · ")
    if known != "twins" or len(line.twins) > 1:
        yield told.cities_of(line.twins, day)
    if line.direction is not Direction.NONE:
        yield speech.each(lambda tag: words.direction(line.direction, day, tag))
    if line.place:
        yield speech.say(N_("Place: {place}"), place=line.place)
    if line.leaders:
        yield speech.say(N_("Led by: {names}"), names="; ".join(map(_leader, line.leaders)))
    if line.organisers:
        yield speech.say(N_("Organised by: {names}"), names="; ".join(o.name for o in line.organisers))
    yield speech.joined([counted(told, line, count) for count in line.counts], "; ")
    yield speech.joined([sum_of(told, money) for money in line.money], "; ")


def _standing(told: Telling, line: Line) -> Iterable[Said]:
    """What stands in the way of its being counted like any other."""
    speech = told.speech
    status = speech.word(words.STATUSES, line.status)
    if line.status in _OFF:
        yield speech.say(_REASON, status=status, reason=line.reason) if line.reason else status
    elif line.status in _OPEN:
        yield speech.say(_NOT_CONFIRMED, status=status) if told.over else status
    if line.carried:
        yield speech.say(_CARRIED)


def counted(told: Telling, line: Line, count: Count) -> Said:
    """ "about 22 pupils (the twin’s side, registered)" """
    speech, day = told.speech, begins(line.start)
    said = speech.each(lambda tag: words.counted(count.of, count.value, count.bound, tag))
    marks = []
    if side := count.side:
        marks.append(speech.each(lambda tag: words.side(side, day, tag)))
    if count.basis is not Basis.ACTUAL:
        marks.append(speech.word(words.BASES, count.basis))
    return speech.say(N_("{who} ({marks})"), who=said, marks=speech.joined(marks, ", ")) if marks else said


def sum_of(told: Telling, money: Money) -> Said:
    speech = told.speech
    said = speech.say(
        N_("{purpose}: {sum}"),
        purpose=speech.word(words.PURPOSES, money.role),
        sum=speech.money(money.amount, money.currency),
    )
    return speech.say(N_("{what} ({funder})"), what=said, funder=money.funder) if money.funder else said


def _leader(leader: Leader) -> str:
    return ", ".join(filter(None, (leader.name, leader.office)))
