"""The sketches of calendar programs: every label fits its box, in every language."""

import pytest

from tracker.i18n import LANGUAGES
from tracker.web.guides import GUIDES, Guide, Screen, sketch

ALL = [(guide.key, screen, language) for guide in GUIDES for screen in guide.screens for language in LANGUAGES]


@pytest.mark.parametrize(("key", "screen", "language"), ALL)
def test_every_label_fits_and_nothing_overlaps(key: str, screen: Screen, language: str) -> None:
    drawn = sketch(screen, language)

    assert all(len(line) <= 23 for row in drawn.rows for line in row.lines), key
    assert all(one.y + one.height <= other.y for one, other in zip(drawn.rows, drawn.rows[1:], strict=False))
    lowest = drawn.rows[-1].y + drawn.rows[-1].height if drawn.rows else (drawn.field or 0) + 30
    assert lowest < drawn.height
    assert not drawn.button or lowest <= drawn.button_at <= drawn.height - 32


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.key)
def test_every_sketch_shows_a_step_there_is_and_where_the_address_goes(guide: Guide) -> None:
    steps, screens = guide.steps, guide.screens

    assert [screen.step for screen in screens] == sorted(screen.step for screen in screens)
    assert all(1 <= screen.step <= len(steps) for screen in screens)
    assert sum(not screen.rows for screen in screens) == 1
