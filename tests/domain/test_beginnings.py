"""When something begins, as far as it can be counted by that; and that the migration reckoned the same."""

import datetime as dt
import importlib.util
import sys
from typing import Any

import pytest

from tests.calendars import content
from tracker import bootstrap
from tracker.domain.beginnings import FOR_EVER, beginning, counts_in
from tracker.domain.dates import HistoricDate
from tracker.domain.periods import Period

D = dt.date
AID = {"kind": "aid_shipment"}
STAGES = {"stages": [{"stage": "packed", "on": "2017-12-20T10:00"}, {"stage": "arrived", "on": "2018-01"}]}
REACHED = {"form": "programme", "beneficiaries": [{"at": "201X", "value": 570, "bound": "about"}]}


@pytest.mark.parametrize(
    ("fields", "by", "month", "beyond"),
    [
        ({"start": "2018-02-28"}, D(2018, 2, 28), "2018-02", None),
        ({"start": "2018-02"}, D(2018, 2, 28), "2018-02", None),
        ({"start": "2018-02-XX"}, D(2018, 2, 28), "2018-02", None),
        ({"start": "2018-06-30T10:00", "timezone": "Europe/Berlin"}, D(2018, 6, 30), "2018-06", None),
        ({"start": "2018-22"}, D(2018, 8, 31), None, None),
        ({"start": "2018-24"}, D(2018, 12, 31), None, None),
        ({"start": "2018-24~"}, D(2018, 12, 31), None, None),
        ({"start": "2018?"}, D(2018, 12, 31), None, None),
        ({"start": "199X"}, D(1999, 12, 31), None, None),
        ({"start": "19XX"}, D(1999, 12, 31), None, None),
        ({"start": "2017-05/2018-24"}, D(2017, 5, 31), "2017-05", D(2019, 2, 28)),
        ({"start": "../2018"}, None, None, None),
        ({"start": "2002/.."}, D(2002, 12, 31), None, FOR_EVER),
        ({"start": "2002", "end": ".."}, D(2002, 12, 31), None, FOR_EVER),
        ({"start": "2018-12-28", "end": "2019-01-04"}, D(2018, 12, 28), "2018-12", D(2019, 1, 4)),
        ({"start": "2018-12", "end": "2018-24"}, D(2018, 12, 31), "2018-12", D(2019, 2, 28)),
        ({"start": "2018-05", "end": "2018-06"}, D(2018, 5, 31), "2018-05", None),
        (
            {"start": "2017-12-15", "kind": "aid_shipment", "details": STAGES},
            D(2017, 12, 15),
            "2017-12",
            D(2018, 1, 31),
        ),
        ({"start": "2002", "details": REACHED, **AID}, D(2002, 12, 31), None, D(2019, 12, 31)),
    ],
)
def test_a_beginning_is_as_exact_as_its_date(
    fields: dict[str, Any], by: dt.date | None, month: str | None, beyond: dt.date | None
) -> None:
    written = content(**fields)

    found = beginning(written)

    assert (found.by, found.month, found.beyond) == (by, month, beyond)
    document = written.model_dump(mode="json")
    assert migrated(document["start"], document["end"], document["details"]) == {
        "new_begins_by": by,
        "new_begins_month": month,
        "new_goes_beyond": beyond,
    }


def migrated(*told: Any) -> Any:
    """What the migration makes of it: it must not change with the product, so it reads dates by itself."""
    path = bootstrap.MIGRATIONS / "versions" / "0005_activities_by_their_beginning.py"
    spec = importlib.util.spec_from_file_location("migration", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["migration"] = module
    spec.loader.exec_module(module)
    return module._beginning(*told)


@pytest.mark.parametrize(
    ("date", "span", "counts"),
    [
        ("2018", "2018", True),
        ("2018", "2018-01..2018-06", False),
        ("2018-24", "2018", True),
        ("2018-24", "2019", False),
        ("2018-24", "2018-12..2018-12", False),
        ("2018-24", "2018-12..2019-02", True),
        ("2018-12", "2018-12..2018-12", True),
        ("199X", "1990..1999", True),
        ("199X", "1995", False),
        ("2017/2018", "2018", False),
        ("../2018", "2018", False),
    ],
)
def test_a_date_counts_where_it_surely_lies(date: str, span: str, counts: bool) -> None:
    assert counts_in(HistoricDate.parse(date), Period.parse(span)) is counts
