"""A logged activity shows in every calendar that chooses it, changes there, and leaves it without a trace of more."""

import dataclasses
import datetime as dt
from uuid import UUID

import pytest
from sqlalchemy import delete

from tests.calendars import (
    COLOGNE,
    COVENTRY,
    choice,
    entries,
    entry,
    put_twin,
    record,
    remove,
    revise,
    sent,
    settle,
    subscribed,
)
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Visibility
from tracker.store import entries as entry_store

SECRET = "The mayor's daughter is ill"


@pytest.fixture(autouse=True)
def _twins(tracker: Tracker) -> None:
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)


def test_a_recorded_activity_shows_in_the_calendar_of_its_twin_and_in_no_other(tracker: Tracker) -> None:
    cologne, coventry = subscribed(tracker, choice("cologne")), subscribed(tracker, choice("coventry"))

    made = record(tracker)
    settle(tracker)

    shown = entry(tracker, cologne, made)
    assert shown is not None
    assert (str(shown["SUMMARY"]), shown["SEQUENCE"], str(shown["STATUS"])) == ("Visit of the mayor", 0, "CONFIRMED")
    assert shown["DTSTART"].dt == dt.date(2026, 12, 4)
    assert shown["DTEND"].dt == dt.date(2026, 12, 5)
    assert str(shown["URL"]) == f"http://127.0.0.1:8000/activities/{made.id}"
    assert entry(tracker, coventry, made) is None


def test_each_language_has_its_own_words(tracker: Tracker) -> None:
    tokens = {language: subscribed(tracker, choice("cologne", language=language)) for language in ("en", "de", "ru")}

    made = record(tracker, title={"de": "Besuch", "ru": "Визит"})
    settle(tracker)

    titles = {language: str(entry(tracker, token, made)["SUMMARY"]) for language, token in tokens.items()}
    assert titles == {"en": "Besuch", "de": "Besuch", "ru": "Визит"}


def test_a_change_raises_sequence_and_stamp(tracker: Tracker) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker)
    settle(tracker)
    before = entry(tracker, token, made)

    revise(tracker, made, place="Town hall")
    settle(tracker)

    after = entry(tracker, token, made)
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["LAST-MODIFIED"].dt == before["LAST-MODIFIED"].dt + dt.timedelta(minutes=1)
    assert after["DTSTAMP"].dt == after["LAST-MODIFIED"].dt
    assert str(after["LOCATION"]) == "Town hall"


def test_a_change_no_entry_is_made_of_changes_no_byte(tracker: Tracker) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker)
    settle(tracker)
    before = sent(tracker, token)

    revise(tracker, made, note="Ask the interpreter")

    assert settle(tracker) == 0
    assert sent(tracker, token) == before


@pytest.mark.parametrize("how", ["cancelled", "removed"])
def test_what_is_off_stays_and_says_so(tracker: Tracker, how: str) -> None:
    token = subscribed(tracker, choice("cologne", language="de"))
    made = record(tracker)
    settle(tracker)

    if how == "cancelled":
        revise(tracker, made, status="cancelled", reason="Snow")
    else:
        remove(tracker, made)
    settle(tracker)

    off = entry(tracker, token, made)
    assert str(off["STATUS"]) == "CANCELLED"
    assert str(off["SUMMARY"]) == "Abgesagt: Besuch der Oberbürgermeisterin"
    assert off["SEQUENCE"] > 0


def test_what_is_confidential_never_leaves(tracker: Tracker) -> None:
    tokens = [subscribed(tracker, choice(level=level)) for level in (Visibility.PUBLIC, Visibility.STAFF)]

    made = record(tracker, visibility="confidential", title={"en": SECRET})
    settle(tracker)

    assert all(entry(tracker, token, made) is None for token in tokens)
    with tracker.database.reading() as session:
        assert all(SECRET.encode() not in (row.body or b"") for row in session.query(entry_store.EntryBodyRow))


def test_each_level_sees_itself_and_what_is_more_open(tracker: Tracker) -> None:
    levels = (Visibility.PUBLIC, Visibility.MEMBERS, Visibility.STAFF)
    tokens = [subscribed(tracker, choice(level=level)) for level in levels]

    made = record(tracker, visibility="members")
    settle(tracker)

    assert [entry(tracker, token, made) is not None for token in tokens] == [False, True, True]


def test_one_that_turns_confidential_is_told_to_be_off_and_nothing_more(tracker: Tracker) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker)
    settle(tracker)

    revise(tracker, made, visibility="confidential", title={"en": SECRET}, start="2026-12-24", place="Clinic")
    settle(tracker)

    left = entry(tracker, token, made)
    assert str(left["SUMMARY"]) == "Cancelled"
    assert (str(left["STATUS"]), left["DTSTART"].dt) == ("CANCELLED", dt.date(2026, 12, 4))
    assert left["SEQUENCE"] > 0
    assert not {"DESCRIPTION", "LOCATION", "URL", "CATEGORIES", "GEO"} & left.keys()
    body = sent(tracker, token)
    assert all(word not in body for word in (SECRET.encode(), b"Clinic", b"20261224", b"mayor"))


def test_somebody_new_hears_of_a_confidential_one_only_what_all_have_heard(tracker: Tracker) -> None:
    made = record(tracker)
    settle(tracker)
    revise(tracker, made, visibility="confidential", title={"en": SECRET}, twins=["coventry"])
    settle(tracker)

    tokens = [subscribed(tracker, choice(slug)) for slug in ("cologne", "coventry")]

    assert str(entry(tracker, tokens[0], made)["SUMMARY"]) == "Cancelled"
    assert entry(tracker, tokens[1], made) is None


def test_what_only_staff_have_seen_is_taken_back_from_staff_only(tracker: Tracker) -> None:
    tokens = [subscribed(tracker, choice(level=level)) for level in (Visibility.PUBLIC, Visibility.STAFF)]
    made = record(tracker, visibility="staff")
    settle(tracker)

    revise(tracker, made, visibility="confidential")
    settle(tracker)

    assert entry(tracker, tokens[0], made) is None
    assert str(entry(tracker, tokens[1], made)["STATUS"]) == "CANCELLED"
    assert entry(tracker, subscribed(tracker, choice("cologne")), made) is None


def test_moving_to_another_twin_is_told_in_both_calendars(tracker: Tracker) -> None:
    cologne, coventry = subscribed(tracker, choice("cologne")), subscribed(tracker, choice("coventry"))
    made = record(tracker)
    settle(tracker)

    revise(tracker, made, twins=["coventry"])
    settle(tracker)

    assert str(entry(tracker, cologne, made)["STATUS"]) == "CANCELLED"
    assert str(entry(tracker, coventry, made)["STATUS"]) == "CONFIRMED"


def test_a_day_that_turns_out_to_be_unknown_is_taken_back(tracker: Tracker) -> None:
    token = subscribed(tracker, choice("cologne"))
    made = record(tracker, status="held", start="1996-05-03")
    settle(tracker)

    revise(tracker, made, start="1996")
    settle(tracker)

    left = entry(tracker, token, made)
    assert (str(left["STATUS"]), left["DTSTART"].dt) == ("CANCELLED", dt.date(1996, 5, 3))


def test_a_twin_that_is_renamed_is_renamed_in_its_entries(tracker: Tracker) -> None:
    token = subscribed(tracker, choice("coventry"))
    made = record(tracker, twins=["coventry"])
    settle(tracker)

    put_twin(tracker, COVENTRY | {"names": {"en": "New Coventry"}})
    settle(tracker)

    renamed = entry(tracker, token, made)
    assert "New Coventry" in str(renamed["DESCRIPTION"])
    assert renamed["SEQUENCE"] > 0


def busy_months(tracker: Tracker) -> None:
    """A bit of everything that changes entries, in a fixed order."""
    ids = [UUID(int=number) for number in range(1, 7)]
    talks = [{"id": f"talk-{n}", "start": f"2026-11-0{n}T10:00", "title": f"Talk {n}"} for n in (1, 2)]
    programme = record(tracker, id=ids[5], start="2026-11-01/2026-11-03", details={"programme": talks})
    made = [record(tracker, id=ids[0]), record(tracker, id=ids[1], twins=["coventry", "cologne"], start="2026-05")]
    put_twin(tracker, COVENTRY | {"names": {"en": "Coventry", "de": "Coventry an der Sherbourne"}})
    timed = {"start": "2026-11-06T18:00", "end": "2026-11-06T20:00", "timezone": "Europe/Volgograd"}
    made.append(record(tracker, id=ids[2], **timed))
    settle(tracker)
    revise(tracker, made[0], twins=["coventry"])
    revise(tracker, made[1], visibility="confidential")
    remove(tracker, made[2])
    record(tracker, id=ids[3], visibility="confidential")
    revise(tracker, programme, details={"programme": [talks[0] | {"start": "2026-11-02T15:00"}]})
    put_twin(tracker, COLOGNE | {"names": {"en": "Cologne on Rhine"}})
    settle(tracker)


@pytest.mark.parametrize("together", [True, False])
def test_the_log_read_again_from_zero_gives_the_same_bytes(tracker: Tracker, together: bool) -> None:
    """However many events of an activity are taken in together."""
    tokens = [subscribed(tracker, choice(language=language, occasions=())) for language in ("en", "de")]
    busy_months(tracker)
    before = [sent(tracker, token) for token in tokens]
    consumer = next(c for c in tracker.consumers if c.name == "calendars")
    one_by_one = dataclasses.replace(consumer, together=None)

    with tracker.database.unit("test", tracker.clock()) as unit:
        for row in (entry_store.EntryBodyRow, entry_store.EntryTwinRow, entry_store.EntryRow):
            unit.session.execute(delete(row))
    reading.replay(tracker.database, consumer, tracker.clock())
    reading.catch_up(tracker.database, (consumer if together else one_by_one,), tracker.clock())
    settle(tracker)

    assert [sent(tracker, token) for token in tokens] == before
    assert len(entries(before[0])) == 6


def test_reading_the_log_twice_exports_nothing_anew(tracker: Tracker) -> None:
    subscribed(tracker, choice())
    busy_months(tracker)
    consumer = next(c for c in tracker.consumers if c.name == "calendars")

    reading.replay(tracker.database, consumer, tracker.clock())

    assert settle(tracker) == 0
