"""Recording, revising and removing: row and event together, or neither."""

import datetime as dt
import re

import pytest

from tracker.actions.activities import import_activities, record_activity, remove_activity, revise_activity
from tracker.bootstrap import Tracker
from tracker.domain.activities import Activity, ActivityContent, Status
from tracker.domain.commands import Actor, ImportActivities, RecordActivity, RemoveActivity, ReviseActivity
from tracker.domain.details import Delegation
from tracker.domain.events import EventType
from tracker.domain.search import query_words
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.store import activities, event_log
from tracker.store.activities import ActivityFilter

ME = Actor("user:1")
TOWN_HALL = {"start": "1960-05-03T10:00", "timezone": "Europe/Volgograd", "title": "Town hall"}


def content(**fields: object) -> ActivityContent:
    base = {"kind": "delegation", "title": {"en": "Visit"}, "twins": ["cologne"], "start": "1960-05"}
    return ActivityContent.model_validate(base | fields)


def log(tracker: Tracker) -> list[EventType]:
    with tracker.database.reading() as session:
        return [e.type for e in event_log.read_all(session) if e.subject.startswith("activity:") and e.actor == ME.name]


def test_a_recorded_activity_is_read_back_as_it_was_given(with_registry: Tracker) -> None:
    given = content(
        money=[{"amount": "4516", "currency": "GBP"}],
        goods=[{"description": "blankets", "quantity": "12.5", "unit": "bales", "weight_kg": "300"}],
        counts=[{"of": "travellers", "value": 12, "bound": "about", "side": "twin"}],
        details={"programme": [{**TOWN_HALL, "id": "arrival"}]},
    )

    made = record_activity(with_registry.database, RecordActivity(given), ME, with_registry.clock())

    with with_registry.database.reading() as session:
        row = activities.load(session, made.id)
        assert row is not None
        assert row.to_activity().content() == given
    assert log(with_registry) == [EventType.ACTIVITY_RECORDED]


def test_a_change_of_a_list_alone_raises_the_version_and_tells_before_and_after(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(counts=[{"value": 3}])), ME, now)

    changed = revise_activity(database, ReviseActivity(made.id, content(counts=[{"value": 4}]), 1), ME, now)

    assert changed.version == 2
    with database.reading() as session:
        event = event_log.history(session, f"activity:{made.id}")[-1]
    assert event.data["before"]["counts"][0]["value"] == 3
    assert event.data["after"]["counts"][0]["value"] == 4
    assert set(event.data["before"]) == {"counts"}


def test_saving_without_a_change_says_nothing(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(money=[{"amount": "5.5", "currency": "EUR"}])), ME, now)

    again = revise_activity(database, ReviseActivity(made.id, made.content(), 1), ME, now)

    assert again.version == 1
    assert log(with_registry) == [EventType.ACTIVITY_RECORDED]


def test_a_change_against_an_old_version_is_refused_with_the_current_one(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content()), ME, now)
    revise_activity(database, ReviseActivity(made.id, content(place="Volgograd"), 1), ME, now)

    with pytest.raises(Conflict) as refused:
        revise_activity(database, ReviseActivity(made.id, content(place="Cologne"), 1), ME, now)

    assert refused.value.current == 2


def test_what_was_held_cannot_be_put_off(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(status="held")), ME, now)

    with pytest.raises(InvalidInput) as refused:
        revise_activity(database, ReviseActivity(made.id, content(status="postponed", reason="rain"), 1), ME, now)

    assert refused.value.problems[0].field == "status"
    assert "planned" in refused.value.message()


def test_nothing_is_written_where_a_twin_is_unknown(with_registry: Tracker) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_activity(with_registry.database, RecordActivity(content(twins=["atlantis"])), ME, with_registry.clock())

    assert refused.value.problems[0].value == "atlantis"
    assert "cologne" in refused.value.message()
    assert log(with_registry) == []


def test_an_activity_of_next_year_cannot_have_been_held(with_registry: Tracker) -> None:
    with pytest.raises(InvalidInput) as refused:
        record_activity(
            with_registry.database,
            RecordActivity(content(start="2027-05-01", status=Status.HELD)),
            ME,
            dt.datetime(2026, 10, 1, tzinfo=dt.UTC),
        )

    assert refused.value.problems[0].field == "status"


def test_a_removed_activity_is_gone_from_lists_but_not_from_the_log(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(title={"en": "Slip of the pen"})), ME, now)

    remove_activity(database, RemoveActivity(made.id, 1), ME, now)

    with database.reading() as session:
        chosen = ActivityFilter(words=query_words("slip of the pen"))
        assert activities.listed(session, chosen) == []
    assert log(with_registry) == [EventType.ACTIVITY_RECORDED, EventType.ACTIVITY_REMOVED]
    with pytest.raises(NotFound):
        remove_activity(database, RemoveActivity(made.id, None), ME, now)


def test_a_sheet_brings_a_removed_activity_back(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(external_id="X1")), ME, now)
    remove_activity(database, RemoveActivity(made.id, 1), ME, now)

    sheet = ImportActivities((content(external_id="X1", place="Volgograd"),), (frozenset({"place"}),))
    outcome = import_activities(database, sheet, ME, now)

    assert (outcome.created, outcome.changed) == (0, 1)
    with database.reading() as session:
        row = activities.load(session, made.id)
        assert row is not None
        assert (row.removed_at, row.place) == (None, "Volgograd")
    assert log(with_registry)[-2:] == [EventType.ACTIVITY_RESTORED, EventType.ACTIVITY_REVISED]


def test_activities_of_others_are_counted_apart(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    before = ActivityFilter(kinds=("delegation",), own=True)
    with database.reading() as session:
        own_before = activities.counted(session, before)

    record_activity(database, RecordActivity(content(owner="Rossoshka e.V.")), ME, now)

    with database.reading() as session:
        assert activities.counted(session, before) == own_before
        assert activities.counted(session, ActivityFilter(own=False)) == 1


def programme(activity: Activity) -> list[tuple[str, str]]:
    """Start and id of each item."""
    assert isinstance(activity.details, Delegation)
    return [(item.start, item.id) for item in activity.details.programme]


def kept_before(tracker: Tracker, activity: Activity, details: dict[str, object]) -> None:
    """Make a row what an older release would have kept."""
    with tracker.database.unit(ME.name, tracker.clock()) as unit:
        row = activities.load(unit.session, activity.id)
        assert row is not None
        row.details = details


def test_a_programme_item_gets_an_id_and_keeps_it_when_it_moves(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(details={"programme": [TOWN_HALL, TOWN_HALL]})), ME, now)
    (_, first), (_, second) = programme(made)

    moved = [{**TOWN_HALL, "start": "1960-05-04"}, {**TOWN_HALL, "title": "Theatre"}, TOWN_HALL]
    changed = revise_activity(database, ReviseActivity(made.id, content(details={"programme": moved}), 1), ME, now)

    assert re.fullmatch("[0-9a-f]{12}", first)
    assert first != second
    # The last says what the first one said, the second stands where it stood: nothing is left for the one that moved.
    assert [own for _, own in programme(changed)][1:] == [second, first]
    assert programme(changed)[0][1] not in ("", first, second)


def test_a_programme_item_sent_back_with_its_id_keeps_it(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content(details={"programme": [TOWN_HALL]})), ME, now)
    ((_, own),) = programme(made)

    sent = [{"start": "1960-05-02", "title": "Arrival"}, {**TOWN_HALL, "id": own, "start": "1960-05-05"}]
    changed = revise_activity(database, ReviseActivity(made.id, content(details={"programme": sent}), 1), ME, now)

    assert programme(changed)[1] == ("1960-05-05", own)
    assert programme(changed)[0][1] not in ("", own)


def test_sending_again_what_was_sent_without_ids_says_nothing(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    given = content(kind="exchange", details={"legs": [{"start": "1960-05-03"}, {"start": "1960-05-09"}]})
    made = record_activity(database, RecordActivity(given), ME, now)

    again = revise_activity(database, ReviseActivity(made.id, given, 1), ME, now)

    assert again == made
    assert log(with_registry) == [EventType.ACTIVITY_RECORDED]


def test_items_kept_before_there_were_ids_are_named_by_their_place_at_the_next_change(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content()), ME, now)
    kept_before(with_registry, made, {"programme": [TOWN_HALL, {"start": "1960-05-04", "title": "Theatre"}]})
    same = content(details={"programme": [TOWN_HALL, {"start": "1960-05-04", "title": "Theatre"}]})

    unchanged = revise_activity(database, ReviseActivity(made.id, same, 1), ME, now)
    changed = revise_activity(database, ReviseActivity(made.id, same.model_copy(update={"place": "Kiev"}), 1), ME, now)

    assert unchanged.version == 1
    assert programme(changed) == [("1960-05-03T10:00", "1"), ("1960-05-04", "2")]


def test_a_stage_reached_twice_is_refused_at_its_field(with_registry: Tracker) -> None:
    stages = [{"stage": "customs", "on": "1992-02-03"}, {"stage": "customs", "on": "1992-02-05"}]
    twice = content(kind="aid_shipment", details={"stages": stages})

    with pytest.raises(InvalidInput) as recorded:
        record_activity(with_registry.database, RecordActivity(twice), ME, with_registry.clock())
    with pytest.raises(InvalidInput) as imported:
        import_activities(
            with_registry.database, ImportActivities((twice,), (frozenset({"details"}),)), ME, with_registry.clock()
        )

    assert [problem.field for problem in recorded.value.problems] == ["details.stages.1.stage"]
    assert [problem.field for problem in imported.value.problems] == ["0.details.stages.1.stage"]
    assert log(with_registry) == []


def test_an_old_slip_in_the_parts_stops_no_other_change(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    made = record_activity(database, RecordActivity(content()), ME, now)
    kept_before(with_registry, made, {"programme": [{**TOWN_HALL, "start": "1960-05-03T25:00"}]})
    with database.reading() as session:
        row = activities.load(session, made.id)
        assert row is not None
        known = row.to_activity().content()

    cancelled = known.model_copy(update={"status": Status.CANCELLED})
    changed = revise_activity(database, ReviseActivity(made.id, cancelled, 1), ME, now)

    assert changed.status is Status.CANCELLED
