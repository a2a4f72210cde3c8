"""Logging again: dates move by whole years as exactly as they were, and what came of the last one stays behind."""

import datetime as dt

import pytest

from tracker.domain.activities import ActivityContent
from tracker.domain.copying import again

TODAY = dt.date(2026, 11, 27)


def content(**more: object) -> ActivityContent:
    base = {"kind": "festival", "title": {"de": "Stadtfest"}, "twins": ["cologne"], "start": "2025", "status": "held"}
    return ActivityContent.model_validate(base | more)


@pytest.mark.parametrize(
    ("start", "end", "moved", "until"),
    [
        ("2025-05-12", "2025-05-15", "2026-05-12", "2026-05-15"),
        ("1960-05", None, "2026-05", None),
        ("2013-23", None, "2026-23", None),
        ("2024-02-29", None, "2026-02-28", None),
        ("2025-12-30", "2026-01-02", "2026-12-30", "2027-01-02"),
        ("2026-03-01", None, "2027-03-01", None),
        ("1957~", None, "2026", None),
        ("199X", None, None, None),
        ("2002", "..", "2026", None),
        ("2025-05-12T18:00", None, "2026-05-12T18:00", None),
    ],
)
def test_a_date_moves_to_this_year_with_its_precision(
    start: str, end: str | None, moved: str | None, until: str | None
) -> None:
    zone = "Europe/Berlin" if "T" in start else None

    made = again(content(start=start, end=end, timezone=zone), TODAY)

    assert (made["start"], made["end"]) == (moved, until)


def test_what_came_of_the_last_one_stays_behind() -> None:
    made = again(
        content(
            counts=[{"of": "visitors", "value": 300}], money=[{"amount": 100, "currency": "EUR"}], external_id="H1",
            sources=[{"text": "a"}], note="paid", details={"venue": "Dom", "audience": 300, "remembered": True},
        ),
        TODAY,
    )  # fmt: skip

    assert made["status"] == "planned"
    assert made["counts"][0]["basis"] == "planned"
    assert made["details"] == {"venue": "Dom", "admission": "", "sort": ""}
    assert not {"money", "external_id", "sources", "note"} & set(made)


def test_parts_move_with_it_and_lose_their_ids() -> None:
    legs = [{"id": "a1", "start": "2025-05-01T08:00", "end": "2025-05-02"}, {"start": "199X"}]

    made = again(content(kind="exchange", start="2025-05-01", details={"legs": legs}), TODAY)

    (leg,) = made["details"]["legs"]
    assert (leg["id"], leg["start"], leg["end"]) == ("", "2026-05-01T08:00", "2026-05-02")


def test_a_year_in_the_title_moves_too() -> None:
    assert again(content(title={"de": "Stadtfest 2025 (12025)"}), TODAY)["title"] == {"de": "Stadtfest 2026 (12025)"}
