"""Where shipments stand on their board, how they move, and what of their goods is added up."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tracker.domain.activities import Activity, Goods
from tracker.domain.details import AidShipment, Stage
from tracker.domain.shipments import card_of, goes_back, is_finished, moved, stands_on_board, totals
from tracker.errors import InvalidInput

TODAY = dt.date(2026, 11, 27)


def goods(**fields: Any) -> Goods:
    return Goods.model_validate({"description": "Beds", **fields})


def shipment(*stages: tuple[str, str], **fields: Any) -> Activity:
    details = {"stages": [{"stage": stage, "on": on} for stage, on in stages], **fields.pop("details", {})}
    document = {
        "id": "0b5a5a04-6a64-4e42-9d6b-0f4a3c6e2d11", "version": 1, "kind": "aid_shipment", "title": {"en": "Beds"},
        "twins": ["cologne"], "start": "2026-12-10", "details": details,
        "created_at": "2026-11-01T00:00:00Z", "changed_at": "2026-11-01T00:00:00Z",
    }  # fmt: skip
    return Activity.model_validate({**document, **fields})


def details(*stages: tuple[str, str]) -> AidShipment:
    found = shipment(*stages).details
    assert isinstance(found, AidShipment)
    return found


def test_nothing_unlike_is_added_up() -> None:
    sums = totals(
        [
            goods(quantity="12", unit="beds", weight_kg="1140", value="3600", currency="EUR", package="1"),
            goods(quantity="3", unit="beds", value="100", currency="RUB", package="1"),
            goods(quantity="7", unit="boxes", weight_kg="0.5", value="400", currency="EUR"),
            goods(value="9"),
        ]
    )

    assert sums.by_unit == (("beds", Decimal(15)), ("boxes", Decimal(7)))
    assert sums.values == (("EUR", Decimal(4000)), ("RUB", Decimal(100)))
    assert (sums.weight, sums.unweighed, sums.unvalued) == (Decimal("1140.5"), 2, 1)
    assert sums.packages == ("1",)


def test_a_weight_nobody_stated_is_no_nought() -> None:
    assert totals([goods()]).weight is None


def test_moving_on_writes_the_date_to_the_stage_and_keeps_the_others() -> None:
    after = moved(details(("collected", "2026-10")), Stage.DISPATCHED, "2026-11-02")

    assert [(reached.stage.value, reached.on) for reached in after.stages] == [
        ("collected", "2026-10"),
        ("dispatched", "2026-11-02"),
    ]


def test_going_back_takes_the_later_stages_away() -> None:
    before = details(("collected", "2026-10-01"), ("packed", "2026-10-05"), ("customs", "2026-11-01"))

    assert goes_back(Stage.CUSTOMS, Stage.PACKED)
    assert [reached.stage for reached in moved(before, Stage.PACKED, "2026-10-06").stages] == ["collected", "packed"]
    assert moved(before, None, "").stages == ()


def test_a_date_before_the_stage_reached_last_is_refused_with_that_date() -> None:
    with pytest.raises(InvalidInput) as refused:
        moved(details(("packed", "2026-11-05")), Stage.DISPATCHED, "2026-11-01")

    assert refused.value.problems[0].field == "on"
    assert "2026-11-05" in refused.value.problems[0].message()


@pytest.mark.parametrize(("on", "days", "stuck"), [("2026-11-13", 14, True), ("2026-11-14", 13, False)])
def test_a_shipment_stands_still_after_two_weeks(on: str, days: int, stuck: bool) -> None:
    card = card_of(shipment(("packed", on)), TODAY)

    assert (card.days, card.is_stuck) == (days, stuck)


def test_of_a_month_the_last_day_is_counted_from_so_that_nobody_is_blamed_too_early() -> None:
    assert card_of(shipment(("packed", "2026-10")), TODAY).days == 27
    assert card_of(shipment(("packed", "2026-11")), TODAY).days is None


def test_the_next_date_is_the_beginning_and_then_the_end() -> None:
    assert card_of(shipment(), TODAY).next_date == shipment().start_date
    assert card_of(shipment(start="2026-01-01"), TODAY).next_date is None


def test_what_is_over_or_called_off_is_finished_and_what_is_on_its_way_is_not() -> None:
    assert is_finished(shipment(status="cancelled"))
    assert is_finished(shipment(("receipt_confirmed", "2026-11-01")))
    assert is_finished(shipment(status="held"))
    assert not is_finished(shipment(("customs", "2026-11-01"), status="held"))
    assert not is_finished(shipment())


def test_a_running_programme_has_no_place_on_the_board() -> None:
    assert not stands_on_board(shipment(details={"form": "programme"}))
    assert stands_on_board(shipment())
