"""Why was I not reminded? A person, a city or an activity, a year: every rule says what it did, and why."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask, abort, render_template, request

from tracker.actions.why import Explained, Question
from tracker.actions.why import why as explained
from tracker.bootstrap import Tracker
from tracker.domain.reminder_wording import lead_in_words, name_of_rule
from tracker.domain.reminders import title
from tracker.domain.why import APART, Line, explain
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import activities, chats, people, rules, twins
from tracker.web.auth import Audience, account, allowed, may_write, rights, visible
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import language
from tracker.web.reminded import names_of

_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MOST_ACTIVITIES = 200


@dataclass(frozen=True)
class Said:
    """What one rule says: each sentence with the leads it holds for, and the row of the ledger it tells of."""

    rule: str
    sentences: list[tuple[list[str], str, int | None]]


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/reminders/why", "why", why)


@allowed(Audience.READERS)
def why() -> str:
    tracker, question = this_tracker(), _question()
    with tracker.database.reading() as session:
        known = twins.current(session)
        names = {str(chat.id): chat.name for chat in chats.chats(session)}
        offered = _activities(session, question)
        persons = _people(session) if may_write() else {}
    found = explained(tracker.database, question, rights(), now()) if "year" in request.args else None
    answers = [
        (answer.matter, title(answer.matter, language(), known), *_said(answer.lines, found, names))
        for answer in (found.answers if found else ())
    ]
    return render_template(
        "reminders/why.html",
        question=question,
        asked=found is not None,
        twins=known,
        people=persons,
        activities=offered,
        answers=answers,
        off=_said(found.off, found, names)[0] if found else [],
    )


def _said(lines: tuple[Line, ...], found: Explained | None, names: dict[str, str]) -> tuple[list[Said], list[Said]]:
    """The lines in words, rule by rule: of rules that have to do with the matter, and of those that have not."""
    where = found.person.zone if found else ""
    near: dict[str, Said] = {}
    apart: dict[str, Said] = {}
    for line in lines:
        said = (apart if line.verdict in APART else near).setdefault(
            line.rule.key, Said(name_of_rule(line.rule, language()), [])
        )
        lead = lead_in_words(line.lead, language(), rounds_only=line.rounds_only) if line.lead else ""
        text, row = explain(line, language(), where, names), line.entry.id if line.entry else None
        if row is None and said.sentences and said.sentences[-1][1:] == (text, None):
            said.sentences[-1][0].append(lead)
        else:
            said.sentences.append(([lead] if lead else [], text, row))
    return list(near.values()), list(apart.values())


def _question() -> Question:
    me = account()
    own = f"user:{me.id}" if me else ""
    text = request.args.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() else today().year
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise NotFound(N_("Please choose a year from {first} to {last}."), first=_FIRST_YEAR, last=_LAST_YEAR)
    try:
        activity = UUID(request.args["activity"]) if request.args.get("activity") else None
    except ValueError:
        abort(400)
    person = request.args.get("person", "") if may_write() else ""
    return Question(person or own, year, request.args.get("twin", ""), activity)


def _people(session: Any) -> dict[str, str]:
    names = names_of(session, {person.person for person in people.recipients(session, rules.rules(session))})
    return dict(sorted(names.items(), key=lambda item: (item[1].casefold(), item[0])))


def _activities(session: Any, question: Question) -> list[tuple[UUID, dict[str, str]]]:
    """What was done with the city that year, to choose from."""
    if question.activity is None and not question.twin:
        return []
    if not question.twin:
        rows = [row for row in activities.by_ids(session, [question.activity or UUID(int=0)]) if not row.removed_at]
        return [(row.id, row.title) for row in rows if rights().may_see(row.mark)]
    chosen = visible(
        twins=(question.twin,),
        first=today().replace(year=question.year, month=1, day=1),
        last=today().replace(year=question.year, month=12, day=31),
    )
    return [(row.id, row.title) for row in activities.listed(session, chosen, limit=_MOST_ACTIVITIES)]
