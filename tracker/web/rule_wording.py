"""The words of the pages of rules: what a rule can be about, what its texts may name, what its inputs are called."""

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.domain.activities import Kind
from tracker.domain.calendars import KIND_STYLES, OCCASION
from tracker.domain.reminder_wording import lead_in_words
from tracker.domain.rule_checks import KINDS
from tracker.domain.rules import About, Rule, Years
from tracker.i18n import N_, gettext
from tracker.web.calendar_forms import OCCASIONS


@dataclass(frozen=True)
class What:
    """What a rule is about: its icon, the heading it stands under, an explanation for who makes one, and its colour,
    which is that of a kind."""

    icon: str
    name: str
    says: str
    colour: str = "delegation"


WHAT: dict[About, What] = {
    About.OCCASION: What(
        "calendar-heart",
        N_("Anniversaries and days of remembrance"),
        N_("Each time one comes round; other times for round years."),
        OCCASION,
    ),
    About.OUTLOOK: What(
        "calendar3", N_("The outlook on a year"), N_("In January: round anniversaries, and what has no day.")
    ),
    About.START: What(
        "arrow-right", N_("Before an activity begins"), N_("Visas, hotels, gifts: what takes time before a trip.")
    ),
    About.END: What("check-circle", N_("After an activity"), N_("Thanks, numbers, photographs, settlements.")),
    About.UNCONFIRMED: What(
        "question-circle",
        N_("Past activities still not confirmed"),
        N_("Asks whether something took place that is still “planned”."),
    ),
    About.STUCK_SHIPMENT: What(
        "truck",
        N_("Aid shipments that do not move"),
        N_("When a shipment stays in one stage for too long."),
        Kind.AID_SHIPMENT,
    ),
    About.SILENT_TWIN: What(
        "pause-circle", N_("Twin cities without any activity"), N_("When nothing has been written down for months.")
    ),
    About.AGREEMENT_END: What("award", N_("The end of an agreement"), N_("In time to ask whether to renew it.")),
    About.DAY: What("calendar-check", N_("A day of every year"), N_("Deadlines, letters, the closing of the year.")),
}
OFFERED = {about.value: what for about, what in WHAT.items() if about is not About.OUTLOOK}
"""What somebody can make a rule about; of the outlook there is one already."""

_ACTIVITIES = {kind: style.label for kind, style in KIND_STYLES.items()}


def kinds_of(about: About) -> list[tuple[str, str]]:
    """The kinds a rule may choose from, each with its name."""
    names = OCCASIONS if about is About.OCCASION else _ACTIVITIES
    return [(str(kind), names[kind]) for kind in KINDS.get(about, ())]


PLACEHOLDER_NAMES = {
    "title": N_("what it is about: “38th anniversary of the twinning Cologne – Volgograd”, “School exchange”"),
    "twin": N_("the twin city or cities"),
    "date": N_("the day, as exactly as it is known"),
    "days": N_("how many days are left (or have passed), as a number"),
    "years": N_("how many years it has been, of an anniversary"),
    "place": N_("the place, of an activity"),
    "name": N_("whom the mail is for"),
    "link": N_("the address of the page about it"),
}

_INPUTS = {
    "names": N_("Name"),
    "twins": N_("Twin cities"),
    "kinds": N_("Kind"),
    "day": N_("Day of the year"),
    "months": N_("Months without any activity"),
    "days": N_("Days in one stage"),
    "leads": N_("When"),
    "audience": N_("Whom to tell"),
    "addresses": N_("E-mail address"),
    "wording": N_("Own words"),
    "late_days": N_("Days it may be late"),
}


def times(rule: Rule, language: str) -> str:
    """When a rule reminds: "30 days before; on the day itself; in round years also: 12 months before"."""
    said: dict[Years, list[str]] = {Years.ALL: [], Years.ROUND: []}
    for lead in rule.leads:
        said[lead.years].append(lead_in_words(lead.code, language))
    always, rounds = said[Years.ALL], "; ".join(said[Years.ROUND])
    if not rounds:
        return "; ".join(always)
    only = N_("in round years also: {times}") if always else N_("only in round years: {times}")
    return "; ".join([*always, gettext(language, only, times=rounds)])


def labels(inputs: Iterable[str], language: str) -> dict[str, str]:
    """What the inputs are called in the list of what is not right."""
    return {name: gettext(language, _INPUTS.get(name.split(".")[0], name)) for name in inputs}
