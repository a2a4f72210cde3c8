"""Rules of reminding as rows, and the house's customs: which years are round, where 29 February is kept."""

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, Integer, SmallInteger, String, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import DEFAULT_CUSTOMS, Customs
from tracker.domain.rules import About, Audience, Choice, Lead, Rule
from tracker.store.base import Base, Instant, Json


class RuleRow(Base):
    __tablename__ = "rules"
    __table_args__ = (CheckConstraint(f"about IN ({', '.join(repr(a.value) for a in About)})", "about_known"),)

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    """What the ledger knows it by; a ready-made one's is a word, another's "rule-" and letters never used again."""
    version: Mapped[int] = mapped_column(Integer)
    position: Mapped[int] = mapped_column(SmallInteger, default=0)
    enabled: Mapped[bool] = mapped_column(default=True)
    about: Mapped[str] = mapped_column(String(20))
    names: Mapped[dict[str, str]] = mapped_column(Json)
    choice: Mapped[dict[str, Any]] = mapped_column(Json)
    leads: Mapped[list[str]] = mapped_column(Json)
    audience: Mapped[list[dict[str, str]]] = mapped_column(Json)
    wording: Mapped[dict[str, dict[str, str]]] = mapped_column(Json)
    late_days: Mapped[int | None] = mapped_column(SmallInteger)
    task: Mapped[bool] = mapped_column(default=False)
    since: Mapped[dt.datetime] = mapped_column(Instant)
    """When it was made or switched on last, or when what it chooses or its leads were changed last."""
    changed_at: Mapped[dt.datetime] = mapped_column(Instant)

    def to_rule(self) -> Rule:
        return Rule(
            key=self.key,
            about=About(self.about),
            leads=tuple(Lead.parse(text) for text in self.leads),
            audience=tuple(Audience.from_json(each) for each in self.audience),
            names=self.names,
            choice=Choice.from_json(self.choice),
            wording=self.wording,
            late_days=self.late_days,
            task=self.task,
            enabled=self.enabled,
            since=self.since,
        )


class CustomsRow(Base):
    """The one row of what the house has settled; there is none as long as nobody has settled anything."""

    __tablename__ = "customs"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    leap_day: Mapped[str] = mapped_column(String(10))
    round_years: Mapped[list[int]] = mapped_column(Json)
    jubilee_years: Mapped[list[int]] = mapped_column(Json)


def rules(session: Session) -> list[Rule]:
    """All rules in their order, those switched off too; a few dozen."""
    return [row.to_rule() for row in session.scalars(select(RuleRow).order_by(RuleRow.position, RuleRow.key))]


EDITION = (
    select(func.sum(RuleRow.version)).scalar_subquery(),
    select(func.count()).select_from(RuleRow).scalar_subquery(),
    select(CustomsRow.version).where(CustomsRow.id == 1).scalar_subquery(),
)
"""Three numbers of which one changes whenever a rule or the customs do."""


def customs_version(session: Session) -> int:
    """Counts the changes of the customs; 0 as long as nobody has settled anything."""
    return session.scalar(select(CustomsRow.version)) or 0


def customs(session: Session) -> Customs:
    """How the house keeps its days."""
    row = session.get(CustomsRow, 1)
    if row is None:
        return DEFAULT_CUSTOMS
    return Customs(LeapDayPolicy(row.leap_day), frozenset(row.round_years), frozenset(row.jubilee_years))
