"""Which reminder falls due on which day, to whom, and what it is called. Pure: calendar days here, moments only through
a person's zone. The rules stand in `rules`, what they speak of in `matters`.
"""

import dataclasses
import datetime as dt
import functools
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

from tracker.domain.dates import HistoricDate
from tracker.domain.occasion_wording import ordinal_title, status_note
from tracker.domain.occasions import Occurrence
from tracker.domain.rules import About, Due, Matter, Recipient, Rule, due_of, last_day, told_of, with_escalation
from tracker.domain.twins import HUB, Level, State, Twin
from tracker.i18n import DEFAULT_LANGUAGE, LANGUAGES, N_, gettext

CHANNEL_MAIL, CHANNEL_CHAT = "mail", "chat"
_MAY_PASS = dt.timedelta(days=1)


class ReminderStatus(StrEnum):
    PLANNED = "planned"
    CLAIMED = "claimed"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class SkipReason(StrEnum):
    """Why a reminder did not leave."""

    TOO_LATE = "too_late"
    WITHDRAWN = "withdrawn"
    UNSUBSCRIBED = "unsubscribed"
    ACCOUNT_CLOSED = "account_closed"
    MAIL_PAUSED = "mail_paused"
    RULE_OFF = "rule_off"
    NOT_FOR_YOU = "not_for_you"
    CLAIMED = "claimed"
    DONE = "done"
    SNOOZED = "snoozed"
    CHAT_OFF = "chat_off"


SKIP_REASONS = {
    SkipReason.TOO_LATE: N_("Too late: the tracker was off, or the mail server away, until it was of no more use."),
    SkipReason.WITHDRAWN: N_("The occasion was removed or has another date now."),
    SkipReason.UNSUBSCRIBED: N_("This person wants no reminders by mail."),
    SkipReason.ACCOUNT_CLOSED: N_("The account is closed."),
    SkipReason.MAIL_PAUSED: N_("Mail to this person is paused, because their mail server knows no such mailbox."),
    SkipReason.RULE_OFF: N_("The rule was switched off."),
    SkipReason.NOT_FOR_YOU: N_("The rule no longer concerns this person."),
    SkipReason.CLAIMED: N_("Somebody else has taken it on."),
    SkipReason.DONE: N_("It is done."),
    SkipReason.SNOOZED: N_("It was put off, and comes again on the day that was chosen."),
    SkipReason.CHAT_OFF: N_("The chat is switched off or was removed."),
}


@dataclasses.dataclass(frozen=True)
class Planned:
    """A row of the ledger to be: the key says which, `when` and `due_at` may still change.

    `person` is a `Recipient`'s; `lead` a lead's code.
    """

    rule: str
    subject: str
    year: int
    lead: str
    person: str
    channel: str
    when: str
    due_at: dt.datetime
    user_id: int | None = None

    @property
    def key(self) -> tuple[str, str, int, str, str, str]:
        return self.rule, self.subject, self.year, self.lead, self.person, self.channel


@dataclasses.dataclass(frozen=True)
class DueReminder:
    """A reminder that falls due on a day, to whom, and by which rule (its key).

    `on` is EDTF: a month or year where no day is known. `lead_days` is below zero where the reminder comes after it.
    """

    kind: str
    twin: str | None
    years: int | None
    on: str
    lead_days: int
    round: bool
    title: Mapping[str, str]
    to: tuple[str, ...]
    rule: str

    def as_json(self) -> dict[str, object]:
        return {**dataclasses.asdict(self), "to": list(self.to)}


def due_at(day: dt.date, zone: str, at: dt.time = dt.time(8)) -> dt.datetime:
    """That hour of the day in the zone, as a moment; where the clocks leap over it, just after their leap."""
    return dt.datetime.combine(day, at, ZoneInfo(zone)).astimezone(dt.UTC)


def after_quiet(moment: dt.datetime, zone: str, quiet: tuple[dt.time, dt.time] | None) -> dt.datetime:
    """The moment itself, or the end of the quiet hours that it lies in: from their first minute, up to their last."""
    if quiet is None:
        return moment
    begin, end = quiet
    local = moment.astimezone(ZoneInfo(zone))
    at = local.time()
    over_midnight = end <= begin
    if not (at >= begin or at < end if over_midnight else begin <= at < end):
        return moment
    day = local.date() + dt.timedelta(days=1 if over_midnight and at >= begin else 0)
    # Where the clocks go back, an hour comes twice: in its second run the end is that of the second run.
    return dt.datetime.combine(day, end.replace(fold=local.fold), local.tzinfo).astimezone(dt.UTC)


def due_to_person(due: Due, person: Recipient) -> dt.datetime:
    """When a reminder is due to somebody: in their morning, or when their quiet hours end."""
    return _morning(due.day, person.zone, person.remind_at, person.quiet)


@functools.lru_cache(maxsize=4096)
def _morning(day: dt.date, zone: str, at: dt.time, quiet: tuple[dt.time, dt.time] | None) -> dt.datetime:
    return after_quiet(due_at(day, zone, at), zone, quiet)


def dues_between(rules: Iterable[Rule], matters: Iterable[Matter], first: dt.date, last: dt.date) -> list[Due]:
    """Every reminder whose day lies from `first` to `last`, both included, in order of their days."""
    known = [rule for rule in rules if rule.enabled]
    found = [due for matter in matters for rule in known for due in due_of(rule, matter) if first <= due.day <= last]
    return sorted(found, key=lambda due: (due.day, due.days_left, due.matter.when.sort_key, due.matter.subject))


def plan(
    rules: Iterable[Rule],
    matters: Iterable[Matter],
    people: Sequence[Recipient],
    first: dt.datetime,
    last: dt.datetime,
) -> Iterator[Planned]:
    """What is due to whom from `first` to `last`, both included.

    Nothing that was due before the matter was known, before the rule was made or switched on, or before the person had
    an account: loading eighty years of records, making a rule or adding a colleague sends no blast over the past.
    """
    known: dict[About, list[Rule]] = {}
    for rule in rules:
        if rule.enabled:
            known.setdefault(rule.about, []).append(rule)
    # A local day begins up to 14 hours before and ends up to 12 hours after that of UTC.
    begin, end = first.date() - _MAY_PASS, last.date() + _MAY_PASS
    told: dict[Hashable, list[Recipient]] = {}  # the same people are told of a city's matters again and again
    for matter in matters:
        some = known.get(matter.about, ())
        for due in (due for rule in some for due in with_escalation(rule, matter) if begin <= due.day <= end):
            alike = due.rule.key, due.lead.escalates, matter.twins, matter.visibility, matter.responsible
            if alike not in told:
                told[alike] = told_of(due, people)
            for person in told[alike]:
                moment = due_to_person(due, person)
                if first <= moment <= last and moment >= max(person.since, matter.since, due.rule.since):
                    yield planned(due, person, moment)


def planned(due: Due, person: Recipient, moment: dt.datetime) -> Planned:
    matter = due.matter
    channel = CHANNEL_CHAT if person.person.startswith("chat:") else CHANNEL_MAIL
    return Planned(
        due.rule.key, matter.subject, matter.year, due.lead.code, person.person, channel, matter.when.edtf, moment,
        person.user_id,
    )  # fmt: skip


def find_due(rule: Rule, matter: Matter | None, row: Planned) -> Due | None:
    """The reminder that was planned, as rule and matter stand now; None where it no longer holds."""
    if matter is None or not rule.enabled or matter.when.edtf != row.when:
        return None
    return next((due for due in with_escalation(rule, matter) if due.lead.code == row.lead), None)


def expires_at(due: Due, zone: str) -> dt.datetime:
    """The end of the last day on which it is of use, where the person is."""
    after = last_day(due) + dt.timedelta(days=1)
    return dt.datetime.combine(after, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)


def title_of_occurrence(come: Occurrence, language: str, twins: Mapping[str, Twin]) -> str:
    """Its title with the number, in `language`."""
    slugs = come.occasion.twins
    links = {twins[slug].link for slug in slugs if slug in twins}
    return ordinal_title(
        come,
        language,
        names={slug: twins[slug].name(language) for slug in slugs if slug in twins},
        hub=HUB.name(language),
        link_type=links.pop() if len(links) == 1 else "twin",
    )


def title(matter: Matter, language: str, twins: Mapping[str, Twin]) -> str:
    """What a matter is called: an occasion with its number, anything else by its own title."""
    if matter.about is About.OUTLOOK:
        return gettext(language, N_("Outlook on {year}: anniversaries to plan for"), year=matter.year)
    if matter.comes:
        return title_of_occurrence(matter.comes[0], language, twins)
    if matter.title:
        return matter.title.get(language) or matter.title.get(DEFAULT_LANGUAGE) or next(iter(matter.title.values()))
    names = [twins[slug].name(language) for slug in matter.twins if slug in twins]
    return ", ".join(names) or matter.subject


def note_on(twin: Twin, day: dt.date, language: str) -> str:
    """What must be said of the partnership on that day (R1); empty where nothing need be."""
    agreement, official = twin.state(Level.AGREEMENT, day), twin.state(Level.OFFICIAL, day)
    return status_note(
        language,
        agreement=agreement.state.value,
        official=official.state.value,
        agreement_since=HistoricDate.parse(agreement.since) if agreement.since else None,
        official_since=HistoricDate.parse(official.since) if official.since else None,
    )


def contacts_go_on(twin: Twin, day: dt.date) -> bool:
    """Whether citizens keep in touch though the officials do not."""
    return twin.state(Level.CITIZENS, day).state is State.GOING_ON


def due_to(due: Due, twins: Mapping[str, Twin], to: Iterable[str]) -> DueReminder:
    """The reminder as it is told to programs and on the command line."""
    matter = due.matter
    come = matter.comes[0] if matter.about is About.OCCASION else None
    return DueReminder(
        kind=come.occasion.kind.value if come else matter.about.value,
        twin=next(iter(matter.twins), None),
        years=come.number if come else None,
        on=matter.when.edtf,
        lead_days=0 if matter.about is About.OUTLOOK else due.days_left,
        round=matter.round,
        title={language: title(matter, language, twins) for language in sorted(LANGUAGES)},
        to=tuple(sorted(to)),
        rule=due.rule.key,
    )
