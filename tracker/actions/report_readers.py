"""Readers of reports as administrators keep them: copied, edited, switched section by section, removed, reset.

Those that ship are never removed; resetting one brings back what this release ships.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from tracker.domain.commands import Actor
from tracker.domain.events import EventType, changes
from tracker.domain.report_readers import Reader, copy_of
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.i18n import N_
from tracker.intake.json import checked
from tracker.intake.report_readers import reader_of
from tracker.store import report_jobs, twins
from tracker.store.report_readers import ReaderRow, readers, write_reader
from tracker.store.twins import RegistryRow
from tracker.store.unit_of_work import Database, Unit

_CHANGED = N_("Somebody else changed this meanwhile. Please look at the new version first.")


def copy_reader(database: Database, slug: str, names: Mapping[str, str], actor: Actor, now: dt.datetime) -> str:
    """Add a reader like another one, under names of its own; returns its slug. Raises `InvalidInput`."""
    with database.unit(actor.name, now) as unit:
        like = _row(unit, slug)
        # Never a slug that was another's before: texts and editions are kept by it.
        made = f"own-{secrets.token_hex(4)}"
        document = copy_of(like.to_reader(), made, _given(names)).model_dump(mode="json")
        row = ReaderRow(version=1, position=len(readers(unit.session)) + 1, changed_at=now)
        write_reader(row, _checked(unit, document))
        unit.session.add(row)
        unit.append(EventType.READER_ADDED, _subject(made), {"before": {}, "after": {**document, "like": slug}})
        return made


def revise_reader(
    database: Database, slug: str, document: Mapping[str, Any], version: int, actor: Actor, now: dt.datetime
) -> None:
    """Change a reader against the version in hand. Raises `InvalidInput` with every fault, or `Conflict`."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, slug)
        if row.version != version:
            raise Conflict(_CHANGED, current=row.version)
        names = _given(document.get("names", {}))
        _revise(unit, row, _checked(unit, {**document, "slug": slug, "names": names}))


def reset_reader(database: Database, slug: str, actor: Actor, now: dt.datetime) -> None:
    """Bring back a reader as it ships."""
    with database.unit(actor.name, now) as unit:
        row, shipped = _row(unit, slug), _shipped(unit, slug)
        if shipped is None:
            raise InvalidInput.one("slug", slug, N_("“{value}” did not come with the tracker."))
        _revise(unit, row, checked(Reader, shipped.document))


def remove_reader(database: Database, slug: str, actor: Actor, now: dt.datetime) -> None:
    """Remove a reader that administrators have made. Its texts and editions stay."""
    with database.unit(actor.name, now) as unit:
        row = _row(unit, slug)
        if _shipped(unit, slug) is not None:
            reason = N_("“{value}” came with the tracker. Switch its sections off instead.")
            raise InvalidInput.one("slug", slug, reason)
        if any(mailing.reader == slug for mailing in report_jobs.mailings(unit.session)):
            raise InvalidInput.one("slug", slug, N_("A mailing still goes to “{value}”. Remove the mailing first."))
        before = row.to_reader().model_dump(mode="json")
        unit.append(EventType.READER_REMOVED, _subject(slug), {"before": before, "after": {}})
        unit.session.delete(row)


def is_own(database: Database, slug: str) -> bool:
    """Whether administrators have made it."""
    with database.reading() as session:
        return session.get(RegistryRow, _subject(slug)) is None


def _row(unit: Unit, slug: str) -> ReaderRow:
    row = unit.session.get(ReaderRow, slug, with_for_update=True)
    if row is None:
        raise NotFound(N_("There is no reader “{slug}”."), slug=slug)
    return row


def _shipped(unit: Unit, slug: str) -> RegistryRow | None:
    return unit.session.get(RegistryRow, _subject(slug))


def _checked(unit: Unit, document: Mapping[str, Any]) -> Reader:
    return reader_of(document, tuple(twins.current(unit.session)))


def _revise(unit: Unit, row: ReaderRow, reader: Reader) -> None:
    """Write what changes, and tell it; nothing where nothing does."""
    told = changes(row.to_reader().model_dump(mode="json"), reader.model_dump(mode="json"))
    if not told["after"]:
        return
    write_reader(row, reader)
    row.version, row.changed_at = row.version + 1, unit.now
    unit.append(EventType.READER_REVISED, _subject(row.slug), told)


def _given(names: Mapping[str, str]) -> dict[str, str]:
    return {tag: name.strip() for tag, name in names.items() if name.strip()}


def _subject(slug: str) -> str:
    return f"reader:{slug}"
