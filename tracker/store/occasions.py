"""Occasions as rows: worked out by the consumer `occasions` from twins, observances, honours and activities.

Everything here can be worked out again from the event log, but for `since`: the moment the occasion came to be known,
or to be known with another date. No reminder that was due before it is ever sent.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    case,
    delete,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, selectinload

from tracker.domain.activities import Activity
from tracker.domain.dates import HistoricDate
from tracker.domain.occasion_rules import moved_days
from tracker.domain.occasions import Occasion, OccasionKind
from tracker.domain.twins import Twin
from tracker.store.activity_rows import ActivityRow, ActivityTwinRow
from tracker.store.base import Base, Instant, Json
from tracker.store.entries import OccasionWindowRow, locked_window
from tracker.store.twins import HonourRow, ObservanceRow, TwinRow

_LOCK = 0x6F63_6361
"""PostgreSQL advisory lock that lets one worker at a time work out occasions (the letters of "occa")."""


_PORTION = 1_000
FOUNDING = (OccasionKind.TWINNING, OccasionKind.AGREEMENT)
_WHEN = ("edtf", "rule", "moved")


class OccasionRow(Base):
    __tablename__ = "occasions"
    __table_args__ = (
        CheckConstraint(f"kind IN ({', '.join(repr(k.value) for k in OccasionKind)})", "kind_known"),
        CheckConstraint("(edtf IS NULL) <> (rule IS NULL)", "date_or_rule"),
    )

    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    twins: Mapped[list[str]] = mapped_column(Json)
    edtf: Mapped[str | None] = mapped_column(String(40))
    rule: Mapped[str | None] = mapped_column(String(80))
    titles: Mapped[dict[str, str]] = mapped_column(Json)
    basis: Mapped[str] = mapped_column(Text, default="")
    sources: Mapped[list[str]] = mapped_column(Json)
    moved: Mapped[dict[str, str | None]] = mapped_column(Json, default=dict)
    """As an observance's."""
    since: Mapped[dt.datetime] = mapped_column(Instant)

    def to_occasion(self) -> Occasion:
        return Occasion(
            key=self.key,
            kind=OccasionKind(self.kind),
            twins=tuple(self.twins),
            date=HistoricDate.parse(self.edtf) if self.edtf else None,
            rule=self.rule,
            titles=self.titles,
            basis=self.basis,
            sources=tuple(self.sources),
            moved=moved_days(self.moved),
        )


class OccasionTwinRow(Base):
    """Finds the occasions of a twin; their order is in `OccasionRow.twins`."""

    __tablename__ = "occasion_twins"
    __table_args__ = (Index("ix_occasion_twins_twin_occasion", "twin", "occasion"),)

    occasion: Mapped[str] = mapped_column(ForeignKey("occasions.key", ondelete="CASCADE"), primary_key=True)
    twin: Mapped[str] = mapped_column(ForeignKey("twins.slug"), primary_key=True)


def load_all(session: Session, twins: Collection[str] = ()) -> list[Occasion]:
    """All occasions, or those of some twins, in the order of their keys; about two hundred."""
    return [row.to_occasion() for row in _rows(session, twins)]


def edition(session: Session) -> int:
    """A number that changes with any of them, in the same transaction."""
    return session.scalar(select(OccasionWindowRow.edition)) or 0


def near(session: Session, day: dt.date, days: int, limit: int) -> list[Occasion]:
    """Those that may come round within so many days, as the month and day of their dates tell; the nearest first.

    What is known less exactly, or falls by a rule, may be among them; the caller works out when each comes round.
    """
    last = day + dt.timedelta(days=days)
    # A month early and late: 29 February is kept on another day, and a month lasts until its end.
    months = {(day.year * 12 + day.month - 1 + n) % 12 + 1 for n in range((last - day).days // 28 + 2)}
    month = func.substr(OccasionRow.edtf, 6, 2)
    inside = or_(OccasionRow.rule.is_not(None), month.in_([f"{m:02}" for m in sorted(months)]))
    return _nearest(session, day, [inside], limit)


def founded(session: Session, day: dt.date, jubilees: Collection[int], limit: int) -> list[Occasion]:
    """The foundings, and what else has one of these years coming up within a year of `day`; the nearest first."""
    years = sorted({f"{year - number:04}" for year in (day.year, day.year + 1) for number in jubilees if number < year})
    kinds = [kind.value for kind in FOUNDING]
    chosen = or_(OccasionRow.kind.in_(kinds), func.substr(OccasionRow.edtf, 1, 4).in_(years))
    return _nearest(session, day, [chosen, OccasionRow.edtf.is_not(None)], limit)


def _nearest(session: Session, day: dt.date, where: list[ColumnElement[bool]], limit: int) -> list[Occasion]:
    """In the order in which they come round after `day`; each database does that without reading them all out."""
    in_year = func.coalesce(func.substr(OccasionRow.edtf, 6, 5), "")
    over = case((in_year < f"{day:%m-%d}", 1), else_=0)
    query = select(OccasionRow).where(*where).order_by(over, in_year, OccasionRow.key).limit(limit)
    return [row.to_occasion() for row in session.scalars(query)]


def load_with_since(session: Session) -> list[tuple[Occasion, dt.datetime]]:
    """All occasions, each with the moment from which on it is reminded of."""
    return [(row.to_occasion(), row.since) for row in _rows(session)]


def stream_with_since(session: Session) -> Iterator[tuple[Occasion, dt.datetime]]:
    """The same, however many there are: never more than a portion of them is held."""
    after = ""
    while True:
        query = select(OccasionRow).where(OccasionRow.key > after).order_by(OccasionRow.key).limit(_PORTION)
        rows = list(session.scalars(query.execution_options(populate_existing=True)))
        found = [(row.to_occasion(), row.since) for row in rows]
        for row in rows:
            session.expunge(row)
        yield from found
        if len(rows) < _PORTION:
            return
        after = rows[-1].key


def some_with_since(session: Session, keys: Collection[str]) -> list[tuple[Occasion, dt.datetime]]:
    """Those with these keys."""
    query = select(OccasionRow).where(OccasionRow.key.in_(keys)).execution_options(populate_existing=True)
    return [(row.to_occasion(), row.since) for row in session.scalars(query)]


def memorable_of(session: Session, twins: Collection[str]) -> list[Activity]:
    """The milestones of some twins, and what else shall be remembered like them, as they stand now; not the bin's."""
    of_twins = select(ActivityTwinRow.activity_id).where(ActivityTwinRow.twin.in_(twins))
    chosen = (
        select(ActivityRow)
        .where(ActivityRow.id.in_(of_twins), ActivityRow.memorable, ActivityRow.removed_at.is_(None))
        .execution_options(populate_existing=True)
    )
    children = (ActivityRow.twins, ActivityRow.counts, ActivityRow.money, ActivityRow.goods)
    return [row.to_activity() for row in session.scalars(chosen.options(*(selectinload(c) for c in children)))]


def honours_of(session: Session, twins: Collection[str]) -> list[HonourRow]:
    """What bears the names of some twins, or was given by them, as it stands now."""
    chosen = select(HonourRow).where(HonourRow.twin.in_(twins)).order_by(HonourRow.slug)
    return list(session.scalars(chosen.execution_options(populate_existing=True)))


def observances_of(session: Session, twins: Collection[str]) -> list[ObservanceRow]:
    """The days kept every year that concern some twins, as they stand now."""
    chosen = select(ObservanceRow).where(ObservanceRow.twin.in_(twins)).order_by(ObservanceRow.slug)
    return list(session.scalars(chosen.execution_options(populate_existing=True)))


def twins_named(session: Session, slugs: Collection[str]) -> dict[str, Twin]:
    """The twins with these slugs, as they stand now."""
    chosen = (
        select(TwinRow)
        .where(TwinRow.slug.in_(slugs))
        .options(selectinload(TwinRow.dates), selectinload(TwinRow.states))
        .execution_options(populate_existing=True)
    )
    return {row.slug: row.to_twin() for row in session.scalars(chosen)}


def lock(session: Session) -> None:
    """Wait until no other worker is working out occasions; held until this unit of work ends.

    Without it, a worker that read a twin's milestones earlier could write its older view over a newer one. SQLite has
    one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def replace_of_twins(session: Session, twins: Collection[str], found: Iterable[Occasion], at: dt.datetime) -> None:
    """Let `found` be all occasions of these twins; what is the same already is left alone."""
    _replace(session, {row.key: row for row in _rows(session, twins)}, found, at)


def replace_one(session: Session, key: str, found: Occasion | None, at: dt.datetime) -> None:
    """Let `found` be the occasion of that key, or let there be none."""
    row = session.get(OccasionRow, key)
    _replace(session, {key: row} if row else {}, [found] if found else [], at)


def _rows(session: Session, twins: Collection[str] = ()) -> list[OccasionRow]:
    query = select(OccasionRow).order_by(OccasionRow.key).execution_options(populate_existing=True)
    if twins:
        query = query.where(
            OccasionRow.key.in_(select(OccasionTwinRow.occasion).where(OccasionTwinRow.twin.in_(twins)))
        )
    return list(session.scalars(query))


def _replace(session: Session, known: dict[str, OccasionRow], found: Iterable[Occasion], at: dt.datetime) -> None:
    wanted = {occasion.key: occasion for occasion in found}
    changed = bool(known.keys() - wanted.keys())
    for key in known.keys() - wanted.keys():
        session.delete(known[key])
    session.flush()
    for key, occasion in wanted.items():
        # A milestone that went to another twin is not among the rows of this one.
        row = known.get(key) or session.get(OccasionRow, key)
        document = _document(occasion)
        if row is None:
            session.add(OccasionRow(**document, since=at))
        elif any(getattr(row, name) != value for name, value in document.items()):
            if any(getattr(row, name) != document[name] for name in _WHEN):
                row.since = at
            for name, value in document.items():
                setattr(row, name, value)
        else:
            continue
        changed = True
        session.flush()
        session.execute(delete(OccasionTwinRow).where(OccasionTwinRow.occasion == key))
        session.add_all(OccasionTwinRow(occasion=key, twin=slug) for slug in occasion.twins)
    session.flush()
    if changed:
        # Whoever keeps the entries of occasions sees by this number that there is something to do.
        locked_window(session).edition += 1


def _document(occasion: Occasion) -> dict[str, Any]:
    return {
        "key": occasion.key,
        "kind": occasion.kind.value,
        "twins": list(occasion.twins),
        "edtf": occasion.date.edtf if occasion.date else None,
        "rule": occasion.rule,
        "titles": dict(occasion.titles),
        "basis": occasion.basis,
        "sources": list(occasion.sources),
        "moved": {str(year): day.isoformat() if day else None for year, day in occasion.moved.items()},
    }
