"""Which reminder falls due on which day, until when it is of use, and whom it may reach.

A day is announced 30, 7 and 0 days before, a round anniversary also a year, half a year and a quarter before. What is
known to the month is announced on its first day, as "day unknown"; what is known to the year has its line in the
outlook of 2 January. Pure: calendar days here, moments only through a person's zone.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

from tracker.domain.date_wording import Precision
from tracker.domain.dates import HistoricDate
from tracker.domain.occasion_wording import ordinal_title, status_note
from tracker.domain.occasions import DEFAULT_CUSTOMS, Customs, Occasion, Occurrence, occurrence, occurrences
from tracker.domain.twins import HUB, Level, State, Twin
from tracker.i18n import LANGUAGES, N_, gettext

LEADS = (30, 7, 0)
ROUND_LEADS = (365, 180, 90)
SEND_AT = dt.time(8)
OUTLOOK = "outlook"
"""Stands where an occasion's key would: the one mail a year on all that has no day."""

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


SKIP_REASONS = {
    SkipReason.TOO_LATE: N_("Too late: the tracker was off, or the mail server away, until it was of no more use."),
    SkipReason.WITHDRAWN: N_("The occasion was removed or has another date now."),
    SkipReason.UNSUBSCRIBED: N_("This person wants no reminders by mail."),
    SkipReason.ACCOUNT_CLOSED: N_("The account is closed."),
}


@dataclasses.dataclass(frozen=True)
class Reminder:
    """One reminder as everybody gets it: sent on `day`, of what comes round at `when` in `year`.

    `subject` is the occasion's key, or `OUTLOOK`; `comes` is the occasion come round, several for the outlook.
    """

    subject: str
    year: int
    when: HistoricDate
    lead_days: int
    day: dt.date
    comes: tuple[Occurrence, ...]

    @property
    def is_outlook(self) -> bool:
        return self.subject == OUTLOOK

    @property
    def round(self) -> bool:
        return not self.is_outlook and self.comes[0].round


@dataclasses.dataclass(frozen=True)
class Recipient:
    """A person to be reminded, `since` they have their account."""

    user_id: int
    zone: str
    since: dt.datetime


@dataclasses.dataclass(frozen=True)
class Planned:
    """A reminder for one person: the key says which, `when` and `due_at` may still change."""

    user_id: int
    subject: str
    year: int
    lead_days: int
    when: str
    due_at: dt.datetime

    @property
    def key(self) -> tuple[int, str, int, int]:
        return self.user_id, self.subject, self.year, self.lead_days


@dataclasses.dataclass(frozen=True)
class DueReminder:
    """A reminder that falls due on a day, and to whom. `on` is EDTF: a month or year where no day is known."""

    kind: str
    twin: str | None
    years: int | None
    on: str
    lead_days: int
    round: bool
    title: Mapping[str, str]
    to: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        return {**dataclasses.asdict(self), "to": list(self.to)}


def due_at(day: dt.date, zone: str) -> dt.datetime:
    """08:00 on that day in the zone, as a moment; where the clocks leap over it, just after their leap."""
    return dt.datetime.combine(day, SEND_AT, ZoneInfo(zone)).astimezone(dt.UTC)


def reminders_between(
    occasions: Iterable[Occasion], first: dt.date, last: dt.date, customs: Customs = DEFAULT_CUSTOMS
) -> list[Reminder]:
    """Every reminder whose day lies from `first` to `last`, both included, in order of their days."""
    known = list(occasions)
    furthest = last + dt.timedelta(days=max(LEADS + ROUND_LEADS))
    found = [r for come in occurrences(known, first, furthest, customs) for r in _of(come) if first <= r.day <= last]
    for year in range(first.year, last.year + 1):
        outlook = outlook_of(known, year, customs)
        if outlook and first <= outlook.day <= last:
            found.append(outlook)
    return sorted(found, key=lambda r: (r.day, r.lead_days, r.when.sort_key, r.subject))


def outlook_of(occasions: Iterable[Occasion], year: int, customs: Customs = DEFAULT_CUSTOMS) -> Reminder | None:
    """The outlook on a year: what has no day, and the round ones that have; None where there is nothing to say."""
    whole = HistoricDate.parse(f"{year:04}")
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    comes = [c for c in occurrences(occasions, first, last, customs) if c.year == year and (c.round or c.on is None)]
    return Reminder(OUTLOOK, year, whole, 0, dt.date(year, 1, 2), tuple(comes)) if comes else None


def plan(
    occasions: Sequence[tuple[Occasion, dt.datetime]],
    people: Iterable[Recipient],
    first: dt.datetime,
    last: dt.datetime,
    customs: Customs = DEFAULT_CUSTOMS,
) -> list[Planned]:
    """What is due to whom from `first` to `last`, both included.

    Nothing that was due before the occasion was known (the moment beside it), or before the person had an account:
    loading eighty years of records or adding a colleague sends no blast over the past.
    """
    since = {occasion.key: at for occasion, at in occasions}
    # A local day begins up to 14 hours before and ends up to 12 hours after that of UTC.
    days = reminders_between((o for o, _ in occasions), first.date() - _MAY_PASS, last.date() + _MAY_PASS, customs)
    wanted = []
    for person in people:
        for reminder in days:
            moment = due_at(reminder.day, person.zone)
            begun = max(person.since, min(since[come.occasion.key] for come in reminder.comes))
            if first <= moment <= last and moment >= begun:
                wanted.append(
                    Planned(
                        person.user_id, reminder.subject, reminder.year, reminder.lead_days, reminder.when.edtf, moment
                    )
                )
    return wanted


def find(occasions: Sequence[Occasion], planned: Planned, customs: Customs = DEFAULT_CUSTOMS) -> Reminder | None:
    """The reminder that was planned, as the occasions stand now; None where it no longer holds."""
    if planned.subject == OUTLOOK:
        return outlook_of(occasions, planned.year, customs)
    occasion = next((o for o in occasions if o.key == planned.subject), None)
    come = occurrence(occasion, planned.year, customs) if occasion else None
    if come is None or come.when.edtf != planned.when:
        return None
    return next((reminder for reminder in _of(come) if reminder.lead_days == planned.lead_days), None)


def last_day(when: HistoricDate, lead_days: int) -> dt.date:
    """The last day on which the reminder is still of use, should the tracker have been off on its own day.

    As long as half of its notice is left, which is always before the next, shorter one is due: 30 days before may
    become 16, 7 may become 4. On the day itself: until the day after, since greetings are taken a day late. What has
    no day: until its month, or January for the outlook, is over.
    """
    if when.precision is Precision.YEAR:
        return dt.date((when.earliest or dt.date.min).year, 1, 31)
    if when.precision is Precision.MONTH:
        return when.latest or dt.date.min
    on = when.earliest or dt.date.min
    return on + _MAY_PASS if lead_days == 0 else on - dt.timedelta(days=lead_days - (lead_days - 1) // 2)


def expires_at(when: HistoricDate, lead_days: int, zone: str) -> dt.datetime:
    """The end of the last day on which it is of use, where the person is."""
    after = last_day(when, lead_days) + dt.timedelta(days=1)
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


def title(reminder: Reminder, language: str, twins: Mapping[str, Twin]) -> str:
    if reminder.is_outlook:
        return gettext(language, N_("Outlook on {year}: anniversaries to plan for"), year=reminder.year)
    return title_of_occurrence(reminder.comes[0], language, twins)


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


def due_to(reminder: Reminder, twins: Mapping[str, Twin], to: Iterable[str]) -> DueReminder:
    """The reminder as it is told to programs and on the command line."""
    come = None if reminder.is_outlook else reminder.comes[0]
    return DueReminder(
        kind=come.occasion.kind.value if come else OUTLOOK,
        twin=next(iter(come.occasion.twins), None) if come else None,
        years=come.number if come else None,
        on=reminder.when.edtf,
        lead_days=reminder.lead_days,
        round=reminder.round,
        title={language: title(reminder, language, twins) for language in sorted(LANGUAGES)},
        to=tuple(sorted(to)),
    )


def _of(come: Occurrence) -> list[Reminder]:
    occasion, day = come.occasion, come.on
    if day is not None:
        leads = (*LEADS, *ROUND_LEADS) if come.round else LEADS
        return [
            Reminder(occasion.key, come.year, come.when, lead, day - dt.timedelta(days=lead), (come,)) for lead in leads
        ]
    if come.precision is Precision.MONTH and come.when.earliest:
        return [Reminder(occasion.key, come.year, come.when, 0, come.when.earliest, (come,))]
    return []
