"""Keeping the entries of occasions: one for each time an occasion comes round in the years that calendars show.

They are looked through whenever calendars are exported, and cost one comparison as long as nothing they are made of has
changed. What has not changed keeps its number and its bytes; what is no longer an occasion is told to be off.
"""

import dataclasses
import datetime as dt
import hashlib
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from tracker.actions.rendering import Drafts, write_entry
from tracker.domain.choices import Standing, Stood
from tracker.domain.entries import Numbering
from tracker.domain.occasion_entries import occurrence_entry, shown, uid_of, window
from tracker.domain.occasions import Customs, Occasion, Occurrence, occurrences
from tracker.domain.twins import HUB, Twin
from tracker.i18n import LANGUAGES
from tracker.store import calendars, event_log, rules, twins
from tracker.store import entries as store
from tracker.store import occasions as occasion_store
from tracker.store.unit_of_work import Database, Unit

_NEUTRAL = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def local_day(now: dt.datetime) -> dt.date:
    """The day it is for the house: that of the hub."""
    return now.astimezone(ZoneInfo(HUB.timezone or "UTC")).date()


def refresh_occurrences(database: Database, now: dt.datetime) -> int:
    """Bring the entries of occasions up to date; returns how many changed."""
    today = local_day(now)
    first, last = window(today)
    with database.reading() as session:
        edition, seen = store.window_edition(session)
        if seen == _sign(edition, twins.edition(session), rules.customs_version(session), first):
            return 0
    with database.unit("system", now) as unit:
        held = store.locked_window(unit.session)
        held.seen = _sign(held.edition, twins.edition(unit.session), rules.customs_version(unit.session), first)
        occasions, known_twins = occasion_store.load_all(unit.session), twins.load_all(unit.session)
        customs = rules.customs(unit.session)
        made_of = _fingerprint(occasions, known_twins, customs, first)
        if held.fingerprint == made_of:
            return 0
        held.fingerprint = made_of
        return _write(unit, occurrences(occasions, first, last, customs), known_twins, first)


def _sign(of_occasions: int, of_twins: tuple[int, int], of_customs: int, first: dt.date) -> str:
    """Differs as soon as anything may have changed that entries of occasions are made of."""
    return f"{of_occasions} {of_twins} {of_customs} {first}"


def _fingerprint(occasions: list[Occasion], known: Mapping[str, Twin], customs: Customs, first: dt.date) -> str:
    """Of everything that entries of occasions are made of; texts in the order of their languages.

    Which years are round is told by no entry.
    """
    parts = [first.isoformat(), customs.leap_day.value]
    parts += [repr(dataclasses.replace(o, titles=dict(sorted(o.titles.items())))) for o in occasions]
    parts += [f"{slug} {sorted(twin.names.items())} {twin.link} {twin.states}" for slug, twin in sorted(known.items())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _write(unit: Unit, found: list[Occurrence], known: Mapping[str, Twin], first: dt.date) -> int:
    before = store.occasion_entries(unit.session)
    ages = event_log.ages(unit.session, {source for come in found for source in come.occasion.sources})
    wanted = {uid_of(come): come for come in found if shown(come)}
    changed = sum(_keep(unit, before.get(uid), come, known, _Age.of(come, ages)) for uid, come in wanted.items())
    for uid in sorted(before.keys() - wanted.keys()):
        changed += _let_go(unit, before[uid], first)
    return changed


@dataclasses.dataclass(frozen=True)
class _Age:
    """How often, and when last, anything happened to what an occasion is made of: the log's word, not the clock's."""

    events: int
    last: dt.datetime

    @staticmethod
    def of(come: Occurrence, ages: Mapping[str, tuple[int, dt.datetime]]) -> "_Age":
        known = [ages[source] for source in come.occasion.sources if source in ages]
        return _Age(sum(events for events, _ in known), max((at for _, at in known), default=_NEUTRAL))


def _keep(unit: Unit, row: store.EntryRow | None, come: Occurrence, known: Mapping[str, Twin], age: _Age) -> bool:
    """Write an occurrence's entry if its content differs from what stands there."""
    uid = uid_of(come)
    neutral = Numbering(uid, 0, _NEUTRAL)
    drafts = {language: occurrence_entry(come, known, language, neutral) for language in LANGUAGES}
    digest = hashlib.sha256(repr(sorted(drafts.items())).encode()).hexdigest()
    if row is not None and row.digest == digest:
        return False
    first_time = row is None
    row = row or store.locked_entry(unit.session, uid, come.occasion.key)
    row.digest = digest
    # The events of its sources count it up; a change that none of them tells (its source was removed) counts as one.
    row.sequence = max(age.events - 1, 0) if first_time else max(age.events - 1, row.sequence + 1)
    row.stamp = max(row.stamp, age.last if first_time or age.last > row.stamp else unit.now)
    numbered = {"sequence": row.sequence, "stamp": row.stamp}
    entries = {
        language: dataclasses.replace(draft, **numbered)  # type: ignore[arg-type]  # by name
        for language, draft in drafts.items()
        if draft
    }
    write_entry(unit, row, Standing(shown(come)), lambda language: Drafts(entries.get(language)), local_day(unit.now))
    return True


def _let_go(unit: Unit, row: store.EntryRow, first: dt.date) -> bool:
    """An occasion that is none any more is told to be off; one that lies before the years shown just goes."""
    today, before = local_day(unit.now), row.standing
    stood = before.now or before.formerly[-1].shown
    if stood.last < first:
        unit.session.delete(row)
        # Any calendar may have shown it, and it leaves nothing behind to be found by.
        calendars.mark_stale(unit.session, [calendar.id for calendar in calendars.calendars(unit.session)], unit.now)
        return True
    if before.now is None:
        return False
    row.sequence, row.stamp, row.digest = row.sequence + 1, max(row.stamp, unit.now), ""
    write_entry(unit, row, Standing(None, None, (Stood(stood, today),)), lambda _: Drafts(), today)
    return True
