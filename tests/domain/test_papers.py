"""Which milestones and dates of a twinning tell of an agreement."""

import pytest

from tracker.domain.details import Milestone
from tracker.domain.papers import sort_of_date, sort_of_paper


@pytest.mark.parametrize(
    ("subtype", "title", "sort"),
    [
        ("agreement signing", "Friendship treaty between Stalingrad and Kemi", "signed"),
        ("agreement signing", "Renewed cooperation treaty between Kemi and Volgograd", "renewed"),
        ("Vertragsverlängerung", "Vertrag mit Köln", "renewed"),
        ("подписание соглашения", "Соглашение с Кёльном", "signed"),
        ("twinning", "Cologne and Volgograd enter into a city partnership", "signed"),
        ("message", "Telegram on the signing of a treaty", None),
        ("gift", "A bell", None),
        ("", "A paper without a sub-kind", None),
    ],
)
def test_a_milestone_is_an_agreement_by_its_sub_kind(subtype: str, title: str, sort: str | None) -> None:
    assert sort_of_paper(subtype, (title,), Milestone()) == sort


def test_whatever_runs_out_is_an_agreement() -> None:
    assert sort_of_paper("", (), Milestone(ends="2028")) == "signed"
    assert sort_of_paper("", (), Milestone(title_of_paper="Verlängerung der Vereinbarung")) == "renewed"


def test_the_date_that_partners_count_from_is_always_told() -> None:
    assert sort_of_date("year counted by Volgograd", primary=True) == "signed"
    assert sort_of_date("", primary=False) is None
    assert sort_of_date("partnership contract renewed", primary=False) == "renewed"
