"""Days kept every year, as administrators keep the list of them."""

from typing import Any

from tests.web.conftest import Pages
from tracker.actions.registry import load_registry
from tracker.consumers import reading
from tracker.consumers.occasions import OCCASIONS
from tracker.domain.events import EventType
from tracker.store import event_log, occasions

ROSE_MONDAY = {"title.en": "Rose Monday", "title.de": "Rosenmontag", "rule": "48 days before Easter", "twin": "cologne"}


def told(pages: Pages) -> list[tuple[EventType, str, dict[str, Any]]]:
    kinds = (EventType.OBSERVANCE_ADDED, EventType.OBSERVANCE_REVISED, EventType.OBSERVANCE_REMOVED)
    with pages.tracker.database.reading() as session:
        found = event_log.read_all(session, 0)
    return [
        (event.type, event.subject, event.data["after"])
        for event in found
        if event.type in kinds and event.actor != "registry"
    ]


def test_a_day_is_added_moved_and_left_out(pages_read: Pages) -> None:
    added = pages_read.post("/admin/observances/new", ROSE_MONDAY, "administrator")
    listed = pages_read.get("/admin/observances", "administrator").text
    moved = {**ROSE_MONDAY, "moved": "1 March 2027", "left_out": "2028"}
    changed = pages_read.post("/admin/observances/rose-monday", moved, "administrator")
    reading.catch_up(pages_read.tracker.database, (OCCASIONS,), pages_read.tracker.clock())

    assert (added.status_code, changed.status_code) == (302, 302)
    assert "8 February 2027" in next(part for part in listed.split("<li>") if "rose-monday" in part)
    assert [(type_, subject) for type_, subject, _ in told(pages_read)] == [
        (EventType.OBSERVANCE_ADDED, "observance:rose-monday"),
        (EventType.OBSERVANCE_REVISED, "observance:rose-monday"),
    ]
    assert told(pages_read)[1][2] == {"moved": {"2027": "2027-03-01", "2028": None}, "version": 2}
    row = next(part for part in pages_read.get("/occasions", lang="de").text.split("<li") if "Rosenmontag" in part)
    assert "1. März 2027" in row
    with pages_read.tracker.database.reading() as session:
        (kept,) = [one for one in occasions.load_all(session) if one.key == "observance:rose-monday"]
    assert (kept.rule, kept.twins) == ("48 days before easter", ("cologne",))
    form = pages_read.get("/admin/observances/rose-monday", "administrator", lang="de").text
    assert "1. März 2027" in form
    assert 'value="2028"' in form


def test_a_second_day_of_one_name_gets_an_address_of_its_own(pages: Pages) -> None:
    for _ in range(2):
        pages.post("/admin/observances/new", ROSE_MONDAY, "administrator")

    assert [subject for _, subject, _ in told(pages)] == ["observance:rose-monday", "observance:rose-monday-2"]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(pages: Pages) -> None:
    wrong = {**ROSE_MONDAY, "rule": "every monday", "twin": "atlantis", "left_out": "soon"}
    answer = pages.post("/admin/observances/new", wrong, "administrator")
    unknown = pages.post("/admin/observances/new", {**ROSE_MONDAY, "twin": "atlantis"}, "administrator")

    assert (answer.status_code, unknown.status_code) == (422, 422)
    assert "“every monday” is not a rule" in answer.text
    assert "“soon” is not a year" in answer.text
    assert 'value="Rose Monday"' in answer.text
    assert "There is no twin “atlantis”" in unknown.text
    assert told(pages) == []


def test_a_form_opened_before_somebody_elses_change_does_not_undo_it(pages: Pages) -> None:
    pages.post("/admin/observances/new", ROSE_MONDAY, "administrator")
    pages.post("/admin/observances/rose-monday", {**ROSE_MONDAY, "note": "in Cologne"}, "administrator")

    late = pages.post("/admin/observances/rose-monday", {**ROSE_MONDAY, "version": "1"}, "administrator")

    assert late.status_code == 409
    assert [after["version"] for _, _, after in told(pages)] == [1, 2]


def kept(pages: Pages) -> set[str]:
    reading.catch_up(pages.tracker.database, (OCCASIONS,), pages.tracker.clock())
    with pages.tracker.database.reading() as session:
        return {one.key for one in occasions.load_all(session) if one.key.startswith("observance:")}


def test_a_day_that_ships_or_was_added_can_be_removed_and_stays_away(pages: Pages) -> None:
    pages.post("/admin/observances/new", ROSE_MONDAY, "administrator")
    before = kept(pages)

    answers = [
        pages.post(f"/admin/observances/{slug}", {"do": "remove"}, "administrator")
        for slug in ("victory-day", "rose-monday")
    ]
    load_registry(pages.tracker.database, pages.tracker.clock())

    assert [answer.status_code for answer in answers] == [302, 302]
    assert before - kept(pages) == {"observance:victory-day", "observance:rose-monday"}
    assert "victory-day" not in pages.get("/admin/observances", "administrator").text
    assert [(type_, subject) for type_, subject, _ in told(pages)][1:] == [
        (EventType.OBSERVANCE_REMOVED, "observance:victory-day"),
        (EventType.OBSERVANCE_REMOVED, "observance:rose-monday"),
    ]


def test_a_removed_day_is_brought_back_by_administrators_alone(pages: Pages) -> None:
    pages.post("/admin/observances/new", ROSE_MONDAY, "administrator")
    before = kept(pages)
    for slug in ("victory-day", "rose-monday"):
        pages.post(f"/admin/observances/{slug}", {"do": "remove"}, "administrator")

    shown, hidden = pages.get("/bin", "administrator", lang="de").text, pages.get("/bin").text
    refused = pages.post("/bin/observances/rose-monday", {}, page="/bin")
    for slug in ("victory-day", "rose-monday"):
        pages.post(f"/bin/observances/{slug}", {}, "administrator", page="/bin")

    assert "Rosenmontag" in shown
    assert "Rose Monday" not in hidden
    assert refused.status_code == 403
    assert kept(pages) == before
    assert "Rose Monday" not in pages.get("/bin", "administrator").text


def test_a_day_that_somebody_changed_meanwhile_is_not_removed(pages: Pages) -> None:
    pages.post("/admin/observances/new", ROSE_MONDAY, "administrator")
    pages.post("/admin/observances/rose-monday", {**ROSE_MONDAY, "note": "in Cologne"}, "administrator")

    late = pages.post("/admin/observances/rose-monday", {"do": "remove", "version": "1"}, "administrator")

    assert late.headers["Location"] == "/admin/observances/rose-monday"
    assert "observance:rose-monday" in kept(pages)


def test_only_administrators_keep_the_list(pages: Pages) -> None:
    assert pages.get("/admin/observances", "editor").status_code == 403
    assert pages.get("/admin/observances/victory-day", "editor").status_code == 403
    assert pages.get("/admin/observances/new", "reader").status_code == 403
    assert pages.get("/admin/observances/no-such-day", "administrator").status_code == 404
