"""Rules of reminding as staff edit them: written with their event, refused whole, and never a blast over the past."""

import datetime as dt
from typing import Any

import pytest

from tests.reminding import ME, person, rows, take_in, utc
from tracker.actions.reminder_plan import plan_reminders
from tracker.actions.reminders import due
from tracker.actions.rule_preview import preview, typed_rule
from tracker.actions.rules import add_rule, remove_rule, revise_rule, switch_rule
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.events import EventType
from tracker.errors import Conflict, InvalidInput, NotFound
from tracker.store.event_log import history
from tracker.store.rules import RuleRow

GREETINGS: dict[str, Any] = {
    "about": "occasion",
    "names": {"en": "Greetings", "de": "Grüße"},
    "leads": ["-30d", "-7d"],
    "audience": [{"to": "followers"}],
    "choice": {"twins": ["cologne"]},
    "wording": {},
    "late_days": None,
    "task": False,
}
LATER = utc(2026, 11, 10, 12)


def stored(tracker: Tracker, key: str) -> RuleRow:
    with tracker.database.reading() as session:
        return session.get_one(RuleRow, key)


def told(tracker: Tracker, key: str) -> list[EventType]:
    with tracker.database.reading() as session:
        return [event.type for event in history(session, f"rule:{key}")]


def test_a_rule_is_added_revised_and_removed_with_its_events(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()

    key = add_rule(database, GREETINGS, ME, now)
    revise_rule(database, key, {**GREETINGS, "names": {"en": "Cards"}}, 1, ME, now)
    names = stored(with_registry, key).names
    remove_rule(database, key, ME, now)

    assert names == {"en": "Cards"}
    assert sorted(told(with_registry, key)) == [EventType.RULE_ADDED, EventType.RULE_REMOVED, EventType.RULE_REVISED]
    with pytest.raises(NotFound):
        switch_rule(database, key, True, ME, now)


def test_a_change_against_an_older_version_is_refused(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    key = add_rule(database, GREETINGS, ME, now)
    revise_rule(database, key, {**GREETINGS, "task": True}, 1, ME, now)

    with pytest.raises(Conflict) as caught:
        revise_rule(database, key, {**GREETINGS, "leads": ["0d"]}, 1, ME, now)

    row = stored(with_registry, key)
    assert (caught.value.current, row.version, row.leads, row.task) == (2, 2, ["-30d", "-7d"], True)


def test_a_faulty_rule_is_not_written_at_all(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    wrong = {
        **GREETINGS,
        "leads": ["soon"],
        "choice": {"twins": ["atlantis"]},
        "audience": [{"to": "chat", "value": "7"}],
    }
    key = add_rule(database, GREETINGS, ME, now)

    with pytest.raises(InvalidInput) as caught:
        revise_rule(database, key, wrong, 1, ME, now)

    assert {p.field for p in caught.value.problems} == {"leads.0", "twins", "audience.0"}
    assert (stored(with_registry, key).version, told(with_registry, key)) == (1, [EventType.RULE_ADDED])


def test_what_ships_is_switched_off_and_never_removed(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()

    switch_rule(database, "trip-visa", False, ME, now)
    switch_rule(database, "trip-visa", False, ME, now)
    with pytest.raises(InvalidInput, match="Switch it off instead"):
        remove_rule(database, "trip-visa", ME, now)

    assert not stored(with_registry, "trip-visa").enabled
    assert told(with_registry, "trip-visa").count(EventType.RULE_REVISED) == 1


@pytest.mark.parametrize(
    ("change", "begins_anew"),
    [
        ({"leads": ["-30d", "-7d", "-60d"]}, True),
        ({"leads": ["-30d round", "-7d"]}, True),
        ({"choice": {}}, True),
        ({"audience": [{"to": "followers"}, {"to": "role", "value": "reader"}]}, True),
        ({"leads": ["-7d"]}, False),
        ({"names": {"en": "Cards"}, "late_days": 9, "task": True}, False),
        ({"wording": {"en": {"subject": "{title}", "text": "Write a card."}}}, False),
    ],
)
def test_a_rule_that_reaches_further_begins_anew(
    with_registry: Tracker, change: dict[str, Any], begins_anew: bool
) -> None:
    made = with_registry.clock()
    key = add_rule(with_registry.database, GREETINGS, ME, made)

    revise_rule(with_registry.database, key, {**GREETINGS, **change}, 1, ME, LATER)

    assert stored(with_registry, key).since == (LATER if begins_anew else made)


def test_a_new_rule_and_one_switched_on_tell_nothing_of_the_past(with_registry_read: Tracker) -> None:
    person(with_registry_read)
    take_in(with_registry_read)
    database = with_registry_read.database
    switch_rule(database, "anniversary", False, ME, utc(2026, 1, 1))

    # Cologne's day is 28 November: thirty days before lies behind, a week before is to come.
    made = add_rule(database, GREETINGS, ME, LATER)
    switch_rule(database, "anniversary", True, ME, LATER)
    plan_reminders(database, LATER)

    planned = rows(with_registry_read, subject="founding:cologne", year=2026)
    assert sorted((row.rule, row.lead) for row in planned) == [
        ("anniversary", "-7d"), ("anniversary", "0d"), (made, "-7d"),
    ]  # fmt: skip


def test_the_preview_tells_what_is_due_on_each_day(with_registry_read: Tracker) -> None:
    with_registry_read.clock.set(utc(2027, 6, 1, 12))  # type: ignore[attr-defined]  # people and rules are younger
    person(with_registry_read)
    take_in(with_registry_read)
    rule = stored(with_registry_read, "anniversary").to_rule()

    foretold = preview(with_registry_read.database, rule, 2026, tuple(Visibility))

    days = [dt.date(2026, 11, 1) + dt.timedelta(days=n) for n in range(30)]
    expected = {
        (day, found.on, found.lead_days, found.twin)
        for day in days
        for found in due(with_registry_read.database, day)
        if found.kind in {"twinning", "agreement", "milestone", "observance"}
    }
    assert expected
    assert {
        (one.due.day, one.due.matter.when.edtf, one.due.days_left, next(iter(one.due.matter.twins), None))
        for one in foretold
        if one.due.day in days
    } == expected
    assert {one.to for one in foretold} == {("Anna",)}


def test_what_is_typed_can_be_previewed_before_it_is_saved(with_registry_read: Tracker) -> None:
    take_in(with_registry_read)
    typed = {**GREETINGS, "key": "new", "enabled": True, "audience": [{"to": "address", "value": "Town@example.org"}]}

    rule = typed_rule(with_registry_read.database, typed)
    foretold = preview(with_registry_read.database, rule, 2025, (Visibility.PUBLIC,))

    cologne = [(one.due.day, one.to) for one in foretold if one.due.matter.subject == "founding:cologne"]
    assert cologne == [
        (dt.date(2025, 10, 29), ("town@example.org",)),
        (dt.date(2025, 11, 21), ("town@example.org",)),
    ]
