"""Subscribing in a browser: as axe judges the pages, on a telephone, and without scripts."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import House, visit
from tests.browser.test_pages import faults_of
from tracker.actions.exports import export_calendars
from tracker.actions.subscriptions import publish
from tracker.domain.calendars import Selection
from tracker.domain.choices import CalendarChoice
from tracker.domain.commands import Actor
from tracker.store import subscriptions

READ_BY = ("iOS/26.5 (23F77) dataaccessd/1.0", "Google-Calendar-Importer")


@pytest.fixture(scope="module")
def published(house: House) -> House:
    tracker = house.tracker
    choice = CalendarChoice(Selection(language="de"))
    publish(tracker.database, choice, "wolgograd", "Wolgograd", Actor("cli"), tracker.clock())
    return house


def unfold(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details.fold').forEach(d => d.open = true)")


def subscribe(page: Page, house: House) -> str:
    """Make a calendar by one press; the page of the new subscription, which two programs have read."""
    page.goto("/subscribe")
    page.click("button[value=everything]")
    path = page.locator("a[href^='/subscriptions/']").last.get_attribute("href")
    assert path
    tracker = house.tracker
    with tracker.database.reading() as session:
        row = next(row for row in subscriptions.open_ones(session) if str(row.id) in path)
    with tracker.database.unit("system", tracker.clock()) as unit:
        read = [subscriptions.Fetch(row.id, agent, tracker.clock(), '"x"') for agent in READ_BY]
        subscriptions.note_fetches(unit.session, read)
    return path


@pytest.mark.parametrize(("scheme", "width", "lang"), [("light", 1280, "de"), ("dark", 390, "ru")])
def test_axe_finds_nothing_and_nothing_hangs_over_the_edge(
    chromium: Browser, published: House, scheme: str, width: int, lang: str
) -> None:
    window = visit(chromium, published, scheme=scheme, width=width, lang=lang)
    page = window.new_page()
    found: dict[str, list[str]] = {}

    path = subscribe(page, published)
    for address in ("", path, "/subscribe", "/public", "/admin/calendars"):
        if address:
            page.goto(address)
        unfold(page)
        found[address] = faults_of(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[address].append("hangs over the edge")
    window.close()

    assert {address: faults for address, faults in found.items() if faults} == {}


def test_a_public_calendar_is_read_without_login_and_without_scripts(chromium: Browser, published: House) -> None:
    window = chromium.new_context(base_url=published.address, java_script_enabled=False, locale="de")
    page = window.new_page()

    page.goto("/public")

    expect(page.get_by_role("heading", level=1)).to_have_text("Wolgograd")
    expect(page.get_by_role("img", name="QR")).to_be_visible()
    assert page.locator("#address").input_value().endswith("/feeds/wolgograd.ics")
    assert page.get_by_role("button").count() == 0
    window.close()


def test_the_address_is_copied_with_one_press(chromium: Browser, published: House) -> None:
    window = visit(chromium, published, lang="de")
    window.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.new_page()
    subscribe(page, published)

    page.click("[data-copy=address]")

    expect(page.locator("#copied")).to_have_text("Kopiert.")
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#address").input_value()
    window.close()


@pytest.mark.parametrize(("lang", "width"), [("de", 390), ("en", 1280), ("ru", 390)])
def test_a_city_is_found_in_cyrillic_and_subscribed_to_without_scripts(
    chromium: Browser, house: House, lang: str, width: int
) -> None:
    window = visit(chromium, house, lang=lang, width=width, javascript=False)
    page = window.new_page()
    page.goto("/activities")
    page.locator("input[name=q]").fill("визит кельн")
    page.locator("input[name=q]").press("Enter")
    title = "Визит в ратушу" if lang == "ru" else "Besuch im Rathaus"
    page.locator(".rows a", has_text=title).click()
    expect(page).to_have_url(house.at(f"{house.address}ACTIVITY"))

    page.locator("a[href^='/twins/cologne']").first.click()
    page.locator("#content a[href*='/subscribe']").first.click()
    page.locator("summary").filter(
        has=page.locator("xpath=following-sibling::*//button[@value='twin:cologne']")
    ).click()
    page.locator("button[value='twin:cologne']").click()

    address = page.locator("input[value*='/feeds/']").first.input_value()
    export_calendars(house.tracker.database, house.tracker.clock())
    calendar = page.request.get(house.address + urlsplit(address).path).text()
    window.close()
    assert title in calendar
