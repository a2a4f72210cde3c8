"""Who was in office on a day, as far as anybody knows."""

import datetime as dt

import pytest
from pydantic import ValidationError

from tracker.domain.partners import Contact, Officeholder, in_office


def officeholder(name: str, start: str | None, end: str | None, office: str = "Mayor") -> Officeholder:
    return Officeholder(twin="cologne", name=name, office=office, start=start, end=end)


def test_in_office_are_those_whose_time_may_hold_the_day() -> None:
    people = [
        officeholder("Burger", "1980", "1999-09"),
        officeholder("Schramma", "2000-09-17", "2009-10-20"),
        officeholder("Reker", "2015-12", None),
        officeholder("Unknown", None, None, "Deputy"),
    ]

    names = {
        day: [one.name for one in in_office(people, dt.date.fromisoformat(day))]
        for day in ("1988-11-28", "1999-09-30", "2012-01-01", "2026-11-28")
    }

    assert names == {
        "1988-11-28": ["Burger", "Unknown"],
        "1999-09-30": ["Burger", "Unknown"],
        "2012-01-01": ["Unknown"],
        "2026-11-28": ["Reker", "Unknown"],
    }


@pytest.mark.parametrize(
    ("model", "wrong"),
    [
        (Officeholder, {"office": "Mayor", "start": "2015", "end": "2014"}),
        (Contact, {"email": "office at example"}),
        (Contact, {"website": "javascript:alert(1)"}),
        (Contact, {"languages": ["German"]}),
    ],
)
def test_what_cannot_be_is_refused(model: type, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate({"twin": "cologne", "name": "A", **wrong})  # type: ignore[attr-defined]  # a model
