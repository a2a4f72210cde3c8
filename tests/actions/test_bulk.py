"""Changing several at once: looked at first, all or none, one button takes back what nobody has touched since."""

import datetime as dt
from uuid import UUID

import pytest

from tracker.actions.activities import record_activity, remove_activity, restore_activity, revise_activity
from tracker.actions.bulk import bulk_edit, look_at, undo
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent
from tracker.domain.bulk import BulkEdit, Chosen
from tracker.domain.commands import Actor, RecordActivity, RemoveActivity, RestoreActivity, ReviseActivity
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.intake import bulk as intake
from tracker.store import activities, event_log
from tracker.store.activities import ActivityFilter
from tracker.store.removed import binned

ME = Actor("user:1")


def record(tracker: Tracker, **fields: object) -> Activity:
    base = {"kind": "delegation", "title": {"en": "Visit"}, "twins": ["cologne"], "start": "2026-12"}
    content = ActivityContent.model_validate(base | fields)
    return record_activity(tracker.database, RecordActivity(content), ME, tracker.clock())


def now_of(tracker: Tracker, activity_id: UUID) -> Activity:
    with tracker.database.reading() as session:
        row = activities.load(session, activity_id)
        assert row
        return row.to_activity()


def chosen(*all_of: Activity) -> list[Chosen]:
    return [Chosen(one.id, one.version) for one in all_of]


def test_all_are_changed_in_one_go_and_taken_back_in_one_go(with_registry: Tracker) -> None:
    one, two = record(with_registry), record(with_registry, twins=["coventry"], status="confirmed")
    edit = BulkEdit(status="cancelled", reason="Storm", add_twin="chennai")

    made = bulk_edit(with_registry.database, edit, chosen(one, two), ME, with_registry.clock())
    changed = [now_of(with_registry, each.id) for each in (one, two)]
    outcomes = undo(with_registry.database, made, ME, with_registry.clock())

    assert [(c.status, c.reason, c.twins[-1]) for c in changed] == [("cancelled", "Storm", "chennai")] * 2
    assert all(outcome.changes for outcome in outcomes)
    # A cancelled one may not become confirmed by hand; going back to what stood before a slip may.
    back = [now_of(with_registry, each.id).content() for each in (one, two)]
    assert back == [one.content(), two.content()]


def test_what_somebody_has_changed_since_is_left_and_told(with_registry: Tracker) -> None:
    one, two = record(with_registry), record(with_registry)
    database, now = with_registry.database, with_registry.clock()
    made = bulk_edit(database, BulkEdit(direction="to_hub"), chosen(one, two), ME, now)
    later = now_of(with_registry, two.id).content().model_copy(update={"place": "Volgograd"})
    revise_activity(database, ReviseActivity(two.id, later, 2), ME, now)

    outcomes = {outcome.activity.id: outcome for outcome in undo(database, made, ME, now)}

    assert outcomes[one.id].changes
    assert outcomes[two.id].refused
    assert now_of(with_registry, one.id).direction == "none"
    assert (now_of(with_registry, two.id).direction, now_of(with_registry, two.id).place) == ("to_hub", "Volgograd")
    with pytest.raises(Conflict):
        undo(database, bulk_edit(database, BulkEdit(direction="mutual"), [], ME, now), ME, now)


def test_looking_writes_nothing_and_tells_what_would_be_refused(with_registry: Tracker) -> None:
    planned, held = record(with_registry, start="2026-05"), record(with_registry, start="2026-05", status="held")
    stale = Chosen(record(with_registry).id, 7)
    with with_registry.database.reading() as session:
        end = event_log.end_of_log(session)
    edit = BulkEdit(status="postponed", reason="Storm")

    outcomes = look_at(with_registry.database, edit, [*chosen(planned, held), stale], ME, with_registry.clock())

    assert [(bool(o.changes), bool(o.refused)) for o in outcomes] == [(True, False), (False, True), (False, True)]
    with with_registry.database.reading() as session:
        assert event_log.end_of_log(session) == end
    assert now_of(with_registry, planned.id).version == 1


def test_one_that_cannot_be_stops_all(with_registry: Tracker) -> None:
    planned, held = record(with_registry, start="2026-05"), record(with_registry, start="2026-05", status="held")

    with pytest.raises(Conflict):
        bulk_edit(
            with_registry.database,
            BulkEdit(status="postponed", reason="Storm"),
            chosen(planned, held),
            ME,
            with_registry.clock(),
        )

    assert now_of(with_registry, planned.id).status == "planned"


def test_the_last_city_cannot_be_taken_away(with_registry: Tracker) -> None:
    one = record(with_registry)

    (outcome,) = look_at(
        with_registry.database, BulkEdit(remove_twin="cologne"), chosen(one), ME, with_registry.clock()
    )

    assert [problem.field for problem in outcome.refused] == ["twins"]


def test_the_events_of_one_change_carry_its_id(with_registry: Tracker) -> None:
    one = record(with_registry)

    made = bulk_edit(with_registry.database, BulkEdit(owner="Verein"), chosen(one), ME, with_registry.clock())

    with with_registry.database.reading() as session:
        last = event_log.history(session, f"activity:{one.id}")[-1]
    assert last.data["bulk"] == str(made)
    assert last.data["after"]["owner"] == "Verein"


def test_several_go_into_the_bin_and_come_back(with_registry: Tracker) -> None:
    one, two = record(with_registry), record(with_registry)
    database, now = with_registry.database, with_registry.clock()

    made = bulk_edit(database, BulkEdit(remove=True, reason="twice"), chosen(one, two), ME, now)
    with database.reading() as session:
        lying = binned(session, ActivityFilter(removed=True), offset=0, limit=10)
    undo(database, made, ME, now)

    assert {row.id for row in lying} == {one.id, two.id}
    with database.reading() as session:
        assert binned(session, ActivityFilter(removed=True), offset=0, limit=10) == []
    assert now_of(with_registry, one.id).content() == one.content()


def test_what_was_removed_comes_back_as_it_was(with_registry: Tracker) -> None:
    one = record(with_registry)
    database, now = with_registry.database, with_registry.clock() + dt.timedelta(days=1)
    remove_activity(database, RemoveActivity(one.id, 1, "typed twice"), ME, now)

    with pytest.raises(Conflict):
        restore_activity(database, RestoreActivity(one.id, 1), ME, now)
    back = restore_activity(database, RestoreActivity(one.id, 2), ME, now)

    assert (back.content(), back.version) == (one.content(), 3)
    with database.reading() as session:
        removed, restored = event_log.history(session, f"activity:{one.id}")[1:]
    assert removed.data["reason"] == "typed twice"
    assert restored.type == "activity.restored"
    with pytest.raises(NotFound):
        restore_activity(database, RestoreActivity(one.id, 3), ME, now)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({}, ["status"]),
        ({"status": "cancelled"}, ["reason"]),
        ({"status": "over", "direction": "up"}, ["status", "direction"]),
        ({"owner": "x" * 201}, ["owner"]),
    ],
)
def test_a_change_that_cannot_be_is_told_at_its_field(given: dict[str, str], fields: list[str]) -> None:
    with pytest.raises(InvalidInput) as fault:
        intake.bulk_edit(given)

    assert [problem.field for problem in fault.value.problems] == fields


def test_marks_that_nobody_showed_are_passed_over() -> None:
    known = UUID(int=7)

    assert intake.chosen([f"{known}.3", "nonsense", f"{known}.x", "7.1"]) == (Chosen(known, 3),)
