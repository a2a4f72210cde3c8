"""What an activity's content accepts, and how its status may change."""

import datetime as dt
from itertools import product

import pytest
from pydantic import ValidationError

from tracker.domain.activities import (
    ALLOWED_CHANGES,
    ActivityContent,
    Status,
    StatusChangeRefused,
    asks_to_be_confirmed,
    check_status_change,
)
from tracker.domain.details import AidShipment, Delegation


def content(**fields: object) -> ActivityContent:
    base = {"kind": "delegation", "title": {"en": "Visit"}, "twins": ["coventry"], "start": "1960-05"}
    return ActivityContent.model_validate(base | fields)


def faults(**fields: object) -> list[tuple[str, str]]:
    """The fields at fault and why, as (where, message id)."""
    with pytest.raises(ValidationError) as refused:
        content(**fields)
    return [
        (".".join(map(str, e["loc"])) or e["ctx"]["field"], e.get("ctx", {}).get("reason", e["type"]))
        for e in refused.value.errors()
    ]


def test_a_date_of_a_month_covers_the_month_and_names_no_day() -> None:
    visit = content(start="1960-05")

    assert (visit.earliest, visit.latest) == (dt.date(1960, 5, 1), dt.date(1960, 5, 31))
    assert visit.start == "1960-05"
    assert not visit.timed


def test_a_running_activity_has_no_last_day() -> None:
    care = content(kind="aid_shipment", start="2002", end="..")

    assert care.running
    assert (care.earliest, care.latest) == (dt.date(2002, 1, 1), None)


def test_the_kind_says_how_the_details_are_read() -> None:
    shipment = content(kind="aid_shipment", details={"stages": [{"stage": "packed", "on": "1992-02"}]})

    assert isinstance(shipment.details, AidShipment)
    assert isinstance(content().details, Delegation)
    assert [where for where, _ in faults(kind="festival", details={"stages": []})] == ["details.stages"]


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"start": "1988-13"}, "start"),
        ({"start": "2023-02-29"}, "start"),
        ({"start": "29.02.2023"}, "start"),
        ({"end": "1988-11-31"}, "end"),
        ({"start": ".."}, "start"),
        ({"start": "1990", "end": "1989"}, "end"),
        ({"start": "2026-11-28T18:00"}, "timezone"),
        ({"start": "2026-11-28T18:00", "timezone": "Europe/Wolgograd"}, "timezone"),
        ({"start": "2026-11-28T18:00", "end": "2026-11-28", "timezone": "Europe/Berlin"}, "end"),
        ({"start": "2026-11-28T18:00", "end": "2026-11-28T17:00", "timezone": "Europe/Berlin"}, "end"),
        ({"start": "2026-11-28T25:00", "timezone": "Europe/Berlin"}, "start"),
        ({"kind": "excursion"}, "kind"),
        ({"title": {}}, "title"),
        ({"twins": []}, "twins"),
        ({"twins": ["coventry", "coventry"]}, "twins"),
        ({"counts": [{"value": -1}]}, "counts.0.value"),
        ({"money": [{"amount": "1.005", "currency": "EUR"}]}, "money.0.amount"),
        ({"money": [{"amount": "1", "currency": "euro"}]}, "money.0.currency"),
        ({"participants": 12}, "participants"),
        ({"details": {"programme": [{"title": "Town hall", "start": "1960-99"}]}}, "details.programme.0.start"),
    ],
)
def test_a_fault_names_its_field(fields: dict[str, object], where: str) -> None:
    assert where in [field for field, _ in faults(**fields)]


def test_several_faults_are_all_told_at_once() -> None:
    found = {field for field, _ in faults(kind="excursion", start="1988-13", end="1988-14", twins=[])}

    assert {"kind", "start", "end", "twins"} <= found


def test_two_spellings_of_one_amount_are_the_same_content() -> None:
    short = content(money=[{"amount": "4516", "currency": "GBP"}])
    long = content(money=[{"amount": "4516.00", "currency": "GBP"}])

    assert short == long
    assert short.model_dump(mode="json")["money"][0]["amount"] == "4516.00"


def test_a_content_survives_its_own_json() -> None:
    given = content(
        title={"de": "Besuch", "ru": "Визит", "ja": "訪問", "ar": "زيارة"},
        leaders=[{"name": "Harry Stanley", "office": "Mayor of Coventry"}],
        counts=[{"of": "travellers", "value": 12, "basis": "wanted"}],
    )

    assert ActivityContent.model_validate_json(given.model_dump_json()) == given


@pytest.mark.parametrize(("before", "after"), list(product(Status, Status)))
def test_a_status_changes_only_where_it_is_allowed(before: Status, after: Status) -> None:
    if before == after or after in ALLOWED_CHANGES[before]:
        check_status_change(before, after)
    else:
        with pytest.raises(StatusChangeRefused) as refused:
            check_status_change(before, after)
        assert refused.value.allowed == tuple(sorted(ALLOWED_CHANGES[before]))


def test_what_was_held_is_not_put_off_and_what_was_called_off_is_planned_anew_first() -> None:
    assert Status.POSTPONED not in ALLOWED_CHANGES[Status.HELD]
    assert ALLOWED_CHANGES[Status.CANCELLED] == {Status.PLANNED}


def test_nobody_need_remember_why_something_was_called_off() -> None:
    assert content(status="cancelled").reason == ""


@pytest.mark.parametrize(
    ("status", "latest", "asks"),
    [
        (Status.PLANNED, dt.date(2026, 9, 30), True),
        (Status.CONFIRMED, dt.date(2026, 9, 30), True),
        (Status.PLANNED, dt.date(2026, 10, 1), False),
        (Status.HELD, dt.date(2026, 9, 30), False),
        (Status.PLANNED, None, False),
    ],
)
def test_a_past_activity_still_planned_asks_to_be_confirmed(status: Status, latest: dt.date | None, asks: bool) -> None:
    assert asks_to_be_confirmed(status, latest, today=dt.date(2026, 10, 1)) is asks
