"""The pages in a browser: with the keyboard alone, on a telephone, without scripts, and as axe judges them."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import House, visit

PATHS = (
    "/", "/activities", "/activities?q=einhorn", "ACTIVITY", "ACTIVITY/edit", "/activities/new",
    "/activities/new?kind=exchange", "/activities/new?kind=aid_shipment", "/activities/new?kind=festival",
    "/activities/new?kind=delegation", "/activities/new?kind=milestone", "/twins", "/twins/cologne", "/twins/port-said",
    "/occasions", "/outlook", "/calendar", "/subscribe", "/account", "/deliveries", "/imports", "/admin/users",
    "/rules", "/rules/trip-visa", "/rules/new", "/rules/new?about=occasion", "/rules/outlook/preview?year=2025",
    "/tasks", "/tasks?show=past", "/admin/letters", "/admin/letters/ru",
    "/reminders", "/reminders?view=past", "/reminders/why?twin=cologne&year=2026", "/inbox", "/admin/chats",
    "/admin/events", "/nowhere",
)  # fmt: skip


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, house: House, scheme: str) -> None:
    window = visit(chromium, house, scheme=scheme)
    page = window.new_page()

    faults = {}
    for path in PATHS:
        page.goto(path.replace("ACTIVITY", house.activity))
        page.evaluate("document.querySelectorAll('details').forEach(d => { if (!d.matches('.drop')) d.open = true })")
        if found := faults_of(page):
            faults[path] = found
    window.close()

    assert faults == {}


def test_axe_finds_nothing_before_the_login(chromium: Browser, house: House) -> None:
    page = chromium.new_page(base_url=house.address, color_scheme="dark")

    faults = []
    for path in ("/login", "/reset"):
        page.goto(path)
        faults += faults_of(page)
    page.close()

    assert faults == []


@pytest.mark.parametrize("lang", ["de", "en", "ru"])
def test_nothing_hangs_over_the_edge_of_a_telephone(chromium: Browser, house: House, lang: str) -> None:
    window = visit(chromium, house, width=390, lang=lang)
    page = window.new_page()

    over = []
    for path in PATHS:
        page.goto(path.replace("ACTIVITY", house.activity))
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            over.append(path)
    window.close()

    assert over == []


def test_an_activity_is_logged_with_the_keyboard_alone_on_a_telephone(chromium: Browser, house: House) -> None:
    window = visit(chromium, house, width=390)
    page = window.new_page()
    page.goto("/")
    tab_to(page, "a[href='/activities/new']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/new")
    tab_to(page, "a[href*='kind=delegation']")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Aktivität eintragen")

    page.keyboard.type("Der Oberbürgermeister von Coventry kommt")
    tab_to(page, "#twins-coventry")
    page.keyboard.press("Space")
    tab_to(page, "#start")
    page.keyboard.type("Mai 1960")
    expect(page.locator("#start-understood")).to_have_text("Verstanden als: Mai 1960")
    tab_to(page, "#status")
    page.keyboard.type("st")  # stattgefunden
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Der Oberbürgermeister von Coventry kommt")
    expect(page.get_by_role("status")).to_contain_text("verstanden als: Mai 1960")
    expect(page.locator(".chip").first).to_have_text("stattgefunden")
    window.close()


def test_faults_take_the_focus_and_lead_to_their_fields(chromium: Browser, house: House) -> None:
    window = visit(chromium, house, lang="ru")
    page = window.new_page()
    page.goto("/activities/new?kind=festival")
    page.locator("#start").fill("когда-нибудь")

    page.locator("#start").press("Enter")
    expect(page.locator("[data-faults]")).to_be_focused()
    page.locator("[data-faults] a", has_text="когда-нибудь").press("Enter")

    expect(page).to_have_url(re.compile("#start$"))
    expect(page.locator("#start")).to_have_value("когда-нибудь")
    expect(page.locator("#start")).to_have_attribute("aria-invalid", "true")
    window.close()


def test_everything_works_without_scripts(chromium: Browser, house: House) -> None:
    window = chromium.new_context(base_url=house.address, java_script_enabled=False, locale="de")
    window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    page = window.new_page()
    page.goto("/activities/new?kind=exchange&lang=de")
    page.locator('[id="title.de"]').fill("Ohne Skript")
    page.locator("#twins-cologne").check()
    page.locator("#start").fill("3.5.1990")
    page.locator('[id="counts.0.value"]').fill("22")
    page.locator("button[value=counts]").click()

    page.locator('[id="counts.1.value"]').fill("3")
    page.locator("#status").select_option("held")
    page.locator("#content form button:visible", has_text="Speichern").last.click()

    expect(page.locator("h1")).to_have_text("Ohne Skript")
    expect(page.locator(".facts")).to_contain_text("22")
    expect(page.get_by_role("status")).to_contain_text("3. Mai 1990")
    window.close()


def test_no_page_asks_another_host_or_breaks_its_own_policy(chromium: Browser, house: House) -> None:
    window = visit(chromium, house)
    page = window.new_page()
    asked: set[str] = set()
    told: list[str] = []
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)

    for path in PATHS[:-1]:
        page.goto(path.replace("ACTIVITY", house.activity))
    window.close()

    assert asked == {house.address.removeprefix("http://")}
    assert told == []
