"""The calendar of a half-year, as a page and as a PDF to print: activities and occasions by month and day.

Both show what the reader may see, but what is confidential is never printed: paper is passed on.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from babel.dates import format_date, format_skeleton
from flask import Flask, Response, render_template, request, url_for

from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, Kind, Status, Visibility
from tracker.domain.activity_lines import ActivityLine
from tracker.domain.calendars import OCCASION
from tracker.domain.entry_times import both_times
from tracker.domain.events import EventType
from tracker.domain.half_year import Arranged, HalfYear, Month, arrange
from tracker.domain.search import fold
from tracker.domain.twins import HUB, Twin
from tracker.i18n import N_, gettext
from tracker.outputs.half_year import Group, HalfYearList, Line, Section, Wordings, half_year_pdf, plain
from tracker.store import activities as store
from tracker.store import event_log
from tracker.store import occasions as occasion_store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.web.auth import Audience, allowed, printable, visible
from tracker.web.installation import now, this_tracker, today
from tracker.web.language import in_words, language, locale, people, when, zone
from tracker.web.pages.activities import span_of
from tracker.web.pages.occasions import Remembered, remembered

_TOLD_BY = [type_ for type_ in EventType if type_.value.partition(".")[0] in ("activity", "twin", "observance")]
"""The events that can change what stands in the list."""

_DAY_UNKNOWN = N_("day unknown")
_TITLE = N_("Calendar: {months}")
_HALF = "<int(fixed_digits=4, min=2):year>-<int(min=1, max=2):half>"

Item = Activity | Remembered
Shown = TypeVar("Shown", bound=Activity | ActivityLine | Remembered)


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/calendar", "half_year", half_year)
    app.add_url_rule(f"/calendar/{_HALF}", "half_year", half_year)
    app.add_url_rule(f"/calendar/{_HALF}.pdf", "half_year_pdf", printed)
    app.jinja_env.filters |= {"short_day": short_day, "by_words": by_words}


@dataclass(frozen=True)
class Chosen:
    """What the address asks for: twins and kinds; none means all."""

    twins: tuple[str, ...]
    kinds: tuple[str, ...]

    def holds(self, one: Remembered) -> bool:
        """Occasions follow the twins as in calendars: one without a twin (8 May) concerns every partnership."""
        of_kind = not self.kinds or OCCASION in self.kinds
        return of_kind and (not self.twins or not one.twins or not set(self.twins).isdisjoint(one.twins))


def by_words(items: Iterable[Shown]) -> dict[str, list[Shown]]:
    """What has no day, under the words for when it is: "autumn 2026", "since 2002"."""
    groups: dict[str, list[Shown]] = {}
    for item in items:
        groups.setdefault(when(item.when) if isinstance(item, Remembered) else span_of(item), []).append(item)
    return groups


def short_day(day: dt.date) -> str:
    """ "Mon 4 Jan", for narrow columns."""
    return _short_day(day, locale())


@lru_cache(maxsize=4096)
def _short_day(day: dt.date, tag: str) -> str:
    return str(format_skeleton("MMMEd", day, locale=tag))


@allowed(Audience.READERS)
def half_year(year: int | None = None, half: int = 1) -> str:
    shown = HalfYear(year, half) if year else HalfYear.of(today())
    chosen = _chosen()
    found, twins = _found(shown, chosen, visible)
    return render_template(
        "half_year.html",
        half=shown,
        title=gettext(language(), _TITLE, months=when(shown.span)),
        chosen=chosen,
        arranged=found,
        twins=twins,
        address=_address,
    )


@allowed(Audience.READERS)
def printed(year: int, half: int) -> Response:
    shown, chosen = HalfYear(year, half), _chosen()
    found, twins = _found(shown, chosen, printable)
    with this_tracker().database.reading() as session:
        changed = event_log.last_change(session, _TOLD_BY) or now()
    body = half_year_pdf(_List(twins).whole(shown, chosen, found, changed))
    response = Response(body, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="calendar-{shown}.pdf"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _chosen() -> Chosen:
    return Chosen(
        tuple(slug for slug in request.args.getlist("twin") if slug),
        tuple(kind for kind in request.args.getlist("kind") if kind in {*Kind, OCCASION}),
    )


def _address(endpoint: str, half: HalfYear) -> str:
    """Another half-year, or this one as PDF, with the same choice."""
    kept = {name: request.args.getlist(name) for name in ("twin", "kind") if request.args.get(name)}
    return url_for(endpoint, year=half.year, half=half.half, **kept)  # type: ignore[arg-type]  # lists are repeated


def _found(
    half: HalfYear, chosen: Chosen, seen: Callable[..., ActivityFilter]
) -> tuple[Arranged[Activity, Remembered], dict[str, Twin]]:
    kinds = tuple(kind for kind in chosen.kinds if kind != OCCASION)
    wanted = seen(twins=chosen.twins, kinds=kinds, first=half.first, last=half.last)
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        rows = store.listed(session, wanted) if kinds or not chosen.kinds else []
        activities = [row.to_activity() for row in rows]
        known, customs = occasion_store.load_all(session), rule_store.customs(session)
    occasions = [one for one in remembered(known, twins, customs, half.first, half.last) if chosen.holds(one)]
    return arrange(half, activities, occasions), twins


class _List:
    """The same in the words of the printed list."""

    def __init__(self, twins: dict[str, Twin]) -> None:
        self.twins = twins

    def whole(
        self, half: HalfYear, chosen: Chosen, found: Arranged[Activity, Remembered], changed: dt.datetime
    ) -> HalfYearList:
        tag = language()
        only = [self._name(slug) for slug in chosen.twins] + [in_words(kind, "kind") for kind in chosen.kinds]
        about = [gettext(tag, N_("Volgograd and its twin cities"))]
        if only:
            about.append(gettext(tag, N_("Only: {names}"), names=", ".join(only)))
        day = format_date(changed.astimezone(zone()), "long", locale=locale())
        foot = [gettext(tag, N_("Last change: {day}"), day=day)]
        if narrowest := _narrowest(found):
            foot.insert(0, f"{gettext(tag, N_('Who may see it'))}: {in_words(narrowest, 'visibility')}")
        title = gettext(tag, _TITLE, months=when(half.span))
        return HalfYearList(tag, title, tuple(about), tuple(self._sections(half, found)), tuple(foot), changed)

    def _sections(self, half: HalfYear, found: Arranged[Activity, Remembered]) -> list[Section]:
        sections = [self._month(month) for month in found.months]
        if found.vague:
            heading = gettext(language(), N_("{year}, the day is not known"), year=half.year)
            sections.append(Section(heading, self._by_words(found.vague)))
        if found.going_on:
            sections.append(
                Section(gettext(language(), N_("Began earlier and goes on")), self._by_words(found.going_on))
            )
        return sections

    def _month(self, month: Month[Activity, Remembered]) -> Section:
        groups = list(self._by_words(month.carried))
        if month.undated:
            groups.append(Group(gettext(language(), _DAY_UNKNOWN), self._lines(month.undated)))
        groups += [Group(short_day(day), self._lines(items)) for day, items in month.days]
        return Section(when(f"{month.first:%Y-%m}"), tuple(groups))

    def _by_words(self, items: Iterable[Item]) -> tuple[Group, ...]:
        return tuple(Group(words, self._lines(found, dated=True)) for words, found in by_words(items).items())

    def _lines(self, items: Iterable[Item], *, dated: bool = False) -> tuple[Line, ...]:
        """`dated`: the label beside them says already how long they last."""
        return tuple(
            self._activity(item, dated=dated) if isinstance(item, Activity) else self._occasion(item) for item in items
        )

    def _occasion(self, one: Remembered) -> Line:
        names = [name for name in map(self._name, one.twins) if name not in one.title]
        mark = N_("jubilee") if one.jubilee else N_("round") if one.round else ""
        facts = [*names, one.note, gettext(language(), mark) if mark else ""]
        return Line(plain(one.title), tuple(plain(fact) for fact in facts if fact))

    def _activity(self, one: Activity, *, dated: bool) -> Line:
        kind = in_words(one.kind, "kind")
        facts = [] if dated or not (one.timed or one.end) else [plain(self._lasts(one))]
        facts.append(plain(kind))
        facts += [((self._name(slug, one.earliest), ""), (slug, "")) for slug in one.twins]
        if one.place:
            facts.append(self._place(one))
        facts += [plain(people(count)) for count in one.counts[:2]]
        if one.owner:
            facts.append(plain(gettext(language(), N_("of {owner}"), owner=one.owner)))
        if one.status is not Status.HELD:
            status = in_words(one.status, "status")
            facts.append(plain(f"{status}: {one.reason}" if one.reason else status))
        return Line(_title(one, kind), tuple(facts), off=one.status is Status.CANCELLED)

    def _lasts(self, one: Activity) -> str:
        """The days it lasts; where the day stands beside it already, the hours by every clock."""
        if not one.timed or (one.end_date and one.end_date != one.start_date):
            return span_of(one)
        start = dt.datetime.fromisoformat(one.start)
        end = dt.datetime.fromisoformat(one.end) if one.end and not one.running else None
        return both_times(start, end, one.timezone, one.twins, self.twins, start.date(), language())

    def _place(self, one: Activity) -> Wordings:
        """The place as written; the name of the city it is, should no font have the writing."""
        cities = [HUB, *(self.twins[slug] for slug in one.twins if slug in self.twins)]
        named = [c.name_at(one.earliest, language()) for c in cities if fold(one.place) in map(fold, c.all_names())]
        return tuple((words, "") for words in (one.place, *named))

    def _name(self, slug: str, day: dt.date | None = None) -> str:
        return self.twins[slug].name_at(day, language()) if slug in self.twins else slug


def _title(one: Activity, kind: str) -> Wordings:
    """The title in the reader's language, else in the others; what kind of thing it is where no font has any."""
    order = sorted(one.title, key=lambda tag: (tag != language(), tag != "en", tag))
    return (*((one.title[tag], "" if tag == language() else tag) for tag in order), (kind, ""))


def _narrowest(found: Arranged[Activity, Remembered]) -> Visibility | None:
    """The smallest circle for whom anything in the list is meant; None where all of it is public."""
    items: list[Item] = [*found.vague, *found.going_on]
    for month in found.months:
        items += [*month.carried, *month.undated, *(item for _, day in month.days for item in day)]
    order = list(Visibility)
    narrowest = max((order.index(item.visibility) for item in items if isinstance(item, Activity)), default=0)
    return order[narrowest] if narrowest else None
