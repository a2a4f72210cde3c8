"""What a period amounts to, in a few sentences and in the large numbers that stand above them. Pure."""

from collections.abc import Iterable

from tracker.domain.activities import Status
from tracker.domain.figures import ByTwin, Number
from tracker.domain.report_document import Cell, Facts, Said
from tracker.domain.report_sections_people import counted, fact_of, facts_worth
from tracker.domain.report_telling import Telling
from tracker.i18n import N_, NP_

_HELD = NP_("{when}, {number} activity took place.", "{when}, {number} activities took place.")
_NONE_HELD = N_("{when}, no activity took place.")
_MORE = N_("That is {number} more than a year earlier ({before}).")
_FEWER = N_("That is {number} fewer than a year earlier ({before}).")
_AS_MANY = N_("That is as many as a year earlier.")
_NONE_BEFORE = N_("A year earlier there had been {before}.")
_CITIES = NP_("{number} twin city took part.", "{number} twin cities took part.")
_MOST = N_("Most of them concerned {city} ({number}).")
_PEOPLE = N_("Those who were counted: {people}.")
_CANCELLED = NP_("{number} activity was cancelled.", "{number} activities were cancelled.")
_POSTPONED = NP_("{number} activity was postponed.", "{number} activities were postponed.")
_UNCONFIRMED = NP_(
    "Of {number} activity it is not recorded whether it took place; it is counted nowhere.",
    "Of {number} activities it is not recorded whether they took place; they are counted nowhere.",
)
_OTHERS = NP_(
    "{number} activity of other organisations is counted apart.",
    "{number} activities of other organisations are counted apart.",
)


def facts(told: Telling) -> Facts:
    """The few large numbers: activities, cities, and the people counted, each with its own label."""
    speech, figures = told.speech, told.figures
    held = figures.activities.held
    found = [(Cell(speech.number(held.now), held.now, held.key), speech.say(N_("Activities")))]
    if cities := _cities(told):
        found.append((Cell(speech.number(cities), cities), speech.say(N_("Twin cities that took part"))))
    return Facts((*found, *(fact_of(told, line) for line in facts_worth(figures.people.lines))))


def summary(told: Telling) -> Said:
    """The same as sentences, with what was called off and what is counted apart."""
    figures = told.figures.activities
    of_status = {line.status: line.number.now for line in figures.by_status}
    sentences = [
        *_held(told),
        *_counted(told, _CITIES, _cities(told)),
        *_most(told),
        *_people(told),
        *_counted(told, _CANCELLED, of_status.get(Status.CANCELLED, 0)),
        *_counted(told, _POSTPONED, of_status.get(Status.POSTPONED, 0)),
        *_counted(told, _UNCONFIRMED, _unconfirmed(told)),
        *_counted(told, _OTHERS, figures.others.now),
    ]
    return told.speech.joined(sentences)


def _held(told: Telling) -> Iterable[Said]:
    held = told.figures.activities.held
    if held.now == 0:
        yield told.speech.say(_NONE_HELD, when=told.when)
        if held.before:
            yield told.speech.say(_NONE_BEFORE, before=told.speech.number(held.before))
        return
    yield told.speech.count(_HELD, held.now, when=told.when)
    yield from _beside(told, held)


def _beside(told: Telling, number: Number) -> Iterable[Said]:
    if number.before is None:
        return
    change, before = number.now - number.before, told.speech.number(number.before)
    message = _MORE if change > 0 else _FEWER if change < 0 else _AS_MANY
    yield told.speech.say(message, number=told.speech.number(abs(change)), before=before)


def _counted(told: Telling, forms: tuple[str, str], number: int) -> Iterable[Said]:
    if number:
        yield told.speech.count(forms, number)


def _cities(told: Telling) -> int:
    """How many cities took part; none where the report is about one alone."""
    return 0 if told.of_one_city else sum(1 for line in told.figures.activities.by_twin if line.number.now)


def _most(told: Telling) -> Iterable[Said]:
    """The city with more than half of what took place, where there are several."""
    cities = [line for line in told.figures.activities.by_twin if line.number.now]
    best: ByTwin | None = max(cities, key=lambda line: line.number.now, default=None)
    if best and len(cities) > 1 and 2 * best.number.now > told.figures.activities.held.now:
        yield told.speech.say(_MOST, city=told.city(best.twin), number=told.speech.number(best.number.now))


def _people(told: Telling) -> Iterable[Said]:
    if lines := facts_worth(told.figures.people.lines):
        people = told.speech.joined([counted(told, line) for line in lines], "; ")
        yield told.speech.say(_PEOPLE, people=people)


def _unconfirmed(told: Telling) -> int:
    """What is still planned though the period is over."""
    open_ones = (Status.PLANNED, Status.CONFIRMED)
    lines = told.figures.activities.by_status
    return sum(line.number.now for line in lines if line.status in open_ones) if told.over else 0
