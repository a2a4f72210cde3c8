"""Readers of reports: loaded from what ships, copied, edited, reset and removed by administrators."""

import pytest

from tests.reports import put_readers, reader
from tracker.actions.registry import load_registry
from tracker.actions.report_mailings import Mailing, add_mailing
from tracker.actions.report_readers import copy_reader, remove_reader, reset_reader, revise_reader
from tracker.bootstrap import Tracker
from tracker.domain.commands import Actor
from tracker.domain.editions import Form
from tracker.errors import Conflict, InvalidInput
from tracker.store import event_log
from tracker.store.report_readers import ReaderRow, readers

ME = Actor("user:1")


def kept(tracker: Tracker, slug: str) -> ReaderRow:
    with tracker.database.reading() as session:
        return session.get_one(ReaderRow, slug)


def told(tracker: Tracker, slug: str) -> list[str]:
    with tracker.database.reading() as session:
        return [event.type.value for event in event_log.history(session, f"reader:{slug}")]


def test_what_ships_is_loaded_once_and_in_its_order(with_registry: Tracker) -> None:
    tracker = with_registry
    with tracker.database.reading() as session:
        shipped = [row.slug for row in readers(session)]

    outcome = load_registry(tracker.database, tracker.clock())

    assert shipped[0] == "members"
    assert len(shipped) >= 5
    assert (outcome.added, outcome.revised) == (0, 0)


def test_a_copy_is_a_reader_of_its_own(tracker: Tracker) -> None:
    put_readers(tracker)

    slug = copy_reader(tracker.database, "town", {"de": " Rat der Stadt ", "en": ""}, ME, tracker.clock())

    made = kept(tracker, slug).to_reader()
    assert made.names == {"de": "Rat der Stadt"}
    assert (made.level, made.sections) == (reader("town").level, reader("town").sections)
    assert told(tracker, slug) == ["reader.added"]


def test_sections_are_moved_and_switched_off(tracker: Tracker) -> None:
    put_readers(tracker)
    document = reader("town").model_dump(mode="json")
    sections = [{"name": "people"}, {"name": "highlights", "on": False}]

    revise_reader(tracker.database, "town", {**document, "sections": sections}, 1, ME, tracker.clock())
    revise_reader(tracker.database, "town", {**document, "sections": sections}, 2, ME, tracker.clock())

    row = kept(tracker, "town")
    assert [(one.name.value, one.on) for one in row.to_reader().sections] == [("people", True), ("highlights", False)]
    assert row.version == 2
    assert told(tracker, "town") == ["reader.revised"]


def test_a_stale_version_and_a_fault_change_nothing(tracker: Tracker) -> None:
    put_readers(tracker)
    document = reader("town").model_dump(mode="json")

    with pytest.raises(Conflict):
        revise_reader(tracker.database, "town", document, 7, ME, tracker.clock())
    with pytest.raises(InvalidInput) as refused:
        revise_reader(tracker.database, "town", {**document, "twins": ["atlantis"]}, 1, ME, tracker.clock())

    assert [problem.field.partition(".")[0] for problem in refused.value.problems] == ["twins"]
    assert told(tracker, "town") == []


def test_one_that_ships_is_reset_and_never_removed(with_registry: Tracker) -> None:
    tracker = with_registry
    shipped = kept(tracker, "members").to_reader()
    document = {**shipped.model_dump(mode="json"), "names": {"en": "All of us"}}
    revise_reader(tracker.database, "members", document, 1, ME, tracker.clock())

    reset_reader(tracker.database, "members", ME, tracker.clock())

    assert kept(tracker, "members").to_reader() == shipped
    with pytest.raises(InvalidInput):
        remove_reader(tracker.database, "members", ME, tracker.clock())


def test_an_own_one_is_removed_unless_a_mailing_goes_to_it(tracker: Tracker) -> None:
    put_readers(tracker)
    slug = copy_reader(tracker.database, "town", {"en": "Council"}, ME, tracker.clock())
    other = copy_reader(tracker.database, "town", {"en": "Press"}, ME, tracker.clock())
    mailing = Mailing(other, Form.PDF, ("en",), 1, 15, ("a@example.org",))
    add_mailing(tracker.database, mailing, ME, tracker.clock())

    remove_reader(tracker.database, slug, ME, tracker.clock())

    with pytest.raises(InvalidInput):
        remove_reader(tracker.database, other, ME, tracker.clock())
    with tracker.database.reading() as session:
        assert session.get(ReaderRow, slug) is None
        assert session.get(ReaderRow, other) is not None
    assert told(tracker, slug) == ["reader.added", "reader.removed"]
