"""What ships is read as it stands in the files: nothing is added, nothing is lost."""

import csv
import datetime as dt

import pytest

from tracker.domain.occasion_rules import parse_rule
from tracker.domain.twins import STATES, Level, State
from tracker.intake.registry import DATA, Registry, read_registry


@pytest.fixture(scope="module")
def registry() -> Registry:
    return read_registry(dt.date(2026, 10, 1))


def records(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_records_are_there(registry: Registry) -> None:
    assert sum(twin.link == "twin" for twin in registry.twins) == 25
    assert {t.slug: t.link for t in registry.twins if t.link != "twin"} == {
        "ortona": "friendship-pact",
        "vitebsk": "planned",
        "brest-by": "planned",
    }
    assert len(registry.history) == 126
    assert len({honour.slug for honour in registry.honours}) == len(records("honours.csv")) == 28


def test_a_twinning_without_a_known_date_has_none(registry: Registry) -> None:
    undated = {twin.slug for twin in registry.twins if twin.link == "twin" and twin.primary_date is None}

    assert undated == {"toronto", "krusevac", "sandanski", "orlando", "olevano-romano"}


def test_dates_keep_their_basis_and_the_others_beside_them(registry: Registry) -> None:
    hiroshima = next(twin for twin in registry.twins if twin.slug == "hiroshima")

    assert [(d.date, d.basis, d.primary) for d in hiroshima.dates] == [
        ("1972-09-28", "approved by Hiroshima City Council", True),
        ("1968-05-18", "", False),
    ]


def test_names_are_known_by_date(registry: Registry) -> None:
    by_slug = {twin.slug: twin for twin in registry.twins}

    assert by_slug["chemnitz"].name_at(dt.date(1979, 1, 1), "ru") == "Карл-Маркс-Штадт"
    assert by_slug["chemnitz"].name_at(dt.date(1990, 6, 1), "de") == "Chemnitz"
    assert by_slug["chennai"].name_at(dt.date(1967, 6, 1), "en") == "Madras"
    assert by_slug["chennai"].name_at(dt.date(1997, 1, 1), "en") == "Chennai"


def test_every_former_name_of_the_records_has_its_years(registry: Registry) -> None:
    told = {(row["slug"], row["former_name"]) for row in records("twin_cities.csv") if row["former_name"]}
    known = {(twin.slug, former.names["en"]) for twin in registry.twins for former in twin.former_names}

    assert told == known


def test_every_state_is_one_of_its_level_and_every_detail_is_kept(registry: Registry) -> None:
    details = {row["slug"]: row["status_detail"] for row in records("twin_cities.csv")}

    for twin in registry.twins:
        assert all(state.state in STATES[state.level] for state in twin.states)
        assert [state.note for state in twin.states if state.note] == [text for text in [details[twin.slug]] if text]


def test_an_agreement_that_ended_tells_so_at_its_own_level(registry: Registry) -> None:
    ostrava = next(twin for twin in registry.twins if twin.slug == "ostrava")

    agreement = ostrava.state(Level.AGREEMENT)
    assert (agreement.state, agreement.since) == (State.ENDED, "2022")
    assert agreement.note.startswith("City terminated the agreement")


def test_the_country_is_a_code_and_no_label_is_decided_for_anybody(registry: Registry) -> None:
    codes = {twin.slug: twin.country for twin in registry.twins}

    assert (codes["sevastopol"], codes["tiraspol"]) == ("UA", "MD")
    assert not any(twin.country_label for twin in registry.twins)


def test_observances_have_a_rule_and_a_title_in_every_language(registry: Registry) -> None:
    rules = {observance.rule for observance in registry.observances}

    assert {"02-02", "05-08", "05-09", "06-22", "08-06", "10-31", "11-14", "last sunday of april"} <= rules
    for observance in registry.observances:
        parse_rule(observance.rule)
        assert observance.titles.keys() == {"en", "de", "ru"}


def test_links_point_to_twins_that_are_there(registry: Registry) -> None:
    slugs = {twin.slug for twin in registry.twins}
    kinds = {kind.slug for kind in registry.link_kinds}

    assert {twin.link for twin in registry.twins} <= kinds
    assert {honour.twin for honour in registry.honours} - {None} <= slugs
    assert {observance.twin for observance in registry.observances} - {None} <= slugs


def test_no_day_is_made_up_in_the_history(registry: Registry) -> None:
    written = {row["id"]: row["date_start"] for row in records("history.csv")}

    assert {content.external_id: content.start for content in registry.history} == written


def test_the_running_care_service_tells_whom_it_reached_when(registry: Registry) -> None:
    service = next(content for content in registry.history if content.external_id == "H065")

    details = service.details.model_dump()
    assert service.running
    assert details["form"] == "programme"
    assert [(b["at"], b["value"], b["bound"]) for b in details["beneficiaries"]] == [
        ("2002", 1000, "about"), ("201X", 570, "exact"), ("2020", 400, "exact"),
        ("2022", 300, "exact"), ("2024", 100, "exact"), ("2025", 60, "exact"),
    ]  # fmt: skip
