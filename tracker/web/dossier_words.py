"""A dossier in the words of its printed list: a section for each day, then beds, people, gifts and what is to be done.

Telephone numbers for an emergency come last, on a page of their own, to be folded and carried.
"""

import datetime as dt
from collections.abc import Iterable

from babel.dates import format_date

from tracker.domain.activities import Activity
from tracker.domain.dossier_days import Day, Happening
from tracker.domain.dossiers import Private, Todo
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext
from tracker.outputs.half_year import Group, HalfYearList, Line, Section, plain
from tracker.web.language import in_words, language, locale, people, stamp, stretch, titled, zone
from tracker.web.pages.activities import span_of

GUESTS = N_("Guests: {who}")
HOSTS = N_("Hosts: {who}")
INTERPRETER = N_("Interpreter: {who}")


def paper_of(
    shown: Activity,
    private: Private,
    days: Iterable[Day],
    twins: dict[str, Twin],
    changed: dt.datetime,
    *,
    guests: bool,
) -> HalfYearList:
    tag = language()
    sections = [_day(day) for day in days]
    sections += [_stays(private), _contacts(private)]
    if not guests:
        sections += [_gifts(private), _todos(private)]
        if private.note:
            lines = tuple(Line(plain(line), ()) for line in private.note.splitlines() if line.strip())
            sections.append(Section(gettext(tag, N_("Notes")), (Group("", lines),)))
    sections.append(_emergencies(private))
    kept = tuple(section for section in sections if section.groups)
    day = format_date(changed.astimezone(zone()), "long", locale=locale())
    whose = N_("For the guests") if guests else N_("For staff only: do not pass it on")
    foot = (gettext(tag, N_("Last change: {day}"), day=day),)
    return HalfYearList(tag, titled(shown.title)[0], (gettext(tag, whose), *about(shown, twins)), kept, foot, changed)


def about(shown: Activity, twins: dict[str, Twin]) -> tuple[str, ...]:
    """The lines below the title."""
    tag, day = language(), shown.earliest
    cities = [*(twins[slug].name_at(day, tag) for slug in shown.twins if slug in twins), HUB.name_at(day, tag)]
    first = " · ".join(filter(None, (span_of(shown), " – ".join(cities), shown.place)))
    leaders = "; ".join(", ".join(filter(None, (leader.name, leader.office))) for leader in shown.leaders)
    return tuple(filter(None, (first, leaders, ", ".join(people(count) for count in shown.counts))))


def in_order(todos: Iterable[Todo], time: str) -> list[tuple[int, Todo]]:
    """The things to do before or after, each with its place in the whole list."""
    return [(place, todo) for place, todo in enumerate(todos) if todo.time == time]


def _day(day: Day) -> Section:
    heading = (
        str(format_date(day.date, "full", locale=locale()))
        if day.date
        else gettext(language(), N_("The day is not settled yet"))
    )
    return Section(heading, tuple(Group(one.clock, (_happening(one),)) for one in day.happenings))


def _happening(one: Happening) -> Line:
    met, tag = one.meeting, language()
    interpreter = ", ".join(filter(None, (met.interpreter, met.languages)))
    facts = [
        one.times,
        one.place,
        *(gettext(tag, label, who=who) for label, who in ((GUESTS, met.guests), (HOSTS, met.hosts)) if who),
        gettext(tag, INTERPRETER, who=interpreter) if interpreter else "",
        met.note,
    ]
    return Line(plain(one.title), tuple(plain(fact) for fact in facts if fact))


def _section(heading: str, rows: Iterable[tuple[str, str, tuple[str, ...]]]) -> Section:
    """Rows of label, title and facts."""
    groups = [
        Group(label, (Line(plain(title), tuple(plain(fact) for fact in facts if fact)),))
        for label, title, facts in rows
    ]
    return Section(gettext(language(), heading), tuple(groups))


def _stays(private: Private) -> Section:
    rows = [("", stay.name, (stretch(stay.start, stay.end), stay.address, stay.who)) for stay in private.stays]
    return _section(N_("Where they stay"), rows)


def _contacts(private: Private) -> Section:
    rows = [("", one.name, (one.role, one.phone, one.email)) for one in private.contacts]
    return _section(N_("Whom to reach on the way"), rows)


def _gifts(private: Private) -> Section:
    rows = [(in_words(gift.way, "gift_way"), gift.what, (gift.whom, gift.note)) for gift in private.gifts]
    return _section(N_("Gifts"), rows)


def _todos(private: Private) -> Section:
    rows = [
        (
            in_words(todo.time, "todo_time"),
            todo.what,
            (stamp(todo.on) if todo.on else "", todo.who, gettext(language(), N_("done")) if todo.done else ""),
        )
        for time in ("before", "after")
        for _, todo in in_order(private.todos, time)
    ]
    return _section(N_("To do"), rows)


def _emergencies(private: Private) -> Section:
    rows = [("", f"{one.what}: {one.number}", (one.note,)) for one in private.emergencies]
    made = _section(N_("In an emergency"), rows)
    return Section(made.heading, made.groups, apart=True)
