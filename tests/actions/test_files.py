"""Files of an activity: kept once, hidden when consent goes, in the bin for a while, gone for good on their day."""

import datetime as dt
from uuid import UUID, uuid4

import pytest

from tests.pictures import PDF, jpeg
from tracker.actions import files as actions
from tracker.actions.file_keeping import tidy_files
from tracker.actions.thumbnails import make_next_thumbnail
from tracker.bootstrap import Tracker
from tracker.domain.activities import Visibility
from tracker.domain.commands import Actor
from tracker.domain.files import Consent, Said, Thumbnail
from tracker.errors import Conflict, GatewayError, InvalidInput, NotFound
from tracker.gateways.files import MemoryFiles
from tracker.intake.files import take
from tracker.store import event_log
from tracker.store import files as store

ME = Actor("user:1")
COLOGNE = "twin:cologne"
DAY = dt.timedelta(days=1)


def attach(tracker: Tracker, files: MemoryFiles, data: bytes, said: Said | None = None, name: str = "a.jpg") -> UUID:
    taken = take(name, data)
    return actions.attach_file(tracker.database, files, COLOGNE, taken, said or Said(), ME, tracker.clock())


def row_of(tracker: Tracker, file_id: UUID) -> store.FileRow | None:
    with tracker.database.reading() as session:
        return store.file(session, file_id)


def test_the_same_file_twice_is_one_file_and_its_event_tells_no_names(with_registry: Tracker) -> None:
    files = MemoryFiles()
    said = Said(caption={"de": "Rathaus"}, shown_people="Erika Mustermann", consent=Consent.ASKED)

    first, again = (attach(with_registry, files, jpeg(), said) for _ in range(2))

    with with_registry.database.reading() as session:
        [event] = event_log.history(session, f"file:{first}")
    assert first == again
    assert list(files.kept) == [row.sha256 for row in [row_of(with_registry, first)] if row]
    assert event.data["after"]["caption"] == {"de": "Rathaus"}
    assert event.data["of"] == COLOGNE
    assert "Mustermann" not in str(event.data)


def test_a_file_belongs_to_something_that_is_there(with_registry: Tracker) -> None:
    for subject in ("twin:atlantis", f"activity:{uuid4()}", "user:1"):
        with pytest.raises(NotFound):
            actions.attach_file(
                with_registry.database, MemoryFiles(), subject, take("a.pdf", PDF), Said(), ME, with_registry.clock()
            )


@pytest.mark.parametrize("left_out", ["licence", "consent"])
def test_nothing_is_for_everybody_without_licence_and_consent(with_registry: Tracker, left_out: str) -> None:
    given = {"licence": "own", "consent": Consent.GIVEN, "visibility": Visibility.PUBLIC}

    with pytest.raises(InvalidInput):
        attach(with_registry, MemoryFiles(), jpeg(), Said(**{k: v for k, v in given.items() if k != left_out}))  # type: ignore[arg-type]  # as typed

    assert attach(with_registry, MemoryFiles(), jpeg(), Said(**given))  # type: ignore[arg-type]  # as typed


def test_what_is_said_of_a_file_changes_against_the_version_in_hand(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    file_id = attach(with_registry, MemoryFiles(), jpeg())

    assert actions.revise_file(database, file_id, Said(credit="Anna"), 1, ME, now)
    assert not actions.revise_file(database, file_id, Said(credit="Anna"), 2, ME, now)
    with pytest.raises(Conflict):
        actions.revise_file(database, file_id, Said(credit="Berta"), 1, ME, now)

    row = row_of(with_registry, file_id)
    assert row
    assert (row.version, row.credit) == (2, "Anna")


def test_a_worker_makes_the_thumbnail_and_a_broken_picture_says_why_it_has_none(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    files = MemoryFiles()
    whole, broken = (attach(with_registry, files, jpeg(colour, (900, 700))) for colour in ("red", "blue"))
    row = row_of(with_registry, broken)
    assert row
    files.kept[row.sha256] = b"scratched"

    made = [make_next_thumbnail(database, files, now) for _ in range(3)]

    good, bad = (row_of(with_registry, file_id) for file_id in (whole, broken))
    assert made == [True, True, False]
    assert good
    assert bad
    assert (good.bytes.thumbnail, bad.bytes.thumbnail) == (Thumbnail.READY, Thumbnail.FAILED)
    assert "no picture" in bad.bytes.fault
    assert files.kept[good.bytes.thumbnail_key or ""][8:12] == b"WEBP"


def test_a_store_that_is_away_is_asked_again_when_the_lease_has_run_out(with_registry: Tracker) -> None:
    class Away(MemoryFiles):
        def get(self, key: str) -> bytes:
            raise GatewayError("{key} is away", permanent=False, key=key)

    database, now = with_registry.database, with_registry.clock()
    files = MemoryFiles()
    file_id = attach(with_registry, files, jpeg())

    make_next_thumbnail(database, Away(), now)

    assert not make_next_thumbnail(database, files, now)
    assert make_next_thumbnail(database, files, now + store.LEASE)
    row = row_of(with_registry, file_id)
    assert row
    assert row.bytes.thumbnail == Thumbnail.READY


def test_on_its_day_a_file_goes_and_its_bytes_with_it_unless_another_names_them(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    files = MemoryFiles()
    on = (now + DAY).date()
    listed, shared = (attach(with_registry, files, data, Said(delete_on=on)) for data in (PDF, jpeg()))
    kept = actions.attach_file(database, files, "twin:coventry", take("a.jpg", jpeg()), Said(), ME, now)
    while make_next_thumbnail(database, files, now):
        pass

    early, late = tidy_files(database, files, now), tidy_files(database, files, now + DAY)

    row = row_of(with_registry, kept)
    assert early == 0
    assert late == 3  # two files, and the bytes of one
    assert [row_of(with_registry, gone) for gone in (listed, shared)] == [None, None]
    assert row
    assert sorted(files.kept) == sorted([row.sha256, row.bytes.thumbnail_key or ""])
    with database.reading() as session:
        assert event_log.history(session, f"file:{listed}")[-1].type == "file.erased"


def test_the_bin_gives_a_file_back_for_thirty_days(with_registry: Tracker) -> None:
    database, now = with_registry.database, with_registry.clock()
    files = MemoryFiles()
    file_id = attach(with_registry, files, PDF)

    actions.remove_file(database, file_id, ME, now)
    assert tidy_files(database, files, now + 29 * DAY) == 0
    actions.restore_file(database, file_id, ME, now)
    assert tidy_files(database, files, now + 31 * DAY) == 0
    actions.remove_file(database, file_id, ME, now)
    tidy_files(database, files, now + 31 * DAY)

    assert row_of(with_registry, file_id) is None
    assert files.kept == {}


def test_bytes_whose_sender_was_cut_off_go_and_what_is_being_sent_stays(with_registry: Tracker) -> None:
    class Cut(MemoryFiles):
        def put(self, key: str, data: bytes) -> None:
            super().put(key, data)
            raise GatewayError("cut off", permanent=False)

    database, now = with_registry.database, with_registry.clock()
    files = Cut()
    with pytest.raises(GatewayError):
        attach(with_registry, files, PDF)

    assert tidy_files(database, files, now) == 0
    assert list(files.kept)
    assert tidy_files(database, files, now + store.UNUSED_AFTER) == 1
    assert files.kept == {}
    assert attach(with_registry, MemoryFiles(), PDF)
