"""What the shipped registry last said, and the rows it spoke of: each kind in one query, by its key."""

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tracker.store.rules import RuleRow
from tracker.store.twins import HonourRow, LinkKindRow, ObservanceRow, RegistryRow, TwinRow


def shipped(session: Session) -> dict[str, RegistryRow]:
    """What the registry last said, by subject."""
    return {row.subject: row for row in session.scalars(select(RegistryRow))}


def twins(session: Session) -> dict[str, TwinRow]:
    query = select(TwinRow).options(selectinload(TwinRow.dates), selectinload(TwinRow.states))
    return {row.slug: row for row in session.scalars(query)}


def honours(session: Session) -> dict[str, HonourRow]:
    return {row.slug: row for row in session.scalars(select(HonourRow))}


def observances(session: Session) -> dict[str, ObservanceRow]:
    return {row.slug: row for row in session.scalars(select(ObservanceRow))}


def rules(session: Session) -> dict[str, RuleRow]:
    return {row.key: row for row in session.scalars(select(RuleRow))}


def link_kinds(session: Session) -> dict[str, LinkKindRow]:
    return {row.slug: row for row in session.scalars(select(LinkKindRow))}
