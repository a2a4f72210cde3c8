"""Where an activity's entries stand and stood, read off its history."""

import datetime as dt
from typing import Any

from tracker.domain.activities import Visibility
from tracker.domain.choices import Shown, Standing, Stood
from tracker.domain.lives import ITSELF, Moment, standings

DAY = dt.date(2026, 12, 4)
FIRST = dt.date(2026, 10, 1)


def document(**fields: Any) -> dict[str, Any]:
    base = {"kind": "festival", "twins": ["kemi"], "visibility": "public", "start": "2026-12-04", "end": None}
    return base | {"status": "planned", "title": {"en": "Choir"}} | fields


def moments(*contents: dict[str, Any]) -> list[Moment]:
    """One each day, the first on 1 October."""
    return [Moment(FIRST + dt.timedelta(days=number), content) for number, content in enumerate(contents)]


def festival(visibility: Visibility = Visibility.PUBLIC, day: dt.date = DAY, status: str = "planned") -> Shown:
    return Shown("festival", ("kemi",), visibility, day, day, status)


def test_what_was_told_once_stands_where_it_stands() -> None:
    assert standings(moments(document())) == {ITSELF: Standing(festival())}


def test_where_an_entry_stood_before_leaves_out_what_nobody_could_see() -> None:
    history = moments(
        document(),
        document(visibility="confidential", start="2026-12-05"),
        document(start="1996"),
        document(visibility="members", start="2026-12-06"),
        document(),
        document(visibility="confidential"),
    )

    assert standings(history)[ITSELF] == Standing(
        None,
        None,
        (
            Stood(festival(Visibility.MEMBERS, dt.date(2026, 12, 6)), dt.date(2026, 10, 5)),
            Stood(festival(), dt.date(2026, 10, 6)),
        ),
    )


def test_a_change_of_words_leaves_it_where_it_is() -> None:
    assert standings(moments(document(), document(title={"en": "Men's choir"})))[ITSELF].formerly == ()


def test_it_is_gone_since_the_day_it_was_called_off_whatever_came_after() -> None:
    off = document(status="cancelled")
    history = moments(document(), off, off | {"title": {"en": "Men's choir"}})

    assert standings(history)[ITSELF].gone_on == dt.date(2026, 10, 2)


def test_what_was_called_off_and_taken_up_again_is_on() -> None:
    history = moments(document(), document(status="cancelled"), document())

    assert standings(history)[ITSELF].gone_on is None


def test_the_bin_is_as_good_as_calling_off() -> None:
    history = [Moment(FIRST, document()), Moment(DAY, document(), removed=True)]

    assert standings(history)[ITSELF] == Standing(festival(), gone_on=DAY)


def test_a_part_that_was_taken_out_is_remembered_where_it_stood() -> None:
    item = {"id": "abc", "start": "2026-12-05", "title": "Reception"}
    with_item = document(kind="delegation", details={"programme": [item]})
    history = moments(with_item, document(kind="delegation", details={"programme": []}))

    found = standings(history)["programme-abc"]

    assert found.now is None
    assert [(stood.shown.first, stood.until) for stood in found.formerly] == [
        (dt.date(2026, 12, 5), dt.date(2026, 10, 2))
    ]


def test_a_record_whose_past_was_erased_is_no_obstacle() -> None:
    assert standings(moments({}, {"start": "2026-12-04"}))[ITSELF] == Standing(None)
