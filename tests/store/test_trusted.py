"""Values made of rows without asking pydantic: they differ in nothing from those it makes."""

from decimal import Decimal

import pytest

from tracker.domain.activities import Goods
from tracker.store.trusted import trusted

BEDS = {"currency": None, "description": "Beds", "quantity": Decimal("3.000"), "unit": "", "weight_kg": None,
        "value": None, "package": "", "hs_code": "", "descriptions": {}}  # fmt: skip


def test_it_is_the_same_in_the_same_order() -> None:
    made, checked = trusted(Goods, **BEDS), Goods(**BEDS)

    assert made == checked
    assert made.model_dump_json() == checked.model_dump_json()
    assert made.model_copy(update={"unit": "pieces"}).unit == "pieces"


def test_no_field_may_be_left_out() -> None:
    with pytest.raises(KeyError, match="unit"):
        trusted(Goods, **{name: value for name, value in BEDS.items() if name != "unit"})
