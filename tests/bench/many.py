"""Very many entries, fast: the registry's own, rendered by the product, copied under other ids.

Importing 100,000 activities as people do takes minutes. So here the rows of every activity of the registry that stands
in calendars (with its parts, its events and its entries in all languages) are written again and again by bulk inserts.
A copy's bytes are the product's own, with another id of the same length in the place of the activity's: they are those
that the product would have rendered, and so are slots and shards.
"""

import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, select

from tracker.bootstrap import Tracker
from tracker.domain.entries import uid_of
from tracker.domain.events import shard_of
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow, CountRow, GoodsRow, MoneyRow
from tracker.store.entries import EntryBodyRow, EntryRow, EntryTwinRow, slot_of
from tracker.store.event_log import BookmarkRow, EventRow, end_of_log

_CHILDREN = (ActivityTwinRow, CountRow, MoneyRow, GoodsRow)
_AT_ONCE = 500
Rows = dict[Any, list[dict[str, Any]]]


def fill_up(made: Tracker, count: int) -> None:
    """Copy activities until `count` of them stand in calendars. Consumers must be at the end of the log."""
    with made.database.engine.execution_options(writing=True).begin() as connection:
        originals = [_rows(connection, original) for original in _standing(connection)]
        for some in _portions(_ids(len(originals), count), originals):
            for table, rows in some.items():
                if rows:
                    connection.execute(insert(table), rows)
    with made.database.unit("bench", made.clock()) as unit:
        end = end_of_log(unit.session)
        for bookmark in unit.session.scalars(select(BookmarkRow)):
            bookmark.position = end


def _standing(connection: Connection) -> list[UUID]:
    query = select(EntryRow.subject).where(EntryRow.first.is_not(None), EntryRow.part == "", EntryRow.occasion == "")
    return [UUID(subject) for subject in connection.scalars(query.order_by(EntryRow.uid))]


def _ids(known: int, count: int) -> Iterator[UUID]:
    chance = random.Random(1957)
    return (UUID(int=chance.getrandbits(128), version=4) for _ in range(count - known))


def _portions(ids: Iterator[UUID], originals: list[Rows]) -> Iterator[Rows]:
    portion: Rows = {}
    for number, new_id in enumerate(ids):
        for table, rows in _copied(originals[number % len(originals)], new_id, number).items():
            portion.setdefault(table, []).extend(rows)
        if number % _AT_ONCE == _AT_ONCE - 1:
            yield portion
            portion = {}
    yield portion


def _rows(connection: Connection, activity_id: UUID) -> Rows:
    """All rows of one activity, in the order in which they can be inserted."""
    entries = select(EntryRow.uid).where(EntryRow.subject == str(activity_id))
    wanted = {
        ActivityRow: ActivityRow.id == activity_id,
        **{child: child.activity_id == activity_id for child in _CHILDREN},
        EventRow: EventRow.subject == f"activity:{activity_id}",
        EntryRow: EntryRow.subject == str(activity_id),
        EntryTwinRow: EntryTwinRow.uid.in_(entries),
        EntryBodyRow: EntryBodyRow.uid.in_(entries),
    }
    return {
        table: [dict(row) for row in connection.execute(select(table.__table__).where(mine)).mappings()]
        for table, mine in wanted.items()
    }


def _copied(original: Rows, new_id: UUID, number: int) -> Rows:
    old, new = str(original[ActivityRow][0]["id"]), str(new_id)
    copied = {table: [_renamed(row, old, new) for row in rows] for table, rows in original.items()}
    for row in copied[ActivityRow]:
        row |= {"id": new_id, "external_id": f"B{number:06}"}
    for child in _CHILDREN:
        for row in copied[child]:
            row["activity_id"] = new_id
    for row in copied[EventRow]:
        del row["position"]
        row["shard"] = shard_of(row["subject"])
    for row in copied[EntryRow]:
        row["slot"] = slot_of(row["uid"])
    assert copied[EntryRow][0]["uid"] == uid_of(new_id)
    return copied


def _renamed(row: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    before, after = old.encode(), new.encode()
    return {
        name: value.replace(old, new)
        if isinstance(value, str)
        else value.replace(before, after)
        if isinstance(value, bytes)
        else value
        for name, value in row.items()
    }
