"""The lists of a report: all activities in order of time, by city, by purpose, by kind, day by day. Pure.

Those of other organisations stand in a list of their own, and so does what began before the period (R6).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from tracker.domain import words
from tracker.domain.activities import Status
from tracker.domain.activity_matters import CALLED_OFF
from tracker.domain.counts_for import name_of
from tracker.domain.figures import Line
from tracker.domain.report_document import Group, Item, Listing, Paragraph, Part, Said, Sort, Table
from tracker.domain.report_items import item, programme_item
from tracker.domain.report_sections_money import purpose
from tracker.domain.report_speech import month_first, read
from tracker.domain.report_standing import standing_of
from tracker.domain.report_tables import heads, label, money, number, text
from tracker.domain.report_telling import Telling
from tracker.i18n import N_, NP_

_EMPTY = N_("No activity has been logged for this period.")
_OTHERS = N_("Activities of other organisations")
_CARRIED = N_("Begun earlier and still going on in this period")
_NO_MONTH = N_("Month not known")
_NO_PURPOSE = N_(
    "No activity of this period says what it counts for. Write it under “Counts for” in the activity’s own entry."
)
_WITHOUT_PURPOSE = NP_(
    "{number} activity that took place says no purpose it counts for, and is not listed here.",
    "{number} activities that took place say no purpose they count for, and are not listed here.",
)
_SERVED = NP_("{number} activity served the following purposes.", "{number} activities served the following purposes.")
_UNDER_EACH = N_("An activity that counts for several purposes stands under each of them; its sums too.")

Key = str
Grouped = Iterable[tuple[Said | None, Sequence[Line]]]


def chronicle(told: Telling) -> tuple[Part, ...]:
    """By month; what is known to the season or year only stands first."""
    return tuple(_listings(told, "chronicle", _by_month))


def by_twin(told: Telling) -> tuple[Part, ...]:
    """City by city, each with how the partnership stood at the end of the period (R1)."""
    return tuple(_listings(told, "by_twin", _by_twin, "twins"))


def by_category(told: Telling) -> tuple[Part, ...]:
    return tuple(_listings(told, "by_category", _by_kind, "kind"))


def programme(told: Telling) -> tuple[Part, ...]:
    """Day by day: what took place or is planned, and a delegation's programme item by item."""
    days: dict[str, list[tuple[str, Item]]] = defaultdict(list)
    for line in (*_counting(told), *(line for line in told.figures.lines if line.own and line.carried)):
        days[_day(line.start)].append(("", item(told, line)))
        for planned in () if line.status in CALLED_OFF else line.programme:
            days[_day(planned.start)].append((planned.start, programme_item(told, line, planned)))
    groups = []
    for day in sorted(days, key=lambda day: read(day).sort_key):
        by_time = sorted(days[day], key=lambda one: one[0])
        groups.append(Group(told.speech.heading(told.speech.date(day)), tuple(one for _, one in by_time)))
    return (Listing("programme", tuple(groups), told.speech.say(_EMPTY)), *_others(told, "programme"))


def by_purpose(told: Telling) -> tuple[Part, ...]:
    """What took place, under each purpose it counts for, and the money of each."""
    held = [line for line in _counting(told) if line.status is Status.HELD]
    found = _purposes(told, held)
    without = sum(1 for line in held if not line.counts_for)
    if not found:
        return (Paragraph(told.speech.say(_NO_PURPOSE)),)
    groups = tuple(Group(_purpose_name(told, key), _items(told, lines)) for key, lines in found.items())
    left = [Paragraph(told.speech.count(_WITHOUT_PURPOSE, without))] if without else []
    listing = Listing("by_purpose", groups, told.speech.say(_NO_PURPOSE))
    return (*_overview(told, found), listing, *_money_of(told, found), *left)


def _listings(
    told: Telling, name: str, grouped: Callable[[Telling, Sequence[Line]], Grouped], known: str = ""
) -> Iterable[Part]:
    empty = told.speech.say(_EMPTY)
    groups = [
        Group(heading and told.speech.heading(heading), _items(told, lines, known))
        for heading, lines in grouped(told, _counting(told))
    ]
    if carried := [line for line in told.figures.lines if line.own and line.carried]:
        groups.append(Group(told.speech.say(_CARRIED), _items(told, carried)))
    yield Listing(name, tuple(groups), empty)
    yield from _others(told, name)


def _others(told: Telling, name: str) -> Iterable[Part]:
    if others := [line for line in told.figures.lines if not line.own]:
        group = Group(told.speech.say(_OTHERS), _items(told, others))
        yield Listing(f"{name}_others", (group,), told.speech.say(_EMPTY))


def _counting(told: Telling) -> list[Line]:
    return [line for line in told.figures.lines if line.own and not line.carried]


def _items(told: Telling, lines: Iterable[Line], known: str = "") -> tuple[Item, ...]:
    return tuple(item(told, line, known) for line in lines)


def _by_month(told: Telling, lines: Sequence[Line]) -> Grouped:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        month = month_first(line.start)
        groups[f"{month:%Y-%m}" if month else ""].append(line)
    for month_text in sorted(groups):
        yield told.speech.date(month_text) if month_text else told.speech.say(_NO_MONTH), groups[month_text]


def _day(start: str) -> str:
    return start.partition("T")[0]


def _by_twin(told: Telling, lines: Sequence[Line]) -> Grouped:
    slugs = dict.fromkeys(slug for line in lines for slug in line.twins)
    for slug in told.by_name(slugs):
        heading = told.speech.joined([told.city(slug), standing_of(told, slug)], " – ")
        yield heading, [line for line in lines if slug in line.twins]


def _by_kind(told: Telling, lines: Sequence[Line]) -> Grouped:
    for kind in words.KINDS:
        if found := [line for line in lines if line.kind == kind]:
            yield told.speech.word(words.KINDS, kind), found


def _purposes(told: Telling, lines: Iterable[Line]) -> dict[Key, list[Line]]:
    """By the purpose as it is called in English, whichever language it was typed in; only what the reader asks for."""
    wanted = {name_of(typed, "en") for typed in told.figures.scope.counts_for}
    left_out = {name_of(typed, "en") for typed in told.figures.scope.leaves_out}
    groups: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        for key in dict.fromkeys(name_of(typed, "en") for typed in line.counts_for):
            if key not in left_out and (not wanted or key in wanted):
                groups[key].append(line)
    return dict(sorted(groups.items()))


def _purpose_name(told: Telling, key: Key) -> Said:
    return told.speech.heading(told.speech.each(lambda tag: name_of(key, tag)))


def _overview(told: Telling, found: dict[Key, list[Line]]) -> Iterable[Part]:
    """How many activities served each purpose; never a sum, since one can serve several."""
    listed = {line.id for lines in found.values() for line in lines}
    yield Paragraph(told.speech.count(_SERVED, len(listed)))
    columns = heads(told, (N_("Purpose"), Sort.TEXT), (N_("Activities"), Sort.COUNT))
    rows = tuple((text(_purpose_name(told, key)), number(told, len(lines))) for key, lines in found.items())
    yield Table("purposes", told.speech.say(N_("Purposes")), columns, rows, note=told.speech.say(_UNDER_EACH))


def _money_of(told: Telling, found: dict[Key, list[Line]]) -> Iterable[Part]:
    rows = []
    for key, lines in found.items():
        sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for line in lines:
            for given in line.money:
                sums[given.role, given.currency] += given.amount
        for (role, currency), amount in sums.items():
            cells = text(_purpose_name(told, key)), label(told, purpose(told, role)), text(told.speech.same(currency))
            rows.append((*cells, money(told, amount, currency)))
    if rows:
        columns = heads(
            told,
            (N_("Purpose"), Sort.TEXT),
            (N_("Sort of money"), Sort.TEXT),
            (N_("Currency"), Sort.TEXT),
            (N_("Amount"), Sort.MONEY),
        )
        title = told.speech.say(N_("Money by purpose"))
        yield Table("purpose_money", title, columns, tuple(rows), note=told.speech.say(_UNDER_EACH))
