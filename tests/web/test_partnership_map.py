"""The map's page: a year by its address, names of that time, and figures of no more than its reader may see."""

import html
import re

import pytest

from tests.web.conftest import Pages
from tests.web.test_home import log


def rows(page: str) -> dict[str, tuple[str, str]]:
    """The list: by city how it is linked and how many activities there were."""
    found = re.findall(
        r'<tr data-row="[^"]+">.*?data-name>(.*?)</a>.*?data-state>(.*?)</td>.*?data-number>(.*?)</td>', page
    )
    return {html.unescape(name): (state, number) for name, state, number in found}


def test_a_year_shows_who_was_linked_then_and_under_which_name(pages_read: Pages) -> None:
    early, split = pages_read.get("/map?year=1957").text, pages_read.get("/map?year=1989&lang=de").text

    assert list(rows(early)) == ["Coventry", "Kemi", "Ostrava"]
    assert rows(early)["Ostrava"][0] == "agreement in force"
    assert ">Stalingrad</text>" in early
    assert "Karl-Marx-Stadt" in rows(split)
    assert ">Volgograd</text>" in pages_read.get("/map?year=1961").text


@pytest.mark.parametrize(("asked", "shown"), [("1800", 1944), ("9999", 2026), ("x", 2026), ("", 2026)])
def test_a_year_outside_the_map_is_its_first_or_last(pages_read: Pages, asked: str, shown: int) -> None:
    assert (
        f'type="number" inputmode="numeric" min="1944" max="2026" value="{shown}"'
        in pages_read.get(f"/map?year={asked}").text
    )


def test_arcs_count_only_what_their_reader_may_see(pages_read: Pages) -> None:
    log(pages_read, title={"en": "Known"}, start="1999-05", status="held", twins=["cologne"])
    hidden = {"title": {"en": "Hidden"}, "visibility": "confidential"}
    log(pages_read, by="administrator", start="1999-06", status="held", twins=["cologne"], **hidden)
    log(pages_read, title={"en": "Off"}, start="1999-06", status="cancelled", reason="x", twins=["cologne"])
    log(pages_read, title={"en": "Some time"}, start="199X", status="held", twins=["cologne"])
    seen = {}
    for role in ("reader", "administrator"):
        page = rows(pages_read.get("/map?year=1999", role).text)["Cologne"][1]
        seen[role] = int(page), pages_read.get("/map/years", role).json["counts"]["1999"]["cologne"]  # type: ignore[index]  # JSON

    assert seen["reader"][0] == seen["reader"][1]
    assert seen["administrator"] == tuple(n + 1 for n in seen["reader"])


def test_the_slider_knows_the_same_as_the_page_of_each_year(pages_read: Pages) -> None:
    years = pages_read.get("/map/years").json
    assert years

    for year in (1944, 1961, 2022, 2026):
        shown = rows(pages_read.get(f"/map?year={year}").text)
        linked = {
            [name for first, name in years["names"][slug] if first <= year][-1]: (
                years["words"][[link for first, link in steps if first <= year][-1]],
                str(years["counts"].get(str(year), {}).get(slug, 0)),
            )
            for slug, steps in years["links"].items()
        }
        assert shown == {name: told for name, told in linked.items() if told[0] != years["words"]["none"]}


def test_the_land_is_drawn_once_and_kept(pages: Pages) -> None:
    answer = pages.get("/map/land.svg")

    assert answer.mimetype == "image/svg+xml"
    assert answer.cache_control.max_age
    assert answer.text.startswith('<svg xmlns="http://www.w3.org/2000/svg"><path id="land" d="M')
