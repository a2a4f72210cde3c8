"""Notes that came with the registry, on the pages: in the reader's language, and as it stands what somebody wrote."""

import html

import pytest

from tests.web.conftest import Pages
from tracker.store.activities import by_external_ids

SUSPENDED = "City council resolution suspended the twinning link; not terminated"
BELL = "/honours/bell-peace-bell-volgograd"


def page(pages: Pages, path: str, lang: str) -> str:
    return html.unescape(pages.get(path, lang=lang).text)


def address(pages: Pages, identity: str) -> str:
    with pages.tracker.database.reading() as session:
        return f"/activities/{by_external_ids(session, [identity])[identity].id}"


@pytest.mark.parametrize(
    ("lang", "note", "state"),
    [
        ("en", "A UK twinning foundation celebrates 6 June 1944", SUSPENDED),
        (
            "de",
            "Eine britische Stiftung für Städtepartnerschaften feiert den 6. Juni 1944",
            "ausgesetzt; nicht gekündigt",
        ),
        ("ru", "Британский фонд побратимства отмечает как этот день 6 июня 1944 года", "приостановлены решением"),
    ],
)
def test_a_citys_note_and_states_are_in_the_readers_language(pages: Pages, lang: str, note: str, state: str) -> None:
    city, states = page(pages, "/twins/coventry", lang), page(pages, "/twins/coventry/states", lang)

    assert f'<p class="small" dir="auto">{note}' in city
    assert state in city
    assert state in states
    assert lang == "en" or not any(text in city + states for text in ("A UK twinning", SUSPENDED))


def test_a_note_of_the_registry_is_told_of_an_earlier_state_too_and_a_new_one_as_it_is_written(pages: Pages) -> None:
    told = {"which": "official_contacts:normal", "since": "2026-03", "source": "Council", "note": "Vote of the council"}
    pages.post("/twins/coventry/states", told)

    city = page(pages, "/twins/coventry", "de")

    assert "Vote of the council" in city
    assert "durch Beschluss des Stadtrats ausgesetzt" in city
    assert SUSPENDED not in city


@pytest.mark.parametrize(
    ("lang", "note"),
    [
        ("de", "Geschenk Hiroshimas; wird an jedem 6. August um 8:15 Uhr geläutet."),
        ("ru", "Подарок Хиросимы; звонит каждый год 6 августа в 8:15."),
    ],
)
def test_the_note_of_an_honour_is_in_the_readers_language_until_somebody_edits_it(
    pages: Pages, lang: str, note: str
) -> None:
    english = "Gift of Hiroshima; rung every 6 August at 8:15."
    before, form = page(pages, BELL, lang), page(pages, f"{BELL}/edit", lang)
    edited = f"{english} Cast in bronze."
    pages.post(f"{BELL}/edit", {"name": "Peace Bell", "kind": "bell", "city": "Volgograd", "note": edited})

    after = page(pages, BELL, lang)

    assert note in before
    assert english not in before
    assert english in form
    assert note not in form
    assert edited in after


@pytest.mark.parametrize(
    ("lang", "notes"),
    [
        ("de", ("Gesamtbetrag dieser Sammlung", "sechs Pence je Name", "830 oder etwa 900 Namen")),
        ("ru", ("Общая сумма этого сбора", "шесть пенсов за имя", "830 или около 900 имён")),
    ],
)
def test_the_notes_of_an_activity_are_in_the_readers_language(
    pages: Pages, lang: str, notes: tuple[str, str, str]
) -> None:
    facts = page(pages, address(pages, "H005"), lang)

    assert all(note in facts for note in notes)
    assert not any(note in facts for note in ("Total of this collection", "sixpence per name", "830 or about 900"))


@pytest.mark.parametrize(("lang", "name"), [("en", "Peace Bell"), ("de", "Friedensglocke"), ("ru", "Колокол мира")])
def test_an_honour_is_called_by_the_readers_name_and_none_is_said_twice(pages: Pages, lang: str, name: str) -> None:
    shown, listed, city = (page(pages, path, lang) for path in (BELL, "/honours", "/twins/hiroshima"))

    assert f'<h1 dir="auto">{name}</h1>' in shown
    assert all(f">{name}</a>" in text for text in (listed, city))
    assert shown.count(">Колокол мира<") == 1
