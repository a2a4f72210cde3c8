"""The calendar of a half-year in the browser and on paper: who sees what, where, and under which filter."""

import datetime as dt
import html
import re
import shutil
import subprocess
from typing import Any

import pytest

from tests.calendars import COLOGNE, COVENTRY, put_twin
from tests.conftest import missing
from tests.web.conftest import Pages
from tracker.actions.activities import record_activity
from tracker.bootstrap import Tracker
from tracker.consumers import reading
from tracker.domain.activities import Activity
from tracker.domain.commands import Actor, RecordActivity
from tracker.intake.json import activity_content

SPRING = "/calendar/2027-1"


def log(pages: Pages, **fields: Any) -> Activity:
    base = {"kind": "exchange", "title": {"en": "Meeting"}, "twins": ["cologne"], "start": "2027-03-08"}
    command = RecordActivity(activity_content(base | fields))
    return record_activity(pages.tracker.database, command, Actor("cli"), pages.tracker.clock())


@pytest.fixture
def pages(tracker: Tracker) -> Pages:
    """A house with two cities."""
    put_twin(tracker, COLOGNE)
    put_twin(tracker, COVENTRY)
    return Pages(tracker)


def settle(pages: Pages) -> None:
    reading.catch_up(pages.tracker.database, pages.tracker.consumers, pages.tracker.clock())


def shown(pages: Pages, path: str = SPRING, role: str = "reader", lang: str = "en") -> str:
    """The words of the page's content."""
    content = pages.get(path, role, lang).text.partition("<h1")[2]
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", content)).split())


def printed(pages: Pages, path: str = f"{SPRING}.pdf", role: str = "reader", lang: str = "en") -> str:
    """The words of the PDF."""
    if shutil.which("pdftotext") is None:
        missing("pdftotext", "install poppler-utils")
    body = pages.get(path, role, lang).data
    told = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()
    return " ".join(told.split())


def test_the_calendar_opens_at_the_current_half_year(pages: Pages) -> None:
    pages.tracker.clock.set(dt.datetime(2027, 6, 30, 12, tzinfo=dt.UTC))  # type: ignore[attr-defined]  # a test's clock

    assert "Calendar: January – June 2027" in shown(pages, "/calendar")


def test_a_half_year_leads_to_its_neighbours_and_keeps_the_choice(pages: Pages) -> None:
    page = html.unescape(pages.get(f"{SPRING}?twin=cologne&kind=festival").text)

    assert 'rel="prev" href="/calendar/2026-2?twin=cologne&kind=festival"' in page
    assert 'rel="next" href="/calendar/2027-2?twin=cologne&kind=festival"' in page
    assert 'href="/calendar/2027-1.pdf?twin=cologne&kind=festival"' in page


@pytest.mark.parametrize("path", ["/calendar/2027-3", "/calendar/27-1", "/calendar/0000-1", "/calendar/2027-0.pdf"])
def test_there_is_no_other_half_year(pages: Pages, path: str) -> None:
    assert pages.get(path).status_code == 404


@pytest.mark.parametrize("path", [SPRING, f"{SPRING}.pdf", "/calendar"])
def test_whoever_is_not_logged_in_is_asked_to(pages: Pages, path: str) -> None:
    answer = pages.get(path, None)

    assert answer.status_code == 302
    assert "/login" in answer.headers["Location"]


@pytest.mark.parametrize("words", [shown, printed])
def test_month_day_and_what_is_known_less_exactly_stand_in_this_order(pages: Pages, words: Any) -> None:
    log(pages, title={"en": "In spring"}, start="2027-21")
    log(pages, title={"en": "Some time in March"}, start="2027-03")
    log(pages, title={"en": "On the eighth"}, start="2027-03-08")
    log(pages, title={"en": "Over the turn of the year"}, start="2026-12-29", end="2027-01-02")
    log(pages, title={"en": "Since long ago"}, start="2002", end="..")
    log(pages, title={"en": "In the second half"}, start="2027-07-01")

    told = words(pages, role="reader")

    order = [
        "January 2027", "Over the turn of the year", "March 2027", "day unknown", "Some time in March", "Mon 8 Mar",
        "On the eighth", "2027, the day is not known", "In spring", "Began earlier and goes on", "Since long ago",
    ]  # fmt: skip
    assert [words for words in order if words not in told] == []
    places = [told.index(order[0])]
    for part in order[1:]:
        places.append(told.index(part, places[-1]))
    assert "In the second half" not in told


@pytest.mark.parametrize("words", [shown, printed])
def test_an_anniversary_has_its_number_and_says_how_the_partnership_stands(pages_read: Pages, words: Any) -> None:
    settle(pages_read)

    spring, autumn = words(pages_read, lang="de"), words(pages_read, _like(words, "2028-2"), lang="de")

    assert "Jahrestag der Städtepartnerschaft Köln" not in spring
    assert "40. Jahrestag der Städtepartnerschaft Köln – Wolgograd" in autumn
    assert "offizielle Kontakte ruhen seit dem 3. März 2022" in autumn
    assert "Jubiläum" in autumn


def test_before_contacts_came_to_rest_nothing_is_said_of_it(pages_read: Pages) -> None:
    settle(pages_read)

    told = shown(pages_read, "/calendar/2020-2?twin=cologne", lang="de")

    assert "32. Jahrestag der Städtepartnerschaft Köln" in told
    assert "ruhen" not in told


@pytest.mark.parametrize("words", [shown, printed])
def test_what_was_cancelled_says_so(pages: Pages, words: Any) -> None:
    log(pages, title={"de": "Konzert"}, status="cancelled", reason="Saal gesperrt", place="Köln")

    told = words(pages, lang="de")

    assert "Konzert" in told
    assert "abgesagt" in told


def test_a_cancelled_title_is_struck_out_on_the_page(pages: Pages) -> None:
    log(pages, status="cancelled", reason="No hall")

    assert re.search(r'class="title off"[^>]*><span[^>]*>Meeting<', pages.get(SPRING).text)


@pytest.mark.parametrize("words", [shown, printed])
def test_twin_and_kind_narrow_it_and_days_of_all_twins_stay(with_registry_read: Tracker, words: Any) -> None:
    pages = Pages(with_registry_read)
    log(pages, title={"en": "Feast in Coventry"}, kind="festival", twins=["coventry"])
    log(pages, title={"en": "Feast in Cologne"}, kind="festival")
    log(pages, title={"en": "Visit to Cologne"}, kind="delegation")
    settle(pages)

    of_twin = words(pages, _like(words, "2027-1?twin=cologne"))
    of_both = words(pages, _like(words, "2027-1?twin=cologne&kind=festival"))
    only_days = words(pages, _like(words, "2027-1?kind=occasion"))

    assert "Feast in Cologne" in of_twin
    assert "Visit to Cologne" in of_twin
    assert "Feast in Coventry" not in of_twin
    assert "Feast in Cologne" in of_both
    assert "Visit to Cologne" not in of_both
    assert "Feast" not in only_days
    # The Battle of Stalingrad ended on 2 February; that concerns every partnership.
    assert all(("2 Feb" in told) is wanted for told, wanted in ((of_twin, True), (of_both, False), (only_days, True)))


def test_a_narrowed_print_says_what_it_was_narrowed_to(pages: Pages) -> None:
    log(pages)

    assert "Only: Cologne, Exchange" in printed(pages, f"{SPRING}.pdf?twin=cologne&kind=exchange")
    assert "Only" not in printed(pages)


@pytest.mark.parametrize(("role", "seen"), [("reader", 2), ("editor", 3), ("administrator", 3)])
def test_a_print_holds_what_its_reader_may_see_but_nothing_confidential(pages: Pages, role: str, seen: int) -> None:
    for visibility in ("public", "members", "staff", "confidential"):
        log(pages, title={"en": f"Needle {visibility}"}, visibility=visibility)

    told = printed(pages, role=role)

    assert set(re.findall(r"Needle (\w+)", told)) == set(["public", "members", "staff"][:seen])
    assert ("Needle confidential" in shown(pages, role=role)) is (role == "administrator")


def test_a_print_says_for_whom_it_is(pages: Pages) -> None:
    log(pages)
    public = printed(pages, role="editor")
    log(pages, visibility="staff")

    narrow = printed(pages, role="editor")

    assert "Who may see it" not in public
    assert "Who may see it: staff only" in narrow


def test_hours_are_printed_by_the_clocks_of_both_sides(pages: Pages) -> None:
    put_twin(pages.tracker, {**COLOGNE, "timezone": "Europe/Berlin"})
    log(pages, start="2027-03-08T18:00", end="2027-03-08T20:00", timezone="Europe/Berlin")

    assert "Cologne 18:00–20:00 / Volgograd 20:00–22:00" in printed(pages)


@pytest.mark.parametrize("lang", ["de", "en", "ru"])
def test_the_same_state_is_printed_in_the_same_bytes_and_asked_for_only_once(pages: Pages, lang: str) -> None:
    log(pages, title={"ja": "広島", "ru": "Встреча"})
    first = pages.get(f"{SPRING}.pdf", lang=lang)
    pages.tracker.clock.set(pages.tracker.clock() + dt.timedelta(hours=9))  # type: ignore[attr-defined]  # a test's clock

    again = pages.get(f"{SPRING}.pdf", lang=lang)
    client = pages.browser("reader")
    client.set_cookie("lang", lang)
    known = client.get(f"{SPRING}.pdf", headers={"If-None-Match": first.headers["ETag"]})
    log(pages)

    assert first.data == again.data
    assert first.mimetype == "application/pdf"
    assert known.status_code == 304
    assert pages.get(f"{SPRING}.pdf", lang=lang).data != first.data


def _like(words: Any, half: str) -> str:
    """The address of a half-year with its filters, as page or as PDF."""
    name, _, filters = half.partition("?")
    return f"/calendar/{name}{'.pdf' if words is printed else ''}?{filters}"
