"""The start page in a browser: colleagues’ work slides in, also after the server was away; the map moves in time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import House, Served, visit
from tests.conftest import Clock
from tracker import bootstrap
from tracker.actions.activities import record_activity
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content
from tracker.web import live
from tracker.web.app import create_app


@contextmanager
def served(house: House, port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Tracker, int]]:
    """A server of its own on the house's database; when it ends, its streams end too."""
    monkeypatch.setattr(live, "closing", threading.Event())
    made = bootstrap.assemble(dict(house.tracker.environ), Clock())
    server = Served(create_app(made), port)
    try:
        yield made, server.port
    finally:
        live.closing.set()
        server.close()
        made.database.engine.dispose()


def log(made: Tracker, title: str) -> None:
    content = activity_content({"kind": "festival", "title": {"de": title}, "twins": ["turin"], "start": "2025-05-05"})
    record_activity(made.database, RecordActivity(content), Actor("cli"), made.clock())
    reading.catch_up(made.database, made.consumers, made.clock())


def test_what_colleagues_log_slides_in_once_though_the_server_was_away(
    chromium: Browser, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = visit(chromium, house)
    page = window.new_page()
    lines = page.locator("[data-log] .title")

    with served(house, 0, monkeypatch) as (made, port):
        window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": f"http://127.0.0.1:{port}"}])
        page.goto(f"http://127.0.0.1:{port}/")
        log(made, "Solange er da war")
        expect(lines.filter(has_text="Solange er da war")).to_have_count(1, timeout=20_000)
    log(house.tracker, "Solange er weg war")
    with served(house, port, monkeypatch) as (made, _):
        expect(lines.filter(has_text="Solange er weg war")).to_have_count(1, timeout=30_000)
        log(made, "Als er wieder da war")
        expect(lines.filter(has_text="Als er wieder da war")).to_have_count(1, timeout=20_000)

        assert [lines.filter(has_text=title).count() for title in ("Solange er da war", "Solange er weg war")] == [1, 1]
        window.close()


def test_the_map_moves_through_the_years_with_the_keyboard_and_without_scripts(chromium: Browser, house: House) -> None:
    window = visit(chromium, house)
    page = window.new_page()
    page.goto("/map?year=1990")
    slider = page.locator("[data-slider]")

    for _ in range(33):
        slider.press("ArrowLeft")
    expect(page.locator(".map.near .hub text")).to_have_text("Stalingrad")
    moved = page.locator("[data-row]:visible [data-name]").all_inner_texts()
    expect(page).to_have_url(f"{house.address}/map?year=1957")
    window.close()

    plain = chromium.new_context(base_url=house.address, java_script_enabled=False, locale="de")
    plain.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    page = plain.new_page()
    page.goto("/map?lang=de")
    page.get_by_label("Jahr").first.fill("1957")
    page.get_by_role("button", name="Anzeigen").click()
    page.wait_for_url("**/map?*year=1957*")

    assert page.locator("[data-row]:visible [data-name]").all_inner_texts() == moved == ["Coventry", "Kemi", "Ostrau"]
    plain.close()
