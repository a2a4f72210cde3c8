"""What a calendar shall hold, as a form says it: ready-made choices, one's own, and any choice in words again.

The level may be lower than the person's, for a room or a circle of others; it is never higher, so nobody chooses what
they may not see.
"""

import dataclasses
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from tracker.domain.access import Who, visible_to
from tracker.domain.activities import Kind, Status, Visibility
from tracker.domain.calendars import ALL_OCCASIONS, KIND_STYLES, OCCASION, Selection
from tracker.domain.choices import CalendarChoice, title
from tracker.domain.occasions import OccasionKind
from tracker.domain.twins import Twin
from tracker.domain.words import STATUSES
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES, N_, gettext, ngettext

_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}

OCCASIONS = {
    OccasionKind.TWINNING.value: N_("Anniversaries of the twinnings"),
    OccasionKind.AGREEMENT.value: N_("Anniversaries of agreements"),
    OccasionKind.MILESTONE.value: N_("Anniversaries of milestones and activities"),
    OccasionKind.OBSERVANCE.value: N_("Days of remembrance"),
}
ALARMS = {
    60: N_("1 hour before"),
    24 * 60: N_("1 day before"),
    7 * 24 * 60: N_("1 week before"),
    28 * 24 * 60: N_("4 weeks before"),
}
BACK = {
    "0": N_("from this year on"),
    "1": N_("from last year on"),
    "5": N_("five years back"),
    "": N_("all past years"),
}
AHEAD = {
    "0": N_("until the end of this year"),
    "1": N_("until the end of next year"),
    "": N_("all that is known"),
}


@dataclasses.dataclass(frozen=True)
class Ready:
    """A choice that takes one press."""

    key: str
    icon: str
    name: str
    holds: str


READY = (
    Ready("everything", "calendar3", N_("Everything"), N_("All activities and anniversaries")),
    Ready("anniversaries", "calendar-heart", N_("Anniversaries"), N_("And days of remembrance, no activities")),
    Ready("aid", "truck", N_("Aid"), N_("Every aid shipment, nothing else")),
    Ready("history", "clock-history", N_("Looking back"), N_("All that was held, all years back")),
)
_OF_TWIN = "twin:"


def level_of(who: Who) -> Visibility:
    """The most a calendar of this person may hold; what is confidential stands in none."""
    return [level for level in visible_to(who) if level is not Visibility.CONFIDENTIAL][-1]


def levels_up_to(level: Visibility) -> list[Visibility]:
    """What somebody of this level can let others read."""
    levels = list(Visibility)
    return levels[: levels.index(level) + 1]


def chosen(form: MultiDict[str, str], level: Visibility, spoken: str) -> CalendarChoice:
    """The choice a form means; raises `InvalidInput` for what makes no calendar."""
    language, lower = form.get("language", ""), form.get("visibility", "")
    ready = form.get("ready")
    if ready:
        return _ready(ready, level, spoken)
    kinds, occasions = tuple(form.getlist("kinds")), tuple(form.getlist("occasions"))
    if not kinds and not occasions:
        raise InvalidInput.one(
            "kinds", "", N_("This calendar would stay empty. Tick at least one kind or anniversary.")
        )
    return CalendarChoice(
        Selection(
            twins=tuple(form.getlist("twins")),
            # No kind of activity is told by naming the kind that none is.
            kinds=_all_or(kinds, tuple(Kind)) if kinds else (OCCASION,),
            language=language if language in LANGUAGES else spoken,
            occasions=occasions,
            statuses=_all_or(tuple(form.getlist("statuses")), tuple(Status)),
        ),
        Visibility(lower) if lower in levels_up_to(level) else level,
        years_back=_number(form, "years_back"),
        years_ahead=_number(form, "years_ahead"),
        alarms=tuple(minutes for minutes in ALARMS if str(minutes) in form.getlist("alarms")),
        both_times="both_times" in form,
        busy="busy" in form,
    )


def name_of(form: MultiDict[str, str], choice: CalendarChoice, twins: Mapping[str, Twin], language: str) -> str:
    """What a new subscription is called: as its owner says, else by what it holds."""
    own = " ".join(form.get("name", "").split())[:200]
    ready = next((one for one in READY[1:] if one.key == form.get("ready")), None)
    return own or (gettext(language, ready.name) if ready else title(choice, twins, _LABELS))


def in_words(choice: CalendarChoice, twins: Mapping[str, Twin], language: str) -> list[tuple[str, str]]:
    """What a calendar holds, as labels and texts."""
    selection = choice.selection
    all_ = gettext(language, N_("all"))

    def listed(values: tuple[str, ...], words: Mapping[str, str]) -> str:
        return ", ".join(gettext(language, words.get(value, value)) for value in values)

    names = [twins[slug].name(language) if slug in twins else slug for slug in selection.twins]
    kinds = tuple(kind for kind in selection.kinds if kind != OCCASION)
    none = gettext(language, N_("none"))
    told = [
        (N_("Twin cities"), ", ".join(names) or all_),
        (N_("Activities"), listed(kinds, _LABELS) if selection.kinds else all_),
        (N_("Anniversaries"), all_ if selection.occasions == ALL_OCCASIONS else listed(selection.occasions, OCCASIONS)),
        (N_("Years"), _years(choice, language)),
        (N_("Alarms"), ", ".join(_alarm(minutes, language) for minutes in choice.alarms)),
    ]
    if selection.statuses:
        told.insert(2, (N_("Status"), listed(selection.statuses, STATUSES)))
    if choice.both_times:
        told.append((N_("Times"), gettext(language, N_("with the clocks of all cities"))))
    if choice.busy:
        told.append((N_("Others’ activities"), gettext(language, N_("as taken time, without words"))))
    return [(gettext(language, label), text or none) for label, text in told]


def _ready(key: str, level: Visibility, language: str) -> CalendarChoice:
    if key.startswith(_OF_TWIN):
        return CalendarChoice(Selection((key.removeprefix(_OF_TWIN),), language=language), level, years_back=1)
    everything = CalendarChoice(Selection(language=language), level, years_back=1)
    held = Selection(language=language, occasions=(), statuses=(Status.HELD,))
    choices = {
        "everything": everything,
        "anniversaries": dataclasses.replace(everything, selection=Selection(kinds=(OCCASION,), language=language)),
        "aid": dataclasses.replace(
            everything, selection=Selection(kinds=(Kind.AID_SHIPMENT,), language=language, occasions=())
        ),
        "history": CalendarChoice(held, level),
    }
    if key not in choices:
        raise InvalidInput.one("ready", key, N_("“{value}” is none of the ready ones: {known}."), known=tuple(choices))
    return choices[key]


def _all_or(given: tuple[str, ...], every: tuple[str, ...]) -> tuple[str, ...]:
    """Nothing left out is told by naming nothing: what is new one day belongs to it then."""
    return () if set(given) == set(every) else given


def _number(form: MultiDict[str, str], field: str) -> int | None:
    text = form.get(field, "")
    if text and (not text.isascii() or not text.isdigit() or len(text) > 2):
        raise InvalidInput.one(field, text, N_("“{value}” is not a number of years between 0 and 99."))
    return int(text) if text else None


def _years(choice: CalendarChoice, language: str) -> str:
    """ "from last year on, all that is known"; numbers that the form does not offer as numbers."""
    back, ahead = ("" if years is None else str(years) for years in (choice.years_back, choice.years_ahead))
    past = (
        gettext(language, BACK[back])
        if back in BACK
        else ngettext(language, "{n} year back", "{n} years back", int(back))
    )
    coming = (
        gettext(language, AHEAD[ahead])
        if ahead in AHEAD
        else ngettext(language, "{n} year ahead", "{n} years ahead", int(ahead))
    )
    return f"{past}, {coming}"


def _alarm(minutes: int, language: str) -> str:
    if minutes in ALARMS:
        return gettext(language, ALARMS[minutes])
    return ngettext(language, "{n} minute before", "{n} minutes before", minutes)
