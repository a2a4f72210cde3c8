"""Anniversaries and the state of a partnership in words."""

import pytest

from tests.founding import founding, observance
from tracker.domain.dates import HistoricDate
from tracker.domain.occasion_wording import ordinal_title, status_note
from tracker.domain.occasions import (
    Occasion,
    OccasionKind,
    occurrence,
)

NAMES = {
    "en": {"cologne": "Cologne", "ortona": "Ortona", "coventry": "Coventry"},
    "de": {"cologne": "Köln", "ortona": "Ortona", "coventry": "Coventry"},
    "ru": {"cologne": "Кёльн", "ortona": "Ортона", "coventry": "Ковентри"},
}
HUB = {"en": "Volgograd", "de": "Wolgograd", "ru": "Волгоград"}


@pytest.mark.parametrize(
    ("occasion", "link_type", "en", "de", "ru"),
    [
        (
            founding("1988-11-28"),
            "twin",
            "38th anniversary of the twinning Cologne – Volgograd",
            "38. Jahrestag der Städtepartnerschaft Köln – Wolgograd",
            "38-я годовщина побратимских связей: Кёльн – Волгоград",
        ),
        (
            founding("2014-08-08", "ortona"),
            "friendship_pact",
            "12th anniversary of the friendship pact Ortona – Volgograd",
            "12. Jahrestag des Freundschaftspakts Ortona – Wolgograd",
            "12-я годовщина договора о дружбе: Ортона – Волгоград",
        ),
        (
            founding("2015-10-09"),
            "partner",
            "11th anniversary of the partnership Cologne – Volgograd",
            "11. Jahrestag der Partnerschaft Köln – Wolgograd",
            "11-я годовщина партнёрства: Кёльн – Волгоград",
        ),
        (
            founding("2005-10-09"),
            "sister_port",
            "21st anniversary of the ties Cologne – Volgograd",
            "21. Jahrestag der Verbindung Köln – Wolgograd",
            "21-я годовщина связей: Кёльн – Волгоград",
        ),
        (
            founding("2004", "coventry", kind=OccasionKind.AGREEMENT),
            "twin",
            "22nd anniversary of the agreement Coventry – Volgograd",
            "22. Jahrestag der Vereinbarung Coventry – Wolgograd",
            "22-я годовщина соглашения: Ковентри – Волгоград",
        ),
        (
            Occasion(
                key="activity:square",
                kind=OccasionKind.MILESTONE,
                twins=("cologne",),
                date=HistoricDate.parse("2023-05-09"),
                titles={"en": "Volgograd Square named", "de": "Wolgograd-Platz benannt"},
            ),
            "twin",
            "3rd anniversary: Volgograd Square named",
            "3. Jahrestag: Wolgograd-Platz benannt",
            "3-я годовщина: Volgograd Square named",
        ),
    ],
)
def test_anniversaries_are_said_with_their_number(
    occasion: Occasion, link_type: str, en: str, de: str, ru: str
) -> None:
    come = occurrence(occasion, 2026)

    assert come is not None
    said = [
        ordinal_title(come, language, names=NAMES[language], hub=HUB[language], link_type=link_type)
        for language in ("en", "de", "ru")
    ]
    assert said == [en, de, ru]


def test_an_observance_is_said_without_a_number() -> None:
    come = occurrence(observance("last sunday of april"), 2026)

    assert come is not None
    assert ordinal_title(come, "de", names={}, hub="Wolgograd") == "Twin Cities Day"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (13, "13th"), (21, "21st"),
        (22, "22nd"), (101, "101st"), (111, "111th"), (112, "112th"), (113, "113th"), (123, "123rd"),
    ],
)  # fmt: skip
def test_english_counts_as_english_does(number: int, said: str) -> None:
    come = occurrence(founding("1900"), 1900 + number)

    assert come is not None
    assert ordinal_title(come, "en", names=NAMES["en"], hub="Volgograd").startswith(f"{said} anniversary")


@pytest.mark.parametrize(
    ("number", "english"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st"), (38, "38th"), (40, "40th")]
)
def test_every_language_counts_by_its_own_rule(number: int, english: str) -> None:
    street = Occasion(
        "honour:street", OccasionKind.MILESTONE, (), HistoricDate.parse("1972-04-18"), titles={"en": "Street named"}
    )

    come = occurrence(street, 1972 + number)

    assert come is not None
    said = [ordinal_title(come, language, names={}, hub="") for language in ("en", "de", "ru")]
    assert said == [
        f"{english} anniversary: Street named",
        f"{number}. Jahrestag: Street named",
        f"{number}-я годовщина: Street named",
    ]


@pytest.mark.parametrize(
    ("since", "en", "de", "ru"),
    [
        (
            "2022-03-03",
            "official contacts resting since 3 March 2022",
            "offizielle Kontakte ruhen seit dem 3. März 2022",
            "официальные контакты приостановлены с 3 марта 2022 года",
        ),
        (
            "2022",
            "official contacts resting since 2022",
            "offizielle Kontakte ruhen seit 2022",
            "официальные контакты приостановлены с 2022 года",
        ),
        (None, "official contacts resting", "offizielle Kontakte ruhen", "официальные контакты приостановлены"),
    ],
)
def test_resting_contacts_are_said(since: str | None, en: str, de: str, ru: str) -> None:
    when = HistoricDate.parse(since) if since else None

    said = [
        status_note(language, agreement="in_force", official="resting", official_since=when)
        for language in ("en", "de", "ru")
    ]

    assert said == [en, de, ru]


@pytest.mark.parametrize(
    ("since", "en", "de", "ru"),
    [
        ("2022", "agreement ended in 2022", "Vereinbarung 2022 beendet", "соглашение прекращено в 2022 году"),
        (
            "2022-04-23",
            "agreement ended on 23 April 2022",
            "Vereinbarung am 23. April 2022 beendet",
            "соглашение прекращено 23 апреля 2022 года",
        ),
        (None, "agreement ended", "Vereinbarung beendet", "соглашение прекращено"),
    ],
)
def test_an_ended_agreement_is_said_and_its_contacts_go_without_saying(
    since: str | None, en: str, de: str, ru: str
) -> None:
    when = HistoricDate.parse(since) if since else None

    said = [
        status_note(language, agreement="ended", official="resting", agreement_since=when)
        for language in ("en", "de", "ru")
    ]

    assert said == [en, de, ru]


@pytest.mark.parametrize(("agreement", "official"), [("in_force", "normal"), ("unknown", "unknown")])
def test_what_goes_on_needs_no_note(agreement: str, official: str) -> None:
    assert status_note("ru", agreement=agreement, official=official) == ""
