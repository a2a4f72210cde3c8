"""Public calendars: published by administrators, seen by everybody, and nothing on them that is not public."""

import pytest

from tests.calendars import record, settle
from tests.web.conftest import Pages, first
from tracker.actions.feeds import poll

FORM = {
    "public_name": "wolgograd", "name": "Wolgograd und seine Partnerstädte", "language": "de",
    "kinds": ["exchange", "aid_shipment", "festival", "delegation", "milestone"],
    "occasions": ["twinning", "agreement", "milestone", "observance"],
}  # fmt: skip


def test_nothing_is_public_until_something_is_published(pages: Pages) -> None:
    assert pages.get("/public", None).status_code == 404
    assert pages.get("/public/wolgograd", None).status_code == 404


@pytest.mark.parametrize("role", ["reader", "editor"])
def test_only_administrators_publish(pages: Pages, role: str) -> None:
    assert pages.get("/admin/calendars", role).status_code == 403


def test_a_published_calendar_has_a_page_for_everybody(pages_read: Pages) -> None:
    record(
        pages_read.tracker,
        visibility="public",
        title={"de": "Konzert im Gürzenich"},
        leaders=[{"name": "Harry Stanley"}],
    )
    record(pages_read.tracker, visibility="members", title={"de": "Mitgliederfahrt"})
    settle(pages_read.tracker)

    published = pages_read.post("/admin/calendars", FORM, "administrator")
    page = pages_read.get("/public", None, "de").text

    assert published.headers["Location"] == "/public/wolgograd"
    assert "Konzert im Gürzenich" in page
    assert "38. Jahrestag" in page
    assert "/feeds/wolgograd.ics" in page
    assert "/public/wolgograd.atom" in page
    assert "Mitgliederfahrt" not in page
    assert "Harry Stanley" not in page
    assert pages_read.get("/public/wolgograd", None).status_code == 200


def test_what_the_calendar_leaves_out_its_page_leaves_out(pages: Pages) -> None:
    record(pages.tracker, visibility="public", title={"de": "Empfang"})
    record(pages.tracker, visibility="public", title={"de": "Sommerfest"}, kind="festival")

    pages.post("/admin/calendars", FORM | {"kinds": "festival", "occasions": []}, "administrator")
    page = pages.get("/public/wolgograd", None, "de").text

    assert "Sommerfest" in page
    assert "Empfang" not in page
    assert "Jahrestag" not in page


def test_each_reader_meets_the_calendar_of_their_language_first(pages: Pages) -> None:
    pages.post("/admin/calendars", FORM, "administrator")
    pages.post(
        "/admin/calendars",
        FORM | {"public_name": "z-volgograd", "name": "Волгоград", "language": "ru"},
        "administrator",
    )

    german, russian, english = (pages.get("/public", None, lang).text for lang in ("de", "ru", "en"))

    assert '<h1 dir="auto">Wolgograd und' in german
    assert '<h1 dir="auto">Волгоград' in russian
    assert '<h1 dir="auto">Wolgograd und' in english
    assert 'href="/public/wolgograd"' in russian


def test_a_calendar_taken_back_is_gone(pages: Pages) -> None:
    pages.post("/admin/calendars", FORM, "administrator")
    path = first(r'href="(/subscriptions/[0-9a-f-]{36})"', pages.get("/admin/calendars", "administrator").text)

    pages.post(f"{path}/revoke", {}, "administrator", page=path)

    assert pages.get("/public", None).status_code == 404
    assert poll(pages.tracker.database, "wolgograd", pages.tracker.clock()) is None


def test_a_name_that_cannot_stand_in_an_address_is_refused_at_its_field(pages: Pages) -> None:
    answer = pages.post("/admin/calendars", FORM | {"public_name": "Köln"}, "administrator")

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
