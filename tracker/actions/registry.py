"""Loading the registry that ships, and following it at an upgrade without touching what somebody edited.

A row of `registry` keeps what was last shipped of each record. Only where the record still says that does it follow a
changed registry; where staff have changed or removed it, it is theirs. Loading the same again writes nothing at all.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from tracker.actions import twins
from tracker.actions.activities import take_in
from tracker.domain.activities import ActivityContent, Value
from tracker.domain.commands import ImportActivities
from tracker.domain.events import EventType, changes
from tracker.domain.report_readers import Reader
from tracker.domain.rule_changes import reaches_further
from tracker.domain.twins import Twin
from tracker.intake.registry import Honour, LinkKind, Observance, Registry, ReminderRule, read_registry
from tracker.store import activities as activity_store
from tracker.store import registry as store
from tracker.store import report_readers
from tracker.store.report_readers import ReaderRow
from tracker.store.rules import RuleRow
from tracker.store.twins import HonourRow, LinkKindRow, ObservanceRow, RegistryRow
from tracker.store.unit_of_work import Database, Unit

ACTOR = "registry"

V = TypeVar("V", bound=Value)


@dataclass(frozen=True)
class RegistryOutcome:
    """How many records were new, followed a changed registry, belong to staff by now, or are as they were."""

    added: int = 0
    revised: int = 0
    kept: int = 0
    unchanged: int = 0


def load_registry(database: Database, now: dt.datetime, registry: Registry | None = None) -> RegistryOutcome:
    """Bring what ships (or `registry`) into the database, all or nothing."""
    registry = registry or read_registry(now.date())
    with database.unit(ACTOR, now) as unit:
        loading = _Loading(unit)
        # Each of these two refers to the one before, which has to be there first.
        loading.link_kinds(registry.link_kinds)
        unit.session.flush()
        loading.twins(registry.twins)
        unit.session.flush()
        loading.honours(registry.honours)
        loading.observances(registry.observances)
        loading.rules(registry.rules)
        loading.readers(registry.readers)
        loading.history(registry.history)
        return RegistryOutcome(**loading.counted)


class _Loading:
    """One loading: what was shipped before, and what has been done so far."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.shipped = store.shipped(unit.session)
        self.counted = {"added": 0, "revised": 0, "kept": 0, "unchanged": 0}

    def link_kinds(self, shipped: tuple[LinkKind, ...]) -> None:
        rows = store.link_kinds(self.unit.session)
        for kind in shipped:
            row = rows.get(kind.slug)
            if self._follows(f"link_kind:{kind.slug}", kind, _value(LinkKind, row)):
                self._write(row or LinkKindRow(), kind)

    def twins(self, shipped: tuple[Twin, ...]) -> None:
        rows = store.twins(self.unit.session)
        for twin in shipped:
            row = rows.get(twin.slug)
            if not self._follows(twins.subject(twin.slug), twin, row.to_twin() if row else None):
                continue
            if row is None:
                twins.add(self.unit, twin)
            else:
                twins.revise(self.unit, row, twin)

    def honours(self, shipped: tuple[Honour, ...]) -> None:
        rows = store.honours(self.unit.session)
        for honour in shipped:
            row, subject = rows.get(honour.slug), f"honour:{honour.slug}"
            known = _value(Honour, row)
            if self._follows(subject, honour, known):
                self._write_versioned(row or HonourRow(), honour)
                self._append(subject, known, honour, EventType.HONOUR_ADDED, EventType.HONOUR_REVISED)

    def observances(self, shipped: tuple[Observance, ...]) -> None:
        rows = store.observances(self.unit.session)
        for observance in shipped:
            row, subject = rows.get(observance.slug), f"observance:{observance.slug}"
            known = _value(Observance, row)
            if self._follows(subject, observance, known):
                self._write_versioned(row or ObservanceRow(), observance)
                self._append(subject, known, observance, EventType.OBSERVANCE_ADDED, EventType.OBSERVANCE_REVISED)

    def rules(self, shipped: tuple[ReminderRule, ...]) -> None:
        rows = store.rules(self.unit.session)
        for rule in shipped:
            row, subject = rows.get(rule.key), f"rule:{rule.key}"
            known = _value(ReminderRule, row)
            if self._follows(subject, rule, known):
                was = row.to_rule() if row else None
                row = row or RuleRow(since=self.unit.now)
                row.changed_at = self.unit.now
                self._write_versioned(row, rule)
                if was and reaches_further(was, row.to_rule()):
                    row.since = self.unit.now
                self._append(subject, known, rule, EventType.RULE_ADDED, EventType.RULE_REVISED)

    def readers(self, shipped: tuple[Reader, ...]) -> None:
        rows = {row.slug: row for row in report_readers.readers(self.unit.session)}
        for position, reader in enumerate(shipped, start=1):
            row, subject = rows.get(reader.slug), f"reader:{reader.slug}"
            known = row.to_reader() if row else None
            if self._follows(subject, reader, known):
                row = row or ReaderRow(position=position)
                row.changed_at = self.unit.now
                self._write_versioned(row, reader)
                self._append(subject, known, reader, EventType.READER_ADDED, EventType.READER_REVISED)

    def history(self, shipped: tuple[ActivityContent, ...]) -> None:
        """All that is to be written goes in as one import."""
        identities = [content.external_id for content in shipped if content.external_id]
        rows = activity_store.by_external_ids(self.unit.session, identities)
        chosen = []
        for content in shipped:
            row = rows.get(content.external_id or "")
            known = row.to_activity().content() if row else None
            removed = row is not None and row.removed_at is not None
            if self._follows(f"record:{content.external_id}", content, known, removed=removed):
                chosen.append(content)
        everything = frozenset(ActivityContent.model_fields)
        take_in(self.unit, ImportActivities(tuple(chosen), (everything,) * len(chosen)))

    def _follows(self, subject: str, value: Value, known: Value | None, *, removed: bool = False) -> bool:
        """Whether the record is to become `value`; remembers that this is what is shipped now."""
        document, before = value.model_dump(mode="json"), self.shipped.get(subject)
        if before is None:
            self.unit.session.add(RegistryRow(subject=subject, document=document))
            what = "added" if known is None else "kept"
        elif before.document == document:
            what = "unchanged"
        else:
            untouched = known is not None and not removed and known == _shipped_value(type(value), before.document)
            before.document = document
            what = "revised" if untouched else "kept"
        self.counted[what] += 1
        return what in ("added", "revised")

    def _write(self, row: LinkKindRow | HonourRow | ObservanceRow | RuleRow | ReaderRow, value: Value) -> None:
        for name, part in value.model_dump(mode="json").items():
            setattr(row, name, part)
        self.unit.session.add(row)

    def _write_versioned(self, row: HonourRow | ObservanceRow | RuleRow | ReaderRow, value: Value) -> None:
        row.version = (row.version or 0) + 1
        self._write(row, value)

    def _append(self, subject: str, known: Value | None, value: Value, added: EventType, revised: EventType) -> None:
        before = known.model_dump(mode="json") if known else {}
        difference = changes(before, value.model_dump(mode="json"))
        self.unit.append(revised if known else added, subject, difference if known else {**difference, "before": {}})


def _value(model: type[V], row: LinkKindRow | HonourRow | ObservanceRow | RuleRow | None) -> V | None:
    return None if row is None else model.model_validate({name: getattr(row, name) for name in model.model_fields})


def _shipped_value(model: type[Value], document: Mapping[str, Any]) -> Value | None:
    """What was shipped, as today's value: a field that a newer release added must not look like somebody's edit."""
    try:
        return model.model_validate(document)
    except ValidationError:
        return None
