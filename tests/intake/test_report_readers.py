"""Readers of reports: those that ship, and those that people make; every fault named by its field."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from tracker.domain.access import Role, may_see
from tracker.domain.activities import Visibility
from tracker.domain.counts_for import COUNTS_FOR, SOCIAL_ONLY, name_of
from tracker.domain.report_readers import SectionName
from tracker.errors import InvalidInput
from tracker.i18n import LANGUAGES
from tracker.intake.registry import read_registry
from tracker.intake.report_readers import reader_of, readers_of

TWINS = {"cologne", "coventry"}
SHIPPED = {reader.slug: reader for reader in read_registry(dt.date(2026, 1, 1)).readers}


def document(**changes: Any) -> dict[str, Any]:
    return {"slug": "board", "names": {"de": "Vorstand"}, "sections": [{"name": "money"}], **changes}


def faults(**changes: Any) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        reader_of(document(**changes), TWINS)
    return {problem.field: problem.message("en") for problem in refused.value.problems}


def test_five_readers_ship_each_with_all_sections_and_names_in_all_languages() -> None:
    assert list(SHIPPED) == ["members", "tax-office", "town", "funder", "jury"]
    for reader in SHIPPED.values():
        assert sorted(choice.name for choice in reader.sections) == sorted(SectionName)
        assert sorted(reader.names) == sorted(LANGUAGES)
        assert may_see(Role.READER, reader.level)


def test_what_goes_out_of_the_house_is_public() -> None:
    assert {slug for slug, reader in SHIPPED.items() if reader.level is not Visibility.PUBLIC} == {
        "members",
        "tax-office",
    }


def test_the_tax_office_is_told_every_purpose_in_every_language_and_no_outing() -> None:
    reader = SHIPPED["tax-office"]

    assert {name_of(typed, "en") for typed in reader.counts_for} == set(COUNTS_FOR) - {SOCIAL_ONLY}
    assert {name_of(typed, "de") for typed in reader.leaves_out} == {"nur gesellig"}
    for purpose in COUNTS_FOR:
        for language in LANGUAGES:
            assert name_of(purpose, language) in (*reader.counts_for, *reader.leaves_out)


def test_a_purpose_is_known_in_whichever_language_it_was_typed() -> None:
    assert name_of("VÖLKERVERSTÄNDIGUNG", "ru") == "международное взаимопонимание"
    assert name_of("искусство и культура", "de") == "Kunst und Kultur"
    assert name_of("Stadtjubiläum", "ru") == "Stadtjubiläum"


def test_a_reader_is_read_from_json() -> None:
    rate = {"currency": "GBP", "into": "EUR", "rate": "1.1179", "on": "2018-12-31", "source": "EZB"}

    reader = reader_of(
        document(twins=["cologne"], kinds=["exchange"], level="staff", viewpoint="twin", rates=[rate]), TWINS
    )

    assert reader.twins == ("cologne",)
    assert reader.rates[0].rate == Decimal("1.1179")
    assert reader_of(reader.model_dump(mode="json"), TWINS) == reader


def test_a_form_says_the_same_in_texts() -> None:
    typed = document(
        names={"de": "Vorstand", "ru": " ", "en": ""},
        twins="cologne, coventry",
        counts_for="Bildung; Sport,",
        leaves_out="",
        sections=[{"name": "money", "on": "on"}, {"name": "aid", "on": ""}, {"name": "given"}],
        rates=[
            {"currency": "gbp", "into": "eur", "rate": "1,1179", "on": "2018-12-31", "source": ""},
            {"currency": "", "into": "EUR", "rate": "", "on": "", "source": ""},
        ],
    )

    reader = reader_of(typed, TWINS)

    assert reader.names == {"de": "Vorstand"}
    assert reader.twins == ("cologne", "coventry")
    assert reader.counts_for == ("Bildung", "Sport")
    assert reader.leaves_out == ()
    assert [choice.on for choice in reader.sections] == [True, False, True]
    assert [(rate.currency, rate.into, rate.rate) for rate in reader.rates] == [("GBP", "EUR", Decimal("1.1179"))]


RATE = {"currency": "GBP", "into": "EUR", "rate": "1.1", "on": "2018-12-31"}


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"twins": ["cologne", "koeln"]}, "twins.1", "“koeln” is not a twin. Known ones: cologne, coventry."),
        ({"kinds": ["party"]}, "kinds.0", "“party” is not possible here. Choose one of: exchange,"),
        (
            {"sections": [{"name": "mony"}]},
            "sections.0.name",
            "“mony” is not possible here.",
        ),
        (
            {"sections": [{"name": "money"}, {"name": "aid"}, {"name": "money", "on": False}]},
            "sections.2.name",
            "“money” stands here twice.",
        ),
        ({"sections": [{"name": "money", "on": ""}]}, "sections", "Switch at least one on."),
        ({"sections": []}, "sections", "At least one must be given."),
        ({"names": {"de": "  "}}, "names", "At least one must be given."),
        ({"level": "secret"}, "level", "“secret” is not possible here. Choose one of: public, members,"),
        ({"rates": [{**RATE, "currency": ""}]}, "rates.0.currency", "“” is not a currency code."),
        ({"rates": [{"rate": "1.1", "on": "2018-12-31", "into": "EUR"}]}, "rates.0.currency", "This is missing"),
        ({"rates": [{**RATE, "currency": "QQQ"}]}, "rates.0.currency", "“QQQ” is not a currency code."),
        ({"rates": [{**RATE, "into": "gbp"}]}, "rates.0.into", "GBP stands on both sides."),
        ({"rates": [RATE, RATE]}, "rates.1.currency", "There is a rate from GBP into EUR already."),
        ({"rates": [{**RATE, "rate": "0"}]}, "rates.0.rate", "it must be more than 0."),
        ({"rates": [{**RATE, "on": "31.12.2018"}]}, "rates.0.on", "Write it like 2018-12-31."),
        (
            {"counts_for": ["Sport"], "leaves_out": ["SPORT"]},
            "leaves_out.0",
            "“SPORT” is asked for and left out at once.",
        ),
        ({"colour": "red"}, "colour", "“colour” is not known here."),
    ],
)
def test_a_fault_names_its_field_the_value_and_what_is_right(changes: dict[str, Any], field: str, says: str) -> None:
    found = faults(**changes)

    assert list(found) == [field]
    assert says in found[field]


def test_all_faults_are_told_at_once() -> None:
    found = faults(twins=["koeln"], rates=[RATE, RATE], sections=[{"name": "money"}, {"name": "money"}])

    assert sorted(found) == ["rates.1.currency", "sections.1.name", "twins.0"]


def test_a_file_that_is_no_list_of_readers_is_refused() -> None:
    with pytest.raises(InvalidInput, match="list of readers"):
        readers_of("title = 'x'", TWINS)
