"""Logging in a browser: in each language, with the keyboard alone, without scripts, and what is typed is not lost."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from tests.browser.conftest import House, visit
from tests.browser.test_pages import faults_of, tab_to
from tests.journeys.processes import until
from tracker.store.drafts import DraftRow


@contextmanager
def at(chromium: Browser, house: House, path: str, *, width: int = 1280, lang: str = "de") -> Iterator[Page]:
    window = visit(chromium, house, width=width, lang=lang)
    page = window.new_page()
    page.goto(path)
    yield page
    window.close()


def test_one_german_line_is_logged_on_a_telephone(chromium: Browser, house: House) -> None:
    with at(chromium, house, "/activities/quick", width=390) as page:
        page.locator("#quick-line").fill("Hilfstransport aus Köln 12.–15.5.1993, 18 t Medikamente, Fahrt für Kinder")
        page.locator("#quick-line").press("Enter")

        expect(page.locator(".pieces")).to_contain_text("12.–15. Mai 1993")
        expect(page.locator('[id="title.de"]')).to_have_value("Hilfstransport aus Köln, Fahrt für Kinder")
        expect(page.locator("#twins-cologne")).to_be_checked()
        expect(page.locator('[id="goods.0.weight_kg"]')).to_have_value("18000")
        page.get_by_role("button", name="Speichern").last.click()

        expect(page.locator("h1")).to_have_text("Hilfstransport aus Köln, Fahrt für Kinder")
        expect(page.locator(".facts")).to_contain_text("18.000 kg")


def test_a_russian_form_tells_what_is_logged_already_and_keeps_a_draft(chromium: Browser, house: House) -> None:
    with at(chromium, house, "/activities/new?kind=delegation", lang="ru") as page:
        page.locator('[id="title.ru"]').fill("Визит мэра в ратушу")
        page.locator("#twins-cologne").check()
        page.locator("#direction").select_option("to_hub")
        page.locator("#start").fill("октябрь 2026")
        page.locator("#start").blur()

        expect(page.locator("#doubles a").first).to_have_text("Визит в ратушу")
        expect(page.locator("[data-kept]")).to_contain_text("черновик", timeout=8000)
        assert faults_of(page) == []
        page.get_by_role("button", name="Сохранить").last.click()
        expect(page.locator("[data-faults]")).to_be_focused()
        page.get_by_role("button", name="Это другое: сохранить").click()

        expect(page.locator("h1")).to_have_text("Визит мэра в ратушу")
        page.goto("/activities/new")
        expect(page.locator("#drafts")).to_have_count(0)


def test_an_english_line_is_logged_with_the_keyboard_alone(chromium: Browser, house: House) -> None:
    with at(chromium, house, "/activities/new", lang="en") as page:
        tab_to(page, "#quick-line")
        page.keyboard.type("Concert in Coventry on 12 May 1997, about 300 visitors")
        page.keyboard.press("Enter")
        expect(page.locator("#begun")).to_be_visible()
        expect(page.locator("#start")).to_have_value("12 May 1997")
        tab_to(page, '[id="details.sort"]')
        page.keyboard.type("concert")
        page.keyboard.press("Enter")

        expect(page.locator("h1")).to_have_text("Concert in Coventry")
        expect(page.locator(".facts")).to_contain_text("about 300 visitors")


def kept(house: House, title: str) -> bool:
    with house.tracker.database.reading() as session:
        return any(title in str(row.fields) for row in session.scalars(select(DraftRow)))


def test_a_draft_left_open_is_found_again(chromium: Browser, house: House) -> None:
    with at(chromium, house, "/activities/new?kind=festival") as page:
        page.locator('[id="title.de"]').fill("Halb geschrieben")
        page.goto("/activities/new")  # leaving at once: there was no time for a turn of the clock

        # What a page sends as it is left arrives beside the question for the next one.
        until(lambda: kept(house, "Halb geschrieben"), "the draft")
        page.reload()
        page.get_by_role("link", name="Halb geschrieben").click()
        expect(page.locator('[id="title.de"]')).to_have_value("Halb geschrieben")
        page.goto("/activities/new")
        page.get_by_role("button", name=re.compile("Verwerfen.*Halb geschrieben")).click()
        expect(page.get_by_role("link", name="Halb geschrieben")).to_have_count(0)


@pytest.fixture
def plain(chromium: Browser, house: House) -> Iterator[Page]:
    """A page without scripts."""
    window = chromium.new_context(base_url=house.address, java_script_enabled=False, locale="de")
    window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    yield window.new_page()
    window.close()


def test_all_ways_of_logging_work_without_scripts(plain: Page) -> None:
    plain.goto("/activities/new?lang=de")
    plain.locator("#quick-line").fill("Jugendaustausch Chemnitz Sommer 1995, 22 Jugendliche")
    plain.get_by_role("button", name="Zum Formular").click()
    plain.locator("#direction").select_option("from_hub")
    plain.get_by_role("button", name="Prüfen").click()
    expect(plain.get_by_role("status")).to_contain_text("Noch ist es nicht gespeichert")
    expect(plain.locator("#start-understood")).to_have_text("Verstanden als: Sommer 1995")
    plain.get_by_role("button", name="Speichern").last.click()
    expect(plain.locator("h1")).to_have_text("Jugendaustausch Chemnitz")

    plain.goto("/activities/new?kind=milestone")
    plain.locator('[id="title.de"]').fill("Ein Geschenk")
    plain.get_by_role("button", name="Als Entwurf behalten").click()
    plain.get_by_role("link", name="Ein Geschenk", exact=True).click()
    plain.locator("#twins-kemi").check()
    plain.locator("#start").fill("3.5.1990")
    plain.get_by_role("button", name="Speichern").last.click()
    expect(plain.locator("h1")).to_have_text("Ein Geschenk")

    plain.goto("/activities/several")
    plain.locator("#text").fill("3.6.1998\tKemi\tEin langer Abend\n4.6.1998\tKemi\tEin Konzert mit Chören aus Kemi\n")
    plain.get_by_role("button", name="Erst ansehen").click()
    assert "Spalte 3" in plain.content()
    plain.locator("summary", has_text="Für Zeilen").click()
    plain.locator("#kind").select_option("festival")
    plain.get_by_role("button", name="Erst ansehen").click()
    plain.get_by_role("button", name="Übernehmen").click()
    expect(plain.locator(".note.good")).to_contain_text("2 neu")
