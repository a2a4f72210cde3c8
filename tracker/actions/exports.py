"""Exporting calendars: the stored bytes of their entries joined, compressed, and kept for whoever polls.

A poll is a look-up; all the work is done here, once per change however many changes came together. Nothing is rendered:
entries were rendered, and read back by two programs, when they changed. A calendar is kept in parts by the slots of its
entries, and only the parts in which something changed are joined and compressed anew; so the cost of a change does not
grow with the calendar.
"""

import datetime as dt
import functools
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

import structlog

from tracker.actions.occurrences import local_day, refresh_occurrences
from tracker.actions.urgent import tell_late
from tracker.domain.activities import Visibility
from tracker.domain.calendars import KIND_STYLES, CalendarHead, Selection
from tracker.domain.choices import CalendarChoice, title
from tracker.domain.twins import Twin
from tracker.outputs.ical import CALENDAR_END, calendar_head, join_calendar, with_alarms
from tracker.outputs.ical_check import Unreadable, check_calendar
from tracker.outputs.ical_zones import FIRST_YEAR
from tracker.outputs.mail import Letterhead
from tracker.outputs.packing import pack
from tracker.store import calendars as store
from tracker.store import entries, event_log, exports
from tracker.store import twins as twin_store
from tracker.store.chosen import InSlots, Stored, chosen, in_slots
from tracker.store.unit_of_work import Database, Unit

_LABELS = {kind: style.label for kind, style in KIND_STYLES.items()}
_PART = 32
"""A part has so many entries at least, which is some 25 kB: less compresses badly, more costs more with each change."""
_AT_ONCE = 20
"""So many calendars are exported in one unit of work."""

_Members = Mapping[tuple[UUID, int], list[exports.Member]]

log = structlog.get_logger()


def export_calendars(database: Database, now: dt.datetime, letterhead: Letterhead | None = None) -> int:
    """Export what changed; returns how many calendars have new bytes. With a letterhead, late changes are mailed."""
    refresh_occurrences(database, now)
    mark_touched(database, now, letterhead)
    with database.reading() as session:
        waiting = store.stale_ids(session)
        known = twin_store.current(session) if waiting else {}
    some = [calendar_id for calendar_id, whole in waiting if not whole]
    # A whole calendar can take a second, for which nobody else shall wait longer than that.
    portions = [*entries.batched(some, _AT_ONCE), *([calendar_id] for calendar_id, whole in waiting if whole)]
    return sum(_export_stale(database, ids, known, now) for ids in portions)


def mark_touched(database: Database, now: dt.datetime, letterhead: Letterhead | None = None) -> None:
    """Note for every calendar in which of its slots an entry has changed since the last look."""
    today = local_day(now)
    with database.reading() as session:
        if not entries.is_touched(session):
            return
    with database.unit("system", now) as unit:
        touched = entries.take_touches(unit.session)
        rows = list(entries.by_uids(unit.session, (touch.uid for touch in touched)))
        choices = {key: choice.on(today) for key, choice in store.choices(unit.session).items()}
        standings = [(row.slot, row.standing) for row in rows]
        slots = {
            key: found
            for key, choice in choices.items()
            if (found := {slot for slot, standing in standings if choice.touched_by(standing)})
        }
        store.mark_slots(unit.session, slots, now)
        if letterhead is not None:
            tell_late(unit, touched, letterhead)


def export_calendar(unit: Unit, calendar: store.CalendarRow, known: Mapping[str, Twin]) -> bool:
    """Bring a calendar's bytes up to date; False where they are what they were."""
    return _export(unit, [calendar], known) == 1


def feed_bytes(
    database: Database,
    selection: Selection,
    now: dt.datetime,
    base_url: str = "",
    level: Visibility = Visibility.PUBLIC,
) -> bytes:
    """The calendar of a selection that nobody has saved, from the stored entries."""
    refresh_occurrences(database, now)
    choice = CalendarChoice(selection, level)
    with database.reading() as session:
        found = chosen(session, choice, local_day(now))
        known = twin_store.current(session)
    head = _calendar_head(choice, known, base_url)
    return join_calendar(head, (_body(choice, entry) for entry in found), _zones(found), _first_year(found))


def _export_stale(database: Database, ids: Sequence[UUID], known: Mapping[str, Twin], now: dt.datetime) -> int:
    with database.unit("system", now) as unit:
        # Held first and read after: what is committed later finds the mark gone and sets it anew.
        return _export(unit, store.claim_stale(unit.session, ids), known)


def _export(unit: Unit, calendars: Sequence[store.CalendarRow], known: Mapping[str, Twin]) -> int:
    """Bring the bytes of calendars up to date; how many are not what they were."""
    ids = [calendar.id for calendar in calendars]
    rows = exports.of_calendars(unit.session, ids)
    ready = [calendar for calendar in calendars if calendar.id in rows or not _waits_for_entries(unit, calendar)]
    slots = store.take_slots(unit.session, ids)
    told = exports.parts_told(unit.session, ids)
    jobs = [_Export(unit, each, rows.get(each.id), told[each.id], slots[each.id]) for each in ready]
    partly = [job for job in jobs if not job.whole]
    # Read once for all of them: most of what changes stands in several calendars.
    changed = in_slots(unit.session, {slot for job in partly for slot in job.slots}, local_day(unit.now))
    members = exports.members(unit.session, {job.calendar.id: job.touched for job in partly})
    renewed = [job for job in jobs if job.bring_up_to_date(changed, members, known)]
    exports.write_parts(unit.session, ((job.calendar.id, part) for job in renewed for part in job.new))
    return len(renewed)


def _waits_for_entries(unit: Unit, calendar: store.CalendarRow) -> bool:
    """Whether entries are being made anew from the log, so that an export now would lose most of them.

    Only where there is nothing to lose otherwise: an export that stands is brought up to date as the entries come.
    """
    if calendar.counted_from is None:
        return False
    ends = event_log.ends_by_shard(unit.session)
    marks = [mark for mark in event_log.bookmarks(unit.session) if mark.consumer == "calendars"]
    return any(mark.position < ends.get(mark.shard, 0) for mark in marks)


class _Export:
    """One calendar being exported. `told` is what its parts are so far, `slots` where something has changed.

    `new` are the parts to be written afterwards, those of several calendars together.
    """

    def __init__(
        self,
        unit: Unit,
        calendar: store.CalendarRow,
        row: exports.ExportRow | None,
        told: Mapping[int, exports.Told],
        slots: Collection[int],
    ) -> None:
        self.unit, self.calendar, self.row, self.told, self.slots = unit, calendar, row, told, slots
        self.today = local_day(unit.now)
        self.choice = calendar.choice.on(self.today)
        self.bits = row.bits if row else 0
        self.new: list[exports.Part] = []
        moved = calendar.moves and calendar.counted_from != self.today.year
        self.whole = row is None or calendar.stale_whole or moved or len(slots) > store.MANY

    @property
    def touched(self) -> set[int]:
        """The parts in which something has changed."""
        return {self._part_of(slot) for slot in self.slots}

    def bring_up_to_date(self, changed: InSlots, members: _Members, known: Mapping[str, Twin]) -> bool:
        """False where the bytes are what they were, or may not be what they would have to be."""
        calendar = self.calendar
        calendar.stale_since, calendar.stale_whole, calendar.fault = None, False, ""
        calendar.counted_from = self.today.year
        made = self._made_whole() if self.whole else self._made_of(changed, members)
        parts = self._entries_with(made, whole=self.whole)
        if _bits(_count(parts)) != self.bits:  # it has grown or shrunk out of its parts
            made = self._made_whole()
            parts = self._entries_with(made, whole=True)
        try:
            head = _head(self.choice, known, parts)
        except Unreadable as refused:
            # What was exported last stays in force; the calendar is tried again when anything in it changes.
            log.error("export refused", calendar=str(calendar.id), fault=str(refused))
            calendar.fault, calendar.stale_whole = str(refused), True
            return False
        return self._keep([head, *made], [head, *parts])

    def _part_of(self, slot: int) -> int:
        return slot >> (entries.SLOT_BITS - self.bits)

    def _made_whole(self) -> list[exports.Part]:
        """All parts made anew, as many as it needs now."""
        found = chosen(self.unit.session, self.choice, self.today)
        self.bits = _bits(len(found))
        return self._entries_parts(_member(self.choice, entry) for entry in found)

    def _made_of(self, changed: InSlots, members: _Members) -> list[exports.Part]:
        """The touched parts, with what stands in their changed slots now in the place of what stood there."""
        calendar_id = self.calendar.id
        held = [member for part in self.touched for member in members.get((calendar_id, part), ())]
        new = [_member(self.choice, entry) for entry in changed.chosen(self.choice, self.slots)]
        made = self._entries_parts([*(member for member in held if member.slot not in self.slots), *new])
        emptied = self.touched - {part.part for part in made}
        return [*made, *(_entries_part(part, []) for part in emptied)]

    def _entries_parts(self, found: Iterable[exports.Member]) -> list[exports.Part]:
        by_part: dict[int, list[exports.Member]] = defaultdict(list)
        for member in found:
            by_part[self._part_of(member.slot)].append(member)
        return [_entries_part(part, some) for part, some in by_part.items()]

    def _entries_with(self, made: Iterable[exports.Part], *, whole: bool) -> list[exports.Told]:
        """What all parts of entries are once these are in their places, in order."""
        known = {} if whole else {part: told for part, told in self.told.items() if part != exports.HEAD}
        now = known | {part.part: part for part in made}
        return [now[part] for part in sorted(now) if now[part].entries]

    def _keep(self, made: list[exports.Part], parts: list[exports.Told]) -> bool:
        etag = _etag(part.digest for part in parts)
        if self.row is not None and self.row.etag == etag:
            return False
        standing = {part.part for part in parts}
        self.new = [part for part in made if part.part in standing and not _is_same(self.told.get(part.part), part)]
        exports.drop_parts(self.unit.session, self.calendar.id, self.told.keys() - standing)
        # To the second, as the header has it, and always later than before, or a change within a second goes unseen.
        moment = self.unit.now.replace(microsecond=0)
        if self.row is None:
            self.row = exports.ExportRow(calendar_id=self.calendar.id, last_modified=moment)
            self.unit.session.add(self.row)
        else:
            self.row.last_modified = max(moment, self.row.last_modified + dt.timedelta(seconds=1))
        self.row.bits, self.row.etag, self.row.entries = self.bits, etag, _count(parts)
        return True


def _is_same(before: exports.Told | None, part: exports.Part) -> bool:
    return before is not None and before.digest == part.digest


def _count(parts: Iterable[exports.Told]) -> int:
    return sum(part.entries for part in parts)


def _bits(count: int) -> int:
    """Into how many parts (a power of two) so many entries go."""
    return min(max(count // _PART, 1).bit_length() - 1, 12)


def _entries_part(part: int, found: list[exports.Member]) -> exports.Part:
    # The order of texts is Python's, not a database's own.
    members = tuple(sorted(found, key=lambda member: (member.slot, member.uid)))
    zones = sorted({member.zone for member in members if member.zone})
    first_year = min([FIRST_YEAR, *(member.year for member in members if member.zone)])
    body = b"".join(member.body for member in members)
    return exports.Part(part, _digest(body), len(members), tuple(zones), first_year, members, body, pack(body))


def _member(choice: CalendarChoice, entry: Stored) -> exports.Member:
    return exports.Member(entry.slot, entry.uid, entry.timezone, entry.first.year, _body(choice, entry))


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def _body(choice: CalendarChoice, entry: Stored) -> bytes:
    if not choice.alarms or entry.alarm is None:
        return entry.body
    return with_alarms(entry.body, entry.alarm, choice.alarms, timed=entry.timezone is not None)


def _zones(found: Iterable[Stored]) -> set[str]:
    return {entry.timezone for entry in found if entry.timezone}


def _first_year(found: Iterable[Stored]) -> int:
    return min([FIRST_YEAR, *(entry.first.year for entry in found if entry.timezone)])


def _head(choice: CalendarChoice, known: Mapping[str, Twin], parts: list[exports.Told]) -> exports.Part:
    zones = {zone for part in parts for zone in part.zones}
    first_year = min([FIRST_YEAR, *(part.first_year for part in parts)])
    return _checked_head(_calendar_head(choice, known), tuple(sorted(zones)), first_year)


@functools.lru_cache(maxsize=512)
def _checked_head(about: CalendarHead, zones: tuple[str, ...], first_year: int) -> exports.Part:
    """Raise `Unreadable` for a head that programs could not read. What was readable once stays so."""
    head = calendar_head(about, zones, first_year)
    check_calendar(head + CALENDAR_END, [])
    return exports.Part(exports.HEAD, _digest(head), 0, (), FIRST_YEAR, (), head, pack(head))


def _calendar_head(choice: CalendarChoice, known: Mapping[str, Twin], base_url: str = "") -> CalendarHead:
    url = f"{base_url}/calendar" if base_url else ""
    return CalendarHead(name=title(choice, known, _LABELS), language=choice.selection.language, url=url)


def _etag(digests: Iterable[bytes]) -> str:
    """The strong tag of these bytes, from the digests of their pieces."""
    return f'"{hashlib.sha256(b"".join(digests)).hexdigest()}"'
