"""The news of a public calendar as an Atom feed: what changed most lately in it, and what comes next.

Worded like the calendar itself, from the rows of this moment: what is no longer public is left out even before the
calendar has been told.
"""

import datetime as dt
from collections.abc import Mapping
from uuid import UUID

from tracker.actions.occurrences import local_day
from tracker.domain.activities import Activity
from tracker.domain.calendars import KIND_STYLES, OCCASION
from tracker.domain.choices import CalendarChoice, may_see, title
from tracker.domain.dates import HistoricDate
from tracker.domain.entries import Numbering, activity_entry, days_of
from tracker.domain.entry_times import both_times
from tracker.domain.occasion_entries import occurrence_entry
from tracker.domain.occasions import Customs, Occasion, occurrence
from tracker.domain.twins import Twin
from tracker.outputs.atom import Feed, Item, render_atom
from tracker.store import activities, news, occasions, rules, subscriptions, twins
from tracker.store.calendars import CalendarRow
from tracker.store.unit_of_work import Database

_MOST = 50
_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}


def public_news(database: Database, name: str, now: dt.datetime, base_url: str) -> bytes | None:
    """The feed of the calendar that is public under a name; None where there is none."""
    today = local_day(now)
    with database.reading() as session:
        public = next((row for row in subscriptions.public_ones(session) if row.public_name == name), None)
        if public is None:
            return None
        calendar = session.get_one(CalendarRow, public.calendar_id)
        choice = calendar.choice.on(today)
        told = news.lately_and_next(session, choice, today, _MOST)
        ids = [UUID(one.subject) for one in told if one.kind != OCCASION]
        rows = [row for row in activities.by_ids(session, ids) if row.removed_at is None]
        words = _Words(
            choice,
            twins.current(session),
            {row.id: activity for row in rows if may_see(choice.level, (activity := row.to_activity()).visibility)},
            {known.key: known for known in occasions.load_all(session)},
            rules.customs(session),
            base_url,
        )
    feed = Feed(
        id=public.id,
        title=public.name or title(choice, words.twins, _LABELS),
        author="tracker",
        language=choice.selection.language,
        updated=max((one.stamp for one in told), default=public.created_at),
        links=(
            ("self", "application/atom+xml", f"{base_url}/public/{name}.atom"),
            ("alternate", "text/html", f"{base_url}/public/{name}"),
            ("alternate", "text/calendar", f"{base_url}/feeds/{name}.ics"),
        ),
    )
    return render_atom(feed, [item for one in told if (item := words.item(one))])


class _Words:
    """Puts entries into the calendar's language."""

    def __init__(
        self,
        choice: CalendarChoice,
        known: Mapping[str, Twin],
        found: Mapping[UUID, Activity],
        remembered: Mapping[str, Occasion],
        customs: Customs,
        base_url: str,
    ) -> None:
        self.language, self.twins = choice.selection.language, known
        self._activities, self._occasions, self._base_url = found, remembered, base_url
        self._customs = customs

    def item(self, told: news.Told) -> Item | None:
        numbering = Numbering(told.uid, told.sequence, told.stamp)
        return self._of_occasion(told, numbering) if told.kind == OCCASION else self._of_activity(told, numbering)

    def _of_activity(self, told: news.Told, numbering: Numbering) -> Item | None:
        activity = self._activities.get(UUID(told.subject))
        if activity is None:
            return None
        entry = activity_entry(activity, self.twins, self.language, numbering, base_url=self._base_url)
        return Item(entry, told.kind, self._when(activity)) if entry else None

    def _of_occasion(self, told: news.Told, numbering: Numbering) -> Item | None:
        occasion = self._occasions.get(told.subject)
        come = occurrence(occasion, told.first.year, self._customs) if occasion else None
        entry = occurrence_entry(come, self.twins, self.language, numbering) if come else None
        return Item(entry, told.kind, come.when.display(self.language)) if come and entry else None

    def _when(self, activity: Activity) -> str:
        """The days, and the hours by every clock; nothing where the day is not known, which the description says."""
        days = days_of(activity.start, activity.end)
        if days is None or not days.day_known or days.begins:
            return ""
        last = HistoricDate.of_day(days.last) if days.last != days.first else None
        words = HistoricDate.span(HistoricDate.of_day(days.first), last).display(self.language)
        if not activity.timed:
            return words
        start = dt.datetime.fromisoformat(activity.start)
        end = dt.datetime.fromisoformat(activity.end) if activity.end else None
        clocks = both_times(start, end, activity.timezone, activity.twins, self.twins, days.first, self.language)
        return f"{words}, {clocks}"
