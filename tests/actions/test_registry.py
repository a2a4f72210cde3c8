"""The registry that ships: loaded once, following an upgrade only where nobody has edited."""

import dataclasses
import datetime as dt
import tomllib
from typing import Any

import pytest

from tracker.actions.activities import remove_activity, revise_activity
from tracker.actions.registry import RegistryOutcome, load_registry
from tracker.actions.twins import revise_twin
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor, RemoveActivity, ReviseActivity
from tracker.domain.events import Event, EventType
from tracker.domain.twins import Level, State, Twin
from tracker.intake.registry import DATA, Registry, read_registry
from tracker.store import registry as rows
from tracker.store.activities import ActivityFilter, by_external_ids, counted
from tracker.store.event_log import end_of_log, read_all
from tracker.store.twins import load_all

STAFF = Actor("user:1")
RULES = len(tomllib.loads((DATA / "reminder_rules.toml").read_text())["rule"])
RECORDS = 4 + 28 + 28 + 13 + RULES + 126 + 5
"""Kinds of link, cities, honours, observances, rules of reminding, activities and readers of reports."""


@pytest.fixture(scope="module")
def shipped() -> Registry:
    return read_registry(dt.date(2026, 10, 1))


def log(tracker: Tracker, after: int = 0) -> list[Event]:
    with tracker.database.reading() as session:
        return read_all(session, after)


def twins(tracker: Tracker) -> dict[str, Twin]:
    with tracker.database.reading() as session:
        return load_all(session)


def versions(tracker: Tracker) -> dict[str, int]:
    with tracker.database.reading() as session:
        found = [rows.twins(session), rows.honours(session), rows.observances(session)]
        return {slug: row.version for by_slug in found for slug, row in by_slug.items()}


def changed(registry: Registry, field: str, slug: str, **update: Any) -> Registry:
    """The registry of a later release."""
    values = [v.model_copy(update=update) if getattr(v, "slug", "") == slug else v for v in getattr(registry, field)]
    return dataclasses.replace(registry, **{field: tuple(values)})


def changed_history(registry: Registry, identity: str, **update: Any) -> Registry:
    history = [c.model_copy(update=update) if c.external_id == identity else c for c in registry.history]
    return dataclasses.replace(registry, history=tuple(history))


def test_everything_that_ships_is_loaded_with_its_events(tracker: Tracker) -> None:
    outcome = load_registry(tracker.database, tracker.clock())

    assert outcome == RegistryOutcome(added=RECORDS)
    events = log(tracker)
    assert {event.actor for event in events} == {"registry"}
    assert sum(event.type is EventType.TWIN_ADDED for event in events) == 28
    assert sum(event.type is EventType.ACTIVITY_RECORDED for event in events) == 126
    assert sum(event.type is EventType.HONOUR_ADDED for event in events) == 28
    assert sum(event.type is EventType.OBSERVANCE_ADDED for event in events) == 13
    with tracker.database.reading() as session:
        assert counted(session, ActivityFilter()) == 126


def test_twins_are_told_before_the_activities_with_them(tracker: Tracker) -> None:
    load_registry(tracker.database, tracker.clock())

    types = [event.type for event in log(tracker)]
    assert types.index(EventType.ACTIVITY_RECORDED) > max(i for i, t in enumerate(types) if t is EventType.TWIN_ADDED)


def test_loading_again_changes_nothing(with_registry: Tracker) -> None:
    before, known = log(with_registry), versions(with_registry)

    outcome = load_registry(with_registry.database, with_registry.clock())

    assert outcome == RegistryOutcome(unchanged=RECORDS)
    assert log(with_registry) == before
    assert versions(with_registry) == known


def test_an_untouched_twin_follows_a_changed_registry(with_registry: Tracker, shipped: Registry) -> None:
    end = len(log(with_registry))
    later = changed(shipped, "twins", "dijon", note="Corrected.")

    outcome = load_registry(with_registry.database, with_registry.clock(), later)

    assert (outcome.revised, outcome.unchanged) == (1, RECORDS - 1)
    assert twins(with_registry)["dijon"].note == "Corrected."
    [event] = log(with_registry, end)
    assert (event.type, event.subject) == (EventType.TWIN_REVISED, "twin:dijon")
    assert event.data["after"] == {"note": "Corrected.", "version": 2}
    assert load_registry(with_registry.database, with_registry.clock(), later).unchanged == RECORDS


def test_an_edited_twin_stays_as_it_was_edited(with_registry: Tracker, shipped: Registry) -> None:
    edited = twins(with_registry)["dijon"].model_copy(update={"note": "Ours."})
    revise_twin(with_registry.database, edited, 1, STAFF, with_registry.clock())

    outcome = load_registry(
        with_registry.database, with_registry.clock(), changed(shipped, "twins", "dijon", note="Corrected.")
    )

    assert (outcome.revised, outcome.kept) == (0, 1)
    assert twins(with_registry)["dijon"].note == "Ours."


def test_an_edit_survives_every_later_upgrade(with_registry: Tracker, shipped: Registry) -> None:
    edited = twins(with_registry)["dijon"].model_copy(update={"note": "Ours."})
    revise_twin(with_registry.database, edited, 1, STAFF, with_registry.clock())

    for note in ("Second release.", "Third release."):
        load_registry(with_registry.database, with_registry.clock(), changed(shipped, "twins", "dijon", note=note))

    assert twins(with_registry)["dijon"].note == "Ours."


def test_honours_and_observances_follow_too(with_registry: Tracker, shipped: Registry) -> None:
    later = changed(shipped, "honours", "bell-peace-bell-volgograd", note="Rung on 6 August.")
    later = changed(later, "observances", "victory-day", note="A holiday.")
    end = len(log(with_registry))

    outcome = load_registry(with_registry.database, with_registry.clock(), later)

    assert outcome.revised == 2
    assert [(e.type, e.data["after"]) for e in log(with_registry, end)] == [
        (EventType.HONOUR_REVISED, {"note": "Rung on 6 August."}),
        (EventType.OBSERVANCE_REVISED, {"note": "A holiday."}),
    ]
    assert versions(with_registry)["bell-peace-bell-volgograd"] == 2


def test_an_untouched_record_of_the_history_follows_and_an_edited_or_removed_one_does_not(
    with_registry: Tracker, shipped: Registry
) -> None:
    with with_registry.database.reading() as session:
        found = by_external_ids(session, ["H046", "H048", "H050"])
        known = {identity: row.to_activity() for identity, row in found.items()}
    edited = known["H048"].content().model_copy(update={"place": "Köln"})
    revise_activity(
        with_registry.database, ReviseActivity(known["H048"].id, edited, None), STAFF, with_registry.clock()
    )
    remove_activity(with_registry.database, RemoveActivity(known["H050"].id, None), STAFF, with_registry.clock())
    later = shipped
    for identity in known:
        later = changed_history(later, identity, place="Cologne, town hall")

    outcome = load_registry(with_registry.database, with_registry.clock(), later)

    assert (outcome.revised, outcome.kept) == (1, 2)
    with with_registry.database.reading() as session:
        after = by_external_ids(session, list(known))
        assert after["H046"].place == "Cologne, town hall"
        assert after["H048"].place == "Köln"
        assert after["H050"].removed_at is not None


def test_a_twin_that_staff_had_added_before_is_theirs(tracker: Tracker, shipped: Registry) -> None:
    without = dataclasses.replace(shipped, twins=shipped.twins[:1], honours=(), observances=(), history=())
    load_registry(tracker.database, tracker.clock(), without)
    with tracker.database.unit("user:1", tracker.clock()) as unit:
        for row in rows.shipped(unit.session).values():
            if row.subject.startswith("twin:"):
                unit.session.delete(row)

    assert load_registry(tracker.database, tracker.clock(), without).kept == 1


def test_a_failure_leaves_nothing_half_loaded(tracker: Tracker, shipped: Registry) -> None:
    broken = changed(shipped, "observances", "victory-day", twin="atlantis")

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        load_registry(tracker.database, tracker.clock(), broken)

    with tracker.database.reading() as session:
        assert end_of_log(session) == 0
        assert load_all(session) == {}


def test_the_three_levels_of_cologne_are_kept_apart(with_registry: Tracker) -> None:
    cologne = twins(with_registry)["cologne"]

    assert cologne.state(Level.AGREEMENT).state is State.IN_FORCE
    assert cologne.state(Level.OFFICIAL).state is State.RESTING
    assert cologne.state(Level.OFFICIAL).since == "2022-03-03"
    assert cologne.state(Level.CITIZENS).state is State.GOING_ON
