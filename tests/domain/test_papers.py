"""Which milestones and dates of a twinning tell of an agreement."""

import csv
from importlib.resources import files

import pytest

from tracker.domain.details import Milestone
from tracker.domain.papers import sort_of_date, sort_of_paper, titles_of_date


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


def test_a_date_of_the_registry_is_called_something_in_every_language() -> None:
    cities = csv.DictReader(files("tracker.data").joinpath("twin_cities.csv").read_text("utf-8").splitlines())
    bases = {row["twinned_basis"] for row in cities} - {""}
    untold = [basis for basis in bases if titles_of_date(basis).keys() != {"en", "de", "ru"}]
    assert (len(bases), untold) == (17, [])
    assert titles_of_date("partnership agreed")["de"] == "Partnerschaft vereinbart"


def test_what_somebody_typed_of_a_date_stays_as_it_was_typed() -> None:
    assert titles_of_date("при обмене письмами") == {"en": "при обмене письмами"}
    assert titles_of_date("") == {}
