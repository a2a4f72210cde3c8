"""QR codes: drawn within the page, with words for those who cannot see them."""

import xml.etree.ElementTree as ET

import segno

from tracker.outputs.qr import svg

ADDRESS = "https://tracker.example.org/feeds/abc.ics"


def test_a_code_is_a_picture_with_words() -> None:
    drawn = ET.fromstring(svg(ADDRESS, 'Address of “A & B”, "own"'))

    assert drawn.get("role") == "img"
    assert drawn.get("aria-label") == 'Address of “A & B”, "own"'


def test_a_code_says_the_address_and_nothing_else() -> None:
    same, other = svg(ADDRESS, "x"), svg(ADDRESS + "?", "x")

    modules = segno.make(ADDRESS, error="m", micro=False).symbol_size(border=4)[0]
    assert f'viewBox="0 0 {modules} {modules}"' in same
    assert same == svg(ADDRESS, "x") != other


def test_a_code_needs_no_inline_style() -> None:
    assert "style" not in svg(ADDRESS, "x")
