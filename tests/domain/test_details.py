"""Programme items and journeys are known again when they move; what no calendar can hold is refused when written."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.details import (
    AidShipment,
    Delegation,
    Exchange,
    Festival,
    Milestone,
    identified,
    items_of,
    problems,
)


def programme(*items: dict[str, Any]) -> Delegation:
    return Delegation.model_validate(
        {"programme": [{"start": "2026-12-04", "title": "Dinner", **item} for item in items]}
    )


def fresh() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"new{next(numbers)}"


def ids(now: Delegation, former: Delegation | Exchange | None = None) -> list[str]:
    return [item.id for item in items_of(identified(now, former, fresh()))]


def test_an_item_without_an_id_gets_a_new_one_and_a_given_one_stays() -> None:
    assert ids(programme({}, {"id": "b"}, {})) == ["new1", "b", "new2"]


def test_an_item_that_says_the_same_keeps_its_id_wherever_it_stands_now() -> None:
    former = programme({"id": "a", "title": "Dinner"}, {"id": "b", "title": "Concert"})

    assert ids(programme({"title": "Welcome"}, {"title": "Concert"}, {"title": "Dinner"}), former) == ["new1", "b", "a"]


def test_an_item_moved_in_time_keeps_the_id_of_its_place() -> None:
    former = programme({"id": "a", "title": "Dinner"}, {"id": "b", "title": "Concert"})

    assert ids(programme({"title": "Dinner", "start": "2026-12-05"}, {"title": "Concert"}), former) == ["a", "b"]


def test_an_id_that_somebody_sent_is_given_to_nobody_else() -> None:
    former = programme({"id": "a", "title": "Dinner"}, {"id": "b", "title": "Concert"})

    assert ids(programme({"title": "Dinner"}, {"id": "a", "title": "Dinner"}), former) == ["new1", "a"]


def test_two_items_that_say_the_same_stay_two() -> None:
    former = programme({"id": "a"}, {"id": "b"})

    assert ids(programme({}, {}, {}), former) == ["a", "b", "new1"]


def test_items_kept_before_there_were_ids_go_by_their_place_and_keep_that_name() -> None:
    old = programme({"title": "Dinner"}, {"title": "Concert"})

    assert [item.id for item in items_of(old)] == ["1", "2"]
    assert ids(programme({"title": "Concert"}, {"title": "Farewell"}), old) == ["2", "new1"]


def test_a_journey_is_never_taken_for_an_item_of_a_programme() -> None:
    before = Exchange.model_validate({"legs": [{"id": "a", "start": "2026-12-04"}]})

    assert ids(programme({}), before) == ["new1"]


@given(
    now=st.lists(st.sampled_from(["", "", "a", "b", "1"])),
    before=st.lists(st.sampled_from(["", "x", "y"]), unique=True),
)
def test_whatever_is_sent_every_item_has_an_id_and_no_two_that_were_named_by_us_share_one(
    now: list[str], before: list[str]
) -> None:
    former = programme(*({"id": own, "title": f"Item {own}"} for own in before))
    sent = programme(*({"id": own, "title": f"Item {own or index}"} for index, own in enumerate(now)))

    given_ids = [own for own in now if own]
    named = ids(sent, former)
    assert all(named)
    assert [own for own, was in zip(named, now, strict=True) if was] == given_ids
    ours = [own for own, was in zip(named, now, strict=True) if not was]
    assert len({*ours, *given_ids}) == len(ours) + len(set(given_ids))


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"start": "2026-12-04T25:00"}, "start"),
        ({"start": "1960-05T10:00"}, "start"),
        ({"start": "2026-12-04T18:00Z"}, "start"),
        ({"start": "2026-12-04T18:00", "end": "2026-12-04Tnoon"}, "end"),
        ({"start": "2026-12-04T18:00", "end": "2026-12-04"}, "end"),
        ({"start": "2026-12-04T18:00", "end": "2026-12-04T17:00"}, "end"),
        ({"start": "2026-12-04", "end": "2026-12-03"}, "end"),
        ({"start": "2026-12-04T18:00", "timezone": "Europe/Stalingrad"}, "timezone"),
    ],
)
def test_what_no_calendar_can_hold_is_told_at_its_field(item: dict[str, Any], field: str) -> None:
    delegation = programme({}, item)
    exchange = Exchange.model_validate({"legs": [item]})

    assert [fault.field for fault in problems(delegation)] == [f"details.programme.1.{field}"]
    assert [fault.field for fault in problems(exchange)] == [f"details.legs.0.{field}"]
    assert all(fault.message("en") for fault in problems(delegation))


def test_an_id_or_a_stage_that_stands_twice_is_told_at_the_second() -> None:
    twice = programme({"id": "a"}, {"id": "b"}, {"id": "a"})
    shipment = AidShipment.model_validate(
        {"stages": [{"stage": stage, "on": "2026-12"} for stage in ("packed", "customs", "packed")]}
    )

    assert [(fault.field, fault.value) for fault in problems(twice)] == [("details.programme.2.id", "a")]
    assert [(fault.field, fault.value) for fault in problems(shipment)] == [("details.stages.2.stage", "packed")]


def test_what_calendars_can_hold_is_no_fault() -> None:
    item = {"start": "2026-12-04T18:00", "end": "2026-12-05T01:00", "timezone": "Europe/Volgograd"}

    assert problems(programme(item, {"start": "1960-05"}, {"start": "199X", "end": "2003"})) == []
    assert problems(Milestone.model_validate({"ends": "2030-12-31"})) == []
    assert [fault.field for fault in problems(Milestone.model_validate({"ends": "2030-12-31T"}))] == ["details.ends"]


@pytest.mark.parametrize(
    ("details", "field"),
    [
        (Festival(audience=10**30), "details.audience"),
        (Milestone.model_validate({"value": "1e1000"}), "details.value"),
        (AidShipment.model_validate({"vehicles": [{"driver_count": 10**9}]}), "details.vehicles.0.driver_count"),
        (
            AidShipment.model_validate({"beneficiaries": [{"at": "2020", "value": 10**9}]}),
            "details.beneficiaries.0.value",
        ),
    ],
)
def test_a_number_that_no_page_and_no_sum_can_hold_is_refused(details: Any, field: str) -> None:
    (problem,) = problems(details)

    assert problem.field == field
    assert problems(type(details)()) == []
