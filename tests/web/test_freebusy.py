"""Free/busy of a subscribed calendar over HTTP: hours that are taken, and not a word about by what."""

import datetime as dt

import icalendar
import pytest
from werkzeug.test import TestResponse

from tests.calendars import COLOGNE, ME, choice, put_twin, record, revise, settle, subscribed
from tracker.actions.calendars import revoke_subscription
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.store import subscriptions
from tracker.web.app import create_app

EVENING = {"start": "2026-12-04T18:00", "end": "2026-12-04T20:00", "timezone": "Europe/Berlin"}
TAKEN = "20261204T170000Z/20261204T190000Z"


def get(tracker: Tracker, token: str, **headers: str) -> TestResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return create_app(tracker).test_client().get(f"/feeds/{token}.ifb", headers=names)


def periods(answer: TestResponse) -> list[str]:
    """What is told to be taken, as kind and hours."""
    return [line.removeprefix("FREEBUSY;FBTYPE=") for line in answer.text.splitlines() if line.startswith("FREEBUSY")]


@pytest.fixture
def house(tracker: Tracker) -> Tracker:
    put_twin(tracker, COLOGNE)
    return tracker


def test_hours_are_told_in_utc_and_nothing_else_is(house: Tracker) -> None:
    record(house, title={"en": "Secret supper"}, place="Town hall", **EVENING)
    settle(house)

    answer = get(house, subscribed(house, choice("cologne")))

    assert answer.status_code == 200
    assert answer.content_type == "text/calendar; charset=utf-8; component=VFREEBUSY"
    assert periods(answer) == [f"BUSY:{TAKEN}"]
    assert "supper" not in answer.text
    assert "Town hall" not in answer.text


def test_a_calendar_program_reads_it(house: Tracker) -> None:
    record(house, **EVENING)
    settle(house)

    answer = get(house, subscribed(house, choice()))

    times = icalendar.Calendar.from_ical(answer.data).walk("VFREEBUSY")[0]
    assert times["DTSTART"].dt == dt.datetime(2026, 8, 31, 21, tzinfo=dt.UTC)
    assert times["DTEND"].dt == dt.datetime(2027, 9, 30, 21, tzinfo=dt.UTC)
    assert times["FREEBUSY"].dt == (
        dt.datetime(2026, 12, 4, 17, tzinfo=dt.UTC),
        dt.datetime(2026, 12, 4, 19, tzinfo=dt.UTC),
    )
    assert {"UID", "DTSTAMP", "ORGANIZER"} <= set(times)
    assert answer.data.endswith(b"END:VFREEBUSY\r\nEND:VCALENDAR\r\n")
    assert max(map(len, answer.data.split(b"\r\n"))) <= 75


def test_what_is_only_planned_is_tentative(house: Tracker) -> None:
    record(house, status="planned", **EVENING)
    settle(house)

    assert periods(get(house, subscribed(house, choice()))) == [f"BUSY-TENTATIVE:{TAKEN}"]


@pytest.mark.parametrize(
    "fields",
    [
        {"start": "2026-12-04"},
        {"start": "2026-12"},
        {**EVENING, "status": "cancelled", "reason": "No hall"},
        {**EVENING, "start": "2025-12-04T18:00", "end": "2025-12-04T20:00"},
        {**EVENING, "end": None},
        {**EVENING, "visibility": "staff"},
        {**EVENING, "visibility": "confidential"},
    ],
)
def test_days_and_what_is_off_past_endless_or_hidden_take_no_time(house: Tracker, fields: dict[str, str]) -> None:
    record(house, **fields)
    settle(house)

    assert periods(get(house, subscribed(house, choice()))) == []


def test_what_readers_may_not_see_is_busy_where_the_calendar_says_so(house: Tracker) -> None:
    record(house, visibility="staff", **EVENING)
    settle(house)
    wanted = choice(level=Visibility.MEMBERS)

    token = subscribed(house, type(wanted)(wanted.selection, wanted.level, busy=True))

    assert periods(get(house, token)) == [f"BUSY:{TAKEN}"]


def test_the_selection_of_the_calendar_counts(house: Tracker) -> None:
    record(house, kind="festival", **EVENING)
    settle(house)

    assert periods(get(house, subscribed(house, choice(kinds=("delegation",))))) == []


def test_who_has_it_is_not_sent_it_again_until_it_changes(house: Tracker) -> None:
    made = record(house, **EVENING)
    settle(house)
    token = subscribed(house, choice())
    first = get(house, token)

    known = get(house, token, If_None_Match=first.headers["ETag"])
    revise(house, made, end="2026-12-04T21:00")
    settle(house)
    changed = get(house, token, If_None_Match=first.headers["ETag"])

    assert known.status_code == 304
    assert known.headers["Cache-Control"] == "private, max-age=300"
    assert changed.status_code == 200
    assert first.headers["X-Robots-Tag"] == "noindex"


def test_an_address_that_was_taken_back_is_closed(house: Tracker) -> None:
    token = subscribed(house, choice())
    with house.database.reading() as session:
        row = session.query(subscriptions.SubscriptionRow).one()
    revoke_subscription(house.database, row.id, ME, house.clock())

    assert get(house, token).status_code == 404
    assert get(house, "never-was").data == get(house, token).data


def test_guesses_at_its_address_are_slowed_down_as_those_at_the_calendar_are(house: Tracker) -> None:
    client = create_app(house).test_client()

    calendars = [client.get(f"/feeds/guess{n}.ics") for n in range(15)]
    hours = [client.get(f"/feeds/guess{n}.ifb") for n in range(16)]

    assert [guess.status_code for guess in calendars + hours] == [404] * 30 + [429]
    assert hours[-1].headers["Retry-After"] == "2"
    assert client.get(f"/feeds/{subscribed(house, choice())}.ifb").status_code == 200
