"""The board, a desk, the recipient's page and a dossier in a browser: by keyboard, by drag, and as axe judges them."""

import datetime as dt
from uuid import UUID

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import House, visit
from tests.browser.test_pages import faults_of
from tests.conftest import NOW
from tracker.actions.activities import record_activity
from tracker.actions.receipts import AskReceipt, ask_receipt, token_of
from tracker.bootstrap import secret_key
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content

ME = Actor("user:1")


@pytest.fixture(scope="module")
def shipment(house: House) -> str:
    """A packed shipment with a line of goods; its id."""
    content = activity_content(
        {
            "kind": "aid_shipment",
            "title": {"de": "Pflegebetten", "en": "Beds"},
            "twins": ["cologne"],
            "start": (NOW.date() + dt.timedelta(days=9)).isoformat(),
            "goods": [{"description": "Betten", "quantity": "12", "unit": "Stück", "weight_kg": "1140"}],
            "details": {"stages": [{"stage": "packed", "on": "2026-09-01"}]},
        }
    )
    return str(record_activity(house.tracker.database, RecordActivity(content), ME, NOW).id)


def receipt(house: House, shipment: str) -> str:
    secret = secret_key(house.tracker.settings)
    command = AskReceipt(UUID(shipment), "de", "", 90)
    return f"/receipts/{token_of(ask_receipt(house.tracker.database, command, secret, ME, NOW), secret)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_hangs_over(chromium: Browser, house: House, shipment: str, scheme: str) -> None:
    window = visit(chromium, house, scheme=scheme, width=390 if scheme == "dark" else 1280)
    page = window.new_page()
    paths = [
        "/shipments",
        f"/shipments/{shipment}",
        f"/shipments/{shipment}/stage?stage=none",
        receipt(house, shipment),
    ]
    paths += [f"{house.activity}/dossier", f"{house.activity}/dossier/edit"]

    faults = {}
    for path in paths:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(d => { if (!d.matches('.drop')) d.open = true })")
        if found := faults_of(page):
            faults[path] = found
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults[path] = [*found, "hangs over"]
    window.close()

    assert faults == {}


def test_a_card_is_moved_by_keyboard_and_by_drag_and_going_back_asks(
    chromium: Browser, house: House, shipment: str
) -> None:
    window = visit(chromium, house)
    page = window.new_page()
    page.goto("/shipments")
    card = f"#card-{shipment}"
    page.locator(f"{card} a.title").focus()

    page.keyboard.press("Control+ArrowRight")
    expect(page.locator(f"[data-column=dispatched] {card}")).to_be_visible()
    expect(page.locator(card)).to_be_focused()
    expect(page.get_by_text("Pflegebetten“ steht auf der Tafel bei: abgeschickt")).to_be_visible()

    page.locator(card).drag_to(page.locator("[data-column=customs]"))
    expect(page.locator(f"[data-column=customs] {card}")).to_be_visible()

    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator(f"{card} a.title").focus()
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator(f"[data-column=customs] {card}")).to_be_visible()
    assert "geht damit von „beim Zoll“ auf „abgeschickt“ zurück" in asked[0]

    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator(f"[data-column=dispatched] {card}")).to_be_visible()
    window.close()


def test_without_scripts_the_card_moves_by_its_form_and_a_recipient_answers(
    chromium: Browser, house: House, shipment: str
) -> None:
    window = chromium.new_context(
        base_url=house.address, java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    window.add_cookies([{"name": "session", "value": house.session_cookie(), "url": house.address}])
    page = window.new_page()
    page.goto("/shipments?lang=en")
    page.locator(f"#card-{shipment} summary").click()
    page.locator(f"#stage-{shipment}").select_option("arrived")
    page.locator(f"#card-{shipment} form button").click()
    expect(page.locator(f"[data-column=arrived] #card-{shipment}")).to_be_visible()
    window.clear_cookies()

    page.goto(receipt(house, shipment))
    expect(page.locator("h1")).to_have_text("Was ist angekommen?")
    page.get_by_label("Alles angekommen").check()
    page.locator("#received_on").fill("30. September 2026")
    page.locator("#confirmed_by").fill("Maria")
    page.get_by_role("button", name="Empfang bestätigen").click()
    expect(page.get_by_text("Danke! Ihre Antwort ist gespeichert.")).to_be_visible()
    window.close()
