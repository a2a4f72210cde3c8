"""The application as it is put together."""

import pytest

from tests.logging_in import link_of, send
from tests.web.conftest import Pages
from tracker.web.app import create_app


def test_applications_of_one_process_compile_a_template_once(pages: Pages) -> None:
    made = [app.jinja_env.get_template("base.html") for app in (pages.app, create_app(pages.tracker))]

    one, other = (template.root_render_func.__code__ for template in made)
    assert made[0] is not made[1]
    assert one is other


@pytest.mark.parametrize("path", ["/reset/%00", "/public/%00", "/login?next=%00", "/?%00=1", "/twins/%00", "/%00"])
def test_an_address_that_no_database_holds_is_refused_to_everybody(pages: Pages, path: str) -> None:
    assert pages.get(path, None).status_code == 400
    assert pages.get(path, "administrator").status_code == 400


def test_a_form_that_no_database_holds_is_refused(pages: Pages) -> None:
    client = pages.browser("editor")

    assert send(client, "/activities/new?kind=festival", note="\x00").status_code == 400
    assert send(client, "/account", **{"\x00": "1"}).status_code == 400
    assert send(pages.browser(None), "/login", email="\x00@example.org", password="x").status_code == 400
    assert send(pages.browser(None), "/reset", email="\x00@example.org").status_code == 400


def test_a_password_longer_than_can_be_hashed_is_refused(pages: Pages) -> None:
    endless = "drei Brücken " * 1000
    known = {"email": "editor@example.org", "password": endless}

    assert send(pages.browser(None), "/login", **known).status_code == 413
    twice = {"password": endless, "password_confirm": endless}
    assert send(pages.browser(None), link_of(pages, "editor"), **twice).status_code == 413


def test_headers_that_are_no_address_are_no_fault_of_ours(pages: Pages) -> None:
    client = pages.browser(None)

    lost = client.get("/nothing", headers={"Referer": "http://[::1"})
    typed = client.post("/activities/new?kind=festival", data={"title.en": "x"}, headers={"Origin": "http://[::1"})

    assert (lost.status_code, typed.status_code) == (404, 400)


def test_a_source_that_is_no_address_is_shown_as_it_was_typed(pages: Pages) -> None:
    fields = {"title.en": "The fair", "twins": ["kemi"], "start": "2018", "sources.0.url": "https://[kemi.fi"}
    made = pages.post("/activities/new?kind=festival", fields)

    shown = pages.get(made.location)

    assert shown.status_code == 200
    assert "https://[kemi.fi" in shown.text


@pytest.mark.parametrize(
    "path",
    ["/reminders/{n}", "/tasks/{n}", "/admin/users/{n}", "/admin/chats/{n}", "/reports/editions/{n}",
     "/reports/documents/{n}/x", "/calendar/0001-1"],
)  # fmt: skip
def test_there_is_nothing_at_a_number_that_no_row_can_have(pages: Pages, path: str) -> None:
    assert pages.get(path.format(n=10**20), "administrator").status_code == 404


def test_there_is_no_news_beyond_the_end_of_the_log(pages: Pages) -> None:
    assert pages.get(f"/news?after={10**20}").status_code == 200
