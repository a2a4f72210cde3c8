"""Charts: every number written at its bar, told apart without colour, read aloud, the same bytes in every process."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from tracker.domain.report_document import Chart, Said, Series
from tracker.outputs.charts import chart_png, chart_svg

SVG = "{http://www.w3.org/2000/svg}"
NOW, BEFORE = Series("now", ("2018", "2018"), (4, 0)), Series("before", ("2017", "2017"), (3, 1_200))


def bars(*series: Series, categories: tuple[Said, ...] = (("Köln", "Кёльн"), ("Tiraspol", "Тирасполь"))) -> Chart:
    return Chart(
        "by_twin", ("Nach Städten", "По городам"), categories, series or (NOW, BEFORE), ("Köln: 4", "Кёльн: 4")
    )


def stacked() -> Chart:
    kinds = ("exchange", "aid_shipment", "festival", "delegation", "milestone")
    series = tuple(Series(kind, (f"Art {place}",), (5, 0)) for place, kind in enumerate(kinds))
    return Chart("kinds", ("Nach Art",), (("Köln",), ("Hiroshima",)), series, ("Köln: 25",), stacked=True)


def texts(svg: str) -> list[str]:
    """What is written in the picture, word for word."""
    found = ["".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text")]
    return [text for text in found if text]


def test_each_bar_bears_its_number_and_each_series_its_name() -> None:
    told = texts(chart_svg(bars(), 0))

    assert sorted(told) == sorted(["4", "0", "3", "1\u00a0200", "Köln", "Tiraspol", "2018", "2017"])


def test_a_stacked_bar_bears_the_numbers_of_its_pieces_and_its_whole() -> None:
    told = texts(chart_svg(stacked(), 0))

    # Each piece is written twice, the first time in the colour of its ground.
    assert told.count("5") == 10
    assert told.count("25") == 1
    assert [name for name in told if name.startswith("Art")] == [f"Art {place}" for place in range(5)]


def test_a_chart_is_in_one_language_or_in_all_beside_one_another() -> None:
    assert "Кёльн" in texts(chart_svg(bars(), 1))
    assert "Köln" not in texts(chart_svg(bars(), 1))
    assert {"KölnКёльн", "2018"} <= set(texts(chart_svg(bars(), None)))


def test_months_stand_side_by_side_and_long_names_lie_below_one_another() -> None:
    months = tuple((f"{month}.",) for month in range(1, 13))
    series = Series("now", ("2018",), tuple(range(12)))
    standing = ET.fromstring(chart_svg(bars(series, categories=months), 0))
    cities = tuple((f"Stadt mit langem Namen {number}",) for number in range(12))
    lying = ET.fromstring(chart_svg(bars(series, categories=cities), 0))

    assert int(standing.attrib["height"]) < 260
    assert int(lying.attrib["height"]) > 300


def test_it_is_told_apart_without_colour() -> None:
    assert {"#1b4965", "#cfdfe8"} <= set(re.findall(r'fill="(#\w+)"', chart_svg(bars(), 0)))
    patterns = list(ET.fromstring(chart_svg(stacked(), 0)).iter(f"{SVG}pattern"))
    assert len({pattern[0].attrib["d"] for pattern in patterns}) == 4


def test_programs_that_read_aloud_find_a_picture_with_its_words() -> None:
    picture = ET.fromstring(chart_svg(bars(), 0))

    told = {element.attrib["id"]: element.text for element in picture if element.tag in (f"{SVG}title", f"{SVG}desc")}
    assert picture.attrib["role"] == "img"
    assert [told[name] for name in picture.attrib["aria-labelledby"].split()] == ["Nach Städten", "Köln: 4"]


@pytest.mark.parametrize("chart", [bars(), stacked()])
def test_nothing_in_it_needs_a_style_a_script_or_another_place(chart: Chart) -> None:
    svg = chart_svg(chart, 0)

    names = {name for element in ET.fromstring(svg).iter() for name in element.attrib}
    assert names.isdisjoint({"style", "href"})
    assert not any(name.startswith("on") for name in names)
    assert set(re.findall(r"<(script|style|image|foreignObject|a)\b", svg)) == set()


def test_ids_of_charts_on_one_page_differ_and_are_those_the_bars_use() -> None:
    svg = chart_svg(stacked(), 0)

    own = set(re.findall(r'id="([^"]+)"', svg))
    assert own.isdisjoint(re.findall(r'id="([^"]+)"', chart_svg(bars(), 0)))
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= own


@pytest.mark.parametrize(
    "words",
    ["</text><script>", "#panic() & \"x\" 'y'", "\x00\x0b\x1b\ufffe", "a" * 10_000, "توأمة", "広島市" * 30, "🕊️"],
)
def test_hostile_words_are_words(words: str) -> None:
    svg = chart_svg(Chart("x", (words,), ((words,),), (Series("now", (words,), (1,)),), (words,)), 0)

    assert {element.tag for element in ET.fromstring(svg).iter()}.isdisjoint({f"{SVG}script"})


@pytest.mark.parametrize(
    "chart", [bars(categories=()), bars(Series("now", ("a", "b"), (0, 0))), bars(Series("?", ("",) * 2, (1, 2)))]
)
def test_charts_of_little_can_be_drawn(chart: Chart) -> None:
    assert ET.fromstring(chart_svg(chart, 0)).tag == f"{SVG}svg"


def test_the_same_chart_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys; from tests.outputs.test_charts import *; out = sys.stdout.buffer; "
        "out.write(chart_svg(stacked(), 0).encode()); out.write(chart_png(stacked(), 0))"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout

    assert told == chart_svg(stacked(), 0).encode() + chart_png(stacked(), 0)


def test_nothing_heavy_is_loaded_before_the_first_chart() -> None:
    program = "import sys, tracker.outputs.charts; print(*{'altair', 'vl_convert'} & set(sys.modules))"

    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.strip() == b""


def test_the_picture_for_other_programs_is_a_png_of_that_width() -> None:
    png = chart_png(bars(), 0, 800)

    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 800
