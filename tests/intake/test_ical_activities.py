"""What the entries of a calendar file become: activities with what they say and what was chosen."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from tests.calendars import COLOGNE, COVENTRY
from tests.intake.test_ical import calendar, read
from tracker.domain.activities import ActivityContent, Kind, Status, Visibility
from tracker.domain.twins import Twin
from tracker.intake.ical_activities import Drafts, Options, activities_of
from tracker.intake.problems import InvalidCalendar

TWINS = {one["slug"]: Twin.model_validate(one) for one in (COLOGNE, COVENTRY)}
CHOSEN = Options(Kind.DELEGATION, ("coventry",), "de")
OWN = UUID("6f7b2c1e-8f51-4f0e-9d0a-1c2d3e4f5a6b")


def drafts(*entries: str, options: Options = CHOSEN, known: frozenset[UUID] = frozenset()) -> Drafts:
    return activities_of(read(calendar(*entries)), options, dt.date(2026, 10, 1), TWINS, known)


def one(lines: str, **more: Any) -> ActivityContent:
    [content] = drafts(lines, **more).command.contents
    return content


def given(lines: str) -> frozenset[str]:
    return drafts(lines).command.given[0]


@pytest.mark.parametrize(
    "text",
    [
        "SUMMARY:Kölner Chor trifft Köln",
        "LOCATION:Rathaus\\, Koeln",
        "CATEGORIES:Музыка,Кёльн",
        "SUMMARY:Concert (COLOGNE)",
    ],
)
def test_a_twin_is_found_by_any_of_its_names_in_title_place_and_categories(text: str) -> None:
    assert one(f"{text}\nDTSTART:20261128").twins == ("cologne",)


def test_a_name_within_a_word_is_no_twin() -> None:
    assert one("SUMMARY:Kölnisch Wasser\nDTSTART:20261128").twins == ("coventry",)


def test_an_entry_that_names_no_twin_is_refused_where_none_was_chosen() -> None:
    with pytest.raises(InvalidCalendar) as caught:
        drafts(
            "SUMMARY:In Cologne\nDTSTART:20261128", "SUMMARY:Choir\nDTSTART:20261128", options=Options(Kind.FESTIVAL)
        )

    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(2, "SUMMARY", "Choir")]


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Festival", "festival"),
        ("Hilfslieferung", "aid_shipment"),
        ("AID_SHIPMENT", "aid_shipment"),
        ("Обмен", "exchange"),
    ],
)
def test_the_kind_is_what_a_category_says_in_any_language(label: str, kind: str) -> None:
    assert one(f"CATEGORIES:Work,{label}\nDTSTART:20261128").kind == kind


def test_an_entry_of_no_kind_is_refused_where_none_was_chosen() -> None:
    with pytest.raises(InvalidCalendar) as caught:
        drafts("CATEGORIES:Work\nDTSTART:20261128", options=Options(twins=("cologne",)))

    assert [(p.row, p.column, p.value) for p in caught.value.problems] == [(1, "CATEGORIES", "Work")]


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("DTSTART:20260930", Status.HELD),
        ("DTSTART:20260929\nDTEND:20261002", Status.CONFIRMED),  # goes on today
        ("DTSTART:20261002", Status.CONFIRMED),
        ("DTSTART:20261002\nSTATUS:TENTATIVE", Status.PLANNED),
        ("DTSTART:20261002\nSTATUS:CANCELLED", Status.CANCELLED),
        ("DTSTART:20260930\nSTATUS:CANCELLED", Status.CANCELLED),
    ],
)
def test_the_status_follows_from_what_is_said_and_from_the_day(lines: str, status: Status) -> None:
    assert one(lines).status == status


@pytest.mark.parametrize(
    ("level", "visibility"),
    [("PUBLIC", "members"), ("PRIVATE", "staff"), ("CONFIDENTIAL", "confidential"), ("X-UNHEARD", "staff")],
)
def test_what_is_marked_private_is_never_shown_to_more_than_staff(level: str, visibility: str) -> None:
    chosen = Options(Kind.FESTIVAL, ("cologne",), visibility=Visibility.MEMBERS)

    assert one(f"DTSTART:20261128\nCLASS:{level}", options=chosen).visibility == visibility


def test_everything_an_entry_says_is_taken_over() -> None:
    content = one(
        "UID:a-1\nDTSTART;TZID=Europe/Berlin:20261128T180000\nDTEND;TZID=Europe/Berlin:20261128T200000\n"
        "SUMMARY:Fest\nDESCRIPTION;LANGUAGE=en:All welcome\nLOCATION:Town hall\nURL:https://example.org/fest"
    )

    assert content.title == {"de": "Fest"}
    assert content.description == {"en": "All welcome"}
    assert (content.start, content.end, content.timezone) == ("2026-11-28T18:00", "2026-11-28T20:00", "Europe/Berlin")
    assert content.place == "Town hall"
    assert [source.url for source in content.sources] == ["https://example.org/fest"]
    assert content.external_id == "ics:a-1"


def test_each_time_of_a_repeating_entry_has_an_id_of_its_own_and_a_long_uid_a_short_one() -> None:
    twice = drafts("UID:r\nDTSTART:20261128\nRRULE:FREQ=DAILY;COUNT=2", f"UID:{'x' * 300}\nDTSTART:20261128")

    ids = [content.external_id or "" for content in twice.command.contents]
    assert ids[:2] == ["ics:r:20261128", "ics:r:20261129"]
    assert len(ids[2]) <= 200


def test_only_what_an_entry_says_counts_against_what_staff_wrote() -> None:
    always = {"external_id", "title", "start", "end", "timezone"}

    assert given("DTSTART:20261128\nSTATUS:CONFIRMED\nCLASS:PUBLIC") == always
    assert given("DTSTART:20261128\nLOCATION:Köln\nDESCRIPTION:x\nCATEGORIES:Festival") == always | {
        "place", "description", "kind",
    }  # fmt: skip
    assert given("DTSTART:20261128\nSTATUS:CANCELLED\nCLASS:PRIVATE") == always | {"status", "visibility"}


def test_entries_of_our_own_calendars_are_known_again_and_the_rest_of_ours_left_out() -> None:
    read = drafts(
        f"UID:{OWN}@tracker\nDTSTART:20261128",
        f"UID:{OWN}-leg1@tracker\nDTSTART:20261128",
        "UID:twin:cologne:twinning:1988-11-28:2026@tracker\nDTSTART:20261128",
        known=frozenset({OWN}),
    )

    assert (read.known, read.command.contents) == (1, ())
    assert [entry.number for entry in read.left_out] == [2, 3]


def test_an_entry_of_another_trackers_calendar_is_an_activity_like_any_other() -> None:
    assert one(f"UID:{OWN}@tracker\nDTSTART:20261128").external_id == f"ics:{OWN}@tracker"


def test_a_fault_of_the_whole_is_told_at_the_property_it_stems_from() -> None:
    with pytest.raises(InvalidCalendar) as caught:
        drafts("DTSTART:20261128T180000\nDTEND:20261127T180000")

    assert [(p.row, p.column) for p in caught.value.problems] == [(1, "DTEND")]
