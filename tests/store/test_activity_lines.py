"""A line of a list says what the whole activity says, on both databases, and of no activity that may not be seen."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from tests.calendars import COLOGNE, COVENTRY, put_twin, record, remove
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.access import Reach, mark_of
from tracker.domain.activities import Activity, Visibility
from tracker.domain.activity_lines import ActivityLine
from tracker.domain.search import own_texts
from tracker.store.activities import ActivityFilter, by_ids
from tracker.store.activity_lines import details_of, lines, written

FOR_READERS = ActivityFilter(visibilities=("public", "members"))
FULL: dict[str, Any] = {
    "kind": "milestone", "subtype": "agreement signing", "status": "planned", "twins": ["coventry", "cologne"],
    "title": {"en": "Bridge", "de": "Brücke"}, "description": {"ru": "Мост"}, "place": "Coventry",
    "start": "1988-11-28T10:00", "end": "1988-11-29T12:00", "timezone": "Europe/London", "visibility": "members",
    "leaders": [{"name": "Emily Smith", "office": "Mayor"}], "organisers": [{"name": "Broadgate", "side": "twin"}],
    "owner": "Another house", "quantity_note": "many", "note": "A bell", "external_id": "M1",
    "responsible": "anna@example.org", "details": {"title_of_paper": "Charter", "ends": "2030"},
    "counts": [{"of": "delegates", "value": 12, "bound": "about"}, {"of": "guests", "value": 300},
               {"of": "singers", "value": 3}],
}  # fmt: skip
SHOWN = (
    "id", "version", "kind", "status", "title", "start", "end", "place", "visibility", "owner", "responsible",
    "recorded_by", "twins", "start_date", "end_date", "running", "timed", "earliest", "latest",
)  # fmt: skip
FIELDS: list[dict[str, Any]] = [
    FULL, {"start": "2002", "end": ".."}, {"start": "199X"}, {"start": "../2018"}, {"start": "1960-05-01~"},
    {"start": "1990-06-01", "end": "1991"},
]  # fmt: skip


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    add_user(tracker.database, NewUser("anna@example.org", "editor", "Anna"), "system", tracker.clock())
    return tracker


def logged(tracker: Tracker, **fields: Any) -> UUID:
    return record(tracker, **fields).id


def whole(session: Session, ids: list[UUID]) -> dict[UUID, Activity]:
    return {row.id: row.to_activity() for row in by_ids(session, ids)}


def told(line: ActivityLine | Activity) -> dict[str, Any]:
    counts = [(one.of, one.value, one.bound) for one in line.counts]
    return {"counts": counts, "mark": mark_of(line)} | {name: getattr(line, name) for name in SHOWN}


def test_a_line_says_what_the_activity_says_in_the_order_asked_for(house: Tracker) -> None:
    ids = [logged(house, **fields) for fields in FIELDS][::-1]

    with house.database.reading() as session:
        found, known = lines(session, ids, ActivityFilter()), whole(session, ids)
        keys = {row.id: row.sort_key for row in by_ids(session, ids)}

    assert [told(line) for line in found] == [told(known[identity]) for identity in ids]
    assert [line.sort_key for line in found] == [keys[identity] for identity in ids]


def test_texts_and_details_are_those_of_the_activity(house: Tracker) -> None:
    ids = [logged(house, **FULL), logged(house, start="1990")]

    with house.database.reading() as session:
        texts, details = written(session, ids, ActivityFilter()), details_of(session, ids, ActivityFilter())
        known = whole(session, ids)

    assert {identity: own_texts(one) for identity, one in texts.items()} == {i: own_texts(known[i]) for i in ids}
    assert {i: one.external_id for i, one in texts.items()} == {i: known[i].external_id for i in ids}
    assert details == {i: known[i].details for i in ids}


def test_nothing_is_read_of_what_may_not_be_seen(house: Tracker) -> None:
    shown = logged(house, start="1990", visibility="members")
    hidden = [logged(house, start="1991", visibility=level, twins=["cologne"]) for level in ("staff", "confidential")]
    removed = record(house, start="1992")
    remove(house, removed)
    ids = [removed.id, *hidden, shown]
    of_cologne = Reach((Visibility.PUBLIC, Visibility.STAFF), frozenset({"cologne"}))
    for_cologne = ActivityFilter(visibilities=("public",), further=(of_cologne,))

    with house.database.reading() as session:
        for seen, expected in ((FOR_READERS, [shown]), (for_cologne, [hidden[0]])):
            assert [line.id for line in lines(session, ids, seen)] == expected
            assert list(written(session, ids, seen)) == expected
            assert list(details_of(session, ids, seen)) == expected
        assert lines(session, [], FOR_READERS) == []


def test_however_many_are_asked_for_the_statements_are_the_same(house: Tracker) -> None:
    ids = [logged(house, start=f"{1950 + number}") for number in range(7)]
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(house.database.engine, "before_cursor_execute", note)
    with house.database.reading() as session:
        for number in (1, 3, 7):
            assert len(lines(session, ids[:number], FOR_READERS)) == number
    event.remove(house.database.engine, "before_cursor_execute", note)

    assert len({statement for statement in asked if not statement.startswith("BEGIN")}) == 3
