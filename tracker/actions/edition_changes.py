"""What has happened since an edition was frozen, and what differs between two: read from the log and reckoned anew."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from tracker.actions.reports import Asked, document_of, draft
from tracker.domain.activities import Visibility
from tracker.domain.editions import Backing, Frozen
from tracker.domain.report_comparison import Compared, compare
from tracker.domain.report_orders import Order
from tracker.store import editions as store
from tracker.store.unit_of_work import Database


@dataclass(frozen=True)
class Since:
    """What an edition does not know of. `touched`: how many of its activities the log tells something of since."""

    compared: Compared
    touched: int
    last: dt.datetime | None


def changed_since(database: Database, row: store.EditionRow, now: dt.datetime, language: str) -> Since:
    """What the same report would say today, held against the edition."""
    frozen = row.to_frozen()
    today = draft(database, Asked(_order(frozen, language), frozen.figures.scope.visibilities, row.made_by, now))
    with database.reading() as session:
        happened = store.happened_since(session, frozen.position)
    concerned = {line.id for line in (*frozen.figures.lines, *today.figures.lines)}
    mine = [one for one in happened if UUID(one.activity_id) in concerned]
    # By the profile the edition was made with: a section switched off since is no other figure.
    today = today.model_copy(update={"reader": frozen.reader})
    return Since(_compared(database, frozen, today, language), len(mine), mine[-1].at if mine else None)


def compared(database: Database, before: store.EditionRow, after: store.EditionRow, language: str) -> Compared:
    return _compared(database, before.to_frozen(), after.to_frozen(), language)


@dataclass(frozen=True)
class Behind:
    """An activity behind a figure. `now` None: it is in the bin, or no longer for these eyes."""

    then: Backing
    now: store.Brief | None

    @property
    def has_changed(self) -> bool:
        return self.now is not None and self.now.version != self.then.version


def behind(database: Database, frozen: Frozen, key: str, visibilities: tuple[Visibility, ...]) -> list[Behind]:
    """The activities behind a figure as they were frozen, with what has become of each."""
    backing = frozen.backing(key)
    with database.reading() as session:
        now = {one.id: one for one in store.briefly(session, [each.id for each in backing])}
    seen = {id_: one for id_, one in now.items() if not one.removed and one.visibility in visibilities}
    return [Behind(each, seen.get(each.id)) for each in backing]


def _compared(database: Database, before: Frozen, after: Frozen, language: str) -> Compared:
    said = [document_of(database, frozen, (language,)) for frozen in (before, after)]
    return compare(before, after, *said)


def _order(frozen: Frozen, language: str) -> Order:
    return Order(period=frozen.period, reader=frozen.reader.slug, twin=frozen.twin, languages=(language,))
