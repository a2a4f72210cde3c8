"""Calendar files come in like sheets: known again, never doubled, all or nothing, and only looked at in a preview."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.calendars import ME, choice, record, remove, settle, subscribed
from tests.calendars import sent as bytes_of
from tests.intake.test_ical import calendar
from tracker.actions.imports import (
    KEPT,
    ImportFile,
    choose_options,
    import_file,
    keep_upload,
    preview,
    take_in_upload,
    upload,
)
from tracker.actions.users import NewUser, add_user
from tracker.bootstrap import Tracker
from tracker.domain.access import Grant, Rights, Role
from tracker.domain.activities import Activity, Kind, Visibility
from tracker.errors import NotFound
from tracker.intake.ical_activities import Options
from tracker.intake.problems import InvalidCalendar
from tracker.store import accounts
from tracker.store.activities import by_external_ids
from tracker.store.event_log import end_of_log

EDITOR_SEES = Rights((Grant(Role.EDITOR),))
CHOSEN = Options(Kind.DELEGATION, ("cologne",))
VISIT = "UID:v\nSUMMARY:Visit\nDTSTART:20261128"


def file(*entries: str, options: Options = CHOSEN) -> ImportFile:
    return ImportFile("visits.ics", calendar(*entries), options)


def take(tracker: Tracker, given: ImportFile) -> tuple[int, int, int]:
    outcome = import_file(tracker.database, given, ME, tracker.clock()).outcome
    return outcome.created, outcome.changed, outcome.unchanged


def one(tracker: Tracker, identity: str) -> Activity:
    with tracker.database.reading() as session:
        return by_external_ids(session, [identity])[identity].to_activity()


def log_length(tracker: Tracker) -> int:
    with tracker.database.reading() as session:
        return end_of_log(session)


def user(tracker: Tracker, name: str) -> int:
    new = NewUser(f"{name}@example.org", "editor", name, language="en", timezone="Europe/Berlin")
    add_user(tracker.database, new, "system", tracker.clock())
    with tracker.database.reading() as session:
        row = accounts.user_by_email(session, new.email)
        assert row
        return row.id


def keep(tracker: Tracker, owner: int, given: ImportFile) -> UUID:
    return keep_upload(tracker.database, owner, given, ME, tracker.clock())


def take_kept(tracker: Tracker, kept: UUID, owner: int) -> Any:
    take_in_upload(tracker.database, kept, owner, ME, tracker.clock(), EDITOR_SEES)
    return upload(tracker.database, kept, owner).outcome


def test_a_calendar_is_taken_in_once_and_its_changes_follow(with_registry: Tracker) -> None:
    first = take(with_registry, file(VISIT, "DTSTART:20261129"))
    again = take(with_registry, file(VISIT, "DTSTART:20261129"))
    moved = take(with_registry, file(VISIT.replace("1128", "1130"), "DTSTART:20261129"))

    assert (first, again, moved) == ((2, 0, 0), (0, 0, 2), (0, 1, 1))
    assert one(with_registry, "ics:v").start == "2026-11-30"


def test_what_staff_know_better_stays(with_registry: Tracker) -> None:
    take(with_registry, file(f"{VISIT}\nSTATUS:TENTATIVE"))
    other = Options(Kind.FESTIVAL, ("coventry",), "en", visibility=Visibility.STAFF)

    take(with_registry, file(f"{VISIT}\nSTATUS:CONFIRMED", options=other))

    known = one(with_registry, "ics:v")
    assert (known.status, known.kind, known.twins, known.visibility) == (
        "planned",
        "delegation",
        ("cologne",),
        "public",
    )


def test_one_bad_entry_keeps_all_entries_out(with_registry: Tracker) -> None:
    before = log_length(with_registry)

    with pytest.raises(InvalidCalendar) as caught:
        take(with_registry, file(VISIT, "DTSTART:20261128T180000\nDTEND:20261127T180000"))

    assert [(p.row, p.column) for p in caught.value.problems] == [(2, "DTEND")]
    assert log_length(with_registry) == before


def test_what_contradicts_an_activity_is_told_at_its_entry(with_registry: Tracker) -> None:
    take(with_registry, file(VISIT, "UID:w\nDTSTART:20261128T180000"))

    with pytest.raises(InvalidCalendar) as caught:
        take(with_registry, file(VISIT, f"UID:w\nDTSTART:20261128\nSUMMARY:{'x' * 10_001}"))

    assert [(p.row, p.column) for p in caught.value.problems] == [(2, "SUMMARY")]


def test_our_own_calendar_taken_in_again_changes_nothing(with_registry_read: Tracker) -> None:
    kept = record(with_registry_read, start="2026-12-04T10:00", timezone="Europe/Berlin")
    gone = record(with_registry_read, title={"en": "Called off"})
    token = subscribed(with_registry_read, choice("cologne"))
    settle(with_registry_read)
    remove(with_registry_read, gone)
    settle(with_registry_read)
    body = bytes_of(with_registry_read, token)
    before = log_length(with_registry_read)

    imported = import_file(
        with_registry_read.database, ImportFile("own.ics", body, Options()), ME, with_registry_read.clock()
    )

    assert str(kept.id).encode() in body
    assert (imported.outcome.created, imported.outcome.changed) == (0, 0)
    assert imported.outcome.unchanged >= 2
    assert imported.left_out  # the anniversaries
    assert log_length(with_registry_read) == before


def test_a_preview_tells_the_import_and_writes_nothing(with_registry: Tracker) -> None:
    take(with_registry, file(VISIT, "UID:same\nDTSTART:20261129"))
    before = log_length(with_registry)
    given = file(
        VISIT.replace("Visit", "Great visit"), "UID:same\nDTSTART:20261129", "UID:new\nSUMMARY:Talk\nDTSTART:20261201"
    )

    looked = preview(with_registry.database, given, ME, with_registry.clock(), EDITOR_SEES)

    assert (looked.outcome.created, looked.outcome.changed, looked.outcome.unchanged) == (1, 1, 1)
    assert [content.title for content in looked.created] == [{"en": "Talk"}]
    [changed] = looked.changed
    assert (changed.before, changed.after) == ({"title": {"en": "Visit"}}, {"title": {"en": "Great visit"}})
    assert log_length(with_registry) == before
    assert take(with_registry, given) == (1, 1, 1)


def test_what_lies_in_the_bin_comes_back_and_the_preview_says_so(with_registry: Tracker) -> None:
    take(with_registry, file(VISIT))
    remove(with_registry, one(with_registry, "ics:v"))

    looked = preview(with_registry.database, file(VISIT), ME, with_registry.clock(), EDITOR_SEES)

    assert [(changed.restored, changed.after) for changed in looked.changed] == [(True, {})]


def test_nobody_sees_or_changes_by_a_file_what_they_may_not_see(with_registry: Tracker) -> None:
    secret = f"{VISIT}\nCLASS:CONFIDENTIAL"
    take(with_registry, file(secret))
    changed = file(secret.replace("Visit", "Attack"), "UID:n\nDTSTART:20261129")

    looked = preview(with_registry.database, changed, ME, with_registry.clock(), EDITOR_SEES)
    owner = user(with_registry, "erika")
    outcome = take_kept(with_registry, keep(with_registry, owner, changed), owner)

    assert (looked.changed, [entry.number for entry in looked.left_out]) == ((), [1])
    assert (outcome.created, outcome.changed) == (1, 0)
    assert one(with_registry, "ics:v").title == {"en": "Visit"}


def test_an_upload_is_taken_in_once_however_often_it_is_asked_for(with_registry: Tracker) -> None:
    owner = user(with_registry, "erika")
    sheet = b"date_start,kind,twin_slugs,title\n2027-05-08,festival,dijon,Concert\n"  # without ids: it could be doubled
    kept = keep(with_registry, owner, ImportFile("concerts.csv", sheet))

    first = take_kept(with_registry, kept, owner)
    before = log_length(with_registry)
    again = take_kept(with_registry, kept, owner)

    assert (first.created, again) == (1, first)
    assert log_length(with_registry) == before
    assert upload(with_registry.database, kept, owner).file.content == b""


def test_an_upload_taken_in_by_two_at_once_is_taken_in_once(with_registry: Tracker) -> None:
    owner = user(with_registry, "erika")
    sheet = b"date_start,kind,twin_slugs,title\n2027-05-08,festival,dijon,Concert\n"
    kept = keep(with_registry, owner, ImportFile("concerts.csv", sheet))
    before = log_length(with_registry)
    together = Barrier(2)

    def press() -> Any:
        together.wait()
        return take_kept(with_registry, kept, owner)

    with ThreadPoolExecutor(2) as hands:
        outcomes = [hand.result() for hand in [hands.submit(press) for _ in range(2)]]

    assert outcomes[0] == outcomes[1]
    assert log_length(with_registry) == before + 1


def test_what_changed_since_the_preview_counts(with_registry: Tracker) -> None:
    owner = user(with_registry, "erika")
    kept = keep(with_registry, owner, file(VISIT))
    looked = preview(with_registry.database, file(VISIT), ME, with_registry.clock(), EDITOR_SEES)
    take(with_registry, file(VISIT))

    outcome = take_kept(with_registry, kept, owner)

    assert looked.outcome.created == 1
    assert (outcome.created, outcome.unchanged) == (0, 1)


def test_an_upload_that_is_refused_stays_to_be_mended(with_registry: Tracker) -> None:
    owner = user(with_registry, "erika")
    kept = keep(with_registry, owner, file(VISIT, options=Options()))

    with pytest.raises(InvalidCalendar):
        take_kept(with_registry, kept, owner)
    choose_options(with_registry.database, kept, owner, CHOSEN, ME, with_registry.clock())

    assert take_kept(with_registry, kept, owner).created == 1


def test_an_upload_is_its_owners_alone(with_registry: Tracker) -> None:
    erika, paul = user(with_registry, "erika"), user(with_registry, "paul")
    kept = keep(with_registry, erika, file(VISIT))

    with pytest.raises(NotFound):
        upload(with_registry.database, kept, paul)
    with pytest.raises(NotFound):
        choose_options(with_registry.database, kept, paul, CHOSEN, ME, with_registry.clock())
    with pytest.raises(NotFound):
        take_kept(with_registry, kept, paul)
    with pytest.raises(NotFound):
        upload(with_registry.database, uuid4(), erika)


def test_an_upload_older_than_a_day_goes_when_the_next_one_comes(with_registry: Tracker) -> None:
    owner = user(with_registry, "erika")
    old = keep(with_registry, owner, file(VISIT))
    with_registry.clock.set(with_registry.clock() + KEPT + dt.timedelta(seconds=1))  # type: ignore[attr-defined]  # a test's clock

    new = keep(with_registry, owner, file(VISIT))

    assert upload(with_registry.database, new, owner).file.options == CHOSEN
    with pytest.raises(NotFound):
        upload(with_registry.database, old, owner)
