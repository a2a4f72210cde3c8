"""The rules that ship: the table of practice, in every language, each for somebody who can do something."""

import datetime as dt

import pytest

from tracker.domain.rule_checks import check_rule
from tracker.domain.rules import About, Rule, To
from tracker.i18n import LANGUAGES
from tracker.intake.registry import read_registry


@pytest.fixture(scope="module")
def rules() -> dict[str, Rule]:
    shipped = read_registry(dt.date(2026, 10, 1)).rules
    return {rule.key: check_rule(rule.model_dump()) for rule in shipped}


def leads(rules: dict[str, Rule], about: About) -> set[str]:
    return {str(lead) for rule in rules.values() if rule.about is about for lead in rule.leads}


def test_the_table_of_practice_is_whole(rules: dict[str, Rule]) -> None:
    days = {rule.choice.day: {str(lead) for lead in rule.leads} for rule in rules.values() if rule.about is About.DAY}

    assert {"-24m round", "-12m round"} <= leads(rules, About.OCCASION)
    assert leads(rules, About.START) == {"-12m", "-10w", "-8w", "-4w", "-2w"}
    assert leads(rules, About.END) == {"+1d", "+1m", "+2m", "+60m"}
    assert days == {"03-31": {"-4w", "-1w", "0d"}, "11-01": {"0d"}, "01-07": {"0d"}}
    assert leads(rules, About.AGREEMENT_END) == {"-12m"}
    assert {rule.about for rule in rules.values()} == set(About)


def test_each_has_its_name_and_its_words_in_every_language(rules: dict[str, Rule]) -> None:
    for key, rule in rules.items():
        assert set(rule.names) == set(LANGUAGES), key
        assert set(rule.wording) == (set() if key in ("anniversary", "outlook") else set(LANGUAGES)), key


def test_none_depends_on_somebody_who_may_not_be_named(rules: dict[str, Rule]) -> None:
    """Few activities say who answers for them: whoever keeps the house is told as well."""
    alone = [key for key, rule in rules.items() if {each.to for each in rule.audience} == {To.RESPONSIBLE}]
    without_editors = [
        key
        for key, rule in rules.items()
        if not {(To.FOLLOWERS, ""), (To.ROLE, "editor")} & {(each.to, each.value) for each in rule.audience}
    ]

    assert (alone, without_editors) == ([], [])
