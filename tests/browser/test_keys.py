"""Finding by keyboard alone: search, go down the list, open, and switch the keys off again."""

from playwright.sync_api import Browser

from tests.browser.conftest import House, visit


def test_an_activity_is_found_and_opened_by_keys_alone(chromium: Browser, house: House) -> None:
    window = visit(chromium, house)
    page = window.new_page()

    page.goto("/twins")
    page.keyboard.press("/")
    page.wait_for_url("**/activities?**search=1")
    page.keyboard.type("Stanley njk?")  # in a field they are letters
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Harry Stanley")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=Harry**")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    title = page.evaluate("document.activeElement.textContent.trim()")
    page.keyboard.press("Enter")
    page.wait_for_url("**/activities/*-*-*")
    assert page.locator("h1").inner_text().strip() in title
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.locator("dialog#keys input[name=keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.locator("dialog#keys").is_visible()
    window.close()
