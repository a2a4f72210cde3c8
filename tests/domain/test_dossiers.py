"""A journey's programme by both clocks, what the guests' version leaves out, and items that keep their identity."""

from typing import Any

from tracker.domain.activities import Activity
from tracker.domain.details import Delegation, Exchange, identified, items_in, problems
from tracker.domain.dossier_days import days_of_dossier
from tracker.domain.dossiers import SECTIONS, Private, changed_sections, for_guests
from tracker.domain.twins import Twin

COLOGNE = Twin.model_validate(
    {"slug": "cologne", "names": {"en": "Cologne", "de": "Köln"}, "country": "DE", "timezone": "Europe/Berlin"}
)
FULL = Private.model_validate(
    {
        "meetings": [{"item": "a", "hosts": "The mayor", "note": "SECRETNOTE"}],
        "stays": [{"name": "Hotel", "start": "2027-03-26"}],
        "gifts": [{"what": "SECRETGIFT"}],
        "todos": [{"what": "SECRETTODO"}],
        "contacts": [{"name": "Igor", "phone": "SECRETPHONE"}, {"name": "Anna", "phone": "12", "shared": True}],
        "emergencies": [{"what": "All", "number": "112"}],
        "note": "SECRETTEXT",
    }
)


def journey(kind: str = "delegation", **details: Any) -> Activity:
    document = {
        "id": "0b5a5a04-6a64-4e42-9d6b-0f4a3c6e2d11", "version": 1, "kind": kind, "title": {"en": "Visit"},
        "twins": ["cologne"], "direction": "to_hub", "start": "2027-03-26", "end": "2027-03-30", "details": details,
        "created_at": "2026-11-01T00:00:00Z", "changed_at": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    return Activity.model_validate(document)


def told(shown: Activity) -> list[tuple[str, list[tuple[str, str, str]]]]:
    days = days_of_dossier(shown, Private(), {"cologne": COLOGNE}, "de")
    return [(str(day.date), [(one.clock, one.title, one.times) for one in day.happenings]) for day in days]


def test_both_clocks_follow_the_change_to_summer_time_in_the_middle_of_a_journey() -> None:
    # In Germany clocks go on in the night to 28 March 2027; Volgograd keeps its time.
    shown = journey(
        programme=[
            {"start": "2027-03-27T10:00", "title": "Before"},
            {"start": "2027-03-28T10:00", "end": "2027-03-28T11:00", "title": "After"},
        ]
    )

    assert told(shown) == [
        ("2027-03-27", [("10:00", "Before", "Köln 08:00 / Wolgograd 10:00")]),
        ("2027-03-28", [("10:00–11:00", "After", "Köln 09:00–10:00 / Wolgograd 10:00–11:00")]),
    ]


def test_a_journey_is_told_as_on_its_ticket_and_by_both_clocks() -> None:
    leg = {"start": "2027-03-26T08:15", "end": "2027-03-26T19:40", "origin": "Köln", "destination": "Wolgograd"}

    [(_, [(clock, _, times)])] = told(journey(legs=[leg]))

    assert clock == "08:15 → 19:40"
    assert times == "Köln 08:15–17:40 / Wolgograd 10:15–19:40"


def test_items_stand_in_the_order_of_their_time_and_what_has_no_day_comes_last() -> None:
    shown = journey(
        programme=[
            {"start": "2027-03", "title": "Some day"},
            {"start": "2027-03-28T18:00", "title": "Evening"},
            {"start": "2027-03-28", "title": "All day"},
            {"start": "2027-03-28T09:00", "title": "Morning"},
        ]
    )

    assert [(day, [title for _, title, _ in some]) for day, some in told(shown)] == [
        ("2027-03-28", ["All day", "Morning", "Evening"]),
        ("None", ["Some day"]),
    ]


def test_an_exchange_has_a_plan_of_its_own_beside_its_journeys() -> None:
    shown = journey(
        "exchange",
        plan=[{"start": "2027-03-27T10:00", "title": "School"}],
        legs=[{"start": "2027-03-26", "origin": "Köln"}],
    )

    assert [title for _, some in told(shown) for _, title, _ in some] == ["Hinreise: Köln", "School"]


def test_the_guests_version_leaves_out_gifts_tasks_notes_and_contacts_not_meant_for_them() -> None:
    told_to_guests = for_guests(FULL).model_dump_json()

    assert "SECRET" not in told_to_guests
    assert "Igor" not in told_to_guests
    assert all(word in told_to_guests for word in ("The mayor", "Hotel", "Anna", "112"))


def test_an_event_learns_only_which_sections_changed() -> None:
    assert changed_sections(FULL, FULL) == ()
    assert changed_sections(Private(), FULL) == SECTIONS
    assert changed_sections(FULL, FULL.model_copy(update={"gifts": ()})) == ("gifts",)


def test_journeys_of_a_delegation_and_the_plan_of_an_exchange_keep_their_ids() -> None:
    numbers = iter("abcdef")
    before = identified(
        Delegation.model_validate({"programme": [{"start": "2027-03-26", "title": "x"}], "legs": [{"start": "2027"}]}),
        None,
        lambda: next(numbers),
    )
    after = identified(
        Delegation.model_validate({"programme": [{"start": "2027-03-27", "title": "x"}], "legs": [{"start": "2028"}]}),
        before,
        lambda: next(numbers),
    )

    assert [item.id for name in ("programme", "legs") for item in items_in(before, name)] == ["a", "b"]
    assert [item.id for name in ("programme", "legs") for item in items_in(after, name)] == ["a", "b"]


def test_faults_in_either_list_are_told_with_their_field() -> None:
    wrong = Exchange.model_validate(
        {"legs": [{"start": "2027-03-26"}], "plan": [{"start": "2027-03-26T25:00", "title": "x"}]}
    )

    assert [fault.field for fault in problems(wrong)] == ["details.plan.0.start"]
