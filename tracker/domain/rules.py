"""Rules of reminding: what of, how long before or after, to whom, in which words, and until when it is of use.

A rule is data that an administrator edits. What it speaks of is a `Matter`: something of a year, with its day (or
month, or year) and the moment since which it has been known. Rule, matter and lead make a `Due`; for each person that
is one row of the ledger, under a key that never changes however often the day is moved. Pure.
"""

import dataclasses
import datetime as dt
import functools
import re
import string
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta

from tracker.domain.access import Mark, Rights, Role, may_see
from tracker.domain.activities import Visibility
from tracker.domain.date_wording import Precision
from tracker.domain.dates import HistoricDate
from tracker.domain.occasions import Occurrence
from tracker.errors import InvalidInput
from tracker.i18n import N_


class About(StrEnum):
    """What a rule reminds of."""

    OCCASION = "occasion"
    OUTLOOK = "outlook"
    START = "activity_start"
    END = "activity_end"
    AGREEMENT_END = "agreement_end"
    DAY = "day"
    SILENT_TWIN = "silent_twin"
    STUCK_SHIPMENT = "stuck_shipment"
    UNCONFIRMED = "unconfirmed"


class Span(StrEnum):
    DAYS = "d"
    WEEKS = "w"
    MONTHS = "m"


class Years(StrEnum):
    """For which years of an occasion a lead is: all of them, or only the round ones."""

    ALL = "all"
    ROUND = "round"


_LEAD = re.compile(r"([+-]?)([0-9]{1,5})([dwm])(?: (round))?")
_NOT_A_LEAD = N_("“{value}” is not a time before or after. Write -30d, -8w, -12m, 0d or +1d, with “round” behind it.")
_TOO_FAR = N_("“{value}” is too far off; at most {most}.")
_MOST = {Span.DAYS: 999, Span.WEEKS: 600, Span.MONTHS: 240}


@dataclasses.dataclass(frozen=True)
class Lead:
    """How far from its day a matter is reminded of: below zero before it, above zero after it."""

    amount: int
    span: Span = Span.DAYS
    years: Years = Years.ALL
    escalates: bool = False
    """Not one of a rule's own, but the one more that administrators get of what nobody has taken on."""

    @classmethod
    def parse(cls, text: str) -> "Lead":
        """Read "-24m round". Raises `InvalidInput`, which says what would be right."""
        match = _LEAD.fullmatch(" ".join(text.lower().split()))
        if match is None:
            raise InvalidInput.one("leads", text, _NOT_A_LEAD)
        amount, span = int(match[2]), Span(match[3])
        if amount > _MOST[span]:
            raise InvalidInput.one("leads", text, _TOO_FAR, most=f"{_MOST[span]}{span.value}")
        # Without a sign it is before: nobody who writes "30d" means a month too late.
        return cls(amount if match[1] == "+" else -amount, span, Years.ROUND if match[4] else Years.ALL)

    @functools.cached_property
    def code(self) -> str:
        """Stands in the ledger: the same distance is the same lead, whichever years it is for."""
        if self.escalates:
            return ESCALATION
        return f"{'+' if self.amount > 0 else ''}{self.amount}{self.span.value}"

    def __str__(self) -> str:
        return f"{self.code} {self.years.value}" if self.years is not Years.ALL else self.code

    def day(self, on: dt.date) -> dt.date:
        """The day that lies so far from `on`; a month ends where it ends, so 29 February may become 28."""
        match self.span:
            case Span.DAYS:
                return on + dt.timedelta(days=self.amount)
            case Span.WEEKS:
                return on + dt.timedelta(weeks=self.amount)
            case Span.MONTHS:
                return on + relativedelta(months=self.amount)


ESCALATION = "escalation"
ESCALATED = Lead(-7, escalates=True)


class To(StrEnum):
    """Whom a rule tells. A role or a mail address needs a value beside it, so does a chat (its number)."""

    FOLLOWERS = "followers"
    RESPONSIBLE = "responsible"
    ROLE = "role"
    ADDRESS = "address"
    CHAT = "chat"


@dataclasses.dataclass(frozen=True)
class Audience:
    to: To
    value: str = ""
    language: str = ""
    """Of an address, which has no account that would say it."""

    def to_json(self) -> dict[str, str]:
        return {"to": self.to.value, "value": self.value, "language": self.language}

    @staticmethod
    def from_json(document: Mapping[str, str]) -> "Audience":
        return Audience(To(document["to"]), document.get("value", ""), document.get("language", ""))


@dataclasses.dataclass(frozen=True)
class Choice:
    """Which matters of its sort a rule is for; an empty tuple is no bound.

    `kinds` are kinds of activities or of occasions. `day` is the rule of a day of the year ("03-31"), `months` after
    how many months without anything a twin counts as silent, `days` after how many in one stage a shipment is stuck.
    """

    twins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    day: str = ""
    months: int = 12
    days: int = 14

    def to_json(self) -> dict[str, Any]:
        return {**dataclasses.asdict(self), "twins": list(self.twins), "kinds": list(self.kinds)}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> "Choice":
        return Choice(
            **{**document, "twins": tuple(document.get("twins", ())), "kinds": tuple(document.get("kinds", ()))}
        )

    def matches(self, matter: "Matter") -> bool:
        of_twin = not self.twins or bool(set(self.twins) & set(matter.twins))
        return of_twin and (not self.kinds or matter.kind in self.kinds)


@dataclasses.dataclass(frozen=True)
class Rule:
    """`key` never changes: the ledger knows a rule by it. `names` and `wording` are by language.

    `wording` has a subject and a text for each language, with the names of `PLACEHOLDERS` in braces; where it is empty
    the words are the product's own. `late_days` is how many days after its own day a reminder may still leave; None
    lets that follow from the lead. With `task`, what is reminded of is somebody's to do, and can be claimed.
    """

    key: str
    about: About
    leads: tuple[Lead, ...]
    audience: tuple[Audience, ...]
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    choice: Choice = Choice()
    wording: Mapping[str, Mapping[str, str]] = dataclasses.field(default_factory=dict)
    late_days: int | None = None
    task: bool = False
    enabled: bool = True
    since: dt.datetime = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    """Nothing that was due before is ever sent: a new rule sends no blast over the past."""


@dataclasses.dataclass(frozen=True)
class Matter:
    """Something to be reminded of.

    `subject` says what ("founding:cologne", "activity:<uuid>", "twin:coventry:<uuid>", "day:<rule>", "outlook"), `year`
    which time: a day moved within its year is the same matter, which is never told of twice. `since` is when it was
    known. `comes` are the occasions come round, of an occasion or an outlook. `title` is by language, of anything else.
    """

    about: About
    subject: str
    year: int
    when: HistoricDate
    since: dt.datetime
    twins: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PUBLIC
    kind: str = ""
    round: bool = False
    title: Mapping[str, str] = dataclasses.field(default_factory=dict)
    comes: tuple[Occurrence, ...] = ()
    place: str = ""
    responsible: str = ""
    """The mail address of the account that answers for it."""
    owner: str = ""
    activity_id: UUID | None = None
    rule: str = ""
    """The key of the one rule it is for, where a rule says itself what there is: its day of the year, its silence."""

    @property
    def mark(self) -> Mark:
        """What of it decides who may know of it."""
        return Mark(self.visibility, tuple(self.twins), self.owner, responsible=self.responsible)


@dataclasses.dataclass(frozen=True)
class Due:
    """A rule's reminder of a matter, and the local day on which it falls due."""

    rule: Rule
    matter: Matter
    lead: Lead
    day: dt.date

    @property
    def days_left(self) -> int:
        """From its day to the matter's first one; what asks afterwards counts from the last one, below zero."""
        when = self.matter.when
        counted = when.latest if self.lead.amount > 0 else when.earliest
        return ((counted or self.day) - self.day).days


def due_of(rule: Rule, matter: Matter) -> Iterator[Due]:
    """Every reminder of a matter under a rule, each lead once."""
    if matter.about is not rule.about or matter.rule not in ("", rule.key) or not rule.choice.matches(matter):
        return
    told: set[str] = set()
    stuck_on: set[dt.date] = set()
    for lead in rule.leads:
        if (lead.years is Years.ROUND and not matter.round) or lead.code in told:
            continue
        day = _day(matter, lead)
        if day is not None and matter.about is About.STUCK_SHIPMENT:
            # Sooner it is not stuck; and of several leads that come too soon one is enough.
            day = max(day, (matter.when.latest or day) + dt.timedelta(days=rule.choice.days))
            day = None if day in stuck_on else day
        if day is not None:
            stuck_on.add(day)
            told.add(lead.code)
            yield Due(rule, matter, lead, day)


def with_escalation(rule: Rule, matter: Matter) -> Iterator[Due]:
    """Every reminder of a matter under a rule, and the one more for administrators."""
    dues = list(due_of(rule, matter))
    yield from dues
    yield from _escalation_of(rule, matter, dues)


def _escalation_of(rule: Rule, matter: Matter, dues: Sequence[Due]) -> Iterator[Due]:
    """The one more reminder, seven days before, of a task that nobody has taken on by then.

    Only where somebody was told at least a day sooner: nothing has been left lying that was not known of.
    """
    on = matter.when.exact_day if dues and rule.task and matter.about is not About.OUTLOOK else None
    day = _moved(ESCALATED, on) if on else None
    if day is not None and any(due.day < day for due in dues):
        yield Due(rule, matter, ESCALATED, day)


def last_day(due: Due) -> dt.date:
    """The last day on which a reminder is still of use, should the tracker have been off on its own day.

    As long as half of its notice is left, and the rule's next one is not due yet: 30 days before may become 16, 7 may
    become 4. On the day itself: until the day after, since greetings are taken a day late. What asks for something
    afterwards: a month. What has no day: until its month, or January for the outlook, is over.
    """
    matter, lead = due.matter, due.lead
    if due.rule.late_days is not None:
        return due.day + dt.timedelta(days=due.rule.late_days)
    if matter.about is About.OUTLOOK:
        return dt.date(matter.year, 1, 31)
    if matter.about is About.OCCASION and matter.when.precision is Precision.MONTH:
        return matter.when.latest or due.day
    if lead.amount > 0 or matter.about is About.SILENT_TWIN:
        return due.day + dt.timedelta(days=30)
    if due.days_left == 0:
        return due.day + dt.timedelta(days=1)
    half = due.day + dt.timedelta(days=(due.days_left - 1) // 2)
    return min([half, *(later.day - dt.timedelta(days=1) for later in due_of(due.rule, matter) if later.day > due.day)])


def _day(matter: Matter, lead: Lead) -> dt.date | None:
    """On which local day it is due; None where the matter is not known exactly enough for that."""
    first, last = matter.when.earliest, matter.when.latest
    if first is None or last is None:
        return None
    if matter.about is About.OUTLOOK:
        return dt.date(matter.year, 1, 2) if lead.amount == 0 else None
    if matter.about is About.UNCONFIRMED:
        # Of a month or a year it can be said too that it is over; and of nothing while it may still go on.
        return _moved(lead, last) if lead.amount > 0 else None
    if matter.when.precision is Precision.DAY:
        return _moved(lead, first)
    if matter.when.precision is not Precision.MONTH:
        return None
    if matter.about is About.OCCASION:
        # On the first of the month, as "day unknown": a countdown to an unknown day would invent one.
        return first if lead.amount == 0 else None
    return _moved(lead, last if lead.amount > 0 else first)


def _moved(lead: Lead, on: dt.date) -> dt.date | None:
    try:
        return lead.day(on)
    except (OverflowError, ValueError):  # before the year 1 or after 9999
        return None


PLACEHOLDERS = ("title", "twin", "date", "days", "years", "place", "name", "link")
"""What a rule's own words may name, in braces."""


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """A checked text with its placeholders replaced, in one go: what a value says is not looked through again."""
    return string.Formatter().vformat(text, (), {name: values.get(name, "") for name in PLACEHOLDERS})


@dataclasses.dataclass(frozen=True)
class Recipient:
    """Somebody to be reminded. `person` is their name in the ledger: "user:3", "mail:town@example.org", "chat:2".

    `since` they have been known here. `role` is that in the whole house, None for an address or a chat, which see
    public things only; `follows` None is everything. `remind_at` is their morning, `quiet` from when to when nothing is
    sent to them, perhaps over midnight.
    """

    person: str
    zone: str
    since: dt.datetime
    role: str | None = None
    user_id: int | None = None
    email: str = ""
    follows: frozenset[str] | None = None
    remind_at: dt.time = dt.time(8)
    quiet: tuple[dt.time, dt.time] | None = None
    rights: Rights | None = None
    """Of an account."""

    def follows_any(self, twins: Sequence[str]) -> bool:
        """What concerns no twin concerns everybody."""
        return self.follows is None or not twins or bool(self.follows & set(twins))


def listeners(rule: Rule, matter: Matter, people: Iterable[Recipient]) -> list[Recipient]:
    """Whom a rule tells of a matter, each once: of those it is for, those who may read it (R12)."""
    return [
        person
        for person in people
        if may_read(matter, person) and any(_is_told(each, matter, person) for each in rule.audience)
    ]


def told_of(due: Due, people: Iterable[Recipient]) -> list[Recipient]:
    """Whom one reminder is for: what nobody has taken on is told to administrators, whatever the rule says."""
    if not due.lead.escalates:
        return listeners(due.rule, due.matter, people)
    return [person for person in people if person.role == Role.ADMINISTRATOR and may_read(due.matter, person)]


def may_read(matter: Matter, person: Recipient) -> bool:
    """Whether somebody may know of it; without an account, what is public."""
    if matter.visibility is Visibility.PUBLIC:
        return True
    if person.rights is not None:
        return person.rights.may_see(matter.mark)
    return person.role is not None and may_see(Role(person.role), matter.visibility)


def role_in(matter: Matter, person: Recipient) -> str | None:
    """Somebody's role where the matter is: an editor for Coventry is none where Coventry has no part."""
    return person.rights.role_at(matter.mark) if person.rights else person.role


def _is_told(audience: Audience, matter: Matter, person: Recipient) -> bool:
    match audience.to:
        case To.FOLLOWERS:
            return person.user_id is not None and person.follows_any(matter.twins)
        case To.RESPONSIBLE:
            return person.user_id is not None and bool(person.email) and person.email == matter.responsible
        case To.ROLE:
            return role_in(matter, person) == audience.value
        case To.ADDRESS:
            return person.person == f"mail:{audience.value}"
        case To.CHAT:
            return person.person == f"chat:{audience.value}"
