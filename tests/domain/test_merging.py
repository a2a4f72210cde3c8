"""A sheet's row over what is known: said is taken, unsaid is kept."""

from typing import Any

from tracker.domain.activities import ActivityContent
from tracker.domain.merging import merged

BASE: dict[str, Any] = {
    "kind": "festival",
    "title": {"en": "Concert", "ru": "Концерт"},
    "twins": ["dijon"],
    "start": "2027-05-08",
}
TIMES = {"start": "2027-05-08T18:00", "end": "2027-05-08T20:00", "timezone": "Europe/Paris"}


def over(known: dict[str, Any], told: dict[str, Any], *given: str) -> ActivityContent:
    before, row = (ActivityContent.model_validate({**BASE, **fields}) for fields in (known, told))
    return ActivityContent.model_validate(merged(before, row, frozenset(given)))


def test_only_given_fields_are_taken() -> None:
    after = over({"place": "Dijon", "note": "Old"}, {"place": "Volgograd", "note": "New"}, "note")

    assert (after.place, after.note) == ("Dijon", "New")


def test_titles_are_added_language_by_language() -> None:
    after = over({}, {"title": {"en": "Gala", "de": "Gala"}}, "title")

    assert after.title == {"en": "Gala", "de": "Gala", "ru": "Концерт"}


def test_times_stay_where_a_sheet_knows_none() -> None:
    after = over(TIMES, {"start": "2027-05-09"}, "start", "end")

    assert (after.start, after.end) == ("2027-05-09T18:00", "2027-05-09T20:00")


def test_times_go_where_a_sheet_has_a_column_for_them_and_says_none() -> None:
    after = over(TIMES, {}, "start", "end", "timezone")

    assert (after.start, after.end, after.timezone) == ("2027-05-08", None, None)


def test_details_are_added_to_those_known() -> None:
    after = over({"details": {"venue": "Opera"}}, {"details": {"audience": 300}}, "details")

    assert after.details.model_dump(exclude_defaults=True) == {"venue": "Opera", "audience": 300}


def test_another_kind_begins_without_details() -> None:
    after = over({"details": {"venue": "Opera"}}, {"kind": "exchange"}, "kind")

    assert after.details.model_dump(exclude_defaults=True) == {}


def test_a_reason_told_only_in_the_note_fills_a_gap_but_replaces_nothing() -> None:
    cancelled = {"status": "cancelled", "reason": "Hall closed"}

    assert over({}, cancelled, "status").reason == "Hall closed"
    assert over({"status": "cancelled", "reason": "Illness"}, cancelled, "status").reason == "Illness"
