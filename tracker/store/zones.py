"""The releases of the zone data that an installation has seen, and the moments of its entries as they were worked out.

A release is noticed once, by whoever inserts its row.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.i18n import DEFAULT_LANGUAGE
from tracker.store.base import Base, Instant
from tracker.store.entries import EntryBodyRow, EntryRow, batched, insert_if_missing

Moments = tuple[dt.datetime, dt.datetime]


class ZoneReleaseRow(Base):
    """A release such as 2026f. `settled_at`: when entries were looked through for the second and last time."""

    __tablename__ = "zone_releases"

    release: Mapped[str] = mapped_column(String(20), primary_key=True)
    noticed_at: Mapped[dt.datetime] = mapped_column(Instant)
    settled_at: Mapped[dt.datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Placed:
    """An entry that stands somewhere, with the moments it was last taken to begin and end at."""

    uid: str
    subject: str
    part: str
    timezone: str | None
    first: dt.date
    last: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime

    @property
    def moments(self) -> Moments:
        return self.starts_at, self.ends_at


def releases(session: Session) -> list[ZoneReleaseRow]:
    """All that were in use, newest first."""
    return sorted(session.scalars(select(ZoneReleaseRow)), key=lambda row: row.release, reverse=True)


def notice(session: Session, release: str, now: dt.datetime, settled_at: dt.datetime | None) -> bool:
    """Write the release down; False where somebody else has done so meanwhile."""
    values = {"release": release, "noticed_at": now, "settled_at": settled_at}
    return insert_if_missing(session, ZoneReleaseRow, values)


def settle(session: Session, release: str, now: dt.datetime) -> bool:
    """Claim the second look; False where somebody else has it."""
    mine = ZoneReleaseRow.release == release, ZoneReleaseRow.settled_at.is_(None)
    claimed = update(ZoneReleaseRow).where(*mine).values(settled_at=now).returning(ZoneReleaseRow.release)
    return session.execute(claimed).first() is not None


def placed(session: Session) -> list[Placed]:
    columns = (EntryRow.uid, EntryRow.subject, EntryRow.part, EntryRow.timezone, EntryRow.first, EntryRow.last,
               EntryRow.starts_at, EntryRow.ends_at)  # fmt: skip
    query = select(*columns).where(EntryRow.starts_at.is_not(None), EntryRow.first.is_not(None)).order_by(EntryRow.uid)
    rows: Any = session.execute(query)  # of which none is None
    return [Placed(*row) for row in rows]


def with_both_times(session: Session, uids: Collection[str]) -> dict[str, bytes]:
    """The bytes of these entries that tell the clocks of all cities, in one language; left out where there are none."""
    found: dict[str, bytes] = {}
    for some in batched(sorted(uids)):
        of_these = EntryBodyRow.uid.in_(some), EntryBodyRow.language == DEFAULT_LANGUAGE
        query = select(EntryBodyRow.uid, EntryBodyRow.both_times).where(*of_these)
        found.update({uid: both_times for uid, both_times in session.execute(query) if both_times})
    return found


def correct(session: Session, moments: Mapping[str, Moments]) -> None:
    """Write down when entries begin and end. One that is being rendered this very moment gets it right by itself."""
    for some in batched(sorted(moments)):
        free = select(EntryRow.uid).where(EntryRow.uid.in_(some)).with_for_update(skip_locked=True)
        values = [
            {"uid": uid, "starts_at": moments[uid][0], "ends_at": moments[uid][1]} for uid in session.scalars(free)
        ]
        if values:
            session.execute(update(EntryRow), values)
