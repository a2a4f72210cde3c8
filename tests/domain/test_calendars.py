"""What an entry may be, what a calendar selects, how the kinds look."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from tracker.domain.calendars import KIND_STYLES, OCCASION, Entry, Selection

STAMP = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def an_entry(**changes: Any) -> Entry:
    whole_day: dict[str, Any] = {
        "uid": "0b5c",
        "sequence": 0,
        "stamp": STAMP,
        "summary": "Besuch",
        "start": date(2026, 11, 28),
        "end": None,
        "language": "de",
    }
    return Entry(**(whole_day | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"uid": " "}, "needs a uid"),
        ({"sequence": -1}, "counts from 0"),
        ({"stamp": datetime(2026, 3, 1, 12, 0)}, "must be aware"),  # noqa: DTZ001 - the fault under test
        ({"created": datetime(2026, 3, 1, 12, 0)}, "must be aware"),  # noqa: DTZ001 -- wall time on purpose
        ({"color": "#4682B4"}, "CSS3 name"),
        ({"end": date(2026, 11, 27)}, "ends before it starts"),
        ({"timezone": "Europe/Berlin"}, "whole day has no time zone"),
        ({"start": datetime(2026, 11, 28, 18, 0)}, "needs its zone"),  # noqa: DTZ001 -- wall time on purpose
        ({"start": datetime(2026, 11, 28, 18, 0), "end": date(2026, 11, 28)}, "both be days"),  # noqa: DTZ001 -- wall time on purpose
        ({"start": datetime(2026, 11, 28, 18, 0, tzinfo=UTC), "timezone": "Europe/Berlin"}, "without tzinfo"),
    ],
)
def test_an_entry_that_programs_would_misread_cannot_be_made(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        an_entry(**changes)


def test_an_entry_may_carry_any_aware_stamp() -> None:
    entry = an_entry(stamp=datetime(2026, 3, 1, 13, 0, tzinfo=timezone(timedelta(hours=1))))

    assert entry.stamp == STAMP


def test_a_day_makes_the_entry_all_day_and_a_time_does_not() -> None:
    timed = an_entry(start=datetime(2026, 11, 28, 18, 0), timezone="Europe/Berlin")  # noqa: DTZ001 -- wall time on purpose

    assert an_entry().all_day
    assert not timed.all_day


def matches(selection: Selection, kind: str = "exchange", twins: tuple[str, ...] = ("cologne",), **days: date) -> bool:
    occasion = "twinning" if kind == OCCASION else ""
    return selection.matches(kind=kind, twins=twins, first=days.get("first"), last=days.get("last"), occasion=occasion)


def test_an_empty_selection_holds_everything() -> None:
    assert matches(Selection())
    assert matches(Selection(), twins=())
    assert matches(Selection(), kind=OCCASION, twins=())


def test_one_common_twin_is_enough() -> None:
    selection = Selection(twins=("cologne", "dijon"))

    assert matches(selection, twins=("coventry", "dijon"))
    assert not matches(selection, twins=("coventry",))
    assert not matches(selection, twins=())


def test_kinds_choose_among_activities_only() -> None:
    selection = Selection(kinds=("festival",))

    assert matches(selection, kind="festival")
    assert not matches(selection, kind="exchange")
    assert matches(selection, kind=OCCASION)


def test_occasions_are_followed_by_their_kinds() -> None:
    assert not matches(Selection(occasions=()), kind=OCCASION)
    assert not matches(Selection(kinds=(OCCASION,), occasions=()), kind=OCCASION)
    assert not matches(Selection(occasions=("observance", "milestone")), kind=OCCASION)
    assert matches(Selection(occasions=("observance", "twinning")), kind=OCCASION)


def test_statuses_choose_among_activities_only() -> None:
    held = Selection(statuses=("held",))
    day = date(2026, 12, 4)

    def held_matches(kind: str, **more: str) -> bool:
        return held.matches(kind=kind, twins=("cologne",), first=day, last=day, **more)

    assert held_matches("festival", status="held")
    assert not held_matches("festival", status="planned")
    assert held_matches(OCCASION, occasion="twinning")


def test_an_occasion_without_a_twin_is_in_every_partnership_s_calendar() -> None:
    selection = Selection(twins=("cologne",))

    assert matches(selection, kind=OCCASION, twins=())
    assert matches(selection, kind=OCCASION, twins=("cologne",))
    assert not matches(selection, kind=OCCASION, twins=("coventry",))


def test_the_window_takes_what_overlaps_it_by_a_day() -> None:
    year = Selection(first=date(2026, 1, 1), last=date(2026, 12, 31))

    assert matches(year, first=date(2025, 12, 20), last=date(2026, 1, 1))
    assert matches(year, first=date(2026, 12, 31), last=date(2027, 1, 5))
    assert matches(year, first=date(2002, 1, 1))  # still running
    assert not matches(year, first=date(2025, 12, 20), last=date(2025, 12, 31))
    assert not matches(year, first=date(2027, 1, 1), last=date(2027, 1, 5))


def test_selections_that_mean_the_same_are_equal() -> None:
    assert Selection(twins=("dijon", "cologne", "dijon")) == Selection(twins=("cologne", "dijon"))


def test_white_text_can_be_read_on_every_colour() -> None:
    contrasts = {kind: 1.05 / (luminance(style.colour.hex) + 0.05) for kind, style in KIND_STYLES.items()}

    assert {kind for kind, contrast in contrasts.items() if contrast < 4.5} == set()


def test_no_two_kinds_look_alike() -> None:
    assert len({style.colour for style in KIND_STYLES.values()}) == len(KIND_STYLES) == 6


def luminance(hex_colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
