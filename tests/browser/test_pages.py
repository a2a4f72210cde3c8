"""The pages in a browser: with the keyboard alone, on a telephone, without scripts, and as axe judges them."""

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import House, visit
from tracker.actions.activities import record_activity
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content

PATHS = (
    "/", "/map", "/map?year=1957",
    "/activities", "/activities?q=einhorn", "/activities?q=Stanley&kind=delegation&choose=all", "/timeline",
    "/timeline?zoom=1950", "/activities?view=month&at=2026-10", "/activities?view=year&at=1960", "ACTIVITY",
    "ACTIVITY/edit", "/activities/new",
    "/activities/new?kind=exchange", "/activities/new?kind=aid_shipment", "/activities/new?kind=festival",
    "/activities/new?kind=delegation", "/activities/new?kind=milestone", "/activities/quick?line=Etwas in Köln",
    "/activities/quick?line=Delegation Coventry Mai 1960, Harry Stanley",
    "/activities/several", "ACTIVITY/again",
    "/twins", "/twins/cologne", "/twins/port-said",
    "/occasions", "/outlook", "/calendar", "/subscribe", "/account", "/deliveries", "/imports", "/admin/users",
    "/rules", "/rules/trip-visa", "/rules/new", "/rules/new?about=occasion", "/rules/outlook/preview?year=2025",
    "/tasks", "/tasks?show=past", "/admin/organisation", "/admin/observances/victory-day",
    "/admin/letters", "/admin/letters/ru",
    "/reminders", "/reminders?view=past", "/reminders/why?twin=cologne&year=2026", "/inbox", "/admin/chats",
    "/reports", "/reports/2018", "/reports/2018?in=de&beside=ru", "/reports/2018/text?section=highlights",
    "/reports/2018/pictures", "/reports/2018/close", "/reports/2018/close/unconfirmed", "/reports/2018/close/titles",
    "/reports/2018/close/texts", "/reports/2018/close/edition", "EDITION", "EDITION/compare?with=2", "MAKING",
    "/admin/readers", "/admin/readers/members", "/admin/mailings", "/admin/mailings/new",
    "/admin/events", "ACTIVITY/history", "ACTIVITY/history?version=1", "/history", "/history/twin:cologne", "/bin",
    "/help", "/help/log",
    "/activities/bulk?q=einhorn", "/activities/bulk?q=Rathaus", "/nowhere",
)  # fmt: skip


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def faults_of(page: Page, options: dict[str, Any] | None = None) -> list[str]:
    # Of rules that are kept axe would tell each element, too: most of its time on a long page.
    found = Axe().run(page, options={"resultTypes": ["violations"], **(options or {})}).response["violations"]
    return [f"{v['id']}: {node['html'][:160]}" for v in found for node in v["nodes"]]


@pytest.mark.parametrize("part", range(4))  # so that several processes share them
def test_axe_finds_nothing_on_any_page(chromium: Browser, house: House, part: int) -> None:
    window = visit(chromium, house)
    page = window.new_page()

    faults = {}
    for path in PATHS[part::4]:
        page.goto(house.at(path))
        page.evaluate("document.querySelectorAll('details').forEach(d => { if (!d.matches('.drop')) d.open = true })")
        # By day all rules; by night the colours differ, and nothing else does.
        found = faults_of(page)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")  # else colours are still on their way
        found += faults_of(page, {"runOnly": ["color-contrast"]})
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        if found:
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


# 640 px are what a screen of 1280 px shows at 200 % zoom (WCAG 2.2, 1.4.4), 320 px what it shows at 400 % (1.4.10).
@pytest.mark.parametrize("lang", ["de", "en", "ru"])
def test_a_page_fits_every_width_asks_no_other_host_and_keeps_its_own_policy(
    chromium: Browser, house: House, lang: str
) -> None:
    window = visit(chromium, house, lang=lang)
    page = window.new_page()
    asked: set[str] = set()
    told: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.add(request.url.split("/")[2]))
    page.on("console", lambda message: told.append((page.url, message.text)) if message.type == "error" else None)

    over = []
    for path in PATHS:
        page.goto(house.at(path))
        for width in (640, 390, 320):
            page.set_viewport_size({"width": width, "height": 844})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                over.append((path, width))
    window.close()

    assert over == []
    assert asked == {house.address.removeprefix("http://")}
    # The last address leads nowhere, and the browser says so.
    assert [where for where, _ in told] == [f"{house.address}/nowhere"]


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
    page.keyboard.type("Mai 1963")
    expect(page.locator("#start-understood")).to_have_text("Verstanden als: Mai 1963")
    tab_to(page, "#status")
    page.keyboard.type("st")  # stattgefunden
    tab_to(page, "#direction")
    page.keyboard.type("nach")  # Wolgograd
    tab_to(page, "#place")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Der Oberbürgermeister von Coventry kommt")
    expect(page.get_by_role("status")).to_contain_text("verstanden als: Mai 1963")
    expect(page.locator(".chip").first).to_have_text("stattgefunden")
    expect(page.locator(".facts")).to_contain_text("nach Wolgograd")
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


def test_text_from_right_to_left_stands_so_within_a_page_from_left_to_right(chromium: Browser, house: House) -> None:
    title = "زيارة وفد بورسعيد (Port Said) 1962"
    content = activity_content(
        {"kind": "delegation", "title": {"ar": title}, "twins": ["port-said"], "start": "1962", "place": "بورسعيد"}
    )
    made = record_activity(house.tracker.database, RecordActivity(content), Actor("cli"), house.tracker.clock())
    window = visit(chromium, house)
    page = window.new_page()
    directions = {}

    for path in (f"/activities/{made.id}", "/activities?twin=port-said"):
        page.goto(path)
        text = page.get_by_text(title, exact=True).first
        directions[path] = text.evaluate("e => [getComputedStyle(e).direction, e.closest('[lang]').lang]")
    whole = page.evaluate("getComputedStyle(document.body).direction")
    window.close()

    assert set(map(tuple, directions.values())) == {("rtl", "ar")}
    assert whole == "ltr"


def test_everything_works_without_scripts(chromium: Browser, house: House) -> None:
    window = chromium.new_context(base_url=house.address, java_script_enabled=False, locale="de")
    window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    page = window.new_page()
    page.goto("/activities/new?kind=exchange&lang=de")
    page.locator('[id="title.de"]').fill("Ohne Skript")
    page.locator("#twins-cologne").check()
    page.locator("#direction").select_option("mutual")
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
