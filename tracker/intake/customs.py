"""The house's customs as somebody typed them: two lists of years, and where 29 February is kept."""

import re
from collections.abc import Mapping

from tracker.domain.occasion_rules import LeapDayPolicy
from tracker.domain.occasions import Customs
from tracker.errors import FieldProblem, InvalidInput
from tracker.i18n import N_

_MOST = 2000
_NOT_YEARS = N_("“{value}” is not a number of years from 1 to {most}. Write them like 5, 10, 25.")
_NOT_ROUND = N_("Each jubilee is a round year too. Please add to the round years: {value}.")
_NOT_A_PLACE = N_("“{value}” is no answer here. Choose one of: {allowed}.")


def customs_of(form: Mapping[str, str]) -> Customs:
    """Read `round_years`, `jubilee_years` and `leap_day`. Raises `InvalidInput` with every fault."""
    problems: list[FieldProblem] = []
    round_years = _years("round_years", form, problems)
    jubilee_years = _years("jubilee_years", form, problems)
    leap_day = form.get("leap_day", "")
    if leap_day not in set(LeapDayPolicy):
        allowed = tuple(policy.value for policy in LeapDayPolicy)
        problems.append(FieldProblem("leap_day", leap_day, _NOT_A_PLACE, {"allowed": allowed}))
    if not problems and (missing := sorted(jubilee_years - round_years)):
        problems.append(FieldProblem("jubilee_years", ", ".join(map(str, missing)), _NOT_ROUND))
    if problems:
        raise InvalidInput(problems)
    return Customs(LeapDayPolicy(leap_day), round_years, jubilee_years)


def in_text(years: frozenset[int]) -> str:
    """The years as one would type them."""
    return ", ".join(map(str, sorted(years)))


def _years(field: str, form: Mapping[str, str], problems: list[FieldProblem]) -> frozenset[int]:
    """The years of one field; an empty one means that no year is kept more than others."""
    years = set()
    for part in re.split(r"[\s,;]+", form.get(field, "").strip()):
        if re.fullmatch("[0-9]{1,4}", part) and 1 <= int(part) <= _MOST:
            years.add(int(part))
        elif part:
            problems.append(FieldProblem(field, part, _NOT_YEARS, {"most": _MOST}))
    return frozenset(years)
