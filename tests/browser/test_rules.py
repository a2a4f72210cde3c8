"""A rule is switched and tried with the keyboard alone, and without scripts."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import House, visit
from tests.browser.test_pages import tab_to


def test_a_rule_is_switched_off_with_the_keyboard_alone(chromium: Browser, house: House) -> None:
    window = visit(chromium, house, width=390, lang="en")
    page = window.new_page()
    page.goto("/rules")

    tab_to(page, "#trip-gifts button")
    page.keyboard.press("Enter")

    expect(page.get_by_role("status").first).to_contain_text("is switched off")
    expect(page.get_by_role("button", name="Switch on Trip: gifts, interpreter, press")).to_be_visible()
    window.close()


def test_a_rule_is_tried_without_scripts_and_nothing_typed_is_lost(chromium: Browser, house: House) -> None:
    window = chromium.new_context(base_url=house.address, java_script_enabled=False, locale="en")
    window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    page = window.new_page()
    page.goto("/rules/new?about=occasion&lang=en")
    page.locator('[id="names.en"]').fill("Two days before")
    page.locator('[id="leads.0.amount"]').fill("2")
    page.locator("#_year").fill("2025")

    page.get_by_role("button", name="Show what would have been sent").click()

    expect(page.locator("#preview")).to_contain_text("37th anniversary of the twinning Cologne – Volgograd")
    expect(page.locator('[id="names.en"]')).to_have_value("Two days before")
    window.close()
