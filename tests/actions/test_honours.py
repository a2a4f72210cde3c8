"""The register of honours and gifts: what is entered is remembered, and what is taken out stays out."""

import pytest

from tracker.actions.honours import add_honour, remove_honour, restore_honour, revise_honour
from tracker.actions.registry import load_registry
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.commands import Actor
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.intake.registry import Honour
from tracker.store.occasions import load_all
from tracker.store.twins import HonourRow

ME = Actor("user:1")
BELL = Honour(slug="bell", kind="bell", name="Bell of friendship", twin="coventry", date="2003-05-09", verified=True,
              direction="to_hub", place="Town hall")  # fmt: skip


def remembered(tracker: Tracker) -> set[str]:
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    with tracker.database.reading() as session:
        return {source for occasion in load_all(session) for source in occasion.sources}


def test_what_is_entered_is_remembered_until_it_is_taken_out(with_registry_read: Tracker) -> None:
    tracker = with_registry_read
    database, now = tracker.database, tracker.clock()

    slug = add_honour(database, BELL, ME, now)
    entered = remembered(tracker)
    revise_honour(database, BELL.model_copy(update={"twin": "cologne"}), 1, ME, now)
    moved = remembered(tracker)
    remove_honour(database, slug, 2, ME, now)

    assert "honour:bell" in entered
    assert "honour:bell" in moved
    assert "honour:bell" not in remembered(tracker)


def test_what_was_taken_out_comes_back_as_it_was_and_nobody_has_taken_its_name(with_registry_read: Tracker) -> None:
    tracker = with_registry_read
    database, now = tracker.database, tracker.clock()
    slug = add_honour(database, BELL, ME, now)
    revise_honour(database, BELL.model_copy(update={"place": "Cathedral"}), 1, ME, now)
    remove_honour(database, slug, 2, ME, now)
    other = add_honour(database, BELL.model_copy(update={"name": "Another bell"}), ME, now)

    restore_honour(database, slug, ME, now)

    with database.reading() as session:
        row = session.get_one(HonourRow, slug)
    assert other == "bell-2"
    assert (row.place, row.version) == ("Cathedral", 3)
    assert {"honour:bell", "honour:bell-2"} <= remembered(tracker)
    for gone in (slug, "never-was"):
        with pytest.raises(NotFound):
            restore_honour(database, gone, ME, now)


def test_a_second_thing_of_one_name_gets_a_short_name_of_its_own(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()

    assert [add_honour(database, BELL, ME, now) for _ in range(3)] == ["bell", "bell-2", "bell-3"]
    with pytest.raises(Conflict):
        revise_honour(database, BELL, 7, ME, now)
    with pytest.raises(InvalidInput):
        add_honour(database, BELL.model_copy(update={"twin": "atlantis"}), ME, now)


def test_what_shipped_and_was_taken_out_does_not_come_back_with_an_update(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    with database.reading() as session:
        shipped = next(iter(session.query(HonourRow))).slug
    remove_honour(database, shipped, 1, ME, now)

    load_registry(database, now)

    with database.reading() as session:
        assert session.get(HonourRow, shipped) is None
