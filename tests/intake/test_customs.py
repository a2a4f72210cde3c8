"""The house's customs as somebody typed them."""

import pytest

from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import DEFAULT_CUSTOMS, Customs
from tracker.errors import InvalidInput
from tracker.intake.customs import customs_of, in_text

TYPED = {"round_years": "5, 10,25;40  50", "jubilee_years": "25 50", "leap_day": "mar_1"}


def test_years_are_read_however_they_are_kept_apart() -> None:
    assert customs_of(TYPED) == Customs(LeapDayPolicy.MAR_1, frozenset({5, 10, 25, 40, 50}), frozenset({25, 50}))


def test_no_year_need_be_round() -> None:
    assert customs_of({**TYPED, "round_years": "", "jubilee_years": " "}).round_years == frozenset()


def test_what_is_shown_means_the_same_when_it_is_sent() -> None:
    shown = {
        "round_years": in_text(DEFAULT_CUSTOMS.round_years),
        "jubilee_years": in_text(DEFAULT_CUSTOMS.jubilee_years),
        "leap_day": DEFAULT_CUSTOMS.leap_day.value,
    }

    assert customs_of(shown) == DEFAULT_CUSTOMS


@pytest.mark.parametrize(
    ("typed", "field", "value", "said"),
    [
        ({"round_years": "5, ten"}, "round_years", "ten", "“ten” is not a number of years from 1 to 2000"),
        ({"round_years": "0"}, "round_years", "0", "“0” is not a number of years"),
        ({"jubilee_years": "2001"}, "jubilee_years", "2001", "“2001” is not a number of years"),
        ({"jubilee_years": "25, 11, 33"}, "jubilee_years", "11, 33", "add to the round years: 11, 33"),
        ({"leap_day": "feb_30"}, "leap_day", "feb_30", "Choose one of: feb_28, mar_1"),
    ],
)
def test_what_is_wrong_is_told_with_its_field_and_value(
    typed: dict[str, str], field: str, value: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        customs_of({**TYPED, **typed})

    (problem,) = refused.value.problems
    assert (problem.field, problem.value) == (field, value)
    assert said in problem.message()
