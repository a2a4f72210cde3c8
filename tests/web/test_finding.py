"""Finding: counts beside choices, what matched, slips of the pen, the four ways to look, and what nobody may learn."""

import html
import re
from urllib.parse import quote

import pytest

from tests.web.conftest import Pages, first
from tests.web.test_pages import found, log, titles


def beside(page: str, name: str, value: str) -> int:
    """The number that stands beside a choice."""
    return int(
        first(rf'name="{name}" value="{value}"[^>]*><span[^>]*>[^<]*</span><b>([\d,.]+)</b>', page).replace(",", "")
    )


def offered(page: str, name: str) -> dict[str, int]:
    """The choices of a field to choose one from, each with its number."""
    field = first(rf'(?s)<select[^>]* name="{name}">(.*?)</select>', page)
    told = re.findall(r'<option value="([^"]+)"[^>]*>[^<]* \(([\d,.]+)\)</option>', field)
    return {html.unescape(value): int(number.replace(",", "")) for value, number in told}


def test_the_number_beside_a_choice_is_what_pressing_it_shows(pages: Pages) -> None:
    for kind, status, start in (
        ("delegation", "held", "1961-03"), ("delegation", "cancelled", "1961"), ("festival", "held", "1975"),
    ):  # fmt: skip
        log(pages, title={"en": f"Needle {start}"}, kind=kind, status=status, start=start, reason="rain")
    page = pages.get("/activities?q=needle&kind=delegation").text

    assert beside(page, "kind", "festival") == 1  # as if delegations were not chosen
    assert beside(page, "status", "held") == 1
    assert beside(page, "decade", "1960") == 2
    for query in ("kind=festival", "kind=delegation&status=held", "kind=delegation&decade=1960"):
        name, _, value = query.rpartition("&")[2].partition("=")
        assert len(found(pages, f"q=needle&{query}")) == beside(page, name, value)


def test_places_purposes_levels_and_gaps_have_their_numbers(pages: Pages) -> None:
    log(pages, title={"en": "Needle", "de": "Nadel"}, place="Kemi", counts_for=["Völkerverständigung", "sport"],
        visibility="members", sources=[{"url": "https://example.org/", "verified": True}])  # fmt: skip
    log(pages, title={"en": "Needle"}, place="Oulu", counts_for=["international understanding", "chess"])
    log(pages, title={"en": "Needle"}, place="Oulu", kind="festival", counts=[{"of": "guests", "value": 7}])
    page = pages.get("/activities?q=needle&place=Kemi").text
    places, purposes = offered(page, "place"), offered(page, "purpose")

    assert (places["Kemi"], places["Oulu"], places["Stalingrad"]) == (1, 2, 0)  # as if Kemi were not chosen
    assert (purposes["international understanding"], purposes["sport"]) == (1, 1)
    assert (purposes["chess"], purposes["education"]) == (0, 0)
    assert [beside(page, "level", level) for level in ("public", "members", "staff")] == [0, 1, 0]
    assert beside(pages.get("/activities?q=needle&level=members").text, "level", "public") == 2
    whole = pages.get("/activities?q=needle&missing=sources").text
    assert [beside(whole, "missing", what) for what in ("sources", "numbers", "title-de")] == [2, 1, 2]
    assert offered(whole, "purpose")["chess"] == 1
    for query, number in (
        ("place=Oulu", 2), ("purpose=international understanding", 2), ("purpose=chess", 1), ("level=members", 1),
        ("missing=sources", 2), ("missing=sources&missing=numbers", 1),
    ):  # fmt: skip
        assert len(found(pages, f"q=needle&{query}")) == number


def test_counts_follow_what_is_logged_at_once(pages: Pages) -> None:
    before = beside(pages.get("/activities?q=coventry").text, "kind", "festival")

    log(pages, kind="festival", twins=["coventry"])

    assert beside(pages.get("/activities?q=coventry").text, "kind", "festival") == before + 1


def numbers(page: str) -> list[tuple[str, str]]:
    """Every number that stands beside a choice."""
    return re.findall(r'value="([^"]+)"[^>]*>(?:<span>)?[^<]*(?:</span><b>| \()([\d,.]+)', page)


def test_neither_counts_nor_guesses_nor_places_tell_of_what_is_confidential(pages: Pages) -> None:
    before = numbers(pages.get("/activities?view=list", "editor").text)
    log(pages, title={"en": "Zwiebelkuchen"}, visibility="confidential", place="Geheimhausen", start="1988",
        counts_for=["a secret purpose"])  # fmt: skip
    assert numbers(pages.get("/activities?view=list", "editor").text) == before

    for role, knows in (("reader", False), ("editor", False), ("administrator", True)):
        slip = pages.get("/activities?q=Zwiebelkuchn", role).text
        assert ("Zwiebelkuchen" in slip) == knows
        assert ("Shown for:" in slip) == knows
        exact = pages.get("/activities?q=Zwiebelkuchen", role).text
        assert ("1 activity" in exact) == knows
        assert ("Geheimhausen" in pages.get("/activities?view=list", role).text) == knows
        assert ("a secret purpose" in pages.get("/activities?view=list", role).text) == knows
        assert ("Zwiebelkuchen" in pages.get("/activities?view=year&at=1988", role).text) == knows


def test_a_slip_of_the_pen_is_understood_and_said(pages: Pages) -> None:
    log(pages, title={"de": "Besuch aus Łódź im Rathaus"}, start="1999")

    page = pages.get("/activities?q=Rathuas+1999").text

    assert titles(page) == ["Besuch aus Łódź im Rathaus"]
    assert "Rathaus</b>" in page
    assert "Shown for:" not in pages.get("/activities?q=Rathaus").text


def test_what_matched_is_marked_or_quoted_where_it_stands(pages: Pages) -> None:
    log(
        pages,
        title={"en": "Needle at the town hall"},
        description={"en": "Long words first. A tablecloth was handed over by Mr Krjutschkow."},
    )

    page = pages.get(f"/activities?q=needle+{quote('Крючков')}").text

    assert "<mark>Needle</mark> at the town hall" in page
    assert "handed over by Mr <mark>Krjutschkow</mark>" in page
    assert "Description:" in page


def test_words_of_a_title_cannot_become_markup(pages: Pages) -> None:
    log(pages, title={"en": "Needle <script>alert(1)</script>"})

    page = pages.get("/activities?q=needle+script").text

    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("missing=sources", ["No source"]),
        ("missing=title-ru", ["No source", "Sourced"]),
        ("direction=to_hub&from=1961&to=1961", ["Sourced"]),
        ("own=no", ["No source"]),
        ("place=Kemi", ["Sourced"]),
        ("purpose=youth", ["Sourced"]),
        ("decade=1960&decade=1970", ["No source", "Sourced"]),
        ("level=members", ["No source"]),
        ("from=1970&to=1979", ["No source"]),
    ],
)
def test_each_filter_narrows(pages: Pages, query: str, names: list[str]) -> None:
    log(pages, title={"en": "Sourced"}, start="1961", direction="to_hub", place="Kemi", counts_for=["youth"],
        sources=[{"url": "https://example.org/", "verified": True}])  # fmt: skip
    log(pages, title={"en": "No source"}, start="1975", owner="Another", visibility="members")
    only = [name for name in found(pages, query) if name in ("Sourced", "No source")]

    assert sorted(only) == names


def test_a_mark_takes_its_filter_away_and_keeps_the_others(pages: Pages) -> None:
    page = pages.get("/activities?q=x&kind=festival&kind=delegation&twin=kemi").text

    away = [
        html.unescape(link) for link in re.findall(r'<li><a href="([^"]+)"><span class="visually-hidden">Take', page)
    ]

    assert "/activities?q=x&twin=kemi&kind=delegation" in away
    assert "/activities?q=x&kind=festival&kind=delegation" in away


def test_a_month_has_days_as_a_table_and_what_has_no_day_apart(pages: Pages) -> None:
    log(pages, title={"en": "On a day"}, start="1957-03-05", end="1957-03-06")
    log(pages, title={"en": "In the month"}, start="1957-03")
    log(pages, title={"en": "In the year"}, start="1957")

    page = pages.get("/activities?view=month&at=1957-03&q=in+the").text
    whole = pages.get("/activities?view=month&at=1957-03").text

    assert page.count("In the year") >= 1
    table = first(r"(?s)<table class=\"month\">(.*?)</table>", whole)
    assert table.count('<span dir="auto">On a day</span>') == 2
    assert "In the month" not in table
    assert "In the year" not in table
    assert re.search(r"(?s)Some time in 1957.*In the year", whole)
    assert re.search(r"(?s)day unknown</h3>.*In the month", whole)


def test_a_year_never_puts_what_is_known_to_the_year_into_january(pages: Pages) -> None:
    log(pages, title={"en": "Some time"}, start="1958", twins=["kemi"])

    page = pages.get("/activities?view=year&at=1958&twin=kemi").text

    assert "January 1958" not in page
    assert re.search(r"(?s)Some time in 1958.*Some time</span>", page)
    assert "1 activity" in page


def test_the_timeline_counts_decades_by_city_and_opens_one(pages: Pages) -> None:
    log(pages, title={"en": "A"}, start="1963-05-01", twins=["kemi"])
    log(pages, title={"en": "B"}, start="196X", twins=["kemi"])
    log(pages, title={"en": "C"}, start="19XX", twins=["kemi"])

    decades = pages.get("/timeline?twin=kemi&status=planned").text
    years = pages.get("/timeline?twin=kemi&status=planned&zoom=1960").text

    assert 'aria-label="Kemi, 1960s: 2"' in decades
    assert re.search(r"(?s)<td>1</td></tr>", decades)  # the one that is known to the century
    assert 'aria-label="Kemi, 1963: 1"' in years
    assert "Kemi, 1969" not in years  # where 196X would end
    assert pages.get("/activities?view=timeline&twin=kemi").headers["Location"] == "/timeline?twin=kemi"


@pytest.mark.parametrize("at", ["", "nonsense", "0000", "9999-99", "1957-13"])
def test_a_time_that_cannot_be_read_is_today(pages: Pages, at: str) -> None:
    assert "October 2026" in pages.get(f"/activities?view=month&at={at}").text


def test_a_view_is_kept_renamed_begun_with_and_removed(pages: Pages) -> None:
    kept = pages.post(
        "/views", {"name": "My Kemi", "arguments": "twin=kemi&view=list&evil=1"}, "reader", page="/activities"
    )
    assert kept.headers["Location"] == "/activities?twin=kemi&view=list"
    page = pages.get("/activities?view=list", "reader").text
    number = first(r"/views/(\d+)/rename", page)

    pages.post(f"/views/{number}/rename", {"name": "Kemi only"}, "reader", page="/activities?view=list")
    pages.post(f"/views/{number}/first", {}, "reader", page="/activities?view=list")

    assert pages.get("/activities", "reader").headers["Location"] == "/activities?twin=kemi&view=list"
    assert "Kemi only" in pages.get("/activities?view=list", "reader").text
    assert "Kemi only" not in pages.get("/activities?view=list", "editor").text
    assert pages.post(f"/views/{number}/remove", {}, "editor", page="/activities?view=list").status_code == 404
    pages.post(f"/views/{number}/remove", {}, "reader", page="/activities?view=list")
    assert pages.get("/activities", "reader").status_code == 200


def test_views_for_everybody_are_kept_by_editors_alone(pages: Pages) -> None:
    fields = {"name": "Open ones", "arguments": "status=planned", "house": "on"}
    refused = pages.post("/views", fields, "reader", page="/activities?view=list")
    pages.post("/views", fields, "editor", page="/activities?view=list")
    seen = pages.get("/activities?view=list", "reader").text
    number = first(r"/views/(\d+)/first", seen)

    assert refused.status_code == 403
    assert "Open ones" in seen
    assert pages.post(f"/views/{number}/remove", {}, "reader", page="/activities?view=list").status_code == 403
    assert (
        pages.post("/views", {"name": " ", "arguments": ""}, "reader", page="/activities?view=list").status_code == 302
    )
