"""Finding activities: one set of filters in the address, shown as a list, a month, a year or a timeline.

Whatever is counted or shown goes by the filter that `auth.visible` begins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from uuid import UUID

from flask import Flask, redirect, render_template, request
from flask.typing import ResponseReturnValue

from tracker.bootstrap import Tracker
from tracker.domain.activity_lines import ActivityLine, Written
from tracker.domain.counts_for import COUNTS_FOR, purpose_of
from tracker.domain.dates import HistoricDate
from tracker.domain.search_hits import as_written
from tracker.domain.twins import Twin
from tracker.i18n import N_, gettext
from tracker.store import activities as store
from tracker.store import activity_lines, saved_views, search, tallies
from tracker.store import twins as twin_store
from tracker.store.activities import ActivityFilter
from tracker.store.corrections import Corrected, corrected
from tracker.web.auth import Audience, account, allowed, may_write, visible
from tracker.web.found import Found, explained, own_and_names
from tracker.web.installation import this_tracker, today
from tracker.web.language import OWN_NAMES, in_words, language, when
from tracker.web.list_query import MISSING, VIEWS, Query, read_query
from tracker.web.pages.stretches import span_of_query, stretch, within
from tracker.web.remembered_tallies import kept

PAGE = 40
_PLACES = 60
FIRST_DECADE = 1940


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/activities", "activities", activities)
    app.add_url_rule("/timeline", "timeline", timeline)
    app.jinja_env.globals |= {"filter_words": filter_words, "bar": bar}


@allowed(Audience.READERS)
def activities() -> ResponseReturnValue:
    if not request.args and (begin := _first_view()):
        return redirect(begin)
    view = request.args.get("view", "list")
    if view == "timeline":
        return redirect(read_query("timeline").address())
    return _page(read_query(view if view in VIEWS else "list"))


@allowed(Audience.READERS)
def timeline() -> ResponseReturnValue:
    return _page(read_query("timeline"))


def filter_words(name: str, value: str, twins: Mapping[str, Twin]) -> str:
    """A filter that is set, in words."""
    tag = language()
    match name:
        case "twin":
            return twins[value].name(tag) if value in twins else value
        case "kind" | "status" | "direction":
            return in_words(value, name)
        case "level":
            return f"{gettext(tag, N_('Who may see it'))}: {in_words(value, 'visibility')}"
        case "decade":
            return when(f"{value[:3]}X")
        case "own":
            return gettext(tag, N_("ours")) if value == "yes" else gettext(tag, N_("of others"))
        case "purpose":
            return in_words(purpose_of(value), "counts_for")
        case "missing" if value.startswith("title-"):
            named = OWN_NAMES.get(value[6:], value[6:])
            return gettext(tag, N_("without a title in {tongue}"), tongue=named)
        case "missing":
            return gettext(tag, N_("without a source") if value == "sources" else N_("without numbers"))
    labels = {"from": N_("From"), "to": N_("Until"), "place": N_("Place"), "who": N_("Who answers for it")}
    return f"{gettext(tag, labels[name])}: {value}" if name in labels else value


def bar(number: int, most: int) -> int:
    """How high a bar stands, of forty: by the root, or the one busy year would flatten all others."""
    return max(3, round(40 * (number / most) ** 0.5)) if number and most else 0


def _first_view() -> str | None:
    """Where a person's list begins, if they have chosen that."""
    me = account()
    if me is None:
        return None
    with this_tracker().database.reading() as session:
        chosen = saved_views.first_view(session, me.id)
        # Never without arguments, or it would lead here again.
        return f"/activities?{chosen.arguments}" if chosen else None


@dataclass(frozen=True)
class Listed:
    """One page of the list, by the headings its rows stand under."""

    years: list[tuple[str, list[Found]]]
    newer: str | None
    older: str | None
    texts: list[tuple[Written, tuple[str, ...]]]
    """Where words were looked for: what was written about each, and its twins."""


def _page(query: Query) -> str:
    me = account()
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        query, meant = _understood(session, query)
        span = span_of_query(query)
        counted = within(query.chosen, span) if span else query.chosen
        counts = _counts(session, counted)
        listed = _listed(session, query.chosen, twins) if query.view == "list" else None
        stretched = stretch(session, query, span) if span else None
        times = _timeline(session, query) if query.view == "timeline" else None
        places, purposes = _places(session, counted), _purposes(session, counted)
        missing = kept(session, tallies.missing, counted, *MISSING) if may_write() else {}
        views, first_view = saved_views.views_and_first(session, me.id) if me else ((), None)
    return render_template(
        "activities/list.html",
        section="activities",
        query=query,
        meant=_as_written(meant, listed.texts if listed else [], twins),
        counts=counts,
        listed=listed,
        stretch=stretched,
        times=times,
        places=places,
        purposes=purposes,
        twins=twins,
        views=views,
        first_view=first_view,
        missing=missing,
        today=today(),
    )


def _counts(session: Any, chosen: ActivityFilter) -> tallies.Tallies:
    """The numbers beside the choices; those of cities from what the timeline shows."""
    times = kept(session, tallies.by_twin_and_time, replace(chosen, twins=()), None)
    return tallies.of_cities(kept(session, tallies.tallies, chosen), times)


def _understood(session: Any, query: Query) -> tuple[Query, Mapping[str, tuple[str, ...]]]:
    """The query as it is looked for: inside of compound words too, and with what was meant where nothing is found."""
    if not query.chosen.words:
        return query, {}
    wide = replace(query.chosen, words=kept(session, search.widened, query.chosen.words))
    other: Corrected | None = None
    # The question that the first page of the list asks.
    if not kept(session, store.ids_listed, wide, newest_first=True, after=None, limit=PAGE + 1):
        other = corrected(session, wide, visible())
    return replace(query, chosen=other.chosen if other else wide), other.meant if other else {}


def _places(session: Any, chosen: ActivityFilter) -> dict[str, int]:
    """Where what is found was, how often; the places that are often met stay to choose from, with a 0."""
    all_, here = visible(), replace(chosen, place="")
    usual = kept(session, tallies.places, all_, _PLACES)
    also = sorted({*usual, chosen.place} - {""})
    if here == all_ and len(also) == len(usual):
        return usual
    return kept(session, tallies.places, here, _PLACES, tuple(also))


def _purposes(session: Any, chosen: ActivityFilter) -> dict[str, int]:
    """What is found counts for, how often; the purposes of the statutes and those typed elsewhere with a 0."""
    known = kept(session, tallies.purposes, visible())
    offered = [*COUNTS_FOR, *known, *map(purpose_of, chosen.counts_for)]
    return {**dict.fromkeys(offered, 0), **kept(session, tallies.purposes, replace(chosen, counts_for=()))}


def _as_written(
    meant: Mapping[str, Sequence[str]], found: list[tuple[Written, tuple[str, ...]]], twins: Mapping[str, Twin]
) -> list[str]:
    """The words looked for instead, in the letters in which they stand in what was found."""
    if not meant:
        return []
    texts = [text for one, slugs in found for text in own_and_names(one, (twins[s] for s in slugs if s in twins))]
    return [as_written(texts, word) for words in meant.values() for word in words]


def _listed(session: Any, chosen: ActivityFilter, twins: Mapping[str, Twin]) -> Listed:
    found, newer, older = _rows(session, chosen)
    texts = activity_lines.written(session, [one.id for one in found], visible()) if chosen.words else {}
    years = [
        (year, [explained(one, texts.get(one.id), twins, chosen.words) for one in group])
        for year, group in groupby(found, key=_year)
    ]
    return Listed(
        years,
        _cursor(found[0]) if found and newer else None,
        _cursor(found[-1]) if found and older else None,
        [(texts[one.id], one.twins) for one in found if one.id in texts],
    )


def _rows(session: Any, chosen: ActivityFilter) -> tuple[list[ActivityLine], bool, bool]:
    """One page, newest first, and whether there are newer and older ones beyond it."""
    before, after = _read_cursor(request.args.get("before")), _read_cursor(request.args.get("after"))
    if before:
        ids = kept(session, store.ids_before, chosen, before, newest_first=True, limit=PAGE + 1)
        return activity_lines.lines(session, ids[-PAGE:], visible()), len(ids) > PAGE, True
    ids = kept(session, store.ids_listed, chosen, newest_first=True, after=after, limit=PAGE + 1)
    return activity_lines.lines(session, ids[:PAGE], visible()), after is not None, len(ids) > PAGE


def _cursor(shown: ActivityLine) -> str:
    return f"{shown.sort_key}~{shown.id}"


def _read_cursor(text: str | None) -> tuple[str, UUID] | None:
    key, _, identity = (text or "").partition("~")
    try:
        return key, UUID(identity)
    except ValueError:
        return None


def _year(shown: ActivityLine) -> str:
    """The heading an activity stands under: its year, or decade or century where that is all that is known."""
    start = shown.start_date.ends[0] or shown.start_date
    known = start.edtf[:4]
    return HistoricDate.parse(known).display(language()) if start.earliest else start.display(language())


@dataclass(frozen=True)
class Times:
    """Twins by decade, or by the years of one. `cells`: for each twin the numbers of the columns."""

    columns: list[int]
    decade: int | None
    rows: list[tuple[str, list[int], int]]
    """Twin, numbers, and how many of it are known less closely."""
    most: int


def _timeline(session: Any, query: Query) -> Times:
    """Every twin's decades from 1944 to today; where one decade is looked at, its years."""
    zoom = query.given.get("zoom", "")
    decade = int(zoom) if zoom.isdigit() and len(zoom) == 4 and int(zoom) % 10 == 0 and int(zoom) else None
    chosen = query.chosen if decade is None else replace(query.chosen, decades=(decade,))
    found = kept(session, tallies.by_twin_and_time, chosen, decade)
    known = {when for times in found.values() for when in times if when is not None}
    if decade is None:
        begin = min([FIRST_DECADE, *known])
        columns = list(range(max(begin, FIRST_DECADE - 100), today().year // 10 * 10 + 1, 10))
        columns += sorted(when for when in known if when > columns[-1])
    else:
        columns = list(range(decade, decade + 10))
    rows = [
        (twin, [times.get(column, 0) for column in columns], sum(n for when, n in times.items() if when not in columns))
        for twin, times in found.items()
    ]
    return Times(columns, decade, rows, max((max(numbers) for _, numbers, _ in rows), default=0))
