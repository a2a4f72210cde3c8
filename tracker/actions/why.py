"""Why somebody is reminded of a city's or an activity's things in a year, or is not: every rule, lead by lead."""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from tracker.actions.reminder_plan import AHEAD, BACK
from tracker.domain.access import Rights
from tracker.domain.activities import Visibility
from tracker.domain.rules import About, Choice, Lead, Matter, Recipient, Rule
from tracker.domain.why import Line, Plan, judge, line_of
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import ledger, matters, people
from tracker.store import rules as rule_store
from tracker.store.unit_of_work import Database

_OWN_MATTERS = frozenset({About.DAY, About.SILENT_TWIN})
"""What only a rule itself can say: its day of the year, how long a silence is."""


@dataclass(frozen=True)
class Question:
    """Of whom, of what and of which year. With neither city nor activity: what concerns no city in particular."""

    person: str
    year: int
    twin: str = ""
    activity: UUID | None = None


@dataclass(frozen=True)
class Answer:
    """One matter with everything that was to be said of it."""

    matter: Matter
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Explained:
    """The person asked about, the answers in the order of their days, and what the ledger has of what is no more."""

    person: Recipient
    answers: tuple[Answer, ...]
    off: tuple[Line, ...]


def why(database: Database, question: Question, asker: Rights, now: dt.datetime) -> Explained:
    """Go through every rule. What the asker may not see is left out (R12). Raises `NotFound` for nobody we know."""
    with database.reading() as session:
        rules = rule_store.rules(session)
        known = people.recipients(session, rules)
        person = next((each for each in known if each.person == question.person), None)
        if person is None:
            raise NotFound(N_("Nobody of that name is reminded of anything."))
        found = [m for m in _matters(matters.Sources.of(session), rules, question) if _may_see(asker, m)]
        subjects = {matter.subject for matter in found}
        if question.activity is not None:
            subjects |= set(ledger.subjects_of_activity(session, person.person, question.activity, question.year))
        entries = ledger.entries(session, person.person, subjects, question.year)
    plan = Plan(now, AHEAD, BACK)
    answers = [
        Answer(matter, tuple(line for rule in rules for line in judge(rule, matter, person, entries, plan)))
        for matter in found
    ]
    told = {line.entry.id for answer in answers for line in answer.lines if line.entry}
    by_key = {rule.key: rule for rule in rules}
    # Of a rule that was removed nothing is left but its key.
    off = [line_of(by_key.get(e.rule) or Rule(e.rule, About.OCCASION, (), ()), e) for e in entries if e.id not in told]
    return Explained(person, tuple(answers), tuple(off))


def _matters(sources: matters.Sources, rules: list[Rule], question: Question) -> Iterator[Matter]:
    """What there was to be reminded of, whichever rules there are; in the order of their days, each once."""
    probes = [_probe(rule) for rule in rules if rule.about in _OWN_MATTERS]
    probes += [_probe(Rule("", about, (), ())) for about in About if about not in _OWN_MATTERS]
    first, last = dt.date(question.year, 1, 1), dt.date(question.year, 12, 31)
    seen: set[tuple[About, str, str]] = set()
    for matter in sorted(matters.matters(sources, probes, first, last), key=lambda m: (m.when.sort_key, m.subject)):
        name = matter.about, matter.subject, matter.rule
        if matter.year == question.year and name not in seen and _is_asked(matter, question):
            seen.add(name)
            yield matter


def _probe(rule: Rule) -> Rule:
    """The same rule, as if it spoke of everything of its sort on its very day."""
    own = rule.choice if rule.about in _OWN_MATTERS else Choice()
    # An activity that nobody has confirmed is asked about afterwards only.
    leads = (Lead(0), Lead(1)) if rule.about is About.UNCONFIRMED else (Lead(0),)
    return dataclasses.replace(rule, choice=own, leads=leads, enabled=True)


def _is_asked(matter: Matter, question: Question) -> bool:
    if question.activity is not None:
        told_by = f"activity:{question.activity}"
        of_it = matter.about is About.OCCASION and any(told_by in come.occasion.sources for come in matter.comes)
        return matter.activity_id == question.activity or of_it
    if question.twin:
        return question.twin in matter.twins
    return not matter.twins and matter.activity_id is None


def _may_see(asker: Rights, matter: Matter) -> bool:
    return matter.visibility is Visibility.PUBLIC or asker.may_see(matter.mark)
