"""Passkeys in a real browser, with a device that Chromium makes up; the pages around the login as axe judges them."""

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import House, visit
from tests.browser.test_pages import faults_of

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page) -> None:
    """Give the browser a device that makes passkeys and answers by itself."""
    speaking = page.context.new_cdp_session(page)
    speaking.send("WebAuthn.enable")
    speaking.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_a_passkey_is_made_logs_in_and_opens_nothing_once_it_is_removed(chromium: Browser, house: House) -> None:
    # A passkey is for a name; browsers make none for a number such as 127.0.0.1.
    address = house.address.replace("127.0.0.1", "localhost")
    window = visit(chromium, house, lang="ru", width=390)
    page = window.new_page()
    window.add_cookies([{"name": n, "value": v, "url": address} for n, v in
                        {"session": house.session_cookie(), "lang": "ru"}.items()])  # fmt: skip
    with_device(page)
    page.goto(f"{address}/account/security")
    page.locator("#passkey-name").fill("Мой телефон")
    page.locator("#passkey-name").press("Enter")
    expect(page.locator(".things .name", has_text="Мой телефон")).to_be_visible()
    made_faults = faults_of(page)

    page.locator(".drop summary").click()
    page.locator(".drop form button").click()
    page.wait_for_url("**/login")
    login_faults = faults_of(page)
    page.goto(f"{address}/login?next=/account/security")
    page.get_by_role("button", name="Войти с ключом доступа").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/security")
    expect(page.locator("#sessions")).to_contain_text("с ключом доступа")

    page.locator("#passkeys .things button").click()
    expect(page.locator("#passkeys .things")).to_have_count(0)
    page.locator(".drop summary").click()
    page.locator(".drop form button").click()
    page.wait_for_url("**/login")
    page.get_by_role("button", name="Войти с ключом доступа").click()
    expect(page.locator(".note.bad")).to_contain_text("Этот ключ доступа здесь не подошёл")
    window.close()

    assert (made_faults, login_faults) == ([], [])


def test_the_pages_of_logging_in_are_fit_for_all_in_the_dark_and_on_a_telephone(
    chromium: Browser, house: House
) -> None:
    window = visit(chromium, house, lang="de", width=390, scheme="dark")
    page = window.new_page()

    faults, over = [], []
    for path in ("/account/security", "/account/second-factor", "/verify?next=/account", "/admin/organisation"):
        page.goto(path)
        page.evaluate("document.querySelectorAll('details.fold').forEach(d => { d.open = true })")
        faults += faults_of(page)
        over += [path] if page.evaluate("document.documentElement.scrollWidth > innerWidth") else []
    window.close()

    assert (faults, over) == ([], [])
