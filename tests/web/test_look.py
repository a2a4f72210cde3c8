"""The look: one colour and icon for a kind wherever it is shown, and light or dark as the reader wants."""

import re
from pathlib import Path

import pytest

from tests.web.conftest import Pages
from tracker import web
from tracker.domain.activities import Kind
from tracker.domain.calendars import KIND_STYLES, OCCASION
from tracker.outputs import chart_plan
from tracker.web.wording import ICONS

STATIC = Path(web.__file__).parent / "static"
SHEET = (STATIC / "tracker.css").read_text()


def variables(block: str) -> dict[str, str]:
    return dict(re.findall(r"(--[\w-]+): (.*?);\n", block))


LIGHT = variables(SHEET.partition(":root {")[2].partition("\n}\n")[0] + "\n")
DARK = variables((STATIC / "dark.css").read_text())


def at_night(page: str) -> str:
    """When the page puts on what is dark."""
    found = re.search(r'<link [^>]*dark\.css[^>]* media="([^"]+)"', page)
    return found[1] if found else "never"


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((light(one), light(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("kind", [*Kind, OCCASION])
def test_a_kind_looks_the_same_on_pages_in_calendars_and_in_charts(kind: str) -> None:
    style = KIND_STYLES[kind]

    assert LIGHT[f"--kind-{kind}"].upper() == style.colour.hex.upper()
    assert DARK[f"--kind-{kind}"].upper() == style.at_night.upper()
    assert f".kind-{kind} {{ --kind: var(--kind-{kind}); }}" in SHEET
    assert f'id="{ICONS[kind]}"' in (STATIC / "icons.svg").read_text()
    if kind != OCCASION:
        assert chart_plan._LOOKS[kind].colour == style.colour.hex


@pytest.mark.parametrize("kind", [*Kind, OCCASION])
def test_the_icon_of_a_kind_can_be_seen_by_day_and_by_night(kind: str) -> None:
    assert contrast(LIGHT[f"--kind-{kind}"], LIGHT["--on-kind"]) >= 4.5
    assert contrast(DARK[f"--kind-{kind}"], DARK["--on-kind"]) >= 4.5
    assert contrast(DARK[f"--kind-{kind}"], DARK["--sheet"]) >= 3


def test_what_is_dark_is_light_too() -> None:
    assert DARK
    assert set(DARK) <= set(LIGHT)


def test_the_choice_of_light_or_dark_stays_without_scripts_and_can_be_taken_back(pages_read: Pages) -> None:
    client = pages_read.browser("reader")

    untouched = client.get("/map").text
    chosen = client.get("/map?look=dark").text
    kept = client.get("/map").text
    light = client.get("/map?look=light").text
    client.get("/map?look=system")
    back = client.get("/map?look=purple").text

    assert 'data-bs-theme="' not in untouched
    assert 'data-bs-theme="dark"' in chosen
    assert 'data-bs-theme="dark"' in kept
    assert 'data-bs-theme="' not in back
    assert [at_night(page) for page in (untouched, chosen, light)] == [
        "screen and (prefers-color-scheme: dark)",
        "screen",
        "never",
    ]
