"""Editions frozen and finished documents kept. An edition never changes; its documents can be made again any time."""

from collections.abc import Callable, Sequence
from typing import Any

from tracker.actions.reports import Asked, draft, rendered
from tracker.domain.access import Who, may_see
from tracker.domain.activities import Visibility
from tracker.domain.editions import Form, Frozen, canonical, hash_of
from tracker.domain.events import EventType
from tracker.domain.report_orders import file_name, plain_name
from tracker.errors import NotFound
from tracker.i18n import N_
from tracker.store import editions as store
from tracker.store.unit_of_work import Database, Unit

_NO_EDITION = N_("There is no such edition.")
_NO_DOCUMENT = N_("There is no such document.")

Remember = Callable[[Unit, store.EditionRow], None]
"""Writes into the unit of work that keeps an edition, so that asking again makes no second one."""


def freeze(database: Database, asked: Asked, remember: Remember | None = None) -> store.EditionRow:
    """Keep the report as it stands now under the next number. Raises as `draft` does, `Conflict` in a lost race.

    The figures are read before the unit of work begins, so that nobody who types has to wait for them.
    """
    found = draft(database, asked, whole=True)
    with database.unit(asked.actor, asked.now) as unit:
        twin = found.twin or ""
        number = store.next_number(unit.session, found.period, found.reader.slug, twin)
        frozen = found.model_copy(update={"number": number, "changed_at": asked.now})
        body = canonical(frozen)
        row = store.EditionRow(
            period=frozen.period,
            reader=frozen.reader.slug,
            twin=twin,
            number=number,
            level=frozen.level.value,
            languages=list(frozen.languages),
            frozen=store.packed(body),
            sha256=hash_of(body),
            position=frozen.position,
            made_at=asked.now,
            made_by=asked.actor,
        )
        unit.session.add(row)
        unit.session.flush()
        for sha256 in {picture.sha256 for picture in frozen.pictures}:
            unit.session.add(store.EditionImageRow(edition_id=row.id, sha256=sha256))
        unit.append(EventType.EDITION_FROZEN, f"edition:{row.id}", {"before": {}, "after": told(row)})
        if remember:
            remember(unit, row)
        return row


def told(row: store.EditionRow) -> dict[str, Any]:
    """What is told of an edition: all but its frozen value."""
    return {
        "id": row.id,
        "name": row.name,
        "period": row.period,
        "reader": row.reader,
        "twin": row.twin or None,
        "number": row.number,
        "level": row.level,
        "languages": row.languages,
        "sha256": row.sha256,
        "position": row.position,
        "made_at": row.made_at.isoformat(),
    }


def edition(database: Database, edition_id: int, who: Who) -> store.EditionRow:
    """An edition with its frozen value, if they may read it; `NotFound` else."""
    with database.reading() as session:
        row = session.get(store.EditionRow, edition_id)
    if row is None or not may_see(who, Visibility(row.level)):
        raise NotFound(_NO_EDITION)
    return row


def document(database: Database, document_id: int, who: Who) -> store.DocumentRow:
    """A finished document with its bytes, if they may read it; `NotFound` else."""
    with database.reading() as session:
        row = session.get(store.DocumentRow, document_id)
    if row is None or not may_see(who, Visibility(row.level)):
        raise NotFound(_NO_DOCUMENT)
    return row


def made_again(database: Database, row: store.EditionRow, form: Form, languages: Sequence[str]) -> bytes:
    """A document of an edition, from its frozen value."""
    return rendered(database, row.to_frozen(), form, languages, row.sha256)


def keep(
    unit: Unit, frozen: Frozen, edition_id: int | None, form: Form, languages: Sequence[str], data: bytes
) -> store.DocumentRow:
    """The finished document as a row: the one there is, where it is the same to the byte."""
    tags = tuple(languages)
    row = store.DocumentRow(
        edition_id=edition_id,
        period=frozen.period,
        reader=frozen.reader.slug,
        twin=frozen.twin or "",
        form=form.value,
        languages=list(tags),
        level=frozen.level.value,
        name=file_name(frozen, form, tags),
        plain_name=plain_name(frozen, form, tags),
        data=data,
        size=len(data),
        sha256=hash_of(data),
        made_at=unit.now,
        made_by=unit.actor,
    )
    if known := store.same_document(unit.session, row):
        return known
    unit.session.add(row)
    unit.session.flush()
    return row


def seen_levels(who: Who) -> list[str]:
    """The levels of editions and documents that somebody may read."""
    return [level.value for level in Visibility if may_see(who, level)]
