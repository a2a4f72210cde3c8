"""Anniversaries and observances as pages show them: the next twelve months, and pieces for other pages."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Flask, render_template

from tracker.bootstrap import Tracker
from tracker.domain.dates import HistoricDate, Precision
from tracker.domain.occasion_wording import ordinal_title, status_note
from tracker.domain.occasions import Customs, Occasion, Occurrence, next_occurrence, occurrences
from tracker.domain.twins import HUB, Level, Twin
from tracker.store import occasions as store
from tracker.store import rules as rule_store
from tracker.store import twins as twin_store
from tracker.web.auth import Audience, admits, allowed
from tracker.web.installation import this_tracker, today
from tracker.web.language import language

_YEAR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Remembered:
    """One occasion come round, in words."""

    when: HistoricDate
    title: str
    note: str
    number: int | None
    round: bool
    jubilee: bool
    twins: tuple[str, ...]

    @property
    def on(self) -> dt.date | None:
        return self.when.exact_day


def register(app: Flask, tracker: Tracker) -> None:  # noqa: ARG001 -- all nouns register alike
    app.add_url_rule("/occasions", "occasions", occasions)


@allowed(Audience.READERS)
def occasions() -> str:
    day = today()
    with this_tracker().database.reading() as session:
        twins = twin_store.current(session)
        known = store.load_all(session)
        customs = rule_store.customs(session)
    found = remembered(known, twins, customs, day, day + _YEAR)
    months: dict[tuple[int, int], list[Remembered]] = {}
    for one in found:
        if one.when.precision is not Precision.YEAR and one.when.earliest:
            months.setdefault((one.when.earliest.year, one.when.earliest.month), []).append(one)
    return render_template(
        "occasions.html",
        today=day,
        twins=twins,
        months=[(HistoricDate.parse(f"{y:04}-{m:02}"), months[y, m]) for y, m in sorted(months)],
        years=[one for one in found if one.when.edtf == str(day.year)],
        year=day.year,
        administers=admits(Audience.ADMINISTRATORS),
    )


def remembered(
    known: Iterable[Occasion], twins: Mapping[str, Twin], customs: Customs, first: dt.date, last: dt.date
) -> list[Remembered]:
    """The occasions that come round between two days, in the reader's words."""
    return [in_words(come, twins) for come in occurrences(known, first, last, customs)]


def next_of(known: Iterable[Occasion], twins: Mapping[str, Twin], customs: Customs, day: dt.date) -> list[Remembered]:
    """The next return of each occasion, the nearest first."""
    found = [next_occurrence(one, day, customs) for one in known]
    coming = sorted((come for come in found if come), key=lambda come: come.when.sort_key)
    return [in_words(come, twins) for come in coming]


def in_words(come: Occurrence, twins: Mapping[str, Twin]) -> Remembered:
    named = [twins[slug] for slug in come.occasion.twins if slug in twins]
    title = ordinal_title(
        come,
        language(),
        names={twin.slug: twin.name(language()) for twin in named},
        hub=HUB.name(language()),
        link_type=named[0].link if named else "twin",
    )
    note = _state_of(named[0], come.when.latest) if len(named) == 1 else ""
    return Remembered(come.when, title, note, come.number, come.round, come.jubilee, come.occasion.twins)


def _state_of(twin: Twin, day: dt.date | None) -> str:
    """How the partnership stands that day: no anniversary is told without it (R1)."""
    agreement, official = twin.state(Level.AGREEMENT, day), twin.state(Level.OFFICIAL, day)
    return status_note(
        language(),
        agreement=agreement.state.value,
        official=official.state.value,
        agreement_since=HistoricDate.parse(agreement.since) if agreement.since else None,
        official_since=HistoricDate.parse(official.since) if official.since else None,
    )
