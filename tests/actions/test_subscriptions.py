"""What becomes of addresses: each change an event, nothing told twice, public calendars that hold what is public."""

import dataclasses
from uuid import UUID

import pytest

from tests.calendars import ME, by_token_hash, choice, subscribed
from tracker.actions import subscriptions
from tracker.actions.calendars import token_hash
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.events import Event, EventType
from tracker.errors import InvalidInput, NotFound
from tracker.store import event_log
from tracker.store.calendars import CalendarRow


def id_of(tracker: Tracker, token: str) -> UUID:
    with tracker.database.reading() as session:
        row = by_token_hash(session, token_hash(token))
    assert row
    return row.id


def told(tracker: Tracker) -> list[Event]:
    with tracker.database.reading() as session:
        return [event for event in event_log.read_all(session, 0) if event.subject.startswith("subscription:")]


def test_every_change_is_an_event_and_saying_it_again_is_none(tracker: Tracker) -> None:
    mine = id_of(tracker, subscribed(tracker, choice()))
    now = tracker.clock()

    for _ in range(2):
        subscriptions.rename(tracker.database, mine, "Board", ME, now)
        subscriptions.mail_urgent_changes(tracker.database, mine, False, ME, now)
        subscriptions.put_test_entry(tracker.database, mine, ME, now)

    revised = [event.data for event in told(tracker) if event.type is EventType.SUBSCRIPTION_REVISED]
    assert revised == [
        {"before": {"name": ""}, "after": {"name": "Board"}},
        {"before": {"mail_urgent": True}, "after": {"mail_urgent": False}},
        {"before": {"test_entry_at": None}, "after": {"test_entry_at": now.isoformat()}},
    ]


def test_the_log_tells_that_an_address_is_fresh_but_not_the_address(tracker: Tracker) -> None:
    old = subscribed(tracker, choice())
    mine = id_of(tracker, old)

    new = subscriptions.rotate(tracker.database, mine, ME, tracker.clock())

    with tracker.database.reading() as session:
        assert by_token_hash(session, token_hash(old)) is None
    assert id_of(tracker, new) == mine
    assert (told(tracker)[-1].type, told(tracker)[-1].data) == (
        EventType.SUBSCRIPTION_ROTATED,
        {"before": {}, "after": {}},
    )


def test_a_public_calendar_is_read_by_its_name_and_holds_what_is_public(tracker: Tracker) -> None:
    staff = dataclasses.replace(choice(level=Visibility.STAFF), busy=True)

    made = subscriptions.publish(tracker.database, staff, "volgograd", "Wolgograd", ME, tracker.clock())

    with tracker.database.reading() as session:
        row = by_token_hash(session, token_hash("volgograd"))
        assert row
        calendar = session.get_one(CalendarRow, row.calendar_id)
    assert (row.id, row.user_id) == (made, None)
    assert (calendar.visibility, calendar.busy) == ("public", False)


def test_a_name_is_taken_until_its_calendar_is_closed(tracker: Tracker) -> None:
    now = tracker.clock()
    first = subscriptions.publish(tracker.database, choice(), "volgograd", "", ME, now)

    with pytest.raises(InvalidInput, match="public_name"):
        subscriptions.publish(tracker.database, choice(), "volgograd", "", ME, now)
    subscriptions.unpublish(tracker.database, first, ME, now)
    second = subscriptions.publish(tracker.database, choice(), "volgograd", "", ME, now)

    assert second != first
    assert id_of(tracker, "volgograd") == second


@pytest.mark.parametrize("name", ["", "-a", "a-", "Köln", "a b", "a/b", "../a", "A", "a" * 41])
def test_a_name_that_cannot_stand_in_an_address_is_refused(tracker: Tracker, name: str) -> None:
    with pytest.raises(InvalidInput):
        subscriptions.publish(tracker.database, choice(), name, "", ME, tracker.clock())


def test_a_public_address_is_no_secret_to_make_fresh(tracker: Tracker) -> None:
    made = subscriptions.publish(tracker.database, choice(), "volgograd", "", ME, tracker.clock())

    with pytest.raises(InvalidInput):
        subscriptions.rotate(tracker.database, made, ME, tracker.clock())


def test_what_is_closed_can_be_changed_no_more(tracker: Tracker) -> None:
    made = subscriptions.publish(tracker.database, choice(), "volgograd", "", ME, tracker.clock())
    subscriptions.unpublish(tracker.database, made, ME, tracker.clock())

    with pytest.raises(NotFound):
        subscriptions.rename(tracker.database, made, "Board", ME, tracker.clock())
