"""Two people change one activity: chosen with the keyboard alone, and without scripts."""

from playwright.sync_api import Browser, expect

from tests.browser.conftest import House, visit
from tests.browser.test_pages import faults_of, tab_to
from tracker.actions.activities import record_activity, revise_activity
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity, ReviseActivity
from tracker.intake.json import activity_content
from tracker.store import activities as store


def log(house: House) -> Activity:
    content = activity_content(
        {"kind": "festival", "title": {"de": "Sommerfest"}, "twins": ["cologne"], "start": "2026-12", "place": "Dom"}
    )
    return record_activity(house.tracker.database, RecordActivity(content), Actor("cli"), house.tracker.clock())


def meanwhile(house: House, made: Activity, place: str) -> None:
    content = made.content().model_copy(update={"place": place})
    revise_activity(
        house.tracker.database, ReviseActivity(made.id, content, made.version), Actor("cli"), house.tracker.clock()
    )


def place_of(house: House, made: Activity) -> str:
    with house.tracker.database.reading() as session:
        row = store.load(session, made.id)
        assert row
        return row.place


def test_two_changes_are_chosen_with_the_keyboard_alone(chromium: Browser, house: House) -> None:
    made = log(house)
    window = visit(chromium, house, width=390, lang="ru", scheme="dark")
    page = window.new_page()
    page.goto(f"/activities/{made.id}/edit")
    page.fill("#place", "Altermarkt")
    meanwhile(house, made, "Rheinpark")

    page.locator("#place").press("Enter")
    expect(page.locator("fieldset.clash")).to_have_count(1)
    assert faults_of(page) == []
    tab_to(page, "input[type=radio]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.locator(".note.good")).to_be_visible()
    window.close()
    assert place_of(house, made) == "Altermarkt"


def test_a_change_is_restored_and_several_are_changed_without_scripts(chromium: Browser, house: House) -> None:
    made = log(house)
    meanwhile(house, made, "Rheinpark")
    window = visit(chromium, house, javascript=False)
    page = window.new_page()

    page.goto(f"/activities/{made.id}/history?version=1")
    page.get_by_role("button", name="Diese Fassung wiederherstellen").click()
    restored = place_of(house, made)
    page.goto("/activities?q=sommerfest")
    expect(page.get_by_label("Auswählen: Sommerfest").first).to_be_hidden()
    page.get_by_text("Mehrere ändern").click()
    expect(page.get_by_role("button", name="Angekreuzte ändern")).to_be_hidden()
    tab_to(page, "input[name=one]")
    page.keyboard.press("Space")
    page.get_by_role("button", name="Angekreuzte ändern").click()
    page.select_option("#direction", "mutual")
    page.get_by_role("button", name="Ansehen, was sich ändert").click()
    page.get_by_role("button", name="ändern").click()
    page.get_by_role("button", name="Alles zurücknehmen").click()

    expect(page.locator(".note.good").first).to_be_visible()
    window.close()
    assert restored == "Dom"
