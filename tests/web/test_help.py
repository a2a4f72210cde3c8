"""Help where one needs it: the handbook, the first tour, errors that say what now, and the page for everybody."""

import re

import pytest
from flask import abort

from tests.web.conftest import Pages, first
from tests.web.test_history import CLI, log, plain
from tracker.actions.organisation import revise_organisation
from tracker.actions.users import NewUser, add_user
from tracker.domain.organisation import Organisation
from tracker.outputs.handbook import TASKS
from tracker.web.auth import Audience, allowed
from tracker.web.pages.handbook import _WAYS, ABOUT

LANGUAGES = ["de", "en", "ru"]


def open_house(pages: Pages, *, public: bool = True) -> None:
    told = Organisation({"de": "Freunde Wolgograds"}, public_page=public)
    revise_organisation(pages.tracker.database, told, None, CLI, pages.tracker.clock())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_task_has_its_page(pages: Pages, lang: str) -> None:
    listed = pages.get("/help", "reader", lang).text

    for task in TASKS:
        assert f'href="/help/{task}"' in listed
        assert pages.get(f"/help/{task}", "reader", lang).status_code == 200
    assert pages.get("/help/einhorn", "reader").status_code == 404


def test_the_handbook_is_searched(pages: Pages) -> None:
    found = pages.get("/help?q=papierkorb", lang="de").text
    nothing = pages.get("/help?q=einhorn", lang="de").text

    assert 'href="/help/correct"' in found
    assert 'href="/help/letter"' not in found
    assert "Keine Seite des Handbuchs" in nothing


def test_a_page_leads_to_its_own_task_and_only_where_one_may_go(pages: Pages) -> None:
    assert 'href="/help/find"' in pages.get("/activities").text
    assert 'href="/help"' in pages.get("/inbox", "reader").text or 'href="/help/reminders"' in pages.get("/inbox").text
    assert "/activities/new" in pages.get("/help/log", "editor").text.partition("<article")[2]
    assert "/activities/new" not in pages.get("/help/log", "reader").text.partition("<article")[2]


def test_the_mapping_names_pages_of_the_handbook(pages: Pages) -> None:
    assert set(ABOUT.values()) <= set(TASKS)
    assert set(_WAYS) == set(TASKS)
    assert set(ABOUT) | set(_WAYS.values()) <= set(pages.app.view_functions)
    asked = {"dossier": "journey", "partnership_map": "find", "honours": "find", "add_files": "files", "bin": "correct"}
    asked |= {"what_happened": "correct", "account_security": "login", "organisation": "people", "shipments": "aid"}
    assert {endpoint: ABOUT.get(endpoint) for endpoint in asked} == asked


def test_the_tour_is_taken_step_by_step_and_then_gone(pages: Pages) -> None:
    begun = pages.get("/", "reader").text
    ways = [pages.post("/tour", {"step": str(step)}, "reader", page="/").location for step in (1, 2)]
    between = pages.get("/", "reader").text
    pages.post("/tour", {"step": "4"}, "reader", page="/")

    assert len(re.findall('name="step"', begun)) == 3
    assert ways == ["/account", "/activities"]
    assert between.count("seen</span>") == 2
    assert 'id="tour"' not in pages.get("/", "reader").text
    # Everybody takes their own.
    assert 'id="tour"' in pages.get("/", "editor").text


def test_the_tour_is_put_away_with_one_press_and_stays_away(pages: Pages) -> None:
    pages.post("/tour", {}, "administrator", page="/")

    assert 'id="tour"' not in pages.get("/", "administrator").text


def test_administrators_also_name_the_house_and_invite(pages: Pages) -> None:
    begun = pages.get("/", "administrator").text

    assert len(re.findall('name="step"', begun)) == 5
    assert pages.post("/tour", {"step": "8"}, "administrator", page="/").location == "/admin/organisation"
    # A step that is none of one's own counts as wishing to see no more of it, and opens no door.
    assert pages.post("/tour", {"step": "16"}, "reader", page="/").location == "/"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 429, 500])
def test_every_error_says_what_now(pages: Pages, status: int, lang: str) -> None:
    @pages.app.get("/fails")
    @allowed(Audience.READERS)
    def fails() -> None:
        if status == 500:
            raise RuntimeError
        abort(status)

    answer = pages.get("/fails", "reader", lang)

    assert answer.status_code == status
    heading = first(r"<h1>([^<]+)</h1>", answer.text)
    assert heading
    if status != 405:
        assert 'id="now"' in answer.text
    assert 'href="/"' in answer.text


def test_a_fault_of_ours_has_a_number_that_stands_in_the_log(pages: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    @pages.app.get("/fails")
    @allowed(Audience.READERS)
    def fails() -> None:
        raise RuntimeError("the database is made of cheese")

    answer = pages.get("/fails", "reader")

    number = first(r'class="secret">([0-9A-F]{8})<', answer.text)
    assert number in capsys.readouterr().out
    assert "cheese" not in answer.text


def test_the_way_back_leads_only_to_ourselves(pages: Pages) -> None:
    client = pages.browser("reader")

    ours = client.get("/nowhere", headers={"Referer": "http://localhost/activities?q=x"}).text
    foreign = client.get("/nowhere", headers={"Referer": "https://example.org/activities"}).text

    assert 'href="/activities?q=x"' in ours
    assert "example.org" not in foreign


def test_there_is_no_page_for_everybody_until_it_is_opened(pages: Pages) -> None:
    closed = [pages.get("/welcome", None).status_code, pages.get("/welcome", "administrator").status_code]
    open_house(pages)
    opened = pages.get("/welcome", None)
    open_house(pages, public=False)

    assert closed == [404, 404]
    assert opened.status_code == 200
    assert "Freunde Wolgograds" in opened.text
    assert pages.get("/welcome", None).status_code == 404


def test_the_page_for_everybody_tells_nothing_but_what_is_public(pages: Pages) -> None:
    open_house(pages)
    soon = {"start": "2026-10-20", "note": "Geheimnotiz", "responsible": "editor@example.org"}
    log(pages, title={"de": "Öffentliches Fest"}, **soon, money=[{"amount": "987654", "currency": "EUR"}])
    for level in ("members", "staff", "confidential"):
        log(pages, title={"de": f"Nur {level}"}, visibility=level, **soon)
        log(pages, title={"de": f"Nur {level}"}, visibility=level, start="1891")

    page = pages.get("/welcome?decade=2020", None, "de").text
    other = pages.get("/welcome?decade=1890", None, "de").text

    assert page.count("Öffentliches Fest") == 2
    for text in (page, other):
        assert "Nur " not in text.partition("<main")[2]
        assert not re.search("Geheimnotiz|editor@example|987", text)
    assert "1890er" not in other


def test_the_map_for_everybody_counts_what_is_public_and_leads_nowhere_behind_the_login(pages: Pages) -> None:
    open_house(pages)
    log(pages, start="1999-05", status="held", twins=["cologne"])
    public = pages.get("/welcome/years", None).json["counts"]["1999"]["cologne"]  # type: ignore[index]  # JSON
    for level in ("members", "staff", "confidential"):
        log(pages, start="1999-06", status="held", twins=["cologne"], visibility=level)

    page = pages.get("/welcome?year=1999", None, "de").text
    years = pages.get("/welcome/years", None).json
    wanted = set(re.findall(r'(?:href|action|data-map)="(/[^"#?]*)', page))
    wanted -= {way for way in wanted if "/static/" in way} | {"/"}

    assert years
    assert first(r'data-row="cologne".*?data-number>(\d+)<', page) == str(public)
    assert years["counts"]["1999"]["cologne"] == public
    assert {"/login", "/map/land.svg", "/welcome/years"} <= wanted
    assert {way: pages.get(way, None).status_code for way in wanted} == dict.fromkeys(wanted, 200)


def test_whoever_comes_without_account_is_led_to_the_page_for_everybody_if_there_is_one(pages: Pages) -> None:
    before = pages.get("/", None)
    open_house(pages)

    assert before.location.startswith("/login")
    assert pages.get("/", None).location == "/welcome"
    assert pages.get("/activities", None).location.startswith("/login")
    assert pages.get("/", "reader").status_code == 200
    open_house(pages, public=False)
    assert pages.get("/", None).location.startswith("/login")
    assert pages.get("/welcome/years", None).status_code == 404


def test_the_page_for_everybody_goes_by_decade(pages: Pages) -> None:
    open_house(pages)

    sixties = plain(pages.get("/welcome?decade=1960", None, "de").text.partition('id="history"')[2])

    assert "1960er Jahre" in sixties
    assert re.search(r"\b196\d\b", sixties)
    assert not re.search(r"\b(195\d|197\d)\b(?!er)", sixties.partition("Jahre 1")[2][200:])


def test_robots_may_read_the_page_for_everybody(pages: Pages) -> None:
    assert "Allow: /welcome" in pages.get("/robots.txt", None).text


def test_the_house_keeps_its_iati_number_when_its_page_is_opened(pages: Pages) -> None:
    told = Organisation({"de": "Freunde"}, reference="DE-CR-VR1")
    revise_organisation(pages.tracker.database, told, None, CLI, pages.tracker.clock())

    assert 'value="DE-CR-VR1"' in pages.get("/admin/organisation", "administrator").text


def test_a_new_account_begins_with_the_tour(pages: Pages) -> None:
    new = NewUser("neu@example.org", "reader", "Neu")

    user = add_user(pages.tracker.database, new, "system", pages.tracker.clock())

    assert user.tour == 0
