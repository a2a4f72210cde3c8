"""The outlook by the program people run."""

import datetime as dt

from tests.program import Run


def test_the_months_ahead_are_listed_with_what_is_in_their_way(run: Run) -> None:
    # The program goes by the clock on the wall; whatever day it is, Cologne comes round three times in 36 months.
    listed = run("outlook", "--twin", "cologne", "--json")
    plain = run("outlook", "--twin", "cologne", "--months", "36")

    founding = [one for one in listed.json if one["key"] == "founding:cologne"]
    days = [dt.date.fromisoformat(one["on"]) for one in founding]
    assert [(day.month, day.day) for day in days] == [(11, 28)] * 3
    assert [one["years"] for one in founding] == [day.year - 1988 for day in days]
    weekends = [day for day in days if day.weekday() >= 5]
    told = [one["on"] for one in founding if "weekend" in {found["clash"] for found in one["collisions"]}]
    assert told == [day.isoformat() for day in weekends]
    assert all(one["title"]["en"] in plain.out for one in listed.json)
    assert "official contacts resting" in plain.out


def test_an_unknown_twin_is_refused(run: Run) -> None:
    refused = run("outlook", "--twin", "atlantis")

    assert (refused.code, refused.raw) == (2, b"")
    assert "atlantis" in refused.err
