"""The outlook in the browser: three languages, what is in the way in words, narrowed, and for readers only."""

import datetime as dt
import html
import re

import pytest

from tests.calendars import COLOGNE, COVENTRY, put_twin
from tests.web.conftest import Pages
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.store.rules import CustomsRow

# Founded ten years before and five days after Cologne.
SISTER = {**COVENTRY, "dates": [{"date": "1978-12-03", "primary": True}]}


@pytest.fixture
def pages(tracker: Tracker) -> Pages:
    tracker.clock.set(dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # a test's clock
    put_twin(tracker, COLOGNE)
    put_twin(tracker, SISTER)
    reading.catch_up(tracker.database, tracker.consumers, tracker.clock())
    return Pages(tracker)


def shown(pages: Pages, path: str = "/outlook", lang: str = "en") -> str:
    """The words of the page's list."""
    content = pages.get(path, "reader", lang).text.partition("</form>\n<section")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", content)).split())


@pytest.mark.parametrize(
    ("lang", "title", "jubilee", "state"),
    [
        ("en", "38th anniversary of the twinning Cologne – Volgograd", "jubilee", "official contacts resting"),
        ("de", "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd", "Jubiläum", "offizielle Kontakte ruhen"),
        ("ru", "38-я годовщина побратимских связей: Кёльн – Волгоград", "юбилей", "официальные контакты"),
    ],
)
def test_three_years_are_told_with_jubilees_and_how_the_partnership_stands(
    pages: Pages, lang: str, title: str, jubilee: str, state: str
) -> None:
    words = shown(pages, lang=lang)

    # 2026 to 2028 for Cologne, whose 41st comes after the 36 months; the same three years for Coventry.
    assert title in words
    assert [number for number in ("38", "39", "40", "41") if f"{number}{title[2:]}" in words] == ["38", "39", "40"]
    assert words.count(jubilee) == 2
    assert state in words


def test_a_jubilee_leads_to_its_city_and_tells_the_other_one_and_the_weekend(pages: Pages) -> None:
    words = shown(pages)
    page = pages.get("/outlook", "reader").text

    assert "Both in the week from 28 November 2028: 50th anniversary of the twinning Coventry" in words
    assert "On a weekend: Saturday" in words.partition("39th")[0]
    assert re.search('<a class="title" href="/twins/cologne">40th anniversary', page)
    assert not re.search('<a class="title"[^>]*>39th anniversary', page)


def test_it_is_narrowed_to_a_city_to_jubilees_and_to_what_collides(pages: Pages) -> None:
    of_coventry = shown(pages, "/outlook?twin=coventry")
    jubilees = shown(pages, "/outlook?show=jubilees&twin=cologne")
    colliding = shown(pages, "/outlook?show=collisions&twin=coventry")

    assert "48th anniversary of the twinning Coventry" in of_coventry
    assert "38th anniversary of the twinning Cologne" not in of_coventry
    # The jubilee of a city that is not shown is in the way all the same.
    assert "50th" in of_coventry
    assert "40th anniversary of the twinning Cologne" in of_coventry
    assert ("40th" in jubilees, "39th" in jubilees) == (True, False)
    assert "49th" not in colliding
    assert "50th" in colliding


def test_which_years_are_jubilees_is_the_houses_own_choice(pages: Pages) -> None:
    with pages.tracker.database.unit("test", pages.tracker.clock()) as unit:
        unit.session.add(CustomsRow(id=1, version=1, leap_day="feb_28", round_years=[38], jubilee_years=[39]))

    jubilees = shown(pages, "/outlook?show=jubilees&twin=cologne")

    assert ("39th" in jubilees, "40th" in jubilees) == (True, False)


def test_whoever_is_not_logged_in_is_asked_to(pages: Pages) -> None:
    assert pages.get("/outlook", None).status_code == 302


@pytest.mark.parametrize("query", ["twin=atlantis&show=nothing", "show=collisions&twin="])
def test_an_address_that_makes_no_sense_shows_what_it_can(pages: Pages, query: str) -> None:
    assert pages.get(f"/outlook?{query}", "reader").status_code == 200
