"""Choosing a calendar, subscribing to it, and the occasions that stand in it year after year."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from tests.calendars import COLOGNE, ME, choice, entries, put_twin, record, remove, revise, sent, settle, subscribed
from tracker.actions.calendars import (
    create_calendar,
    new_subscription,
    revoke_subscription,
    roll_window,
    subscribe,
    token_hash,
)
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.events import EventType
from tracker.errors import InvalidInput, NotFound
from tracker.store import event_log, feeds, subscriptions

RESTING_DE = "(offizielle Kontakte ruhen seit dem 3. März 2022)"


def on(tracker: Tracker, token: str, day: dt.date) -> list[Any]:
    return [entry for entry in entries(sent(tracker, token)).values() if entry["DTSTART"].dt == day]


def titles(tracker: Tracker, token: str) -> dict[dt.date, str]:
    return {entry["DTSTART"].dt: str(entry["SUMMARY"]) for entry in entries(sent(tracker, token)).values()}


def set_clock(tracker: Tracker, *moment: int) -> None:
    tracker.clock.set(dt.datetime(*moment, tzinfo=dt.UTC))  # type: ignore[attr-defined,misc,arg-type]  # a star has no types


def log(tracker: Tracker) -> list[EventType]:
    with tracker.database.reading() as session:
        return [event.type for event in event_log.read_all(session)]


def test_the_registry_gives_colognes_38th_anniversary(with_registry_read: Tracker) -> None:
    settle(with_registry_read)
    token = subscribed(with_registry_read, choice("cologne", language="de"))

    [shown] = [e for e in on(with_registry_read, token, dt.date(2026, 11, 28)) if "Jahrestag" in str(e["SUMMARY"])]

    assert str(shown["SUMMARY"]).startswith("38. Jahrestag der Städtepartnerschaft Köln – Wolgograd")
    assert "28. November 1988" in str(shown["DESCRIPTION"])


def test_anniversaries_are_single_entries_with_their_number_for_five_years(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    settle(tracker)

    token = subscribed(tracker, choice("cologne", language="de"))

    stem = "Jahrestag der Städtepartnerschaft Köln – Wolgograd"
    assert titles(tracker, token) == {
        dt.date(year, 11, 28): f"{number}. {stem} {RESTING_DE}"
        for year, number in ((2025, 37), (2026, 38), (2027, 39), (2028, 40), (2029, 41))
    }
    assert b"RRULE" not in sent(tracker, token)


def test_a_month_only_anniversary_stands_on_the_first_and_says_so_and_a_year_only_one_nowhere(tracker: Tracker) -> None:
    month = [{"date": "1959-09", "primary": True}]
    put_twin(tracker, {"slug": "ostrava", "names": {"en": "Ostrava"}, "country": "CZ", "dates": month})
    year = [{"date": "1944", "primary": True}]
    put_twin(tracker, {"slug": "coventry", "names": {"en": "Coventry"}, "country": "GB", "dates": year})
    settle(tracker)

    shown = titles(tracker, subscribed(tracker, choice()))

    assert shown[dt.date(2026, 9, 1)] == "67th anniversary of the twinning Ostrava – Volgograd (day unknown)"
    assert len(shown) == 5


def test_the_year_that_comes_brings_one_anniversary_more_and_takes_the_oldest(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    settle(tracker)
    token = subscribed(tracker, choice("cologne"))
    settle(tracker)
    assert roll_window(tracker.database, tracker.clock()) == 0

    set_clock(tracker, 2026, 12, 31, 21, 30)  # half past midnight in Volgograd
    assert roll_window(tracker.database, tracker.clock()) > 0
    settle(tracker)

    assert {day.year for day in titles(tracker, token)} == {2026, 2027, 2028, 2029, 2030}
    assert roll_window(tracker.database, tracker.clock()) == 0


def test_moving_bounds_move_with_the_year(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    record(tracker, start="2028-05-01")
    settle(tracker)
    wanted = choice(occasions=())
    wanted = type(wanted)(wanted.selection, wanted.level, years_back=0, years_ahead=1)
    token = subscribed(tracker, wanted)
    assert titles(tracker, token) == {}

    set_clock(tracker, 2027, 1, 1)
    roll_window(tracker.database, tracker.clock())
    settle(tracker)

    assert titles(tracker, token) == {dt.date(2028, 5, 1): "Visit of the mayor"}


def test_an_anniversary_keeps_its_number_until_its_own_content_changes(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    settle(tracker)
    token = subscribed(tracker, choice("cologne"))
    before = sent(tracker, token)

    put_twin(tracker, COLOGNE | {"note": "Archive visited"})
    other = [{"date": "1953-09-01", "primary": True}]
    put_twin(tracker, {"slug": "kemi", "names": {"en": "Kemi"}, "country": "FI", "dates": other})
    settle(tracker)
    assert sent(tracker, token) == before

    set_clock(tracker, 2026, 10, 2)
    put_twin(tracker, COLOGNE | {"names": {"en": "Cologne on Rhine"}})
    settle(tracker)
    old, new = entries(before), entries(sent(tracker, token))
    assert old.keys() == new.keys()
    assert all(new[uid]["SEQUENCE"] > old[uid]["SEQUENCE"] for uid in new)
    assert all(new[uid]["LAST-MODIFIED"].dt == tracker.clock() for uid in new)


def test_an_occasion_that_is_none_any_more_is_told_to_be_off(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    bell = record(tracker, kind="milestone", subtype="gift", status="held", start="1990-05-01", title={"en": "A bell"})
    settle(tracker)
    token = subscribed(tracker, choice("cologne"))
    assert titles(tracker, token)[dt.date(2026, 5, 1)] == "36th anniversary: A bell"

    remove(tracker, bell)
    settle(tracker)

    assert titles(tracker, token)[dt.date(2026, 5, 1)] == "Cancelled"


@pytest.mark.parametrize("visibility", ["members", "confidential"])
def test_a_milestone_that_is_hidden_takes_its_anniversaries_along(tracker: Tracker, visibility: str) -> None:
    put_twin(tracker, COLOGNE | {"dates": []})
    bell = record(tracker, kind="milestone", subtype="gift", status="held", start="1990-05-01", title={"en": "A bell"})
    settle(tracker)
    token = subscribed(tracker, choice("cologne"))

    revise(tracker, bell, visibility=visibility)
    settle(tracker)

    assert set(titles(tracker, token).values()) == {"Cancelled"}


def test_equal_choices_share_one_calendar(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, {"slug": "kemi", "names": {"en": "Kemi"}, "country": "FI"})

    one = create_calendar(tracker.database, choice("cologne", "kemi"), ME, tracker.clock())
    same = create_calendar(tracker.database, choice("kemi", "cologne", "kemi"), ME, tracker.clock())
    other = create_calendar(tracker.database, choice("kemi", "cologne", language="ru"), ME, tracker.clock())

    assert one == same != other
    assert log(tracker).count(EventType.CALENDAR_CREATED) == 2


def test_a_new_address_is_full_at_its_first_poll(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    record(tracker)
    settle(tracker)

    token = subscribed(tracker, choice("cologne", occasions=()))

    assert list(titles(tracker, token).values()) == ["Visit of the mayor"]


def test_a_token_is_long_told_once_and_kept_only_as_a_hash(tracker: Tracker) -> None:
    tokens = [new_subscription(tracker.database, choice(), ME, tracker.clock(), name=name) for name in ("a", "b")]

    assert tokens[0] != tokens[1]
    assert all(len(token) >= 43 for token in tokens)  # 256 bits
    with tracker.database.reading() as session:
        rows = session.query(subscriptions.SubscriptionRow).all()
        events = str([dict(event.data) for event in event_log.read_all(session)])
    assert {row.token_hash for row in rows} == {token_hash(token) for token in tokens}
    assert all(token not in events for token in tokens)


def test_revoking_one_address_leaves_the_others(tracker: Tracker) -> None:
    made = create_calendar(tracker.database, choice(), ME, tracker.clock())
    gone, stays = (subscribe(tracker.database, made, ME, tracker.clock()) for _ in range(2))

    revoke_subscription(tracker.database, gone[0], ME, tracker.clock())
    revoke_subscription(tracker.database, gone[0], ME, tracker.clock())

    with tracker.database.reading() as session:
        assert feeds.polled(session, token_hash(gone[1])) is None
        assert feeds.polled(session, token_hash(stays[1])) is not None
    assert log(tracker).count(EventType.SUBSCRIPTION_REVOKED) == 1


def test_a_subscription_can_belong_to_a_user(tracker: Tracker) -> None:
    user = add_user(tracker.database, NewUser("anna@example.org", "reader"), "system", tracker.clock())

    new_subscription(tracker.database, choice(), ME, tracker.clock(), user_email="anna@example.org", name="Telefon")

    with tracker.database.reading() as session:
        assert [row.name for row in subscriptions.subscriptions_of(session, user.id)] == ["Telefon"]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (choice("atlantis"), "twins"),
        (choice(kinds=("excursion",)), "kinds"),
        (choice(language="fr"), "language"),
        (choice(level=Visibility.CONFIDENTIAL), "visibility"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_name(tracker: Tracker, wanted: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        new_subscription(tracker.database, wanted, ME, tracker.clock())

    assert [problem.field for problem in refused.value.problems] == [field]


def test_what_is_not_there_cannot_be_subscribed_to_or_revoked(tracker: Tracker) -> None:
    nothing = UUID(int=1)

    with pytest.raises(NotFound):
        subscribe(tracker.database, nothing, ME, tracker.clock())
    with pytest.raises(NotFound):
        revoke_subscription(tracker.database, nothing, ME, tracker.clock())
