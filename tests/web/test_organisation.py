"""Saying whose installation it is, and where that stands afterwards."""

from tests.web.conftest import Pages
from tracker.bootstrap import Tracker
from tracker.domain.events import EventType
from tracker.domain.organisation import UNNAMED, Organisation
from tracker.store import event_log
from tracker.store import organisation as store

NAMED = {
    "name.de": "Verein",
    "name.en": "Friends of Volgograd",
    "name.ru": "",
    "address": "Weg 1\n50667 Köln",
    "place": "Köln",
    "email": "verein@example.org",
}


def known(tracker: Tracker) -> Organisation:
    with tracker.database.reading() as session:
        return store.current(session)


def revisions(tracker: Tracker) -> list[event_log.Event]:
    with tracker.database.reading() as session:
        return [event for event in event_log.read_all(session, 0) if event.type is EventType.ORGANISATION_REVISED]


def test_an_administrator_names_the_house(pages: Pages) -> None:
    unnamed = known(pages.tracker)

    answer = pages.post("/admin/organisation", NAMED, "administrator")

    assert answer.status_code == 302
    assert unnamed == UNNAMED
    names = {"de": "Verein", "en": "Friends of Volgograd"}
    assert known(pages.tracker) == Organisation(names, "Weg 1\n50667 Köln", "Köln", "verein@example.org")
    (told,) = revisions(pages.tracker)
    assert told.data["after"]["names"] == names
    shown = pages.get("/admin/organisation", "administrator").text
    assert 'value="Friends of Volgograd"' in shown
    assert "50667 Köln</textarea>" in shown


def test_the_same_once_more_is_no_change(pages: Pages) -> None:
    pages.post("/admin/organisation", NAMED, "administrator")

    pages.post("/admin/organisation", NAMED, "administrator")

    assert len(revisions(pages.tracker)) == 1


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(pages: Pages) -> None:
    answer = pages.post("/admin/organisation", {**NAMED, "email": "verein"}, "administrator")

    assert answer.status_code == 422
    assert "“verein” is not a mail address" in answer.text
    assert 'value="Verein"' in answer.text
    assert known(pages.tracker) == UNNAMED


def test_a_form_opened_before_somebody_elses_change_does_not_undo_it(pages: Pages) -> None:
    pages.post("/admin/organisation", NAMED, "administrator")

    late = pages.post("/admin/organisation", {**NAMED, "place": "Bonn", "version": "0"}, "administrator")

    assert late.status_code == 409
    assert 'value="Bonn"' in late.text
    assert known(pages.tracker).place == "Köln"


def test_only_administrators_name_the_house(pages: Pages) -> None:
    assert pages.get("/admin/organisation", "editor").status_code == 403
