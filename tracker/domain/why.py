"""Why somebody was reminded of something, or was not: every rule gone through, each lead with its verdict.

What stands in the ledger is what happened, whatever the rules say by now; where nothing stands there, rule, matter and
person say why. Pure.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from tracker.domain.reminder_wording import told_by
from tracker.domain.reminders import SKIP_REASONS, ReminderStatus, SkipReason, due_at
from tracker.domain.rules import Lead, Matter, Recipient, Rule, Years, due_of, listeners, may_read
from tracker.i18n import N_, gettext

_LOCALES = {"en": "en_GB", "de": "de_DE", "ru": "ru_RU"}
_MOMENTS = {"en": "d MMM y, HH:mm", "de": "d. MMM y, HH:mm", "ru": "d MMM y\u202f'г'., HH:mm"}


class Verdict(StrEnum):
    """The first that holds, in the order they are asked; the last five are what the ledger says."""

    OTHER_SORT = "other_sort"
    OTHERS = "others"
    OFF = "off"
    NOT_TO_SEE = "not_to_see"
    NOT_CONCERNED = "not_concerned"
    ONLY_ROUND = "only_round"
    NOT_EXACT = "not_exact"
    RULE_YOUNGER = "rule_younger"
    MATTER_YOUNGER = "matter_younger"
    PERSON_YOUNGER = "person_younger"
    FAR_AHEAD = "far_ahead"
    LONG_AGO = "long_ago"
    NOT_YET = "not_yet"
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


HAPPENED = frozenset({Verdict.PLANNED, Verdict.CLAIMED, Verdict.SENT, Verdict.SKIPPED, Verdict.FAILED})
APART = frozenset({Verdict.OTHER_SORT, Verdict.OTHERS})
"""Of rules that have nothing to do with it, which a page may fold away."""

_WORDS = {
    Verdict.OTHER_SORT: N_("It reminds of something else."),
    Verdict.OTHERS: N_("It is for other cities or other kinds."),
    Verdict.OFF: N_("The rule is switched off."),
    Verdict.NOT_TO_SEE: N_("This person may not see it."),
    Verdict.NOT_CONCERNED: N_("It tells {whom}; this person is not among them."),
    Verdict.ONLY_ROUND: N_("This one is for round years only, and this is none."),
    Verdict.NOT_EXACT: N_("For this one the date is not known exactly enough."),
    Verdict.RULE_YOUNGER: N_("It would have been due {due}; the rule was made, changed or switched on later, {since}."),
    Verdict.MATTER_YOUNGER: N_("It would have been due {due}; that date was recorded here later, {since}."),
    Verdict.PERSON_YOUNGER: N_(
        "It would have been due {due}; this person came here, or chose what to follow, later: {since}."
    ),
    Verdict.FAR_AHEAD: N_("It falls due {due}. It is written into the plan {days} days before."),
    Verdict.LONG_AGO: N_("It was due {due}, before the tracker kept a plan that far back."),
    Verdict.NOT_YET: N_("It falls due {due}. The clock writes it into the plan within a minute."),
    Verdict.PLANNED: N_("Planned for {due}."),
    Verdict.CLAIMED: N_("Due {due}; it is on its way."),
    Verdict.SENT: N_("Sent {sent}; it was due {due}."),
    Verdict.SKIPPED: N_("Not sent, though due {due}: {reason}"),
    Verdict.FAILED: N_("Given up, though due {due}: {reason}"),
}


@dataclass(frozen=True)
class Entry:
    """A row of the ledger, as far as it explains itself."""

    id: int
    rule: str
    subject: str
    year: int
    lead: str
    status: ReminderStatus
    due_at: dt.datetime
    reason: SkipReason | None = None
    error: str = ""
    sent_at: dt.datetime | None = None


@dataclass(frozen=True)
class Plan:
    """How far the plan reaches around the present moment."""

    now: dt.datetime
    ahead: dt.timedelta
    back: dt.timedelta


@dataclass(frozen=True)
class Line:
    """What became of one lead of a rule, or of the rule as a whole where `lead` is empty."""

    rule: Rule
    lead: str
    verdict: Verdict
    rounds_only: bool = False
    due_at: dt.datetime | None = None
    since: dt.datetime | None = None
    entry: Entry | None = None
    days: int = field(default=0)


def judge(rule: Rule, matter: Matter, person: Recipient, entries: Iterable[Entry], plan: Plan) -> list[Line]:
    """Each lead of a rule about one matter and one person, and what the ledger has besides (put off, handed over)."""
    whole = _against(rule, matter, person)
    if whole is Verdict.OTHER_SORT:
        return [Line(rule, "", whole)]
    own = {e.lead: e for e in entries if (e.rule, e.subject, e.year) == (rule.key, matter.subject, matter.year)}
    if whole is not None:
        told = [Line(rule, "", whole)]
    else:
        told = [line for line in _by_lead(rule, matter, person, plan) if line.lead not in own]
    happened = [line_of(rule, entry) for entry in own.values()]
    return [*sorted(happened, key=lambda line: line.entry.due_at if line.entry else plan.now), *told]


def line_of(rule: Rule, entry: Entry) -> Line:
    """What the ledger says of one lead."""
    rounds_only = all(lead.years is Years.ROUND for lead in rule.leads if lead.code == entry.lead) and any(
        lead.code == entry.lead for lead in rule.leads
    )
    return Line(rule, entry.lead, Verdict(entry.status.value), rounds_only, entry.due_at, entry=entry)


def explain(line: Line, language: str, zone: str, chats: Mapping[str, str]) -> str:
    """The verdict in a sentence; moments as the clock shows them in `zone`."""
    entry = line.entry
    values = {
        "whom": ", ".join(told_by(each, language, chats) for each in line.rule.audience),
        "due": moment(line.due_at, language, zone),
        "since": moment(line.since, language, zone),
        "sent": moment(entry.sent_at if entry else None, language, zone),
        "days": line.days,
        "reason": reason_of(entry, language) if entry else "",
    }
    return gettext(language, _WORDS[line.verdict], **values)


def reason_of(entry: Entry, language: str) -> str:
    """Why it did not leave, in words; empty where it did."""
    if entry.reason is not None:
        return gettext(language, SKIP_REASONS[entry.reason])
    return gettext(language, entry.error) if entry.error else ""


def moment(at: dt.datetime | None, language: str, zone: str) -> str:
    """Day and time where the person is, the zone named: "28 Nov 2026, 08:00 (Europe/Berlin)"."""
    if at is None:
        return ""
    local = format_datetime(at.astimezone(ZoneInfo(zone)), _MOMENTS[language], locale=_LOCALES[language])
    return f"{local} ({zone})"


def _against(rule: Rule, matter: Matter, person: Recipient) -> Verdict | None:
    """Why nothing of the rule holds for this matter and person; None where each lead is to be looked at."""
    if rule.about is not matter.about or matter.rule not in ("", rule.key):
        return Verdict.OTHER_SORT
    if not rule.choice.matches(matter):
        return Verdict.OTHERS
    if not rule.enabled:
        return Verdict.OFF
    if not may_read(matter, person):
        return Verdict.NOT_TO_SEE
    return None if listeners(rule, matter, [person]) else Verdict.NOT_CONCERNED


def _by_lead(rule: Rule, matter: Matter, person: Recipient, plan: Plan) -> Iterator[Line]:
    dues = {due.lead.code: due for due in due_of(rule, matter)}
    for code, leads in _grouped(rule.leads).items():
        rounds_only = all(lead.years is Years.ROUND for lead in leads)
        if code in dues:
            at = due_at(dues[code].day, person.zone, person.remind_at)
            verdict, since = _by_time(at, rule, matter, person, plan)
            yield Line(rule, code, verdict, rounds_only, at, since, days=plan.ahead.days)
        elif rounds_only and not matter.round:
            yield Line(rule, code, Verdict.ONLY_ROUND, rounds_only)
        else:
            yield Line(rule, code, Verdict.NOT_EXACT, rounds_only)


def _grouped(leads: Sequence[Lead]) -> dict[str, list[Lead]]:
    found: dict[str, list[Lead]] = {}
    for lead in leads:
        found.setdefault(lead.code, []).append(lead)
    return found


def _by_time(
    at: dt.datetime, rule: Rule, matter: Matter, person: Recipient, plan: Plan
) -> tuple[Verdict, dt.datetime | None]:
    """Why a moment has no row in the ledger, and since when what it lacked has been there."""
    younger = (
        (Verdict.MATTER_YOUNGER, matter.since),
        (Verdict.RULE_YOUNGER, rule.since),
        (Verdict.PERSON_YOUNGER, person.since),
    )
    for verdict, since in younger:
        if at < since:
            return verdict, since
    if at > plan.now + plan.ahead:
        return Verdict.FAR_AHEAD, None
    return (Verdict.LONG_AGO if at < plan.now - plan.back else Verdict.NOT_YET), None
